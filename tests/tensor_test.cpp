// Tensors and shapes, and the checks of those that come from a user.
#include "engine/tensor.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <vector>

#include "tests/circuits.h"

namespace backstep {
namespace {

using tests::error_text;

TEST_CASE("a tensor is row after row") {
  Tensor a({2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(a(0, 2) == 3);
  CHECK(a(1, 0) == 4);
  a(1, 0) = 7;
  CHECK(a.data() == std::vector<double>{1, 2, 3, 7, 5, 6});
  const ConstView view = a;
  CHECK(view(1, 2) == 6);
  CHECK(view.size() == 6);
  CHECK(Tensor(view).data() == a.data());
}

TEST_CASE("a tensor without numbers is filled, a scalar if nothing is said") {
  CHECK(Tensor().shape().is_scalar());
  CHECK(Tensor()(0, 0) == 0);
  CHECK(Tensor({2, 2}, 1.5).data() == std::vector<double>(4, 1.5));
}

TEST_CASE("a tensor takes as many numbers as its shape has") {
  CHECK(error_text([] {
          Tensor({2, 3}, {1, 2});
        }) == "a tensor of shape (2, 3) takes 6 numbers, not 2");
}

TEST_CASE("a shape prints as in NumPy") {
  CHECK(to_string(Shape{}) == "()");
  CHECK(to_string(Shape{3}) == "(3,)");
  CHECK(to_string(Shape{50, 3}) == "(50, 3)");
  CHECK(to_string(Shape{1, 2, 3, 4}) == "(1, 2, 3, 4)");
}

TEST_CASE("a vector, a row and a column are three shapes of as many numbers") {
  const Shape vector{3};
  CHECK(vector != Shape{1, 3});
  CHECK(vector != Shape{3, 1});
  CHECK(Shape{} != Shape{1});
  CHECK(Shape{1} != Shape{1, 1});
  for (const Shape& shape : {vector, Shape{1, 3}, Shape{3, 1}}) CHECK(shape.size() == 3);
  for (const Shape& shape : {Shape{}, Shape{1}, Shape{1, 1}}) CHECK(shape.is_scalar());
}

TEST_CASE("every shape is a matrix to the eye: the last side in a row, all others down the rows") {
  struct Case {
    Shape shape;
    int ndim;
    int rows;
    int cols;
  };
  for (const Case& is : std::vector<Case>{{{}, 0, 1, 1},
                                          {{3}, 1, 1, 3},
                                          {{4, 3}, 2, 4, 3},
                                          {{2, 4, 3}, 3, 8, 3},
                                          {{2, 3, 4, 5}, 4, 24, 5}}) {
    CAPTURE(to_string(is.shape));
    CHECK(is.shape.ndim() == is.ndim);
    CHECK(is.shape.rows() == is.rows);
    CHECK(is.shape.cols() == is.cols);
    CHECK(is.shape.size() == static_cast<std::size_t>(is.rows * is.cols));
  }
}

TEST_CASE("an element is called by its place, as NumPy indexes it") {
  CHECK(place_text({}, 0, 0).empty());
  CHECK(place_text({3}, 0, 2) == "[2]");
  CHECK(place_text({1, 3}, 0, 2) == "[0, 2]");
  CHECK(place_text({4, 3}, 3, 0) == "[3, 0]");
  CHECK(place_text({2, 4, 3}, 7, 2) == "[1, 3, 2]");
  CHECK(place_text({2, 3, 4, 5}, 23, 4) == "[1, 2, 3, 4]");
}

TEST_CASE("a user's shape is checked before any memory is taken") {
  CHECK(checked_shape({50, 3}) == Shape{50, 3});
  CHECK(checked_shape({1, kMaxElements}) == Shape{1, static_cast<std::int32_t>(kMaxElements)});
  CHECK(error_text([] { checked_shape({0, 3}); }) == "shape (0, 3): each side must be at least 1");
  CHECK(error_text([] {
          checked_shape({3, -1});
        }) == "shape (3, -1): each side must be at least 1");
  CHECK(error_text([] {
          checked_shape({1000000000, 1000000000});
        }) ==
        "shape (1000000000, 1000000000): more than 134217728 elements, the most one tensor may "
        "hold");
  CHECK(error_text([] {
          checked_shape({2, kMaxElements});
        }) == "shape (2, 134217728): more than 134217728 elements, the most one tensor may hold");
  CHECK(checked_shape({}) == Shape{});
  CHECK(checked_shape({3}) == Shape{3});
  CHECK(checked_shape({2, 3, 4, 5, 6, 7}) == Shape{2, 3, 4, 5, 6, 7});
  CHECK(error_text([] { checked_shape({0}); }) == "shape (0,): each side must be at least 1");
  CHECK(error_text([] {
          checked_shape({1, 1, 1, 1, 1, 1, 1});
        }) == "shape (1, 1, 1, 1, 1, 1, 1): 7 sides, where an array may have 6");
  constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
  CHECK(!error_text([] { checked_shape({kLargest, kLargest}); }).empty());
}

}  // namespace
}  // namespace backstep
