// What reductions share: how their shape comes about, how they run, and how a gradient goes back.
#pragma once

#include <algorithm>

#include "engine/primitives/kernels.h"

namespace backstep::reductions {

inline Shape reduced_shape(std::span<const Shape> in, const Attributes& is) {
  return reduced(in[0], is.sides, is.keepdims);
}

// Joins the reduced elements to `start`, row after row, so that memory is read in its order.
template <auto join>
void fold(std::span<const ConstView> in, const Attributes& is, View out, double start) {
  const ConstView a = in[0];
  std::fill(out.begin(), out.end(), start);
  const std::size_t cols = static_cast<std::size_t>(a.shape.cols());
  const bool to_one = a.shape.ndim() == 0 || is.sides.has(a.shape.ndim() - 1);
  const auto strides = kernels::strides_in(reduced(a.shape, is.sides, true), a.shape);
  kernels::for_each_row(a.shape, strides, [&](std::size_t to_at, std::size_t from_at) {
    double* to = out.data + to_at;
    const double* from = a.data + from_at;
    if (to_one) {
      double total = *to;
      for (std::size_t col = 0; col < cols; ++col) total = join(total, from[col]);
      *to = total;
    } else {
      for (std::size_t col = 0; col < cols; ++col) to[col] = join(to[col], from[col]);
    }
  });
}

// How many elements of `from` go into one of `to`.
inline double count(const Shape& from, const Shape& to) {
  return static_cast<double>(from.size()) / static_cast<double>(to.size());
}

// What belongs to a reduction's result, in a shape that repeats to that of its argument: a side
// that went from before or between others comes back as 1.
Var unreduced(const RuleCall& call, Var of_result);

// Sends the gradient to the elements that equal the result, in equal shares: of a largest, say.
Var shared_by_ties(const RuleCall& call);

}  // namespace backstep::reductions
