// The files that are compiled into the programs: the circuits and the words of the lessons.
#pragma once

#include <span>

#include "engine/embedded.h"

namespace backstep::read {

// Every built-in file by its name in the repository, sorted by name. The build writes this function
// (see engine/embed.cmake).
std::span<const EmbeddedFile> builtin_files();

}  // namespace backstep::read
