// Training and evaluation: the statistics that are kept over mini-batches, and the two graphs.
#include "modes.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/expression.h"
#include "engine/read/numpy_random.h"
#include "engine/read/run.h"
#include "lessons/measure.h"
#include "lessons/rerun.h"

namespace backstep::lessons {
namespace {

// new = kept * old + (1 - kept) * batch
Tensor mixed(ConstView old, ConstView batch, double kept) {
  Tensor result(old.shape);
  for (int col = 0; col < old.shape.cols(); ++col) {
    result(0, col) = kept * old(0, col) + (1 - kept) * batch(0, col);
  }
  return result;
}

// From the name of the node that sends a contribution to the name of the one that receives it.
using Edge = std::pair<std::string, std::string>;

Edge red_edge(const Graph& graph, NodeId contribution) {
  return {graph.name(use_of(graph, contribution).user), graph.name(graph.place(contribution).of)};
}

std::set<Edge> red_edges(const Trace& trace) {
  std::set<Edge> edges;
  for (const Event& event : trace.events()) {
    if (event.kind == EventKind::kContribution) edges.insert(red_edge(trace.graph(), event.node));
  }
  return edges;
}

}  // namespace

void Running::follow(ConstView batch_mean, ConstView batch_variance, double kept) {
  mean = mixed(mean, batch_mean, kept);
  variance = mixed(variance, batch_variance, kept);
}

Statistics::Statistics(const Trace& batch_norm, std::uint32_t seed) {
  const Shape shape = value(batch_norm, "x").shape;
  const Shape row = {shape.cols()};
  const Running start = {Tensor(row, 0.0), Tensor(row, 1.0)};
  average = biased = exponential = swapped = single_batch = start;
  const Tensor to_estimate({}, shape.rows() / (shape.rows() - 1.0));
  read::LegacyRandom random(seed);
  for (int batch = 0; batch < kBatches; ++batch) {
    const Trace run = rerun(batch_norm, {{"x", random.rand(shape)}});
    const ConstView mu = value(run, "mu");
    const ConstView var = value(run, "var");
    const Tensor estimate = product(var, to_estimate);
    const double share = batch / (batch + 1.0);  // of the batches so far in the plain average
    average.follow(mu, estimate, share);
    biased.follow(mu, var, share);
    exponential.follow(mu, estimate, kKept);
    swapped.follow(mu, estimate, 1 - kKept);
    if (batch == 0) single_batch.follow(mu, estimate, 0);
  }
}

Trace evaluation(const Trace& training, const Running& running) {
  read::RunOptions options;
  std::map<std::string, Tensor> values;
  for (const char* name : {"x", "gamma", "beta"}) values.emplace(name, value(training, name));
  values.emplace("running_mean", running.mean);
  values.emplace("running_var", running.variance);
  for (const auto& [name, tensor] : values) {
    options.set.emplace_back(name, rand_text(tensor.shape()));
  }
  options.upstream = "out";
  return rerun(read::run_circuit("batch_norm_eval", options).trace, values);
}

std::size_t count_events(const Trace& trace, EventKind kind) {
  return static_cast<std::size_t>(
      std::count_if(trace.events().begin(), trace.events().end(),
                    [kind](const Event& event) { return event.kind == kind; }));
}

std::vector<std::string> vanished(const Trace& training, const Trace& evaluation) {
  const std::set<Edge> left = red_edges(evaluation);
  std::vector<std::string> names;
  for (const Event& event : training.events()) {
    if (event.kind != EventKind::kContribution) continue;
    if (!left.contains(red_edge(training.graph(), event.node))) {
      names.push_back(training.graph().name(event.node));
    }
  }
  return names;
}

}  // namespace backstep::lessons
