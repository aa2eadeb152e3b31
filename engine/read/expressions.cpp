// Evaluates expressions: what is known is worked out, the rest becomes steps of the graph.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/read/imported_names.h"
#include "engine/read/interpreter.h"
#include "engine/read/operations.h"
#include "engine/read/python_builtins.h"
#include "engine/read/python_numbers.h"
#include "engine/read/torch_functions.h"
#include "engine/read/views.h"

namespace backstep::read {
namespace {

constexpr int kMostDepth = 400;

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
  for (const Value* value : {&a, &b}) {
    const bool is_open = value->array() != nullptr || value->callable() != nullptr ||
                         value->iterator() != nullptr || value->object() != nullptr ||
                         value->type() != nullptr || value->method() != nullptr ||
                         (value->word() != nullptr && value->word()->kind == Word::Kind::kOpen);
    if (is_open) return std::nullopt;
  }
  if (a.dictionary() != nullptr && b.dictionary() != nullptr) return std::nullopt;
  if (a.kind.index() != b.kind.index()) return false;
  if (a.is_none()) return true;
  if (a.word() != nullptr) return same(*a.word(), *b.word());
  if (a.scalar() != nullptr) return a.scalar()->value == b.scalar()->value;
  const Tuple& left = *a.tuple();
  const Tuple& right = *b.tuple();
  if (left.is_range != right.is_range) return false;
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

// Whatever makes an array gives it a memory here.
Value Interpreter::evaluate(const Expression& expression) {
  Value value = evaluate_kind(expression);
  // A name gives what its array is now. Other numbers than these come from an operation that made
  // its result out of an argument.
  const Array* array = value.array();
  const bool is_made =
      array != nullptr && array->memory != nullptr && array->memory->var.id() != array->var.id();
  value = is_made ? as_new(std::move(value)) : as_object(std::move(value));
  // A tensor of no sides can be changed in place, which np.float64 cannot.
  const bool is_array = value.array() != nullptr;
  if (is_array && dialect() == Dialect::kTorch) value.array()->memory->is_number = false;
  return value;
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
  if (const auto* chain = std::get_if<Chain>(&expression.kind)) return evaluate_chain(*chain);
  if (const auto* formatted = std::get_if<Formatted>(&expression.kind)) {
    return evaluate_formatted(*formatted);
  }
  if (const auto* conditional = std::get_if<Conditional>(&expression.kind)) {
    return evaluate_conditional(*conditional);
  }
  if (const auto* logic = std::get_if<Logic>(&expression.kind)) return evaluate_logic(*logic);
  if (const auto* negation = std::get_if<Negation>(&expression.kind)) {
    const bool is_true = truth_of(operand(*negation->operand));
    return scalar(is_true != negation->is_odd ? 1 : 0, NumberType::kBool);
  }
  if (const auto* lambda = std::get_if<Lambda>(&expression.kind)) {
    return {callable_of(*lambda->function)};
  }
  if (const auto* comprehension = std::get_if<Comprehension>(&expression.kind)) {
    if (comprehension->kind == Comprehension::Kind::kGenerator) {
      refuse(expression.range, "a generator is read as the one argument of a call, and there alone",
             "a list, with brackets around it: [x for x in xs]");
    }
    return evaluate_comprehension(expression, *comprehension);
  }
  refuse(expression.range, "this expression has no meaning here");
}

Value Interpreter::evaluate_chain(const Chain& chain) {
  const Operator op = chain.rest.front().op;
  if (op == Operator::kPower) return evaluate_powers(chain);
  if (!is_comparison(op)) return evaluate_terms(chain, chain.rest.size()).value;
  // `a < b < c` is `a < b and b < c`, with b worked out once.
  Operand left = operand(*chain.first);
  for (std::size_t i = 0;; ++i) {
    const Term& term = chain.rest[i];
    Operand right = operand(term.operand);
    const Value result = compare(term.op, term.byte, left, right);
    const Range range = {left.range.begin, right.range.end};
    if (i + 1 == chain.rest.size() || !truth_of({result, &source(), range})) return result;
    left = std::move(right);
  }
}

// The value of the first test that holds, or of the last `else`.
Value Interpreter::evaluate_conditional(const Conditional& conditional) {
  std::size_t at = 0;
  for (; at + 2 < conditional.parts.size(); at += 2) {
    if (truth_of(operand(conditional.parts[at + 1]))) break;
  }
  return evaluate(conditional.parts[at]);
}

// As in Python, what `a or b` gives is one of its operands.
Value Interpreter::evaluate_logic(const Logic& logic) {
  for (std::size_t i = 0;; ++i) {
    const Operand next = operand(logic.operands[i]);
    if (i + 1 == logic.operands.size() || truth_of(next) != logic.is_and) return next.value;
  }
}

Value Interpreter::compare(Operator op, std::size_t byte, const Operand& left,
                           const Operand& right) {
  const auto truth = [](bool holds) { return scalar(holds ? 1 : 0, NumberType::kBool); };
  if (op == Operator::kIn) return truth(is_in(byte, left, right));
  if (op == Operator::kNotIn) return truth(!is_in(byte, left, right));
  if (op != Operator::kIs && op != Operator::kIsNot) return apply(op, byte, left, right);
  const bool is_none = left.value.is_none() || right.value.is_none();
  const auto is_bool = [](const Operand& operand) {
    const Scalar* number = operand.value.scalar();
    return number != nullptr && number->type == NumberType::kBool && !number->is_numpy;
  };
  const bool has_bool = is_bool(left) || is_bool(right);
  const Object* object = left.value.object();
  if (object != nullptr && right.value.object() != nullptr) {
    const bool is_one = object->instance == right.value.object()->instance;
    return truth(is_one == (op == Operator::kIs));
  }
  if (!is_none && !has_bool) {
    throw ReadError(source(), byte,
                    "`is` asks for the same object, and that is read of None, True and False alone",
                    "`==` for the same value");
  }
  bool is_same = left.value.is_none() && right.value.is_none();
  if (is_bool(left) && is_bool(right)) {
    is_same = left.value.scalar()->value == right.value.scalar()->value;
  }
  return truth(is_same == (op == Operator::kIs));
}

// `x in (1, 2)`, `'W1' in params`, `'a' in 'cat'`.
bool Interpreter::is_in(std::size_t byte, const Operand& item, const Operand& container) {
  if (const Dictionary* dictionary = container.value.dictionary()) {
    return dictionary->items->find(key_of(item)) != dictionary->items->end();
  }
  if (const std::string* text = container.value.text(); text != nullptr && item.value.text()) {
    return text->find(*item.value.text()) != std::string::npos;
  }
  if (container.value.tuple() == nullptr) {
    throw ReadError(source(), byte, fmt::format("`in` is not read with {}", described(container)),
                    "a tuple, a list, or a dictionary");
  }
  const std::optional<double> number = known_number(item.value);
  const Value known = number && item.value.array() != nullptr ? scalar(*number) : item.value;
  for (const Value& other : *container.value.tuple()->items) {
    const std::optional<bool> same = are_equal(known, other);
    if (!same) {
      throw ReadError(source(), byte,
                      fmt::format("whether {} is in {} hangs on the values of an array",
                                  shortened(item.text()), shortened(container.text())));
    }
    if (*same) return true;
  }
  return false;
}

Value Interpreter::evaluate_name(Range range, const std::string& name) {
  if (const Value* found = value_of(name)) {
    // What a list holds is looked up where it is asked for.
    if (found->tuple() != nullptr) return *found;
    const std::size_t nodes = draft_.graph.size();
    Value value = current(*found);
    // A view of an array that has changed.
    if (draft_.graph.size() > nodes) name_node(value, name);
    return value;
  }
  if (const std::string path = imported_path(name); !path.empty()) {
    if (const std::string of_torch = name_in_torch(path); !of_torch.empty()) {
      return torch_constant(site(range, path), of_torch);
    }
    const std::string constant = name_in_numpy(path);
    if (constant.empty()) {
      if (const auto found = at_path(scope_->module, path, 0))
        return value_elsewhere(range, *found);
      refuse_import(range, path);
    }
    if (is_numpy_function(constant) && !is_numpy_type(constant)) return {Callable{.path = path}};
    Value value = numpy_constant(site(range, shown_path(path)), constant);
    if (value.word() != nullptr) return {Word{value.word()->text, Word::Kind::kType}};
    return value;
  }
  if (const Class* of = class_named(name)) return {Type{of, &scope_->module}};
  if (const auto found = by_star(name)) return value_elsewhere(range, *found);
  check_bound(range, name);
  if (name == "float" || name == "int" || name == "bool") return {Word{name, Word::Kind::kType}};
  if (const Function* function = scope_->module.find(name)) {
    return {Callable{.module = &scope_->module, .function = function}};
  }
  if (is_python_builtin(name)) return {Callable{.path = name}};
  refuse_name(range, name);
}

Value Interpreter::evaluate_sequence(const Expression& expression, const Sequence& sequence) {
  std::vector<Value> items;
  std::size_t count = 0;
  const auto add = [&](Value item) {
    count += count_values(item);
    if (count > kMostValues) {
      refuse(expression.range, fmt::format("a tuple of more than {} values", kMostValues));
    }
    items.push_back(std::move(item));
  };
  for (const Expression& item : sequence.items) {
    if (const auto* star = std::get_if<Starred>(&item.kind)) {
      for (Value& one : all_items(operand(*star->operand))) add(std::move(one));
    } else {
      add(evaluate(item));
    }
  }
  return tuple(std::move(items), sequence.is_list);
}

Value Interpreter::evaluate_attribute(const Expression& expression, const Attribute& attribute) {
  if (const std::string path = path_of(expression); !path.empty()) {
    if (const std::string of_torch = name_in_torch(path); !of_torch.empty()) {
      return torch_constant(site(expression.range, path), of_torch);
    }
    const std::string constant = name_in_numpy(path);
    if (constant.empty()) {
      const auto found = at_path(scope_->module, path, 0);
      if (found) return value_elsewhere(expression.range, *found);
      refuse_import(expression.range, path);
    }
    if (is_numpy_function(constant) && !is_numpy_type(constant)) return {Callable{.path = path}};
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
  if (Value value = torch_attribute(expression, attribute, base); !value.is_none()) return value;
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
  if (base.value.dictionary() != nullptr) {
    return entry_of(base, operand(*subscript.index));
  }
  if (base.value.tuple() != nullptr) return part_of_tuple(base, *subscript.index);
  if (base.value.text() != nullptr) return part_of_text(base, *subscript.index);
  if (base.value.array() == nullptr) {
    refuse(expression.range, fmt::format("{} has no parts to index", described(base)));
  }
  const Shape shape = base.value.array()->shape();
  if (const std::optional<Operand> mask = mask_of_places(*subscript.index, shape)) {
    return part_of_each_row(base, *mask);
  }
  const std::vector<IndexPart> index = index_of(*subscript.index, shape);
  base.value = current(base.value);
  return part_of_array(base, index);
}

Value Interpreter::evaluate_signs(const Signs& signs) {
  Operand inner = operand(*signs.operand);
  if (signs.signs.find('~') == std::string::npos) {
    const bool minus = std::count(signs.signs.begin(), signs.signs.end(), '-') % 2 != 0;
    return as_new(with_sign(draft_, inner, minus));
  }
  for (auto sign = signs.signs.rbegin(); sign != signs.signs.rend(); ++sign) {
    inner.value = *sign == '~' ? inverted(draft_, inner) : with_sign(draft_, inner, *sign == '-');
  }
  return as_new(inner.value);
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
  if (std::optional<Value> items = apply_to_items(op, byte, a, b)) return std::move(*items);
  check_masks_of_torch(op, a, b);
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

}  // namespace backstep::read
