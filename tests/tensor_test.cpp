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

TEST_CASE("a shape prints as in NumPy") { CHECK(to_string(Shape{50, 3}) == "(50, 3)"); }

TEST_CASE("a user's shape is checked before any memory is taken") {
  CHECK(checked_shape(50, 3) == Shape{50, 3});
  CHECK(checked_shape(1, kMaxElements) == Shape{1, static_cast<std::int32_t>(kMaxElements)});
  CHECK(error_text([] { checked_shape(0, 3); }) == "shape (0, 3): each side must be at least 1");
  CHECK(error_text([] { checked_shape(3, -1); }) == "shape (3, -1): each side must be at least 1");
  CHECK(error_text([] { checked_shape(1000000000, 1000000000); }) ==
        "shape (1000000000, 1000000000): more than 134217728 elements, the most one tensor may "
        "hold");
  CHECK(error_text([] { checked_shape(2, kMaxElements); }) ==
        "shape (2, 134217728): more than 134217728 elements, the most one tensor may hold");
  constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max();
  CHECK(!error_text([] { checked_shape(kLargest, kLargest); }).empty());
}

}  // namespace
}  // namespace backstep
