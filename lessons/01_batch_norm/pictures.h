// What the lesson writes with --out: pictures, values and its words.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "figures.h"

namespace backstep::lessons {

// Writes all of it into `folder`; how far it is stands on standard error. A folder that
// cannot be written to is found out before a circuit is drawn. Throws Error.
void write_all(const Lesson& lesson, std::string_view words, Language language,
               const std::filesystem::path& folder);

// The pictures that the words name, as SVG, but for that of the circuit itself: a page shows it.
std::map<std::string, std::string> page_pictures(const Lesson& lesson, Language language);

}  // namespace backstep::lessons
