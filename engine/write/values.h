// The numbers of a run for other programs: by name, as an npz takes them, and as JSON.
#pragma once

#include <string>
#include <vector>

#include "engine/trace.h"
#include "engine/write/npz.h"

namespace backstep::write {

// Every value that has a name, in the order of the run: values by node name, gradients as dxmu,
// contributions as dxmu1, dxmu2. The views live as long as the trace.
std::vector<NamedTensor> named_values(const Trace& trace);

// {"circuit": ..., "nodes": [{"name", "role", "station", "shape", "formula", "values"}, ...],
//  "events": [{"kind", "node", "sentence", "why"}, ...]}; NaN and infinities are strings.
std::string run_json(const Trace& trace, std::string_view circuit);

}  // namespace backstep::write
