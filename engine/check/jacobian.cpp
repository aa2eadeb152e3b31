// One backward pass for each element, all of them on one graph.
#include "engine/check/jacobian.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "engine/differentiate.h"
#include "engine/evaluate.h"

namespace backstep::check {

Tensor jacobian(const read::Run& run, NodeId of, NodeId to) {
  constexpr std::size_t kMostEntries = 1'000'000;
  const Graph& graph = run.trace.graph();
  const Shape rows = graph.node(of).shape;
  const Shape cols = graph.node(to).shape;
  if (rows.size() * cols.size() > kMostEntries) {
    throw Error(fmt::format(
        "the Jacobian of {} {} with respect to {} {} has more than {} entries; "
        "a smaller batch shows the same",
        graph.name(of), to_string(rows), graph.name(to), to_string(cols), kMostEntries));
  }
  Graph copy = graph;
  const Var seed = upstream_leaf(copy, of, 0);
  const NodeId wrt[] = {to};
  const NodeId gradient = differentiate(copy, of, seed, wrt).gradient[to];
  if (gradient == kNoNode) {
    throw Error(fmt::format("{} does not hang on {}", graph.name(of), graph.name(to)));
  }
  Values values;
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (graph.node(id).primitive == nullptr) values.emplace(id, Tensor(run.trace.value(id)));
  }
  Tensor result(
      Shape{static_cast<std::int32_t>(rows.size()), static_cast<std::int32_t>(cols.size())});
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Tensor one(rows);
    one.view().data[i] = 1;
    values.insert_or_assign(seed.id(), std::move(one));
    const Numbers numbers(copy, values);
    const ConstView slopes = numbers.value(gradient);
    for (std::size_t j = 0; j < cols.size(); ++j) {
      result(static_cast<int>(i), static_cast<int>(j)) = slopes.data[j];
    }
  }
  return result;
}

// Gauss's elimination with full pivoting.
std::size_t rank(ConstView matrix, double share) {
  Tensor rest(matrix);
  const int rows = matrix.shape.rows();
  const int cols = matrix.shape.cols();
  double first = 0;
  std::size_t found = 0;
  for (int k = 0; k < std::min(rows, cols); ++k) {
    int row = k;
    int col = k;
    for (int i = k; i < rows; ++i) {
      for (int j = k; j < cols; ++j) {
        if (std::fabs(rest(i, j)) > std::fabs(rest(row, col))) {
          row = i;
          col = j;
        }
      }
    }
    const double pivot = rest(row, col);
    if (k == 0) first = std::fabs(pivot);
    if (!(std::fabs(pivot) > share * first)) return found;
    ++found;
    for (int j = 0; j < cols; ++j) std::swap(rest(k, j), rest(row, j));
    for (int i = 0; i < rows; ++i) std::swap(rest(i, k), rest(i, col));
    for (int i = k + 1; i < rows; ++i) {
      const double factor = rest(i, k) / pivot;
      for (int j = k; j < cols; ++j) rest(i, j) -= factor * rest(k, j);
    }
  }
  return found;
}

Tensor of_column(ConstView jacobian, Shape of, Shape to, int column) {
  Tensor result(Shape{of.rows(), to.rows()});
  for (int i = 0; i < of.rows(); ++i) {
    for (int j = 0; j < to.rows(); ++j) {
      result(i, j) = jacobian(i * of.cols() + column, j * to.cols() + column);
    }
  }
  return result;
}

std::optional<Tensor> batch_norm_coupling(const read::Run& run, int column) {
  const Graph& graph = run.trace.graph();
  const NodeId xhat = graph.find("xhat");
  const NodeId gamma = graph.find("gamma");
  const NodeId ivar = graph.find("ivar");
  if (run.circuit != "batch_norm" || xhat == kNoNode || gamma == kNoNode || ivar == kNoNode) {
    return std::nullopt;
  }
  const ConstView x = run.trace.value(xhat);
  const int n = x.shape.rows();
  const double scale = run.trace.value(gamma)(0, column) * run.trace.value(ivar)(0, column);
  Tensor result(Shape{n, n});
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      const double one = i == j ? 1 : 0;
      result(i, j) = (one - 1.0 / n - x(i, column) * x(j, column) / n) * scale;
    }
  }
  return result;
}

}  // namespace backstep::check
