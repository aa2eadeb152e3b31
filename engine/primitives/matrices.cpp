// Products of matrices, over any leading sides: matmul.
#include <fmt/core.h>

#include <Eigen/Core>
#include <algorithm>
#include <utility>

#include "engine/primitives/primitives.h"

namespace backstep {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Rows and columns of the factors of one product: a vector is a row on the left, a column on the
// right.
struct Sizes {
  Eigen::Index rows = 1;
  Eigen::Index inner = 1;
  Eigen::Index right_inner = 1;
  Eigen::Index cols = 1;
};

Sizes sizes(const Shape& a, const Shape& b) {
  Sizes is;
  is.inner = a.cols();
  is.rows = a.ndim() > 1 ? a[a.ndim() - 2] : 1;
  is.right_inner = b.ndim() > 1 ? b[b.ndim() - 2] : b.cols();
  is.cols = b.ndim() > 1 ? b.cols() : 1;
  return is;
}

// Leading sides are equal here: matmul() repeats them.
Shape product_shape(std::span<const Shape> in, const Attributes&) {
  const Shape& a = in[0];
  const Shape& b = in[1];
  const Sizes is = sizes(a, b);
  const bool leads = std::equal(a.begin(), a.end() - std::min(a.ndim(), 2), b.begin(),
                                b.end() - std::min(b.ndim(), 2));
  if (a.ndim() == 0 || b.ndim() == 0 || is.inner != is.right_inner || !leads) {
    throw Error(fmt::format("no product of shapes {} and {}", to_string(a), to_string(b)));
  }
  Shape shape;
  for (int side = 0; side < a.ndim() - 2; ++side) shape.add(a[side]);
  if (a.ndim() > 1) shape.add(a[a.ndim() - 2]);
  if (b.ndim() > 1) shape.add(b.cols());
  return shape;
}

void product(std::span<const ConstView> in, const Attributes&, View out) {
  const Sizes is = sizes(in[0].shape, in[1].shape);
  const auto one = [](Eigen::Index a, Eigen::Index b) { return static_cast<std::size_t>(a * b); };
  const std::size_t step = one(is.rows, is.cols);
  for (std::size_t i = 0; i * step < out.size(); ++i) {
    const Eigen::Map<const Matrix> a(in[0].data + i * one(is.rows, is.inner), is.rows, is.inner);
    const Eigen::Map<const Matrix> b(in[1].data + i * one(is.inner, is.cols), is.inner, is.cols);
    Eigen::Map<Matrix> result(out.data + i * step, is.rows, is.cols);
    result.noalias() = a * b;
    result.array() += 0.0;  // NumPy adds up from 0, and so never comes to -0
  }
}

// A matrix of one column or one row of a vector.
Var column(Var a) { return reshape(a, {a.shape().cols(), 1}); }
Var row(Var a) { return reshape(a, {1, a.shape().cols()}); }

// Rows become columns, in every matrix of the last two sides.
Var flipped(Var a) {
  const int ndim = a.shape().ndim();
  if (ndim < 2) return a;
  SideOrder order = {};
  for (int side = 0; side < ndim; ++side) {
    order[static_cast<std::size_t>(side)] = static_cast<std::uint8_t>(side);
  }
  std::swap(order[static_cast<std::size_t>(ndim - 1)], order[static_cast<std::size_t>(ndim - 2)]);
  return transpose(a, order);
}

Var left_gradient(const RuleCall& call) {
  const bool of_vectors = call[0].shape().ndim() == 1 && call[1].shape().ndim() == 1;
  if (of_vectors) return call.dy * call[1];
  if (call[1].shape().ndim() == 1) {
    const Var gradient = column(call.dy);
    return matmul(gradient, row(call[1]));
  }
  return matmul(call.dy, flipped(call[1]));
}

Var right_gradient(const RuleCall& call) {
  const bool of_vectors = call[0].shape().ndim() == 1 && call[1].shape().ndim() == 1;
  if (of_vectors) return call.dy * call[0];
  if (call[0].shape().ndim() == 1) {
    const Var value = column(call[0]);
    return matmul(value, row(call.dy));
  }
  return matmul(flipped(call[0]), call.dy);
}

const Primitive& kMatmul = declare({
    .name = "matmul",
    .symbol = "@",
    .numpy = "{a} @ {b}",
    .precedence = Precedence::kProduct,
    .shape = product_shape,
    .forward = product,
    .arguments =
        {{"a", left_gradient,
          Words("Each element of {a} reaches a whole row of the product, weighted by {b}: the "
                "sum over that row.")},
         {"b", right_gradient,
          Words("Each element of {b} reaches a whole column of the product, weighted by {a}: "
                "the sum over the batch.")}},
    .says = Words("multiplies the matrices {a} and {b}: rows of the one by columns of the other"),
    .reads = Reads::kProduct,
    .rounding = Rounding::kTerms,
});

// a @ b where one is a vector and the other has leading sides: the vector becomes a matrix first.
Var product_of_stack(Var a, Var b) {
  const bool is_row = a.shape().ndim() == 1;
  const Var left = is_row ? row(a) : a;
  const Var right = b.shape().ndim() == 1 ? column(b) : b;
  const Var matrices = matmul(left, right);
  Shape shape;
  const int ndim = matrices.shape().ndim();
  for (int side = 0; side < ndim; ++side) {
    if (side != (is_row ? ndim - 2 : ndim - 1)) shape.add(matrices.shape()[side]);
  }
  return reshape(matrices, shape);
}

Shape with_leading(const Shape& leading, const Shape& matrix) {
  Shape shape = leading;
  shape.add(matrix[matrix.ndim() - 2]);
  shape.add(matrix.cols());
  return shape;
}

Shape leading_sides(const Shape& shape) {
  Shape leading;
  for (int side = 0; side < shape.ndim() - 2; ++side) leading.add(shape[side]);
  return leading;
}

// The leading sides of both, repeated to each other.
Shape common_leading(Var a, Var b) {
  const Shape left = leading_sides(a.shape());
  const Shape right = leading_sides(b.shape());
  const Shape common = common_shape(left, right);
  const int side = misfit(left, right);
  if (side >= 0) {
    throw Error(fmt::format("{} {} @ {} {}: the leading sides {} and {} differ",
                            a.graph().words(a.id()), to_string(a.shape()), b.graph().words(b.id()),
                            to_string(b.shape()), aligned(left, side, common.ndim()),
                            aligned(right, side, common.ndim())));
  }
  return common;
}

}  // namespace

namespace primitives {
const Primitive& matmul() { return kMatmul; }
}  // namespace primitives

Var matmul(Var a, Var b) {
  if (a.shape().ndim() == 0 || b.shape().ndim() == 0) {
    const Var number = a.shape().ndim() == 0 ? a : b;
    throw Error(fmt::format("`@` takes matrices, and {} is a single number; is `*` meant?",
                            number.graph().words(number.id())));
  }
  const Sizes is = sizes(a.shape(), b.shape());
  if (is.inner != is.right_inner) {
    throw Error(fmt::format(
        "{} {} @ {} {}: the left has {} columns and the right {} rows, which must be equal; is a "
        ".T missing?",
        a.graph().words(a.id()), to_string(a.shape()), b.graph().words(b.id()),
        to_string(b.shape()), is.inner, is.right_inner));
  }
  const int most = std::max(a.shape().ndim(), b.shape().ndim());
  const int least = std::min(a.shape().ndim(), b.shape().ndim());
  if (most <= 2) return apply(kMatmul, {a, b});
  if (least == 1) return product_of_stack(a, b);
  const Shape leading = common_leading(a, b);
  const Var left = fit(a, with_leading(leading, a.shape()));
  const Var right = fit(b, with_leading(leading, b.shape()));
  return apply(kMatmul, {left, right});
}

}  // namespace backstep
