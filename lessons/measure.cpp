// How large numbers are, and how far apart.
#include "lessons/measure.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/primitives/primitives.h"

namespace backstep::lessons {
namespace {

template <typename Operation>
Tensor combined(ConstView a, ConstView b, Operation operation) {
  Tensor result(common_shape(a.shape, b.shape));
  for (int row = 0; row < result.shape().rows(); ++row) {
    for (int col = 0; col < result.shape().cols(); ++col) {
      const double left = a(a.shape.rows() == 1 ? 0 : row, a.shape.cols() == 1 ? 0 : col);
      const double right = b(b.shape.rows() == 1 ? 0 : row, b.shape.cols() == 1 ? 0 : col);
      result(row, col) = operation(left, right);
    }
  }
  return result;
}

}  // namespace

double largest(ConstView values) {
  double most = 0;
  for (const double value : values) most = std::max(most, std::abs(value));
  return most;
}

double root_mean_square(ConstView values) {
  return std::sqrt(std::inner_product(values.begin(), values.end(), values.begin(), 0.0) /
                   static_cast<double>(values.size()));
}

double mean(ConstView values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviation(ConstView values) {
  const Tensor centre({}, mean(values));
  return root_mean_square(difference(values, centre));
}

double largest_difference(ConstView a, ConstView b) { return largest(difference(a, b)); }

double share_of_zeros(ConstView values) {
  const auto zeros = std::count(values.begin(), values.end(), 0.0);
  return static_cast<double>(zeros) / static_cast<double>(values.size());
}

Tensor column_sums(ConstView values) {
  Tensor sums({values.shape.cols()});
  for (int row = 0; row < values.shape.rows(); ++row) {
    for (int col = 0; col < values.shape.cols(); ++col) sums(0, col) += values(row, col);
  }
  return sums;
}

Tensor column_means(ConstView values) {
  const Tensor count({}, 1.0 / values.shape.rows());
  return product(column_sums(values), count);
}

Tensor product(ConstView a, ConstView b) {
  return combined(a, b, [](double left, double right) { return left * right; });
}

Tensor difference(ConstView a, ConstView b) {
  return combined(a, b, [](double left, double right) { return left - right; });
}

}  // namespace backstep::lessons
