// Markdown as HTML, by md4c; its pictures are put into the text, so that it needs no other file.
#include "lessons/html_text.h"

#include <fmt/format.h>
#include <md4c-html.h>
#include <md4c.h>

#include "engine/tensor.h"
#include "lessons/asked.h"

namespace backstep::lessons {
namespace {

std::string html_of(std::string_view markdown) {
  std::string html;
  const auto append = [](const MD_CHAR* text, MD_SIZE size, void* to) {
    static_cast<std::string*>(to)->append(text, size);
  };
  const int status = md_html(markdown.data(), static_cast<MD_SIZE>(markdown.size()), append, &html,
                             MD_FLAG_TABLES | MD_FLAG_NOHTML, MD_HTML_FLAG_XHTML);
  if (status != 0) throw Error("the words of the lesson are no Markdown");
  return html;
}

// Each answer is closed until the learner opens it. Its label stands between tags already.
std::string html_with_answers(std::string_view markdown) {
  std::string html;
  for (const Piece& piece : pieces_of(markdown)) {
    const std::string part = html_of(piece.markdown);
    html += piece.is_answer()
                ? fmt::format("<details><summary>{}</summary>\n{}</details>\n", piece.label, part)
                : part;
  }
  return html;
}

// A picture within the text that names it. Only the letters that would end the text are encoded.
std::string data_uri(std::string_view svg) {
  std::string uri = "data:image/svg+xml,";
  for (const char c : svg) {
    const bool is_plain = std::string_view("%#\"<>\n\r\t&'").find(c) == std::string_view::npos;
    uri += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

// What stands between `open` and `close` in `text` from `at` on.
std::string between(std::string_view text, std::string_view open, std::string_view close,
                    std::size_t at) {
  const std::size_t begin = text.find(open, at) + open.size();
  return std::string(text.substr(begin, text.find(close, begin) - begin));
}

// md4c writes <img src="NAME" alt="CAPTION" />.
std::string with_pictures(std::string html, const std::map<std::string, std::string>& pictures) {
  constexpr std::string_view kOpen = "<img src=\"", kClose = " />";
  for (std::size_t at = html.find(kOpen); at != html.npos; at = html.find(kOpen, at + 1)) {
    const std::string caption = between(html, "alt=\"", "\"", at);
    const auto picture = pictures.find(between(html, kOpen, "\"", at));
    const std::string instead =
        picture == pictures.end()
            ? fmt::format("<em>{}</em>", caption)
            : fmt::format("<img src=\"{}\" alt=\"{}\">", data_uri(picture->second), caption);
    html.replace(at, html.find(kClose, at) + kClose.size() - at, instead);
  }
  return html;
}

}  // namespace

std::vector<HtmlSection> html_sections(std::string_view markdown,
                                       const std::map<std::string, std::string>& pictures) {
  std::vector<HtmlSection> sections(1);
  std::string text;
  bool in_code = false;
  const auto close = [&] {
    sections.back().html = with_pictures(html_with_answers(text), pictures);
    text.clear();
  };
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size() - 1) + 1;
    const std::string_view line = markdown.substr(0, end);
    markdown.remove_prefix(end);
    if (line.starts_with("```")) in_code = !in_code;
    const std::size_t mark = in_code                   ? 0
                             : line.starts_with("## ") ? 3
                             : line.starts_with("# ")  ? 2
                                                       : 0;
    if (mark == 0) {
      text += line;
      continue;
    }
    if (mark == 3) {
      close();
      sections.emplace_back();
    }
    sections.back().title = line.substr(mark, line.find_last_not_of(" \r\n") + 1 - mark);
  }
  close();
  return sections;
}

}  // namespace backstep::lessons
