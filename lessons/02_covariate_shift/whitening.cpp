// Whitening by the eigenvectors of the covariance.
#include "whitening.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>

#include "engine/read/numpy_random.h"

namespace backstep::lessons {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Map<const Matrix> matrix(ConstView x) { return {x.data, x.shape.rows, x.shape.cols}; }

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
  for (Eigen::Index col = 0; col < values.cols(); ++col) {
    const double deviation = std::sqrt(values.col(col).squaredNorm() / x.shape.rows);
    if (deviation > 0) values.col(col) /= deviation;
  }
  return tensor(values);
}

Tensor whitened(ConstView x) {
  constexpr double kNothing = 1e-9;  // of the largest variance
  const Matrix values = centred(x);
  const Matrix covariance = values.transpose() * values / x.shape.rows;
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(covariance);
  const double most = solver.eigenvalues().maxCoeff();
  Eigen::VectorXd inverse = solver.eigenvalues();
  for (double& value : inverse) value = value > kNothing * most ? 1 / std::sqrt(value) : 0;
  const Matrix root = solver.eigenvectors() * inverse.asDiagonal() * solver.eigenvectors().transpose();
  return tensor(values * root);
}

double correlation(ConstView x) {
  const Tensor z = standardised(x);
  double sum = 0;
  for (int row = 0; row < x.shape.rows; ++row) sum += z(row, 0) * z(row, 1);
  return sum / x.shape.rows;
}

std::vector<Cost> costs(const std::vector<int>& features, int samples, std::int64_t seed) {
  constexpr int kTimes = 5;
  std::vector<Cost> all;
  for (const int d : features) {
    const Tensor x = read::LegacyRandom(seed).randn(Shape{samples, d});
    const double n = samples, width = d;
    Cost cost;
    cost.features = d;
    // Mean, difference, variance, quotient.
    cost.batch_norm_operations = 4 * n * width;
    // Covariance and product with its root, and between them all eigenvectors: about 9 D^3.
    // Source: Golub & Van Loan, "Matrix computations", on the symmetric QR algorithm.
    cost.whitening_operations = 2 * n * width * width + 9 * width * width * width;
    cost.batch_norm_seconds = fastest_of(kTimes, [&] { standardised(x); });
    cost.whitening_seconds = fastest_of(kTimes, [&] { whitened(x); });
    all.push_back(cost);
  }
  return all;
}

}  // namespace backstep::lessons
