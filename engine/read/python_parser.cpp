// The top level of a Python file: functions are parsed, everything else there passed over.
#include "engine/read/python_parser.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/read/class_order.h"
#include "engine/read/encoding.h"
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
  explicit ModuleParser(const Source& source)
      : source_(source), lines_(split_lines(source_)), blocks_(source_, lines_) {}

  // A class as a circuit: `__init__` and the method, once more with parameters of their own.
  Function circuit_of(const Type& type, const std::string& method, std::string name) {
    Function circuit;
    circuit.name = std::move(name);
    circuit.byte = type.of->byte;
    circuit.docstring = type.of->docstring;
    circuit.object = ObjectCall{type.of->name, method, {}, 0};
    try {
      add_parameters(type, method, circuit);
      circuit.object->of_method = circuit.parameters.size();
      add_parameters(type, "__init__", circuit);
    } catch (const ReadError& error) {
      circuit.error = error;
    }
    return circuit;
  }

  // What each class is as a circuit.
  void add_circuits() {
    for (const Class& of : module_.classes) {
      const Type type{&of, &module_};
      if (module_.find_class(of.name) != &of || module_.find(of.name) != nullptr) continue;
      try {
        const std::string method = running_method(type);
        if (!method.empty()) module_.circuits.push_back(circuit_of(type, method, of.name));
      } catch (const ReadError&) {
        continue;  // told to whoever asks for this class
      }
    }
  }

  Module parse(std::shared_ptr<const Source> source) {
    module_.source = std::move(source);
    module_.lines = std::make_shared<const std::vector<LogicalLine>>(lines_);
    check_indentation(source_, lines_);
    bind_names();
    while (!blocks_.at_end()) read_block();
    add_circuits();
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
    if (binding.name == "*") {
      doubt_functions();
      module_.stars.push_back(binding.path);
    }
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
      const Binds what = known.binding.what;
      if (what == Binds::kFunction || what == Binds::kClass) known.is_certain = false;
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
    } else if (word == "class") {
      module_.classes.push_back(blocks_.class_());
    } else if (text(line()).front() == '@') {
      read_decorated();
    } else {
      const LogicalLine& first = line();
      const std::size_t first_line = blocks_.at;
      take_constant(first);
      pass_over(first);
      ++blocks_.at;
      blocks_.skip_body(0);
      module_.blocks.push_back({first.begin, lines_[blocks_.at - 1].end, first_line, blocks_.at});
    }
  }

  // `GPU = False`, for files that import it.
  void take_constant(const LogicalLine& line) {
    const std::vector<NameBinding> names = names_bound_by(text(line), line.begin);
    if (names.size() != 1 || names[0].what != Binds::kValue) return;
    try {
      for (Statement& statement : StatementParser(source_).statements(line)) {
        auto* assignment = std::get_if<Assignment>(&statement.kind);
        if (assignment == nullptr || !is_literal(assignment->value)) continue;
        if (!std::holds_alternative<Name>(assignment->targets.front().kind)) continue;
        module_.constants.insert_or_assign(names[0].name, std::move(assignment->value));
      }
    } catch (const ReadError&) {
      return;  // what it sets is not known
    }
  }

  static bool is_literal(const Expression& expression) {
    if (const auto* signs = std::get_if<Signs>(&expression.kind)) {
      return is_literal(*signs->operand);
    }
    return std::holds_alternative<Number>(expression.kind) ||
           std::holds_alternative<Text>(expression.kind) ||
           std::holds_alternative<Constant>(expression.kind);
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
      if (blocks_.at_end() || line().indentation > 0) return;
      pass_over(line());
      ++blocks_.at;
      blocks_.skip_body(0);
    }
  }

  void add_parameters(const Type& type, const std::string& method, Function& circuit) {
    const BoundMethod found = find_method(type, method);
    if (found.function == nullptr) return;
    if (found.function->error) throw *found.function->error;
    const std::uint32_t byte = found.function->byte;
    const auto behind = std::find_if(lines_.begin(), lines_.end(),
                                     [byte](const LogicalLine& line) { return line.begin > byte; });
    blocks_.at = static_cast<std::size_t>(behind - lines_.begin()) - 1;
    Function again = blocks_.function(nullptr);
    circuit.docstring += "\n" + again.docstring;
    const bool has_self = found.type.of->find(method)->kind != MethodKind::kStatic;
    for (std::size_t i = has_self ? 1 : 0; i < again.parameters.size(); ++i) {
      Parameter& parameter = again.parameters[i];
      circuit.object->names.push_back(parameter.name);
      const bool is_taken =
          std::any_of(circuit.parameters.begin(), circuit.parameters.end(),
                      [&](const Parameter& other) { return other.name == parameter.name; });
      if (is_taken) parameter.name = "init_" + parameter.name;
      circuit.parameters.push_back(std::move(parameter));
    }
    for (Statement& statement : again.body) circuit.body.push_back(std::move(statement));
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
  if (found != functions.rend()) return &*found;
  const auto circuit =
      std::find_if(circuits.begin(), circuits.end(),
                   [name](const Function& function) { return function.name == name; });
  return circuit == circuits.end() ? nullptr : &*circuit;
}

const Class* Module::find_class(std::string_view name) const {
  const auto found = std::find_if(classes.rbegin(), classes.rend(),
                                  [name](const Class& one) { return one.name == name; });
  return found == classes.rend() ? nullptr : &*found;
}

const ModuleName* Module::name(const std::string& name) const {
  const auto found = names.find(name);
  return found == names.end() ? nullptr : &found->second;
}

Module parse_module(std::string name, std::string text) {
  return parse_module(std::make_shared<const Source>(std::move(name), as_utf8(std::move(text))));
}

Module parse_module(std::shared_ptr<const Source> source) {
  return ModuleParser(*source).parse(source);
}

Function parse_blocks(const Module& module, std::span<const TopBlock> blocks) {
  std::vector<LogicalLine> lines;
  for (const TopBlock& block : blocks) {
    const auto begin = module.lines->begin();
    lines.insert(lines.end(), begin + static_cast<std::ptrdiff_t>(block.first_line),
                 begin + static_cast<std::ptrdiff_t>(block.end_line));
  }
  return BlockParser(*module.source, lines).lines_as_function();
}

std::string running_method(const Type& type) {
  for (const char* const method : {"forward", "__call__", "call", "loss", "predict"}) {
    if (find_method(type, method).function != nullptr) return method;
  }
  return {};
}

bool add_class_circuit(Module& module, std::string_view name) {
  if (module.find(name) != nullptr) return true;
  const std::size_t dot = name.find('.');
  const Class* const of = module.find_class(name.substr(0, dot));
  if (of == nullptr) return false;
  // The class itself is no part of this module while that is moved about.
  const Type type{of, &module};
  const std::string method =
      dot == std::string_view::npos ? running_method(type) : std::string(name.substr(dot + 1));
  if (method.empty() || find_method(type, method).function == nullptr) return false;
  module.circuits.push_back(
      ModuleParser(*module.source).circuit_of(type, method, std::string(name)));
  return true;
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
  return fmt::format("passed over: {} ({})", shortened(line, kNoteLength), source.line_words(byte));
}

}  // namespace backstep::read
