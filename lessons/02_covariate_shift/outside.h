// A bias in front of a mean that is taken away: with the mean inside the graph, and outside.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/plan/simplify.h"
#include "engine/train/dataset.h"

namespace backstep::lessons {

inline constexpr int kBiasBatch = 64;  // digits

enum class MeanIs { kInside, kOutside };

// The circuit of graphs/ that does so.
std::string_view circuit_of(MeanIs mean);
// Numbers to walk it with, as --set takes them: few, and with nothing to round.
std::vector<std::pair<std::string, std::string>> centring_numbers(MeanIs mean);

// Gradient descent on the bias alone: one pixel of each digit is x, and the target is 1 where the
// digit is even.
struct BiasPath {
  std::vector<double> bias;  // one more than steps, from 0
  std::vector<double> loss;
  // What the two ways back to the bias bring, at the first step: straight from `centred`, and
  // through the mean, 0 where there is no such way.
  double straight = 0;
  double through_mean = 0;

  double growth() const { return bias.back() - bias.front(); }
};

// Of the first kBiasBatch digits. Their pixels are multiples of 1/16 and the batch is a power of 2,
// so with a rate that is one, too, nothing is rounded: a gradient of 0 is 0 to the last bit.
BiasPath descend(MeanIs mean, const train::Dataset& digits, int steps, double rate);

// The bias's gradient, mean inside, is rewritten as long as anything can be taken away: the last
// step, which leaves 0 for any numbers.
SimplifyStep proof_of_zero();

}  // namespace backstep::lessons
