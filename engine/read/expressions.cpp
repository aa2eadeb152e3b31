// Evaluates expressions: what is known is worked out, the rest becomes steps of the graph.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/read/imported_names.h"
#include "engine/read/interpreter.h"
#include "engine/read/operations.h"
#include "engine/read/python_builtins.h"
#include "engine/read/python_numbers.h"
#include "engine/read/views.h"

namespace backstep::read {
namespace {

constexpr int kMostDepth = 400;

// The values in a tuple, those in its tuples too.
std::size_t count_values(const Value& value) {
  const Tuple* tuple = value.tuple();
  if (tuple == nullptr) return 1;
  std::size_t count = 1;
  for (const Value& item : *tuple->items) count += count_values(item);
  return count;
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
  const bool is_open = a.array() != nullptr || b.array() != nullptr;
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
  if (const auto* chain = std::get_if<Chain>(&expression.kind)) return evaluate_chain(*chain);
  refuse(expression.range, "this expression is not read");
}

Value Interpreter::evaluate_chain(const Chain& chain) {
  const Operator op = chain.rest.front().op;
  if (op == Operator::kPower) return evaluate_powers(chain);
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

}  // namespace backstep::read
