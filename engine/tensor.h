// The numbers: a dense row-major matrix of double, and views of one that lies elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace backstep {

// Every error that a user can mend: the text names the thing, the place, what is and what should
// be.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Rows are samples, columns are features; a scalar is (1, 1). Two dimensions on purpose.
struct Shape {
  std::int32_t rows = 1;
  std::int32_t cols = 1;

  std::size_t size() const { return static_cast<std::size_t>(rows) * cols; }
  bool is_scalar() const { return rows == 1 && cols == 1; }
  friend bool operator==(Shape, Shape) = default;
};

// "(50, 3)", as NumPy prints it.
std::string to_string(Shape shape);

// The largest number of elements that one tensor may hold (1 GiB of doubles).
inline constexpr std::int64_t kMaxElements = std::int64_t{1} << 27;

// A shape whose sides come from a user. Throws Error for a side below 1 or for too many elements.
Shape checked_shape(std::int64_t rows, std::int64_t cols);

// A matrix that somebody else owns, to read.
struct ConstView {
  const double* data = nullptr;
  Shape shape;

  double operator()(int row, int col) const {
    return data[static_cast<std::size_t>(row) * shape.cols + col];
  }
  std::size_t size() const { return shape.size(); }
  const double* begin() const { return data; }
  const double* end() const { return data + size(); }
};

// A matrix that somebody else owns, to write.
struct View {
  double* data = nullptr;
  Shape shape;

  double& operator()(int row, int col) const {
    return data[static_cast<std::size_t>(row) * shape.cols + col];
  }
  std::size_t size() const { return shape.size(); }
  double* begin() const { return data; }
  double* end() const { return data + size(); }
  operator ConstView() const { return {data, shape}; }
};

// A matrix that owns its numbers.
class Tensor {
 public:
  Tensor() : Tensor(Shape{}) {}
  explicit Tensor(Shape shape, double fill = 0) : shape_(shape), data_(shape.size(), fill) {}
  // `data` in row-major order; throws Error if its length is not shape.size().
  Tensor(Shape shape, std::vector<double> data);
  explicit Tensor(ConstView view) : shape_(view.shape), data_(view.begin(), view.end()) {}

  Shape shape() const { return shape_; }
  ConstView view() const { return {data_.data(), shape_}; }
  View view() { return {data_.data(), shape_}; }
  operator ConstView() const { return view(); }

  double operator()(int row, int col) const { return view()(row, col); }
  double& operator()(int row, int col) { return view()(row, col); }
  const std::vector<double>& data() const { return data_; }

 private:
  Shape shape_;
  std::vector<double> data_;
};

}  // namespace backstep
