// Why normalising must stand inside the graph: the same numbers forward, another gradient.
#include "outside.h"

#include <fmt/format.h>

#include <map>
#include <string>

#include "engine/read/run.h"
#include "lessons/measure.h"
#include "lessons/rerun.h"

namespace backstep::lessons {
namespace {

constexpr int kPixel = 28;  // in the middle of an image of 8 x 8
constexpr Shape kColumn = {kBiasBatch, 1};
constexpr Shape kOneFeature = {1};

using Named = std::map<std::string, Tensor>;

Named batch(const train::Dataset& digits) {
  Tensor x(kColumn), target(kColumn);
  for (int row = 0; row < kBiasBatch; ++row) {
    x(row, 0) = digits.x(row, kPixel);
    target(row, 0) = digits.labels[static_cast<std::size_t>(row)] % 2 == 0 ? 1 : 0;
  }
  return {{"x", x}, {"target", target}, {"b", Tensor(kOneFeature, 0)}};
}

// The circuit for one feature, with no numbers in it yet.
Trace empty_circuit(MeanIs mean) {
  read::RunOptions options;
  for (const char* name : {"x", "target"}) {
    options.set.emplace_back(name, fmt::format("zeros({},1)", kBiasBatch));
  }
  options.set.emplace_back("b", "zeros(1)");
  if (mean == MeanIs::kOutside) options.set.emplace_back("mu", "zeros(1)");
  return read::run_circuit(circuit_of(mean), options).trace;
}

}  // namespace

std::string_view circuit_of(MeanIs mean) {
  return mean == MeanIs::kInside ? "centring" : "centring_outside";
}

std::vector<std::pair<std::string, std::string>> centring_numbers(MeanIs mean) {
  std::vector<std::pair<std::string, std::string>> set = {
      {"x", "arange(4).reshape(4,1) / 4"}, {"b", "0.5"}, {"target", "[[1], [0], [0], [1]]"}};
  if (mean == MeanIs::kOutside) set.emplace_back("mu", "0.875");
  return set;
}

BiasPath descend(MeanIs mean_is, const train::Dataset& digits, int steps, double rate) {
  Trace trace = empty_circuit(mean_is);
  Named leaves = batch(digits);
  const double mean_of_x = mean(leaves.at("x"));
  BiasPath path;
  double bias = 0;
  for (int step = 0; step <= steps; ++step) {
    leaves.at("b") = Tensor(kOneFeature, bias);
    // The mean of the values as they are now, worked out beside the graph.
    if (mean_is == MeanIs::kOutside) leaves["mu"] = Tensor(kOneFeature, mean_of_x + bias);
    trace = rerun(trace, leaves);
    path.bias.push_back(bias);
    path.loss.push_back(value(trace, "loss")(0, 0));
    if (step == 0) {
      path.straight = column_sums(value(trace, "dcentred"))(0, 0);
      if (mean_is == MeanIs::kInside) path.through_mean = value(trace, "dmu")(0, 0);
    }
    bias -= rate * value(trace, "db")(0, 0);
  }
  return path;
}

SimplifyStep proof_of_zero() {
  const Trace trace = read::run_circuit(circuit_of(MeanIs::kInside), {}).trace;
  const Graph& graph = trace.graph();
  Values values;
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (graph.node(node).primitive == nullptr) values.emplace(node, Tensor(trace.value(node)));
  }
  const NodeId gradient = graph.find("db");
  return simplify(graph, {&gradient, 1}, values).steps.back();
}

}  // namespace backstep::lessons
