// The circuits that the lesson walks, each with numbers that one can follow by hand.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/read/run.h"

namespace backstep::lessons {

// A circuit of the lesson: --circuit names it.
struct Walked {
  std::string_view name;
  std::string_view file;               // of its picture: "circuit" becomes circuit.svg
  read::RunOptions numbers;            // that it is walked with
  std::vector<std::string> in_random;  // settings that make all its numbers random
  std::size_t section;                 // of the lesson, that tells of it
};

// (x + y) * z, (x + y) * x, a neuron, and a batch of samples through it.
const std::vector<Walked>& walked();

// The one that is called `name`. Throws Error if there is none.
const Walked& walked(std::string_view name);

read::Run run_of(std::string_view name);

// By how much the gradients of the circuit, on random numbers, differ from slopes that are measured
// by moving each entry a little: the largest difference, seed by seed.
std::vector<double> measured_differences(const Walked& circuit, std::uint32_t seed,
                                         std::size_t seeds);

}  // namespace backstep::lessons
