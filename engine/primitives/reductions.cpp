// Reductions over a batch, over features or over all, and their opposite: sum, mean, max,
// broadcast.
#include <algorithm>
#include <cstring>
#include <limits>

#include "engine/primitives/kernels.h"

namespace backstep {
namespace {

using kernels::reduced;

Shape reduced_shape(std::span<const Shape> in, const Attributes& is) {
  return reduced(in[0], is.axis);
}

// Folds `f` over the reduced elements, row after row, so that memory is read in its order.
template <typename F>
void fold(ConstView in, View out, double start, F f) {
  std::fill(out.begin(), out.end(), start);
  const bool one_row = out.shape.rows == 1;
  const bool one_col = out.shape.cols == 1;
  for (int row = 0; row < in.shape.rows; ++row) {
    double* to = out.data + (one_row ? 0 : static_cast<std::size_t>(row) * out.shape.cols);
    const double* from = in.data + static_cast<std::size_t>(row) * in.shape.cols;
    if (one_col) {
      double total = *to;
      for (int col = 0; col < in.shape.cols; ++col) total = f(total, from[col]);
      *to = total;
    } else {
      for (int col = 0; col < in.shape.cols; ++col) to[col] = f(to[col], from[col]);
    }
  }
}

void add_up(std::span<const ConstView> in, const Attributes&, View out) {
  fold(in[0], out, 0, [](double total, double a) { return total + a; });
}

// How many elements of `from` go into one of `to`.
double count(Shape from, Shape to) {
  return static_cast<double>(from.size()) / static_cast<double>(to.size());
}

void average(std::span<const ConstView> in, const Attributes& is, View out) {
  add_up(in, is, out);
  const double n = count(in[0].shape, out.shape);
  for (double& value : out) value /= n;
}

void largest(std::span<const ConstView> in, const Attributes&, View out) {
  fold(in[0], out, -std::numeric_limits<double>::infinity(),
       [](double best, double a) { return a > best || a != a ? a : best; });
}

void repeat(std::span<const ConstView> in, const Attributes&, View out) {
  const ConstView a = in[0];
  const std::size_t cols = static_cast<std::size_t>(out.shape.cols);
  for (int row = 0; row < out.shape.rows; ++row) {
    const double* from = a.data + (a.shape.rows == 1 ? 0 : row) * std::size_t(a.shape.cols);
    double* to = out.data + static_cast<std::size_t>(row) * cols;
    if (a.shape.cols == 1) {
      std::fill(to, to + cols, *from);
    } else {
      std::memcpy(to, from, cols * sizeof(double));
    }
  }
}

Shape repeated_shape(std::span<const Shape> in, const Attributes& is) {
  const bool rows = in[0].rows == is.shape.rows || in[0].rows == 1;
  const bool cols = in[0].cols == is.shape.cols || in[0].cols == 1;
  if (!rows || !cols) {
    throw Error(
        fmt::format("shape {} cannot be repeated to {}", to_string(in[0]), to_string(is.shape)));
  }
  return is.shape;
}

// The axis along which `small` was repeated to become `large`.
Axis repeated_axis(Shape small, Shape large) {
  if (small.cols == large.cols) return Axis::kRows;
  return small.rows == large.rows ? Axis::kColumns : Axis::kAll;
}

const Primitive& kSum = declare({
    .name = "sum",
    .symbol = "Σ",
    .numpy = "np.sum({a}{axis})",
    .precedence = Precedence::kAtom,
    .shape = reduced_shape,
    .forward = add_up,
    .arguments = {{"a",
                   [](const RuleCall& call) { return broadcast(call.dy, call[0].shape()); },
                   {"Each element of {a} moves its sum by as much, so each gets the same gradient.",
                    "{a}의 각 원소는 합을 같은 만큼 움직이므로 모두 같은 기울기를 받습니다."}}},
    .says = {"adds up {a} {over}", "{over} {a}의 값을 모두 더합니다"},
});

const Primitive& kMean = declare({
    .name = "mean",
    .symbol = "mean",
    .numpy = "np.mean({a}{axis})",
    .precedence = Precedence::kAtom,
    .shape = reduced_shape,
    .forward = average,
    .arguments = {{"a",
                   [](const RuleCall& call) {
                     const double n = count(call[0].shape(), call.y.shape());
                     return broadcast(1 / n * call.dy, call[0].shape());
                   },
                   {"Each element of {a} moves its mean by 1 / {count} as much, so each gets that "
                    "share of the gradient.",
                    "{a}의 각 원소는 평균을 1 / {count}만큼 움직이므로 기울기도 그만큼 나누어 "
                    "받습니다."}}},
    .says = {"averages {a} {over}", "{over} {a}의 평균을 구합니다"},
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
            const Var winners = equal(call[0], call.y);
            const Var ties = sum(winners, call.attributes.axis);
            return winners * (call.dy / ties);
          },
          {"Only the largest element of {a} moves the result; several that are equal share "
           "the gradient.",
           "{a}의 가장 큰 원소만 결과를 움직이며, 같은 값이 여럿이면 기울기를 나눕니다."}}},
    .says = {"takes the largest of {a} {over}", "{over} {a}의 값 가운데 가장 큰 것을 고릅니다"},
});

const Primitive& kBroadcast = declare({
    .name = "broadcast",
    .symbol = "⇉",
    .numpy = "np.broadcast_to({a}, {shape})",
    .precedence = Precedence::kAtom,
    .shape = repeated_shape,
    .forward = repeat,
    .arguments =
        {{"a",
          [](const RuleCall& call) {
            const Shape shape = call[0].shape();
            if (shape == call.y.shape()) return call.dy;
            return sum(call.dy, repeated_axis(shape, call.y.shape()));
          },
          {"One element of {a} went to many places, so what comes back from all of them "
           "is added up.",
           "{a}의 한 원소가 여러 자리로 퍼졌으므로 그 모든 자리에서 돌아온 값을 더합니다."}}},
    .says = {"repeats {a} to the shape {shape}", "{a}의 값을 {shape} 모양으로 반복합니다"},
});

}  // namespace

Var sum(Var a, Axis axis) { return apply(kSum, {a}, {.axis = axis}); }
Var mean(Var a, Axis axis) { return apply(kMean, {a}, {.axis = axis}); }
Var max(Var a, Axis axis) { return apply(kMax, {a}, {.axis = axis}); }
Var broadcast(Var a, Shape shape) { return apply(kBroadcast, {a}, {.shape = shape}); }

}  // namespace backstep
