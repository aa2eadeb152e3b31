// Sums are linear. A factor that is the same for every row leaves the sum over rows; a sum of a sum
// is split; a sum that is there already is used again; and the terms of a result are gathered
// behind the factor that they share. Together these derive the compact gradient of batch norm.
#pragma once

#include <limits>
#include <span>
#include <vector>

#include "engine/plan/rewrite.h"

namespace backstep {

struct LinearChange {
  NodeId before = kNoNode;  // in the graph that was given
  NodeId after = kNoNode;   // in the new one
  Words rule;
};

struct LinearResult {
  Rewritten rewritten;
  std::vector<LinearChange> changes;
};

inline constexpr int kNoLimit = std::numeric_limits<int>::max();

// Takes sums apart, at most `limit` of them. A sum is split only if every part of it is there
// already or vanishes, so that no pass over the data is added.
LinearResult pull_sums_apart(const Graph& graph, int limit = kNoLimit);

// How far the search for common factors has come, where it is done in several calls: nodes from
// `end` on have been tried. Each attempt builds the graph anew, so that a search may look at so
// many nodes and no more.
struct GatherSearch {
  NodeId end = kNoNode;
  std::size_t nodes_left = 600'000;
};

// Writes sums of products with their common factor in front, where that takes fewer operations for
// what the outputs need; at most `limit` of them.
LinearResult gather_factors(const Graph& graph, std::span<const NodeId> outputs,
                            GatherSearch& search, int limit = kNoLimit);

// The operations on numbers that a graph takes: an element of an elementwise result is one.
double count_operations(const Graph& graph);

}  // namespace backstep
