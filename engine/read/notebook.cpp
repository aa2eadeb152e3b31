// Takes the code out of the JSON of a notebook, and turns what is not Python into comments.
#include "engine/read/notebook.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "engine/read/logical_lines.h"

namespace backstep::read {
namespace {

using Json = nlohmann::json;

// A notebook is a list of cells in an object: what lies deeper than this is none of it.
constexpr int kMostDepth = 100;

[[noreturn]] void refuse(const std::string& name, std::string_view why) {
  throw Error(fmt::format("{}: no notebook: {}", printable(name), why));
}

// Without what is not asked for, which is most of it: pictures, outputs.
Json parse(const std::string& name, const std::string& bytes) {
  const auto is_wanted = [&](int depth, Json::parse_event_t event, Json& parsed) {
    const bool is_list = event == Json::parse_event_t::array_start;
    if (depth == 0 && is_list) refuse(name, "it holds a list, not an object with cells");
    if (depth > kMostDepth) refuse(name, "its JSON is nested too deep");
    if (event != Json::parse_event_t::key) return true;
    const auto& key = parsed.get_ref<const std::string&>();
    return key != "outputs" && key != "metadata" && key != "attachments";
  };
  try {
    return Json::parse(bytes, is_wanted);
  } catch (const Json::exception& error) {
    std::string why = error.what();
    const std::size_t place = why.find("parse error");
    if (place != std::string::npos) why = why.substr(place);
    refuse(name, fmt::format("it is not JSON: {}", shortened(why, 120)));
  }
}

const Json* member(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

// A text is one string, or a list of its lines.
std::string text_of(const std::string& name, const Json* written) {
  if (written != nullptr && written->is_string()) return written->get<std::string>();
  if (written == nullptr || !written->is_array()) refuse(name, "a code cell has no source");
  std::string text;
  for (const Json& line : *written) {
    if (!line.is_string()) refuse(name, "a line of a code cell is no text");
    text += line.get_ref<const std::string&>();
  }
  return text;
}

std::string_view trimmed(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r\n") - begin + 1);
}

// Whether a line of Python leaves a bracket or a long string open, and so the next one goes on.
class OpenText {
 public:
  bool is_open() const { return depth_ > 0 || !quotes_.empty() || is_joined_; }

  void read(std::string_view line) {
    is_joined_ = false;
    for (std::size_t at = 0; at < line.size();) at += step(line.substr(at));
    // A short string ends with its line at the latest.
    if (quotes_.size() == 1) quotes_ = {};
  }

 private:
  std::size_t step(std::string_view rest) {
    const char c = rest.front();
    if (!quotes_.empty()) {
      if (c == '\\') return std::min<std::size_t>(2, rest.size());
      if (!rest.starts_with(quotes_)) return 1;
      const std::size_t size = quotes_.size();
      quotes_ = {};
      return size;
    }
    if (c == '#') return rest.size();
    if (c == '\'' || c == '"') {
      const std::string three(3, c);
      quotes_ = rest.starts_with(three) ? three : std::string(1, c);
      return quotes_.size();
    }
    if (c == '(' || c == '[' || c == '{') ++depth_;
    if ((c == ')' || c == ']' || c == '}') && depth_ > 0) --depth_;
    is_joined_ = c == '\\' && trimmed(rest).size() == 1;
    return 1;
  }

  int depth_ = 0;
  std::string quotes_;
  bool is_joined_ = false;
};

// `%matplotlib inline`, `!pip install x`, `torch.tanh?`
bool is_of_ipython(std::string_view line) {
  const std::string_view text = trimmed(line);
  if (text.empty() || text.front() == '#') return false;
  return text.front() == '%' || text.front() == '!' || text.front() == '?' || text.back() == '?';
}

// Of `%%time` and the like, whose cell is Python all the same.
bool is_of_python(std::string_view magic) {
  for (const std::string_view word : {"%%time", "%%timeit", "%%capture", "%%prun", "%%python"}) {
    const bool is_it =
        magic.starts_with(word) && (magic.size() == word.size() || magic[word.size()] == ' ');
    if (is_it || magic.starts_with("%%python3")) return true;
  }
  return false;
}

std::string commented(std::string_view line) { return fmt::format("# {}", line); }

// The lines of a cell, each with its end.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

std::string python_of(const std::string& cell) {
  const std::vector<std::string_view> lines = lines_of(cell);
  const std::string_view first = lines.empty() ? std::string_view() : trimmed(lines.front());
  const bool is_other = first.starts_with("%%") && !is_of_python(first);
  std::string text;
  OpenText open;
  for (const std::string_view line : lines) {
    if (is_other || (!open.is_open() && is_of_ipython(line))) {
      text += commented(line);
    } else {
      open.read(line.substr(0, line.find_last_not_of("\r\n") + 1));
      text += line;
    }
  }
  if (text.empty() || text.back() != '\n') text += '\n';
  return text;
}

std::string all_commented(const std::string& cell) {
  std::string text;
  for (const std::string_view line : lines_of(cell)) text += commented(line);
  return text;
}

// Why a cell alone is no Python; empty if it is.
std::string fault_of(const std::string& name, std::size_t number, const std::string& text) {
  try {
    const Source source(name, text, {{number, 1}});
    check_indentation(source, split_lines(source));
    return {};
  } catch (const Error& error) {
    return error.what();
  }
}

std::size_t count_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

const Json& cells_of(const std::string& name, const Json& notebook) {
  if (const Json* cells = member(notebook, "cells"); cells != nullptr && cells->is_array()) {
    return *cells;
  }
  // Notebooks of before 2015.
  const Json* sheets = member(notebook, "worksheets");
  if (sheets != nullptr && sheets->is_array() && !sheets->empty()) {
    const Json* cells = member(sheets->front(), "cells");
    if (cells != nullptr && cells->is_array()) return *cells;
  }
  refuse(name, "it has no list of cells");
}

bool is_code(const Json& cell) {
  const Json* type = member(cell, "cell_type");
  return type != nullptr && type->is_string() && type->get_ref<const std::string&>() == "code";
}

}  // namespace

bool is_notebook(std::string_view path) {
  constexpr std::string_view kSuffix = ".ipynb";
  return path.size() > kSuffix.size() && path.ends_with(kSuffix);
}

Notebook read_notebook(std::string name, const std::string& bytes) {
  const Json json = parse(name, bytes);
  Notebook notebook;
  std::string text;
  std::vector<CodeCell> cells;
  std::size_t line = 1;
  for (const Json& cell : cells_of(name, json)) {
    if (!is_code(cell)) continue;
    const Json* source = member(cell, "source");
    if (source == nullptr) source = member(cell, "input");
    const std::size_t number = cells.size() + 1;
    std::string python = python_of(text_of(name, source));
    if (std::string fault = fault_of(name, number, python); !fault.empty()) {
      notebook.notes.push_back(fmt::format("passed over: cell {}, which is no Python", number));
      notebook.unread.emplace(number, std::move(fault));
      python = all_commented(python);
    }
    cells.push_back({number, line});
    line += count_lines(python);
    text += python;
  }
  if (cells.empty()) refuse(name, "it has no code cell");
  notebook.source =
      std::make_shared<const Source>(std::move(name), std::move(text), std::move(cells));
  return notebook;
}

}  // namespace backstep::read
