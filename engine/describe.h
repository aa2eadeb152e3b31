// Words for what a run does: one sentence an event. Every view takes its text from here, so the
// terminal, the page, the diagrams and the lessons say the same.
#pragma once

#include <string>

#include "engine/graph.h"
#include "engine/say.h"
#include "engine/trace.h"

namespace backstep {

// What the circle of a node is called: its primitive's name, but "scale" and "shift" where a
// parameter multiplies or is added.
std::string title(const Graph& graph, NodeId node);

// What the event does, with the names of the circuit: "Station 2, subtract: xmu takes mu away from
// x, element by element."
std::string sentence(const Graph& graph, const Event& event, Language language);

// Why a contribution or a sum is what it is. Empty for the forward pass and the seed.
std::string why(const Graph& graph, const Event& event, Language language);

}  // namespace backstep
