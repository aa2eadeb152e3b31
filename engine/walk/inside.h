// What stands behind one formula: the steps inside it, the values that it names, and the elements
// that one element came from.
#pragma once

#include <vector>

#include "engine/expression.h"
#include "engine/graph.h"
#include "engine/trace.h"

namespace backstep::walk {

// The primitive nodes that the formula of `node` writes out, in the order in which they run; the
// last is `node` itself. Broadcasts of the forward pass show in the step that made them, not again
// in the backward pass. A leaf has none.
std::vector<NodeId> steps_inside(const Graph& graph, NodeId node);

// The values that the formula of `node` names, in the order of their appearance. Numbers of the
// text are not among them.
std::vector<NodeId> operands(const Graph& graph, NodeId node);

// The ways down the formula of `node` to the values that it names, in the order of their
// appearance. Which of the elements that a node is made of is left open: `k` is 0.
std::vector<std::vector<Read>> reads(const Graph& graph, NodeId node);

// The number of the event (from 0) that shows a node: its own, or of a step inside a rule that of
// the rule. The number of events if there is none.
std::size_t event_of(const Trace& trace, NodeId node);

// A block of elements of one value.
struct Block {
  NodeId node = kNoNode;
  int row = 0, col = 0;
  int rows = 1, cols = 1;

  bool holds(int r, int c) const {
    return r >= row && r < row + rows && c >= col && c < col + cols;
  }
};

// The elements of the operands that element (row, col) of `node` is made of.
std::vector<Block> sources(const Graph& graph, NodeId node, int row, int col);

}  // namespace backstep::walk
