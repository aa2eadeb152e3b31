// The measured slopes of a whole run, for a view that shows them beside the gradients.
#pragma once

#include <map>

#include "engine/tensor.h"
#include "engine/trace.h"

namespace backstep::check {

// For each value of the forward pass that a reader sees and that has a gradient: how sum(upstream *
// output) moves with each of its elements, by finite differences. Of a large run so many elements
// as take about a second; NaN for the others.
std::map<NodeId, Tensor> all_measured_slopes(const Trace& trace, NodeId output, NodeId upstream);

}  // namespace backstep::check
