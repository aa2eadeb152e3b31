// The recorded run: every node once, in the order of the graph, simple and complete.
#pragma once

#include <map>

#include "engine/graph.h"
#include "engine/trace.h"

namespace backstep {

// The values of leaves. A constant without one is filled with its own number.
using Values = std::map<NodeId, Tensor>;

// Runs the graph, forward and backward alike, and records it. Throws Error if an input or parameter
// has no value or one of another shape, or if the run would need more than kMaxRecorded numbers.
Trace evaluate(Graph graph, const Values& values);

// 8 GiB of doubles.
inline constexpr std::size_t kMaxRecorded = std::size_t{1} << 30;

}  // namespace backstep
