// The top level of a Python file: functions are parsed, everything else there passed over.
#include "engine/read/python_parser.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/read/logical_lines.h"
#include "engine/read/python_blocks.h"
#include "engine/read/python_statement.h"
#include "engine/read/refusals.h"

namespace backstep::read {
namespace {

constexpr std::size_t kMostNotes = 100;
constexpr std::size_t kNoteLength = 60;

class ModuleParser {
 public:
  explicit ModuleParser(std::shared_ptr<const Source> source)
      : source_(*source), lines_(split_lines(source_)), blocks_(source_, lines_) {
    module_.source = std::move(source);
  }

  Module parse() {
    check_indentation(source_, lines_);
    bind_names();
    while (!blocks_.at_end()) read_block();
    if (notes_left_out_ > 0) {
      module_.notes.push_back(fmt::format("passed over: {} more lines", notes_left_out_));
    }
    return std::move(module_);
  }

 private:
  std::string_view text(const LogicalLine& line) const { return blocks_.text(line); }
  const LogicalLine& line() const { return lines_[blocks_.at]; }

  // The names of the top level, also of lines that are passed over.
  void bind_names() {
    for (std::size_t at = 0; at < lines_.size();) {
      const LogicalLine& line = lines_[at];
      for (const NameBinding& binding : names_bound_by(text(line), line.begin)) {
        bind_name(binding, line.indentation == 0);
      }
      ++at;
      if (opens_scope(text(line))) at = bind_globals(at, line.indentation);
    }
  }

  // The lines of a def or class bind what they declare global. Gives the line behind them.
  std::size_t bind_globals(std::size_t at, int indentation) {
    for (; at < lines_.size() && lines_[at].indentation > indentation; ++at) {
      for (const NameBinding& binding : names_bound_by(text(lines_[at]), lines_[at].begin)) {
        if (binding.what == Binds::kGlobal) bind_name(binding, false);
      }
    }
    return at;
  }

  void bind_name(const NameBinding& binding, bool is_certain) {
    if (binding.what == Binds::kField) return doubt(binding);
    const auto [place, is_new] = module_.names.try_emplace(binding.name);
    ModuleName& name = place->second;
    name.binding = binding;
    name.is_certain = is_certain && binding.is_certain;
    if (binding.name == "*") doubt_functions();
    if (!is_new) ++name.times;
  }

  // np.exp = mine: what np.exp is then is not read.
  void doubt(const NameBinding& binding) {
    const auto place = module_.names.find(binding.name);
    if (place == module_.names.end()) return;
    place->second.is_certain = false;
    place->second.binding.byte = binding.byte;
  }

  // An import of every name may bring another function for each that is defined above it.
  void doubt_functions() {
    for (auto& [name, known] : module_.names) {
      if (known.binding.what == Binds::kFunction) known.is_certain = false;
    }
  }

  // A def or a class, whose names are its own.
  static bool opens_scope(std::string_view text) {
    const std::string_view word = first_word(text);
    return word == "def" || word == "class" || word == "async";
  }

  // One line of the top level, with the indented lines below it.
  void read_block() {
    const std::string_view word = first_word(text(line()));
    if (word == "def") {
      module_.functions.push_back(blocks_.function(nullptr));
    } else if (text(line()).front() == '@') {
      read_decorated();
    } else {
      pass_over(line());
      ++blocks_.at;
      blocks_.skip_body(0);
    }
  }

  void read_decorated() {
    const LogicalLine& decorator = line();
    while (!blocks_.at_end() && text(line()).front() == '@' && line().indentation == 0) {
      ++blocks_.at;
    }
    const bool is_function =
        !blocks_.at_end() && line().indentation == 0 && first_word(text(line())) == "def";
    if (is_function) {
      module_.functions.push_back(blocks_.function(&decorator));
    } else {
      pass_over(decorator);
    }
  }

  void pass_over(const LogicalLine& line) {
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
  BlockParser blocks_;
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

const ModuleName* Module::name(const std::string& name) const {
  const auto found = names.find(name);
  return found == names.end() ? nullptr : &found->second;
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
