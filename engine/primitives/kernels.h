// Shape rules and loops that the families of primitives share.
#pragma once

#include <fmt/core.h>

#include <array>
#include <type_traits>

#include "engine/primitives/primitives.h"

namespace backstep::kernels {

// out[i] = f(a[i]); `f` may take the attributes too.
template <auto f>
void map1(std::span<const ConstView> in, const Attributes& attributes, View out) {
  const double* a = in[0].data;
  const std::size_t n = out.size();
  for (std::size_t i = 0; i < n; ++i) {
    if constexpr (std::is_invocable_v<decltype(f), double, const Attributes&>) {
      out.data[i] = f(a[i], attributes);
    } else {
      out.data[i] = f(a[i]);
    }
  }
}

// out[i] = f(a[i], b[i]), both of the shape of `out`.
template <auto f>
void map2(std::span<const ConstView> in, const Attributes&, View out) {
  const double* a = in[0].data;
  const double* b = in[1].data;
  const std::size_t n = out.size();
  for (std::size_t i = 0; i < n; ++i) out.data[i] = f(a[i], b[i]);
}

inline Shape same_shape(std::span<const Shape> in, const Attributes&) {
  for (const Shape& shape : in) {
    if (!(shape == in[0])) {
      throw Error(fmt::format("shapes {} and {} differ", to_string(in[0]), to_string(shape)));
    }
  }
  return in[0];
}

// For each side of an array, how far apart its neighbours lie.
using Strides = std::array<std::size_t, Shape::kMostSides>;

// Those of `small` as `large` walks through it: 0 along the sides that `small` lacks, or that are 1
// in it and are repeated or were reduced.
inline Strides strides_in(const Shape& small, const Shape& large) {
  Strides strides = {};
  std::size_t stride = 1;
  const int missing = large.ndim() - small.ndim();
  for (int side = large.ndim() - 1; side >= missing; --side) {
    const std::int32_t length = small[side - missing];
    strides[static_cast<std::size_t>(side)] = length == 1 ? 0 : stride;
    stride *= static_cast<std::size_t>(length);
  }
  return strides;
}

// Calls visit(offset by the strides, offset in the array) for each row of an array of this shape,
// in its order.
template <typename Visit>
void for_each_row(const Shape& shape, const Strides& strides, Visit visit) {
  std::array<std::int32_t, Shape::kMostSides> at = {};
  const std::size_t rows = static_cast<std::size_t>(shape.rows());
  const std::size_t cols = static_cast<std::size_t>(shape.cols());
  std::size_t offset = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    visit(offset, row * cols);
    for (int side = shape.ndim() - 2; side >= 0; --side) {
      const std::size_t i = static_cast<std::size_t>(side);
      offset += strides[i];
      if (++at[i] < shape[side]) break;
      offset -= strides[i] * static_cast<std::size_t>(at[i]);
      at[i] = 0;
    }
  }
}

}  // namespace backstep::kernels
