// The blocks of a Python file: functions are parsed, everything else at the top level passed over.
#include "engine/read/python_parser.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "engine/read/class_order.h"
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

class ModuleParser {
 public:
  explicit ModuleParser(std::shared_ptr<const Source> source)
      : source_(*source), lines_(split_lines(source_)), statements_(source_) {
    module_.source = std::move(source);
  }

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

  Module parse() {
    check_indentation(source_, lines_);
    bind_names();
    while (at_ < lines_.size()) read_block();
    add_circuits();
    if (notes_left_out_ > 0) {
      module_.notes.push_back(fmt::format("passed over: {} more lines", notes_left_out_));
    }
    return std::move(module_);
  }

 private:
  std::string_view text(const LogicalLine& line) const {
    return source_.text().substr(line.begin, line.end - line.begin);
  }

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

  // Names that the lines of a function bind: every one, also in branches that are not read.
  void bind_own_names(Function& function, std::size_t begin, std::size_t end) const {
    std::set<std::string> others;
    for (std::size_t at = begin; at < end;) {
      const LogicalLine& line = lines_[at];
      for (const NameBinding& binding : names_bound_by(text(line), line.begin)) {
        if (binding.what == Binds::kGlobal) others.insert(binding.name);
        if (binding.what == Binds::kField) continue;
        function.own_names.emplace(binding.name, binding.byte);
      }
      ++at;
      while (opens_scope(text(line)) && at < end && lines_[at].indentation > line.indentation) ++at;
    }
    for (const std::string& name : others) function.own_names.erase(name);
    for (const Parameter& parameter : function.parameters) {
      function.own_names.insert_or_assign(parameter.name, parameter.byte);
    }
  }

  // One line of the top level, with the indented lines below it.
  void read_block() {
    const LogicalLine& line = lines_[at_];
    const std::string_view word = first_word(text(line));
    if (word == "def") {
      module_.functions.push_back(read_function(nullptr));
    } else if (word == "class") {
      module_.classes.push_back(read_class());
    } else if (text(line).front() == '@') {
      read_decorated();
    } else {
      pass_over(line);
      ++at_;
      skip_body(0);
    }
  }

  void skip_body(int outer) {
    while (at_ < lines_.size() && lines_[at_].indentation > outer) ++at_;
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
      module_.functions.push_back(read_function(&decorator));
    } else {
      pass_over(decorator);
      if (at_ == lines_.size() || lines_[at_].indentation > 0) return;
      pass_over(lines_[at_++]);
      skip_body(0);
    }
  }

  // A class with its methods. A line that cannot be read does not stand in the way of the others.
  Class read_class() {
    const LogicalLine& header = lines_[at_++];
    Class made;
    try {
      made = statements_.class_header(header);
    } catch (const ReadError& error) {
      made.name = name_of_broken_definition();
      made.error = error;
    }
    while (at_ < lines_.size() && lines_[at_].indentation > header.indentation) {
      read_member(made);
    }
    take_docstring(made.attributes, made.docstring);
    return made;
  }

  void read_member(Class& of) {
    std::vector<std::string> decorators;
    const LogicalLine& first = lines_[at_];
    const int indentation = first.indentation;
    while (at_ < lines_.size() && text(lines_[at_]).front() == '@') {
      decorators.emplace_back(text(lines_[at_++]));
    }
    if (at_ == lines_.size() || lines_[at_].indentation < indentation) return;
    const std::string_view word = first_word(text(lines_[at_]));
    if (word == "def") {
      const std::optional<MethodKind> kind = method_kind(decorators);
      Function function = read_function(kind ? nullptr : &first);
      // Beside the property whose setter it is, it has no name.
      if (!is_setter(decorators)) {
        of.methods.push_back({std::move(function), kind.value_or(MethodKind::kPlain)});
      }
      return;
    }
    const LogicalLine& line = lines_[at_++];
    try {
      for (Statement& statement : statements_.statements(line)) {
        of.attributes.push_back(std::move(statement));
      }
    } catch (const ReadError& error) {
      if (!of.unread) of.unread = error;
    }
    skip_body(line.indentation);
  }

  void add_parameters(const Type& type, const std::string& method, Function& circuit) {
    const BoundMethod found = find_method(type, method);
    if (found.function == nullptr) return;
    if (found.function->error) throw *found.function->error;
    const std::uint32_t byte = found.function->byte;
    const auto behind = std::find_if(lines_.begin(), lines_.end(),
                                     [byte](const LogicalLine& line) { return line.begin > byte; });
    at_ = static_cast<std::size_t>(behind - lines_.begin()) - 1;
    Function again = read_function(nullptr);
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

  // What the decorators make of a method; nothing for one that is not read.
  static std::optional<MethodKind> method_kind(const std::vector<std::string>& decorators) {
    MethodKind kind = MethodKind::kPlain;
    for (const std::string& decorator : decorators) {
      if (decorator == "@staticmethod") {
        kind = MethodKind::kStatic;
      } else if (decorator == "@classmethod") {
        kind = MethodKind::kClass;
      } else if (decorator == "@property") {
        kind = MethodKind::kProperty;
      } else if (decorator != "@abstractmethod" && decorator != "@abc.abstractmethod" &&
                 decorator != "@override") {
        return std::nullopt;
      }
    }
    return kind;
  }

  static bool is_setter(const std::vector<std::string>& decorators) {
    return std::any_of(decorators.begin(), decorators.end(), [](const std::string& decorator) {
      return decorator.ends_with(".setter") || decorator.ends_with(".deleter");
    });
  }

  Function read_function(const LogicalLine* decorator) {
    Function function;
    branches_ = 0;
    const int indentation = lines_[at_].indentation;
    const std::size_t first = at_ + 1;
    try {
      function = statements_.definition(lines_[at_++]);
      read_body(function, indentation);
      if (decorator != nullptr) refuse(source_, decorator->begin, Expected::kStatement);
    } catch (const ReadError& error) {
      if (function.name.empty()) function.name = name_of_broken_definition();
      function.error = error;
    }
    skip_body(indentation);
    take_docstring(function.body, function.docstring);
    bind_own_names(function, first, at_);
    return function;
  }

  // The name behind `def` or `class`, where the rest of that line cannot be read.
  std::string name_of_broken_definition() const {
    const LogicalLine& line = lines_[at_ - 1];
    const std::vector<NameBinding> names = names_bound_by(text(line), line.begin);
    return names.empty() ? std::string() : names.front().name;
  }

  void read_body(Function& function, int outer) {
    if (!function.body.empty() && at_ < lines_.size() && lines_[at_].indentation > outer) {
      throw ReadError(source_, lines_[at_].begin, "a def on one line has no lines below it");
    }
    read_lines(function.body, outer);
    if (function.body.empty()) {
      throw ReadError(source_, function.byte,
                      fmt::format("{} has no lines: an indented block is expected below it",
                                  quoted(function.name)));
    }
  }

  // The lines of a block, which are indented by more than `outer` columns.
  void read_lines(std::vector<Statement>& body, int outer) {
    while (at_ < lines_.size() && lines_[at_].indentation > outer) {
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

  static void take_docstring(const std::vector<Statement>& body, std::string& docstring) {
    if (body.empty()) return;
    const auto* first = std::get_if<Evaluation>(&body.front().kind);
    const auto* text = first == nullptr ? nullptr : std::get_if<Text>(&first->value.kind);
    if (text != nullptr) docstring = text->value;
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
  auto source = std::make_shared<const Source>(std::move(name), std::move(text));
  return ModuleParser(std::move(source)).parse();
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
      ModuleParser(module.source).circuit_of(type, method, std::string(name)));
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
  return fmt::format("passed over: {} (line {})", shortened(line, kNoteLength), source.line(byte));
}

}  // namespace backstep::read
