// Matrix products: matmul, transpose.
#include <fmt/core.h>

#include <Eigen/Core>

#include "engine/primitives/primitives.h"

namespace backstep {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const Matrix> matrix(ConstView view) {
  return {view.data, view.shape.rows, view.shape.cols};
}
Eigen::Map<Matrix> matrix(View view) { return {view.data, view.shape.rows, view.shape.cols}; }

Shape product_shape(std::span<const Shape> in, const Attributes&) {
  if (in[0].cols != in[1].rows) {
    throw Error(fmt::format("no product of shapes {} and {}", to_string(in[0]), to_string(in[1])));
  }
  return {in[0].rows, in[1].cols};
}

void product(std::span<const ConstView> in, const Attributes&, View out) {
  matrix(out).noalias() = matrix(in[0]) * matrix(in[1]);
}

void flip(std::span<const ConstView> in, const Attributes&, View out) {
  matrix(out) = matrix(in[0]).transpose();
}

const Primitive& kMatmul = declare({
    .name = "matmul",
    .symbol = "@",
    .numpy = "{a} @ {b}",
    .precedence = Precedence::kProduct,
    .shape = product_shape,
    .forward = product,
    .arguments = {{"a",
                   [](const RuleCall& call) { return matmul(call.dy, transpose(call[1])); },
                   {"Each element of {a} reaches a whole row of the product, weighted by {b}: the "
                    "sum over that row.",
                    "{a}의 각 원소는 {b}의 가중치로 결과의 한 행 전체에 닿으므로 그 행에 대해 "
                    "더합니다."}},
                  {"b",
                   [](const RuleCall& call) { return matmul(transpose(call[0]), call.dy); },
                   {"Each element of {b} reaches a whole column of the product, weighted by {a}: "
                    "the sum over the batch.",
                    "{b}의 각 원소는 {a}의 가중치로 결과의 한 열 전체에 닿으므로 배치에 대해 "
                    "더합니다."}}},
    .says = {"multiplies the matrices {a} and {b}: rows of the one by columns of the other",
             "{a}의 행과 {b}의 열을 곱해 더하는 행렬곱입니다"},
});

const Primitive& kTranspose = declare({
    .name = "transpose",
    .symbol = "ᵀ",
    .numpy = "{a}.T",
    .precedence = Precedence::kAtom,
    .shape =
        [](std::span<const Shape> in, const Attributes&) {
          return Shape{in[0].cols, in[0].rows};
        },
    .forward = flip,
    .arguments = {{"a",
                   [](const RuleCall& call) { return transpose(call.dy); },
                   {"The gradient is turned back the same way.",
                    "기울기도 같은 방식으로 되돌려 전치합니다."}}},
    .says = {"turns rows of {a} to columns", "{a}의 행과 열을 바꿉니다"},
});

}  // namespace

Var matmul(Var a, Var b) {
  if (a.shape().cols != b.shape().rows) {
    throw Error(fmt::format(
        "{} {} @ {} {}: the left has {} columns and the right {} rows, which must be equal; is a "
        ".T missing?",
        a.graph().words(a.id()), to_string(a.shape()), b.graph().words(b.id()),
        to_string(b.shape()), a.shape().cols, b.shape().rows));
  }
  return apply(kMatmul, {a, b});
}
Var transpose(Var a) { return apply(kTranspose, {a}); }

}  // namespace backstep
