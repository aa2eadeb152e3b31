// What a docstring says of the parameters: `gamma: parameter (1, D), rand`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph.h"

namespace backstep::read {

struct ParameterLine {
  std::optional<Role> role;        // none where the line only tells a shape
  std::vector<std::string> sides;  // N, 4, 4H; rows first, and one for a vector
  bool is_open = false;            // (N, d_1, ..., d_k): as many sides as one likes
  bool is_number = false;          // (), no side at all, is said
  bool is_dictionary = false;
  bool is_integer = false;  // one whole number...
  std::string divides;      // ... by which this symbol can be divided: C of a group's
  bool is_boolean = false;
  std::string fill;  // randn, one_hot, or a number; empty if there is none
};

using ParameterLines = std::map<std::string, ParameterLine>;

// By the name of the parameter. Lines of another form are passed over, except for what courses
// write: "- x: Data of shape (N, D)", "- bn_param: Dictionary with the following keys".
ParameterLines parameter_lines(std::string_view docstring);

// Of a side such as 4H: H, and 4. The symbol of a plain number is empty.
struct SideText {
  std::string symbol;
  std::int64_t times = 1;
};
SideText taken_apart(const std::string& side);

}  // namespace backstep::read
