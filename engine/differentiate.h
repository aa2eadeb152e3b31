// The backward pass: more nodes of the same graph, built in reverse topological order.
#pragma once

#include <span>
#include <vector>

#include "engine/graph.h"

namespace backstep {

struct Backward {
  NodeId output = kNoNode;
  NodeId seed = kNoNode;
  // For each node that was there before: the node that holds its whole gradient. kNoNode where it
  // has none, because the output does not hang on it or nothing asked for it.
  std::vector<NodeId> gradient;
};

// Every leaf that gets a gradient if nothing else is asked for: the inputs and the parameters.
std::vector<NodeId> differentiable_leaves(const Graph& graph);

// A leaf for the upstream gradient of `output`: `fill` everywhere unless a value is given to it.
Var upstream_leaf(Graph& graph, NodeId output, double fill = 1);

// Adds the gradient of sum(seed * output) with respect to the nodes `wrt`, and only what that
// needs. `seed` has the shape of the output: an upstream_leaf(), copy(out), or any node.
//
// A node that is used n times receives n contributions, numbered in the order of their arrival and
// added as they arrive. Each node is visited once, so the time is linear in nodes and edges.
// Source: reverse accumulation, Linnainmaa 1970; Griewank & Walther, Evaluating Derivatives, 2008.
Backward differentiate(Graph& graph, NodeId output, Var seed, std::span<const NodeId> wrt);

}  // namespace backstep
