// The passes of a plan as a derivation: one rewrite a step, each held to the numbers.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/evaluate.h"
#include "engine/plan/rewrite.h"

namespace backstep {

struct SimplifyStep {
  std::string rule;
  std::string before;  // "dmu = np.sum(-dxmu, axis=0)"
  std::string after;
  double operations = 0;   // of the whole graph, once the step is done
  std::size_t passes = 0;  // loops over arrays of the size of the batch
  double error = 0;        // the largest difference of any output, relative to its largest element
};

struct Simplified {
  double operations_at_first = 0;
  std::size_t passes_at_first = 0;
  std::vector<SimplifyStep> steps;
  Graph graph;                  // after the last step: to be drawn and walked as any other
  std::vector<NodeId> now;      // where each old node is in it
  std::vector<NodeId> outputs;  // the outputs in it
};

// Rewrites what the outputs need until no rule takes anything away. `values` are those of the
// leaves; after each step all outputs are computed again and compared.
Simplified simplify(const Graph& graph, std::span<const NodeId> outputs, const Values& values);

// How many loops over more than one row a run of the graph takes, products of matrices not counted.
std::size_t count_passes(const Graph& graph, std::span<const NodeId> outputs);

}  // namespace backstep
