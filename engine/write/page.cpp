// The page from its parts: the picture first, so that it shows before the script has run.
#include "engine/write/page.h"

#include <fmt/core.h>

#include <string_view>

#include "engine/expression.h"
#include "engine/write/mathml.h"
#include "engine/write/page_files.h"
#include "engine/write/page_groups.h"
#include "engine/write/page_picture.h"
#include "engine/write/page_record.h"

namespace backstep::write {
namespace {

std::string_view page_file(std::string_view name) {
  for (const read::BuiltinFile& file : page_files()) {
    if (file.name.ends_with(name)) return file.text;
  }
  throw Error(fmt::format("this program was built without {}", name));
}

// Whether a space between these two may go: not between words, and not where two signs would meet.
bool is_idle_space(char before, char after, bool script) {
  constexpr std::string_view kScript = "=+-*/<>?:,;(){}[]&|!";
  const auto is_sign = [&](char c) { return kScript.find(c) != std::string_view::npos; };
  if (!script) return before == ':' || before == ',' || before == ';' || before == '{' ||
                      before == '}' || after == '{' || after == '}';
  if ((before == '+' || before == '-') && before == after) return false;
  return is_sign(before) || is_sign(after);
}

// Without comments, indentation and idle spaces: they are for whoever reads the source. Texts in
// quotes stay as they are, and so does a line with a `...` text, which may hold code again.
std::string compact(std::string_view text, bool script) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    const bool comment =
        line.starts_with("//") || (line.starts_with("/*") && line.ends_with("*/\n"));
    if (comment || line == "\n") continue;
    if (script && line.find('`') != std::string_view::npos) {
      result += line;
      continue;
    }
    char quote = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const char c = line[i];
      if (quote != 0 && c == '\\') {
        result += line.substr(i++, 2);
        continue;
      }
      const bool mark = c == '"' || c == '\'';
      if (mark && (quote == 0 || quote == c)) quote = quote == 0 ? c : '\0';
      const bool idle = c == ' ' && quote == 0 && i > 0 && i + 1 < line.size() &&
                        is_idle_space(result.back(), line[i + 1], script);
      if (!idle) result += c;
    }
  }
  return result;
}

// The scripts in the order of their names, as one.
std::string script() {
  std::string all = "(() => {\n\"use strict\";\n";
  for (const read::BuiltinFile& file : page_files()) {
    if (file.name.ends_with(".js")) all += compact(file.text, true);
  }
  return all + "})();\n";
}

// The other pictures wait in templates, which cost nothing until they are opened.
std::string templates(const std::vector<PagePicture>& pictures) {
  std::string all;
  for (std::size_t i = 1; i < pictures.size(); ++i) {
    all += fmt::format("<template data-picture=\"{}\">{}</template>\n", pictures[i].group,
                       pictures[i].svg);
  }
  return all;
}

}  // namespace

std::string page_html(const Trace& trace, const PageOptions& options) {
  const Ledger ledger(trace);
  const PageGroups groups = page_groups(trace.graph());
  const std::vector<PagePicture> pictures =
      page_pictures(trace, ledger, groups, options.outputs);
  const bool korean = options.language == Language::kKorean;
  return filled(page_file("page.html"), [&](std::string_view place) -> std::string {
    if (place == "language") return korean ? "ko" : "en";
    if (place == "circuit") return xml_text(options.circuit);
    if (place == "style") return compact(page_file("page.css"), false);
    if (place == "picture") return pictures[0].svg;
    if (place == "templates") return templates(pictures);
    if (place == "record") return page_record(trace, ledger, groups, options);
    if (place == "script") return script();
    return "{" + std::string(place) + "}";
  });
}

}  // namespace backstep::write
