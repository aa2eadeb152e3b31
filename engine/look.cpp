// Questions about a graph that several rooms ask.
#include "engine/look.h"

#include <algorithm>

namespace backstep {

bool moves_in_steps(const Primitive& primitive) {
  return std::all_of(primitive.arguments.begin(), primitive.arguments.end(),
                     [](const Argument& argument) { return argument.gradient == nullptr; });
}

bool is_written_number(const Node& node) {
  return node.primitive == nullptr && node.role == Role::kConstant && node.name.empty() &&
         node.place.part != Part::kSeed;
}

bool is_number(const Graph& graph, NodeId node) {
  while (is(graph, node, primitives::broadcast())) node = graph.input(node, 0);
  return is_written_number(graph.node(node));
}

double number_of(const Graph& graph, NodeId node) {
  while (graph.node(node).primitive != nullptr) node = graph.input(node, 0);
  return graph.node(node).attributes.number;
}

NodeId unfolded(const Graph& graph, NodeId node) {
  while (graph.place(node).folded) node = graph.input(node, 0);
  return node;
}

std::vector<std::vector<NodeId>> users(const Graph& graph) {
  std::vector<std::vector<NodeId>> users(graph.size());
  for (NodeId node = 0; node < graph.size(); ++node) {
    for (std::size_t i = 0; i < graph.arity(node); ++i) users[graph.input(node, i)].push_back(node);
  }
  return users;
}

std::vector<bool> needed_by(const Graph& graph, std::span<const NodeId> from) {
  NodeId last = 0;
  for (const NodeId node : from) last = std::max(last, node);
  std::vector<bool> needed(graph.size() == 0 ? 0 : last + std::size_t{1});
  for (const NodeId node : from) needed[node] = true;
  for (NodeId node = static_cast<NodeId>(needed.size()); node-- > 0;) {
    for (std::size_t i = 0; needed[node] && i < graph.arity(node); ++i) {
      needed[graph.input(node, i)] = true;
    }
  }
  return needed;
}

Stations::Stations(const Graph& graph) : graph_(graph), users_(graph.size()) {
  for (NodeId node = 0; node < graph.size(); ++node) {
    for (std::size_t i = 0; has(node) && i < graph.arity(node); ++i) {
      users_[argument(node, i)].push_back(node);
    }
  }
}

bool Stations::has(NodeId node) const {
  const Place& place = graph_.place(node);
  return place.part == Part::kForward && !place.folded && graph_.node(node).primitive != nullptr;
}

NodeId Stations::only_user(NodeId node, const Primitive& primitive) const {
  const NodeId user = only_user(node);
  return user != kNoNode && is(user, primitive) ? user : kNoNode;
}

}  // namespace backstep
