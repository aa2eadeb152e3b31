// One line on standard error that says how far long work is. Only a terminal sees it move.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace backstep::lessons {

class Progress {
 public:
  Progress(std::string_view what, std::size_t total) : what_(what), total_(total) {}
  // Ends the line, if work was broken off.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance();
  // Takes the line away.
  void done();

 private:
  std::string what_;
  std::size_t total_;
  std::size_t made_ = 0;
  bool is_shown_ = false;
};

}  // namespace backstep::lessons
