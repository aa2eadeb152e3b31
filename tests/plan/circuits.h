// Circuits that the tests of the plan share, built by hand from primitives.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "engine/differentiate.h"
#include "engine/evaluate.h"
#include "engine/primitives/primitives.h"
#include "engine/read/numpy_random.h"
#include "tests/circuits.h"

namespace backstep::testing {

// A graph, forward and backward, with what it is asked for.
struct Circuit {
  Graph graph;
  std::vector<NodeId> outputs;
  Values values;
};

using tests::named;

// Batch norm station by station, and its gradients.
inline Circuit batch_norm(int rows, int cols) {
  Circuit circuit;
  Graph& graph = circuit.graph;
  const Var x = graph.leaf(Role::kInput, {rows, cols}, "x");
  const Var gamma = graph.leaf(Role::kParameter, {cols}, "gamma");
  const Var beta = graph.leaf(Role::kParameter, {cols}, "beta");
  const Var eps = graph.leaf(Role::kConstant, {}, "eps", 1e-6);
  const Var mu = named(mean(x, {0}), "mu");
  const Var xmu = named(x - mu, "xmu");
  const Var sq = named(square(xmu), "sq");
  const Var var = named(mean(sq, {0}), "var");
  const Var sqrtvar = named(sqrt_eps(var, eps), "sqrtvar");
  const Var ivar = named(invert(sqrtvar), "ivar");
  const Var xhat = named(xmu * ivar, "xhat");
  const Var gammax = named(gamma * xhat, "gammax");
  const Var out = named(gammax + beta, "out");
  graph.number_stations();
  const Var dout = upstream_leaf(graph, out.id());
  const std::vector<NodeId> leaves = differentiable_leaves(graph);
  const Backward backward = differentiate(graph, out.id(), dout, leaves);
  circuit.outputs = {out.id()};
  for (const NodeId leaf : leaves) circuit.outputs.push_back(backward.gradient[leaf]);
  read::LegacyRandom random(7);
  for (const Var leaf : {x, gamma, beta, dout}) {
    circuit.values.emplace(leaf.id(), random.randn(leaf.shape()));
  }
  return circuit;
}

inline double largest(ConstView view) {
  double result = 0;
  for (const double value : view) result = std::max(result, std::fabs(value));
  return result;
}

// The largest difference, relative to `scale` or to the largest element.
inline double difference(ConstView a, ConstView b, double scale = 0) {
  if (!(a.shape == b.shape)) return INFINITY;
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool same = a.data[i] == b.data[i] || (std::isnan(a.data[i]) && std::isnan(b.data[i]));
    if (!same) worst = std::max(worst, std::fabs(a.data[i] - b.data[i]));
    if (!same && !std::isfinite(a.data[i] - b.data[i])) return INFINITY;
  }
  scale = std::max({scale, largest(a), 1e-300});
  return worst / scale;
}

}  // namespace backstep::testing
