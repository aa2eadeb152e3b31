// Applying a primitive: broadcasting first, where NumPy would do it unseen.
#include <fmt/core.h>

#include "engine/primitives/primitives.h"

namespace backstep {
namespace {

std::string named_shape(Var a) { return a.graph().words(a.id()) + " " + to_string(a.shape()); }

std::string_view usual_cause(Shape a, Shape b) {
  if (a.rows == b.cols && a.cols == b.rows) return "is a .T missing?";
  const bool looks_reduced = a.rows == 1 || a.cols == 1 || b.rows == 1 || b.cols == 1;
  if (looks_reduced) return "was a sum or mean taken along the other axis, or a keepdims lost?";
  return "do both come from the same batch and the same features?";
}

[[noreturn]] void refuse(Var a, Var b, std::string_view verb) {
  const bool rows = a.shape().rows != b.shape().rows && a.shape().rows != 1 && b.shape().rows != 1;
  throw Error(
      fmt::format("{} and {} cannot be {}: {} {} and {} differ; {}", named_shape(a), named_shape(b),
                  verb, rows ? "rows" : "columns", rows ? a.shape().rows : a.shape().cols,
                  rows ? b.shape().rows : b.shape().cols, usual_cause(a.shape(), b.shape())));
}

bool fits(std::int32_t a, std::int32_t b) { return a == b || a == 1 || b == 1; }

}  // namespace

Shape common_shape(Var a, Var b, std::string_view verb) {
  const Shape left = a.shape();
  const Shape right = b.shape();
  if (!fits(left.rows, right.rows) || !fits(left.cols, right.cols)) refuse(a, b, verb);
  return {std::max(left.rows, right.rows), std::max(left.cols, right.cols)};
}

Var fit(Var a, Shape shape) {
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
