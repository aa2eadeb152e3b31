// From what was measured to the words and the pictures of the lesson.
#pragma once

#include <optional>
#include <vector>

#include "engine/describe.h"
#include "lessons/measured_lesson.h"
#include "study.h"

namespace backstep::lessons {

// `own` stands in place of batch norm.
Telling tell(const Settings& settings, const std::vector<OneSeed>& seeds, const Figures& figures,
             const std::optional<OwnNormaliser>& own, Language language);

}  // namespace backstep::lessons
