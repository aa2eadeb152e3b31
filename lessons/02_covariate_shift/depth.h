// Deep stacks: what is left of a signal after many layers, and what such a net can learn.
#pragma once

#include <cstdint>
#include <vector>

#include "lessons/digits.h"
#include "shift.h"

namespace backstep::lessons {

inline constexpr int kStackWidth = 32;  // of each hidden layer

struct DepthResult {
  double deviation = 0;  // of what the last ReLU gets, before training
  double gradient = 0;   // root mean square of the gradient of the first weights, before training
  double accuracy = 0;   // on held-out samples, after training; that of guessing if it broke
};

// Of a stack with so many hidden layers, from the pixels to the classes.
std::vector<int> stack_widths(int layers);

// The weights are `scale` times those of He.
DepthResult stack(const Digits& digits, const train::NetShape& shape, double scale, int steps,
                  std::int64_t seed);

}  // namespace backstep::lessons
