// The lines under a step: the rule behind it, and the numbers of one element.
#pragma once

#include <string>

#include "engine/describe.h"
#include "engine/trace.h"

namespace backstep::walk {

// "y = a * b  →  da = dy * b": the use in the forward pass, and what it sends back; of the forward
// pass the first alone. Empty where no primitive has a rule: a leaf, a sum of contributions.
std::string rule_text(const Graph& graph, NodeId node);

// What stands before the place of an element: the node's name, or in brackets what a step without a
// line of its own computes.
std::string element_title(const Graph& graph, NodeId node);

// "dxmu[0, 2]"; of a single number its name alone.
std::string element_name(const Graph& graph, NodeId node, int row, int col);

// "dxmu1[0, 0] = 1.041 * 2.016 = 2.099". Without what it is made of where that is the number
// itself, and where it is not asked for.
std::string numbers_text(const Trace& trace, NodeId node, int row, int col, Language language,
                         bool whole = true);

}  // namespace backstep::walk
