// Primitives that move numbers to other places and change none: transpose, reshape.
#include <fmt/core.h>

#include <Eigen/Core>
#include <algorithm>

#include "engine/primitives/primitives.h"

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
  std::array<std::size_t, Shape::kMostSides> stride = {};
  std::size_t step = 1;
  for (int side = ndim - 1; side >= 0; --side) {
    stride[static_cast<std::size_t>(side)] = step;
    step *= static_cast<std::size_t>(from[side]);
  }
  std::array<std::int32_t, Shape::kMostSides> place = {};
  std::size_t offset = 0;
  for (double& value : out) {
    value = in[0].data[offset];
    for (int side = ndim - 1; side >= 0; --side) {
      const std::size_t along = stride[at(is.order, side)];
      std::int32_t& now = place[static_cast<std::size_t>(side)];
      offset += along;
      if (++now < out.shape[side]) break;
      offset -= along * static_cast<std::size_t>(now);
      now = 0;
    }
  }
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
});

}  // namespace

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
