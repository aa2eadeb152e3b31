// One line on standard error that says how far long work is.
#include "engine/write/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include "engine/write/streams.h"

namespace backstep::write {

namespace {

std::string bar(std::size_t made, std::size_t total) {
  constexpr std::size_t kWidth = 24;
  const std::size_t filled = total > 0 ? made * kWidth / total : kWidth;
  return std::string(filled, '#') + std::string(kWidth - filled, '.');
}

}  // namespace

Progress::~Progress() {
  if (is_shown_) say("");
}

void Progress::advance() {
  ++made_;
  if (::isatty(STDERR_FILENO) == 0) return;
  is_shown_ = true;
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin_;
  const double made = static_cast<double>(made_);
  const double left = passed.count() / made * (static_cast<double>(total_) - made);
  say_now(fmt::format("\r{} [{}] {}/{} {:.0f} s \x1b[K", what_, bar(made_, total_), made_, total_,
                      left));
}

void Progress::done() {
  constexpr const char* kClearLine = "\r\x1b[K";
  if (is_shown_) say_now(kClearLine);
  is_shown_ = false;
}

}  // namespace backstep::write
