// How far the distributions inside a net move while it learns.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/train/net.h"
#include "lessons/digits.h"
#include "lessons/progress.h"

namespace backstep::lessons {

inline constexpr int kHiddenLayers = 3;

// What the ReLU of one layer gets for the same probe of samples, step by step.
struct LayerPath {
  std::vector<double> mean;       // over samples and units; one more than steps
  std::vector<double> deviation;  // the same
  // Between the distributions before and after a step: for each unit the mean distance of the
  // sorted values (Wasserstein's, of order 1), averaged over the units, over the deviation.
  std::vector<double> moved;
  double far = 0;                // the same between the first step and the last
  std::vector<Tensor> pictures;  // the values themselves, at the steps of ShiftSettings::pictured
};

struct ShiftSettings {
  int steps = 60;
  int batch = 64;
  int probe = 256;
  double rate = 0.1;
  std::vector<int> pictured = {0, 5, 10, 20, 40, 60};
};

// `normaliser` empty: batch norm, or nothing.
struct ShiftNet {
  bool batch_norm = false;
  train::Normaliser normaliser = {};
};

std::vector<LayerPath> follow(const Digits& digits, const ShiftNet& net,
                              const ShiftSettings& settings, std::int64_t seed);

}  // namespace backstep::lessons
