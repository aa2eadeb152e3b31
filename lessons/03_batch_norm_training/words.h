// From what was measured to the words, the figures and the pictures of the lesson.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "engine/describe.h"
#include "lessons/lesson_text.h"
#include "training.h"

namespace backstep::lessons {

// Everything that the lesson claims.
Figures figures(const Settings& settings, const Results& results);

Places places(const Settings& settings, const Results& results, const Figures& figures,
              const std::optional<OwnNormaliser>& own, Language language);

// Writes the words, the charts and the two modes of batch norm as circuits. Charts are drawn before
// anything is written.
void write_all(const Settings& settings, const Results& results,
               const std::optional<OwnNormaliser>& own, std::string_view words, Language language,
               const std::filesystem::path& folder);

}  // namespace backstep::lessons
