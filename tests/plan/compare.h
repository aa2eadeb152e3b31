// A plan against the recorded run of the same graph.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/plan/plan.h"
#include "engine/trace.h"
#include "tests/plan/circuits.h"

namespace backstep::testing {

inline void set_leaves(Plan& plan, const Trace& trace) {
  for (NodeId node = 0; node < trace.graph().size(); ++node) {
    if (trace.graph().node(node).primitive == nullptr) plan.set(node, trace.value(node));
  }
}

// Relative to the largest term that is summed, of which the largest value of the run is a measure.
inline double scale_of(const Trace& trace) {
  double scale = 1;
  for (NodeId node = 0; node < trace.graph().size(); ++node) {
    scale = std::max(scale, largest(trace.value(node)));
  }
  return scale;
}

inline void check_equal(const Trace& trace, const std::vector<NodeId>& outputs,
                        const PlanOptions& options) {
  Plan plan(trace.graph(), outputs, options);
  set_leaves(plan, trace);
  for (int run = 0; run < 2; ++run) {
    plan.run();
    for (const NodeId output : outputs) {
      const std::string name = trace.graph().name(output);
      CAPTURE(name);
      CHECK(difference(trace.value(output), plan.value(output), scale_of(trace)) <= 1e-12);
    }
  }
}

}  // namespace backstep::testing
