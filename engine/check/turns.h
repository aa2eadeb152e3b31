// Where a threshold, a bound or a small constant that is not the circuit's shows, and almost
// nowhere else: next to where a choice turns, and in small numbers.
#pragma once

#include <optional>

#include "engine/check/cause.h"

namespace backstep::check {

// In such numbers more is lost where two ways of writing the same thing cancel.
inline constexpr double kWideTolerance = 1e-6;

struct Place {
  Values leaves;  // of the circuit
  Saying where;   // "next to where x > 0 turns", "in numbers of 0.01 times the size"
};

// A place at which the lines give another result than the circuit; nothing where none was found.
std::optional<Place> place_of_difference(const Reference& reference, const Reading& reading);

// The run of the circuit at other values of its leaves.
Reference moved_to(const Reference& reference, const Values& leaves);

}  // namespace backstep::check
