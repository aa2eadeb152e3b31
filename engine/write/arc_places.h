// A plain layout in linear time, for circuits that Graphviz would take minutes for: columns by the
// longest path from the leaves, and arcs over what lies between.
#pragma once

#include <cstddef>

#include "engine/write/circuit_places.h"

namespace backstep::write {

// How many columns the roads cross in all: Graphviz's time grows with the square of it.
std::size_t columns_crossed(const CircuitMap& map);

CircuitPlaces arc_places(const CircuitMap& map);

}  // namespace backstep::write
