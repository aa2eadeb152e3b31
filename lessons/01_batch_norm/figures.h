// What stands in the places of the lesson: every number and every block that a run gives.
#pragma once

#include "engine/describe.h"
#include "exercise.h"
#include "lessons/lesson_text.h"
#include "modes.h"

namespace backstep::lessons {

// All that was run for the lesson.
struct Lesson {
  explicit Lesson(std::uint32_t the_seed);

  std::uint32_t seed;
  Exercise exercise;
  Statistics statistics;
  Trace evaluation;
  read::Run single;  // a batch of 1
  read::Run pair;    // a batch of 2
};

// np.maximum(values, 0).
Tensor relu_of(ConstView values);

Places figures(const Lesson& lesson, Language language);

}  // namespace backstep::lessons
