// Reductions over a batch, over features or over all, and their opposite: sum, mean, max,
// broadcast.
#include <algorithm>
#include <cstring>
#include <limits>

#include "engine/primitives/kernels.h"

namespace backstep {
namespace {

Shape reduced_shape(std::span<const Shape> in, const Attributes& is) {
  return reduced(in[0], is.sides, is.keepdims);
}

// The shape with a 1 for each side that is reduced, whether or not it is kept.
Shape kept_shape(const Shape& shape, Sides sides) { return reduced(shape, sides, true); }

// For each side of `large`, how far apart its neighbours lie in `small`, which is 1 along the sides
// that were reduced or will be repeated, and `large` elsewhere.
std::array<std::size_t, Shape::kMostSides> strides_in(const Shape& small, const Shape& large) {
  std::array<std::size_t, Shape::kMostSides> strides = {};
  std::size_t stride = 1;
  const int missing = large.ndim() - small.ndim();
  for (int side = large.ndim() - 1; side >= missing; --side) {
    const std::int32_t length = small[side - missing];
    strides[static_cast<std::size_t>(side)] = length == 1 ? 0 : stride;
    stride *= static_cast<std::size_t>(length);
  }
  return strides;
}

// Calls visit(offset in `small`, offset in `large`) for each row of `large`, in its order.
template <typename Visit>
void for_each_row(const Shape& small, const Shape& large, Visit visit) {
  const auto strides = strides_in(small, large);
  std::array<std::int32_t, Shape::kMostSides> at = {};
  const std::size_t rows = static_cast<std::size_t>(large.rows());
  const std::size_t cols = static_cast<std::size_t>(large.cols());
  std::size_t offset = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    visit(offset, row * cols);
    for (int side = large.ndim() - 2; side >= 0; --side) {
      const std::size_t i = static_cast<std::size_t>(side);
      offset += strides[i];
      if (++at[i] < large[side]) break;
      offset -= strides[i] * static_cast<std::size_t>(at[i]);
      at[i] = 0;
    }
  }
}

// Folds `f` over the reduced elements, row after row, so that memory is read in its order.
template <typename F>
void fold(ConstView in, Sides sides, View out, double start, F f) {
  std::fill(out.begin(), out.end(), start);
  const std::size_t cols = static_cast<std::size_t>(in.shape.cols());
  const bool to_one = in.shape.ndim() == 0 || sides.has(in.shape.ndim() - 1);
  for_each_row(kept_shape(in.shape, sides), in.shape, [&](std::size_t to_at, std::size_t from_at) {
    double* to = out.data + to_at;
    const double* from = in.data + from_at;
    if (to_one) {
      double total = *to;
      for (std::size_t col = 0; col < cols; ++col) total = f(total, from[col]);
      *to = total;
    } else {
      for (std::size_t col = 0; col < cols; ++col) to[col] = f(to[col], from[col]);
    }
  });
}

void add_up(std::span<const ConstView> in, const Attributes& is, View out) {
  fold(in[0], is.sides, out, 0, [](double total, double a) { return total + a; });
}

// How many elements of `from` go into one of `to`.
double count(const Shape& from, const Shape& to) {
  return static_cast<double>(from.size()) / static_cast<double>(to.size());
}

void average(std::span<const ConstView> in, const Attributes& is, View out) {
  add_up(in, is, out);
  const double n = count(in[0].shape, out.shape);
  for (double& value : out) value /= n;
}

void largest(std::span<const ConstView> in, const Attributes& is, View out) {
  fold(in[0], is.sides, out, -std::numeric_limits<double>::infinity(),
       [](double best, double a) { return a > best || a != a ? a : best; });
}

void repeat(std::span<const ConstView> in, const Attributes&, View out) {
  const ConstView a = in[0];
  const std::size_t cols = static_cast<std::size_t>(out.shape.cols());
  const bool is_one = a.shape.cols() == 1;
  for_each_row(a.shape, out.shape, [&](std::size_t from_at, std::size_t to_at) {
    const double* from = a.data + from_at;
    double* to = out.data + to_at;
    if (is_one) {
      std::fill(to, to + cols, *from);
    } else {
      std::memcpy(to, from, cols * sizeof(double));
    }
  });
}

Shape repeated_shape(std::span<const Shape> in, const Attributes& is) {
  if (!repeats_to(in[0], is.shape)) {
    throw Error(
        fmt::format("shape {} cannot be repeated to {}", to_string(in[0]), to_string(is.shape)));
  }
  return is.shape;
}

// What the copies of a repeated `small` send back, added up: first over the sides that it lacks,
// then over those that are 1 in it.
Var summed_to(Var dy, const Shape& small) {
  const int missing = dy.shape().ndim() - small.ndim();
  Sides ones;
  for (int side = 0; side < small.ndim(); ++side) {
    if (small[side] == 1 && dy.shape()[side + missing] != 1) ones.add(side);
  }
  if (missing > 0) dy = sum(dy, Sides::first(missing));
  return ones.is_empty() ? dy : sum(dy, ones, true);
}

// The gradient of a reduction's result, in a shape that repeats to that of its argument: a side
// that went from before or between others comes back as 1.
Var unreduced(const RuleCall& call, Var gradient) {
  const Shape shape = call[0].shape();
  const Sides sides = call.attributes.sides;
  const Shape kept = kept_shape(shape, sides);
  int leading = 0;
  while (leading < shape.ndim() && sides.has(leading)) ++leading;
  const bool lines_up = call.attributes.keepdims || sides == Sides::first(leading);
  return lines_up ? gradient : reshape(gradient, kept);
}

const Primitive& kSum = declare({
    .name = "sum",
    .symbol = "Σ",
    .numpy = "np.sum({a}{axis})",
    .precedence = Precedence::kAtom,
    .shape = reduced_shape,
    .forward = add_up,
    .arguments =
        {{"a",
          [](const RuleCall& call) { return broadcast(unreduced(call, call.dy), call[0].shape()); },
          Words("Each element of {a} moves its sum by as much, so each gets the same gradient.")}},
    .says = Words("adds up {a} {over}"),
    .reads = Reads::kReduce,
});

const Primitive& kMean = declare({
    .name = "mean",
    .symbol = "mean",
    .numpy = "np.mean({a}{axis})",
    .precedence = Precedence::kAtom,
    .shape = reduced_shape,
    .forward = average,
    .arguments =
        {{"a",
          [](const RuleCall& call) {
            const double n = count(call[0].shape(), call.y.shape());
            return broadcast(unreduced(call, 1 / n * call.dy), call[0].shape());
          },
          Words("Each element of {a} moves its mean by 1 / {count} as much, so each gets that "
                "share of the gradient.")}},
    .says = Words("averages {a} {over}"),
    .reads = Reads::kReduce,
});

const Primitive& kMax = declare({
    .name = "max",
    .symbol = "max",
    .numpy = "np.max({a}{axis})",
    .precedence = Precedence::kAtom,
    .shape = reduced_shape,
    .forward = largest,
    .arguments =
        {{"a",
          [](const RuleCall& call) {
            const Var winners = equal(call[0], unreduced(call, call.y));
            const Var ties = sum(winners, call.attributes.sides, call.attributes.keepdims);
            return winners * unreduced(call, call.dy / ties);
          },
          Words("Only the largest element of {a} moves the result; several that are equal share "
                "the gradient.")}},
    .says = Words("takes the largest of {a} {over}"),
    .reads = Reads::kReduce,
});

const Primitive& kBroadcast = declare({
    .name = "broadcast",
    .symbol = "⇉",
    .numpy = "np.broadcast_to({a}, {shape})",
    .precedence = Precedence::kAtom,
    .shape = repeated_shape,
    .forward = repeat,
    .arguments =
        {{"a", [](const RuleCall& call) { return summed_to(call.dy, call[0].shape()); },
          Words("One element of {a} went to many places, so what comes back from all of them "
                "is added up.")}},
    .says = Words("repeats {a} to the shape {shape}"),
    .reads = Reads::kRepeat,
});

}  // namespace

Shape reduced(const Shape& shape, Sides sides, bool keepdims) {
  Shape result;
  for (int side = 0; side < shape.ndim(); ++side) {
    if (!sides.has(side)) {
      result.add(shape[side]);
    } else if (keepdims) {
      result.add(1);
    }
  }
  return result;
}

bool repeats_to(const Shape& small, const Shape& large) {
  const int missing = large.ndim() - small.ndim();
  bool fits = missing >= 0;
  for (int side = 0; fits && side < small.ndim(); ++side) {
    fits = small[side] == large[side + missing] || small[side] == 1;
  }
  return fits;
}

Along along(const Shape& shape, Sides sides) {
  const int ndim = shape.ndim();
  if (sides == Sides::first(ndim)) return Along::kAll;
  if (sides.is_empty()) return Along::kOther;
  if (sides == Sides::first(ndim - 1)) return Along::kRows;
  Sides last;
  last.add(ndim - 1);
  return sides == last ? Along::kColumns : Along::kOther;
}

Var sum(Var a, Sides sides, bool keepdims) {
  return apply(kSum, {a}, {.sides = sides, .keepdims = keepdims});
}
Var mean(Var a, Sides sides, bool keepdims) {
  return apply(kMean, {a}, {.sides = sides, .keepdims = keepdims});
}
Var max(Var a, Sides sides, bool keepdims) {
  return apply(kMax, {a}, {.sides = sides, .keepdims = keepdims});
}
Var sum(Var a) { return sum(a, Sides::first(a.shape().ndim())); }
Var mean(Var a) { return mean(a, Sides::first(a.shape().ndim())); }
Var max(Var a) { return max(a, Sides::first(a.shape().ndim())); }
Var broadcast(Var a, const Shape& shape) { return apply(kBroadcast, {a}, {.shape = shape}); }

}  // namespace backstep
