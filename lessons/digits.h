// The handwritten digits that stand in lessons/data, ready to be learnt from.
#pragma once

#include <cstdint>
#include <filesystem>

#include "engine/train/dataset.h"

namespace backstep::lessons {

// lessons/data of the checkout that this program was built from.
std::filesystem::path data_folder();

// What a net learns from, and what it never sees until it is judged.
struct Digits {
  train::Dataset training;
  train::Dataset held_out;
};

// 8,000 and 2,000 MNIST digits of 8 x 8 pixels, from 0 to 1.
Digits mnist_digits();
// 897 and 900 UCI digits of 8 x 8 pixels, from 0 to 1.
Digits uci_digits();
// The samples from `training` on are held out.
Digits split(const train::Dataset& data, int training);

// The samples in an order of their own for each seed: its first 20 are a random choice of 20.
train::Dataset shuffled(const train::Dataset& data, std::int64_t seed);

}  // namespace backstep::lessons
