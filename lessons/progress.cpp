// One line on standard error that says how far long work is.
#include "lessons/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace backstep::lessons {

namespace {

std::string bar(std::size_t made, std::size_t total) {
  constexpr std::size_t kWidth = 24;
  const std::size_t filled = total > 0 ? made * kWidth / total : kWidth;
  return std::string(filled, '#') + std::string(kWidth - filled, '.');
}

}  // namespace

Progress::~Progress() {
  if (is_shown_) fmt::print(stderr, "\n");
}

void Progress::advance() {
  ++made_;
  if (::isatty(STDERR_FILENO) == 0) return;
  is_shown_ = true;
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin_;
  const double made = static_cast<double>(made_);
  const double left = passed.count() / made * (static_cast<double>(total_) - made);
  fmt::print(stderr, "\r{} [{}] {}/{} {:.0f} s \x1b[K", what_, bar(made_, total_), made_, total_,
             left);
  std::fflush(stderr);
}

void Progress::done() {
  constexpr const char* kClearLine = "\r\x1b[K";
  if (is_shown_) fmt::print(stderr, "{}", kClearLine);
  is_shown_ = false;
}

}  // namespace backstep::lessons
