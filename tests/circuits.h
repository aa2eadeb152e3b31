// Circuits that several tests run, built by hand, and the random numbers that go in.
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "engine/differentiate.h"
#include "engine/evaluate.h"
#include "engine/primitives/primitives.h"

namespace backstep::tests {

// Uniform in [low, high), the same numbers with every compiler.
inline Tensor random_tensor(Shape shape, std::mt19937_64& random, double low = -1,
                            double high = 1) {
  Tensor tensor(shape);
  for (double& value : tensor.view()) {
    value = low + (high - low) * static_cast<double>(random() >> 11) * 0x1p-53;
  }
  return tensor;
}

inline Var named(Var var, std::string_view name) {
  var.graph().set_name(var.id(), name);
  return var;
}

// A graph, the node that its backward pass starts from, and values for its leaves.
struct Circuit {
  Graph graph;
  NodeId output = kNoNode;
  Values values;
};

// Batch norm as in graphs/batch_norm.py, with random values.
inline Circuit batch_norm(Shape shape, double eps = 1e-5, unsigned seed = 1) {
  Circuit circuit;
  Graph& graph = circuit.graph;
  const Shape row{shape.cols()};
  const Var x = graph.leaf(Role::kInput, shape, "x");
  const Var gamma = graph.leaf(Role::kParameter, row, "gamma");
  const Var beta = graph.leaf(Role::kParameter, row, "beta");
  const Var epsilon = graph.leaf(Role::kConstant, {}, "eps", eps);
  const Var mu = named(mean(x, {0}), "mu");
  const Var xmu = named(x - mu, "xmu");
  const Var sq = named(square(xmu), "sq");
  const Var var = named(mean(sq, {0}), "var");
  const Var sqrtvar = named(sqrt_eps(var, epsilon), "sqrtvar");
  const Var ivar = named(invert(sqrtvar), "ivar");
  const Var xhat = named(xmu * ivar, "xhat");
  const Var gammax = named(gamma * xhat, "gammax");
  const Var out = named(gammax + beta, "out");
  graph.number_stations();
  circuit.output = out.id();
  std::mt19937_64 random(seed);
  circuit.values[x.id()] = random_tensor(shape, random);
  circuit.values[gamma.id()] = random_tensor(row, random, 0.5, 1.5);
  circuit.values[beta.id()] = random_tensor(row, random);
  return circuit;
}

// Differentiates with a random upstream gradient with respect to every input and parameter.
inline Backward differentiate_all(Circuit& circuit, unsigned seed = 2) {
  Graph& graph = circuit.graph;
  const Var upstream = upstream_leaf(graph, circuit.output);
  std::mt19937_64 random(seed);
  circuit.values[upstream.id()] = random_tensor(upstream.shape(), random);
  return differentiate(graph, circuit.output, upstream, differentiable_leaves(graph));
}

// Records the run. The graph moves into the trace.
inline Trace run(Circuit& circuit) { return evaluate(std::move(circuit.graph), circuit.values); }

// b = a + a, c = b + b, ...: so many diamonds above each other. Returns the last node.
inline Var diamonds(Var a, int count) {
  for (int i = 0; i < count; ++i) a = a + a;
  return a;
}

// The text of the Error that `action` throws; empty if it throws none.
template <typename Action>
std::string error_text(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace backstep::tests
