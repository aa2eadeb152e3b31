// Whether the numbers of a run can show a mistake at all, and where a NaN or an infinity arose.
#pragma once

#include <string>
#include <vector>

#include "engine/trace.h"

namespace backstep::read {

// One note for each trap that the values set: an upstream gradient of ones, a scale of ones, a
// batch of 1 or 2 samples, the first value that is not finite.
std::vector<std::string> probe_notes(const Trace& trace, NodeId output, NodeId seed);

// The first mean over a batch, and how many samples it has; kNoNode if there is none.
struct MeanOfBatch {
  NodeId node = kNoNode;
  std::size_t samples = 0;
};
MeanOfBatch first_mean_of_batch(const Graph& graph);

}  // namespace backstep::read
