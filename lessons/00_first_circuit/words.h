// From the runs to the words and the pictures of the lesson.
#pragma once

#include "lessons/measured_lesson.h"

namespace backstep::lessons {

// The gradients of every circuit against measured slopes.
struct Checked {
  Figures figures;  // how far they are apart: "measured.fork"
  double most = 0;  // of all
  std::size_t seeds = 0;
};

Checked check_gradients(std::uint32_t seed, std::size_t seeds);

Telling tell(const Checked& checked, Language language);

}  // namespace backstep::lessons
