// Which nodes run together: elementwise work, broadcasts and sums over rows of one height become
// one loop; matrix products stand alone. Nothing here runs; see plan.h.
#pragma once

#include <span>
#include <vector>

#include "engine/graph.h"

namespace backstep {

// How a node can run.
enum class Work : std::uint8_t {
  kLeaf,
  kElementwise,  // has a text in C; so has a broadcast
  kSumOverRows,  // a sum, mean or max into one row, or into one number
  kSumInRow,     // a sum, mean or max of each row into a column
  kMatmul,
  kAlone,  // all else: by its own kernel
};

// One step of a run: a loop over several nodes, or one node.
struct Step {
  std::vector<NodeId> nodes;  // of a loop, in their order: those that begin here
  bool is_loop = false;
  std::int32_t rows = 1;  // of a loop
};

struct Schedule {
  std::vector<Step> steps;
  std::vector<Work> work;         // of each node
  std::vector<std::uint32_t> at;  // the step of each node; kNever for a leaf
  std::vector<bool> stored;       // what has memory of its own; the rest is computed where needed

  static constexpr std::uint32_t kNever = static_cast<std::uint32_t>(-1);
};

// The side over which the loop of a node runs: of a sum, the rows of its argument.
std::int32_t loop_rows(const Graph& graph, NodeId node);
// How wide its part of the loop is.
std::int32_t loop_cols(const Graph& graph, NodeId node);

// The argument of a product, and whether it is read as transposed.
struct Operand {
  NodeId node = kNoNode;
  bool transposed = false;
};
Operand operand(const Graph& graph, const Schedule& schedule, NodeId matmul, std::size_t argument);

// Loops, as late as their results allow, so that one pass over an array serves all that read it.
Schedule schedule_loops(const Graph& graph, std::span<const NodeId> outputs);

// Every node a step of its own, in the order of the graph: what runs where no compiler is.
Schedule schedule_nodes(const Graph& graph);

}  // namespace backstep
