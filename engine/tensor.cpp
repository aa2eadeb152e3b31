// The numbers: shapes in words, and the checks of shapes that come from a user.
#include "engine/tensor.h"

#include <fmt/core.h>

#include <utility>

namespace backstep {

std::string to_string(Shape shape) { return fmt::format("({}, {})", shape.rows, shape.cols); }

Shape checked_shape(std::int64_t rows, std::int64_t cols) {
  if (rows < 1 || cols < 1) {
    throw Error(fmt::format("shape ({}, {}): each side must be at least 1", rows, cols));
  }
  if (rows > kMaxElements || cols > kMaxElements || rows * cols > kMaxElements) {
    throw Error(fmt::format("shape ({}, {}): more than {} elements, the most one tensor may hold",
                            rows, cols, kMaxElements));
  }
  return {static_cast<std::int32_t>(rows), static_cast<std::int32_t>(cols)};
}

Tensor::Tensor(Shape shape, std::vector<double> data) : shape_(shape), data_(std::move(data)) {
  if (data_.size() != shape_.size()) {
    throw Error(fmt::format("a tensor of shape {} takes {} numbers, not {}", to_string(shape_),
                            shape_.size(), data_.size()));
  }
}

}  // namespace backstep
