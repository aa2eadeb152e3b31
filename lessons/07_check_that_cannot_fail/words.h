// From what was measured to the words and the pictures of the lesson.
#pragma once

#include "lessons/measured_lesson.h"
#include "study.h"

namespace backstep::lessons {

enum class UpstreamIs { kOnes, kRandom };

// The settings of the run of batch norm that is walked and drawn.
read::RunOptions walked(UpstreamIs upstream);

Telling tell(const Study& study, std::uint32_t seed, Language language);

}  // namespace backstep::lessons
