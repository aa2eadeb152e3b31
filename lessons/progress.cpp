// One line on standard error that says how far long work is.
#include "lessons/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace backstep::lessons {

Progress::~Progress() {
  if (is_shown_) fmt::print(stderr, "\n");
}

void Progress::advance() {
  ++made_;
  if (::isatty(STDERR_FILENO) == 0) return;
  is_shown_ = true;
  fmt::print(stderr, "\r{} {}/{}", what_, made_, total_);
  std::fflush(stderr);
}

void Progress::done() {
  constexpr const char* kClearLine = "\r\x1b[K";
  if (is_shown_) fmt::print(stderr, "{}", kClearLine);
  is_shown_ = false;
}

}  // namespace backstep::lessons
