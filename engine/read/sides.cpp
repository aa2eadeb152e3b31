// Writes each parameter's shape with chosen numbers in place of letters.
#include "engine/read/sides.h"

#include <fmt/core.h>

#include <map>

#include "engine/read/docstring.h"

namespace backstep::read {

ChosenSides set_sides(const Function& function, std::span<const int> sides) {
  const auto lines = parameter_lines(function.docstring);
  std::map<std::string, int> chosen;
  ChosenSides result;
  for (const Parameter& parameter : function.parameters) {
    const auto line = lines.find(parameter.name);
    if (line == lines.end() || line->second.sides.empty()) continue;
    std::string text;
    for (const std::string& side : line->second.sides) {
      const bool is_letter = side.find_first_of("0123456789") == std::string::npos;
      if (is_letter && chosen.count(side) == 0) {
        if (result.letters.size() == sides.size()) return {};
        const int length = sides[result.letters.size()];
        chosen[side] = length;
        result.letters.emplace_back(length, side);
      }
      text += (text.empty() ? "" : ",") + (is_letter ? std::to_string(chosen[side]) : side);
    }
    const std::string& fill = line->second.fill;
    const std::string kind = fill == "one_hot" || fill == "rand" ? fill : "randn";
    result.set.emplace_back(parameter.name, fmt::format("{}({})", kind, text));
  }
  if (result.letters.empty()) return {};
  return result;
}

}  // namespace backstep::read
