// Writes each parameter's shape with chosen numbers in place of letters.
#include "engine/read/sides.h"

#include <fmt/core.h>

#include <array>
#include <map>

#include "engine/read/docstring.h"

namespace backstep::read {

ChosenSides set_sides(const Function& function, std::span<const int> sides) {
  const auto lines = parameter_lines(function.docstring);
  std::map<std::string, int> chosen;
  ChosenSides result;
  for (const Parameter& parameter : function.parameters) {
    const auto line = lines.find(parameter.name);
    if (line == lines.end() || line->second.sides.size() != 2) continue;
    std::array<std::string, 2> text;
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string& side = line->second.sides[i];
      const bool is_letter = side.find_first_of("0123456789") == std::string::npos;
      if (is_letter && chosen.count(side) == 0) {
        if (result.letters.size() == sides.size()) return {};
        const int length = sides[result.letters.size()];
        chosen[side] = length;
        result.letters.emplace_back(length, side);
      }
      text[i] = is_letter ? std::to_string(chosen[side]) : side;
    }
    const std::string& fill = line->second.fill;
    const std::string kind = fill == "one_hot" || fill == "rand" ? fill : "randn";
    result.set.emplace_back(parameter.name, fmt::format("{}({},{})", kind, text[0], text[1]));
  }
  if (result.letters.empty()) return {};
  return result;
}

}  // namespace backstep::read
