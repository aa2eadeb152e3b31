// The recorded run: every node once, in the order of the graph, simple and complete.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "engine/graph.h"
#include "engine/trace.h"

namespace backstep {

// The values of leaves. A constant without one is filled with its own number.
using Values = std::map<NodeId, Tensor>;

// Runs the graph, forward and backward alike, and records it. Throws Error if an input or parameter
// has no value or one of another shape, or if the run would need more than kMaxRecorded numbers.
Trace evaluate(Graph graph, const Values& values);

// What every node of a graph gives, beside the graph, which is to live as long.
class Numbers {
 public:
  // The same run, without a record of it.
  Numbers(const Graph& graph, const Values& values);

  ConstView value(NodeId node) const {
    return {&values_[offsets_[node]], graph_->node(node).shape};
  }

 private:
  friend Trace evaluate(Graph graph, const Values& values);

  const Graph* graph_;
  std::vector<std::size_t> offsets_;  // where each node begins; the last is where all end
  std::unique_ptr<double[]> values_;
};

// Runs one node alone on the values of its arguments, value(argument), and writes what it makes.
template <typename Value>
void run_node(const Graph& graph, NodeId id, Value value, View out) {
  std::array<ConstView, Graph::kMostArguments> inputs;
  const std::size_t arity = graph.arity(id);
  for (std::size_t i = 0; i < arity; ++i) inputs[i] = value(i);
  const Node& node = graph.node(id);
  node.primitive->forward(std::span(inputs).first(arity), node.attributes, out);
}

// 8 GiB of doubles.
inline constexpr std::size_t kMaxRecorded = std::size_t{1} << 30;

}  // namespace backstep
