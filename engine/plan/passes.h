// The small passes over a graph. Each gives a new graph with the same values, and says where each
// old node is in it.
#pragma once

#include <span>

#include "engine/plan/rewrite.h"

namespace backstep {

// Leaves out what no requested output hangs on. Leaves stay only if something uses them or they are
// requested, so a frozen parameter costs nothing.
Rewritten drop_unused(const Graph& graph, std::span<const NodeId> outputs);

// One node for each value: nodes with the same primitive, settings and arguments become one.
Rewritten merge_equal(const Graph& graph);

// Numbers of the program's text are computed once: 2 * (3 * x) is 6 * x, 1 * x and copies are x.
Rewritten fold_constants(const Graph& graph);

}  // namespace backstep
