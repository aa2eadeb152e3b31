// The parts of a page that are compiled into the library: its HTML, CSS and scripts.
#pragma once

#include <span>

#include "engine/embedded.h"

namespace backstep::page {

// page.html, and the scripts and styles of engine/page as one file each: page.js, and
// lesson.js with the parts of a lesson. The build writes this function (see CMakeLists.txt and
// embed.cmake).
std::span<const EmbeddedFile> page_files();

}  // namespace backstep::page
