// A run as Markdown, station by station: the primitive, its rule, the formula with names, the
// shape, the first numbers, and a sentence. All of it comes from the record; no view computes.
#pragma once

#include <string>

#include "engine/describe.h"
#include "engine/trace.h"

namespace backstep::lessons {

// A list of the stations of the forward pass, in their order.
std::string forward_walk(const Trace& trace, Language language);

// A list of the stations of the backward pass: what each sends back, why, and the sums.
std::string backward_walk(const Trace& trace, Language language);

// "(50, 50): 0.4946, 0.2281, 0.2554, ..."
std::string first_numbers(ConstView values);

}  // namespace backstep::lessons
