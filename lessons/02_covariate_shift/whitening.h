// Two features raw, standardised and whitened, and what whitening costs as features are added.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/tensor.h"

namespace backstep::lessons {

// Mean 0 and deviation 1, feature by feature, as batch norm does.
Tensor standardised(ConstView x);
// Also without correlation: x - mean, times the inverse of a triangular root of the covariance.
// Batch norm's epsilon stands on the covariance's diagonal, so there is an inverse even if the
// samples are fewer than the features.
Tensor whitened(ConstView x);
// Between the first two features.
double correlation(ConstView x);

// Additions, subtractions, multiplications, divisions and roots of the two, each counted as one.
// They agree for one feature but for one: batch norm inverts the deviation, and multiplies.
std::size_t standardising_operations(std::size_t samples, std::size_t features);
std::size_t whitening_operations(std::size_t samples, std::size_t features);

// The fastest of a few, for random normal numbers.
struct Seconds {
  double standardising = 0;
  double whitening = 0;
};
Seconds measured_seconds(int samples, int features, std::int64_t seed);

}  // namespace backstep::lessons
