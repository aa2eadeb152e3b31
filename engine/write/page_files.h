// The parts of a page that are compiled into the library: its HTML, CSS and scripts.
#pragma once

#include <span>

#include "engine/read/builtin.h"

namespace backstep::write {

// Every file of engine/write/page, sorted by name. The build writes this function (see
// embed.cmake).
std::span<const read::BuiltinFile> page_files();

}  // namespace backstep::write
