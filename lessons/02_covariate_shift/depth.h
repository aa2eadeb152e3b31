// Deep stacks: what is left of a signal after many layers, and what such a net can learn.
#pragma once

#include <cstdint>

#include "lessons/digits.h"
#include "shift.h"

namespace backstep::lessons {

inline constexpr int kStackWidth = 32;  // of each hidden layer

struct DepthResult {
  double deviation = 0;  // of what the last ReLU gets, before training
  double gradient = 0;   // root mean square of the gradient of the first weights, before training
  double accuracy = 0;   // on held-out samples, after training; that of guessing if it broke
};

// `layers` hidden layers; the weights are `scale` times those of He.
DepthResult stack(const Digits& digits, const ShiftNet& net, int layers, double scale, int steps,
                  std::int64_t seed);

}  // namespace backstep::lessons
