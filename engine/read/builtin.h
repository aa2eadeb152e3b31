// The files that are compiled into the programs: the circuits and the words of the lessons.
#pragma once

#include <span>
#include <string_view>

namespace backstep::read {

struct BuiltinFile {
  std::string_view name;  // as in the repository: "graphs/batch_norm.py"
  std::string_view text;
};

// Every built-in file, sorted by name. The build writes this function (see embed.cmake).
std::span<const BuiltinFile> builtin_files();

}  // namespace backstep::read
