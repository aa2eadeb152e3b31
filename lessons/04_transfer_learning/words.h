// From what was measured to the figures, the words and the pictures of the lesson.
#pragma once

#include "engine/describe.h"
#include "lessons/measured_lesson.h"
#include "study.h"

namespace backstep::lessons {

// Everything that the lesson claims.
Figures figures(const Settings& settings, const Results& results);

Telling tell(const Settings& settings, const Sets& sets, const Results& results,
             const Figures& figures, Language language);

}  // namespace backstep::lessons
