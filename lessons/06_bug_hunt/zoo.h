// The wrong backward passes, and what the check says of each.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/check/judge.h"
#include "lessons/lesson_text.h"

namespace backstep::lessons {

struct Bug {
  std::string_view text;       // the whole file
  check::Judgement judgement;  // with one finding
};

// All of them, in the order of their numbers. Throws Error if one is not found to be wrong. If
// `only` is not 0, no other one is judged.
std::vector<Bug> zoo(std::uint32_t seed, std::size_t only = 0);

// The table of the lesson, and how many mistakes each probe hides.
Places figures(const std::vector<Bug>& bugs, Language language);

// "Look at station 5."
std::string station_hint(const Bug& bug, Language language);

// "Missed by a check with ones."
std::string probe_hint(const Bug& bug, Language language);

}  // namespace backstep::lessons
