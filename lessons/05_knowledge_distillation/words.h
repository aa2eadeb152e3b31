// From what was measured to the words and the pictures of the lesson.
#pragma once

#include "lessons/measured_lesson.h"
#include "study.h"

namespace backstep::lessons {

Telling tell(const Settings& settings, const Results& results, Language language);

}  // namespace backstep::lessons
