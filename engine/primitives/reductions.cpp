// Reductions over a batch, over features or over all, and their opposite: sum, mean, max,
// broadcast.
#include <algorithm>
#include <cstring>
#include <limits>

#include "engine/primitives/reduction.h"

namespace backstep {
namespace {

using reductions::count;
using reductions::reduced_shape;
using reductions::unreduced;

double added(double total, double element) { return total + element; }
// A NaN stays a NaN, as in NumPy.
double larger(double best, double element) {
  return element > best || element != element ? element : best;
}

void add_up(std::span<const ConstView> in, const Attributes& is, View out) {
  reductions::fold<added>(in, is, out, 0);
}

void average(std::span<const ConstView> in, const Attributes& is, View out) {
  add_up(in, is, out);
  const double n = count(in[0].shape, out.shape);
  for (double& value : out) value /= n;
}

void largest(std::span<const ConstView> in, const Attributes& is, View out) {
  reductions::fold<larger>(in, is, out, -std::numeric_limits<double>::infinity());
}

void repeat(std::span<const ConstView> in, const Attributes&, View out) {
  const ConstView a = in[0];
  const std::size_t cols = static_cast<std::size_t>(out.shape.cols());
  const bool is_one = a.shape.cols() == 1;
  const auto strides = kernels::strides_in(a.shape, out.shape);
  kernels::for_each_row(out.shape, strides, [&](std::size_t from_at, std::size_t to_at) {
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
    .rounding = Rounding::kTerms,
    .joining =
        {.join = added, .c = "{t} += {a}", .start = "0", .binds = Precedence::kSum, .sign = "∑"},
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
    .rounding = Rounding::kTerms,
    .joining = {.join = added,
                .c = "{t} += {a}",
                .start = "0",
                .is_mean = true,
                .numbers = "({terms}) / {count}",
                .binds = Precedence::kProduct,
                .sign = "∑"},
});

const Primitive& kMax = declare({
    .name = "max",
    .symbol = "max",
    .numpy = "np.max({a}{axis})",
    .precedence = Precedence::kAtom,
    .shape = reduced_shape,
    .forward = largest,
    .arguments =
        {{"a", reductions::shared_by_ties,
          Words("Only the largest element of {a} moves the result; several that are equal share "
                "the gradient.")}},
    .says = Words("takes the largest of {a} {over}"),
    .reads = Reads::kReduce,
    .rounding = Rounding::kNever,
    .joining = {.join = larger,
                .c = "{t} = ({a} > {t}) | ({a} != {a}) ? {a} : {t}",
                .start = "(-INFINITY)",
                .numbers = "max({terms})",
                .next = kListed,
                .sign = "max"},
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
    .rounding = Rounding::kNever,
    .formula = "{a} ⇉ {shape}",
});

}  // namespace

namespace primitives {
const Primitive& sum() { return kSum; }
const Primitive& mean() { return kMean; }
const Primitive& max() { return kMax; }
const Primitive& broadcast() { return kBroadcast; }
}  // namespace primitives

Var reductions::unreduced(const RuleCall& call, Var of_result) {
  const Shape shape = call[0].shape();
  const Sides sides = call.attributes.sides;
  const bool lines_up = call.attributes.keepdims || repeats_back(shape, sides);
  return lines_up ? of_result : reshape(of_result, reduced(shape, sides, true));
}

Var reductions::shared_by_ties(const RuleCall& call) {
  const Var winners = equal(call[0], unreduced(call, call.y));
  const Var ties = sum(winners, call.attributes.sides, call.attributes.keepdims);
  return winners * unreduced(call, call.dy / ties);
}

bool repeats_back(const Shape& shape, Sides sides) {
  int leading = 0;
  while (leading < shape.ndim() && sides.has(leading)) ++leading;
  return sides == Sides::first(leading);
}

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

Var reduce(const Primitive& reduction, Var a, Sides sides, bool keepdims) {
  return apply(reduction, {a}, {.sides = sides, .keepdims = keepdims});
}
Var sum(Var a, Sides sides, bool keepdims) { return reduce(kSum, a, sides, keepdims); }
Var mean(Var a, Sides sides, bool keepdims) { return reduce(kMean, a, sides, keepdims); }
Var max(Var a, Sides sides, bool keepdims) { return reduce(kMax, a, sides, keepdims); }
Var sum(Var a) { return sum(a, Sides::first(a.shape().ndim())); }
Var mean(Var a) { return mean(a, Sides::first(a.shape().ndim())); }
Var max(Var a) { return max(a, Sides::first(a.shape().ndim())); }
Var broadcast(Var a, const Shape& shape) { return apply(kBroadcast, {a}, {.shape = shape}); }

}  // namespace backstep
