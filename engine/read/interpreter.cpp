// Walks the statements of a function: Python's meaning of names, tuples, calls and returns.
#include "engine/read/interpreter.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/read/nearest.h"
#include "engine/read/operations.h"
#include "engine/read/refusals.h"

namespace backstep::read {
namespace {

constexpr int kMostDepth = 400;
constexpr std::size_t kMostCalls = 100;
constexpr std::size_t kMostValues = 1000;
constexpr std::size_t kMostNotes = 100;

// The values in a tuple, those in its tuples too.
std::size_t count_values(const Value& value) {
  const Tuple* tuple = value.tuple();
  if (tuple == nullptr) return 1;
  std::size_t count = 1;
  for (const Value& item : *tuple->items) count += count_values(item);
  return count;
}

// What is passed over: it sets no value that a circuit has.
bool is_setting(std::string_view numpy_path) {
  return numpy_path == "random.seed" || numpy_path == "set_printoptions" ||
         numpy_path == "seterr" || numpy_path.rfind("testing.", 0) == 0;
}

bool sets(const Expression& target, const std::string& name) {
  if (const auto* one = std::get_if<Name>(&target.kind)) return one->id == name;
  const auto* sequence = std::get_if<Sequence>(&target.kind);
  return sequence != nullptr &&
         std::any_of(sequence->items.begin(), sequence->items.end(),
                     [&](const Expression& item) { return sets(item, name); });
}

bool holds_dictionary(const Value& value) {
  if (value.dictionary() != nullptr) return true;
  const Tuple* tuple = value.tuple();
  return tuple != nullptr &&
         std::any_of(tuple->items->begin(), tuple->items->end(), holds_dictionary);
}

std::string dtype_of(const Array& array) {
  return array.type == NumberType::kFloat ? "float64" : array.is_mask() ? "bool" : "int64";
}

// x.dtype equals every name of its type; two types are equal if they are one: float is not
// np.float64.
bool same(const Word& a, const Word& b) {
  const bool has_dtype = a.kind == Word::Kind::kDtype || b.kind == Word::Kind::kDtype;
  if (!has_dtype) return a.kind == b.kind && a.text == b.text;
  const std::optional<NumberType> left = number_type(a.text);
  return left ? left == number_type(b.text) : a.text == b.text;
}

// Of texts and None, `==` and `!=` alone: nothing for everything else.
std::optional<bool> compared(Operator op, const Value& a, const Value& b) {
  if (op != Operator::kEqual && op != Operator::kNotEqual) return std::nullopt;
  const bool is_plain = (a.word() != nullptr || a.is_none()) && b.array() == nullptr;
  const bool is_plain_too = (b.word() != nullptr || b.is_none()) && a.array() == nullptr;
  if (!is_plain && !is_plain_too) return std::nullopt;
  const bool both_none = a.is_none() && b.is_none();
  const bool both_words = a.word() != nullptr && b.word() != nullptr && same(*a.word(), *b.word());
  return (both_none || both_words) == (op == Operator::kEqual);
}

std::string first_name(const Expression& target) {
  if (const auto* one = std::get_if<Name>(&target.kind)) return one->id;
  if (const auto* entry = std::get_if<Subscript>(&target.kind)) {
    return std::get<Text>(entry->index->kind).value;
  }
  const auto* sequence = std::get_if<Sequence>(&target.kind);
  return sequence == nullptr || sequence->items.empty() ? "out"
                                                        : first_name(sequence->items.front());
}

// Settings that course work takes for granted.
std::optional<Value> usual_setting(const std::string& key) {
  if (key == "mode") return Value{Word{"train"}};
  if (key == "eps" || key == "epsilon") return scalar(1e-5);
  if (key == "momentum") return scalar(0.9);
  if (key == "training" || key == "train") return scalar(1, NumberType::kBool);
  return std::nullopt;
}

Value shape_of(const Array& array) {
  std::vector<Value> sides;
  for (const std::int32_t side : array.shape()) {
    sides.push_back(scalar(side, NumberType::kInteger));
  }
  return tuple(std::move(sides));
}

// Counts how deep the reader is in the text, over calls.
class DepthGuard {
 public:
  explicit DepthGuard(int& depth) : depth_(depth) { ++depth_; }
  ~DepthGuard() { --depth_; }
  DepthGuard(const DepthGuard&) = delete;
  DepthGuard& operator=(const DepthGuard&) = delete;

 private:
  int& depth_;
};

}  // namespace

// ---- statements ------------------------------------------------------------------------------

Value Interpreter::run(const Module& module, const Function& function,
                       std::map<std::string, Value> arguments) {
  if (function.error) throw *function.error;
  Scope scope{module, function};
  scope_ = &scope;
  for (auto& [name, value] : arguments) set_name(name, value);
  return run_body(scope);
}

Value Interpreter::run_body(Scope& scope) {
  Scope* const caller = std::exchange(scope_, &scope);
  running_.push_back(&scope.function);
  if (std::optional<Value> result = run_statements(scope.function.body)) {
    running_.pop_back();
    scope_ = caller;
    return std::move(*result);
  }
  throw ReadError(
      source(), scope.function.byte,
      fmt::format("{} has no return: nothing comes out of it", quoted(scope.function.name)),
      "return, with its results, as the last line of the function");
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
  } else {
    pass_over(statement.byte, std::get<Skipped>(statement.kind).text);
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
  read::refuse(source(), byte, Expected::kStatement);
}

Value Interpreter::watched(const Binding& binding, Value value) {
  return watch_ && watch_->bound ? watch_->bound(binding, value) : value;
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
  if (const auto* entry = std::get_if<Subscript>(&assignment.targets.front().kind)) {
    binding.name = std::get<Name>(entry->base->kind).id;
    binding.key = std::get<Text>(entry->index->kind).value;
  }
  const bool is_one = !std::holds_alternative<Sequence>(assignment.targets.front().kind);
  Value value = is_one ? evaluate_watched(assignment.value, binding)
                       : watched_parts(assignment, binding, evaluate(assignment.value));
  const Operand whole{value, &source(), assignment.value.range};
  for (const Expression& target : assignment.targets) bind(target, value, whole.text());
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

void Interpreter::bind(const Expression& target, const Value& value, std::string_view text) {
  if (const auto* name = std::get_if<Name>(&target.kind)) {
    name_node(value, name->id);
    set_name(name->id, value);
    return;
  }
  if (const auto* entry = std::get_if<Subscript>(&target.kind)) {
    name_node(value, std::get<Text>(entry->index->kind).value);
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
  for (std::size_t i = 0; i < targets.size(); ++i) bind(targets[i], (*tuple->items)[i], text);
}

void Interpreter::set_name(const std::string& name, const Value& value) {
  hold(value, 1);
  const auto [place, is_new] = scope_->names.try_emplace(name);
  if (!is_new) hold(place->second, -1);
  place->second = value;
}

void Interpreter::hold(const Value& value, int names) {
  if (const Array* array = value.array()) scope_->holders[array->var.id()] += names;
  if (const Tuple* tuple = value.tuple()) {
    for (const Value& item : *tuple->items) hold(item, names);
  }
}

void Interpreter::set_entry(const Subscript& target, const Value& value) {
  const Operand base = operand(*target.base);
  const Dictionary* dictionary = base.value.dictionary();
  if (dictionary == nullptr) {
    refuse(target.base->range, fmt::format("{} is no dictionary", described(base)));
  }
  // One that held itself would never end.
  const bool is_nested = value.dictionary() != nullptr || holds_dictionary(value);
  if (is_nested) refuse(target.base->range, "a dictionary within a dictionary is not read");
  hold(value, 1);
  (*dictionary->items)[std::get<Text>(target.index->kind).value] = value;
}

void Interpreter::run_augmented(const Augmented& augmented, std::size_t byte) {
  const std::string& name = std::get<Name>(augmented.target.kind).id;
  scope_->target = name;
  const Operand before{evaluate_name(augmented.target.range, name), &source(),
                       augmented.target.range};
  const Operand change = operand(augmented.value);
  const std::size_t target = augmented.target.range.begin;
  Value after = apply_operator(draft_, augmented.op, target, before, change);
  check_kind_in_place(augmented, before.value, after);
  const Array* const array = before.value.array();
  if (array != nullptr && !watch_) check_in_place(augmented, *array, after);
  if (after.array() != nullptr) {
    after = watched({.name = name,
                     .module = &scope_->module,
                     .byte = static_cast<std::uint32_t>(byte),
                     .value = augmented.value.range,
                     .is_inner = running_.size() > 1,
                     .key = {}},
                    std::move(after));
  }
  name_node(after, name);
  if (array != nullptr && watch_) rename_everywhere(*array, after);
  set_name(name, after);
}

// What was one array under several names stays one.
void Interpreter::rename_everywhere(const Array& before, const Value& after) {
  std::vector<std::string> names;
  for (const auto& [name, value] : scope_->names) {
    const Array* array = value.array();
    const bool is_same =
        array != nullptr && array->shape().ndim() > 0 && array->var.id() == before.var.id();
    if (is_same) names.push_back(name);
  }
  for (const std::string& name : names) set_name(name, after);
}

// An array keeps the kind of its numbers: floats do not go into an array of integers.
void Interpreter::check_kind_in_place(const Augmented& augmented, const Value& before,
                                      const Value& after) {
  const Array* const array = before.array();
  if (array == nullptr || after.array() == nullptr || array->shape().ndim() == 0) return;
  if (after.array()->type <= array->type) return;
  const std::string& name = std::get<Name>(augmented.target.kind).id;
  refuse(augmented.target.range,
         fmt::format("{} holds {} and the result is {}: NumPy raises, for an array keeps its kind",
                     quoted(name), dtype_of(*array), dtype_of(*after.array())),
         fmt::format("{0} = {0} + ..., which makes a new array", name));
}

// NumPy changes the array itself: under every name that it has, and only within its shape.
void Interpreter::check_in_place(const Augmented& augmented, const Array& before,
                                 const Value& after) {
  if (before.shape().ndim() == 0) return;
  const std::string& name = std::get<Name>(augmented.target.kind).id;
  const std::string instead = fmt::format("{0} = {0} + ..., which makes a new array", name);
  if (scope_->holders[before.var.id()] > 1 || scope_->callers.count(before.var.id()) > 0) {
    refuse(augmented.target.range,
           fmt::format("{} names an array that has another name too: NumPy changes it under both",
                       quoted(name)),
           instead);
  }
  const Shape shape = before.var.shape();
  const Shape result = after.array()->var.shape();
  if (!(shape == result)) {
    refuse(augmented.target.range,
           fmt::format("{} is {} and cannot become {} in place", quoted(name), to_string(shape),
                       to_string(result)),
           instead);
  }
}

void Interpreter::run_evaluation(const Evaluation& evaluation, std::size_t byte) {
  scope_->target = "unused";
  const auto* call = std::get_if<Call>(&evaluation.value.kind);
  const bool is_settings_call = call != nullptr && is_setting(numpy_path(*call->function));
  if (call != nullptr && !is_settings_call) evaluate(evaluation.value);
  const Operand whole{{}, &source(), evaluation.value.range};
  pass_over(byte, whole.text());
}

Value Interpreter::run_return(const Return& result, std::size_t byte) {
  scope_->target = "out";
  const Range word = {static_cast<std::uint32_t>(byte), static_cast<std::uint32_t>(byte)};
  if (!result.value) refuse(word, "this return gives nothing back", "return out");
  Value value = evaluate_results(*result.value, byte);
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

void Interpreter::pass_over(std::size_t byte, std::string_view text) {
  std::string note = passed_over_note(source(), byte, text);
  if (!note.empty() && running_.size() == 1 && notes_.size() < kMostNotes) {
    notes_.push_back(std::move(note));
  }
}

// ---- expressions -----------------------------------------------------------------------------

void Interpreter::refuse(Range range, std::string_view message, std::string_view instead) {
  throw ReadError(source(), range.begin, message, instead);
}

Operand Interpreter::operand(const Expression& expression) {
  return {evaluate(expression), &source(), expression.range};
}

CallSite Interpreter::site(Range range, std::string name) {
  return {draft_, std::move(name), &source(), range};
}

Value Interpreter::evaluate(const Expression& expression) {
  const DepthGuard guard(depth_);
  if (depth_ > kMostDepth) {
    refuse(expression.range, "the functions call each other too deep",
           "the inner part on a line of its own, under a name");
  }
  if (const auto* name = std::get_if<Name>(&expression.kind)) {
    return evaluate_name(expression.range, name->id);
  }
  if (const auto* number = std::get_if<Number>(&expression.kind)) {
    return scalar(number->value, number->is_integer ? NumberType::kInteger : NumberType::kFloat);
  }
  if (const auto* text = std::get_if<Text>(&expression.kind)) return {Word{text->value}};
  if (const auto* constant = std::get_if<Constant>(&expression.kind)) {
    if (*constant == Constant::kNone) return {};
    return scalar(*constant == Constant::kTrue ? 1 : 0, NumberType::kBool);
  }
  if (const auto* sequence = std::get_if<Sequence>(&expression.kind)) {
    return evaluate_sequence(expression, *sequence);
  }
  if (const auto* pairs = std::get_if<Pairs>(&expression.kind)) {
    return evaluate_pairs(expression, *pairs);
  }
  if (const auto* attribute = std::get_if<Attribute>(&expression.kind)) {
    return evaluate_attribute(expression, *attribute);
  }
  if (const auto* call = std::get_if<Call>(&expression.kind)) {
    return evaluate_call(expression, *call);
  }
  if (const auto* subscript = std::get_if<Subscript>(&expression.kind)) {
    return evaluate_subscript(expression, *subscript);
  }
  if (const auto* signs = std::get_if<Signs>(&expression.kind)) return evaluate_signs(*signs);
  const Chain& chain = std::get<Chain>(expression.kind);
  if (chain.rest.front().op == Operator::kPower) return evaluate_powers(chain);
  return evaluate_terms(chain, chain.rest.size()).value;
}

Value Interpreter::evaluate_name(Range range, const std::string& name) {
  const auto found = scope_->names.find(name);
  if (found != scope_->names.end()) return found->second;
  if (name == "float" || name == "int" || name == "bool") return {Word{name, Word::Kind::kType}};
  refuse_name(range, name);
}

Value Interpreter::evaluate_sequence(const Expression& expression, const Sequence& sequence) {
  std::vector<Value> items;
  std::size_t count = 0;
  for (const Expression& item : sequence.items) {
    items.push_back(evaluate(item));
    count += count_values(items.back());
    if (count > kMostValues) {
      refuse(expression.range, fmt::format("a tuple of more than {} values", kMostValues));
    }
  }
  return tuple(std::move(items), sequence.is_list);
}

Value Interpreter::evaluate_attribute(const Expression& expression, const Attribute& attribute) {
  const std::string path = numpy_path(expression);
  if (!path.empty()) return numpy_constant(site(expression.range, "np." + path), path);
  const Operand base = operand(*attribute.base);
  const Array* array = base.value.array();
  if (array == nullptr) {
    refuse(expression.range,
           fmt::format("{} has no .{}", described(base), shortened(attribute.name)));
  }
  if (attribute.name == "T") {
    return call_method(site(expression.range, ".T"), "transpose", {{base}, {}});
  }
  if (attribute.name == "shape") return shape_of(*array);
  if (attribute.name == "ndim") return scalar(array->shape().ndim(), NumberType::kInteger);
  if (attribute.name == "dtype") return {Word{dtype_of(*array), Word::Kind::kDtype}};
  if (attribute.name == "size") {
    return scalar(static_cast<double>(array->var.shape().size()), NumberType::kInteger);
  }
  refuse(expression.range, fmt::format(".{} of an array is not read", shortened(attribute.name)),
         ".shape, .size, .T, or a call such as .sum(axis=0)");
}

Value Interpreter::evaluate_subscript(const Expression& expression, const Subscript& subscript) {
  const Operand base = operand(*subscript.base);
  if (base.value.dictionary() != nullptr) return entry_of(base, *subscript.index);
  const Tuple* tuple = base.value.tuple();
  if (tuple == nullptr) {
    refuse(expression.range, "indexing is not read, other than x.shape[0]",
           "a product with a mask or a one-hot matrix picks entries; keepdims=True keeps an axis");
  }
  const double written = number_of(operand(*subscript.index), "the place in a tuple");
  const double size = static_cast<double>(tuple->items->size());
  const double index = written < 0 ? written + size : written;
  if (!(index >= 0 && index < size) || index != std::floor(index)) {
    refuse(subscript.index->range, fmt::format("{} has {} values: there is none at [{}]",
                                               shortened(base.text()), size, written));
  }
  return (*tuple->items)[static_cast<std::size_t>(index)];
}

Value Interpreter::evaluate_pairs(const Expression& expression, const Pairs& pairs) {
  Dictionary dictionary{scope_->target, std::make_shared<std::map<std::string, Value>>()};
  for (std::size_t i = 0; i + 1 < pairs.items.size(); i += 2) {
    const auto* key = std::get_if<Text>(&pairs.items[i].kind);
    if (key == nullptr) refuse(pairs.items[i].range, "a key that is no text is not read");
    Value value = evaluate(pairs.items[i + 1]);
    if (value.dictionary() != nullptr || holds_dictionary(value)) {
      refuse(expression.range, "a dictionary within a dictionary is not read");
    }
    hold(value, 1);
    (*dictionary.items)[key->value] = std::move(value);
  }
  return {std::move(dictionary)};
}

Value Interpreter::entry_of(const Operand& dictionary, const Expression& index) {
  const Operand key = operand(index);
  const Word* word = key.value.word();
  if (word == nullptr) refuse(index.range, "a key that is no text is not read");
  const Dictionary& entries = *dictionary.value.dictionary();
  const auto found = entries.items->find(word->text);
  if (found != entries.items->end()) return found->second;
  if (const std::optional<Value> usual = usual_setting(word->text)) return *usual;
  std::vector<std::string> known;
  for (const auto& [name, value] : *entries.items) known.push_back(name);
  const std::string near = nearest(word->text, known);
  refuse(index.range,
         fmt::format("{} has no entry {}", shortened(dictionary.text()), quoted(word->text)),
         near.empty() ? fmt::format("--set {}.{}=VALUE on the command line",
                                    shortened(dictionary.text()), shortened(word->text))
                      : fmt::format("'{}'", near));
}

// .get(key), .get(key, default), and pop and setdefault, which read the same.
Value Interpreter::call_dictionary(const Expression& expression, const Operand& dictionary,
                                   const std::string& method, const CallArguments& arguments) {
  const bool is_read = method == "get" || method == "pop" || method == "setdefault";
  const std::size_t count = arguments.positional.size();
  if (method == "copy" && count == 0) {
    const Dictionary& from = *dictionary.value.dictionary();
    return {Dictionary{from.name, std::make_shared<std::map<std::string, Value>>(*from.items)}};
  }
  if (!is_read || count < 1 || count > 2 || !arguments.keywords.empty()) {
    refuse(expression.range, fmt::format(".{}() of a dictionary is not read so", shortened(method)),
           ".get('key'), .get('key', 1.0), or ['key']");
  }
  const Operand& key = arguments.positional[0];
  const Word* word = key.value.word();
  if (word == nullptr) refuse(key.range, "a key that is no text is not read");
  const Dictionary& entries = *dictionary.value.dictionary();
  const auto found = entries.items->find(word->text);
  if (found != entries.items->end()) return found->second;
  return count == 2 ? arguments.positional[1].value : Value{};
}

Value Interpreter::evaluate_signs(const Signs& signs) {
  const Operand inner = operand(*signs.operand);
  const bool minus = std::count(signs.signs.begin(), signs.signs.end(), '-') % 2 != 0;
  if (minus) return negative(draft_, inner);
  if (inner.value.scalar() == nullptr) as_array(draft_, inner);
  return inner.value;
}

// The first `count` operators of a chain, from the left.
Operand Interpreter::evaluate_terms(const Chain& chain, std::size_t count) {
  Operand left = operand(*chain.first);
  for (std::size_t i = 0; i < count; ++i) {
    const Term& term = chain.rest[i];
    const Operand right = operand(term.operand);
    const std::optional<bool> same = compared(term.op, left.value, right.value);
    left.value = same ? scalar(*same ? 1 : 0, NumberType::kBool)
                      : apply_operator(draft_, term.op, term.byte, left, right);
    left.range.end = term.operand.range.end;
  }
  return left;
}

// `a ** b ** c` is a ** (b ** c).
Value Interpreter::evaluate_powers(const Chain& chain) {
  const Operand base = operand(*chain.first);
  Operand exponent = operand(chain.rest.back().operand);
  for (std::size_t i = chain.rest.size() - 1; i > 0; --i) {
    const Operand left = operand(chain.rest[i - 1].operand);
    exponent.value = apply_operator(draft_, Operator::kPower, chain.rest[i].byte, left, exponent);
    exponent.range.begin = left.range.begin;
  }
  return apply_operator(draft_, Operator::kPower, chain.rest.front().byte, base, exponent);
}

// ---- calls -----------------------------------------------------------------------------------

CallArguments Interpreter::arguments_of(const Call& call) {
  CallArguments arguments;
  for (std::size_t i = 0; i < call.positional(); ++i) {
    arguments.positional.push_back(operand(call.arguments[i]));
  }
  for (const Keyword& keyword : call.keywords) {
    arguments.keywords.push_back(
        {keyword.name, keyword.byte, operand(call.arguments[keyword.argument])});
  }
  return arguments;
}

Value Interpreter::evaluate_call(const Expression& expression, const Call& call) {
  if (const auto* name = std::get_if<Name>(&call.function->kind)) {
    return call_by_name(expression, call, name->id);
  }
  const auto* attribute = std::get_if<Attribute>(&call.function->kind);
  if (attribute == nullptr) {
    refuse(expression.range, "only a function with a name can be called");
  }
  const std::string path = numpy_path(*call.function);
  if (path == "sqrt") return call_square_root(expression, call);
  if (!path.empty()) {
    if (!is_numpy_function(path)) call_numpy(site(expression.range, "np." + path), path, {});
    return call_numpy(site(expression.range, "np." + path), path, arguments_of(call));
  }
  const Operand base = operand(*attribute->base);
  if (base.value.dictionary() != nullptr) {
    return call_dictionary(expression, base, attribute->name, arguments_of(call));
  }
  if (base.value.array() == nullptr && base.value.scalar() == nullptr) {
    refuse(expression.range,
           fmt::format("{} has no .{}()", described(base), shortened(attribute->name)));
  }
  CallArguments arguments = arguments_of(call);
  arguments.positional.insert(arguments.positional.begin(), base);
  return call_method(site(expression.range, "." + shortened(attribute->name)), attribute->name,
                     arguments);
}

// np.sqrt(var + eps) is one step where eps is a number or a constant.
Value Interpreter::call_square_root(const Expression& expression, const Call& call) {
  const bool is_plain = call.arguments.size() == 1 && call.keywords.empty();
  const auto* chain = is_plain ? std::get_if<Chain>(&call.arguments[0].kind) : nullptr;
  CallArguments arguments;
  if (chain == nullptr || chain->rest.back().op != Operator::kAdd) {
    arguments = arguments_of(call);
  } else {
    const Term& last = chain->rest.back();
    const Operand left = evaluate_terms(*chain, chain->rest.size() - 1);
    const Operand right = operand(last.operand);
    if (variance_of_deviation(left, right) != nullptr) {
      return deviation(draft_, last.byte, left, right);
    }
    if (variance_of_deviation(right, left) != nullptr) {
      return deviation(draft_, last.byte, right, left);
    }
    const Value sum = apply_operator(draft_, Operator::kAdd, last.byte, left, right);
    arguments.positional.push_back({sum, &source(), call.arguments[0].range});
  }
  return call_numpy(site(expression.range, "np.sqrt"), "sqrt", arguments);
}

Value Interpreter::call_by_name(const Expression& expression, const Call& call,
                                const std::string& name) {
  if (scope_->names.count(name) > 0) {
    refuse(expression.range, fmt::format("{} is a value, not a function", quoted(name)));
  }
  if (const Function* function = scope_->module.find(name)) {
    return call_inline(expression, call, scope_->module, *function);
  }
  const Library::Entry builtin = library_.find(name);
  if (builtin.function != nullptr) {
    return call_inline(expression, call, *builtin.module, *builtin.function);
  }
  const bool is_word = name == "len" || name == "float" || name == "int" || name == "abs";
  if (!is_word) refuse_function(expression.range, name);
  if (name == "abs") return call_numpy(site(expression.range, name), "abs", arguments_of(call));
  if (call.arguments.size() != 1 || !call.keywords.empty()) {
    refuse(expression.range, fmt::format("{}() takes one argument", name));
  }
  const Operand argument = operand(call.arguments[0]);
  if (name == "len") {
    const Tuple* tuple = argument.value.tuple();
    if (tuple != nullptr) {
      return scalar(static_cast<double>(tuple->items->size()), NumberType::kInteger);
    }
    const Value shape = shape_of(as_array(draft_, argument));
    if (shape.tuple()->items->empty()) argument.refuse("a single number has no length");
    return shape.tuple()->items->front();
  }
  const Array* array = argument.value.array();
  if (name == "float" && array != nullptr && array->var.shape().is_scalar()) return argument.value;
  const double number = number_of(argument, fmt::format("the argument of {}()", name));
  return name == "float" ? scalar(number) : scalar(std::trunc(number), NumberType::kInteger);
}

void Interpreter::check_call(Range range, const Function& function) {
  if (std::find(running_.begin(), running_.end(), &function) != running_.end()) {
    const std::string by_way = running_.back() == &function
                                   ? ""
                                   : fmt::format(" by way of {}", quoted(running_.back()->name));
    refuse(range,
           fmt::format("{} calls itself{}: the reader takes straight-line NumPy",
                       quoted(function.name), by_way),
           "the steps one below the other, as often as they run");
  }
  if (running_.size() >= kMostCalls) refuse(range, "the functions call each other too deep");
}

Value Interpreter::call_inline(const Expression& expression, const Call& call, const Module& module,
                               const Function& function) {
  check_call(expression.range, function);
  CallArguments arguments = arguments_of(call);
  if (function.error) throw *function.error;
  Scope callee{module, function};
  const std::string& target = scope_->target;
  callee.prefix = scope_->prefix + (target == "out" ? function.name : target) + "_";
  if (&module != &scope_->module || scope_->line != 0) {
    callee.line = scope_->line != 0 ? scope_->line : source().line(expression.range.begin);
  }
  const std::uint16_t outer_group = draft_.group;
  try {
    draft_.group = draft_.graph.add_group(function.name, outer_group);
  } catch (const Error& error) {
    refuse(expression.range, error.what());
  }
  bind_parameters(callee, expression, std::move(arguments));
  Scope* const caller = scope_;
  try {
    Value result = run_body(callee);
    draft_.group = outer_group;
    return result;
  } catch (const ReadError& error) {
    scope_ = caller;
    throw error.with_line(
        fmt::format("called from {}:{}", source().name(), source().line(expression.range.begin)));
  }
}

void Interpreter::bind_parameters(Scope& callee, const Expression& expression,
                                  CallArguments arguments) {
  const std::vector<Parameter>& parameters = callee.function.parameters;
  const std::string name = shortened(callee.function.name);
  if (arguments.positional.size() > parameters.size()) {
    refuse(expression.range, fmt::format("{}() takes {} arguments, not {}", name, parameters.size(),
                                         arguments.positional.size()));
  }
  std::map<std::string, Value> given;
  for (std::size_t i = 0; i < arguments.positional.size(); ++i) {
    given[parameters[i].name] = arguments.positional[i].value;
  }
  for (const KeywordOperand& keyword : arguments.keywords) {
    const bool is_parameter =
        std::any_of(parameters.begin(), parameters.end(),
                    [&](const Parameter& parameter) { return parameter.name == keyword.name; });
    if (!is_parameter || !given.emplace(keyword.name, keyword.operand.value).second) {
      throw ReadError(source(), keyword.byte,
                      fmt::format("{}() {} {}", name,
                                  is_parameter ? "is given twice its argument" : "has no argument",
                                  quoted(keyword.name)));
    }
  }
  for (const Parameter& parameter : parameters) {
    const auto found = given.find(parameter.name);
    if (found != given.end()) {
      bind_parameter(callee, parameter, found->second);
    } else if (parameter.default_value) {
      bind_parameter(callee, parameter, default_of(callee.module, callee.function, parameter));
    } else {
      refuse(expression.range, fmt::format("{}() lacks its argument {}: it takes {}", name,
                                           quoted(parameter.name), parameters.size()));
    }
  }
}

// A setting such as eps=1e-6 is a leaf here as it is in a circuit of its own.
void Interpreter::bind_parameter(Scope& callee, const Parameter& parameter, const Value& value) {
  Value bound = value;
  const bool is_setting = parameter.default_value && value.scalar() != nullptr &&
                          value.scalar()->type != NumberType::kBool &&
                          is_float(default_of(callee.module, callee.function, parameter));
  if (is_setting) {
    const Var leaf = draft_.graph.leaf(Role::kConstant, {}, {}, value.scalar()->value);
    draft_.name(leaf.id(), callee.prefix + parameter.name);
    draft_.graph.place(leaf.id()).group = draft_.group;
    bound = {Array{leaf}};
  }
  const Array* array = value.array();
  if (array != nullptr) {
    const bool caller_holds = scope_->holders[array->var.id()] > 0;
    if (caller_holds || scope_->callers.count(array->var.id()) > 0) {
      callee.callers.insert(array->var.id());
    }
  }
  Scope* const caller = std::exchange(scope_, &callee);
  set_name(parameter.name, bound);
  scope_ = caller;
}

Value Interpreter::default_of(const Module& module, const Function& function,
                              const Parameter& parameter) {
  Scope scope{module, function};
  Scope* const caller = std::exchange(scope_, &scope);
  Value value = evaluate(*parameter.default_value);
  scope_ = caller;
  return value;
}

// ---- names -----------------------------------------------------------------------------------

// "sum" of np.sum, "linalg.norm" of np.linalg.norm; "" for what is no part of NumPy.
std::string Interpreter::numpy_path(const Expression& expression) const {
  const auto* attribute = std::get_if<Attribute>(&expression.kind);
  if (attribute == nullptr) return {};
  if (const auto* name = std::get_if<Name>(&attribute->base->kind)) {
    const std::vector<std::string>& known = scope_->module.numpy_names;
    const bool is_numpy =
        name->id == "math" || std::find(known.begin(), known.end(), name->id) != known.end();
    return is_numpy && scope_->names.count(name->id) == 0 ? attribute->name : std::string();
  }
  const std::string path = numpy_path(*attribute->base);
  return path.empty() ? path : path + "." + attribute->name;
}

// "6" if line 6 of this function sets the name, "" if none does.
std::string Interpreter::line_that_sets(const std::string& name) const {
  for (const Statement& statement : scope_->function.body) {
    const auto* assignment = std::get_if<Assignment>(&statement.kind);
    const bool here = assignment != nullptr &&
                      std::any_of(assignment->targets.begin(), assignment->targets.end(),
                                  [&](const Expression& target) { return sets(target, name); });
    if (here) return std::to_string(source().line(statement.byte));
  }
  return {};
}

void Interpreter::refuse_name(Range range, const std::string& name) {
  const bool is_function =
      scope_->module.find(name) != nullptr || library_.find(name).function != nullptr;
  if (is_function) {
    refuse(range,
           fmt::format("{} is a function, and stands here without its (arguments)", quoted(name)),
           fmt::format("{}(x)", shortened(name)));
  }
  if (const std::string line = line_that_sets(name); !line.empty()) {
    refuse(range, fmt::format("{} has no value yet: line {} sets it", quoted(name), line),
           "that line above this one");
  }
  std::vector<std::string> known;
  for (const auto& [other, value] : scope_->names) known.push_back(other);
  refuse(range,
         fmt::format("there is no value {} here: a parameter or a line above is to set it",
                     quoted(name)),
         nearest(name, known));
}

void Interpreter::refuse_function(Range range, const std::string& name) {
  std::vector<std::string> known = builtin_names();
  for (const Function& function : scope_->module.functions) known.push_back(function.name);
  std::string instead = nearest(name, known);
  if (is_numpy_function(name)) instead = "np." + name;
  refuse(
      range,
      fmt::format("there is no function {}: neither in this file nor among the built-in circuits",
                  quoted(name)),
      instead);
}

}  // namespace backstep::read
