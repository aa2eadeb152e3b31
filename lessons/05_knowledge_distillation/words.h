// From what was measured to the words and the pictures of the lesson.
#pragma once

#include <filesystem>
#include <string_view>

#include "engine/describe.h"
#include "lessons/lesson_text.h"
#include "study.h"

namespace backstep::lessons {

Places places(const Settings& settings, const Results& results, Language language);

// Writes the words and all pictures into `folder`. Throws Error.
void write_all(const Settings& settings, const Results& results, std::string_view words,
               Language language, const std::filesystem::path& folder);

}  // namespace backstep::lessons
