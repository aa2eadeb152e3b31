// Shapes for the parameters of a function, by the letters of its docstring.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/read/inputs.h"
#include "engine/read/python_syntax.h"

namespace backstep::read {

struct ChosenSides {
  Settings set;                                      // {"x", "randn(101,103)"}
  std::vector<std::pair<int, std::string>> letters;  // {101, "N"}, in the order they come up
};

// Gives each letter the next of `sides`: N of `x: input (N, D)` the first, D the second. Nothing is
// chosen if the letters are more than the sides.
ChosenSides set_sides(const Function& function, std::span<const int> sides);

}  // namespace backstep::read
