// Two features raw, standardised and whitened, and what whitening costs as features are added.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/tensor.h"

namespace backstep::lessons {

// Mean 0 and deviation 1, feature by feature.
Tensor standardised(ConstView x);
// Also without correlation: (x - mean) times the inverse root of the covariance. Directions in
// which nothing varies are left out.
Tensor whitened(ConstView x);
// Between the first two features.
double correlation(ConstView x);

struct Cost {
  int features = 0;
  double batch_norm_operations = 0;  // multiply-adds for one batch
  double whitening_operations = 0;
  double batch_norm_seconds = 0;  // the fastest of a few
  double whitening_seconds = 0;
};

// For batches of `samples` random normal numbers.
std::vector<Cost> costs(const std::vector<int>& features, int samples, std::int64_t seed);

}  // namespace backstep::lessons
