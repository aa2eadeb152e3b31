// Runs the statements of a function: Python's meaning of assignments, branches and returns.
#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

#include "engine/read/interpreter.h"
#include "engine/read/python_builtins.h"
#include "engine/read/refusals.h"
#include "engine/read/views.h"

namespace backstep::read {
namespace {

constexpr std::size_t kMostNotes = 100;

// What is passed over: it sets no value that a circuit has.
bool is_setting(std::string_view numpy_path) {
  return numpy_path == "random.seed" || numpy_path == "set_printoptions" ||
         numpy_path == "seterr" || numpy_path.rfind("testing.", 0) == 0;
}

}  // namespace

std::string first_name(const Expression& target) {
  if (const auto* one = std::get_if<Name>(&target.kind)) return one->id;
  if (const auto* entry = std::get_if<Subscript>(&target.kind)) {
    const auto* key = std::get_if<Text>(&entry->index->kind);
    return key != nullptr ? key->value : first_name(*entry->base);
  }
  const auto* sequence = std::get_if<Sequence>(&target.kind);
  return sequence == nullptr || sequence->items.empty() ? "out"
                                                        : first_name(sequence->items.front());
}

// What a return gives; nothing while there is none.
std::optional<Value> Interpreter::run_statements(const std::vector<Statement>& statements) {
  for (const Statement& statement : statements) {
    if (std::optional<Value> result = run_statement(statement)) return result;
  }
  return std::nullopt;
}

std::optional<Value> Interpreter::run_statement(const Statement& statement) {
  if (const auto* branch = std::get_if<Branch>(&statement.kind)) {
    return run_branch(*branch, statement.byte);
  }
  const NodeId outer_begin =
      std::exchange(statement_begin_, static_cast<NodeId>(draft_.graph.size()));
  const std::set<NodeId> outer_named = std::exchange(named_, {});
  std::optional<Value> result;
  if (const auto* assignment = std::get_if<Assignment>(&statement.kind)) {
    run_assignment(*assignment, statement.byte);
  } else if (const auto* augmented = std::get_if<Augmented>(&statement.kind)) {
    run_augmented(*augmented, statement.byte);
  } else if (const auto* evaluation = std::get_if<Evaluation>(&statement.kind)) {
    run_evaluation(*evaluation, statement.byte);
  } else if (const auto* back = std::get_if<Return>(&statement.kind)) {
    result = run_return(*back, statement.byte);
  } else if (const auto* skipped = std::get_if<Skipped>(&statement.kind)) {
    run_skipped(*skipped, statement.byte);
  } else {
    const Range here = {statement.byte, statement.byte};
    if (const auto* raise = std::get_if<Raise>(&statement.kind)) {
      refuse(here, fmt::format("this line is reached: {}", shortened(raise->text)),
             "values that keep the function from it");
    }
    refuse(here, "this statement is not read yet");
  }
  finish_statement(statement.byte);
  statement_begin_ = outer_begin;
  named_ = outer_named;
  return result;
}

std::optional<Value> Interpreter::run_branch(const Branch& branch, std::size_t byte) {
  for (const Arm& arm : branch.arms) {
    if (arm.condition && !holds(*arm.condition, byte)) continue;
    if (arm.error) throw *arm.error;
    return run_statements(arm.body);
  }
  return std::nullopt;
}

// Only what is known while the function is read: an array would need both arms.
bool Interpreter::holds(const Expression& condition, std::size_t byte) {
  const Value value = evaluate(condition);
  if (value.is_none()) return false;
  if (const Scalar* number = value.scalar()) return number->value != 0;
  if (const Word* word = value.word()) return !word->text.empty();
  if (const Tuple* items = value.tuple()) return !items->items->empty();
  if (const Dictionary* entries = value.dictionary()) return !entries->items->empty();
  const Operand asked{value, &source(), condition.range};
  throw ReadError(source(), byte,
                  fmt::format("whether {} holds hangs on the values of an array, and the lines to "
                              "read would hang on them, too",
                              shortened(asked.text())),
                  "np.where(x > 0, x, 0), or a mask such as (x > 0) * x");
}

Value Interpreter::watched(const Binding& binding, Value value) {
  return watch_ && watch_->bound ? as_object(watch_->bound(binding, value)) : value;
}

// The value of a line, or what the watch puts in place of one that cannot be evaluated.
Value Interpreter::evaluate_watched(const Expression& expression, const Binding& binding) {
  if (!watch_) return evaluate(expression);
  const std::size_t depth = running_.size();
  Scope* const scope = scope_;
  const std::uint16_t group = draft_.group;
  const NodeId begin = statement_begin_;
  const std::set<NodeId> named = named_;
  const int nesting = depth_;
  try {
    Value value = evaluate(expression);
    return value.array() == nullptr ? value : watched(binding, std::move(value));
  } catch (const ReadError& error) {
    std::optional<Value> instead = watch_->failed(binding, error);
    if (!instead) throw;
    running_.resize(depth);
    scope_ = scope;
    draft_.group = group;
    statement_begin_ = begin;
    named_ = named;
    depth_ = nesting;
    return std::move(*instead);
  }
}

void Interpreter::run_assignment(const Assignment& assignment, std::size_t byte) {
  scope_->target = first_name(assignment.targets.front());
  Binding binding{.name = scope_->target,
                  .module = &scope_->module,
                  .byte = static_cast<std::uint32_t>(byte),
                  .value = assignment.value.range,
                  .is_inner = running_.size() > 1,
                  .key = {}};
  const auto* entry = std::get_if<Subscript>(&assignment.targets.front().kind);
  const bool is_entry = entry != nullptr && std::holds_alternative<Text>(entry->index->kind);
  if (is_entry) {
    binding.name = first_name(*entry->base);
    binding.key = std::get<Text>(entry->index->kind).value;
  }
  if (entry != nullptr && !is_entry) {
    const Operand value = operand(assignment.value);
    for (const Expression& target : assignment.targets) bind(target, value, byte);
    return;
  }
  const bool is_one = !std::holds_alternative<Sequence>(assignment.targets.front().kind);
  Value value = is_one ? evaluate_watched(assignment.value, binding)
                       : watched_parts(assignment, binding, evaluate(assignment.value));
  const Operand whole{value, &source(), assignment.value.range};
  for (const Expression& target : assignment.targets) bind(target, whole, byte);
}

// `a, b = x * y, x + y`: each part is a value of its own.
Value Interpreter::watched_parts(const Assignment& assignment, Binding binding, Value value) {
  const auto& targets = std::get<Sequence>(assignment.targets.front().kind).items;
  const Tuple* parts = value.tuple();
  if (!watch_ || parts == nullptr || parts->items->size() != targets.size()) return value;
  const auto* written = std::get_if<Sequence>(&assignment.value.kind);
  std::vector<Value> items = *parts->items;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto* name = std::get_if<Name>(&targets[i].kind);
    if (name == nullptr || items[i].array() == nullptr) continue;
    binding.name = name->id;
    if (written != nullptr && written->items.size() == items.size()) {
      binding.value = written->items[i].range;
    }
    items[i] = watched(binding, items[i]);
  }
  return tuple(std::move(items));
}

void Interpreter::bind(const Expression& target, const Operand& operand, std::size_t byte) {
  const Value& value = operand.value;
  const std::string_view text = operand.text();
  if (const auto* name = std::get_if<Name>(&target.kind)) {
    name_node(value, name->id);
    set_name(name->id, value);
    return;
  }
  if (const auto* entry = std::get_if<Subscript>(&target.kind)) {
    const auto* key = std::get_if<Text>(&entry->index->kind);
    if (key == nullptr) return store(target, operand, byte);
    name_node(value, key->value);
    set_entry(*entry, value);
    return;
  }
  const std::vector<Expression>& targets = std::get<Sequence>(target.kind).items;
  const Tuple* tuple = value.tuple();
  if (tuple == nullptr) {
    refuse(target.range,
           fmt::format("{} is no tuple: it cannot be taken apart to {} names", shortened(text),
                       targets.size()),
           "each part as a parameter of its own: def f(dout, xhat, gamma)");
  }
  if (tuple->items->size() != targets.size()) {
    refuse(target.range, fmt::format("{} values for {} names: {}", tuple->items->size(),
                                     targets.size(), shortened(text)));
  }
  check_once(targets);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    bind(targets[i], {current((*tuple->items)[i]), operand.source, operand.range}, byte);
  }
}

// `a, a = x, y`: the last value is to stay, and Python 3.11 kept the first.
void Interpreter::check_once(const std::vector<Expression>& targets) {
  std::set<std::string> names;
  for (const Expression& target : targets) {
    const auto* name = std::get_if<Name>(&target.kind);
    if (name == nullptr || name->id == "_" || names.insert(name->id).second) continue;
    refuse(
        target.range,
        fmt::format("{} is set twice in this line, and which value stays hangs on the version of "
                    "Python",
                    quoted(name->id)),
        "another name for one of them");
  }
}

void Interpreter::set_name(const std::string& name, const Value& value) {
  scope_->imports.erase(name);
  scope_->names[name] = as_object(value);
}

void Interpreter::run_evaluation(const Evaluation& evaluation, std::size_t byte) {
  scope_->target = "unused";
  const auto* call = std::get_if<Call>(&evaluation.value.kind);
  if (call != nullptr && numpy_path(*call->function) == "add.at") return run_add_at(*call, byte);
  const bool is_settings_call = call != nullptr && is_setting(numpy_path(*call->function));
  const bool is_text = std::holds_alternative<Text>(evaluation.value.kind);
  if (!is_settings_call && !is_text) evaluate(evaluation.value);
  const Operand whole{{}, &source(), evaluation.value.range};
  pass_over(byte, whole.text());
}

Value Interpreter::run_return(const Return& result, std::size_t byte) {
  scope_->target = "out";
  const Range word = {static_cast<std::uint32_t>(byte), static_cast<std::uint32_t>(byte)};
  if (!result.value) refuse(word, "this return gives nothing back", "return out");
  Value value = current(evaluate_results(*result.value, byte));
  name_node(value, "out");
  if (const Tuple* tuple = value.tuple()) {
    for (const Value& item : *tuple->items) name_node(item, "out");
  }
  return value;
}

// The results, each of them watched.
Value Interpreter::evaluate_results(const Expression& expression, std::size_t byte) {
  Binding binding{.name = {},
                  .module = &scope_->module,
                  .byte = static_cast<std::uint32_t>(byte),
                  .value = expression.range,
                  .is_result = true,
                  .is_inner = running_.size() > 1,
                  .key = {}};
  const auto* sequence = std::get_if<Sequence>(&expression.kind);
  if (!watch_ || sequence == nullptr) {
    if (const auto* name = std::get_if<Name>(&expression.kind)) binding.name = name->id;
    return evaluate_watched(expression, binding);
  }
  std::vector<Value> items;
  for (const Expression& item : sequence->items) {
    const auto* name = std::get_if<Name>(&item.kind);
    binding.name = name == nullptr ? std::string() : name->id;
    binding.value = item.range;
    items.push_back(evaluate_watched(item, binding));
  }
  if (items.size() > kMostValues) refuse(expression.range, "too many results");
  return tuple(std::move(items));
}

// Names what this statement made; what was there before keeps its name.
void Interpreter::name_node(const Value& value, const std::string& name) {
  const Array* array = value.array();
  if (array == nullptr || array->var.id() < statement_begin_) return;
  if (named_.insert(array->var.id()).second) {
    draft_.name(array->var.id(), scope_->prefix + name);
  }
}

void Interpreter::finish_statement(std::size_t byte) {
  const NodeId end = static_cast<NodeId>(draft_.graph.size());
  if (statement_begin_ == end) return;
  const std::size_t line = scope_->line != 0 ? scope_->line : source().line(byte);
  int step = 0;
  for (NodeId id = statement_begin_; id < end; ++id) {
    Place& place = draft_.graph.place(id);
    if (place.line == 0) place.line = static_cast<std::uint32_t>(line);
    if (place.group == 0) place.group = draft_.group;
    const bool is_step = draft_.graph.node(id).primitive != nullptr && !place.folded;
    if (is_step && !draft_.has_name(id)) {
      draft_.name_step(id, fmt::format("{}{}_{}", scope_->prefix, scope_->target, ++step));
    }
  }
}

// An import binds its names; of a print or an assert, only what would show is left out.
void Interpreter::run_skipped(const Skipped& skipped, std::size_t byte) {
  for (const NameBinding& binding : skipped.imports) import_name(byte, binding);
  const Range here = {static_cast<std::uint32_t>(byte), static_cast<std::uint32_t>(byte)};
  if (skipped.condition && is_known(*skipped.condition) && !holds(*skipped.condition, byte)) {
    refuse(here, "this assert fails", "the condition that holds, or values that fulfil it");
  }
  const auto is_own = [this](const std::string& name) {
    return is_own_name(name) || scope_->module.name(name) != nullptr;
  };
  const std::string effect =
      skipped.imports.empty() ? effect_in(skipped.text, is_own) : std::string();
  if (!effect.empty()) {
    refuse(here,
           fmt::format("{} stands in a line that is passed over, and could change a value",
                       shortened(effect)),
           "that call on a line of its own, or leave it out");
  }
  if (skipped.imports.empty()) check_names(here, skipped.text);
  pass_over(byte, skipped.text);
}

// What a line that is passed over asks for is to be there, or Python would raise.
void Interpreter::check_names(Range range, std::string_view text) {
  for (const std::string& name : names_asked_for(text)) {
    const bool is_here = scope_->names.count(name) > 0 || !imported_path(name).empty();
    const bool is_above = !is_own_name(name) && scope_->module.name(name) != nullptr;
    const bool is_open = scope_->module.name("*") != nullptr;
    if (!is_here && !is_above && !is_open) refuse_name(range, name);
  }
}

void Interpreter::import_name(std::size_t byte, const NameBinding& binding) {
  if (binding.name == "*") {
    throw ReadError(source(), byte, "an import of every name is for the top level of a file");
  }
  scope_->names.erase(binding.name);
  scope_->imports[binding.name] = binding.path;
}

// What an assert may be asked without a step of the graph.
bool Interpreter::is_known(const Expression& condition) {
  const auto all = [this](const std::vector<Expression>& items) {
    return std::all_of(items.begin(), items.end(),
                       [this](const Expression& item) { return is_known(item); });
  };
  const auto has_name = [this](const Expression& expression) {
    const auto* name = std::get_if<Name>(&expression.kind);
    return name != nullptr && scope_->names.count(name->id) > 0;
  };
  if (has_name(condition)) {
    const Value& value = scope_->names.at(std::get<Name>(condition.kind).id);
    return value.scalar() != nullptr || value.word() != nullptr || value.is_none();
  }
  if (const auto* attribute = std::get_if<Attribute>(&condition.kind)) {
    const bool is_size =
        attribute->name == "shape" || attribute->name == "ndim" || attribute->name == "size";
    return is_size && has_name(*attribute->base) &&
           scope_->names.at(std::get<Name>(attribute->base->kind).id).array() != nullptr;
  }
  if (const auto* call = std::get_if<Call>(&condition.kind)) {
    const auto* name = std::get_if<Name>(&call->function->kind);
    const bool is_len = name != nullptr && name->id == "len" && call->arguments.size() == 1 &&
                        !is_own_name("len") && scope_->module.name("len") == nullptr;
    return is_len && has_name(call->arguments[0]);
  }
  if (const auto* subscript = std::get_if<Subscript>(&condition.kind)) {
    return std::holds_alternative<Attribute>(subscript->base->kind) && is_known(*subscript->base) &&
           is_known(*subscript->index);
  }
  if (const auto* signs = std::get_if<Signs>(&condition.kind)) return is_known(*signs->operand);
  if (const auto* sequence = std::get_if<Sequence>(&condition.kind)) return all(sequence->items);
  if (const auto* chain = std::get_if<Chain>(&condition.kind)) {
    return is_known(*chain->first) &&
           std::all_of(chain->rest.begin(), chain->rest.end(),
                       [this](const Term& term) { return is_known(term.operand); });
  }
  return std::holds_alternative<Number>(condition.kind) ||
         std::holds_alternative<Text>(condition.kind) ||
         std::holds_alternative<Constant>(condition.kind);
}

void Interpreter::pass_over(std::size_t byte, std::string_view text) {
  std::string note = passed_over_note(source(), byte, text);
  if (!note.empty() && running_.size() == 1 && notes_.size() < kMostNotes) {
    notes_.push_back(std::move(note));
  }
}

}  // namespace backstep::read
