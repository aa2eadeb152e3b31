// Samples and their classes: from files, split, standardised, and made small.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "engine/read/idx.h"
#include "engine/tensor.h"

namespace backstep::train {

// Samples in rows, and the class of each, from 0.
struct Dataset {
  Tensor x;
  std::vector<int> labels;
  // For distillation: a teacher's scores for each sample, as scores() gives them, or the mean of
  // those of several teachers.
  std::optional<Tensor> teacher = {};

  int size() const { return x.shape().rows(); }
};

// The samples from `begin` to before `end`, with their labels and teacher. Throws Error if there
// are not so many.
Dataset slice(const Dataset& data, int begin, int end);

// The mean and the deviation of each feature of a training set, to be taken from every set. A
// feature that never changes keeps its values.
struct Standardiser {
  explicit Standardiser(const Dataset& training);
  void apply(Dataset& data) const;

  std::vector<double> mean;
  std::vector<double> deviation;
};

// Images of 28 x 28 to 8 x 8: the middle 24 x 24 pixels, averaged 3 x 3, from 0 to 1.
Tensor eight_by_eight(const read::IdxImages& images);

// MNIST as 8 x 8 pixels, and the UCI digits, which have that size already; both from 0 to 1. The
// folder is lessons/data of the project. Throws Error.
Dataset mnist_8x8(const std::filesystem::path& folder);
Dataset uci_digits(const std::filesystem::path& folder);

}  // namespace backstep::train
