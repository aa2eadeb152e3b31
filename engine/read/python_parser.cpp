// The blocks of a Python file: functions are parsed, everything else at the top level passed over.
#include "engine/read/python_parser.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "engine/read/logical_lines.h"
#include "engine/read/python_statement.h"
#include "engine/read/refusals.h"

namespace backstep::read {
namespace {

constexpr std::size_t kMostNotes = 100;
constexpr std::size_t kNoteLength = 60;
// One inside the other.
constexpr int kMostBranches = 20;

std::string_view first_word(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), [](char c) {
    return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0;
  });
  return text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

std::vector<std::string_view> words(std::string_view text) {
  constexpr std::string_view kSeparators = " \t,()\\\r\n";
  std::vector<std::string_view> result;
  for (std::size_t at = 0;;) {
    at = text.find_first_not_of(kSeparators, at);
    if (at == std::string_view::npos) return result;
    const std::size_t end = std::min(text.find_first_of(kSeparators, at), text.size());
    result.push_back(text.substr(at, end - at));
    at = end;
  }
}

// `import numpy as X` gives X.
std::vector<std::string> names_of_numpy(std::string_view import) {
  std::vector<std::string> names;
  const std::vector<std::string_view> parts = words(import);
  if (parts.empty() || parts[0] != "import") return names;
  for (std::size_t i = 1; i + 2 < parts.size(); ++i) {
    if (parts[i] == "numpy" && parts[i + 1] == "as") names.emplace_back(parts[i + 2]);
  }
  return names;
}

class ModuleParser {
 public:
  explicit ModuleParser(std::shared_ptr<const Source> source)
      : source_(*source), lines_(split_lines(source_)), statements_(source_) {
    module_.source = std::move(source);
    module_.numpy_names = {"np", "numpy"};
  }

  Module parse() {
    while (at_ < lines_.size()) {
      if (lines_[at_].indentation > 0) {
        throw ReadError(source_, lines_[at_].begin,
                        "this line is indented, but nothing above it opens a block");
      }
      read_block();
    }
    if (notes_left_out_ > 0) {
      module_.notes.push_back(fmt::format("passed over: {} more lines", notes_left_out_));
    }
    return std::move(module_);
  }

 private:
  std::string_view text(const LogicalLine& line) const {
    return source_.text().substr(line.begin, line.end - line.begin);
  }

  // One line of the top level, with the indented lines below it.
  void read_block() {
    const LogicalLine& line = lines_[at_];
    const std::string_view word = first_word(text(line));
    if (word == "def") {
      read_function(nullptr);
    } else if (text(line).front() == '@') {
      read_decorated();
    } else {
      pass_over(line);
      ++at_;
      skip_body();
    }
  }

  void skip_body() {
    while (at_ < lines_.size() && lines_[at_].indentation > 0) ++at_;
  }

  void read_decorated() {
    const LogicalLine& decorator = lines_[at_];
    while (at_ < lines_.size() && text(lines_[at_]).front() == '@' &&
           lines_[at_].indentation == 0) {
      ++at_;
    }
    const bool is_function = at_ < lines_.size() && lines_[at_].indentation == 0 &&
                             first_word(text(lines_[at_])) == "def";
    if (is_function) {
      read_function(&decorator);
    } else {
      pass_over(decorator);
    }
  }

  void read_function(const LogicalLine* decorator) {
    Function function;
    branches_ = 0;
    try {
      function = statements_.definition(lines_[at_++]);
      read_body(function);
      if (decorator != nullptr) refuse(source_, decorator->begin, Expected::kStatement);
    } catch (const ReadError& error) {
      if (function.name.empty()) function.name = name_of_broken_function();
      function.error = error;
    }
    skip_body();
    take_docstring(function);
    for (const Statement& statement : function.body) note_numpy_names(statement);
    module_.functions.push_back(std::move(function));
  }

  // The name behind `def`, where the rest of that line cannot be read.
  std::string name_of_broken_function() const {
    const std::vector<std::string_view> parts = words(text(lines_[at_ - 1]));
    return std::string(parts.size() > 1 ? first_word(parts[1]) : std::string_view());
  }

  void read_body(Function& function) {
    if (!function.body.empty() && at_ < lines_.size() && lines_[at_].indentation > 0) {
      throw ReadError(source_, lines_[at_].begin, "a def on one line has no lines below it");
    }
    read_lines(function.body, 0);
    if (function.body.empty()) {
      throw ReadError(source_, function.byte,
                      fmt::format("{} has no lines: an indented block is expected below it",
                                  quoted(function.name)));
    }
  }

  // The lines of a block, which are indented by more than `outer` columns.
  void read_lines(std::vector<Statement>& body, int outer) {
    const std::size_t first = at_;
    while (at_ < lines_.size() && lines_[at_].indentation > outer) {
      if (lines_[at_].indentation != lines_[first].indentation) refuse_indentation(first);
      if (first_word(text(lines_[at_])) == "if") {
        body.push_back(read_branch());
        continue;
      }
      for (Statement& statement : statements_.statements(lines_[at_])) {
        body.push_back(std::move(statement));
      }
      ++at_;
    }
  }

  Statement read_branch() {
    const int indentation = lines_[at_].indentation;
    Branch branch;
    const std::uint32_t byte = lines_[at_].begin;
    for (std::string_view word = "if"; at_ < lines_.size(); word = first_word(text(lines_[at_]))) {
      const bool is_next = branch.arms.empty() ? word == "if" : word == "elif" || word == "else";
      const bool is_closed = !branch.arms.empty() && !branch.arms.back().condition;
      if (lines_[at_].indentation != indentation || !is_next || is_closed) break;
      branch.arms.push_back(read_arm(indentation));
      if (at_ == lines_.size()) break;
    }
    return {byte, std::move(branch)};
  }

  Arm read_arm(int indentation) {
    if (++branches_ > kMostBranches) refuse(source_, lines_[at_].begin, Expected::kStatement);
    const LogicalLine& header = lines_[at_++];
    Arm arm = statements_.branch_header(header);
    const bool has_lines = at_ < lines_.size() && lines_[at_].indentation > indentation;
    if (arm.body.empty() == !has_lines) refuse(source_, header.begin, Expected::kStatement);
    try {
      if (has_lines) read_lines(arm.body, indentation);
    } catch (const ReadError& error) {
      arm.error = error;
      while (at_ < lines_.size() && lines_[at_].indentation > indentation) ++at_;
    }
    --branches_;
    return arm;
  }

  [[noreturn]] void refuse_indentation(std::size_t first) const {
    const LogicalLine& line = lines_[at_];
    throw ReadError(
        source_, line.begin,
        fmt::format("this line is indented by {} columns, the first line of the function by {}",
                    line.indentation, lines_[first].indentation),
        "every line of the function at one indentation, with spaces or with tabs");
  }

  static void take_docstring(Function& function) {
    if (function.body.empty()) return;
    const auto* first = std::get_if<Evaluation>(&function.body.front().kind);
    const auto* text = first == nullptr ? nullptr : std::get_if<Text>(&first->value.kind);
    if (text != nullptr) function.docstring = text->value;
  }

  void note_numpy_names(const Statement& statement) {
    if (const auto* skipped = std::get_if<Skipped>(&statement.kind)) add_numpy_names(skipped->text);
  }

  void add_numpy_names(std::string_view import) {
    for (std::string& name : names_of_numpy(import)) module_.numpy_names.push_back(std::move(name));
  }

  void pass_over(const LogicalLine& line) {
    add_numpy_names(text(line));
    std::string note = passed_over_note(source_, line.begin, text(line));
    if (note.empty()) return;
    if (module_.notes.size() < kMostNotes) {
      module_.notes.push_back(std::move(note));
    } else {
      ++notes_left_out_;
    }
  }

  const Source& source_;
  std::vector<LogicalLine> lines_;
  StatementParser statements_;
  std::size_t at_ = 0;
  int branches_ = 0;  // how deep in branches the parser is
  std::size_t notes_left_out_ = 0;
  Module module_;
};

}  // namespace

const Function* Module::find(std::string_view name) const {
  const auto found =
      std::find_if(functions.rbegin(), functions.rend(),
                   [name](const Function& function) { return function.name == name; });
  return found == functions.rend() ? nullptr : &*found;
}

Module parse_module(std::string name, std::string text) {
  auto source = std::make_shared<const Source>(std::move(name), std::move(text));
  return ModuleParser(std::move(source)).parse();
}

Expression parse_expression(const Source& source) {
  const std::vector<LogicalLine> lines = split_lines(source);
  if (lines.empty()) refuse(source, source.text().size(), Expected::kOperand);
  if (lines.size() > 1) throw ReadError(source, lines[1].begin, "one expression is expected");
  return StatementParser(source).expression(lines[0]);
}

std::string passed_over_note(const Source& source, std::size_t byte, std::string_view text) {
  const bool is_text = text.front() == '"' || text.front() == '\'';
  if (is_text || text == "pass") return {};
  std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  if (line.find_first_of("'\"") == std::string_view::npos) line = line.substr(0, line.find('#'));
  while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
  return fmt::format("passed over: {} (line {})", shortened(line, kNoteLength), source.line(byte));
}

}  // namespace backstep::read
