// A bias in front of a mean that is taken away: with the mean inside the graph, and outside.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/trace.h"

namespace backstep::lessons {

enum class MeanIs { kInside, kOutside };

// loss = mean((x + b - mean(x + b) - target)**2), one step of gradient descent on b after another.
struct BiasPath {
  std::vector<double> bias;  // one more than steps
  std::vector<double> loss;
  double growth() const { return bias.back() - bias.front(); }
};

// All numbers are multiples of 1/64 and the batch is a power of 2, so that sums are exact and a
// gradient of 0 is 0 to the last bit.
BiasPath descend(MeanIs mean, int steps, double rate, std::int64_t seed);

// The circuit of one step, recorded.
Trace centring_circuit(MeanIs mean, std::int64_t seed);

}  // namespace backstep::lessons
