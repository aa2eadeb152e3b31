// From what was measured to the figures, the words and the pictures of the lesson.
#pragma once

#include <optional>

#include "engine/describe.h"
#include "lessons/measured_lesson.h"
#include "training.h"

namespace backstep::lessons {

// Everything that the lesson claims.
Figures figures(const Settings& settings, const Results& results);

// `own` stands in place of batch norm.
Telling tell(const Settings& settings, const Results& results, const Figures& figures,
             const std::optional<OwnNormaliser>& own, Language language);

}  // namespace backstep::lessons
