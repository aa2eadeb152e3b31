// What stands behind one formula: the steps inside it, the values that it names, and the elements
// that one element came from.
#pragma once

#include <vector>

#include "engine/graph.h"

namespace backstep::walk {

// The primitive nodes that the formula of `node` writes out, in the order in which they run; the
// last is `node` itself. Broadcasts of the forward pass show in the step that made them, not again
// in the backward pass. A leaf has none.
std::vector<NodeId> steps_inside(const Graph& graph, NodeId node);

// The values that the formula of `node` names, in the order of their appearance. Numbers of the
// text are not among them.
std::vector<NodeId> operands(const Graph& graph, NodeId node);

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
