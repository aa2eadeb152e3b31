// Walks the statements of a function: Python's meaning of names, tuples, calls and returns.
#include "engine/read/interpreter.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/read/nearest.h"
#include "engine/read/operations.h"
#include "engine/read/python_builtins.h"
#include "engine/read/python_numbers.h"
#include "engine/read/refusals.h"
#include "engine/read/settings.h"

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

bool is_plain(const Value& value) {
  return value.object() == nullptr && value.type() == nullptr && value.method() == nullptr;
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

// Of texts, None, and tuples of them and of numbers: nothing where Python's answer is not known.
std::optional<bool> are_equal(const Value& a, const Value& b) {
  const bool is_open = a.array() != nullptr || b.array() != nullptr || !is_plain(a) || !is_plain(b);
  if (is_open || (a.dictionary() != nullptr && b.dictionary() != nullptr)) return std::nullopt;
  if (a.kind.index() != b.kind.index()) return false;
  if (a.is_none()) return true;
  if (a.word() != nullptr) return same(*a.word(), *b.word());
  if (a.scalar() != nullptr) return a.scalar()->value == b.scalar()->value;
  const Tuple& left = *a.tuple();
  const Tuple& right = *b.tuple();
  if (left.is_list != right.is_list || left.items->size() != right.items->size()) return false;
  for (std::size_t i = 0; i < left.items->size(); ++i) {
    const std::optional<bool> item = are_equal((*left.items)[i], (*right.items)[i]);
    if (!item || !*item) return item;
  }
  return true;
}

std::optional<bool> compared(Operator op, const Value& a, const Value& b) {
  if (op != Operator::kEqual && op != Operator::kNotEqual) return std::nullopt;
  const std::optional<bool> same = are_equal(a, b);
  return same ? std::optional<bool>(*same == (op == Operator::kEqual)) : std::nullopt;
}

// What of Python's math is what NumPy has, for one number.
constexpr std::array<std::string_view, 9> kMath = {"sqrt", "exp", "log", "tanh", "fabs",
                                                   "pi",   "e",   "inf", "nan"};

bool has_prefix(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix;
}

// "exp" of numpy.exp and math.exp; the whole path of one of SciPy's functions that is read; "" for
// what is none of these.
std::string name_in_numpy(std::string_view path) {
  for (const std::string_view module : {"numpy.", "autograd.numpy."}) {
    if (has_prefix(path, module)) return std::string(path.substr(module.size()));
  }
  if (has_prefix(path, "scipy.") && is_numpy_function(path)) return std::string(path);
  constexpr std::string_view kModule = "math.";
  if (!has_prefix(path, kModule)) return {};
  const std::string_view name = path.substr(kModule.size());
  const bool is_known = std::find(kMath.begin(), kMath.end(), name) != kMath.end();
  return is_known ? std::string(name) : std::string();
}

// Functions and methods that give the numbers of their array again, and not a copy of them; those
// whose numbers are followed when they are changed.
constexpr std::array<std::string_view, 8> kFollowedViews = {
    "T", "expand_dims", "flip", "ravel", "reshape", "squeeze", "swapaxes", "transpose"};
constexpr std::array<std::string_view, 25> kViews = {
    "T",          "asanyarray", "asarray",     "ascontiguousarray",
    "atleast_1d", "atleast_2d", "atleast_3d",  "broadcast_to",
    "diag",       "diagonal",   "expand_dims", "flip",
    "fliplr",     "flipud",     "moveaxis",    "ravel",
    "real",       "reshape",    "rollaxis",    "squeeze",
    "swapaxes",   "transpose",  "view",        "float64",
    "double"};

// Those of NumPy that give an array of no sides where others give a number: unlike a number, it can
// be changed in place.
constexpr std::array<std::string_view, 10> kArraysOfNoSides = {
    "array", "copy",      "empty", "full",  "full_like",
    "ones",  "ones_like", "where", "zeros", "zeros_like"};

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What a method makes of an array: another one, or a view of it, unless its numbers are of another
// kind. A copy of a number is a number, and one of an array of no sides is such an array.
Value of_method(std::string_view method, Value result, const Value& of) {
  const bool is_view = is_one_of(kViews, method) && result.array() != nullptr &&
                       of.array() != nullptr && result.array()->type == of.array()->type;
  if (is_view && method == "ravel") return as_line(std::move(result), of);
  if (is_view) return as_view(std::move(result), of, is_one_of(kFollowedViews, method));
  result = as_new(std::move(result));
  const bool is_copy = (method == "copy" || method == "astype") && result.array() != nullptr;
  if (is_copy && of.array() != nullptr && of.array()->memory != nullptr) {
    result.array()->memory->is_number = of.array()->memory->is_number;
  }
  return result;
}

std::string shown_path(std::string_view path) {
  const bool is_whole = has_prefix(path, "math.") || has_prefix(path, "scipy.");
  return is_whole ? std::string(path) : "np." + name_in_numpy(path);
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

// ---- statements ------------------------------------------------------------------------------

Value Interpreter::run(const Module& module, const Function& function,
                       std::map<std::string, Value> arguments) {
  if (function.error) throw *function.error;
  if (function.object) return run_object(module, function, std::move(arguments));
  if (const ModuleName* bound = module.name(function.name)) {
    const bool is_it = bound->is_certain && bound->binding.what == Binds::kFunction;
    if (!is_it || module.find(function.name) != &function) {
      throw ReadError(*module.source, bound->binding.byte,
                      fmt::format("{} is bound anew here: the def in line {} is not what it is "
                                  "when the file has run",
                                  quoted(function.name), module.source->line(function.byte)),
                      "another name here");
    }
  }
  Scope scope{module, function};
  scope_ = &scope;
  for (auto& [name, value] : arguments) set_name(name, given(std::move(value)));
  return current(run_body(scope));
}

// An argument from outside. Its dictionaries are filled as they are, its tuples made anew.
Value Interpreter::given(Value value) {
  if (auto* array = std::get_if<Array>(&value.kind); array != nullptr && array->memory == nullptr) {
    std::shared_ptr<Memory>& memory = given_[array->var.id()];
    if (memory == nullptr) memory = as_object(value).array()->memory;
    array->memory = memory;
  } else if (const Tuple* tuple = value.tuple()) {
    std::vector<Value> items;
    for (const Value& item : *tuple->items) items.push_back(given(item));
    return {Tuple{std::make_shared<const std::vector<Value>>(std::move(items)), tuple->is_list}};
  } else if (const Dictionary* dictionary = value.dictionary()) {
    for (auto& [key, item] : *dictionary->items) item = given(std::move(item));
  }
  return current(value);
}

Value Interpreter::run_body(Scope& scope) {
  Scope* const caller = std::exchange(scope_, &scope);
  running_.push_back(&scope.function);
  std::optional<Value> result = run_statements(scope.function.body);
  // A method may be there for what it does to its object.
  if (!result && scope.owner != nullptr) result = Value{};
  if (result) {
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
    run_skipped(std::get<Skipped>(statement.kind), statement.byte);
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
    running_selves_.resize(selves);
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
                  .is_inner = is_inner(),
                  .is_field = std::holds_alternative<Attribute>(assignment.targets.front().kind),
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
  const std::string_view text = operand.text();
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

void Interpreter::set_entry(const Subscript& target, const Value& value) {
  const Operand base = operand(*target.base);
  const Dictionary* dictionary = base.value.dictionary();
  if (dictionary == nullptr) {
    refuse(target.base->range, fmt::format("{} is no dictionary", described(base)));
  }
  // One that held itself would never end.
  const bool is_nested = value.dictionary() != nullptr || holds_dictionary(value);
  if (is_nested) refuse(target.base->range, "a dictionary within a dictionary is not read");
  const std::string& key = std::get<Text>(target.index->kind).value;
  check_endless(value, nullptr, base);
  const Object* object = value.object();
  if (object != nullptr && object->instance->label.empty()) object->instance->label = key;
  (*dictionary->items)[key] = as_object(value);
}

void Interpreter::run_augmented(const Augmented& augmented, std::size_t byte) {
  if (std::holds_alternative<Subscript>(augmented.target.kind)) {
    return run_augmented_part(augmented, byte);
  }
  const auto* field = std::get_if<Attribute>(&augmented.target.kind);
  const std::string name = first_name(augmented.target);
  scope_->target = name;
  if (augmented.op == Operator::kMatmul) {
    refuse(augmented.target.range, "NumPy below 1.25 has no `@=`",
           fmt::format("{0} = {0} @ ...", name));
  }
  Operand before{
      field != nullptr ? evaluate(augmented.target) : evaluate_name(augmented.target.range, name),
      &source(), augmented.target.range};
  const Operand change = operand(augmented.value);
  before.value = current(before.value);
  const std::size_t target = augmented.target.range.begin;
  Value after = as_new(apply(augmented.op, target, before, change));
  const Array* const array = before.value.array();
  const bool is_in_place = array != nullptr && !array->memory->is_number;
  if (is_in_place) check_in_place(augmented.target.range, name, *array, after);
  const auto outside = array == nullptr ? given_.end() : given_.find(array->var.id());
  const bool grows =
      array != nullptr && after.array() != nullptr && !(after.array()->shape() == array->shape());
  if (!is_in_place && outside != given_.end() && grows) {
    refuse(augmented.target.range,
           fmt::format("{} comes from outside as one number, and NumPy would not make an array of "
                       "it in place",
                       quoted(name)),
           fmt::format("{0} = {0} + ..., which makes a new array", name));
  }
  if (after.array() != nullptr) {
    after = as_object(watched({.name = name,
                               .module = &scope_->module,
                               .byte = static_cast<std::uint32_t>(byte),
                               .value = augmented.value.range,
                               .is_inner = is_inner(),
                               .is_field = field != nullptr,
                               .key = {}},
                              std::move(after)));
  }
  name_node(after, name);
  if (is_in_place) {
    write_whole(array->memory, after.array()->var, after.array()->most);
    if (array->memory->base != nullptr) {
      Array whole = *array;
      whole.var = array->memory->base->var;
      name_node({whole}, name_of(*array->memory, name));
    }
  } else if (field != nullptr) {
    set_field(*field, after);
  } else {
    set_name(name, after);
  }
}

// Where an array shares its numbers with one whose places are not followed, no change is read.
void Interpreter::check_sharing(Range target, std::string_view name, const Memory& memory) {
  const std::string instead = fmt::format("{0} = {0} + ..., which makes a new array", name);
  if (memory.base != nullptr && memory.places == nullptr) {
    refuse(target,
           fmt::format("{} may share its numbers with another array, as reshape and broadcast_to "
                       "do: NumPy changes them in both",
                       quoted(name)),
           instead);
  }
  const Memory& whole = memory.base != nullptr ? *memory.base : memory;
  if (whole.has_other_views()) {
    refuse(target,
           fmt::format("another array may share the numbers of {}, made by reshape or "
                       "broadcast_to: NumPy changes them in both",
                       quoted(name)),
           instead);
  }
}

// NumPy changes the array itself, under every name that it has: within its shape and its type.
void Interpreter::check_in_place(Range target, std::string_view name, const Array& before,
                                 const Value& after) {
  const std::string instead = fmt::format("{0} = {0} + ..., which makes a new array", name);
  const auto refuse_change = [&](const std::string& message) { refuse(target, message, instead); };
  check_sharing(target, name, *before.memory);
  const Shape shape = before.var.shape();
  const Shape result = after.array()->var.shape();
  if (!(shape == result)) {
    refuse_change(fmt::format("{} is {} and cannot become {} in place", quoted(name),
                              to_string(shape), to_string(result)));
  }
  if (after.array()->type > before.type) {
    refuse_change(
        fmt::format("{} holds {} and the result is {}: NumPy raises, for an array keeps "
                    "its kind of numbers",
                    quoted(name), dtype_of(before), dtype_of(*after.array())));
  }
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
  if (!result.value && scope_->owner != nullptr) return {};
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

// Whatever makes an array gives it a memory here.
Value Interpreter::evaluate(const Expression& expression) {
  Value value = evaluate_kind(expression);
  // A name gives what its array is now. Other numbers than these come from an operation that made
  // its result out of an argument.
  const Array* array = value.array();
  const bool is_made =
      array != nullptr && array->memory != nullptr && array->memory->var.id() != array->var.id();
  return is_made ? as_new(std::move(value)) : as_object(std::move(value));
}

Value Interpreter::evaluate_kind(const Expression& expression) {
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
    if (*constant == Constant::kEllipsis)
      refuse(expression.range, "`...` stands in an index alone");
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
  if (const auto* signs = std::get_if<Signs>(&expression.kind)) {
    return evaluate_signs(*signs);
  }
  const Chain& chain = std::get<Chain>(expression.kind);
  if (chain.rest.front().op == Operator::kPower) return evaluate_powers(chain);
  return evaluate_terms(chain, chain.rest.size()).value;
}

Value Interpreter::evaluate_name(Range range, const std::string& name) {
  const auto found = scope_->names.find(name);
  if (found != scope_->names.end()) {
    const std::size_t nodes = draft_.graph.size();
    Value value = current(found->second);
    // A view of an array that has changed.
    if (draft_.graph.size() > nodes) name_node(value, name);
    return value;
  }
  if (const std::string path = imported_path(name); !path.empty()) {
    const std::string constant = name_in_numpy(path);
    if (constant.empty()) refuse_import(range, path);
    Value value = numpy_constant(site(range, shown_path(path)), constant);
    if (value.word() != nullptr) return {Word{value.word()->text, Word::Kind::kType}};
    return value;
  }
  if (const Class* of = class_named(name)) return {Type{of, &scope_->module}};
  check_bound(range, name);
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
  if (const std::string path = path_of(expression); !path.empty()) {
    const std::string constant = name_in_numpy(path);
    if (constant.empty()) refuse_import(expression.range, path);
    Value value = numpy_constant(site(expression.range, shown_path(path)), constant);
    if (value.word() != nullptr) return {Word{value.word()->text, Word::Kind::kType}};
    return value;
  }
  const Operand base = operand(*attribute.base);
  if (base.value.object() != nullptr) {
    return attribute_of_object(expression.range, base, attribute.name);
  }
  if (base.value.type() != nullptr) {
    return attribute_of_type(expression.range, base, attribute.name);
  }
  const Array* array = base.value.array();
  if (array == nullptr) {
    refuse(expression.range,
           fmt::format("{} has no .{}", described(base), shortened(attribute.name)));
  }
  if (attribute.name == "T") {
    return of_method("T", call_method(site(expression.range, ".T"), "transpose", {{base}, {}}),
                     base.value);
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
  Operand base = operand(*subscript.base);
  if (base.value.dictionary() != nullptr) return entry_of(base, *subscript.index);
  if (base.value.tuple() != nullptr) return part_of_tuple(base, *subscript.index);
  if (base.value.array() == nullptr) {
    refuse(expression.range, fmt::format("{} has no parts to index", described(base)));
  }
  const std::vector<IndexPart> index = index_of(*subscript.index, base.value.array()->shape());
  base.value = current(base.value);
  return part_of_array(base, index);
}

Value Interpreter::evaluate_pairs(const Expression& expression, const Pairs& pairs) {
  Dictionary dictionary{scope_->target, std::make_shared<Entries>()};
  for (std::size_t i = 0; i + 1 < pairs.items.size(); i += 2) {
    const auto* key = std::get_if<Text>(&pairs.items[i].kind);
    if (key == nullptr) refuse(pairs.items[i].range, "a key that is no text is not read");
    Value value = evaluate(pairs.items[i + 1]);
    if (value.dictionary() != nullptr || holds_dictionary(value)) {
      refuse(expression.range, "a dictionary within a dictionary is not read");
    }
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
  if (found != entries.items->end()) return current(found->second);
  const bool is_given = watch_ || entries.is_given;
  const std::optional<Value> usual =
      is_given ? usual_setting(entries.name, word->text) : std::nullopt;
  if (usual) {
    std::string note = fmt::format("{}['{}'] is not set: {}", shortened(dictionary.text()),
                                   shortened(word->text), setting_text(*usual));
    if (std::find(assumed_.begin(), assumed_.end(), note) == assumed_.end()) {
      assumed_.push_back(std::move(note));
    }
    return *usual;
  }
  std::vector<std::string> known;
  for (const auto& [name, value] : *entries.items) known.push_back(name);
  const std::string near = nearest(word->text, known);
  refuse(index.range,
         fmt::format("{} has no entry {}", shortened(dictionary.text()), quoted(word->text)),
         !near.empty() ? fmt::format("'{}'", near)
         : is_given    ? fmt::format("--set {}.{}=VALUE on the command line",
                                     shortened(dictionary.text()), shortened(word->text))
                    : fmt::format("{}.get('{}', VALUE), or the entry where the dictionary is made",
                                  shortened(dictionary.text()), shortened(word->text)));
}

// .get(key), .get(key, default), pop, setdefault, copy, and update with another dictionary.
Value Interpreter::call_dictionary(const Expression& expression, const Operand& dictionary,
                                   const std::string& method, const CallArguments& arguments) {
  const bool is_read = method == "get" || method == "pop" || method == "setdefault";
  const std::size_t count = arguments.positional.size();
  if (method == "copy" && count == 0 && arguments.keywords.empty()) {
    const Dictionary& from = *dictionary.value.dictionary();
    return {Dictionary{from.name, std::make_shared<Entries>(*from.items), from.is_given}};
  }
  Dictionary entries = *dictionary.value.dictionary();
  if (method == "update" && count == 1 && arguments.keywords.empty()) {
    const Dictionary* other = arguments.positional[0].value.dictionary();
    if (other == nullptr) arguments.positional[0].refuse("a dictionary is expected");
    const Entries added = *other->items;
    for (const auto& [key, value] : added) {
      (*entries.items)[key] = value;
    }
    return {};
  }
  if (!is_read || count < 1 || count > 2 || !arguments.keywords.empty()) {
    refuse(expression.range, fmt::format(".{}() of a dictionary is not read so", shortened(method)),
           ".get('key'), .get('key', 1.0), or ['key']");
  }
  const Operand& key = arguments.positional[0];
  const Word* word = key.value.word();
  if (word == nullptr) refuse(key.range, "a key that is no text is not read");
  const auto found = entries.items->find(word->text);
  if (found != entries.items->end()) {
    const Value value = current(found->second);
    if (method == "pop") entries.items->erase(found);
    return value;
  }
  if (method == "pop" && count == 1) {
    refuse(key.range,
           fmt::format("{} has no entry {}", shortened(dictionary.text()), quoted(word->text)),
           fmt::format(".pop('{}', VALUE)", shortened(word->text)));
  }
  Value value = count == 2 ? arguments.positional[1].value : Value{};
  if (method == "setdefault") {
    if (holds_dictionary(value)) {
      refuse(expression.range, "a dictionary within a dictionary is not read");
    }
    (*entries.items)[word->text] = value;
  }
  return value;
}

Value Interpreter::evaluate_signs(const Signs& signs) {
  const Operand inner = operand(*signs.operand);
  const bool minus = std::count(signs.signs.begin(), signs.signs.end(), '-') % 2 != 0;
  return as_new(with_sign(draft_, inner, minus));
}

// `a op b`: of two numbers, as Python works it out.
Value Interpreter::apply(Operator op, std::size_t byte, const Operand& left, const Operand& right) {
  // The operand on the right may have been a call that changed the one on the left in place.
  const Operand a{current(left.value), left.source, left.range};
  const Operand b{current(right.value), right.source, right.range};
  if (a.value.scalar() != nullptr && b.value.scalar() != nullptr) {
    try {
      return {arithmetic(op, *a.value.scalar(), *b.value.scalar())};
    } catch (const Error& error) {
      throw ReadError(*a.source, byte, error.what());
    }
  }
  if (const std::optional<bool> same = compared(op, a.value, b.value)) {
    return scalar(*same ? 1 : 0, NumberType::kBool);
  }
  return as_new(apply_operator(draft_, op, byte, a, b));
}

// The first `count` operators of a chain, from the left.
Operand Interpreter::evaluate_terms(const Chain& chain, std::size_t count) {
  Operand left = operand(*chain.first);
  for (std::size_t i = 0; i < count; ++i) {
    const Term& term = chain.rest[i];
    const Operand right = operand(term.operand);
    left.value = apply(term.op, term.byte, left, right);
    left.range.end = term.operand.range.end;
  }
  return left;
}

// `a ** b ** c` is a ** (b ** c).
Value Interpreter::evaluate_powers(const Chain& chain) {
  const Operand base = operand(*chain.first);
  std::vector<Operand> operands;
  for (const Term& term : chain.rest) operands.push_back(operand(term.operand));
  Operand exponent = operands.back();
  for (std::size_t i = chain.rest.size() - 1; i > 0; --i) {
    exponent.value = apply(Operator::kPower, chain.rest[i].byte, operands[i - 1], exponent);
    exponent.range.begin = operands[i - 1].range.begin;
  }
  return apply(Operator::kPower, chain.rest.front().byte, base, exponent);
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
  // A later argument may have been a call that changed an earlier one in place.
  for (Operand& argument : arguments.positional) argument.value = current(argument.value);
  for (KeywordOperand& keyword : arguments.keywords) {
    keyword.operand.value = current(keyword.operand.value);
  }
  return arguments;
}

Value Interpreter::evaluate_call(const Expression& expression, const Call& call) {
  if (const std::string path = path_of(*call.function); !path.empty()) {
    return call_imported(expression, call, path);
  }
  if (const auto* name = std::get_if<Name>(&call.function->kind)) {
    return call_by_name(expression, call, name->id);
  }
  const auto* attribute = std::get_if<Attribute>(&call.function->kind);
  if (attribute == nullptr) return call_value(expression, call, operand(*call.function));
  if (std::optional<Value> result = call_super(expression, call)) return std::move(*result);
  const Operand base = operand(*attribute->base);
  if (base.value.object() != nullptr || base.value.type() != nullptr) {
    const Range range = call.function->range;
    const Value method = base.value.object() != nullptr
                             ? attribute_of_object(range, base, attribute->name)
                             : attribute_of_type(range, base, attribute->name);
    return call_value(expression, call, {method, &source(), range});
  }
  if (base.value.dictionary() != nullptr) {
    return call_dictionary(expression, base, attribute->name, arguments_of(call));
  }
  if (base.value.array() == nullptr) {
    refuse(expression.range,
           fmt::format("{} has no .{}()", described(base), shortened(attribute->name)));
  }
  CallArguments arguments = arguments_of(call);
  arguments.positional.insert(arguments.positional.begin(),
                              {current(base.value), base.source, base.range});
  const CallSite here = site(expression.range, "." + shortened(attribute->name));
  return of_method(attribute->name, call_method(here, attribute->name, arguments), base.value);
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
    Operand left = evaluate_terms(*chain, chain->rest.size() - 1);
    const Operand right = operand(last.operand);
    left.value = current(left.value);
    if (variance_of_deviation(left, right) != nullptr) {
      return deviation(draft_, last.byte, left, right);
    }
    if (variance_of_deviation(right, left) != nullptr) {
      return deviation(draft_, last.byte, right, left);
    }
    const Value sum = apply(Operator::kAdd, last.byte, left, right);
    arguments.positional.push_back({sum, &source(), call.arguments[0].range});
  }
  return call_numpy(site(expression.range, "np.sqrt"), "sqrt", arguments);
}

Value Interpreter::call_by_name(const Expression& expression, const Call& call,
                                const std::string& name) {
  if (scope_->names.count(name) > 0) {
    return call_value(expression, call, operand(*call.function));
  }
  if (const Class* of = class_named(name)) {
    return call_type(expression, call, {of, &scope_->module});
  }
  check_bound(expression.range, name);
  if (const Function* function = scope_->module.find(name)) {
    const bool is_early = scope_->is_top_level && scope_->module.name(name)->times > 1;
    if (is_early) {
      refuse(expression.range,
             fmt::format("{} has several defs, and a default takes the one above it", quoted(name)),
             "a name of its own for each def");
    }
    return call_inline(expression, call, scope_->module, *function);
  }
  if (is_python_builtin(name)) {
    return as_new(call_builtin(site(expression.range, name), name, arguments_of(call)));
  }
  const Library::Entry builtin = library_.find(name);
  if (builtin.function == nullptr) refuse_function(expression.range, name);
  return call_inline(expression, call, *builtin.module, *builtin.function);
}

// A function of NumPy or of Python's math, or a built-in circuit by its module and name.
Value Interpreter::call_imported(const Expression& expression, const Call& call,
                                 const std::string& path) {
  const std::string name = name_in_numpy(path);
  if (name.empty()) {
    const std::size_t dot = path.find('.');
    const std::string module = path.substr(0, dot);
    const std::string function = dot == std::string::npos ? std::string() : path.substr(dot + 1);
    const Library::Entry circuit = library_.find_imported(source(), module, function);
    if (circuit.function == nullptr) refuse_import(expression.range, path);
    return call_inline(expression, call, *circuit.module, *circuit.function);
  }
  const CallSite here = site(expression.range, shown_path(path));
  if (!is_numpy_function(name)) call_numpy(here, name, {});
  if (has_prefix(path, "math.")) {
    const CallArguments arguments = arguments_of(call);
    for (const Operand& argument : arguments.positional) {
      const Array* array = argument.value.array();
      if (array == nullptr || array->var.shape().is_scalar()) continue;
      argument.refuse(fmt::format("{} takes one number, not an array", here.name), "np." + name);
    }
    return as_new(call_numpy(here, name, arguments));
  }
  const auto of_numpy = [](Value value) {
    if (Scalar* number = value.scalar()) number->is_numpy = true;
    return value;
  };
  if (name == "sqrt") return of_numpy(as_new(call_square_root(expression, call)));
  const CallArguments arguments = arguments_of(call);
  Value result = of_numpy(call_numpy(here, name, arguments));
  const bool is_array = name == "asarray" || is_one_of(kArraysOfNoSides, name);
  if (is_array && result.scalar() != nullptr) {
    result = {as_array(draft_, {result, &source(), expression.range})};
  }
  const Value first = arguments.positional.empty() ? Value{} : arguments.positional.front().value;
  result = of_method(name, std::move(result), first);
  if (is_array && result.array() != nullptr) result.array()->memory->is_number = false;
  return result;
}

void Interpreter::check_call(Range range, const Function& function, bool may_repeat) {
  if (!may_repeat && std::find(running_.begin(), running_.end(), &function) != running_.end()) {
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
  Value result = call_in(callee, expression, std::move(arguments));
  draft_.group = outer_group;
  return result;
}

// Runs a function in the scope that is made for it.
Value Interpreter::call_in(Scope& callee, const Expression& expression, CallArguments arguments) {
  bind_parameters(callee, expression, std::move(arguments));
  Scope* const caller = scope_;
  try {
    return run_body(callee);
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
  for (std::size_t i = 0; i < arguments.positional.size(); ++i) {
    if (!parameters[i].needs_name) continue;
    refuse(arguments.positional[i].range,
           fmt::format("{}() takes {} by its name alone", name, quoted(parameters[i].name)),
           fmt::format("{}=...", shortened(parameters[i].name)));
  }
  std::map<std::string, Value> given;
  for (std::size_t i = 0; i < arguments.positional.size(); ++i) {
    given[parameters[i].name] = arguments.positional[i].value;
  }
  for (const KeywordOperand& keyword : arguments.keywords) {
    const bool is_parameter =
        std::any_of(parameters.begin(), parameters.end(), [&](const Parameter& parameter) {
          return parameter.name == keyword.name && parameter.may_have_name;
        });
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
  Scope* const caller = std::exchange(scope_, &callee);
  set_name(parameter.name, bound);
  scope_ = caller;
}

Value Interpreter::default_of(const Module& module, const Function& function,
                              const Parameter& parameter) {
  const auto known = defaults_.find(&parameter);
  if (known != defaults_.end()) return known->second;
  Scope scope{module, function};
  scope.is_top_level = true;
  Scope* const caller = std::exchange(scope_, &scope);
  Value value = evaluate(*parameter.default_value);
  scope_ = caller;
  defaults_.emplace(&parameter, value);
  return value;
}

// ---- names -----------------------------------------------------------------------------------

// Set somewhere in this function, and so by Python's rule not what the file calls so.
bool Interpreter::is_own_name(const std::string& name) const {
  return !scope_->is_top_level && scope_->function.own_names.count(name) > 0;
}

// "numpy" of np, "math.pi" of pi; "" for a name that is not imported.
std::string Interpreter::imported_path(const std::string& name) const {
  if (scope_->names.count(name) > 0) return {};
  const auto here = scope_->imports.find(name);
  if (here != scope_->imports.end()) return here->second;
  if (is_own_name(name)) return {};
  if (const ModuleName* bound = scope_->module.name(name)) {
    const bool is_import = bound->is_certain && bound->binding.what == Binds::kImport;
    return is_import ? bound->binding.path : std::string();
  }
  // Code is often pasted without its imports.
  return name == "np" ? "numpy" : std::string();
}

// "numpy.sum" of np.sum; "" for what is no part of an import.
std::string Interpreter::path_of(const Expression& expression) const {
  if (const auto* name = std::get_if<Name>(&expression.kind)) return imported_path(name->id);
  const auto* attribute = std::get_if<Attribute>(&expression.kind);
  if (attribute == nullptr) return {};
  const std::string base = path_of(*attribute->base);
  return base.empty() ? base : base + "." + attribute->name;
}

// "sum" of np.sum, "linalg.norm" of np.linalg.norm; "" for what is no part of NumPy.
std::string Interpreter::numpy_path(const Expression& expression) const {
  return name_in_numpy(path_of(expression));
}

// The class of this file that a name stands for; null for another name.
const Class* Interpreter::class_named(const std::string& name) const {
  if (scope_->names.count(name) > 0 || is_own_name(name)) return nullptr;
  const ModuleName* bound = scope_->module.name(name);
  const bool is_class =
      bound != nullptr && bound->is_certain && bound->binding.what == Binds::kClass;
  return is_class ? scope_->module.find_class(name) : nullptr;
}

// Refuses a name that has no value yet, and one that the file binds to something that is not read.
void Interpreter::check_bound(Range range, const std::string& name) {
  if (is_own_name(name)) {
    refuse(range,
           fmt::format("{} has no value yet: line {} sets it", quoted(name),
                       source().line(scope_->function.own_names.at(name))),
           "that line above this one");
  }
  const ModuleName* bound = scope_->module.name(name);
  const bool is_star = bound == nullptr && scope_->module.name("*") != nullptr;
  if (is_star) bound = scope_->module.name("*");
  if (bound == nullptr) return;
  const std::size_t line = source().line(bound->binding.byte);
  if (is_star) {
    refuse(range,
           fmt::format("{} may be one of the names that line {} imports from {}", quoted(name),
                       line, shortened(bound->binding.path)),
           fmt::format("from {} import {}, or no import of every name",
                       shortened(bound->binding.path), shortened(name)));
  }
  const bool is_function = bound->binding.what == Binds::kFunction;
  if (is_function && bound->is_certain) return;
  if (bound->binding.what == Binds::kNothing) {
    refuse(range, fmt::format("{} is deleted in line {}", quoted(name), line));
  }
  if (!bound->is_certain) {
    refuse(range,
           fmt::format("what {} is hangs on line {}, which may run or not", quoted(name), line),
           "one def or import at the top level of the file");
  }
  refuse(range,
         fmt::format("{} is set in line {}, at the top level of the file: of that, only defs and "
                     "imports are read",
                     quoted(name), line),
         "a parameter of the function, or a def");
}

void Interpreter::refuse_import(Range range, const std::string& path) {
  if (path.find('.') == std::string::npos) {
    refuse(range,
           fmt::format("{} is a module, and stands here without a name of it", quoted(path)));
  }
  refuse(range,
         fmt::format("{} is not read: of what is imported, NumPy, some of Python's math and the "
                     "built-in circuits are",
                     quoted(path)),
         "a def in this file");
}

void Interpreter::refuse_name(Range range, const std::string& name) {
  const bool is_function = scope_->module.find(name) != nullptr || is_python_builtin(name) ||
                           library_.find(name).function != nullptr;
  if (is_function) {
    refuse(range,
           fmt::format("{} is a function, and stands here without its (arguments)", quoted(name)),
           fmt::format("{}(x)", shortened(name)));
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
