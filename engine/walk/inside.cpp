// What stands behind one formula: a walk down its arguments, to the nearest values with a line of
// their own.
#include "engine/walk/inside.h"

#include <algorithm>
#include <string_view>

#include "engine/expression.h"
#include "engine/look.h"
#include "engine/reads.h"

namespace backstep::walk {
namespace {

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
  const Shape& shape = graph.node(node).shape;
  return {node, 0, 0, shape.rows(), shape.cols()};
}

Block element(const Graph& graph, NodeId node, std::size_t at) {
  const std::size_t cols = static_cast<std::size_t>(graph.node(node).shape.cols());
  return {node, static_cast<int>(at / cols), static_cast<int>(at % cols), 1, 1};
}

// Of one element, exactly: one block for each element that it is made of.
std::vector<Block> elements_of(const Graph& graph, const Block& block, std::size_t i) {
  constexpr std::size_t kMost = 4096;
  const NodeId input = graph.input(block.node, i);
  const std::size_t count = read_count(graph, block.node, i);
  if (count > kMost) return {whole(graph, input)};
  const std::size_t cols = static_cast<std::size_t>(graph.node(block.node).shape.cols());
  const std::size_t at =
      static_cast<std::size_t>(block.row) * cols + static_cast<std::size_t>(block.col);
  std::vector<Block> found;
  for (std::size_t k = 0; k < count; ++k) {
    found.push_back(element(graph, input, read_place(graph, block.node, i, at, k)));
  }
  return found;
}

bool is_matrix(const Graph& graph, NodeId id) { return graph.node(id).shape.ndim() <= 2; }

// The elements of argument `i` that the elements `block` of its user are made of.
std::vector<Block> source(const Graph& graph, const Block& block, std::size_t i) {
  const NodeId input = graph.input(block.node, i);
  const Node& node = graph.node(block.node);
  Block all = whole(graph, input);
  const Block out = whole(graph, block.node);
  const bool is_repeated = node.primitive->reads == Reads::kRepeat;
  const bool same_count = node.shape.ndim() == graph.node(input).shape.ndim();
  const bool is_plain =
      is_matrix(graph, input) && is_matrix(graph, block.node) && (is_repeated || same_count);
  const bool is_one = block.rows == 1 && block.cols == 1;
  if (!is_plain && node.primitive->reads != Reads::kElementwise) {
    const bool is_batch_sum =
        node.primitive->reads == Reads::kReduce && along(graph, block.node) == Along::kRows;
    if (!is_batch_sum) return is_one ? elements_of(graph, block, i) : std::vector{all};
  }
  if (node.primitive->reads == Reads::kTurn && node.attributes.order[0] == 1) {
    return {{input, block.col, block.row, block.cols, block.rows}};
  }
  const bool is_moved = node.primitive->reads == Reads::kElementwise &&
                        (all.rows != out.rows || all.cols != out.cols);
  if (is_moved) return is_one ? elements_of(graph, block, i) : std::vector{all};
  // Along a side that the result has as long, elements stand opposite each other; a side of a
  // reduction or of a matrix product is read from end to end.
  const bool product = node.primitive->reads == Reads::kProduct;
  const bool rows = all.rows == out.rows && !(product && i == 1);
  const bool cols = all.cols == out.cols && !(product && i == 0);
  if (rows) all.row = block.row, all.rows = block.rows;
  if (cols) all.col = block.col, all.cols = block.cols;
  return {all};
}

void collect(const Graph& graph, const Block& block, std::vector<Block>& found) {
  for (std::size_t i = 0; i < graph.arity(block.node); ++i) {
    for (const Block& from : source(graph, block, i)) {
      if (is_written_out(graph, from.node)) {
        collect(graph, from, found);
      } else {
        found.push_back(from);
      }
    }
  }
}

// Adds the ways from `node` down that begin with `path`.
void collect_reads(const Graph& graph, NodeId node, std::vector<Read>& path,
                   std::vector<std::vector<Read>>& found) {
  for (std::size_t i = 0; i < graph.arity(node); ++i) {
    const NodeId input = graph.input(node, i);
    path.push_back({node, i, 0});
    if (is_written_out(graph, input)) {
      collect_reads(graph, input, path, found);
    } else if (!is_number(graph, input)) {
      found.push_back(path);
    }
    path.pop_back();
  }
}

}  // namespace

std::vector<NodeId> steps_inside(const Graph& graph, NodeId node) {
  if (graph.node(node).primitive == nullptr) return {};
  const bool forward = graph.place(node).part == Part::kForward;
  std::vector<NodeId> steps = {node};
  walk_down(graph, node, [&](NodeId id) {
    const bool ran_before = !forward && graph.place(id).part == Part::kForward;
    if (is_written_out(graph, id) && !ran_before && !is(graph, id, primitives::copy()))
      steps.push_back(id);
  });
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  return steps;
}

std::vector<NodeId> operands(const Graph& graph, NodeId node) {
  std::vector<NodeId> found;
  walk_down(graph, node, [&](NodeId id) {
    const bool known = std::find(found.begin(), found.end(), id) != found.end();
    if (!is_written_out(graph, id) && !is_written_number(graph.node(id)) && !known)
      found.push_back(id);
  });
  return found;
}

std::vector<std::vector<Read>> reads(const Graph& graph, NodeId node) {
  std::vector<std::vector<Read>> found;
  std::vector<Read> path;
  collect_reads(graph, node, path, found);
  return found;
}

std::size_t event_of(const Trace& trace, NodeId node) {
  const std::vector<Event>& events = trace.events();
  std::size_t event = 0;
  while (event < events.size() && events[event].node < node) ++event;
  return event;
}

std::vector<Block> sources(const Graph& graph, NodeId node, int row, int col) {
  std::vector<Block> found;
  collect(graph, {node, row, col, 1, 1}, found);
  return found;
}

}  // namespace backstep::walk
