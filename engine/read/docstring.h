// What a docstring says of the parameters: `gamma: parameter (1, D), rand`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph.h"

namespace backstep::read {

struct ParameterLine {
  std::optional<Role> role;        // none where the line only tells a shape
  std::vector<std::string> sides;  // symbols or numbers, rows first; one for a vector
  bool is_number = false;          // (), no side at all, is said
  std::string fill;                // randn, one_hot, or a number; empty if there is none
};

// By the name of the parameter. Lines of another form are passed over, except for the words
// "shape (N, D)", which courses use.
std::map<std::string, ParameterLine> parameter_lines(std::string_view docstring);

}  // namespace backstep::read
