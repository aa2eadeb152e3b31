// Shape rules and loops that the families of primitives share.
#pragma once

#include <fmt/core.h>

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

}  // namespace backstep::kernels
