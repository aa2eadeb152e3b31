// The recorded run: one block of memory for all values, one kernel call a node.
#include "engine/evaluate.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace backstep {
namespace {

// Where the values of each node begin; the last entry is where all end.
std::vector<std::size_t> lay_out(const Graph& graph) {
  std::vector<std::size_t> offsets(graph.size() + 1);
  for (NodeId node = 0; node < graph.size(); ++node) {
    offsets[node + 1] = offsets[node] + graph.node(node).shape.size();
    if (offsets[node + 1] > kMaxRecorded) {
      throw Error(fmt::format(
          "recording this run takes more than {} numbers at {} {}; a smaller batch shows the same",
          kMaxRecorded, graph.name(node), to_string(graph.node(node).shape)));
    }
  }
  return offsets;
}

void fill_leaf(const Graph& graph, NodeId id, const Values& values, View out) {
  const Node& node = graph.node(id);
  const auto given = values.find(id);
  if (given == values.end()) {
    if (node.role != Role::kConstant) throw Error(fmt::format("{} has no value", graph.name(id)));
    std::fill(out.begin(), out.end(), node.attributes.number);
    return;
  }
  const Tensor& value = given->second;
  if (value.shape() != node.shape) {
    throw Error(fmt::format("{} is {} in this circuit, but its value is {}", graph.name(id),
                            to_string(node.shape), to_string(value.shape())));
  }
  std::copy(value.data().begin(), value.data().end(), out.begin());
}

void run_kernel(const Graph& graph, NodeId id, double* values,
                const std::vector<std::size_t>& offsets) {
  const auto value = [&](std::size_t argument) -> ConstView {
    const NodeId input = graph.input(id, argument);
    return {values + offsets[input], graph.node(input).shape};
  };
  run_node(graph, id, value, {values + offsets[id], graph.node(id).shape});
}

}  // namespace

// Not a std::vector of numbers: every element is about to be written, so none is set to 0 first.
Numbers::Numbers(const Graph& graph, const Values& values)
    : graph_(&graph), offsets_(lay_out(graph)), values_(new double[offsets_.back()]) {
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (graph.node(node).primitive == nullptr) {
      fill_leaf(graph, node, values, {&values_[offsets_[node]], graph.node(node).shape});
    } else {
      run_kernel(graph, node, values_.get(), offsets_);
    }
  }
}

Trace evaluate(Graph graph, const Values& values) {
  Numbers numbers(graph, values);
  return Trace(std::move(graph), std::move(numbers.values_), std::move(numbers.offsets_));
}

}  // namespace backstep
