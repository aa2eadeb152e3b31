// Questions about a graph that several rooms ask.
#pragma once

#include <string_view>
#include <vector>

#include "engine/graph.h"
#include "engine/primitives/primitives.h"

namespace backstep {

// Whether a node is this primitive: is(node, primitives::sum()).
inline bool is(const Node& node, const Primitive& primitive) {
  return node.primitive == &primitive;
}
inline bool is(const Graph& graph, NodeId node, const Primitive& primitive) {
  return graph.node(node).primitive == &primitive;
}

// Whether it takes one of a few values and jumps between them, so that no gradient flows: a mask.
bool moves_in_steps(const Primitive& primitive);

// A number of the program's text, which nobody named.
bool is_written_number(const Node& node);
// The same, or such a number repeated to a shape.
bool is_number(const Graph& graph, NodeId node);
// The number that fills such a node.
double number_of(const Graph& graph, NodeId node);

// The node behind folded broadcasts: the one that a diagram draws at that end of the edge.
NodeId unfolded(const Graph& graph, NodeId node);

// For each node those that take it as an argument, in their order; twice if one takes it twice.
std::vector<std::vector<NodeId>> users(const Graph& graph);

// Which of the nodes up to the last one of `from` these hang on, these among them.
std::vector<bool> needed_by(const Graph& graph, std::span<const NodeId> from);

// The steps of the forward pass, each with its arguments as a diagram draws them: a folded
// broadcast is part of the edge.
class Stations {
 public:
  explicit Stations(const Graph& graph);

  const Graph& graph() const { return graph_; }
  bool has(NodeId node) const;
  bool is(NodeId node, const Primitive& primitive) const {
    return has(node) && backstep::is(graph_, node, primitive);
  }
  NodeId argument(NodeId node, std::size_t i) const {
    return unfolded(graph_, graph_.input(node, i));
  }
  // The steps that use a value.
  const std::vector<NodeId>& users(NodeId node) const { return users_[node]; }
  // The one step that uses it, once; kNoNode if there is none or more.
  NodeId only_user(NodeId node) const {
    return users_[node].size() == 1 ? users_[node][0] : kNoNode;
  }
  // The same, if it is this primitive.
  NodeId only_user(NodeId node, const Primitive& primitive) const;

 private:
  const Graph& graph_;
  std::vector<std::vector<NodeId>> users_;
};

// The node once more in the graph `to`, where now(argument) says what its arguments are there. The
// copy has neither name nor place.
template <typename Now>
Var grow(Graph& to, const Graph& from, NodeId id, Now now) {
  const Node& node = from.node(id);
  if (node.primitive == nullptr) return to.leaf(node.role, node.shape, {}, node.attributes.number);
  std::vector<Var> inputs;
  for (std::size_t i = 0; i < from.arity(id); ++i) inputs.push_back(now(from.input(id, i)));
  return to.apply(*node.primitive, inputs, node.attributes);
}

}  // namespace backstep
