// Whether the numbers of a run can show a mistake at all, and where a NaN or an infinity arose.
#pragma once

#include <string>
#include <vector>

#include "engine/trace.h"

namespace backstep::read {

// One note for each trap that the values set: an upstream gradient of ones, a scale of ones, a
// batch of 1 or 2 samples, the first value that is not finite.
std::vector<std::string> probe_notes(const Trace& trace, NodeId output, NodeId seed);

}  // namespace backstep::read
