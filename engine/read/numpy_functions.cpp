// The functions of NumPy that are read: a table of names, parameters and what each becomes.
#include "engine/read/numpy_functions.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "engine/primitives/primitives.h"
#include "engine/read/array_functions.h"
#include "engine/read/einsum.h"
#include "engine/read/nearest.h"
#include "engine/read/operations.h"
#include "engine/read/python_numbers.h"

namespace backstep::read {
namespace {

[[noreturn]] void refuse_axis(const Operand& axis, int ndim) {
  const std::string has = ndim == 0   ? "a single number has no axis"
                          : ndim == 1 ? "a vector has axis 0 only"
                          : ndim == 2
                              ? "an array here has axis 0 (the rows) and axis 1 (the columns)"
                              : fmt::format("it has the axes 0 to {}", ndim - 1);
  axis.refuse(fmt::format("axis={} is not there: {}", shortened(axis.text()), has));
}

}  // namespace

Array common_kind(const Array& a, const Array& b) {
  return {{}, std::max(a.type, b.type), std::max(a.most, b.most)};
}

int written_side(const Operand& axis, const Value& value, int ndim) {
  const Scalar* number = value.scalar();
  if (number == nullptr || number->type != NumberType::kInteger) {
    axis.refuse(
        fmt::format("axis={} is no whole number, nor a tuple of such", shortened(axis.text())),
        "axis=0");
  }
  const double side = number->value < 0 ? number->value + ndim : number->value;
  if (!(side >= 0 && side < ndim)) refuse_axis(axis, ndim);
  return static_cast<int>(side);
}

std::optional<NumberType> written_type(const Operand* type) {
  if (type == nullptr || type->value.is_none()) return std::nullopt;
  const Word* word = type->value.word();
  const std::optional<NumberType> kind = word == nullptr ? std::nullopt : number_type(word->text);
  if (kind) return kind;
  type->refuse(fmt::format("the type {} is not read: numbers are float64, int64 or bool here, and "
                           "narrower ones would be rounded",
                           shortened(type->text())),
               "float, or no type");
}

std::int64_t whole_side(const Operand& operand, const Value& value) {
  const double side = number_of({value, operand.source, operand.range}, "each side of a shape");
  const bool is_whole = value.scalar()->type == NumberType::kInteger;
  if (!is_whole || !(std::fabs(side) < kIntegerLimit)) {
    operand.refuse(fmt::format("{} is no side of a shape: a whole number is expected", side));
  }
  return static_cast<std::int64_t>(side);
}

namespace {

// ---- element by element ----------------------------------------------------------------------

// What a function makes of whole numbers and of True and False.
enum class OfKinds : std::uint8_t {
  kFloat,        // floats of whole numbers; of bool float16, which is not read
  kKeepInteger,  // whole numbers; of bool integers of 8 bits, or nothing
  kKeepAll,      // the kind that they are
  kFloatOnly,    // whole numbers of them, rounded: not read
};

void check_kind(const BoundCall& call, const Operand& a, OfKinds kinds) {
  const NumberType type = kind_of(a.value).type;
  if (type == NumberType::kFloat || kinds == OfKinds::kKeepAll) return;
  if (type == NumberType::kBool) {
    a.refuse(fmt::format("{} of True and False is in NumPy a number of few bits, or none at all",
                         call.site.name),
             fmt::format("{}(1.0 * mask)", call.site.name));
  }
  if (kinds == OfKinds::kFloatOnly) {
    a.refuse(fmt::format("{} of integers is an integer in NumPy, cut off", call.site.name),
             "1.0 / x");
  }
}

// The same kind as `a`, of whole numbers up to their square for a square.
template <auto kOfArray, auto kOfNumber, OfKinds kKinds>
Value elementwise(const BoundCall& call) {
  const Operand& a = call[0];
  if (a.value.array() != nullptr || a.value.scalar() != nullptr) check_kind(call, a, kKinds);
  Array result = kind_of(a.value);
  const bool is_float = kKinds == OfKinds::kFloat || kKinds == OfKinds::kFloatOnly;
  if (is_float) result = {};
  if (const Scalar* number = a.value.scalar()) {
    const double value = kOfNumber(number->value);
    result.most = std::fabs(value);
    check_exact(a, call.site.range.begin, result);
    if (std::isfinite(value) || !std::isfinite(number->value)) return scalar(value, result.type);
    a.refuse(fmt::format("{} of {} is no number", call.site.name, number->value));
  }
  const Array array = as_array(call.site.draft, a);
  if (result.type == NumberType::kInteger) {
    result.most = std::fabs(kOfNumber(array.most));
    check_exact(a, call.site.range.begin, result);
  }
  result.var =
      call.site.draft.make({&a}, call.site.range.begin, [&] { return kOfArray(array.var); });
  return {result};
}

template <Operator kOperator>
Value binary(const BoundCall& call) {
  const Scalar* a = call[0].value.scalar();
  const Scalar* b = call[1].value.scalar();
  const bool of_numbers = a != nullptr && b != nullptr;
  if (of_numbers && a->type == NumberType::kBool && b->type == NumberType::kBool &&
      kOperator < Operator::kLess) {
    call.site.refuse(fmt::format("{} of True and False is not arithmetic in NumPy", call.site.name),
                     "the numbers 1 and 0");
  }
  // Unlike Python's, they add up as True and False do.
  if (of_numbers && kOperator >= Operator::kLess) {
    const Value folded =
        apply_operator(call.site.draft, kOperator, call.site.range.begin, call[0], call[1]);
    const Operand operand{folded, call.site.source, call.site.range};
    return {as_array(call.site.draft, operand)};
  }
  const bool is_power = kOperator == Operator::kPower && of_numbers;
  if (is_power && a->type != NumberType::kFloat && b->type != NumberType::kFloat && b->value < 0) {
    call.site.refuse("NumPy raises integers to integer powers of 0 and above only",
                     "a base with a point: 2.0");
  }
  return apply_operator(call.site.draft, kOperator, call.site.range.begin, call[0], call[1]);
}

// Unlike `**`, it has no shorter ways for a square or a root.
Value power_of(const BoundCall& call) {
  const Array* base = call[0].value.array();
  const Scalar* exponent = call[1].value.scalar();
  const bool is_root = base != nullptr && exponent != nullptr && exponent->value == 0.5;
  if (!is_root || base->is_mask()) return binary<Operator::kPower>(call);
  return {Array{call.site.draft.make({&call[0]}, call.site.range.begin,
                                     [&] { return power(base->var, exponent->value); })}};
}

Value negate(const BoundCall& call) {
  const Scalar* number = call[0].value.scalar();
  if (number != nullptr && number->type == NumberType::kBool) {
    call.site.refuse("NumPy has no sign for True and False", "-1 or 0");
  }
  return with_sign(call.site.draft, call[0], true);
}

// A -0 would stay, where a ReLU gives 0.
bool is_zero(const Operand& operand) {
  const Scalar* scalar = operand.value.scalar();
  return scalar != nullptr && scalar->value == 0 && !std::signbit(scalar->value);
}

Value two_arrays(const BoundCall& call, Var (*make)(Var, Var)) {
  Draft& draft = call.site.draft;
  const Operand a{{as_array(draft, call[0])}, call[0].source, call[0].range};
  const Operand b{{as_array(draft, call[1])}, call[1].source, call[1].range};
  Array result = common_kind(*a.value.array(), *b.value.array());
  result.var = draft.make({&a, &b}, call.site.range.begin,
                          [&] { return make(a.value.array()->var, b.value.array()->var); });
  return {result};
}

Value rectified(const BoundCall& call, const Operand& a, const Operand& zero) {
  const Array array = as_array(call.site.draft, a);
  Array result = common_kind(array, kind_of(zero.value));
  result.var = call.site.draft.make({&a}, call.site.range.begin, [&] { return relu(array.var); });
  return {result};
}

// A number that is no number is the larger and the smaller of the two.
template <typename Is>
Value extreme_of(const Scalar& a, const Scalar& b, Is is_chosen) {
  const bool is_first = std::isnan(a.value) || (!std::isnan(b.value) && is_chosen(a, b));
  return scalar((is_first ? a : b).value, std::max(a.type, b.type));
}

Value maximum_of(const BoundCall& call) {
  const Scalar* a = call[0].value.scalar();
  const Scalar* b = call[1].value.scalar();
  if (a != nullptr && b != nullptr) {
    return extreme_of(*a, *b, [](const Scalar& x, const Scalar& y) { return x.value >= y.value; });
  }
  if (is_zero(call[1])) return rectified(call, call[0], call[1]);
  if (is_zero(call[0])) return rectified(call, call[1], call[0]);
  return two_arrays(call, maximum);
}

Value minimum_of(const BoundCall& call) {
  const Scalar* a = call[0].value.scalar();
  const Scalar* b = call[1].value.scalar();
  if (a != nullptr && b != nullptr) {
    return extreme_of(*a, *b, [](const Scalar& x, const Scalar& y) { return x.value <= y.value; });
  }
  return two_arrays(call, minimum);
}

Value where_of(const BoundCall& call) {
  Draft& draft = call.site.draft;
  const Array mask = as_array(draft, call[0]);
  const Array a = as_array(draft, call[1]);
  const Array b = as_array(draft, call[2]);
  Array result = common_kind(a, b);
  result.var = draft.make({&call[0], &call[1], &call[2]}, call.site.range.begin,
                          [&] { return where(mask.var, a.var, b.var); });
  return {result};
}

// ---- along an axis ---------------------------------------------------------------------------

struct Reduction {
  Sides sides;
  bool keepdims = false;
};

bool is_true(const Operand* operand) {
  if (operand == nullptr) return false;
  const double value = number_of(*operand, "keepdims");
  if (operand->value.scalar()->type == NumberType::kFloat) {
    operand->refuse("keepdims is to be True or False, not a float", "keepdims=True");
  }
  return value != 0;
}

// The sides that the text names; all of them where it names none.
Sides written_sides(const Operand* axis, int ndim) {
  if (axis == nullptr || axis->value.is_none()) return Sides::first(ndim);
  const Tuple* tuple = axis->value.tuple();
  if (tuple == nullptr) return {written_side(*axis, axis->value, ndim)};
  if (tuple->is_list) {
    axis->refuse("axis= takes a whole number or a tuple of such, and this is a list",
                 "axis=(0, 1)");
  }
  Sides sides;
  for (const Value& item : *tuple->items) {
    const int side = written_side(*axis, item, ndim);
    if (sides.has(side)) {
      axis->refuse(fmt::format("axis={} names a side twice", shortened(axis->text())));
    }
    sides.add(side);
  }
  return sides;
}

Reduction reduction_of(const Array& array, const Operand* axis, const Operand* keepdims) {
  return {written_sides(axis, array.shape().ndim()), is_true(keepdims)};
}

// How many elements go into one of the result.
double count_of(const Array& array, const Reduction& reduction) {
  return static_cast<double>(array.shape().size()) /
         static_cast<double>(reduced(array.shape(), reduction.sides, false).size());
}

Var reduced_by(const Primitive& primitive, const BoundCall& call, const Array& array,
               const Reduction& reduction) {
  return call.site.draft.make({&call[0]}, call.site.range.begin, [&] {
    return reduce(primitive, array.var, reduction.sides, reduction.keepdims);
  });
}

// A reduction adds up in a wider kind, never in a narrower one.
void check_wider(const BoundCall& call, const Array& array) {
  const std::optional<NumberType> type = written_type(call.optional(2));
  if (type && (*type < array.type || *type == NumberType::kBool)) {
    call[2].refuse(fmt::format("{} would cut its numbers off first", call.site.name), "no dtype");
  }
}

// How large the numbers of a result are, from how large those of the argument are and how many of
// them go into one.
using Most = double (*)(double most, double count);
double added_up(double most, double count) { return most * count; }
double multiplied_up(double most, double count) { return std::pow(most, count); }

// Of (a, axis, dtype, out, keepdims): whole numbers stay whole.
Value total_of(const BoundCall& call, std::string_view primitive, Most most) {
  const Array array = as_array(call.site.draft, call[0]);
  const Reduction reduction = reduction_of(array, call.optional(1), call.optional(4));
  check_wider(call, array);
  const bool as_float = written_type(call.optional(2)) == NumberType::kFloat;
  Array result;
  if (!as_float && array.type != NumberType::kFloat) {
    result = {{}, NumberType::kInteger, most(array.most, count_of(array, reduction))};
    check_exact(call[0], call.site.range.begin, result);
  }
  result.var = reduced_by(*primitive_named(primitive), call, array, reduction);
  return {result};
}

// Of the same: a float of any numbers.
Value float_of(const BoundCall& call, std::string_view primitive) {
  const Array array = as_array(call.site.draft, call[0]);
  check_wider(call, array);
  const Reduction reduction = reduction_of(array, call.optional(1), call.optional(4));
  return {Array{reduced_by(*primitive_named(primitive), call, array, reduction)}};
}

// Of (a, axis, out, keepdims): one of the numbers, of their kind.
Value one_of(const BoundCall& call, std::string_view primitive) {
  Array array = as_array(call.site.draft, call[0]);
  const Reduction reduction = reduction_of(array, call.optional(1), call.optional(3));
  array.var = reduced_by(*primitive_named(primitive), call, array, reduction);
  return {array};
}

// SciPy's, of (a, axis, b, keepdims, return_sign).
Value log_sum_exp(const BoundCall& call) {
  if (call.optional(2) != nullptr && !call[2].value.is_none()) {
    call[2].refuse("b=... of logsumexp is not read", "logsumexp(x + np.log(b))");
  }
  if (is_true(call.optional(4))) {
    call[4].refuse("return_sign=True of logsumexp is not read", "no return_sign");
  }
  check_kind(call, call[0], OfKinds::kFloat);
  const Array array = as_array(call.site.draft, call[0]);
  const Reduction reduction = reduction_of(array, call.optional(1), call.optional(3));
  return {Array{reduced_by(*primitive_named("logsumexp"), call, array, reduction)}};
}

// NumPy's reduce() goes over the first side where none is named, and over all for None.
Value log_added_up(const BoundCall& call) {
  check_kind(call, call[0], OfKinds::kFloat);
  const Array array = as_array(call.site.draft, call[0]);
  check_wider(call, array);
  Reduction reduction = reduction_of(array, call.optional(1), call.optional(4));
  const bool has_first = array.shape().ndim() > 0;
  if (call.optional(1) == nullptr) reduction.sides = has_first ? Sides{0} : Sides{};
  return {Array{reduced_by(*primitive_named("logsumexp"), call, array, reduction)}};
}

// The variance in the steps that it is made of, which a diagram can close to one box.
Value spread(const BoundCall& call, bool root) {
  Draft& draft = call.site.draft;
  const Operand& a = call[0];
  const Array array = as_array(draft, a);
  check_wider(call, array);
  const Reduction reduction = reduction_of(array, call.optional(1), call.optional(5));
  const Sides sides = reduction.sides;
  const double ddof = call.optional(4) == nullptr ? 0 : number_of(*call.optional(4), "ddof");
  const NodeId first = static_cast<NodeId>(draft.graph.size());
  const Var result = draft.make({&a}, call.site.range.begin, [&] {
    const bool keeps = reduction.keepdims || !repeats_back(array.shape(), sides);
    const Var centre = mean(array.var, sides, keeps);
    const Var squares = square(array.var - centre);
    // NumPy divides by 0 where nothing is left to divide by.
    const double left = std::max(count_of(array, reduction) - ddof, 0.0);
    const Var variance = ddof == 0 ? mean(squares, sides, reduction.keepdims)
                                   : sum(squares, sides, reduction.keepdims) / left;
    return root ? sqrt(variance) : variance;
  });
  const std::uint16_t group = draft.graph.add_group(root ? "std" : "var", draft.group());
  const NodeId end = static_cast<NodeId>(draft.graph.size());
  for (NodeId id = first; id < end; ++id) draft.graph.place(id).group = group;
  return {Array{result}};
}

// Of (a, axis, dtype, out, ddof, keepdims).
Value var_of(const BoundCall& call) { return spread(call, false); }
Value std_of(const BoundCall& call) { return spread(call, true); }

// ---- matrices, shapes and constants ----------------------------------------------------------

Value dot(const BoundCall& call) {
  const Array a = as_array(call.site.draft, call[0]);
  const Array b = as_array(call.site.draft, call[1]);
  if (a.shape().ndim() == 0 || b.shape().ndim() == 0) return binary<Operator::kMultiply>(call);
  if (a.shape().ndim() > 1 && b.shape().ndim() > 2) {
    call.site.refuse(fmt::format("{} of {} and {} pairs every matrix of the one with every matrix "
                                 "of the other, which is not read",
                                 call.site.name, described(call[0]), described(call[1])),
                     "`@`, which pairs them one by one");
  }
  return binary<Operator::kMatmul>(call);
}

// The same numbers in another shape: `make` gives the node.
template <typename Make>
Value moved(const BoundCall& call, Array array, Make make) {
  array.var = call.site.draft.make({&call[0]}, call.site.range.begin, make);
  return {array};
}

// The arguments from number `first` on, or the items of one tuple or list there.
std::vector<Operand> written_items(const BoundCall& call, std::size_t first) {
  std::vector<Operand> items;
  if (call.arguments.size() == first + 1 && call[first].value.tuple() != nullptr) {
    for (const Value& item : *call[first].value.tuple()->items) {
      items.push_back({item, call[first].source, call[first].range});
    }
    return items;
  }
  for (std::size_t i = first; i < call.arguments.size(); ++i) items.push_back(call[i]);
  return items;
}

// A function takes its sides as one tuple, a method also one by one.
void check_one_argument(const BoundCall& call, std::string_view takes) {
  if (call.site.name.front() == '.' || call.arguments.size() <= 2) return;
  call.site.refuse(fmt::format("{} takes {} as one tuple", call.site.name, takes),
                   fmt::format("{}(x, (...))", call.site.name));
}

bool is_identity(const SideOrder& order, int ndim) {
  for (int side = 0; side < ndim; ++side) {
    if (order[static_cast<std::size_t>(side)] != side) return false;
  }
  return true;
}

Value turned(const BoundCall& call, const Array& array, const SideOrder& order) {
  if (is_identity(order, array.shape().ndim())) return {array};
  return moved(call, array, [&] { return transpose(array.var, order); });
}

// NumPy leaves a vector as it is.
Value transposed(const BoundCall& call) {
  check_one_argument(call, "the order of the sides");
  const Array array = as_array(call.site.draft, call[0]);
  const int ndim = array.shape().ndim();
  const bool is_plain =
      call.arguments.size() < 2 || (call.arguments.size() == 2 && call[1].value.is_none());
  if (is_plain && ndim < 2) return {array};
  if (is_plain) return moved(call, array, [&] { return transpose(array.var); });
  const std::vector<Operand> items = written_items(call, 1);
  SideOrder order = {};
  Sides seen;
  for (const Operand& item : items) {
    const int side = written_side(item, item.value, ndim);
    const std::size_t place = static_cast<std::size_t>(&item - items.data());
    if (place < order.size()) order[place] = static_cast<std::uint8_t>(side);
    seen.add(side);
  }
  if (items.size() != static_cast<std::size_t>(ndim) || seen != Sides::first(ndim)) {
    call.site.refuse(fmt::format("{} of {} takes each of its {} sides once", call.site.name,
                                 described(call[0]), ndim));
  }
  return turned(call, array, order);
}

Value swapped(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const int ndim = array.shape().ndim();
  SideOrder order = {};
  for (std::size_t side = 0; side < order.size(); ++side) {
    order[side] = static_cast<std::uint8_t>(side);
  }
  std::swap(order[static_cast<std::size_t>(written_side(call[1], call[1].value, ndim))],
            order[static_cast<std::size_t>(written_side(call[2], call[2].value, ndim))]);
  return turned(call, array, order);
}

Value copied(const BoundCall& call) {
  if (call[0].value.scalar() != nullptr) return call[0].value;
  const Array array = as_array(call.site.draft, call[0]);
  return moved(call, array, [&] { return copy(array.var); });
}

Value constant_array(const BoundCall& call, const Shape& shape, double fill, std::string_view name,
                     NumberType type) {
  double number = fill;
  if (type == NumberType::kBool) number = fill != 0 ? 1 : 0;
  if (type == NumberType::kInteger) number = std::trunc(fill) + 0.0;  // no integer is -0
  if (type == NumberType::kInteger && !(std::fabs(number) < kIntegerLimit)) {
    call.site.refuse(fmt::format("{} is no integer that is exact here", fill));
  }
  const Var var = call.site.draft.graph.leaf(Role::kConstant, shape, {}, number);
  call.site.draft.name_step(var.id(), name);
  return {Array{var, type, std::fabs(number)}};
}

Value ones(const BoundCall& call) {
  const NumberType type = written_type(call.optional(1)).value_or(NumberType::kFloat);
  return constant_array(call, written_shape(call[0]), 1, "ones", type);
}
Value zeros(const BoundCall& call) {
  const NumberType type = written_type(call.optional(1)).value_or(NumberType::kFloat);
  return constant_array(call, written_shape(call[0]), 0, "zeros", type);
}
Value full(const BoundCall& call) {
  const double fill = number_of(call[1], "the number that fills the array");
  const NumberType type = written_type(call.optional(2)).value_or(call[1].value.scalar()->type);
  return constant_array(call, written_shape(call[0]), fill, "full", type);
}
Value ones_like(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const NumberType type = written_type(call.optional(1)).value_or(array.type);
  return constant_array(call, array.shape(), 1, "ones", type);
}
Value zeros_like(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const NumberType type = written_type(call.optional(1)).value_or(array.type);
  return constant_array(call, array.shape(), 0, "zeros", type);
}
Value full_like(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const double fill = number_of(call[1], "the number that fills the array");
  const NumberType type = written_type(call.optional(2)).value_or(array.type);
  return constant_array(call, array.shape(), fill, "full", type);
}

// `x.astype(float)`: the same numbers as another kind.
Value as_type(const BoundCall& call) {
  if (call[0].value.tuple() != nullptr) {
    Operand list = call[0];
    list.value = {array_of_items(call.site, list)};
    BoundCall of_array = call;
    of_array.arguments[0] = &list;
    return as_type(of_array);
  }
  const NumberType own = kind_of(call[0].value).type;
  const NumberType type = written_type(call.optional(1)).value_or(own);
  if (type < own && type == NumberType::kInteger) {
    call.site.refuse("a float as an integer is cut off: such a step has no gradient",
                     "the numbers as they are");
  }
  if (const Scalar* number = call[0].value.scalar()) {
    return scalar(type == NumberType::kBool ? number->value != 0 : number->value, type);
  }
  Array array = as_array(call.site.draft, call[0]);
  if (type == NumberType::kBool && own != NumberType::kBool) {
    const Var zero = call.site.draft.graph.leaf(Role::kConstant, {}, {}, 0);
    array = {not_equal(array.var, zero), type, 1};
  }
  array.type = type;
  return {array};
}

Value as_float(const BoundCall& call) {
  if (const Scalar* number = call[0].value.scalar()) return scalar(number->value);
  Array array = as_array(call.site.draft, call[0]);
  if (array.shape().ndim() > 0 && array.shape().size() == 1) {
    call.site.refuse(fmt::format("{} makes a number of an array of one", call.site.name),
                     ".reshape(())");
  }
  array.type = NumberType::kFloat;
  return {array};
}

Value narrowed(const BoundCall& call) {
  call.site.refuse(
      fmt::format("{} rounds to few digits: every number is a double here", call.site.name),
      "np.float64");
}

// A bound that is None bounds nothing; both cannot be.
Value clipped(const BoundCall& call) {
  Draft& draft = call.site.draft;
  const Array a = as_array(draft, call[0]);
  const bool has_low = call.optional(1) != nullptr && !call[1].value.is_none();
  const bool has_high = call.optional(2) != nullptr && !call[2].value.is_none();
  const bool is_method = call.site.name.front() == '.';
  if (!is_method && (call.optional(1) == nullptr || call.optional(2) == nullptr)) {
    call.site.refuse(fmt::format("{} takes two bounds, of which one may be None", call.site.name),
                     "np.clip(x, 0, None)");
  }
  for (const Operand* bound : {call.optional(1), call.optional(2)}) {
    const Scalar* number = bound == nullptr ? nullptr : bound->value.scalar();
    if (number == nullptr || !std::isnan(number->value)) continue;
    bound->refuse(
        "a bound that is nan is passed over by some versions of NumPy and spreads in others");
  }
  if (!has_low && !has_high) call.site.refuse("clip takes at least one bound", "np.clip(x, 0, 1)");
  const auto bound = [&](bool is_there, std::size_t i, double none) {
    return is_there ? as_array(draft, call[i])
                    : Array{draft.graph.leaf(Role::kConstant, {}, {}, none), a.type, a.most};
  };
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const Array low = bound(has_low, 1, -kInfinity);
  const Array high = bound(has_high, 2, kInfinity);
  Array result = common_kind(common_kind(a, low), high);
  result.var = draft.make({&call[0], has_low ? &call[1] : &call[2], has_high ? &call[2] : &call[1]},
                          call.site.range.begin, [&] { return clip(a.var, low.var, high.var); });
  return {result};
}

Value broadcast_of(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const Shape wanted = written_shape(call[1]);
  return moved(call, array, [&] { return broadcast(array.var, wanted); });
}

Value in_shape(const BoundCall& call, const Array& array, const Shape& shape) {
  if (shape == array.shape()) return {array};
  return moved(call, array, [&] { return reshape(array.var, shape); });
}

// x.reshape(2, -1) or x.reshape((2, -1)): -1 is what is left over.
Value reshaped(const BoundCall& call) {
  check_one_argument(call, "the new shape");
  const Array array = as_array(call.site.draft, call[0]);
  std::vector<std::int64_t> sides;
  for (const Operand& item : written_items(call, 1)) {
    sides.push_back(whole_side(item, item.value));
    const bool is_second = std::count(sides.begin(), sides.end(), -1) > 1;
    if (is_second) item.refuse("only one side can be -1, what is left over");
  }
  const std::size_t size = array.shape().size();
  try {
    return in_shape(call, array, shape_of_sides(size, sides));
  } catch (const ReadError&) {
    throw;
  } catch (const Error&) {
    call.site.refuse(fmt::format("{} has {} numbers, which do not fill the shape that {} asks for",
                                 described(call[0]), size, call.site.name));
  }
}

Value flattened(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  return in_shape(call, array, {static_cast<std::int32_t>(array.shape().size())});
}

// A new array, unlike ravel, which may be a view.
Value flattened_copy(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  if (array.shape().ndim() == 1) return copied(call);
  return flattened(call);
}

Value squeezed(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const Shape shape = array.shape();
  const bool names_sides = call.optional(1) != nullptr && !call[1].value.is_none();
  Sides sides;
  if (names_sides) sides = written_sides(&call[1], shape.ndim());
  for (int side = 0; side < shape.ndim(); ++side) {
    if (!names_sides && shape[side] == 1) sides.add(side);
    if (sides.has(side) && shape[side] != 1) {
      call.site.refuse(fmt::format("side {} of {} is {}, and only a 1 can be squeezed out", side,
                                   described(call[0]), shape[side]));
    }
  }
  return in_shape(call, array, reduced(shape, sides, false));
}

Value expanded(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const Shape shape = array.shape();
  if (shape.ndim() == Shape::kMostSides) call.site.refuse("an array has six sides at most here");
  if (call[1].value.scalar() == nullptr) call[1].refuse("one side at a time is read", "axis=0");
  const int place = written_side(call[1], call[1].value, shape.ndim() + 1);
  Shape wider;
  for (int side = 0; side <= shape.ndim(); ++side) {
    wider.add(side == place ? 1 : shape[side < place ? side : side - 1]);
  }
  return in_shape(call, array, wider);
}

// ---- the table -------------------------------------------------------------------------------

double sign_of(double a) { return a > 0 ? 1 : a < 0 ? -1 : a == 0 ? 0 : a; }

constexpr std::string_view kUnary = "x out";
constexpr std::string_view kBinary = "x1 x2 out";
constexpr std::string_view kReduction = "a axis dtype out keepdims";
constexpr std::string_view kSpread = "a axis dtype out ddof keepdims";
constexpr std::string_view kMost = "a axis out keepdims";

template <auto kOfArray, auto kOfNumber, OfKinds kKinds = OfKinds::kFloat>
constexpr NumpyFunction unary(std::string_view name) {
  return {name, kUnary, 1, false, elementwise<kOfArray, kOfNumber, kKinds>};
}

constexpr std::array kFunctions = {
    unary<[](Var a) { return sqrt(a); }, [](double a) { return std::sqrt(a); }>("sqrt"),
    unary<[](Var a) { return square(a); }, [](double a) { return a * a; }, OfKinds::kKeepInteger>(
        "square"),
    unary<[](Var a) { return exp(a); }, [](double a) { return std::exp(a); }>("exp"),
    unary<[](Var a) { return log(a); }, [](double a) { return std::log(a); }>("log"),
    unary<[](Var a) { return abs(a); }, [](double a) { return std::fabs(a); }, OfKinds::kKeepAll>(
        "abs"),
    unary<[](Var a) { return abs(a); }, [](double a) { return std::fabs(a); }, OfKinds::kKeepAll>(
        "absolute"),
    unary<[](Var a) { return abs(a); }, [](double a) { return std::fabs(a); }>("fabs"),
    unary<[](Var a) { return tanh(a); }, [](double a) { return std::tanh(a); }>("tanh"),
    unary<[](Var a) { return invert(a); }, [](double a) { return 1 / a; }, OfKinds::kFloatOnly>(
        "reciprocal"),
    unary<[](Var a) { return sign(a); }, sign_of, OfKinds::kKeepInteger>("sign"),
    NumpyFunction{"negative", kUnary, 1, false, negate},
    NumpyFunction{"add", kBinary, 2, false, binary<Operator::kAdd>},
    NumpyFunction{"subtract", kBinary, 2, false, binary<Operator::kSubtract>},
    NumpyFunction{"multiply", kBinary, 2, false, binary<Operator::kMultiply>},
    NumpyFunction{"divide", kBinary, 2, false, binary<Operator::kDivide>},
    NumpyFunction{"true_divide", kBinary, 2, false, binary<Operator::kDivide>},
    NumpyFunction{"power", kBinary, 2, false, power_of},
    NumpyFunction{"greater", kBinary, 2, false, binary<Operator::kGreater>},
    NumpyFunction{"greater_equal", kBinary, 2, false, binary<Operator::kGreaterEqual>},
    NumpyFunction{"less", kBinary, 2, false, binary<Operator::kLess>},
    NumpyFunction{"less_equal", kBinary, 2, false, binary<Operator::kLessEqual>},
    NumpyFunction{"equal", kBinary, 2, false, binary<Operator::kEqual>},
    NumpyFunction{"not_equal", kBinary, 2, false, binary<Operator::kNotEqual>},
    NumpyFunction{"maximum", kBinary, 2, false, maximum_of},
    NumpyFunction{"minimum", kBinary, 2, false, minimum_of},
    NumpyFunction{"where", "condition x y", 3, false, where_of},
    NumpyFunction{"clip", "a a_min a_max out", 2, true, clipped},
    NumpyFunction{"sum", kReduction, 1, true,
                  [](const BoundCall& call) { return total_of(call, "sum", added_up); }},
    NumpyFunction{"mean", kReduction, 1, true,
                  [](const BoundCall& call) { return float_of(call, "mean"); }},
    NumpyFunction{"max", kMost, 1, true, [](const BoundCall& call) { return one_of(call, "max"); }},
    NumpyFunction{"amax", kMost, 1, false,
                  [](const BoundCall& call) { return one_of(call, "max"); }},
    NumpyFunction{"min", kMost, 1, true, [](const BoundCall& call) { return one_of(call, "min"); }},
    NumpyFunction{"amin", kMost, 1, false,
                  [](const BoundCall& call) { return one_of(call, "min"); }},
    NumpyFunction{"prod", kReduction, 1, true,
                  [](const BoundCall& call) { return total_of(call, "prod", multiplied_up); }},
    NumpyFunction{"scipy.special.logsumexp", "a axis b keepdims return_sign", 1, false,
                  log_sum_exp},
    NumpyFunction{"logaddexp.reduce", kReduction, 1, false, log_added_up},
    NumpyFunction{"var", kSpread, 1, true, var_of},
    NumpyFunction{"std", kSpread, 1, true, std_of},
    NumpyFunction{"dot", "a b out", 2, true, dot},
    NumpyFunction{"matmul", kBinary, 2, false, binary<Operator::kMatmul>},
    NumpyFunction{"transpose", "a *axes", 1, true, transposed},
    NumpyFunction{"swapaxes", "a axis1 axis2", 3, true, swapped},
    NumpyFunction{"copy", "a", 1, true, copied},
    NumpyFunction{"ones", "shape dtype", 1, false, ones},
    NumpyFunction{"zeros", "shape dtype", 1, false, zeros},
    NumpyFunction{"full", "shape fill_value dtype", 2, false, full},
    NumpyFunction{"ones_like", "a dtype", 1, false, ones_like},
    NumpyFunction{"zeros_like", "a dtype", 1, false, zeros_like},
    NumpyFunction{"full_like", "a fill_value dtype", 2, false, full_like},
    NumpyFunction{"broadcast_to", "array shape", 2, false, broadcast_of},
    NumpyFunction{"reshape", "a *newshape", 2, true, reshaped},
    NumpyFunction{"ravel", "a", 1, true, flattened},
    NumpyFunction{"flatten", "a", 1, true, flattened_copy},
    NumpyFunction{"squeeze", "a axis", 1, true, squeezed},
    NumpyFunction{"expand_dims", "a axis", 2, false, expanded},
    NumpyFunction{"arange", "start stop step dtype", 1, false, arange},
    NumpyFunction{"eye", "N M k dtype", 1, false, eye},
    NumpyFunction{"identity", "n dtype", 1, false, identity},
    NumpyFunction{"concatenate", "arrays axis", 1, false, concatenated},
    NumpyFunction{"stack", "arrays axis", 1, false, stacked},
    NumpyFunction{"hstack", "tup", 1, false, beside},
    NumpyFunction{"vstack", "tup", 1, false, beneath},
    NumpyFunction{"append", "arr values axis", 2, false, appended},
    NumpyFunction{"split", "ary indices_or_sections axis", 2, false, split_up},
    NumpyFunction{"pad", "array pad_width mode constant_values", 2, false, padded},
    NumpyFunction{"tile", "A reps", 2, false, tiled},
    NumpyFunction{"repeat", "a repeats axis", 2, true, repeated},
    NumpyFunction{"flip", "m axis", 1, false, flipped},
    NumpyFunction{"roll", "a shift axis", 2, false, rolled},
    NumpyFunction{"diag", "v k", 1, false, diagonal},
    NumpyFunction{"tril", "m k", 1, false, lower},
    NumpyFunction{"triu", "m k", 1, false, upper},
    NumpyFunction{"trace", "a", 1, true, traced},
    NumpyFunction{"outer", "a b", 2, false, outer},
    NumpyFunction{"einsum", "subscripts *operands", 2, false, einsum},
    NumpyFunction{"cumsum", "a axis", 1, true, summed_up},
    NumpyFunction{"take", "a indices axis", 2, true, taken},
    NumpyFunction{"argmax", "a axis", 1, true, place_of_most},
    NumpyFunction{"argmin", "a axis", 1, true, place_of_least},
    NumpyFunction{"bincount", "x weights minlength", 1, false, counted_in},
    NumpyFunction{"astype", "a dtype", 2, true, as_type},
    NumpyFunction{"array", "a dtype", 1, false, as_type},
    NumpyFunction{"asarray", "a dtype", 1, false, as_type},
    NumpyFunction{"float64", "a", 1, false, as_float},
    NumpyFunction{"float32", "a", 1, false, narrowed},
    NumpyFunction{"float16", "a", 1, false, narrowed},
    NumpyFunction{"double", "a", 1, false, as_float},
};

struct NotRead {
  std::string_view name;
  std::string_view instead;
};

// Functions that learners reach for, and what says the same in those that are read.
constexpr std::array kInstead = {
    NotRead{"average", "np.mean(x, axis=0)"},
    NotRead{"norm", "np.sqrt(np.sum(x**2, axis=1, keepdims=True))"},
    NotRead{"log1p", "np.log(1 + x)"},
    NotRead{"expm1", "np.exp(x) - 1"},
    NotRead{"log2", "np.log(x) / np.log(2)"},
    NotRead{"log10", "np.log(x) / np.log(10)"},
    NotRead{"argmax", "a one-hot matrix as a parameter"},
    NotRead{"logical_and", "a product of masks"},
    NotRead{"logical_or", "np.maximum of masks"},
    NotRead{"logical_not", "1 - mask"},
};

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

void check_count(const CallSite& site, const NumpyFunction& function, std::size_t given,
                 std::size_t most) {
  const std::size_t self = site.name.front() == '.' ? 1 : 0;
  if (given > most) {
    site.refuse(
        fmt::format("{} takes at most {} arguments, not {}", site.name, most - self, given - self));
  }
  if (given < function.required) {
    site.refuse(fmt::format("{} takes at least {} arguments, not {}", site.name,
                            function.required - self, given - self));
  }
}

void bind_keyword(BoundCall& call, const std::vector<std::string_view>& parameters,
                  const KeywordOperand& keyword) {
  const auto found =
      std::find_if(parameters.begin(), parameters.end(), [&](std::string_view parameter) {
        return parameter == keyword.name || parameter == "*" + keyword.name;
      });
  // NumPy takes these by their place alone.
  const bool is_by_place = keyword.name == "x" || keyword.name == "x1" || keyword.name == "x2" ||
                           keyword.name == "condition" || keyword.name == "y";
  const bool is_rest_of_method =
      found != parameters.end() && found->front() == '*' && call.site.name.front() == '.';
  if (found == parameters.end() || is_by_place || is_rest_of_method) {
    const std::string near = found != parameters.end()
                                 ? ""
                                 : nearest(keyword.name, {parameters.begin(), parameters.end()});
    throw ReadError(*keyword.operand.source, keyword.byte,
                    fmt::format("{} has no argument {}", call.site.name, quoted(keyword.name)),
                    near.empty() ? "" : near + "=");
  }
  const auto i = static_cast<std::size_t>(found - parameters.begin());
  if (i >= call.arguments.size()) call.arguments.resize(i + 1);
  if (call.arguments[i] != nullptr) {
    throw ReadError(*keyword.operand.source, keyword.byte,
                    fmt::format("{} is given {} twice", call.site.name, quoted(keyword.name)));
  }
  call.arguments[i] = &keyword.operand;
}

// A `dtype` must be one that is read, and `out` says nothing at all.
void check_side_arguments(const BoundCall& call, const std::vector<std::string_view>& parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Operand* argument = call.optional(i);
    if (argument == nullptr) continue;
    if (parameters[i] == "dtype") written_type(argument);
    if (parameters[i] == "out" && !argument->value.is_none()) {
      argument->refuse("out=... is not read: it changes an array in place", "name = the call");
    }
  }
}

}  // namespace

Value call_function(const CallSite& site, const NumpyFunction& function,
                    const CallArguments& arguments) {
  const std::vector<std::string_view> parameters = split(function.parameters);
  const bool takes_rest = parameters.back().front() == '*';
  BoundCall call{site, {}};
  for (const Operand& operand : arguments.positional) call.arguments.push_back(&operand);
  const std::size_t given = arguments.positional.size() + arguments.keywords.size();
  const std::size_t most = takes_rest ? given : parameters.size();
  check_count(site, function, given, most);
  if (!takes_rest) call.arguments.resize(parameters.size());
  for (const KeywordOperand& keyword : arguments.keywords) bind_keyword(call, parameters, keyword);
  for (std::size_t i = 0; i < std::max(function.required, call.arguments.size()); ++i) {
    const bool is_due = i < function.required || takes_rest;
    if (is_due && call.optional(i) == nullptr) {
      site.refuse(fmt::format("{} lacks its argument {}", site.name, quoted(parameters[i])));
    }
  }
  check_side_arguments(call, parameters);
  try {
    return function.handler(call);
  } catch (const ReadError&) {
    throw;
  } catch (const Error& error) {
    site.refuse(error.what());
  }
}

namespace {

const NumpyFunction* find(std::string_view name, bool as_method) {
  const auto found =
      std::find_if(kFunctions.begin(), kFunctions.end(), [&](const NumpyFunction& function) {
        return function.name == name && (!as_method || function.is_method);
      });
  return found == kFunctions.end() ? nullptr : &*found;
}

std::vector<std::string> known_names(bool methods) {
  std::vector<std::string> names;
  for (const NumpyFunction& function : kFunctions) {
    if (!methods || function.is_method) names.emplace_back(function.name);
  }
  return names;
}

[[noreturn]] void refuse_unknown(const CallSite& site, std::string_view name, bool as_method) {
  const std::string_view last = name.substr(name.rfind('.') + 1);
  const auto known =
      std::find_if(kInstead.begin(), kInstead.end(),
                   [last](const NotRead& not_read) { return not_read.name == last; });
  std::string instead;
  if (known != kInstead.end()) {
    instead = known->instead;
  } else if (name.rfind("random.", 0) == 0) {
    instead = "a parameter, and give it its numbers with --set x='randn(4,3)'";
  } else if (const std::string near = nearest(last, known_names(as_method)); !near.empty()) {
    instead = fmt::format("{}{}", as_method ? "." : "np.", near);
  } else if (as_method && find(name, false) != nullptr) {
    instead = fmt::format("np.{}(x)", name);
  }
  site.refuse(fmt::format("{} is not read: it is none of the functions that have a gradient here",
                          site.name),
              instead);
}

}  // namespace

Value call_numpy(const CallSite& site, std::string_view name, const CallArguments& arguments) {
  const NumpyFunction* function = find(name, false);
  if (function == nullptr || name == "astype") refuse_unknown(site, name, false);
  return call_function(site, *function, arguments);
}

Value call_method(const CallSite& site, std::string_view name, const CallArguments& arguments) {
  const NumpyFunction* function = find(name, true);
  if (function == nullptr) refuse_unknown(site, name, true);
  return call_function(site, *function, arguments);
}

bool is_numpy_type(std::string_view name) {
  constexpr std::array<std::string_view, 12> kTypes = {"float64", "float32", "float16", "double",
                                                       "int64",   "int32",   "int16",   "int8",
                                                       "uint8",   "int_",    "bool_",   "float_"};
  return std::find(kTypes.begin(), kTypes.end(), name) != kTypes.end();
}

Value numpy_constant(const CallSite& site, std::string_view name) {
  if (name == "pi") return scalar(3.14159265358979323846);
  if (name == "e") return scalar(2.71828182845904523536);
  if (name == "inf") return scalar(std::numeric_limits<double>::infinity());
  if (name == "nan") return scalar(std::numeric_limits<double>::quiet_NaN());
  if (is_numpy_type(name)) {
    const std::string_view is = name == "double" || name == "float_" ? "float64"
                                : name == "int_"                     ? "int64"
                                                                     : name;
    return {Word{std::string(is), Word::Kind::kType}};
  }
  if (name == "newaxis") return {};
  if (is_numpy_function(name)) {
    site.refuse(fmt::format("{} is a function, and stands here without its (arguments)", site.name),
                fmt::format("{}(x)", site.name));
  }
  refuse_unknown(site, name, false);
}

bool is_numpy_function(std::string_view name) {
  return name != "astype" && find(name, false) != nullptr;
}

Shape shape_of_sides(std::size_t size, std::vector<std::int64_t> sides) {
  std::int64_t known = 1;
  for (const std::int64_t side : sides) {
    if (side == -1) continue;
    known = std::min(known * std::clamp<std::int64_t>(side, 0, kMaxElements), 2 * kMaxElements);
  }
  const auto count = static_cast<std::int64_t>(size);
  for (std::int64_t& side : sides) {
    if (side == -1 && known > 0 && count % known == 0) side = count / known;
  }
  const Shape shape = checked_shape(sides);
  if (shape.size() == size) return shape;
  throw Error(fmt::format("{} numbers do not fill the shape {}", size, to_string(shape)));
}

Shape written_shape(const Operand& operand) {
  std::vector<std::int64_t> sides;
  if (const Tuple* tuple = operand.value.tuple()) {
    for (const Value& item : *tuple->items) sides.push_back(whole_side(operand, item));
  } else {
    sides.push_back(whole_side(operand, operand.value));
  }
  try {
    return checked_shape(sides);
  } catch (const Error& error) {
    operand.refuse(error.what());
  }
}

std::optional<NumberType> number_type(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, NumberType>, 10> kNames = {
      {{"float", NumberType::kFloat},
       {"float64", NumberType::kFloat},
       {"float_", NumberType::kFloat},
       {"double", NumberType::kFloat},
       {"int", NumberType::kInteger},
       {"int64", NumberType::kInteger},
       {"int_", NumberType::kInteger},
       {"bool", NumberType::kBool},
       {"bool_", NumberType::kBool},
       {"f8", NumberType::kFloat}}};
  for (const auto& [known, type] : kNames) {
    if (known == name) return type;
  }
  return std::nullopt;
}

}  // namespace backstep::read
