// Applying a primitive: broadcasting first, where NumPy would do it unseen.
#include <fmt/core.h>

#include "engine/primitives/primitives.h"

namespace backstep {
namespace {

std::string named_shape(Var a) { return a.graph().words(a.id()) + " " + to_string(a.shape()); }

std::string_view usual_cause(const Shape& a, const Shape& b) {
  if (a.rows() == b.cols() && a.cols() == b.rows()) return "is a .T missing?";
  if (a.ndim() != b.ndim() && a.ndim() > 0 && b.ndim() > 0 && a[0] == b[0]) {
    return "NumPy lines shapes up from the last side; was keepdims=True lost in a sum or mean?";
  }
  const bool looks_reduced = a.rows() == 1 || a.cols() == 1 || b.rows() == 1 || b.cols() == 1;
  if (looks_reduced) return "was a sum or mean taken along the other axis, or a keepdims lost?";
  return "do both come from the same batch and the same features?";
}

// What differs: "rows", "columns", the lengths of vectors, or which side of more than two.
std::string side_name(int side, int ndim) {
  if (ndim > 2) return fmt::format("along axis {},", side);
  if (ndim == 1) return "lengths";
  return side == ndim - 1 ? "columns" : "rows";
}

[[noreturn]] void refuse(Var a, Var b, int side, int ndim, std::string_view verb) {
  throw Error(fmt::format("{} and {} cannot be {}: {} {} and {} differ; {}", named_shape(a),
                          named_shape(b), verb, side_name(side, ndim),
                          aligned(a.shape(), side, ndim), aligned(b.shape(), side, ndim),
                          usual_cause(a.shape(), b.shape())));
}

}  // namespace

std::int32_t aligned(const Shape& shape, int side, int ndim) {
  const int own = side - (ndim - shape.ndim());
  return own < 0 ? 1 : shape[own];
}

int misfit(const Shape& a, const Shape& b) {
  const int ndim = std::max(a.ndim(), b.ndim());
  for (int side = 0; side < ndim; ++side) {
    const std::int32_t one = aligned(a, side, ndim);
    const std::int32_t other = aligned(b, side, ndim);
    if (one != other && one != 1 && other != 1) return side;
  }
  return -1;
}

Shape common_shape(const Shape& a, const Shape& b) {
  const int ndim = std::max(a.ndim(), b.ndim());
  Shape common;
  for (int i = 0; i < ndim; ++i) {
    common.add(std::max(aligned(a, i, ndim), aligned(b, i, ndim)));
  }
  return common;
}

Shape common_shape(Var a, Var b, std::string_view verb) {
  return common_shape(a, a.shape(), b, b.shape(), verb);
}

Shape common_shape(Var a, const Shape& wide_a, Var b, const Shape& wide_b, std::string_view verb) {
  const Shape common = common_shape(wide_a, wide_b);
  const int side = misfit(wide_a, wide_b);
  if (side >= 0) refuse(fit(a, wide_a), fit(b, wide_b), side, common.ndim(), verb);
  return common;
}

Var fit(Var a, const Shape& shape) {
  if (a.shape() == shape) return a;
  const Var repeated = broadcast(a, shape);
  a.graph().place(repeated.id()).folded = true;
  return repeated;
}

Var apply(const Primitive& primitive, std::initializer_list<Var> inputs,
          const Attributes& attributes) {
  return inputs.begin()->graph().apply(primitive, {inputs.begin(), inputs.size()}, attributes);
}

Var apply_elementwise(const Primitive& primitive, Var a, Var b, std::string_view verb) {
  const Shape shape = common_shape(a, b, verb);
  const Var left = fit(a, shape);
  const Var right = fit(b, shape);
  return apply(primitive, {left, right});
}

}  // namespace backstep
