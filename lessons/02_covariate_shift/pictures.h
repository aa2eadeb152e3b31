// The charts of the lesson.
#pragma once

#include <optional>
#include <vector>

#include "labels.h"
#include "lessons/measured_lesson.h"
#include "study.h"

namespace backstep::lessons {

std::vector<NamedChart> charts(const Settings& settings, const std::vector<OneSeed>& seeds,
                               const Figures& figures, const std::optional<OwnNormaliser>& own,
                               Language language);

}  // namespace backstep::lessons
