// Reads the lines of a docstring that tell a parameter's role and shape.
#include "engine/read/docstring.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "engine/text.h"

namespace backstep::read {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

bool is_name(std::string_view text) { return !identifier(text).empty(); }

bool is_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
  });
}

struct RoleWord {
  std::string_view word;
  Role role;
};

constexpr std::array kRoles = {RoleWord{"input", Role::kInput},
                               RoleWord{"parameter", Role::kParameter},
                               RoleWord{"constant", Role::kConstant}};

const RoleWord* role_at_start(std::string_view text) {
  const auto found = std::find_if(kRoles.begin(), kRoles.end(), [text](const RoleWord& role) {
    const bool starts = text.substr(0, role.word.size()) == role.word;
    return starts && (text.size() == role.word.size() || text[role.word.size()] == ' ');
  });
  return found == kRoles.end() ? nullptr : &*found;
}

// (N, D), (D,) or (D): names or numbers. Empty if it is anything else.
std::vector<std::string> sides_in(std::string_view brackets) {
  std::vector<std::string> sides;
  while (!brackets.empty()) {
    const std::size_t comma = std::min(brackets.find(','), brackets.size());
    const std::string_view side = trimmed(brackets.substr(0, comma));
    brackets.remove_prefix(std::min(comma + 1, brackets.size()));
    if (side.empty() && brackets.empty()) break;
    if (!is_name(side) && !is_number(side)) return {};
    sides.push_back(is_number(side) ? std::string(side) : identifier(side));
  }
  return sides;
}

// Takes the brackets at the start of `text` off it.
std::vector<std::string> take_sides(std::string_view& text) {
  text = trimmed(text);
  const std::size_t close = text.find(')');
  if (text.empty() || text.front() != '(' || close == std::string_view::npos) return {};
  std::vector<std::string> sides = sides_in(text.substr(1, close - 1));
  text.remove_prefix(close + 1);
  return sides;
}

bool says_number(std::string_view text) { return trimmed(text).substr(0, 2) == "()"; }

ParameterLine with_role(std::string_view text, const RoleWord& role) {
  ParameterLine line;
  line.role = role.role;
  text.remove_prefix(role.word.size());
  line.is_number = says_number(text);
  line.sides = take_sides(text);
  text = trimmed(text);
  if (!text.empty() && text.front() == ',') line.fill = trimmed(text.substr(1));
  return line;
}

ParameterLine with_shape_only(std::string_view text) {
  ParameterLine line;
  const std::size_t word = text.find("shape");
  if (word == std::string_view::npos) return line;
  text.remove_prefix(word + std::string_view("shape").size());
  line.is_number = says_number(text);
  line.sides = take_sides(text);
  return line;
}

}  // namespace

std::map<std::string, ParameterLine> parameter_lines(std::string_view docstring) {
  std::map<std::string, ParameterLine> lines;
  while (!docstring.empty()) {
    const std::size_t end = std::min(docstring.find('\n'), docstring.size());
    std::string_view line = trimmed(docstring.substr(0, end));
    docstring.remove_prefix(std::min(end + 1, docstring.size()));
    if (line.substr(0, 2) == "- ") line = trimmed(line.substr(2));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view name = trimmed(line.substr(0, colon));
    if (!is_name(name)) continue;
    const std::string_view rest = trimmed(line.substr(colon + 1));
    const RoleWord* role = role_at_start(rest);
    ParameterLine parameter = role != nullptr ? with_role(rest, *role) : with_shape_only(rest);
    const bool says_something =
        parameter.role.has_value() || !parameter.sides.empty() || parameter.is_number;
    if (says_something) lines.emplace(identifier(name), std::move(parameter));
  }
  return lines;
}

}  // namespace backstep::read
