// The words of a lesson on standard output: all at once, or, with --ask, question by question.
#pragma once

#include <string_view>

#include "lessons/options.h"

namespace backstep::lessons {

// Prints `markdown`. With --ask it waits for a line on standard input before each answer.
void tell(std::string_view markdown, const Options& options);

}  // namespace backstep::lessons
