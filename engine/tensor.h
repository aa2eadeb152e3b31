// The numbers: a dense row-major array of double, and views of one that lies elsewhere.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
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

// The sides of an array, as NumPy has them: () is a number, (D,) a vector, (N, D) a batch of rows.
// (D,) and (1, D) differ, though their numbers lie in the same order.
class Shape {
 public:
  static constexpr int kMostSides = 6;

  constexpr Shape() = default;
  constexpr Shape(std::initializer_list<std::int32_t> sides) {
    for (const std::int32_t side : sides) add(side);
  }

  // NumPy's ndim.
  constexpr int ndim() const { return count_; }
  constexpr std::int32_t operator[](int side) const { return sides_[index(side)]; }
  constexpr std::int32_t& operator[](int side) { return sides_[index(side)]; }
  constexpr const std::int32_t* begin() const { return sides_.data(); }
  constexpr const std::int32_t* end() const { return sides_.data() + count_; }
  // Another side, the last. At most kMostSides: more is a mistake of ours.
  constexpr void add(std::int32_t side) { sides_[index(count_++)] = side; }

  constexpr std::size_t size() const {
    std::size_t product = 1;
    for (const std::int32_t side : *this) product *= static_cast<std::size_t>(side);
    return product;
  }
  // One number, whatever its sides.
  constexpr bool is_scalar() const { return size() == 1; }

  // As a matrix, for loops and for the eye: the last side in a row, all others down the rows. A
  // vector is one row.
  constexpr std::int32_t cols() const { return count_ == 0 ? 1 : sides_[index(count_ - 1)]; }
  constexpr std::int32_t rows() const {
    std::int64_t product = 1;  // of a shape that was not checked yet it may pass an int
    for (int side = 0; side + 1 < count_; ++side) product *= sides_[index(side)];
    return static_cast<std::int32_t>(product);
  }

  friend constexpr bool operator==(const Shape&, const Shape&) = default;
  friend constexpr auto operator<=>(const Shape&, const Shape&) = default;

 private:
  static constexpr std::size_t index(int side) { return static_cast<std::size_t>(side); }

  std::array<std::int32_t, kMostSides> sides_ = {};
  std::int8_t count_ = 0;
};

// "(50, 3)", "(3,)", "()", as NumPy prints it.
std::string to_string(const Shape& shape);

// The place of an element as NumPy indexes it: "[0, 2]", "[2]" of a vector, "" of a number. By the
// matrix that Shape::rows and cols describe.
std::string place_text(const Shape& shape, int row, int col);

// The largest number of elements that one tensor may hold (1 GiB of doubles).
inline constexpr std::int64_t kMaxElements = std::int64_t{1} << 27;

// A shape whose sides come from a user. Throws Error for a side below 1, for too many sides or for
// too many elements.
Shape checked_shape(std::span<const std::int64_t> sides);
inline Shape checked_shape(std::initializer_list<std::int64_t> sides) {
  return checked_shape(std::span(sides.begin(), sides.size()));
}

// An array that somebody else owns, to read.
struct ConstView {
  const double* data = nullptr;
  Shape shape;

  // By its place in the matrix that Shape::rows and cols describe.
  double operator()(int row, int col) const {
    return data[static_cast<std::size_t>(row) * static_cast<std::size_t>(shape.cols()) + col];
  }
  std::size_t size() const { return shape.size(); }
  const double* begin() const { return data; }
  const double* end() const { return data + size(); }
};

// An array that somebody else owns, to write.
struct View {
  double* data = nullptr;
  Shape shape;

  double& operator()(int row, int col) const {
    return data[static_cast<std::size_t>(row) * static_cast<std::size_t>(shape.cols()) + col];
  }
  std::size_t size() const { return shape.size(); }
  double* begin() const { return data; }
  double* end() const { return data + size(); }
  operator ConstView() const { return {data, shape}; }
};

// An array that owns its numbers.
class Tensor {
 public:
  Tensor() : Tensor(Shape{}) {}
  explicit Tensor(const Shape& shape, double fill = 0) : shape_(shape), data_(shape.size(), fill) {}
  // `data` in row-major order; throws Error if its length is not shape.size().
  Tensor(const Shape& shape, std::vector<double> data);
  explicit Tensor(ConstView view) : shape_(view.shape), data_(view.begin(), view.end()) {}

  const Shape& shape() const { return shape_; }
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
