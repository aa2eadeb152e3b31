// How the map of a gather, of its opposite or of a join is written in NumPy.
#pragma once

#include <string>

#include "engine/graph.h"

namespace backstep {

// Lists of indices for the eye, where a long one is cut short, or to be run.
enum class Lists : std::uint8_t { kShort, kWhole };

// The NumPy text of a primitive as it stands for this node: that of its record, or, where a map
// says what is picked, "{a}[1:3]", "np.pad({a}, ((0, 1), (0, 0)))".
std::string numpy_pattern(const Graph& graph, NodeId node, Lists lists);

}  // namespace backstep
