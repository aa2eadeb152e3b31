// Where each value lies: buffers laid out once, by how long each value is needed.
#pragma once

#include <span>
#include <vector>

#include "engine/plan/schedule.h"

namespace backstep {

// After a run the value of `from` is to be that of the leaf `to`: a parameter and its update.
struct Carry {
  NodeId from = kNoNode;
  NodeId to = kNoNode;
};

struct Layout {
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::vector<std::size_t> offset;  // of each node, in doubles; kNone if it has no memory
  std::size_t size = 0;             // of all, in doubles
  std::size_t buffers = 0;
  std::vector<Carry> copies;  // carries that could not be written in place
};

Layout lay_out(const Graph& graph, const Schedule& schedule, std::span<const NodeId> outputs,
               std::span<const Carry> carries);

}  // namespace backstep
