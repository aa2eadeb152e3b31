// A learner's own normaliser: read once, judged by what it does, and grown into every net.
#include "lessons/normaliser.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "engine/differentiate.h"
#include "engine/evaluate.h"
#include "engine/number_text.h"
#include "engine/plan/rewrite.h"
#include "engine/read/circuit_reader.h"
#include "engine/read/numpy_random.h"
#include "engine/read/values.h"
#include "lessons/measure.h"

namespace backstep::lessons {
namespace {

using read::Circuit;
using read::CircuitParameter;

[[noreturn]] void refuse(const std::string& circuit, const std::string& reason) {
  throw Error(fmt::format("--norm {}: this is no normaliser: {}", circuit, reason));
}

bool is_learnt(const std::string& name) { return name == "gamma" || name == "beta"; }

// The function for an x of this shape.
Circuit read_for(const read::CircuitSource& source, const std::vector<std::string>& names,
                 Shape shape) {
  std::map<std::string, read::Given> given = {{names.front(), {.shape = shape}}};
  for (const std::string& name : names) {
    if (is_learnt(name)) given[name] = {.shape = Shape{shape.cols()}};
  }
  return read::read_circuit(source, given);
}

// A number of the text, such as eps: a constant of the net.
Var constant(Graph& graph, const CircuitParameter& parameter, Shape shape) {
  read::LegacyRandom random(0);
  const Tensor value = read::evaluate_input(parameter.name, parameter.fill, random).numbers;
  return graph.leaf(Role::kConstant, shape, {}, value(0, 0));
}

// The nodes of the circuit once more, on the leaves of the net.
Var grow(const Circuit& circuit, Var x, Var gamma, Var beta) {
  Graph& graph = x.graph();
  std::vector<Var> now(circuit.graph.size());
  for (const CircuitParameter& parameter : circuit.parameters) {
    if (parameter.node == kNoNode) continue;
    Var& leaf = now[parameter.node];
    if (&parameter == &circuit.parameters.front()) {
      leaf = x;
    } else if (is_learnt(parameter.name)) {
      leaf = parameter.name == "gamma" ? gamma : beta;
    } else {
      leaf = constant(graph, parameter, circuit.graph.node(parameter.node).shape);
    }
  }
  for (NodeId id = 0; id < circuit.graph.size(); ++id) {
    if (now[id].id() != kNoNode) continue;  // a leaf of the net
    now[id] = backstep::grow(graph, circuit.graph, id, [&](NodeId input) { return now[input]; });
  }
  return now[circuit.outputs.front()];
}

// Training asks for the gradient of both, also where none comes back from what the function gives.
Var with_both(Var out, Var gamma, Var beta) {
  Graph graph = out.graph();
  const NodeId rows[] = {gamma.id(), beta.id()};
  const Var seed = upstream_leaf(graph, out.id());
  const Backward backward = differentiate(graph, out.id(), seed, rows);
  for (const Var row : {gamma, beta}) {
    if (backward.gradient[row.id()] == kNoNode) out = out + 0 * row;
  }
  return out;
}

std::vector<std::string> parameter_names(const std::string& circuit, const Circuit& found) {
  if (found.parameters.empty()) refuse(circuit, "it takes no x");
  std::vector<std::string> names;
  for (const CircuitParameter& parameter : found.parameters) {
    const bool is_first = names.empty();
    names.push_back(parameter.name);
    if (is_first || is_learnt(parameter.name) || !parameter.default_text.empty()) continue;
    refuse(circuit, fmt::format("it asks for {}; a normaliser gets its x, gamma and beta, and all "
                                "else needs a default",
                                parameter.name));
  }
  return names;
}

// What comes out for x, with gamma = 1 and beta = 0.
class Probe {
 public:
  Probe(const std::string& circuit, const train::Normaliser& rule) : circuit_(circuit) {
    const Var x = graph_.leaf(Role::kInput, kShape, "x");
    const Var gamma = graph_.leaf(Role::kParameter, {kShape.cols()}, "gamma");
    const Var beta = graph_.leaf(Role::kParameter, {kShape.cols()}, "beta");
    const Var out = rule(x, gamma, beta);
    if (!(out.shape() == kShape)) {
      refuse(circuit, fmt::format("for an x of {} it gives {}, not the shape of x",
                                  to_string(kShape), to_string(out.shape())));
    }
    leaves_ = {x.id(), gamma.id(), beta.id()};
    out_ = out.id();
  }

  Tensor operator()(const Tensor& x) const {
    Values values;
    values.emplace(leaves_[0], x);
    values.emplace(leaves_[1], Tensor({kShape.cols()}, 1));
    values.emplace(leaves_[2], Tensor({kShape.cols()}, 0));
    Tensor out(Numbers(graph_, values).value(out_));
    for (const double value : out.view()) {
      if (!std::isfinite(value)) refuse(circuit_, "it makes infinities or NaN of random numbers");
    }
    return out;
  }

  bool has_gradient() {
    const Var seed = upstream_leaf(graph_, out_);
    const NodeId x = leaves_[0];
    return differentiate(graph_, out_, seed, {&x, 1}).gradient[x] != kNoNode;
  }

  static constexpr Shape kShape = {6, 5};

 private:
  const std::string& circuit_;
  Graph graph_;
  std::vector<NodeId> leaves_;
  NodeId out_ = kNoNode;
};

Tensor times(double factor, Tensor x) {
  for (double& value : x.view()) value *= factor;
  return x;
}

// Judged by what it does. Gives whether it mixes the samples of a batch.
bool judge(const std::string& circuit, const train::Normaliser& rule) {
  constexpr double kFactor = 10;
  constexpr double kNearOne = 100;
  constexpr double kSame = 0.02;  // an epsilon may show
  Probe probe(circuit, rule);
  const Tensor x = read::LegacyRandom(1).randn(Probe::kShape);
  const Tensor out = probe(x);
  const double scaled = largest_difference(out, probe(times(kFactor, x)));
  if (scaled > kSame * largest(out)) {
    refuse(circuit, fmt::format("for {} * x it gives numbers that differ by up to {} from those "
                                "for x; a normaliser takes the scale away",
                                number_text(kFactor), number_text(scaled, 2)));
  }
  const Tensor other = probe(read::LegacyRandom(2).randn(Probe::kShape));
  if (largest_difference(out, other) <= kSame * largest(out)) {
    refuse(circuit, "it gives the same for every x");
  }
  const double size = largest(out);
  if (size < 1 / kNearOne || size > kNearOne) {
    refuse(circuit, fmt::format("for random numbers it gives numbers up to {}; a normaliser gives "
                                "numbers near 1",
                                number_text(size, 2)));
  }
  Tensor changed = x;
  for (int col = 0; col < Probe::kShape.cols(); ++col) changed(1, col) = col * col;
  const Tensor beside = probe(changed);
  double moved = 0;
  for (int col = 0; col < Probe::kShape.cols(); ++col) {
    moved = std::max(moved, std::abs(beside(0, col) - out(0, col)));
  }
  if (!probe.has_gradient()) refuse(circuit, "no gradient flows through it back to x");
  return moved > 0;
}

}  // namespace

OwnNormaliser read_normaliser(const std::string& circuit) {
  const auto source = std::make_shared<read::CircuitSource>(read::find_circuit(circuit));
  const std::vector<std::string> names = parameter_names(circuit, read::read_circuit(*source, {}));
  OwnNormaliser own;
  own.name = source->function;
  own.rule = [source, names](Var x, Var gamma, Var beta) {
    const Circuit found = read_for(*source, names, x.shape());
    return with_both(grow(found, x, gamma, beta), gamma, beta);
  };
  own.mixes_samples = judge(circuit, own.rule);
  return own;
}

}  // namespace backstep::lessons
