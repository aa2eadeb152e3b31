// What is learnt from: the digits, or the learner's own files in their place.
#pragma once

#include <filesystem>
#include <string>

#include "lessons/digits.h"

namespace backstep::lessons {

// A big set, a small one like it, and the small one with its features in another order.
struct Sets {
  Digits source;
  Digits similar;
  Digits different;
  // Of the learner's own files; empty for the digits.
  std::string source_name = {};
  std::string target_name = {};
};

// An empty path stands for the digits: MNIST as the source, UCI's as the target. A file is CSV with
// the label in the last column, or IDX images with their labels beside it. Throws Error.
Sets sets(const std::filesystem::path& source, const std::filesystem::path& target);

// How many classes there are: the labels count from 0.
int classes_of(const Digits& digits);

}  // namespace backstep::lessons
