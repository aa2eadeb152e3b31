// The page from its parts: the picture first, so that it shows before the script has run.
#include "engine/write/page.h"

#include <fmt/core.h>

#include <string_view>

#include "engine/expression.h"
#include "engine/write/dot_text.h"
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

// Leaves out of a script or a style what is only there for whoever reads the source: comments on
// lines of their own, indentation, idle spaces, and line ends after which one may go on. Texts in
// quotes stay as they are; a `...` text may hold code again, between ${ and }.
class Compactor {
 public:
  explicit Compactor(bool is_script) : is_script_(is_script) {}

  std::string compact(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
      add_line(text.substr(0, end));
      text.remove_prefix(end);
    }
    return std::move(result_);
  }

 private:
  void add_line(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    const bool comment =
        line.starts_with("//") || (line.starts_with("/*") && line.ends_with("*/\n"));
    if (comment || line == "\n") return;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const char next = i + 1 < line.size() ? line[i + 1] : '\n';
      if (in_text() && line[i] == '\\') {
        result_ += line.substr(i++, 2);
      } else if (in_text()) {
        add_text(line[i], next);
      } else {
        add_code(line[i], next);
      }
    }
  }

  // The quote that is open, or a brace for code within a `...` text; the innermost is the last.
  bool in_text() const { return !open_.empty() && open_.back() != '{'; }

  void add_text(char c, char next) {
    result_ += c;
    if (c == open_.back()) open_.pop_back();
    if (c == '$' && next == '{' && !open_.empty() && open_.back() == '`') opens_code_ = true;
    if (c == '{' && opens_code_) {
      open_ += '{';
      opens_code_ = false;
    }
  }

  void add_code(char c, char next) {
    if (c == '"' || c == '\'' || c == '`') open_ += c;
    if (c == '{' && !open_.empty()) open_ += '{';
    if (c == '}' && !open_.empty()) open_.pop_back();
    if (c == '}' && result_.back() == ';') result_.pop_back();
    const bool idle = (c == ' ' && is_idle_space(next)) || (c == '\n' && may_go_on());
    if (!idle) result_ += c;
  }

  // Not between words, and not where two signs would meet.
  bool is_idle_space(char next) const {
    const char before = result_.back();
    const auto is_one_of = [](char c, std::string_view signs) {
      return signs.find(c) != std::string_view::npos;
    };
    if (!is_script_) return is_one_of(before, ":,;{}") || is_one_of(next, "{}");
    if ((before == '+' || before == '-') && before == next) return false;
    return is_one_of(before, "=+-*/<>?:,;(){}[]&|!") || is_one_of(next, "=+-*/<>?:,;(){}[]&|!");
  }

  bool may_go_on() const {
    const std::string_view last = is_script_ ? ";{,(" : ";{,}";
    return last.find(result_.back()) != std::string_view::npos && ++lines_joined_ % 40 != 0;
  }

  bool is_script_;
  bool opens_code_ = false;
  mutable int lines_joined_ = 0;  // a line end stays now and then, so that none is endless
  std::string open_;
  std::string result_ = "\n";
};

std::string compact(std::string_view text, bool is_script) {
  return Compactor(is_script).compact(text);
}

// The files of one kind in the order of their names, as one. Those of a lesson are left out where
// there is none.
std::string all_files(std::string_view ending, bool is_script, bool has_lesson) {
  std::string all;
  for (const read::BuiltinFile& file : page_files()) {
    const bool of_lesson = file.name.find("lesson.") != std::string_view::npos;
    if (file.name.ends_with(ending) && (has_lesson || !of_lesson)) {
      all += compact(file.text, is_script);
    }
  }
  return all;
}

std::string script(bool has_lesson) {
  return "(() => {\n\"use strict\";\n" + all_files(".js", true, has_lesson) + "})();\n";
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
  const std::vector<PagePicture> pictures = page_pictures(trace, ledger, groups, options.outputs);
  const bool has_lesson = !options.sections.empty();
  const bool korean = options.language == Language::kKorean;
  return filled(page_file("page.html"), [&](std::string_view place) -> std::string {
    if (place == "language") return korean ? "ko" : "en";
    if (place == "circuit") return html_text(options.circuit);
    if (place == "style") return all_files(".css", false, has_lesson);
    if (place == "picture") return pictures[0].svg;
    if (place == "templates") return templates(pictures);
    if (place == "record") return page_record(trace, ledger, groups, options);
    if (place == "script") return script(has_lesson);
    return "{" + std::string(place) + "}";
  });
}

}  // namespace backstep::write
