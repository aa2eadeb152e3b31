// One line on standard error that says how far long work is. Only a terminal sees it move.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace backstep::write {

class Progress {
 public:
  Progress(std::string_view what, std::size_t total) : what_(what), total_(total) {}
  // Ends the line, if work was broken off.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // One more is done. Shows a bar, and the time that is left if the rest takes as long as so far.
  void advance();
  // Takes the line away.
  void done();

 private:
  std::string what_;
  std::size_t total_;
  std::size_t made_ = 0;
  bool is_shown_ = false;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace backstep::write
