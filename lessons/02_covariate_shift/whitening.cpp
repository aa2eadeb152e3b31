// Whitening by Cholesky's root of the covariance, the cheapest way there is.
#include "whitening.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>

#include "engine/read/numpy_random.h"
#include "lessons/measure.h"

namespace backstep::lessons {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double kEpsilon = 1e-5;

Eigen::Map<const Matrix> matrix(ConstView x) { return {x.data, x.shape.rows(), x.shape.cols()}; }

Tensor tensor(const Matrix& matrix) {
  const Shape shape = {static_cast<int>(matrix.rows()), static_cast<int>(matrix.cols())};
  return Tensor(ConstView{matrix.data(), shape});
}

Matrix centred(ConstView x) {
  const Matrix whole = matrix(x);
  return whole.rowwise() - whole.colwise().mean();
}

double fastest_of(int times, const std::function<void()>& work) {
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i < times; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    least = std::min(least, took.count());
  }
  return least;
}

}  // namespace

Tensor standardised(ConstView x) {
  Matrix values = centred(x);
  const Eigen::RowVectorXd variance = values.colwise().squaredNorm() / x.shape.rows();
  const Eigen::RowVectorXd inverse = (variance.array() + kEpsilon).sqrt().inverse();
  values.array().rowwise() *= inverse.array();
  return tensor(values);
}

Tensor whitened(ConstView x) {
  const Matrix values = centred(x);
  Matrix covariance = Matrix::Zero(x.shape.cols(), x.shape.cols());
  covariance.selfadjointView<Eigen::Lower>().rankUpdate(values.transpose(), 1.0 / x.shape.rows());
  covariance.diagonal().array() += kEpsilon;
  const Eigen::LLT<Matrix> root(covariance);
  Matrix result = values.transpose();
  root.matrixL().solveInPlace(result);
  return tensor(result.transpose());
}

double correlation(ConstView x) {
  const Tensor middle = column_means(x);
  const Tensor away = difference(x, middle);
  double first = 0, second = 0, both = 0;
  for (int row = 0; row < x.shape.rows(); ++row) {
    first += away(row, 0) * away(row, 0);
    second += away(row, 1) * away(row, 1);
    both += away(row, 0) * away(row, 1);
  }
  return both / std::sqrt(first * second);
}

std::size_t standardising_operations(std::size_t samples, std::size_t features) {
  // Mean, distance, variance (a product and a sum each), product with the inverse: 5 a number.
  // Epsilon, root and inverse: 3 a feature.
  return features * (5 * samples + 3);
}

std::size_t whitening_operations(std::size_t samples, std::size_t features) {
  const std::size_t d = features;
  const std::size_t centring = 2 * samples * d;
  const std::size_t covariance = samples * d * (d + 1);  // its lower half, by products and sums
  const std::size_t epsilon = d;
  // Column j of the root: d - j entries, each j products and j differences, and a root or a
  // quotient. The sum of (d - j)(2 j + 1) is that of the squares up to d * d.
  const std::size_t root = d * (d + 1) * (2 * d + 1) / 6;
  const std::size_t solving = samples * d * d;  // 1 + 3 + 5 + ... for each sample
  return centring + covariance + epsilon + root + solving;
}

Seconds measured_seconds(int samples, int features, std::int64_t seed) {
  constexpr int kTimes = 3;
  const Tensor x = read::LegacyRandom(seed).randn(Shape{samples, features});
  return {fastest_of(kTimes, [&] { standardised(x); }), fastest_of(kTimes, [&] { whitened(x); })};
}

}  // namespace backstep::lessons
