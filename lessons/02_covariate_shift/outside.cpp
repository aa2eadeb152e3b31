// Why normalising must stand inside the graph: the same numbers forward, another gradient.
#include "outside.h"

#include <utility>

#include "engine/differentiate.h"
#include "engine/evaluate.h"
#include "engine/primitives/primitives.h"
#include "engine/read/numpy_random.h"

namespace backstep::lessons {
namespace {

constexpr int kBatch = 64;
constexpr double kUnit = 64;
constexpr Shape kColumn = {kBatch, 1};
constexpr Shape kNumber = {1, 1};

struct Circuit {
  Graph graph;
  NodeId x, b, target, mu, loss, gradient;
};

Circuit circuit_of(MeanIs mean_is) {
  Circuit made;
  Graph& graph = made.graph;
  const Var x = graph.leaf(Role::kInput, kColumn, "x");
  const Var b = graph.leaf(Role::kParameter, kNumber, "b");
  const Var target = graph.leaf(Role::kConstant, kColumn, "target");
  const Var u = x + b;
  graph.set_name(u.id(), "u");
  const Var mu = mean_is == MeanIs::kInside ? mean(u) : graph.leaf(Role::kConstant, kNumber);
  graph.set_name(mu.id(), "mu");
  const Var centred = u - mu;
  graph.set_name(centred.id(), "centred");
  const Var error = centred - target;
  graph.set_name(error.id(), "error");
  const Var sq = square(error);
  graph.set_name(sq.id(), "sq");
  const Var loss = mean(sq);
  graph.set_name(loss.id(), "loss");
  graph.number_stations();
  const Var seed = upstream_leaf(graph, loss.id());
  const NodeId wrt[] = {b.id()};
  const Backward backward = differentiate(graph, loss.id(), seed, wrt);
  made.x = x.id();
  made.b = b.id();
  made.target = target.id();
  made.mu = mu.id();
  made.loss = loss.id();
  made.gradient = backward.gradient[b.id()];
  return made;
}

// From 0 to 1, in steps of 1/64.
Tensor coarse(read::LegacyRandom& random) {
  Tensor result(kColumn);
  for (double& value : result.view()) {
    value = static_cast<double>(random.randint(static_cast<std::int64_t>(kUnit) + 1)) / kUnit;
  }
  return result;
}

struct Numbers {
  Tensor x, target;
};

Numbers numbers(std::int64_t seed) {
  read::LegacyRandom random(seed);
  Tensor x = coarse(random);
  Tensor target = coarse(random);
  return {std::move(x), std::move(target)};
}

Trace recorded(MeanIs mean_is, const Numbers& numbers, double bias) {
  Circuit circuit = circuit_of(mean_is);
  Values values;
  values.emplace(circuit.x, numbers.x);
  values.emplace(circuit.target, numbers.target);
  values.emplace(circuit.b, Tensor(kNumber, bias));
  if (mean_is == MeanIs::kOutside) {
    double mean = 0;
    for (const double value : numbers.x.view()) mean += (value + bias) / kBatch;
    values.emplace(circuit.mu, Tensor(kNumber, mean));
  }
  return evaluate(std::move(circuit.graph), values);
}

}  // namespace

BiasPath descend(MeanIs mean_is, int steps, double rate, std::int64_t seed) {
  const Numbers given = numbers(seed);
  const Circuit circuit = circuit_of(mean_is);
  BiasPath path;
  path.bias.push_back(0);
  for (int step = 0; step < steps; ++step) {
    const Trace trace = recorded(mean_is, given, path.bias.back());
    path.loss.push_back(trace.value(circuit.loss)(0, 0));
    path.bias.push_back(path.bias.back() - rate * trace.value(circuit.gradient)(0, 0));
  }
  path.loss.push_back(recorded(mean_is, given, path.bias.back()).value(circuit.loss)(0, 0));
  return path;
}

Trace centring_circuit(MeanIs mean_is, std::int64_t seed) {
  return recorded(mean_is, numbers(seed), 0);
}

}  // namespace backstep::lessons
