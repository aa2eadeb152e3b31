// The backward passes of batch norm that are put to the checks: right and wrong ones, compiled in.
#pragma once

#include <string>
#include <vector>

#include "engine/say.h"

namespace backstep::lessons {

struct Pass {
  std::string key;   // "01_constant_statistics", for the figures
  std::string text;  // of its file
  Saying title;      // what is wrong with it
  bool is_of_zoo = false;
};

// The twelve of graphs/bugs, and those of this lesson.
std::vector<Pass> wrong_passes();

Pass right_pass();

// The right pass, each with another of its lines doubled: what a good check catches.
std::vector<Pass> sabotaged_passes();

}  // namespace backstep::lessons
