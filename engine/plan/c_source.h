// The loops of a plan as C, with the names of the circuit: made to be read, and compiled.
#pragma once

#include <string>
#include <vector>

#include "engine/plan/layout.h"
#include "engine/plan/schedule.h"

namespace backstep {

// What is left to do with a sum over rows once all its blocks of rows are added.
struct Fold {
  NodeId node = kNoNode;
  std::size_t pointer = 0;  // its place among the pointers of the loop
  std::size_t lanes = 1;  // partial sums side by side; of a sum over all they are still to be added
  double divisor = 1;
};

// One loop: `void NAME(long first, long last, double *const *memory)` does the rows from `first` to
// before `last`; memory[i] is that of the node pointers[i], or a fold's own lanes.
struct LoopSource {
  std::string name;
  std::string text;
  std::vector<NodeId> pointers;
  std::vector<Fold> folds;
};

LoopSource loop_source(const Graph& graph, const Schedule& schedule, const Layout& layout,
                       std::size_t step);

// The whole file: what all loops need, then the loops.
std::string c_file(const std::vector<LoopSource>& loops);

// How many rows one pass of a loop takes at a time.
inline constexpr std::int32_t kRowsAtATime = 4;

}  // namespace backstep
