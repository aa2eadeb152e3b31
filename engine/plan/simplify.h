// The passes of a plan as a derivation: one rewrite a step, each held to the numbers.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <vector>

#include "engine/describe.h"
#include "engine/evaluate.h"
#include "engine/plan/rewrite.h"

namespace backstep {

// "dmu = np.sum(-dxmu, axis=0)", and what it has become.
struct RewrittenFormula {
  std::string before;
  std::string after;
};

struct SimplifyStep {
  Words rule;
  std::vector<RewrittenFormula> formulas;
  double operations = 0;   // of the whole graph, once the step is done
  std::size_t passes = 0;  // loops over arrays of the size of the batch
  // The largest difference of any output, relative to the largest element of it and of what it is
  // computed from.
  double error = 0;
};

struct Simplified {
  double operations_at_first = 0;
  std::size_t passes_at_first = 0;
  std::vector<SimplifyStep> steps;
  Graph graph;                  // after the last step
  std::vector<NodeId> now;      // where each old node is in it; kNoNode if it is gone
  std::vector<NodeId> outputs;  // the outputs in it
};

inline constexpr int kAllSteps = std::numeric_limits<int>::max();

// Rewrites what the outputs need until no rule takes anything away, or until so many steps are
// done. `values` are those of the leaves; after each step all outputs are computed again and
// compared.
Simplified simplify(const Graph& graph, std::span<const NodeId> outputs, const Values& values,
                    int steps = kAllSteps);

// The derivation to be read: rule, formulas before and after, operations and passes, step by step.
std::string text(const Simplified& derivation, Language language);

// The graph after the last step as a circuit of its own, recorded: its gradients are stations like
// all else, so it is drawn and walked as any other. The nodes keep their ids.
Trace circuit_of(const Simplified& derivation, const Values& values);

// How many loops over more than one row a run of the graph takes, products of matrices not counted.
std::size_t count_passes(const Graph& graph, std::span<const NodeId> outputs);

}  // namespace backstep
