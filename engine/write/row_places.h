// A wide circuit in rows, as text is broken into lines.
#pragma once

#include "engine/write/circuit_places.h"

namespace backstep::write {

// Breaks the circuit where one road alone leads on, into rows of about `width` points at most; that
// road then leads back below its row to the next one. Without such places it stays as it is.
CircuitPlaces in_rows(const CircuitMap& map, CircuitPlaces places, double width);

}  // namespace backstep::write
