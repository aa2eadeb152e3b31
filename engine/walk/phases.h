// The phases of a run: the forward pass, the seed, then one phase a station that gradients go back
// through.
#pragma once

#include <string>
#include <vector>

#include "engine/describe.h"
#include "engine/trace.h"

namespace backstep::walk {

struct Phase {
  enum class Kind : std::uint8_t { kForward, kSeed, kBackward };

  Kind kind = Kind::kForward;
  std::uint16_t station = 0;  // of a backward phase; 0: the sums at leaves
  std::uint16_t group = 0;    // of a forward phase: the call that it belongs to; 0: none
  std::size_t begin = 0;      // its events are numbers begin .. end - 1
  std::size_t end = 0;
};

// All phases, in the order of the run: each event is in exactly one.
std::vector<Phase> phases(const Trace& trace);

// The phase of event number `event`.
const Phase& phase_of(const std::vector<Phase>& phases, std::size_t event);

// "forward", "upstream gradient", "back through station 7, multiply".
std::string phase_title(const Trace& trace, const Phase& phase, Language language);

}  // namespace backstep::walk
