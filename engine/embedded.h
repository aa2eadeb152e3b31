// Files that are compiled into the programs. The build writes the functions that give them (see
// embed.cmake).
#pragma once

#include <string_view>

namespace backstep {

struct EmbeddedFile {
  std::string_view name;  // from the folder that it was taken from: "graphs/batch_norm.py"
  std::string_view text;
};

}  // namespace backstep
