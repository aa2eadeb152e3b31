// Runs the statements of a function: Python's meaning of assignments, branches and returns.
#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

#include "engine/read/interpreter.h"
#include "engine/read/operations.h"
#include "engine/read/python_builtins.h"
#include "engine/read/refusals.h"
#include "engine/read/views.h"

namespace backstep::read {
namespace {

constexpr std::size_t kMostNotes = 100;

// What is passed over: it sets no value that a circuit has.
bool is_setting(std::string_view numpy_path) {
  return numpy_path == "set_printoptions" || numpy_path == "seterr" ||
         numpy_path.rfind("testing.", 0) == 0;
}

}  // namespace

std::string first_name(const Expression& target) {
  if (const auto* one = std::get_if<Name>(&target.kind)) return one->id;
  if (const auto* field = std::get_if<Attribute>(&target.kind)) return field->name;
  if (const auto* entry = std::get_if<Subscript>(&target.kind)) {
    const auto* key = std::get_if<Text>(&entry->index->kind);
    return key != nullptr ? key->value : first_name(*entry->base);
  }
  const auto* sequence = std::get_if<Sequence>(&target.kind);
  return sequence == nullptr || sequence->items.empty() ? "out"
                                                        : first_name(sequence->items.front());
}

// Ends early at a return, break or continue.
Outcome Interpreter::run_statements(const std::vector<Statement>& statements) {
  for (const Statement& statement : statements) {
    Outcome outcome = run_statement(statement);
    if (outcome.kind != Outcome::Kind::kNext) return outcome;
  }
  return {};
}

Outcome Interpreter::run_statement(const Statement& statement) {
  bool is_compound = true;
  Outcome outcome = run_compound(statement, is_compound);
  return is_compound ? outcome : run_simple(statement);
}

// A statement with blocks of its own.
Outcome Interpreter::run_compound(const Statement& statement, bool& is_compound) {
  if (const auto* branch = std::get_if<Branch>(&statement.kind)) {
    return run_branch(*branch, statement.byte);
  }
  if (const auto* loop = std::get_if<For>(&statement.kind)) return run_for(*loop, statement.byte);
  if (const auto* loop = std::get_if<While>(&statement.kind)) {
    return run_while(*loop, statement.byte);
  }
  if (const auto* with = std::get_if<With>(&statement.kind)) {
    return run_with(*with, statement.byte);
  }
  if (const auto* tried = std::get_if<Try>(&statement.kind)) return run_try(*tried);
  is_compound = false;
  return {};
}

Outcome Interpreter::run_simple(const Statement& statement) {
  const std::uint32_t byte = statement.byte;
  if (std::holds_alternative<Break>(statement.kind)) return {Outcome::Kind::kBreak};
  if (std::holds_alternative<Continue>(statement.kind)) return {Outcome::Kind::kContinue};
  Outcome outcome;
  begin_statement(
      [&] {
        if (const auto* assignment = std::get_if<Assignment>(&statement.kind)) {
          run_assignment(*assignment, byte);
        } else if (const auto* augmented = std::get_if<Augmented>(&statement.kind)) {
          run_augmented(*augmented, byte);
        } else if (const auto* evaluation = std::get_if<Evaluation>(&statement.kind)) {
          run_evaluation(*evaluation, byte);
        } else if (const auto* back = std::get_if<Return>(&statement.kind)) {
          outcome = {Outcome::Kind::kReturn, run_return(*back, byte)};
        } else if (const auto* definition = std::get_if<Definition>(&statement.kind)) {
          run_definition(*definition);
        } else if (const auto* deleted = std::get_if<Delete>(&statement.kind)) {
          run_delete(*deleted);
        } else if (const auto* raise = std::get_if<Raise>(&statement.kind)) {
          refuse({byte, byte}, fmt::format("this line is reached: {}", shortened(raise->text)),
                 "values that keep the function from it");
        } else {
          run_skipped(std::get<Skipped>(statement.kind), byte);
        }
      },
      byte);
  return outcome;
}

// Nodes that `run` makes are those of one statement: it names them, and they stand in its line.
void Interpreter::begin_statement(const std::function<void()>& run, std::size_t byte) {
  const NodeId outer_begin =
      std::exchange(statement_begin_, static_cast<NodeId>(draft_.graph.size()));
  const std::set<NodeId> outer_named = std::exchange(named_, {});
  run();
  finish_statement(byte);
  statement_begin_ = outer_begin;
  named_ = outer_named;
}

Outcome Interpreter::run_block(const Block& block) {
  if (block.error) throw *block.error;
  return run_statements(block.body);
}

Outcome Interpreter::run_branch(const Branch& branch, std::size_t byte) {
  for (const Arm& arm : branch.arms) {
    if (arm.condition && !holds(*arm.condition, byte)) continue;
    return run_block(arm);
  }
  return {};
}

// Of contexts, those that change no number.
Outcome Interpreter::run_with(const With& with, std::size_t byte) {
  for (const Context& context : with.contexts) {
    const auto* call = std::get_if<Call>(&context.value.kind);
    const std::string path = call == nullptr ? std::string() : numpy_path(*call->function);
    const bool is_harmless = path == "errstate" || path == "printoptions";
    if (is_harmless && !context.target) continue;
    if (call != nullptr && with.contexts.size() == 1) {
      const std::string switch_path = path_of(*call->function);
      if (holds_constant(switch_path)) return run_held(with, byte);
      if (switch_path == "torch.enable_grad") continue;
    }
    refuse(context.value.range,
           fmt::format("what {} does to the lines below it is not known",
                       shortened(Operand{{}, &source(), context.value.range}.text())),
           "the lines of the block alone");
  }
  pass_over(byte, "with ...");
  return run_block(with.block);
}

// What can be read raises nothing, and so no handler runs.
Outcome Interpreter::run_try(const Try& tried) {
  Outcome outcome = run_block(tried.block);
  if (outcome.kind == Outcome::Kind::kNext) outcome = run_block(tried.otherwise);
  Outcome last = run_block(tried.last);
  return last.kind == Outcome::Kind::kNext ? outcome : last;
}

void Interpreter::run_definition(const Definition& definition) {
  set_name(definition.function->name, {callable_of(*definition.function)});
}

// A def within a def, or a lambda: it keeps the names around it, and its defaults are worked out
// here.
Callable Interpreter::callable_of(const Function& function) {
  std::map<const Parameter*, Value> defaults;
  for (const Parameter& parameter : function.parameters) {
    if (parameter.default_value) defaults[&parameter] = evaluate(*parameter.default_value);
  }
  for (Environment* names = scope_->env.get(); names != nullptr; names = names->outer) {
    if (!names->is_kept && names == scope_->env.get()) kept_.push_back(scope_->env);
    names->is_kept = true;
  }
  return {&scope_->module,
          &function,
          scope_->env.get(),
          {},
          std::make_shared<const std::map<const Parameter*, Value>>(std::move(defaults))};
}

void Interpreter::run_delete(const Delete& deleted) {
  for (const Expression& target : deleted.targets) {
    if (const auto* name = std::get_if<Name>(&target.kind)) {
      if (value_of(name->id) == nullptr) evaluate_name(target.range, name->id);
      scope_->env->names.erase(name->id);
      continue;
    }
    const auto* part = std::get_if<Subscript>(&target.kind);
    const Operand base =
        part == nullptr ? Operand{{}, &source(), target.range} : operand(*part->base);
    const bool is_list = base.value.tuple() != nullptr && base.value.tuple()->is_list;
    if (base.value.dictionary() != nullptr) {
      const Operand key = operand(*part->index);
      entry_of(base, key);  // refuses what is not there
      Entries& entries = *base.value.dictionary()->items;
      entries.erase(entries.find(key_of(key)));
    } else if (is_list && !std::holds_alternative<Slicing>(part->index->kind)) {
      const Operand place = operand(*part->index);
      std::vector<Value>& items = *base.value.tuple()->items;
      items.erase(items.begin() + static_cast<std::ptrdiff_t>(place_in(base, place)));
    } else {
      refuse(target.range, "only a name, an entry or an item can be deleted");
    }
  }
}

// Only what is known while the function is read: an array would need both arms.
bool Interpreter::holds(const Expression& condition, std::size_t byte) {
  bool holds = false;
  const std::string target = std::exchange(scope_->target, "condition");
  begin_statement([&] { holds = truth_of(operand(condition)); }, byte);
  scope_->target = target;
  return holds;
}

bool Interpreter::truth_of(const Operand& operand) {
  const Value& value = operand.value;
  if (value.is_none()) return false;
  if (const Scalar* number = value.scalar()) return number->value != 0;
  if (const Tuple* items = value.tuple()) return !items->items->empty();
  if (const Dictionary* entries = value.dictionary()) return !entries->items->empty();
  const Word* word = value.word();
  if (word != nullptr && word->kind != Word::Kind::kOpen) {
    return word->kind != Word::Kind::kText || !word->text.empty();
  }
  if (value.callable() != nullptr || value.type() != nullptr || value.method() != nullptr) {
    return true;
  }
  if (const std::optional<double> number = known_number(value)) return *number != 0;
  const Array* array = value.array();
  if (array != nullptr && array->shape().size() > 1) {
    operand.refuse(
        fmt::format("{} has no truth of its own: Python raises ValueError", described(operand)),
        "np.where(x > 0, x, 0), or a mask such as (x > 0) * x");
  }
  refuse_unknown(operand,
                 fmt::format("whether {} holds hangs on the values of an array, and the lines to "
                             "read would hang on them, too",
                             shortened(operand.text())),
                 "np.where(x > 0, x, 0), or a mask such as (x > 0) * x");
}

std::optional<double> Interpreter::known_number(const Value& value) {
  if (const Scalar* number = value.scalar()) return number->value;
  const Array* array = value.array();
  if (array == nullptr || array->shape().size() != 1) return std::nullopt;
  const std::optional<Tensor> numbers = draft_.numbers_of(array->var.id());
  if (!numbers) return std::nullopt;
  draft_.indices.push_back(array->var.id());
  return numbers->data()[0];
}

// A method that another one of its object calls once is as good as a part of that.
bool Interpreter::is_inner() const {
  if (running_.size() < 2) return false;
  if (running_selves_.size() != running_.size()) return true;
  for (std::size_t i = 1; i < running_.size(); ++i) {
    const auto calls = own_calls_.find(running_[i]);
    const bool is_once = calls != own_calls_.end() && calls->second == 1;
    if (running_selves_[i] != running_selves_.front() || !is_once) return true;
  }
  return false;
}

Value Interpreter::watched(const Binding& binding, Value value) {
  return watch_ && watch_->bound ? as_object(watch_->bound(binding, value)) : value;
}

// The value of a line, or what the watch puts in place of one that cannot be evaluated.
Value Interpreter::evaluate_watched(const Expression& expression, const Binding& binding) {
  if (!watch_) return evaluate(expression);
  const std::size_t depth = running_.size();
  const std::size_t selves = running_selves_.size();
  Scope* const scope = scope_;
  const std::size_t groups = draft_.open_groups();
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
    running_selves_.resize(selves);
    scope_ = scope;
    draft_.close_groups(groups);
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
                  .is_inner = is_inner(),
                  .is_field = std::holds_alternative<Attribute>(assignment.targets.front().kind),
                  .key = {}};
  const auto* entry = std::get_if<Subscript>(&assignment.targets.front().kind);
  const bool is_entry = entry != nullptr && std::holds_alternative<Text>(entry->index->kind);
  if (is_entry) {
    binding.name = first_name(*entry->base);
    binding.key = std::get<Text>(entry->index->kind).value;
  }
  const bool is_one = !std::holds_alternative<Sequence>(assignment.targets.front().kind);
  Value value;
  if (entry != nullptr && !is_entry) {
    value = evaluate(assignment.value);
  } else if (is_one) {
    value = evaluate_watched(assignment.value, binding);
  } else {
    value = watched_parts(assignment, binding, evaluate(assignment.value));
  }
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
    const bool is_field = std::holds_alternative<Attribute>(targets[i].kind);
    const bool is_name = is_field || std::holds_alternative<Name>(targets[i].kind);
    if (!is_name || items[i].array() == nullptr) continue;
    binding.name = first_name(targets[i]);
    binding.is_field = is_field;
    if (written != nullptr && written->items.size() == items.size()) {
      binding.value = written->items[i].range;
    }
    items[i] = watched(binding, items[i]);
  }
  return tuple(std::move(items));
}

void Interpreter::bind(const Expression& target, const Operand& operand, std::size_t byte) {
  const Value& value = operand.value;
  if (const auto* name = std::get_if<Name>(&target.kind)) {
    name_node(value, name->id);
    set_name(name->id, value);
    return;
  }
  if (const auto* field = std::get_if<Attribute>(&target.kind)) {
    name_node(value, field->name);
    set_field(*field, value);
    return;
  }
  if (const auto* entry = std::get_if<Subscript>(&target.kind)) {
    const Operand base = this->operand(*entry->base);
    if (base.value.dictionary() != nullptr) {
      set_entry(base, this->operand(*entry->index), value);
    } else if (base.value.tuple() != nullptr) {
      set_item(base, this->operand(*entry->index), value);
    } else {
      store(target, base, operand, byte);
    }
    return;
  }
  bind_parts(target, std::get<Sequence>(target.kind).items, operand, byte);
}

// `a, *rest = values`.
void Interpreter::bind_parts(const Expression& target, const std::vector<Expression>& targets,
                             const Operand& operand, std::size_t byte) {
  const Value& value = operand.value;
  const std::string_view text = operand.text();
  const bool is_array = value.array() != nullptr && value.array()->shape().ndim() > 0;
  if (value.tuple() == nullptr && value.iterator() == nullptr && !is_array) {
    refuse(target.range,
           fmt::format("{} is no tuple: it cannot be taken apart to {} names", shortened(text),
                       targets.size()),
           "each part as a parameter of its own: def f(dout, xhat, gamma)");
  }
  const std::vector<Value> items = all_items(operand);
  const auto rest = std::find_if(targets.begin(), targets.end(), [](const Expression& part) {
    return std::holds_alternative<Starred>(part.kind);
  });
  const bool has_rest = rest != targets.end();
  const bool fits = has_rest ? items.size() + 1 >= targets.size() : items.size() == targets.size();
  if (!fits) {
    throw ReadError(
        source(), target.range.begin,
        fmt::format("{} values for {} names: {}", items.size(), targets.size(), shortened(text)))
        .about_shapes();
  }
  check_once(targets);
  std::size_t next = 0;
  for (const Expression& part : targets) {
    const auto* star = std::get_if<Starred>(&part.kind);
    if (star == nullptr) {
      bind(part, {current(items[next++]), operand.source, operand.range}, byte);
      continue;
    }
    const std::size_t end = next + items.size() + 1 - targets.size();
    const auto at = [&](std::size_t i) { return items.begin() + static_cast<std::ptrdiff_t>(i); };
    bind(*star->operand, {tuple({at(next), at(end)}, true), operand.source, operand.range}, byte);
    next = end;
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
  scope_->env->imports.erase(name);
  scope_->env->names[name] = as_object(value);
}

void Interpreter::run_evaluation(const Evaluation& evaluation, std::size_t byte) {
  const auto* call = std::get_if<Call>(&evaluation.value.kind);
  const auto* method = call == nullptr ? nullptr : std::get_if<Attribute>(&call->function->kind);
  const auto* base = method == nullptr ? nullptr : std::get_if<Name>(&method->base->kind);
  const bool is_of_value = base != nullptr && value_of(base->id) != nullptr;
  scope_->target = is_of_value ? base->id : "unused";
  if (call != nullptr && numpy_path(*call->function) == "add.at") return run_add_at(*call, byte);
  if (call != nullptr && numpy_path(*call->function) == "random.seed") return run_seed(*call);
  const bool is_settings_call = call != nullptr && is_setting(numpy_path(*call->function));
  const bool is_text = std::holds_alternative<Text>(evaluation.value.kind);
  const bool is_of_torch = call != nullptr && is_setting_of_torch(*call->function);
  // A call that gives nothing, as xs.append(x), was made for what it changes.
  const bool is_run = !is_settings_call && !is_of_torch && !is_text;
  if (is_run && evaluate(evaluation.value).is_none()) return;
  const Operand whole{{}, &source(), evaluation.value.range};
  pass_over(byte, whole.text());
}

// What is drawn below begins anew.
void Interpreter::run_seed(const Call& call) {
  const CallArguments arguments = arguments_of(call);
  const bool is_one = arguments.positional.size() == 1 && arguments.keywords.empty();
  if (!is_one) refuse(call.function->range, "np.random.seed takes one integer");
  const double seed = number_of(arguments.positional[0], "the seed of np.random.seed");
  try {
    random_ = LegacyRandom(static_cast<std::int64_t>(seed));
  } catch (const Error& error) {
    arguments.positional[0].refuse(error.what());
  }
}

Value Interpreter::run_return(const Return& result, std::size_t byte) {
  scope_->target = "out";
  const Range word = {static_cast<std::uint32_t>(byte), static_cast<std::uint32_t>(byte)};
  if (!result.value) {
    if (running_.size() > 1 || scope_->owner != nullptr) return {};
    refuse(word, "this return gives nothing back", "return out");
  }
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
                  .is_result = running_.size() == 1 || is_inner(),
                  .is_inner = is_inner(),
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
    if (place.group == 0) place.group = draft_.group();
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
    const bool is_here = value_of(name) != nullptr || !imported_path(name).empty();
    const bool is_above = !is_own_name(name) && scope_->module.name(name) != nullptr;
    const bool is_open = scope_->module.name("*") != nullptr;
    if (!is_here && !is_above && !is_open) refuse_name(range, name);
  }
}

void Interpreter::import_name(std::size_t byte, const NameBinding& binding) {
  if (binding.name == "*") {
    throw ReadError(source(), byte, "an import of every name is for the top level of a file");
  }
  scope_->env->names.erase(binding.name);
  scope_->env->imports[binding.name] = binding.path;
}

// What an assert may be asked without a step of the graph.
bool Interpreter::is_known(const Expression& condition) {
  const auto all = [this](const std::vector<Expression>& items) {
    return std::all_of(items.begin(), items.end(),
                       [this](const Expression& item) { return is_known(item); });
  };
  const auto has_name = [this](const Expression& expression) {
    const auto* name = std::get_if<Name>(&expression.kind);
    return name != nullptr && value_of(name->id) != nullptr;
  };
  if (has_name(condition)) {
    const Value& value = *value_of(std::get<Name>(condition.kind).id);
    return value.scalar() != nullptr || value.word() != nullptr || value.is_none();
  }
  if (const auto* attribute = std::get_if<Attribute>(&condition.kind)) {
    const bool is_size =
        attribute->name == "shape" || attribute->name == "ndim" || attribute->name == "size";
    return is_size && has_name(*attribute->base) &&
           value_of(std::get<Name>(attribute->base->kind).id)->array() != nullptr;
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
  if (const auto* logic = std::get_if<Logic>(&condition.kind)) return all(logic->operands);
  if (const auto* negation = std::get_if<Negation>(&condition.kind)) {
    return is_known(*negation->operand);
  }
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
  const bool is_new = std::find(notes_.begin(), notes_.end(), note) == notes_.end();
  if (!note.empty() && is_new && running_.size() == 1 && notes_.size() < kMostNotes) {
    notes_.push_back(std::move(note));
  }
}

}  // namespace backstep::read
