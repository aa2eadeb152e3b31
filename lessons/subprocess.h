// Runs another program: no shell, its input from memory, its output into memory.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace backstep::lessons {

// What `command` (a program on the PATH and its arguments) writes to its standard output when it
// reads `input`. Throws Error if it cannot be started, or ends with anything but status 0; what it
// wrote to standard error is then in the text. `package` is what to install if it is missing.
std::string output_of(const std::vector<std::string>& command, std::string_view input,
                      std::string_view package);

}  // namespace backstep::lessons
