// What stands behind one formula: a walk down its arguments, to the nearest values with a line of
// their own.
#include "engine/walk/inside.h"

#include <algorithm>
#include <string_view>

#include "engine/expression.h"

namespace backstep::walk {
namespace {

bool is(const Graph& graph, NodeId id, std::string_view primitive) {
  return graph.node(id).primitive != nullptr && graph.node(id).primitive->name == primitive;
}

// Calls visit(argument) for each argument of `node`, and on down where one is written out.
template <typename Visit>
void walk_down(const Graph& graph, NodeId node, Visit visit) {
  for (std::size_t i = 0; i < graph.arity(node); ++i) {
    const NodeId input = graph.input(node, i);
    visit(input);
    if (is_written_out(graph, input)) walk_down(graph, input, visit);
  }
}

Block whole(const Graph& graph, NodeId node) {
  const Shape shape = graph.node(node).shape;
  return {node, 0, 0, shape.rows, shape.cols};
}

// The elements of argument `i` that the elements `block` of its user are made of.
Block source(const Graph& graph, const Block& block, std::size_t i) {
  const NodeId input = graph.input(block.node, i);
  Block all = whole(graph, input);
  if (is(graph, block.node, "transpose"))
    return {input, block.col, block.row, block.cols, block.rows};
  // Along a side that the result has as long, elements stand opposite each other; a side of a
  // reduction or of a matrix product is read from end to end.
  const Shape shape = graph.node(block.node).shape;
  const bool product = is(graph, block.node, "matmul");
  const bool rows = all.rows == shape.rows && !(product && i == 1);
  const bool cols = all.cols == shape.cols && !(product && i == 0);
  if (rows) all.row = block.row, all.rows = block.rows;
  if (cols) all.col = block.col, all.cols = block.cols;
  return all;
}

void collect(const Graph& graph, const Block& block, std::vector<Block>& found) {
  for (std::size_t i = 0; i < graph.arity(block.node); ++i) {
    const Block from = source(graph, block, i);
    if (is_written_out(graph, from.node)) {
      collect(graph, from, found);
    } else {
      found.push_back(from);
    }
  }
}

}  // namespace

bool is_number(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  return node.role == Role::kConstant && node.name.empty() && node.place.part != Part::kSeed;
}

std::vector<NodeId> steps_inside(const Graph& graph, NodeId node) {
  if (graph.node(node).primitive == nullptr) return {};
  const bool forward = graph.place(node).part == Part::kForward;
  std::vector<NodeId> steps = {node};
  walk_down(graph, node, [&](NodeId id) {
    const bool ran_before = !forward && graph.place(id).part == Part::kForward;
    if (is_written_out(graph, id) && !ran_before && !is(graph, id, "copy")) steps.push_back(id);
  });
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  return steps;
}

std::vector<NodeId> operands(const Graph& graph, NodeId node) {
  std::vector<NodeId> found;
  walk_down(graph, node, [&](NodeId id) {
    const bool known = std::find(found.begin(), found.end(), id) != found.end();
    if (!is_written_out(graph, id) && !is_number(graph, id) && !known) found.push_back(id);
  });
  return found;
}

std::vector<Block> sources(const Graph& graph, NodeId node, int row, int col) {
  std::vector<Block> found;
  collect(graph, {node, row, col, 1, 1}, found);
  return found;
}

}  // namespace backstep::walk
