// Primitives that move numbers to other places and change none: transpose, reshape.
#include <fmt/core.h>

#include <Eigen/Core>
#include <algorithm>

#include "engine/primitives/kernels.h"

namespace backstep {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

std::size_t at(const SideOrder& order, int side) { return order[static_cast<std::size_t>(side)]; }

Shape turned_shape(std::span<const Shape> in, const Attributes& is) {
  Shape shape;
  for (int side = 0; side < in[0].ndim(); ++side) {
    shape.add(in[0][static_cast<int>(at(is.order, side))]);
  }
  return shape;
}

void turn(std::span<const ConstView> in, const Attributes& is, View out) {
  const Shape& from = in[0].shape;
  const int ndim = from.ndim();
  if (ndim == 2 && is.order[0] == 1) {
    const Eigen::Map<const Matrix> matrix(in[0].data, from[0], from[1]);
    Eigen::Map<Matrix>(out.data, from[1], from[0]) = matrix.transpose();
    return;
  }
  const kernels::Strides stride = kernels::strides_in(from, from);
  kernels::Strides turned = {};
  for (int side = 0; side < ndim; ++side) {
    turned[static_cast<std::size_t>(side)] = stride[at(is.order, side)];
  }
  const std::size_t cols = static_cast<std::size_t>(out.shape.cols());
  const std::size_t step = ndim == 0 ? 0 : turned[static_cast<std::size_t>(ndim - 1)];
  kernels::for_each_row(out.shape, turned, [&](std::size_t from_at, std::size_t to_at) {
    const double* source = in[0].data + from_at;
    for (std::size_t col = 0; col < cols; ++col) out.data[to_at + col] = source[col * step];
  });
}

// The order that turns the sides back.
SideOrder inverse(const SideOrder& order, int ndim) {
  SideOrder back = {};
  for (int side = 0; side < ndim; ++side) back[at(order, side)] = static_cast<std::uint8_t>(side);
  return back;
}

Shape same_size(std::span<const Shape> in, const Attributes& is) {
  if (in[0].size() != is.shape.size()) {
    throw Error(fmt::format("{} holds {} numbers, and {} takes {}: no reshape makes one the other",
                            to_string(in[0]), in[0].size(), to_string(is.shape), is.shape.size()));
  }
  return is.shape;
}

void keep_order(std::span<const ConstView> in, const Attributes&, View out) {
  std::copy(in[0].begin(), in[0].end(), out.begin());
}

const Primitive& kTranspose = declare({
    .name = "transpose",
    .symbol = "ᵀ",
    .numpy = "{a}{turned}",
    .precedence = Precedence::kAtom,
    .shape = turned_shape,
    .forward = turn,
    .arguments = {{"a",
                   [](const RuleCall& call) {
                     const int ndim = call.y.shape().ndim();
                     return transpose(call.dy, inverse(call.attributes.order, ndim));
                   },
                   Words("The gradient is turned back the same way.")}},
    .says = Words("turns {sides}"),
    .reads = Reads::kTurn,
    .rounding = Rounding::kNever,
});

const Primitive& kReshape = declare({
    .name = "reshape",
    .symbol = "▭",
    .numpy = "np.reshape({a}, {shape})",
    .precedence = Precedence::kAtom,
    .shape = same_size,
    .forward = keep_order,
    .arguments = {{"a", [](const RuleCall& call) { return reshape(call.dy, call[0].shape()); },
                   Words("Each number only moved to another place, and its gradient moves back.")}},
    .says = Words("puts the numbers of {a}, in their order, into the shape {shape}"),
    .rounding = Rounding::kNever,
});

}  // namespace

namespace primitives {
const Primitive& transpose() { return kTranspose; }
const Primitive& reshape() { return kReshape; }
}  // namespace primitives

Var transpose(Var a, const SideOrder& order) { return apply(kTranspose, {a}, {.order = order}); }

Var transpose(Var a) {
  const int ndim = a.shape().ndim();
  SideOrder order = {};
  for (int side = 0; side < ndim; ++side) {
    order[static_cast<std::size_t>(side)] = static_cast<std::uint8_t>(ndim - 1 - side);
  }
  return transpose(a, order);
}

Var reshape(Var a, const Shape& shape) { return apply(kReshape, {a}, {.shape = shape}); }

}  // namespace backstep
