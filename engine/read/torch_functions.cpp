// One table for PyTorch's functions and methods. Most are NumPy's under another name, with `dim`
// for `axis`; those that it has besides are made of them.
#include "engine/read/torch_functions.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "engine/primitives/primitives.h"
#include "engine/read/bound_call.h"
#include "engine/read/indices.h"
#include "engine/read/nearest.h"
#include "engine/read/operations.h"

namespace backstep::read {
namespace {

// ---- calls of NumPy's functions ---------------------------------------------------------------

struct Named {
  std::string_view name;
  const Operand* operand;  // null or absent: not passed on
};

Value numpy(const BoundCall& call, std::string_view name, std::vector<Operand> positional,
            std::initializer_list<Named> keywords = {}) {
  CallArguments arguments{std::move(positional), {}};
  for (const Named& keyword : keywords) {
    if (keyword.operand == nullptr) continue;
    arguments.keywords.push_back(
        {std::string(keyword.name), keyword.operand->range.begin, *keyword.operand});
  }
  const CallSite site{call.site.draft, call.site.name, call.site.source, call.site.range};
  return call_numpy(site, name, arguments);
}

Operand operand_of(const BoundCall& call, Value value) {
  return {std::move(value), call.site.source, call.site.range};
}

Operand number_operand(const BoundCall& call, double value, NumberType type = NumberType::kFloat) {
  return operand_of(call, scalar(value, type));
}

Value apply_to(const BoundCall& call, Operator op, const Operand& a, const Operand& b) {
  return apply_operator(call.site.draft, op, call.site.range.begin, a, b);
}

// Nodes that a diagram can close to one box.
template <typename Make>
Value grouped(const BoundCall& call, std::string_view name, Make make) {
  Draft& draft = call.site.draft;
  const auto first = static_cast<NodeId>(draft.graph.size());
  Value value = make();
  const auto end = static_cast<NodeId>(draft.graph.size());
  if (end - first < 2) return value;
  const std::uint16_t group = draft.graph.add_group(name, draft.group());
  for (NodeId id = first; id < end; ++id) {
    if (draft.graph.place(id).group == 0) draft.graph.place(id).group = group;
  }
  return value;
}

Array array_of(const BoundCall& call, std::size_t i) { return as_array(call.site.draft, call[i]); }

// Like mean, var and softmax, which PyTorch has of floats alone.
void check_float(const BoundCall& call, std::size_t i) {
  const Array* array = call[i].value.array();
  if (array == nullptr || array->type == NumberType::kFloat) return;
  call[i].refuse(fmt::format("{} is of integers or of True and False: PyTorch's {} takes floats",
                             described(call[i]), call.site.name),
                 "x.float()");
}

bool is_true(const Operand* operand, bool otherwise) {
  if (operand == nullptr || operand->value.is_none()) return otherwise;
  return number_of(*operand, "this argument") != 0;
}

// ---- along a side -----------------------------------------------------------------------------

// (input, dim, keepdim, dtype)
template <std::size_t kLetters>
struct Letters {
  constexpr Letters(const char (&text)[kLetters]) { std::copy_n(text, kLetters, letters); }
  constexpr std::string_view text() const { return {letters, kLetters - 1}; }
  char letters[kLetters];
};

// PyTorch takes a list of sides where NumPy takes a tuple.
Operand as_axes(const Operand& dim) {
  const Tuple* tuple = dim.value.tuple();
  if (tuple == nullptr || !tuple->is_list) return dim;
  return {{Tuple{tuple->items, false}}, dim.source, dim.range};
}

template <Letters kNumpy>
Value reduced_by(const BoundCall& call) {
  if (kNumpy.text() == "mean") check_float(call, 0);
  std::optional<Operand> axes;
  if (is_given(call.optional(1))) axes = as_axes(call[1]);
  return numpy(call, kNumpy.text(), {call[0]},
               {{"axis", axes ? &*axes : nullptr}, {"keepdims", call.optional(2)}});
}

// The variance divides by N - 1 here, where NumPy's divides by N.
double correction_of(const BoundCall& call) {
  if (is_given(call.optional(4))) return number_of(call[4], "correction");
  return is_true(call.optional(2), true) ? 1 : 0;
}

// (input, dim, unbiased, keepdim, correction); the second may be `unbiased` by its place.
template <Letters kNumpy>
Value spread_by(const BoundCall& call) {
  check_float(call, 0);
  BoundCall bound = call;
  const Scalar* second = call.optional(1) == nullptr ? nullptr : call[1].value.scalar();
  if (second != nullptr && second->type == NumberType::kBool) {
    bound.arguments = {call.arguments[0], nullptr, call.arguments[1], nullptr, nullptr};
  }
  const Operand ddof = number_operand(call, correction_of(bound), NumberType::kInteger);
  std::optional<Operand> axes;
  if (is_given(bound.optional(1))) axes = as_axes(bound[1]);
  return numpy(
      call, kNumpy.text(), {call[0]},
      {{"axis", axes ? &*axes : nullptr}, {"ddof", &ddof}, {"keepdims", bound.optional(3)}});
}

// Which place along a side holds the largest or the smallest; of several, the first.
Array place_of_extreme(const BoundCall& call, const Operand& of, const Operand* dim, bool keepdim,
                       std::string_view extreme) {
  Draft& draft = call.site.draft;
  Operand input = of;
  Operand axis = dim == nullptr ? number_operand(call, 0, NumberType::kInteger) : *dim;
  if (dim == nullptr) {
    const auto size = static_cast<double>(as_array(draft, of).shape().size());
    input.value = numpy(call, "reshape", {of, number_operand(call, size, NumberType::kInteger)});
  }
  const Operand yes = number_operand(call, 1, NumberType::kBool);
  const Array array = as_array(draft, input);
  const Value best = numpy(call, extreme, {input}, {{"axis", &axis}, {"keepdims", &yes}});
  const int side = written_side(axis, axis.value, array.shape().ndim());
  const std::int32_t length = array.shape()[side];
  Shape shape;
  for (int i = 0; i < array.shape().ndim(); ++i) shape.add(i == side ? length : 1);
  std::vector<double> places(static_cast<std::size_t>(length));
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = static_cast<double>(i);
  const Var line = draft.graph.constant(shape, std::move(places));
  draft.name_step(line.id(), "places");
  const Var behind = draft.graph.leaf(Role::kConstant, {}, {}, length);
  Sides sides;
  sides.add(side);
  const Var first = draft.make({&input}, call.site.range.begin, [&] {
    const Var chosen = where(equal(array.var, best.array()->var), line, behind);
    return reduce(*primitive_named("min"), chosen, sides, keepdim);
  });
  return {first, NumberType::kInteger, static_cast<double>(length - 1)};
}

// x.max(), x.max(other), x.max(dim): the last gives values and indices.
template <Letters kNumpy, Letters kOfTwo>
Value extreme_by(const BoundCall& call) {
  if (!is_given(call.optional(1))) return numpy(call, kNumpy.text(), {call[0]});
  if (call[1].value.array() != nullptr) return numpy(call, kOfTwo.text(), {call[0], call[1]});
  const bool keepdim = is_true(call.optional(2), false);
  const Operand keepdims = number_operand(call, keepdim ? 1 : 0, NumberType::kBool);
  Value values =
      numpy(call, kNumpy.text(), {call[0]}, {{"axis", &call[1]}, {"keepdims", &keepdims}});
  const Array indices = place_of_extreme(call, call[0], &call[1], keepdim, kNumpy.text());
  // Where nobody asks for the places, their steps are left out.
  call.site.draft.indices.push_back(indices.var.id());
  Value both = tuple({as_new(std::move(values)), as_new({indices})});
  std::get<Tuple>(both.kind).has_fields = true;
  return both;
}

template <Letters kNumpy>
Value place_by(const BoundCall& call) {
  const Operand* dim = is_given(call.optional(1)) ? &call[1] : nullptr;
  return {place_of_extreme(call, call[0], dim, is_true(call.optional(2), false), kNumpy.text())};
}

Value log_sum_exp(const BoundCall& call) {
  return numpy(call, "scipy.special.logsumexp", {call[0]},
               {{"axis", &call[1]}, {"keepdims", call.optional(2)}});
}

// ---- element by element ----------------------------------------------------------------------

template <Letters kNumpy>
Value elementwise(const BoundCall& call) {
  return numpy(call, kNumpy.text(), {call[0]});
}

template <Operator kOperator>
Value binary(const BoundCall& call) {
  return apply_to(call, kOperator, call[0], call[1]);
}

template <Letters kNumpy>
Value of_two(const BoundCall& call) {
  return numpy(call, kNumpy.text(), {call[0], call[1]});
}

// input + alpha * other
template <Operator kOperator>
Value added(const BoundCall& call) {
  if (!is_given(call.optional(2))) return apply_to(call, kOperator, call[0], call[1]);
  const Operand scaled = operand_of(call, apply_to(call, Operator::kMultiply, call[2], call[1]));
  return apply_to(call, kOperator, call[0], scaled);
}

Value sigmoid_of(const BoundCall& call, const Operand& x) {
  const Operand minus = operand_of(call, with_sign(call.site.draft, x, true));
  const Operand power = operand_of(call, numpy(call, "exp", {minus}));
  const Operand one = number_operand(call, 1);
  const Operand below = operand_of(call, apply_to(call, Operator::kAdd, one, power));
  return apply_to(call, Operator::kDivide, one, below);
}

Value sigmoid(const BoundCall& call) {
  return grouped(call, "sigmoid", [&] { return sigmoid_of(call, call[0]); });
}

Value silu(const BoundCall& call) {
  return grouped(call, "silu", [&] {
    return apply_to(call, Operator::kMultiply, call[0],
                    operand_of(call, sigmoid_of(call, call[0])));
  });
}

Value relu_of(const BoundCall& call) {
  return numpy(call, "maximum", {call[0], number_operand(call, 0, NumberType::kInteger)});
}

// (input, negative_slope)
Value leaky_relu(const BoundCall& call) {
  return grouped(call, "leaky_relu", [&] {
    const Operand zero = number_operand(call, 0);
    const Operand slope = is_given(call.optional(1)) ? call[1] : number_operand(call, 0.01);
    const Operand mask = operand_of(call, apply_to(call, Operator::kGreater, call[0], zero));
    const Operand scaled = operand_of(call, apply_to(call, Operator::kMultiply, slope, call[0]));
    return numpy(call, "where", {mask, call[0], scaled});
  });
}

// Only the form by tanh is read: the other needs the error function.
Value gelu(const BoundCall& call) {
  const Word* form = call.optional(1) == nullptr ? nullptr : call[1].value.word();
  if (form == nullptr || form->text != "tanh") {
    call.site.refuse("the exact gelu needs the error function, which is not read",
                     "F.gelu(x, approximate='tanh')");
  }
  return grouped(call, "gelu", [&] {
    const auto times = [&](const Operand& a, const Operand& b) {
      return operand_of(call, apply_to(call, Operator::kMultiply, a, b));
    };
    const auto plus = [&](const Operand& a, const Operand& b) {
      return operand_of(call, apply_to(call, Operator::kAdd, a, b));
    };
    const Operand& x = call[0];
    const Operand three = number_operand(call, 3, NumberType::kInteger);
    const Operand cube = operand_of(call, apply_to(call, Operator::kPower, x, three));
    const Operand inner = times(number_operand(call, std::sqrt(2 / 3.14159265358979323846)),
                                plus(x, times(number_operand(call, 0.044715), cube)));
    const Operand bent = operand_of(call, numpy(call, "tanh", {inner}));
    const Operand half = times(number_operand(call, 0.5), x);
    return times(half, plus(number_operand(call, 1), bent)).value;
  });
}

Value reciprocal_root(const BoundCall& call) {
  const Operand root = operand_of(call, numpy(call, "sqrt", {call[0]}));
  return apply_to(call, Operator::kDivide, number_operand(call, 1), root);
}

// (input, min, max): either may be left out.
Value clamp(const BoundCall& call) {
  const Operand none = operand_of(call, {});
  const Operand& low = call.optional(1) == nullptr ? none : call[1];
  const Operand& high = call.optional(2) == nullptr ? none : call[2];
  return numpy(call, "clip", {call[0], low, high});
}

Value where_of(const BoundCall& call) { return numpy(call, "where", {call[0], call[1], call[2]}); }

// x.where(condition, other)
Value masked_by(const BoundCall& call) { return numpy(call, "where", {call[1], call[2], call[0]}); }

Value where_method(const BoundCall& call) {
  return numpy(call, "where", {call[1], call[0], call[2]});
}

Value cloned(const BoundCall& call) { return numpy(call, "copy", {call[0]}); }

Value detached(const BoundCall& call) {
  Array array = array_of(call, 0);
  array.memory = nullptr;
  array.var =
      call.site.draft.make({&call[0]}, call.site.range.begin, [&] { return detach(array.var); });
  std::vector<std::string>& notes = call.site.draft.notes;
  std::string note = fmt::format(
      "{} is a constant from there on: no gradient goes back through "
      "it ({})",
      shortened(call.site.text()), call.site.source->line_words(call.site.range.begin));
  if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(std::move(note));
  return {array};
}

// A number of Python, which has no gradient either.
Value item_of(const BoundCall& call) {
  if (call[0].value.scalar() != nullptr) return call[0].value;
  const Array array = array_of(call, 0);
  if (array.shape().size() != 1) {
    call.site.refuse(fmt::format("{} has more than one number", described(call[0])));
  }
  return detached(call);
}

Value as_floats(const BoundCall& call) {
  Array array = array_of(call, 0);
  array.type = NumberType::kFloat;
  return {array};
}

Value as_integers(const BoundCall& call) {
  Array array = array_of(call, 0);
  if (array.type == NumberType::kFloat) {
    call.site.refuse("a float as an integer is cut off: such a step has no gradient",
                     "the numbers as they are");
  }
  array.type = NumberType::kInteger;
  return {array};
}

// x.to(dtype), x.type(dtype): a device changes nothing.
Value as_type(const BoundCall& call) {
  const Word* word = call.optional(1) == nullptr ? nullptr : call[1].value.word();
  const bool is_device = word == nullptr || word->kind == Word::Kind::kText;
  if (is_device) return call[0].value;
  const std::optional<NumberType> type = written_type(&call[1]);
  if (!type || *type == array_of(call, 0).type) return call[0].value;
  return numpy(call, "asarray", {call[0], call[1]});
}

// ---- shapes -----------------------------------------------------------------------------------

Operand sides_operand(const BoundCall& call, const std::vector<std::int64_t>& sides) {
  std::vector<Value> items;
  for (const std::int64_t side : sides) {
    items.push_back(scalar(static_cast<double>(side), NumberType::kInteger));
  }
  return operand_of(call, tuple(std::move(items)));
}

// The numbers behind argument `first`, or those of one tuple there.
std::vector<std::int64_t> whole_numbers(const BoundCall& call, std::size_t first) {
  std::vector<std::int64_t> numbers;
  for (std::size_t i = first; i < call.arguments.size(); ++i) {
    if (const Tuple* items = call[i].value.tuple()) {
      for (const Value& item : *items->items) numbers.push_back(whole_side(call[i], item));
    } else {
      numbers.push_back(whole_side(call[i], call[i].value));
    }
  }
  return numbers;
}

Value reshaped(const BoundCall& call) {
  if (call.arguments.size() < 2) call.site.refuse("the new shape is missing", ".view(n, -1)");
  const std::vector<std::int64_t> sides = whole_numbers(call, 1);
  if (std::count(sides.begin(), sides.end(), -1) > 1) {
    call[1].refuse("only one side can be -1, what is left over");
  }
  return numpy(call, "reshape", {call[0], sides_operand(call, sides)});
}

Value in_shape_of(const BoundCall& call) {
  const Shape shape = array_of(call, 1).shape();
  return numpy(call, "reshape", {call[0], sides_operand(call, {shape.begin(), shape.end()})});
}

Value expanded_to(const BoundCall& call, const Shape& to) {
  return numpy(call, "broadcast_to", {call[0], sides_operand(call, {to.begin(), to.end()})});
}

// x.expand(4, -1): -1 keeps a side.
Value expanded(const BoundCall& call) {
  std::vector<std::int64_t> sides = whole_numbers(call, 1);
  const Shape own = array_of(call, 0).shape();
  const int more = static_cast<int>(sides.size()) - own.ndim();
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const int side = static_cast<int>(i) - more;
    if (sides[i] == -1 && side >= 0) sides[i] = own[side];
  }
  return numpy(call, "broadcast_to", {call[0], sides_operand(call, sides)});
}

Value expanded_as(const BoundCall& call) { return expanded_to(call, array_of(call, 1).shape()); }

Value permuted(const BoundCall& call) {
  return numpy(call, "transpose", {call[0], sides_operand(call, whole_numbers(call, 1))});
}

Value turned(const BoundCall& call) {
  const Array array = array_of(call, 0);
  if (array.shape().ndim() > 2) {
    call.site.refuse(fmt::format("t() turns a matrix, not {}", described(call[0])),
                     "x.transpose(1, 2)");
  }
  return numpy(call, "transpose", {call[0]});
}

Value swapped(const BoundCall& call) {
  return numpy(call, "swapaxes", {call[0], call[1], call[2]});
}

Value last_two_swapped(const BoundCall& call) {
  return numpy(call, "swapaxes",
               {call[0], number_operand(call, -2, NumberType::kInteger),
                number_operand(call, -1, NumberType::kInteger)});
}

Value unsqueezed(const BoundCall& call) { return numpy(call, "expand_dims", {call[0], call[1]}); }

// Unlike NumPy's, it leaves a side alone that is not 1.
Value squeezed(const BoundCall& call) {
  if (!is_given(call.optional(1))) return numpy(call, "squeeze", {call[0]});
  const Array array = array_of(call, 0);
  const int side = written_side(call[1], call[1].value, array.shape().ndim());
  if (array.shape()[side] != 1) return call[0].value;
  return numpy(call, "squeeze", {call[0], call[1]});
}

// (input, start_dim, end_dim)
Value flattened(const BoundCall& call) {
  const Shape shape = array_of(call, 0).shape();
  const int ndim = shape.ndim();
  const auto side = [&](std::size_t i, int otherwise) {
    return is_given(call.optional(i)) ? written_side(call[i], call[i].value, ndim) : otherwise;
  };
  const int start = side(1, 0);
  const int end = side(2, ndim - 1);
  std::vector<std::int64_t> sides;
  std::int64_t joined = 1;
  for (int i = 0; i < ndim; ++i) {
    if (i >= start && i <= end) joined *= shape[i];
    if (i < start || i > end) sides.push_back(shape[i]);
    if (i == end) sides.push_back(joined);
  }
  if (ndim == 0) sides = {1};
  return numpy(call, "reshape", {call[0], sides_operand(call, sides)});
}

Value same(const BoundCall& call) { return call[0].value; }

// x.repeat(2, 1) is np.tile(x, (2, 1)).
Value repeated(const BoundCall& call) {
  return numpy(call, "tile", {call[0], sides_operand(call, whole_numbers(call, 1))});
}

template <Letters kNumpy>
Value joined(const BoundCall& call) {
  return numpy(call, kNumpy.text(), {call[0]}, {{"axis", call.optional(1)}});
}

// Pieces of so many, where NumPy asks for how many pieces.
std::vector<Value> pieces(const BoundCall& call, int side,
                          const std::vector<std::int64_t>& lengths) {
  std::vector<Value> bounds;
  std::int64_t at = 0;
  for (std::size_t i = 0; i + 1 < lengths.size(); ++i) {
    at += lengths[i];
    bounds.push_back(scalar(static_cast<double>(at), NumberType::kInteger));
  }
  const Operand cuts = operand_of(call, tuple(std::move(bounds), true));
  const Operand axis = number_operand(call, side, NumberType::kInteger);
  return *numpy(call, "split", {call[0], cuts}, {{"axis", &axis}}).tuple()->items;
}

int side_or_first(const BoundCall& call, std::size_t i) {
  const int ndim = array_of(call, 0).shape().ndim();
  return is_given(call.optional(i)) ? written_side(call[i], call[i].value, ndim) : 0;
}

Value in_pieces(const BoundCall& call, std::int64_t length, int side) {
  const std::int64_t whole = array_of(call, 0).shape()[side];
  if (length < 1) call[1].refuse("a piece has one element or more");
  std::vector<std::int64_t> lengths;
  for (std::int64_t at = 0; at < whole; at += length) {
    lengths.push_back(std::min(length, whole - at));
  }
  return tuple(pieces(call, side, lengths));
}

// (tensor, split_size_or_sections, dim)
Value split(const BoundCall& call) {
  const int side = side_or_first(call, 2);
  if (call[1].value.tuple() == nullptr) {
    return in_pieces(call, whole_side(call[1], call[1].value), side);
  }
  BoundCall sections = call;
  sections.arguments.resize(2);
  const std::vector<std::int64_t> lengths = whole_numbers(sections, 1);
  std::int64_t total = 0;
  for (const std::int64_t length : lengths) total += length;
  if (total != array_of(call, 0).shape()[side]) {
    call[1].refuse(fmt::format("these pieces have {} elements together, and the side has {}", total,
                               array_of(call, 0).shape()[side]));
  }
  return tuple(pieces(call, side, lengths));
}

// (input, chunks, dim)
Value chunked(const BoundCall& call) {
  const int side = side_or_first(call, 2);
  const std::int64_t chunks = whole_side(call[1], call[1].value);
  if (chunks < 1) call[1].refuse("there is one chunk or more");
  const std::int64_t whole = array_of(call, 0).shape()[side];
  return in_pieces(call, (whole + chunks - 1) / chunks, side);
}

Value size_of(const BoundCall& call) {
  const Shape shape = array_of(call, 0).shape();
  if (is_given(call.optional(1))) {
    return scalar(shape[written_side(call[1], call[1].value, shape.ndim())], NumberType::kInteger);
  }
  std::vector<Value> sides;
  for (const std::int32_t side : shape) sides.push_back(scalar(side, NumberType::kInteger));
  return tuple(std::move(sides));
}

Value count_of_sides(const BoundCall& call) {
  return scalar(array_of(call, 0).shape().ndim(), NumberType::kInteger);
}

Value count_of_elements(const BoundCall& call) {
  return scalar(static_cast<double>(array_of(call, 0).shape().size()), NumberType::kInteger);
}

// ---- products ---------------------------------------------------------------------------------

template <int kFirst, int kSecond>
Value product(const BoundCall& call) {
  const bool fits =
      array_of(call, 0).shape().ndim() == kFirst && array_of(call, 1).shape().ndim() == kSecond;
  if (!fits) {
    call.site.refuse(fmt::format("{} takes {} sides and {}, not {} and {}", call.site.name, kFirst,
                                 kSecond, described(call[0]), described(call[1])),
                     "a @ b");
  }
  return apply_to(call, Operator::kMatmul, call[0], call[1]);
}

// ---- arrays of known numbers ------------------------------------------------------------------

// zeros(4, 3), zeros((4, 3)), zeros(4, 3, dtype=...)
template <Letters kNumpy>
Value filled(const BoundCall& call) {
  const std::vector<std::int64_t> sides = whole_numbers(call, 0);
  return numpy(call, kNumpy.text(), {sides_operand(call, sides)});
}

template <Letters kNumpy>
Value filled_as(const BoundCall& call) {
  return numpy(call, kNumpy.text(), {call[0]}, {{"dtype", call.optional(1)}});
}

// (size, fill_value)
Value full(const BoundCall& call) {
  return numpy(call, "full", {call[0], call[1]}, {{"dtype", call.optional(2)}});
}
Value full_like(const BoundCall& call) { return numpy(call, "full_like", {call[0], call[1]}); }

Value arange(const BoundCall& call) {
  std::vector<Operand> bounds;
  for (std::size_t i = 0; i < 3 && call.optional(i) != nullptr; ++i) bounds.push_back(call[i]);
  return numpy(call, "arange", std::move(bounds), {{"dtype", call.optional(3)}});
}

Value eye(const BoundCall& call) {
  std::vector<Operand> sides = {call[0]};
  if (is_given(call.optional(1))) sides.push_back(call[1]);
  return numpy(call, "eye", std::move(sides));
}

Value tensor(const BoundCall& call) {
  return numpy(call, "array", {call[0]}, {{"dtype", call.optional(1)}});
}

// The integers of labels, which are to be known; those of a parameter are asked for.
struct Labels {
  Shape shape;
  std::vector<std::int64_t> numbers;
};

Labels labels_of(const BoundCall& call, std::size_t i, std::int64_t below) {
  const IndexPart part = part_of(call.site.draft, call[i], below);
  if (part.kind == IndexPart::Kind::kPlace) return {{}, {part.place}};
  if (part.kind == IndexPart::Kind::kList) return {part.shape, part.numbers};
  call[i].refuse(
      fmt::format("{} takes integers as labels, not {}", call.site.name, described(call[i])));
}

bool is_known_as_index(const BoundCall& call, const Operand& operand) {
  const Array* array = operand.value.array();
  if (array == nullptr) return true;
  const std::vector<NodeId> unknown = call.site.draft.unknown_leaves(array->var.id());
  return unknown.empty() || (unknown.size() == 1 && unknown.front() == array->var.id());
}

// (tensor, num_classes)
Value one_hot(const BoundCall& call) {
  Draft& draft = call.site.draft;
  const bool has_count = is_given(call.optional(1)) && !(call[1].value.scalar() != nullptr &&
                                                         call[1].value.scalar()->value == -1);
  std::int64_t classes = has_count ? whole_side(call[1], call[1].value) : 0;
  if (!is_known_as_index(call, call[0])) {
    // Of places that hang on values, as those of a largest element do.
    if (!has_count) call.site.refuse("how many classes there are hangs on values", "num_classes=C");
    const Array places = array_of(call, 0);
    if (places.type != NumberType::kInteger || places.most >= static_cast<double>(classes)) {
      call[0].refuse("these labels are not known to be below num_classes");
    }
    const Operand last = number_operand(call, -1, NumberType::kInteger);
    const Operand column = operand_of(call, numpy(call, "expand_dims", {call[0], last}));
    const Operand line = operand_of(
        call, numpy(call, "arange",
                    {number_operand(call, static_cast<double>(classes), NumberType::kInteger)}));
    Array result = *apply_to(call, Operator::kEqual, column, line).array();
    result.type = NumberType::kInteger;
    return {result};
  }
  constexpr std::int64_t kSomeClasses = 5;
  const Labels labels = labels_of(call, 0, has_count ? classes : kSomeClasses);
  for (const std::int64_t label : labels.numbers) {
    if (label < 0) call[0].refuse("a class is not below 0");
    if (!has_count) classes = std::max(classes, label + 1);
    if (label >= classes) {
      call[0].refuse(fmt::format("class {} is not below num_classes={}", label, classes));
    }
  }
  std::vector<std::int64_t> sides(labels.shape.begin(), labels.shape.end());
  sides.push_back(classes);
  const Shape shape = checked_shape(sides);
  std::vector<double> numbers(shape.size());
  for (std::size_t i = 0; i < labels.numbers.size(); ++i) {
    numbers[i * static_cast<std::size_t>(classes) + static_cast<std::size_t>(labels.numbers[i])] =
        1;
  }
  const Var var = draft.graph.constant(shape, std::move(numbers));
  draft.name_step(var.id(), "one_hot");
  return {Array{var, NumberType::kInteger, 1}};
}

// ---- softmax and the losses -------------------------------------------------------------------

// PyTorch asks for the side; without one, the old rule would choose it.
Operand side_operand(const BoundCall& call, std::size_t i) {
  if (is_given(call.optional(i))) return call[i];
  call.site.refuse(fmt::format("{} takes the side along which it works", call.site.name), "dim=1");
}

Operand log_softmax_of(const BoundCall& call, const Operand& x, const Operand& side) {
  const Operand yes = number_operand(call, 1, NumberType::kBool);
  const Operand total = operand_of(
      call, numpy(call, "scipy.special.logsumexp", {x}, {{"axis", &side}, {"keepdims", &yes}}));
  return operand_of(call, apply_to(call, Operator::kSubtract, x, total));
}

// (input, dim)
Value log_softmax(const BoundCall& call) {
  check_float(call, 0);
  const Operand side = side_operand(call, 1);
  return grouped(call, "log_softmax", [&] { return log_softmax_of(call, call[0], side).value; });
}

Value softmax(const BoundCall& call) {
  check_float(call, 0);
  const Operand side = side_operand(call, 1);
  return grouped(call, "softmax", [&] {
    const Operand yes = number_operand(call, 1, NumberType::kBool);
    const Value top = numpy(call, "max", {call[0]}, {{"axis", &side}, {"keepdims", &yes}});
    // Whatever is taken off, the result is the same: the gradient need not go this way.
    const Operand held = operand_of(call, {Array{detach(top.array()->var)}});
    const Operand shifted = operand_of(call, apply_to(call, Operator::kSubtract, call[0], held));
    const Operand power = operand_of(call, numpy(call, "exp", {shifted}));
    const Operand total =
        operand_of(call, numpy(call, "sum", {power}, {{"axis", &side}, {"keepdims", &yes}}));
    return apply_to(call, Operator::kDivide, power, total);
  });
}

// How the losses of the samples become one: 'mean', 'sum', 'none'.
Value joined_losses(const BoundCall& call, const Operand& losses, const Operand* reduction) {
  const Word* word = is_given(reduction) ? reduction->value.word() : nullptr;
  if (is_given(reduction) && word == nullptr) reduction->refuse("a text is expected", "'mean'");
  const std::string how = word == nullptr ? "mean" : word->text;
  if (how == "none") return losses.value;
  if (how == "mean" || how == "sum") return numpy(call, how, {losses});
  reduction->refuse(fmt::format("reduction={} is not read", quoted(how)),
                    "'mean', 'sum' or 'none'");
}

// Minus the logarithm at the label of each row.
Value picked_losses(const BoundCall& call, const Operand& logp, std::size_t target) {
  Draft& draft = call.site.draft;
  const Array array = *logp.value.array();
  const Shape shape = array.shape();
  if (shape.ndim() < 1 || shape.ndim() > 2) {
    call.site.refuse(fmt::format("{} of {} is not read: (N, C) is expected", call.site.name,
                                 described(call[0])));
  }
  const std::int32_t classes = shape[shape.ndim() - 1];
  const Labels labels = labels_of(call, target, classes);
  Shape expected;
  if (shape.ndim() == 2) expected.add(shape[0]);
  if (!(labels.shape == expected)) {
    throw ReadError(*call[target].source, call[target].range.begin,
                    fmt::format("the labels are {}, and a label for each row is expected: {}",
                                to_string(labels.shape), to_string(expected)))
        .about_shapes();
  }
  std::vector<std::int32_t> places;
  for (std::size_t row = 0; row < labels.numbers.size(); ++row) {
    const std::int64_t label = labels.numbers[row];
    if (label < 0 || label >= classes) {
      call[target].refuse(fmt::format("label {} is none of {} classes", label, classes));
    }
    places.push_back(static_cast<std::int32_t>(static_cast<std::int64_t>(row) * classes + label));
  }
  const Var picked = draft.make({&call[0]}, call.site.range.begin, [&] {
    return gather(array.var, share(std::move(places)), expected);
  });
  return with_sign(draft, operand_of(call, {Array{picked}}), true);
}

void refuse_given(const BoundCall& call, std::size_t from, std::size_t end) {
  for (std::size_t i = from; i < end; ++i) {
    if (!is_given(call.optional(i))) continue;
    const Scalar* number = call[i].value.scalar();
    const bool is_default = number != nullptr && (number->value == 0 || number->value == -100);
    if (!is_default) call[i].refuse(fmt::format("this argument of {} is not read", call.site.name));
  }
}

// (input, target, weight, size_average, ignore_index, reduce, reduction, label_smoothing)
Value cross_entropy(const BoundCall& call) {
  check_float(call, 0);
  refuse_given(call, 2, 6);
  refuse_given(call, 7, 8);
  return grouped(call, "cross_entropy", [&] {
    const Shape shape = array_of(call, 0).shape();
    const Operand side = number_operand(call, shape.ndim() == 1 ? 0 : 1, NumberType::kInteger);
    const Operand logp = log_softmax_of(call, call[0], side);
    const Array* target = call[1].value.array();
    const bool are_probabilities = target != nullptr && target->type == NumberType::kFloat &&
                                   target->shape() == shape && shape.ndim() > 1;
    if (!are_probabilities) {
      const Operand losses = operand_of(call, picked_losses(call, logp, 1));
      if (losses.value.array()->shape().ndim() == 0) return losses.value;
      return joined_losses(call, losses, call.optional(6));
    }
    const Operand terms = operand_of(call, apply_to(call, Operator::kMultiply, call[1], logp));
    const Operand sums = operand_of(call, numpy(call, "sum", {terms}, {{"axis", &side}}));
    const Operand losses = operand_of(call, with_sign(call.site.draft, sums, true));
    return joined_losses(call, losses, call.optional(6));
  });
}

Value nll_loss(const BoundCall& call) {
  check_float(call, 0);
  refuse_given(call, 2, 6);
  return grouped(call, "nll_loss", [&] {
    const Operand logp = operand_of(call, {array_of(call, 0)});
    return joined_losses(call, operand_of(call, picked_losses(call, logp, 1)), call.optional(6));
  });
}

Operand difference_of(const BoundCall& call) {
  if (!(array_of(call, 0).shape() == array_of(call, 1).shape())) {
    throw ReadError(*call.site.source, call.site.range.begin,
                    fmt::format("{} of {} and {}, which differ in shape: PyTorch would repeat one, "
                                "and warn",
                                call.site.name, described(call[0]), described(call[1])))
        .about_shapes();
  }
  return operand_of(call, apply_to(call, Operator::kSubtract, call[0], call[1]));
}

// (input, target, size_average, reduce, reduction)
Value mse_loss(const BoundCall& call) {
  refuse_given(call, 2, 4);
  return grouped(call, "mse_loss", [&] {
    const Operand squares = operand_of(call, numpy(call, "square", {difference_of(call)}));
    return joined_losses(call, squares, call.optional(4));
  });
}

Value l1_loss(const BoundCall& call) {
  refuse_given(call, 2, 4);
  return grouped(call, "l1_loss", [&] {
    const Operand sizes = operand_of(call, numpy(call, "abs", {difference_of(call)}));
    return joined_losses(call, sizes, call.optional(4));
  });
}

// ---- layers -----------------------------------------------------------------------------------

// (x - mean) / sqrt(var + eps), over some sides, with the variance that divides by N.
Operand normalised(const BoundCall& call, const Operand& axes, double eps) {
  const Operand yes = number_operand(call, 1, NumberType::kBool);
  const Operand mean =
      operand_of(call, numpy(call, "mean", {call[0]}, {{"axis", &axes}, {"keepdims", &yes}}));
  const Operand var =
      operand_of(call, numpy(call, "var", {call[0]}, {{"axis", &axes}, {"keepdims", &yes}}));
  const Operand centred = operand_of(call, apply_to(call, Operator::kSubtract, call[0], mean));
  const Operand sum =
      operand_of(call, apply_to(call, Operator::kAdd, var, number_operand(call, eps)));
  const Operand root = operand_of(call, numpy(call, "sqrt", {sum}));
  return operand_of(call, apply_to(call, Operator::kDivide, centred, root));
}

Operand scaled_and_shifted(const BoundCall& call, Operand value, const Operand* weight,
                           const Operand* bias, const std::vector<std::int64_t>* sides) {
  const auto shaped = [&](const Operand& operand) {
    if (sides == nullptr) return operand;
    return operand_of(call, numpy(call, "reshape", {operand, sides_operand(call, *sides)}));
  };
  if (is_given(weight)) {
    value = operand_of(call, apply_to(call, Operator::kMultiply, value, shaped(*weight)));
  }
  if (is_given(bias)) {
    value = operand_of(call, apply_to(call, Operator::kAdd, value, shaped(*bias)));
  }
  return value;
}

double eps_of(const BoundCall& call, std::size_t i) {
  return is_given(call.optional(i)) ? number_of(call[i], "eps") : 1e-5;
}

// (input, normalized_shape, weight, bias, eps)
Value layer_norm(const BoundCall& call) {
  check_float(call, 0);
  BoundCall of_shape = call;
  of_shape.arguments.resize(2);
  const std::vector<std::int64_t> last = whole_numbers(of_shape, 1);
  const Shape shape = array_of(call, 0).shape();
  const int first = shape.ndim() - static_cast<int>(last.size());
  std::vector<std::int64_t> axes;
  for (std::size_t i = 0; i < last.size(); ++i) {
    const int side = first + static_cast<int>(i);
    if (first < 0 || shape[side] != last[i]) {
      call[1].refuse(fmt::format("the last sides of {} are not those of normalized_shape",
                                 described(call[0])));
    }
    axes.push_back(side);
  }
  return grouped(call, "layer_norm", [&] {
    const Operand value = normalised(call, sides_operand(call, axes), eps_of(call, 4));
    return scaled_and_shifted(call, value, call.optional(2), call.optional(3), nullptr).value;
  });
}

// (input, running_mean, running_var, weight, bias, training, momentum, eps)
Value batch_norm(const BoundCall& call) {
  check_float(call, 0);
  const Shape shape = array_of(call, 0).shape();
  if (shape.ndim() < 2)
    call.site.refuse(
        fmt::format("batch_norm takes (N, C) or more sides, not {}", described(call[0])));
  std::vector<std::int64_t> sides(static_cast<std::size_t>(shape.ndim()), 1);
  sides[1] = shape[1];
  return grouped(call, "batch_norm", [&] {
    if (is_true(call.optional(5), false)) {
      if (is_given(call.optional(1))) {
        call[1].refuse(
            "in training, batch_norm changes its running mean in place: that is not "
            "read",
            "None for both running statistics");
      }
      std::vector<std::int64_t> axes = {0};
      for (int side = 2; side < shape.ndim(); ++side) axes.push_back(side);
      const Operand value = normalised(call, sides_operand(call, axes), eps_of(call, 7));
      return scaled_and_shifted(call, value, call.optional(3), call.optional(4), &sides).value;
    }
    const auto shaped = [&](const Operand& operand) {
      return operand_of(call, numpy(call, "reshape", {operand, sides_operand(call, sides)}));
    };
    if (!is_given(call.optional(1)) || !is_given(call.optional(2))) {
      call.site.refuse("without training=True, batch_norm takes its running statistics",
                       "training=True");
    }
    const Operand centred =
        operand_of(call, apply_to(call, Operator::kSubtract, call[0], shaped(call[1])));
    const Operand sum = operand_of(call, apply_to(call, Operator::kAdd, shaped(call[2]),
                                                  number_operand(call, eps_of(call, 7))));
    const Operand root = operand_of(call, numpy(call, "sqrt", {sum}));
    const Operand value = operand_of(call, apply_to(call, Operator::kDivide, centred, root));
    return scaled_and_shifted(call, value, call.optional(3), call.optional(4), &sides).value;
  });
}

// (input, weight, bias): x @ W.T + b
Value linear(const BoundCall& call) {
  return grouped(call, "linear", [&] {
    const Operand turned_weight = operand_of(call, numpy(call, "transpose", {call[1]}));
    const Operand value =
        operand_of(call, apply_to(call, Operator::kMatmul, call[0], turned_weight));
    return scaled_and_shifted(call, value, nullptr, call.optional(2), nullptr).value;
  });
}

// (input, p, training): what it draws is PyTorch's own.
Value dropout(const BoundCall& call) {
  const double p = is_given(call.optional(1)) ? number_of(call[1], "p") : 0.5;
  if (p == 0 || !is_true(call.optional(2), true)) return call[0].value;
  call.site.refuse("dropout draws its mask from PyTorch's own random numbers, which are not read",
                   "x * mask / (1 - p), with the mask as a parameter");
}

// (input, dim): a running sum.
Value summed_up(const BoundCall& call) {
  return numpy(call, "cumsum", {call[0]}, {{"axis", &call[1]}});
}

// (input, dims)
Value flipped(const BoundCall& call) {
  return numpy(call, "flip", {call[0], sides_operand(call, whole_numbers(call, 1))});
}

template <Letters kNumpy>
Value triangle(const BoundCall& call) {
  return numpy(call, kNumpy.text(), {call[0]}, {{"k", call.optional(1)}});
}

// (input, dim, index, source): adds what PyTorch's index_add does.
Value index_added(const BoundCall& call) {
  const Array array = array_of(call, 0);
  if (written_side(call[1], call[1].value, array.shape().ndim()) != 0) {
    call[1].refuse("index_add is read along the first side", "dim 0");
  }
  const Array source = array_of(call, 3);
  const Picked picked = pick(*call.site.source, call[0].range, array.shape(),
                             {part_of(call.site.draft, call[2], array.shape()[0])});
  if (!(source.shape() == picked.shape)) {
    throw ReadError(*call[3].source, call[3].range.begin,
                    fmt::format("{} is added where {} is picked: PyTorch takes one shape",
                                described(call[3]), to_string(picked.shape)))
        .about_shapes();
  }
  Array result = array;
  result.memory = nullptr;
  result.var = call.site.draft.make({&call[0], &call[3]}, call.site.range.begin, [&] {
    return array.var + scatter_add(source.var, share(picked.places), array.shape());
  });
  return {result};
}

// ---- the table --------------------------------------------------------------------------------

enum class As : std::uint8_t { kFunction, kMethod, kBoth };

struct TorchFunction {
  NumpyFunction is;  // its parameters are PyTorch's
  As as = As::kBoth;
};

constexpr std::string_view kOne = "input out";
constexpr std::string_view kTwo = "input other out";
constexpr std::string_view kReduction = "input dim keepdim dtype out";
constexpr std::string_view kSpread = "input dim unbiased keepdim correction out";
constexpr std::string_view kExtreme = "input dim keepdim out";

constexpr TorchFunction row(std::string_view name, std::string_view parameters,
                            std::size_t required, Handler handler, As as = As::kBoth) {
  return {{name, parameters, required, false, handler}, as};
}

const std::vector<TorchFunction>& table() {
  static const std::vector<TorchFunction> rows = {
      row("exp", kOne, 1, elementwise<"exp">),
      row("log", kOne, 1, elementwise<"log">),
      row("sqrt", kOne, 1, elementwise<"sqrt">),
      row("tanh", kOne, 1, elementwise<"tanh">),
      row("abs", kOne, 1, elementwise<"abs">),
      row("absolute", kOne, 1, elementwise<"abs">),
      row("square", kOne, 1, elementwise<"square">),
      row("sign", kOne, 1, elementwise<"sign">),
      row("reciprocal", kOne, 1, elementwise<"reciprocal">),
      row("neg", kOne, 1, elementwise<"negative">),
      row("negative", kOne, 1, elementwise<"negative">),
      row("rsqrt", kOne, 1, reciprocal_root),
      row("sigmoid", kOne, 1, sigmoid),
      row("relu", "input inplace", 1, relu_of),
      row("leaky_relu", "input negative_slope inplace", 1, leaky_relu, As::kFunction),
      row("silu", "input inplace", 1, silu, As::kFunction),
      row("gelu", "input approximate", 1, gelu, As::kFunction),
      row("pow", "input exponent out", 2, binary<Operator::kPower>),
      row("add", "input other alpha out", 2, added<Operator::kAdd>),
      row("sub", "input other alpha out", 2, added<Operator::kSubtract>),
      row("subtract", "input other alpha out", 2, added<Operator::kSubtract>),
      row("mul", kTwo, 2, binary<Operator::kMultiply>),
      row("multiply", kTwo, 2, binary<Operator::kMultiply>),
      row("div", kTwo, 2, binary<Operator::kDivide>),
      row("divide", kTwo, 2, binary<Operator::kDivide>),
      row("eq", kTwo, 2, binary<Operator::kEqual>),
      row("ne", kTwo, 2, binary<Operator::kNotEqual>),
      row("gt", kTwo, 2, binary<Operator::kGreater>),
      row("ge", kTwo, 2, binary<Operator::kGreaterEqual>),
      row("lt", kTwo, 2, binary<Operator::kLess>),
      row("le", kTwo, 2, binary<Operator::kLessEqual>),
      row("maximum", kTwo, 2, of_two<"maximum">),
      row("minimum", kTwo, 2, of_two<"minimum">),
      row("clamp", "input min max out", 1, clamp),
      row("clip", "input min max out", 1, clamp),
      row("where", "condition input other", 3, where_of, As::kFunction),
      row("where", "input condition other", 3, where_method, As::kMethod),
      row("masked_fill", "input mask value", 3, masked_by),
      row("clone", "input memory_format", 1, cloned),
      row("detach", "input", 1, detached),
      row("item", "input", 1, item_of, As::kMethod),
      row("float", "input memory_format", 1, as_floats, As::kMethod),
      row("double", "input memory_format", 1, as_floats, As::kMethod),
      row("long", "input memory_format", 1, as_integers, As::kMethod),
      row("int", "input memory_format", 1, as_integers, As::kMethod),
      row("to", "input dtype copy", 1, as_type, As::kMethod),
      row("type", "input dtype", 1, as_type, As::kMethod),
      row("cpu", "input", 1, same, As::kMethod),
      row("cuda", "input", 1, same, As::kMethod),
      row("sum", kReduction, 1, reduced_by<"sum">),
      row("mean", kReduction, 1, reduced_by<"mean">),
      row("prod", kReduction, 1, reduced_by<"prod">),
      row("amax", kExtreme, 1, reduced_by<"max">),
      row("amin", kExtreme, 1, reduced_by<"min">),
      row("var", kSpread, 1, spread_by<"var">),
      row("std", kSpread, 1, spread_by<"std">),
      row("max", kExtreme, 1, extreme_by<"max", "maximum">),
      row("min", kExtreme, 1, extreme_by<"min", "minimum">),
      row("argmax", kExtreme, 1, place_by<"max">),
      row("argmin", kExtreme, 1, place_by<"min">),
      row("logsumexp", kExtreme, 2, log_sum_exp),
      row("cumsum", "input dim dtype out", 2, summed_up),
      row("view", "input *size", 2, reshaped, As::kMethod),
      row("reshape", "input *shape", 2, reshaped),
      row("view_as", "input other", 2, in_shape_of, As::kMethod),
      row("reshape_as", "input other", 2, in_shape_of, As::kMethod),
      row("expand", "input *size", 2, expanded, As::kMethod),
      row("expand_as", "input other", 2, expanded_as, As::kMethod),
      row("broadcast_to", "input *size", 2, expanded),
      row("permute", "input *dims", 2, permuted),
      row("t", "input", 1, turned),
      row("transpose", "input dim0 dim1", 3, swapped),
      row("swapaxes", "input axis0 axis1", 3, swapped),
      row("swapdims", "input dim0 dim1", 3, swapped),
      row("mT", "input", 1, last_two_swapped, As::kMethod),
      row("unsqueeze", "input dim", 2, unsqueezed),
      row("squeeze", "input dim", 1, squeezed),
      row("flatten", "input start_dim end_dim", 1, flattened),
      row("ravel", "input", 1, flattened),
      row("contiguous", "input memory_format", 1, same, As::kMethod),
      row("repeat", "input *repeats", 2, repeated, As::kMethod),
      row("tile", "input *dims", 2, repeated),
      row("cat", "tensors dim", 1, joined<"concatenate">, As::kFunction),
      row("concat", "tensors dim", 1, joined<"concatenate">, As::kFunction),
      row("concatenate", "tensors dim", 1, joined<"concatenate">, As::kFunction),
      row("stack", "tensors dim", 1, joined<"stack">, As::kFunction),
      row("split", "tensor split_size dim", 2, split),
      row("chunk", "input chunks dim", 2, chunked),
      row("flip", "input *dims", 2, flipped),
      row("tril", "input diagonal", 1, triangle<"tril">),
      row("triu", "input diagonal", 1, triangle<"triu">),
      row("diag", "input diagonal", 1, triangle<"diag">),
      row("index_add", "input dim index source", 4, index_added),
      row("size", "input dim", 1, size_of, As::kMethod),
      row("dim", "input", 1, count_of_sides, As::kMethod),
      row("numel", "input", 1, count_of_elements),
      row("nelement", "input", 1, count_of_elements, As::kMethod),
      row("matmul", kTwo, 2, binary<Operator::kMatmul>),
      row("mm", "input mat2 out", 2, product<2, 2>),
      row("bmm", "input mat2 out", 2, product<3, 3>),
      row("mv", "input vec out", 2, product<2, 1>),
      row("dot", kTwo, 2, product<1, 1>),
      row("outer", "input vec2 out", 2, of_two<"outer">),
      row("zeros", "*size", 1, filled<"zeros">, As::kFunction),
      row("ones", "*size", 1, filled<"ones">, As::kFunction),
      row("zeros_like", "input dtype", 1, filled_as<"zeros_like">, As::kFunction),
      row("ones_like", "input dtype", 1, filled_as<"ones_like">, As::kFunction),
      row("full", "size fill_value dtype", 2, full, As::kFunction),
      row("full_like", "input fill_value", 2, full_like, As::kFunction),
      row("arange", "start end step dtype", 1, arange, As::kFunction),
      row("eye", "n m", 1, eye, As::kFunction),
      row("tensor", "data dtype", 1, tensor, As::kFunction),
      row("as_tensor", "data dtype", 1, tensor, As::kFunction),
      row("softmax", "input dim dtype", 1, softmax),
      row("log_softmax", "input dim dtype", 1, log_softmax),
      row("one_hot", "tensor num_classes", 1, one_hot, As::kFunction),
      row("cross_entropy",
          "input target weight size_average ignore_index reduce reduction label_smoothing", 2,
          cross_entropy, As::kFunction),
      row("nll_loss", "input target weight size_average ignore_index reduce reduction", 2, nll_loss,
          As::kFunction),
      row("mse_loss", "input target size_average reduce reduction", 2, mse_loss, As::kFunction),
      row("l1_loss", "input target size_average reduce reduction", 2, l1_loss, As::kFunction),
      row("layer_norm", "input normalized_shape weight bias eps", 2, layer_norm, As::kFunction),
      row("batch_norm", "input running_mean running_var weight bias training momentum eps", 3,
          batch_norm, As::kFunction),
      row("linear", "input weight bias", 2, linear, As::kFunction),
      row("dropout", "input p training inplace", 1, dropout, As::kFunction),
  };
  return rows;
}

// Functions that stand in torch.nn.functional, and those that stand in torch.
constexpr std::array<std::string_view, 14> kFunctional = {
    "relu",     "leaky_relu", "silu",    "gelu",       "softmax",    "log_softmax", "one_hot",
    "nll_loss", "mse_loss",   "l1_loss", "layer_norm", "batch_norm", "linear",      "dropout"};
constexpr std::array<std::string_view, 4> kInBoth = {"relu", "softmax", "log_softmax",
                                                     "cross_entropy"};

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::string_view kFunctionalModule = "nn.functional.";

bool stands_there(std::string_view name, bool in_functional) {
  const bool is_functional = is_one_of(kFunctional, name) || name == "cross_entropy";
  if (in_functional) return is_functional || name == "tanh" || name == "sigmoid";
  const bool in_both = is_one_of(kInBoth, name) && name != "cross_entropy";
  return !is_functional || in_both || name == "batch_norm" || name == "layer_norm";
}

const TorchFunction* find(std::string_view name, bool as_method) {
  const bool in_functional = name.starts_with(kFunctionalModule);
  std::string_view bare = name;
  if (in_functional) bare.remove_prefix(kFunctionalModule.size());
  if (!as_method && !stands_there(bare, in_functional)) return nullptr;
  for (const TorchFunction& function : table()) {
    const bool fits = function.as == As::kBoth || (function.as == As::kMethod) == as_method;
    if (fits && function.is.name == bare) return &function;
  }
  return nullptr;
}

// What says where numbers lie, and whether PyTorch keeps what a gradient needs.
constexpr std::array<std::string_view, 8> kOfDevices = {
    "device",     "requires_grad", "generator",     "layout",
    "pin_memory", "non_blocking",  "memory_format", "inplace"};

// PyTorch takes NumPy's names, too.
std::string own_name(const std::string& keyword) {
  if (keyword == "axis") return "dim";
  if (keyword == "keepdims") return "keepdim";
  return keyword;
}

CallArguments without_devices(const CallSite& site, const CallArguments& arguments) {
  CallArguments kept{arguments.positional, {}};
  for (const KeywordOperand& keyword : arguments.keywords) {
    const bool is_inplace = keyword.name == "inplace" &&
                            keyword.operand.value.scalar() != nullptr &&
                            keyword.operand.value.scalar()->value != 0;
    if (is_inplace)
      site.refuse("inplace=True changes its argument: that is not read", "no inplace");
    if (is_one_of(kOfDevices, keyword.name)) continue;
    kept.keywords.push_back(keyword);
    kept.keywords.back().name = own_name(keyword.name);
  }
  return kept;
}

// zeros(4, 3, dtype=torch.long): behind a list of sides, a name has no place in the table.
std::optional<Operand> take_dtype(CallArguments& arguments) {
  for (auto at = arguments.keywords.begin(); at != arguments.keywords.end(); ++at) {
    if (at->name != "dtype") continue;
    Operand dtype = at->operand;
    arguments.keywords.erase(at);
    return dtype;
  }
  return std::nullopt;
}

Value call(const CallSite& site, const TorchFunction& function, const CallArguments& arguments) {
  CallArguments kept = without_devices(site, arguments);
  const bool has_list = function.is.parameters.find('*') != std::string_view::npos;
  const std::optional<Operand> dtype = has_list ? take_dtype(kept) : std::nullopt;
  if (has_list && !kept.keywords.empty() && kept.keywords.front().name == "size") {
    kept.positional.push_back(kept.keywords.front().operand);
    kept.keywords.erase(kept.keywords.begin());
  }
  Value value = call_function(site, function.is, kept);
  if (!dtype) return value;
  const std::optional<NumberType> type = written_type(&*dtype);
  if (type && value.array() != nullptr) {
    Array array = *value.array();
    array.type = *type;
    return {array};
  }
  return value;
}

std::vector<std::string> names_of(bool methods) {
  std::vector<std::string> names;
  for (const TorchFunction& function : table()) {
    const bool fits = function.as == As::kBoth || (function.as == As::kMethod) == methods;
    if (fits) names.emplace_back(function.is.name);
  }
  return names;
}

[[noreturn]] void refuse_unknown(const CallSite& site, std::string_view name, bool as_method) {
  const std::string_view last = name.substr(name.rfind('.') + 1);
  std::string instead;
  if (last.starts_with("rand") || last == "normal" || last == "multinomial") {
    instead = "a parameter, and give it its numbers with --set x='randn(4,3)'";
  } else if (const std::string near = nearest(last, names_of(as_method)); !near.empty()) {
    instead = (as_method ? "." : "torch.") + near;
  }
  site.refuse(
      fmt::format("{} is not read: it is none of PyTorch's that have a gradient here", site.name),
      instead);
}

}  // namespace

std::string name_in_torch(std::string_view path) {
  constexpr std::string_view kModule = "torch.";
  return path.starts_with(kModule) ? std::string(path.substr(kModule.size())) : std::string();
}

bool is_torch_function(std::string_view name) { return find(name, false) != nullptr; }

Value call_torch(const CallSite& site, std::string_view name, const CallArguments& arguments) {
  const TorchFunction* function = find(name, false);
  if (function == nullptr) refuse_unknown(site, name, false);
  return call(site, *function, arguments);
}

bool is_torch_method(std::string_view name) { return find(name, true) != nullptr; }

bool is_of_torch_alone(std::string_view method) {
  constexpr std::array<std::string_view, 17> kOfBoth = {
      "sum",  "mean",    "prod",      "var",     "std",      "max",   "min",    "argmax", "argmin",
      "item", "reshape", "transpose", "squeeze", "swapaxes", "ravel", "repeat", "cumsum"};
  constexpr std::array<std::string_view, 6> kMore = {"dot",  "clip",  "flatten",
                                                     "view", "round", "copy"};
  return is_torch_method(method) && !is_one_of(kOfBoth, method) &&
         (method == "view" || !is_one_of(kMore, method));
}

bool has_names_of_torch(const CallArguments& arguments) {
  return std::any_of(arguments.keywords.begin(), arguments.keywords.end(),
                     [](const KeywordOperand& keyword) {
                       return keyword.name == "dim" || keyword.name == "keepdim" ||
                              keyword.name == "unbiased" || keyword.name == "correction";
                     });
}

Value call_torch_method(const CallSite& site, std::string_view name,
                        const CallArguments& arguments) {
  const TorchFunction* function = find(name, true);
  if (function == nullptr) refuse_unknown(site, name, true);
  return call(site, *function, arguments);
}

Value torch_constant(const CallSite& site, std::string_view name) {
  if (name == "pi") return scalar(3.14159265358979323846);
  if (name == "e") return scalar(2.71828182845904523536);
  if (name == "inf") return scalar(std::numeric_limits<double>::infinity());
  if (name == "nan") return scalar(std::numeric_limits<double>::quiet_NaN());
  if (name == "float" || name == "float32" || name == "float64" || name == "double") {
    return {Word{"float64", Word::Kind::kType}};
  }
  if (name == "long" || name == "int64") return {Word{"int64", Word::Kind::kType}};
  if (name == "bool") return {Word{"bool", Word::Kind::kType}};
  if (is_torch_function(name)) {
    site.refuse(fmt::format("{} is a function, and stands here without its (arguments)", site.name),
                fmt::format("{}(x)", site.name));
  }
  refuse_unknown(site, name, false);
}

std::string_view shares_like(std::string_view name) {
  constexpr std::array<std::string_view, 9> kReshapes = {"view",       "reshape", "view_as",
                                                         "reshape_as", "squeeze", "flatten",
                                                         "unsqueeze",  "ravel",   "contiguous"};
  constexpr std::array<std::string_view, 6> kTurns = {"permute",  "t",        "transpose",
                                                      "swapaxes", "swapdims", "mT"};
  constexpr std::array<std::string_view, 6> kOthers = {"expand", "expand_as", "broadcast_to",
                                                       "detach", "split",     "chunk"};
  constexpr std::array<std::string_view, 6> kSame = {"float", "double", "to",
                                                     "type",  "cpu",    "cuda"};
  if (is_one_of(kReshapes, name) || is_one_of(kSame, name)) return "reshape";
  if (is_one_of(kTurns, name)) return "transpose";
  return is_one_of(kOthers, name) ? "broadcast_to" : std::string_view();
}

bool is_torch_setting(std::string_view name) {
  constexpr std::array<std::string_view, 8> kSettings = {
      "retain_grad", "requires_grad_",    "zero_grad",        "manual_seed",
      "backward",    "set_default_dtype", "set_printoptions", "set_grad_enabled"};
  return is_one_of(kSettings, name);
}

}  // namespace backstep::read
