// The numbers: shapes in words, and the checks of shapes that come from a user.
#include "engine/tensor.h"

#include <fmt/format.h>

#include <utility>

namespace backstep {
namespace {

template <typename Sides>
std::string shape_text(const Sides& sides) {
  const auto count = sides.end() - sides.begin();
  return fmt::format("({}{})", fmt::join(sides.begin(), sides.end(), ", "), count == 1 ? "," : "");
}

}  // namespace

std::string to_string(const Shape& shape) { return shape_text(shape); }

std::string place_text(const Shape& shape, int row, int col) {
  if (shape.ndim() == 0) return {};
  std::string text = std::to_string(col) + "]";
  for (int side = shape.ndim() - 2; side >= 0; --side) {
    text = fmt::format("{}, {}", row % shape[side], text);
    row /= shape[side];
  }
  return "[" + text;
}

Shape checked_shape(std::span<const std::int64_t> sides) {
  if (sides.size() > static_cast<std::size_t>(Shape::kMostSides)) {
    throw Error(fmt::format("shape {}: {} sides, where an array may have {}", shape_text(sides),
                            sides.size(), Shape::kMostSides));
  }
  Shape shape;
  std::int64_t size = 1;
  for (const std::int64_t side : sides) {
    if (side < 1) {
      throw Error(fmt::format("shape {}: each side must be at least 1", shape_text(sides)));
    }
    if (side > kMaxElements || size * side > kMaxElements) {
      throw Error(fmt::format("shape {}: more than {} elements, the most one tensor may hold",
                              shape_text(sides), kMaxElements));
    }
    size *= side;
    shape.add(static_cast<std::int32_t>(side));
  }
  return shape;
}

Tensor::Tensor(const Shape& shape, std::vector<double> data)
    : shape_(shape), data_(std::move(data)) {
  if (data_.size() != shape_.size()) {
    throw Error(fmt::format("a tensor of shape {} takes {} numbers, not {}", to_string(shape_),
                            shape_.size(), data_.size()));
  }
}

}  // namespace backstep
