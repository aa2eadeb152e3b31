// How far the distributions inside a net move while it learns.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/train/net.h"
#include "lessons/digits.h"

namespace backstep::lessons {

inline constexpr int kHiddenLayers = 3;
// From the pixels to the classes.
inline constexpr int kShiftWidths[] = {64, 50, 50, 50, 10};

// Does the ReLU get the linear part as it is?
inline bool is_plain(const train::NetShape& shape) {
  return !shape.batch_norm && !shape.normaliser;
}

struct ShiftSettings {
  int steps = 60;
  int batch = 64;
  int probe = 128;    // samples that go through the net after each step
  int turn_each = 5;  // so many steps lie between two looks at the gradients
  double rate = 0.02;

  // Steps to look at closely: the first is 0, the last is `steps`.
  std::vector<int> pictured() const;
};

// One place of one layer, watched while all layers learn.
struct Path {
  std::vector<double> mean;       // over samples and units; one more than steps
  std::vector<double> deviation;  // the same
  // Between the distributions before and after each step: see distance().
  std::vector<double> moved;
  double far = 0;                // the same between the first step and the last
  std::vector<Tensor> pictures;  // the values themselves, at the steps of pictured()
};

struct LayerPath {
  Path linear;  // what the linear part gives
  Path relu;    // what the ReLU gets: the same in a plain net
  // How much the gradient of this layer's weights changes because the layers *below* make their
  // step: |new - old| / |old|, at every so many steps. All 0 for the first layer.
  // Source: Santurkar et al., "How does batch normalization help optimization?", 2018, def. 2.1.
  std::vector<double> turned;
};

// For each unit (column) the mean distance of the sorted values, that is Wasserstein's of order 1,
// averaged over the units.
double distance(ConstView before, ConstView after);

struct ShiftResult {
  // Of the hidden layers, and last the output layer, which has no ReLU: only `turned` is told.
  std::vector<LayerPath> layers;
  double accuracy = 0;  // on held-out samples, at the end
};

ShiftResult follow(const Digits& digits, const train::NetShape& shape,
                   const ShiftSettings& settings, std::int64_t seed);

}  // namespace backstep::lessons
