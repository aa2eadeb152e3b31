// Each function says, for an element of its result, which element of the argument it is.
#include "engine/read/array_functions.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/primitives/primitives.h"
#include "engine/read/indices.h"
#include "engine/read/operations.h"
#include "engine/read/python_numbers.h"

namespace backstep::read {
namespace {

using Index = std::array<std::int64_t, Shape::kMostSides>;

std::size_t of(int side) { return static_cast<std::size_t>(side); }

std::int64_t place_of(const Shape& shape, const Index& index) {
  std::int64_t place = 0;
  for (int side = 0; side < shape.ndim(); ++side) place = place * shape[side] + index[of(side)];
  return place;
}

Shape shape_of(const CallSite& site, const std::vector<std::int64_t>& sides) {
  if (std::any_of(sides.begin(), sides.end(), [](std::int64_t side) { return side < 1; })) {
    site.refuse(
        fmt::format("{} makes an array without elements, and no side is 0 here", site.name));
  }
  try {
    return checked_shape(sides);
  } catch (const Error& error) {
    site.refuse(error.what());
  }
}

// The places for each element of the result, from its index: `place(index)`.
template <typename PlaceOf>
SharedMap map_of(const Shape& to, PlaceOf place) {
  std::vector<std::int32_t> places(to.size());
  Index index = {};
  for (std::int32_t& at : places) {
    at = static_cast<std::int32_t>(place(index));
    for (int side = to.ndim() - 1; side >= 0; --side) {
      if (++index[of(side)] < to[side]) break;
      index[of(side)] = 0;
    }
  }
  return share(std::move(places));
}

// An array of the same kind whose elements `place` names; below 0 is 0.
template <typename PlaceOf>
Value moved(const BoundCall& call, const Operand& from, const Array& array, const Shape& to,
            PlaceOf place) {
  Array result = array;
  result.memory = nullptr;
  result.var = call.site.draft.make({&from}, call.site.range.begin,
                                    [&] { return gather(array.var, map_of(to, place), to); });
  return {result};
}

Value constant(const BoundCall& call, const Shape& shape, std::vector<double> numbers,
               NumberType type, std::string_view name) {
  Array array{{}, type};
  for (const double number : numbers) array.most = std::max(array.most, std::fabs(number));
  array.var = call.site.draft.graph.constant(shape, std::move(numbers));
  call.site.draft.name_step(array.var.id(), name);
  const Operand whole{{array}, call.site.source, call.site.range};
  check_exact(whole, call.site.range.begin, array);
  return {array};
}

std::int64_t whole(const Operand& operand, std::string_view use) {
  const double number = number_of(operand, use);
  if (operand.value.scalar()->type == NumberType::kFloat) {
    operand.refuse(fmt::format("{} is to be an integer, not {}", use, shortened(operand.text())));
  }
  if (std::fabs(number) > 1e9) {
    operand.refuse(fmt::format("{} is at most 1000000000 here", use), "a smaller integer");
  }
  return static_cast<std::int64_t>(number);
}

std::int64_t whole_or(const Operand* operand, std::int64_t usual, std::string_view use) {
  return is_given(operand) ? whole(*operand, use) : usual;
}

}  // namespace

// ---- known numbers ---------------------------------------------------------------------------

Value arange(const BoundCall& call) {
  const bool has_stop = is_given(call.optional(1));
  std::array<Scalar, 3> bounds = {Scalar{0, NumberType::kInteger}, {}, {1, NumberType::kInteger}};
  for (std::size_t i = 0; i < 3; ++i) {
    if (!is_given(call.optional(i))) continue;
    number_of(call[i], "a bound of arange");
    bounds[!has_stop && i == 0 ? 1 : i] = *call[i].value.scalar();
  }
  const auto& [start, stop, step] = bounds;
  if (step.value == 0) call.site.refuse("the step of np.arange cannot be 0");
  const double count = std::ceil((stop.value - start.value) / step.value);
  if (!std::isfinite(count)) call.site.refuse("NumPy cannot compute the length of this np.arange");
  NumberType type = std::max({start.type, stop.type, step.type, NumberType::kInteger});
  const Shape shape =
      shape_of(call.site, {static_cast<std::int64_t>(std::clamp(count, 0.0, 9e18))});
  const std::optional<NumberType> asked = written_type(call.optional(3));
  if (asked && *asked < type) call[3].refuse("np.arange would cut its numbers off", "no dtype");
  type = asked.value_or(type);
  // NumPy adds the difference of its first two numbers.
  const double width = (start.value + step.value) - start.value;
  std::vector<double> numbers;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    numbers.push_back(start.value + static_cast<double>(i) * width);
  }
  return constant(call, shape, std::move(numbers), type, "arange");
}

namespace {

Value ones_on_diagonal(const BoundCall& call, const Shape& shape, std::int64_t k,
                       const Operand* type) {
  std::vector<double> numbers(shape.size());
  for (std::int64_t row = 0; row < shape[0]; ++row) {
    const std::int64_t col = row + k;
    if (col >= 0 && col < shape[1]) numbers[static_cast<std::size_t>(row * shape[1] + col)] = 1;
  }
  return constant(call, shape, std::move(numbers), written_type(type).value_or(NumberType::kFloat),
                  "eye");
}

}  // namespace

Value eye(const BoundCall& call) {
  const std::int64_t rows = whole(call[0], "the size of np.eye");
  const std::int64_t cols = whole_or(call.optional(1), rows, "the size of np.eye");
  return ones_on_diagonal(call, shape_of(call.site, {rows, cols}),
                          whole_or(call.optional(2), 0, "k"), call.optional(3));
}

Value identity(const BoundCall& call) {
  const std::int64_t size = whole(call[0], "the size of np.identity");
  return ones_on_diagonal(call, shape_of(call.site, {size, size}), 0, call.optional(1));
}

// ---- several arrays in one -------------------------------------------------------------------

namespace {

std::vector<Operand> arrays_of(const CallSite& site, const Operand& operand) {
  const Tuple* tuple = operand.value.tuple();
  if (tuple == nullptr || tuple->items->empty()) {
    operand.refuse(
        fmt::format("{} takes arrays in a tuple or a list, not {}", site.name, described(operand)),
        fmt::format("{}((a, b))", site.name));
  }
  std::vector<Operand> arrays;
  for (const Value& item : *tuple->items) {
    Operand one{item, operand.source, operand.range};
    if (item.tuple() != nullptr) one.value = {array_of_items(site, one)};
    one.value = {as_array(site.draft, one)};
    arrays.push_back(std::move(one));
  }
  return arrays;
}

// One behind the other along a side; their other sides are equal.
Array joined_pair(const CallSite& site, const Operand& first, const Operand& second, int side) {
  const Array& a = *first.value.array();
  const Array& b = *second.value.array();
  const Shape first_shape = a.shape();
  std::vector<std::int64_t> sides(first_shape.begin(), first_shape.end());
  for (int i = 0; i < a.shape().ndim(); ++i) {
    const bool fits =
        b.shape().ndim() == a.shape().ndim() && (i == side || a.shape()[i] == b.shape()[i]);
    if (fits) continue;
    throw ReadError(
        *site.source, site.range.begin,
        fmt::format("{} takes arrays whose sides are equal but along axis {}: {} and {} "
                    "are not",
                    site.name, side, to_string(a.shape()), to_string(b.shape())))
        .about_shapes();
  }
  sides[of(side)] += b.shape()[side];
  const Shape to = shape_of(site, sides);
  Array result = common_kind(a, b);
  const std::int64_t along = a.shape()[side];
  const auto size = static_cast<std::int64_t>(a.shape().size());
  const SharedMap map = map_of(to, [&](Index index) {
    if (index[of(side)] < along) return place_of(a.shape(), index);
    index[of(side)] -= along;
    return size + place_of(b.shape(), index);
  });
  result.var = site.draft.make({&first, &second}, site.range.begin,
                               [&] { return join(a.var, b.var, map, to); });
  return result;
}

// Pairs of pairs, so that no number is moved often.
Array joined(const CallSite& site, std::vector<Operand> arrays, int side) {
  while (arrays.size() > 1) {
    std::vector<Operand> next;
    for (std::size_t i = 0; i + 1 < arrays.size(); i += 2) {
      Operand pair = arrays[i];
      pair.value = {joined_pair(site, arrays[i], arrays[i + 1], side)};
      next.push_back(std::move(pair));
    }
    if (arrays.size() % 2 != 0) next.push_back(std::move(arrays.back()));
    arrays = std::move(next);
  }
  Array result = *arrays.front().value.array();
  result.memory = nullptr;
  return result;
}

Value joined_along(const CallSite& site, std::vector<Operand> arrays, int side) {
  const bool is_one = arrays.size() == 1;
  Array result = joined(site, std::move(arrays), side);
  if (is_one) result.var = copy(result.var);
  return {result};
}

Operand in_shape(const CallSite& site, Operand operand, const Shape& shape) {
  Array array = *operand.value.array();
  array.memory = nullptr;
  if (!(array.shape() == shape)) {
    array.var =
        site.draft.make({&operand}, site.range.begin, [&] { return reshape(array.var, shape); });
  }
  operand.value = {array};
  return operand;
}

int side_of(const Operand* axis, int ndim, int usual) {
  return axis == nullptr ? usual : written_side(*axis, axis->value, ndim);
}

void check_has_sides(const CallSite& site, const std::vector<Operand>& arrays) {
  for (const Operand& array : arrays) {
    if (array.value.array()->shape().ndim() > 0) continue;
    site.refuse(fmt::format("{} takes arrays with sides, and one is a single number", site.name),
                "np.stack, or np.array([a, b])");
  }
}

Value stacked_along(const CallSite& site, std::vector<Operand> arrays, const Operand* axis) {
  const Shape shape = arrays.front().value.array()->shape();
  const int side = side_of(axis, shape.ndim() + 1, 0);
  if (shape.ndim() == Shape::kMostSides) site.refuse("an array has six sides at most here");
  for (Operand& array : arrays) {
    if (!(array.value.array()->shape() == shape)) {
      throw ReadError(*site.source, site.range.begin,
                      fmt::format("{} takes arrays of one shape: {} and {} differ", site.name,
                                  to_string(shape), to_string(array.value.array()->shape())))
          .about_shapes();
    }
    Shape wider;
    for (int i = 0; i <= shape.ndim(); ++i) {
      wider.add(i == side ? 1 : shape[i < side ? i : i - 1]);
    }
    array = in_shape(site, std::move(array), wider);
  }
  return joined_along(site, std::move(arrays), side);
}

}  // namespace

Array array_of_items(const CallSite& site, const Operand& list) {
  const auto holds_array = [](const Value& item) { return item.array() != nullptr; };
  const std::vector<Value>& items = *list.value.tuple()->items;
  if (items.empty()) list.refuse("an array without elements is not read: no side is 0 here");
  if (std::none_of(items.begin(), items.end(), holds_array)) return array_of_list(site.draft, list);
  return *stacked_along(site, arrays_of(site, list), nullptr).array();
}

Value concatenated(const BoundCall& call) {
  std::vector<Operand> arrays = arrays_of(call.site, call[0]);
  const Operand* axis = call.optional(1);
  if (axis != nullptr && axis->value.is_none()) {
    for (Operand& array : arrays) {
      const auto size = static_cast<std::int32_t>(array.value.array()->shape().size());
      array = in_shape(call.site, std::move(array), {size});
    }
    axis = nullptr;
  }
  check_has_sides(call.site, arrays);
  const int side = side_of(axis, arrays.front().value.array()->shape().ndim(), 0);
  return joined_along(call.site, std::move(arrays), side);
}

Value stacked(const BoundCall& call) {
  return stacked_along(call.site, arrays_of(call.site, call[0]), call.optional(1));
}

Value beside(const BoundCall& call) {
  std::vector<Operand> arrays = arrays_of(call.site, call[0]);
  for (Operand& array : arrays) {
    if (array.value.array()->shape().ndim() == 0)
      array = in_shape(call.site, std::move(array), {1});
  }
  const int side = arrays.front().value.array()->shape().ndim() == 1 ? 0 : 1;
  return joined_along(call.site, std::move(arrays), side);
}

Value beneath(const BoundCall& call) {
  std::vector<Operand> arrays = arrays_of(call.site, call[0]);
  for (Operand& array : arrays) {
    const Shape shape = array.value.array()->shape();
    if (shape.ndim() < 2) array = in_shape(call.site, std::move(array), {1, shape.cols()});
  }
  return joined_along(call.site, std::move(arrays), 0);
}

Value appended(const BoundCall& call) {
  std::vector<Operand> arrays;
  for (std::size_t i = 0; i < 2; ++i) {
    Operand one = call[i];
    if (one.value.tuple() != nullptr) one.value = {array_of_items(call.site, one)};
    one.value = {as_array(call.site.draft, one)};
    const auto size = static_cast<std::int32_t>(one.value.array()->shape().size());
    if (!is_given(call.optional(2))) one = in_shape(call.site, std::move(one), {size});
    arrays.push_back(std::move(one));
  }
  check_has_sides(call.site, arrays);
  const int ndim = arrays.front().value.array()->shape().ndim();
  const int side = is_given(call.optional(2)) ? side_of(call.optional(2), ndim, 0) : 0;
  return joined_along(call.site, std::move(arrays), side);
}

Value split_up(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const Shape shape = array.shape();
  const int side = side_of(call.optional(2), shape.ndim(), 0);
  if (shape.ndim() == 0) call.site.refuse("a single number cannot be split");
  std::vector<std::int64_t> ends;
  if (const Tuple* tuple = call[1].value.tuple()) {
    for (const Value& item : *tuple->items) {
      const std::int64_t end = whole({item, call[1].source, call[1].range}, "where to split");
      ends.push_back(std::clamp<std::int64_t>(end < 0 ? end + shape[side] : end, 0, shape[side]));
    }
  } else {
    const std::int64_t count = whole(call[1], "the number of parts");
    if (count < 1 || shape[side] % count != 0) {
      call.site.refuse(fmt::format("{} cannot be split along axis {} into {} equal parts",
                                   described(call[0]), side, count));
    }
    for (std::int64_t i = 1; i < count; ++i) ends.push_back(shape[side] / count * i);
  }
  ends.push_back(shape[side]);
  std::vector<Value> parts;
  std::int64_t begin = 0;
  for (const std::int64_t end : ends) {
    std::vector<std::int64_t> sides(shape.begin(), shape.end());
    sides[of(side)] = end - begin;
    const Value part = moved(call, call[0], array, shape_of(call.site, sides), [&](Index index) {
      index[of(side)] += begin;
      return place_of(shape, index);
    });
    parts.push_back(as_view(part, call[0].value, true));
    begin = end;
  }
  return tuple(std::move(parts), true);
}

// ---- one array -------------------------------------------------------------------------------

namespace {

struct Width {
  std::int64_t before = 0;
  std::int64_t behind = 0;
};

// 1, (1, 2), ((1, 2),), ((1, 2), (3, 4)).
std::vector<Width> widths_of(const BoundCall& call, int ndim) {
  const Operand& written = call[1];
  const auto number = [&](const Value& value) {
    const std::int64_t width = whole({value, written.source, written.range}, "a width of np.pad");
    if (width < 0) written.refuse("a width of np.pad cannot be below 0");
    return width;
  };
  const auto pair = [&](const Tuple& tuple) -> Width {
    const std::vector<Value>& items = *tuple.items;
    if (items.size() == 1) return {number(items[0]), number(items[0])};
    if (items.size() != 2) {
      written.refuse("a side of np.pad has two widths, before and behind", "((1, 1), (2, 2))");
    }
    return {number(items[0]), number(items[1])};
  };
  const auto sides = static_cast<std::size_t>(ndim);
  const Tuple* tuple = written.value.tuple();
  if (tuple == nullptr) {
    const std::int64_t width = number(written.value);
    return std::vector<Width>(sides, {width, width});
  }
  const bool of_sides = !tuple->items->empty() && tuple->items->front().tuple() != nullptr;
  if (!of_sides) return std::vector<Width>(sides, pair(*tuple));
  std::vector<Width> widths;
  for (const Value& item : *tuple->items) {
    if (item.tuple() == nullptr) written.refuse("a side of np.pad has two widths");
    widths.push_back(pair(*item.tuple()));
  }
  if (widths.size() == 1) widths.resize(sides, widths.front());
  if (widths.size() != sides) {
    written.refuse(fmt::format("{} has {} sides, and np.pad is given the widths of {}",
                               described(call[0]), ndim, widths.size()));
  }
  return widths;
}

}  // namespace

Value padded(const BoundCall& call) {
  Array array = as_array(call.site.draft, call[0]);
  const Shape shape = array.shape();
  const Word* mode = call.optional(2) == nullptr ? nullptr : call[2].value.word();
  if (call.optional(2) != nullptr && (mode == nullptr || mode->text != "constant")) {
    call[2].refuse("np.pad is read with mode='constant' alone", "mode='constant'");
  }
  double fill = 0;
  if (is_given(call.optional(3))) {
    fill = number_of(call[3], "constant_values");
    if (call[3].value.scalar()->type > array.type) {
      call[3].refuse("constant_values would be cut off to the kind of numbers of the array");
    }
  }
  const std::vector<Width> widths = widths_of(call, shape.ndim());
  std::vector<std::int64_t> sides;
  for (int side = 0; side < shape.ndim(); ++side) {
    sides.push_back(shape[side] + widths[of(side)].before + widths[of(side)].behind);
  }
  const Shape to = shape_of(call.site, sides);
  const bool is_zero = fill == 0 && !std::signbit(fill);
  const std::int64_t outside = is_zero ? -1 : static_cast<std::int64_t>(shape.size());
  const auto place = [&](Index index) {
    for (int side = 0; side < shape.ndim(); ++side) {
      index[of(side)] -= widths[of(side)].before;
      if (index[of(side)] < 0 || index[of(side)] >= shape[side]) return outside;
    }
    return place_of(shape, index);
  };
  if (to == shape) return {Array{copy(array.var), array.type, array.most}};
  if (is_zero) return moved(call, call[0], array, to, place);
  const Var number = call.site.draft.graph.leaf(Role::kConstant, {}, {}, fill);
  Array result{{}, array.type, std::max(array.most, std::fabs(fill))};
  result.var = call.site.draft.make({&call[0]}, call.site.range.begin,
                                    [&] { return join(array.var, number, map_of(to, place), to); });
  return {result};
}

Value tiled(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  std::vector<std::int64_t> times;
  if (const Tuple* tuple = call[1].value.tuple()) {
    for (const Value& item : *tuple->items) {
      times.push_back(whole({item, call[1].source, call[1].range}, "each count of np.tile"));
    }
  } else {
    times.push_back(whole(call[1], "the count of np.tile"));
  }
  const std::size_t ndim = std::max(times.size(), static_cast<std::size_t>(array.shape().ndim()));
  times.insert(times.begin(), ndim - times.size(), 1);
  const Shape own = array.shape();
  std::vector<std::int64_t> sides(ndim - of(own.ndim()), 1);
  sides.insert(sides.end(), own.begin(), own.end());
  const Shape from = shape_of(call.site, sides);
  for (std::size_t i = 0; i < ndim; ++i) {
    if (times[i] > kMaxElements) call[1].refuse("so many copies are too many numbers");
    sides[i] *= times[i];
  }
  return moved(call, call[0], array, shape_of(call.site, sides), [&](Index index) {
    for (int side = 0; side < from.ndim(); ++side) index[of(side)] %= from[side];
    return place_of(from, index);
  });
}

Value repeated(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const bool is_flat = !is_given(call.optional(2));
  const Shape from =
      is_flat ? Shape{static_cast<std::int32_t>(array.shape().size())} : array.shape();
  const int side = is_flat ? 0 : side_of(call.optional(2), from.ndim(), 0);
  const std::int64_t times = whole(call[1], "the count of np.repeat");
  if (times > kMaxElements) call[1].refuse("so many copies are too many numbers");
  std::vector<std::int64_t> sides(from.begin(), from.end());
  sides[of(side)] *= times;
  return moved(call, call[0], array, shape_of(call.site, sides), [&](Index index) {
    index[of(side)] /= times;
    return place_of(from, index);
  });
}

Value flipped(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const Shape shape = array.shape();
  Sides sides = Sides::first(shape.ndim());
  if (is_given(call.optional(1))) {
    sides = {};
    const Operand& axis = call[1];
    const Tuple* tuple = axis.value.tuple();
    const std::vector<Value> items = tuple == nullptr ? std::vector{axis.value} : *tuple->items;
    for (const Value& item : items) sides.add(written_side(axis, item, shape.ndim()));
  }
  return moved(call, call[0], array, shape, [&](Index index) {
    for (int side = 0; side < shape.ndim(); ++side) {
      if (sides.has(side)) index[of(side)] = shape[side] - 1 - index[of(side)];
    }
    return place_of(shape, index);
  });
}

Value rolled(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const Shape shape = array.shape();
  const std::int64_t shift = whole(call[1], "the shift of np.roll");
  const auto back = [shift](std::int64_t at, std::int64_t length) {
    return ((at - shift) % length + length) % length;
  };
  if (!is_given(call.optional(2))) {
    return moved(call, call[0], array, shape, [&](const Index& index) {
      return back(place_of(shape, index), static_cast<std::int64_t>(shape.size()));
    });
  }
  const int side = side_of(call.optional(2), shape.ndim(), 0);
  return moved(call, call[0], array, shape, [&](Index index) {
    index[of(side)] = back(index[of(side)], shape[side]);
    return place_of(shape, index);
  });
}

namespace {

// The elements at k places right of the diagonal of a matrix.
Value diagonal_of(const BoundCall& call, const Array& array, std::int64_t k) {
  const Shape shape = array.shape();
  const std::int64_t row = std::max<std::int64_t>(0, -k);
  const std::int64_t col = std::max<std::int64_t>(0, k);
  const std::int64_t count = std::min(shape[0] - row, shape[1] - col);
  return moved(call, call[0], array, shape_of(call.site, {std::max<std::int64_t>(0, count)}),
               [&](const Index& index) { return (row + index[0]) * shape[1] + col + index[0]; });
}

// A triangle of every matrix of the last two sides, the rest 0.
template <typename IsIn>
Value triangle(const BoundCall& call, IsIn is_in) {
  const Array array = as_array(call.site.draft, call[0]);
  const Shape shape = array.shape();
  if (shape.ndim() < 2) {
    call.site.refuse(fmt::format("{} takes a matrix, not {}", call.site.name, described(call[0])));
  }
  const std::int64_t k = whole_or(call.optional(1), 0, "k");
  return moved(call, call[0], array, shape, [&](const Index& index) -> std::int64_t {
    const std::int64_t right = index[of(shape.ndim() - 1)] - index[of(shape.ndim() - 2)];
    return is_in(right, k) ? place_of(shape, index) : -1;
  });
}

}  // namespace

Value diagonal(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const std::int64_t k = whole_or(call.optional(1), 0, "k");
  if (array.shape().ndim() == 2) {
    return as_view(diagonal_of(call, array, k), call[0].value);
  }
  if (array.shape().ndim() != 1) {
    call.site.refuse(fmt::format("np.diag takes a vector or a matrix, not {}", described(call[0])));
  }
  const std::int64_t size = array.shape()[0] + (k < 0 ? -k : k);
  return moved(call, call[0], array, shape_of(call.site, {size, size}),
               [&](const Index& index) -> std::int64_t {
                 return index[1] - index[0] == k ? index[k < 0 ? 1 : 0] : -1;
               });
}

Value lower(const BoundCall& call) {
  return triangle(call, [](std::int64_t right, std::int64_t k) { return right <= k; });
}
Value upper(const BoundCall& call) {
  return triangle(call, [](std::int64_t right, std::int64_t k) { return right >= k; });
}

Value traced(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  if (array.shape().ndim() != 2) {
    call.site.refuse(fmt::format("{} takes a matrix, not {}", call.site.name, described(call[0])));
  }
  Array result = *diagonal_of(call, array, 0).array();
  result.most *= static_cast<double>(result.shape().size());
  result.type = std::max(result.type, NumberType::kInteger);
  check_exact(call[0], call.site.range.begin, result);
  result.var = sum(result.var);
  return {result};
}

Value outer(const BoundCall& call) {
  Draft& draft = call.site.draft;
  std::array<Operand, 2> flat = {call[0], call[1]};
  for (std::size_t i = 0; i < 2; ++i) {
    flat[i].value = {as_array(draft, call[i])};
    const auto size = static_cast<std::int32_t>(flat[i].value.array()->shape().size());
    flat[i] = in_shape(call.site, flat[i], i == 0 ? Shape{size, 1} : Shape{1, size});
  }
  return apply_operator(draft, Operator::kMultiply, call.site.range.begin, flat[0], flat[1]);
}

// Every element is added to its own place and to each behind it, in their order.
Value summed_up(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const bool is_flat = !is_given(call.optional(1));
  const Shape from =
      is_flat ? Shape{static_cast<std::int32_t>(array.shape().size())} : array.shape();
  const int side = is_flat ? 0 : side_of(call.optional(1), from.ndim(), 0);
  const std::int64_t length = from[side];
  const std::int64_t pairs = length * (length + 1) / 2;
  const std::int64_t lines = static_cast<std::int64_t>(from.size()) / length;
  constexpr std::int64_t kMost = 10'000'000;
  if (pairs * lines > kMost) call.site.refuse("so long a running sum is not read");
  std::vector<std::int32_t> taken;
  std::vector<std::int32_t> added;
  std::int64_t step = 1;
  for (int i = side + 1; i < from.ndim(); ++i) step *= from[i];
  for (std::int64_t line = 0; line < lines; ++line) {
    const std::int64_t first = line / step * step * length + line % step;
    for (std::int64_t to = 0; to < length; ++to) {
      for (std::int64_t at = 0; at <= to; ++at) {
        taken.push_back(static_cast<std::int32_t>(first + at * step));
        added.push_back(static_cast<std::int32_t>(first + to * step));
      }
    }
  }
  Array result = array;
  result.memory = nullptr;
  result.type = std::max(result.type, NumberType::kInteger);
  result.most *= static_cast<double>(length);
  check_exact(call[0], call.site.range.begin, result);
  const Shape all{static_cast<std::int32_t>(taken.size())};
  result.var = call.site.draft.make({&call[0]}, call.site.range.begin, [&] {
    const Var terms = gather(array.var, share(taken), all);
    return scatter_add(terms, share(added), from);
  });
  return {result};
}

Value taken(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const bool is_flat = !is_given(call.optional(2));
  const Shape from =
      is_flat ? Shape{static_cast<std::int32_t>(array.shape().size())} : array.shape();
  const int side = is_flat ? 0 : side_of(call.optional(2), from.ndim(), 0);
  std::vector<IndexPart> index;
  for (int i = 0; i < side; ++i) index.push_back({.kind = IndexPart::Kind::kSlice, .range = {}});
  index.push_back(part_of(call.site.draft, call[1], from[side]));
  if (index.back().kind == IndexPart::Kind::kMask ||
      index.back().kind == IndexPart::Kind::kNewSide) {
    call[1].refuse(fmt::format("{} takes integers, not {}", call.site.name, described(call[1])));
  }
  Picked picked = pick(*call.site.source, call[0].range, from, index);
  Array result = array;
  result.memory = nullptr;
  result.var = call.site.draft.make({&call[0]}, call.site.range.begin, [&] {
    return gather(array.var, share(std::move(picked.places)), picked.shape);
  });
  return {result};
}

namespace {

Value extreme_places(const BoundCall& call, double sign) {
  Draft& draft = call.site.draft;
  const Array array = as_array(draft, call[0]);
  const bool is_flat = !is_given(call.optional(1));
  const Shape shape = array.shape();
  const int side = is_flat ? 0 : side_of(call.optional(1), shape.ndim(), 0);
  const std::optional<Tensor> numbers = draft.numbers_of(array.var.id());
  if (!numbers) {
    const std::int64_t below = is_flat ? static_cast<std::int64_t>(shape.size()) : shape[side];
    for (const NodeId leaf : draft.unknown_leaves(array.var.id())) {
      draft.wanted.emplace(leaf, below);
    }
    call.site.refuse(fmt::format("which place {} gives hangs on the values of {}: it has no "
                                 "gradient, and no number while the function is read",
                                 call.site.name, described(call[0])),
                     "labels as a parameter");
  }
  draft.indices.push_back(array.var.id());
  Shape to;
  std::size_t inner = 1;
  for (int i = 0; i < shape.ndim() && !is_flat; ++i) {
    if (i != side) to.add(shape[i]);
    if (i > side) inner *= static_cast<std::size_t>(shape[i]);
  }
  const auto length = is_flat ? shape.size() : static_cast<std::size_t>(shape[side]);
  std::vector<double> places;
  for (std::size_t at = 0; at < std::max<std::size_t>(to.size(), 1); ++at) {
    const std::size_t first = at / inner * inner * length + at % inner;
    std::size_t best = 0;
    for (std::size_t i = 1; i < length; ++i) {
      const double most = sign * numbers->data()[first + best * inner];
      const double next = sign * numbers->data()[first + i * inner];
      // NumPy takes the first NaN for the largest and for the smallest.
      if (!std::isnan(most) && (next > most || std::isnan(next))) best = i;
    }
    places.push_back(static_cast<double>(best));
  }
  if (is_flat || shape.ndim() == 1) return scalar(places[0], NumberType::kInteger);
  return constant(call, to, std::move(places), NumberType::kInteger, "places");
}

}  // namespace

Value place_of_most(const BoundCall& call) { return extreme_places(call, 1); }

Value place_of_least(const BoundCall& call) { return extreme_places(call, -1); }

// np.bincount: each weight is added in at the place that its integer says.
Value counted_in(const BoundCall& call) {
  Draft& draft = call.site.draft;
  const IndexPart part = part_of(draft, call[0], kMaxElements);
  const bool is_vector = part.kind == IndexPart::Kind::kList && part.shape.ndim() == 1;
  if (!is_vector || *std::min_element(part.numbers.begin(), part.numbers.end()) < 0) {
    call[0].refuse("np.bincount takes a vector of integers that are not below 0");
  }
  const std::int64_t most = *std::max_element(part.numbers.begin(), part.numbers.end());
  const std::int64_t least = whole_or(call.optional(2), 0, "minlength");
  const Shape to = shape_of(call.site, {std::max(most + 1, least)});
  if (!is_given(call.optional(1))) {
    std::vector<double> counts(to.size());
    for (const std::int64_t place : part.numbers) ++counts[static_cast<std::size_t>(place)];
    return constant(call, to, std::move(counts), NumberType::kInteger, "counts");
  }
  const Array weights = as_array(draft, call[1]);
  if (!(weights.shape() == part.shape)) {
    call[1].refuse(fmt::format("the weights are {}, and the integers {}: NumPy raises ValueError",
                               to_string(weights.shape()), to_string(part.shape)));
  }
  std::vector<std::int32_t> places(part.numbers.begin(), part.numbers.end());
  return {Array{draft.make({&call[1]}, call.site.range.begin, [&] {
    return scatter_add(weights.var, share(std::move(places)), to);
  })}};
}

}  // namespace backstep::read
