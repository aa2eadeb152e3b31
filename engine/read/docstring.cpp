// Reads the lines of a docstring that tell a parameter's role and shape.
#include "engine/read/docstring.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
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

// 4H, 4*H, H, 4.
bool is_side(std::string_view text) {
  const std::size_t name = text.find_first_not_of("0123456789");
  if (name == std::string_view::npos) return !text.empty();
  std::string_view symbol = text.substr(name);
  if (name > 0 && symbol.front() == '*') symbol = trimmed(symbol.substr(1));
  return is_name(symbol) && (name == 0 || name < 6);
}

struct SidesText {
  std::vector<std::string> sides;
  bool is_open = false;
  bool has_comma = false;
};

// (N, D), (D,), (D), (H, 4H) or (N, d_1, ..., d_k). No sides if it is anything else.
SidesText sides_in(std::string_view brackets) {
  SidesText text;
  while (!brackets.empty()) {
    const std::size_t comma = std::min(brackets.find(','), brackets.size());
    std::string_view side = trimmed(brackets.substr(0, comma));
    text.has_comma = text.has_comma || comma < brackets.size();
    brackets.remove_prefix(std::min(comma + 1, brackets.size()));
    if (side.empty() && brackets.empty()) break;
    if (side.starts_with("...")) {
      text.is_open = true;
      side = trimmed(side.substr(3));
      if (side.empty()) continue;
    }
    if (!is_side(side)) return {};
    text.sides.push_back(is_name(side) ? identifier(side) : std::string(side));
  }
  return text;
}

// Takes the brackets at the start of `text` off it.
SidesText take_sides(std::string_view& text) {
  text = trimmed(text);
  const std::size_t close = text.find(')');
  if (text.empty() || text.front() != '(' || close == std::string_view::npos) return {};
  SidesText sides = sides_in(text.substr(1, close - 1));
  text.remove_prefix(close + 1);
  return sides;
}

bool says_number(std::string_view text) { return trimmed(text).substr(0, 2) == "()"; }

ParameterLine with_role(std::string_view text, const RoleWord& role) {
  ParameterLine line;
  line.role = role.role;
  text.remove_prefix(role.word.size());
  line.is_number = says_number(text);
  line.sides = take_sides(text).sides;
  text = trimmed(text);
  if (!text.empty() && text.front() == ',') line.fill = trimmed(text.substr(1));
  return line;
}

bool has_word(std::string_view text, std::string_view word) {
  const auto is_letter = [&](std::size_t at) {
    return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at])) != 0;
  };
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    if (!(at > 0 && is_letter(at - 1)) && !is_letter(at + word.size())) return true;
  }
  return false;
}

// "Integer number of groups, should be a divisor of C"
void take_integer(std::string_view text, ParameterLine& line) {
  line.is_integer = true;
  constexpr std::string_view kDivisor = "divisor of ";
  const std::size_t at = text.find(kDivisor);
  if (at == std::string_view::npos) return;
  text.remove_prefix(at + kDivisor.size());
  const auto end = std::find_if_not(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  });
  line.divides = text.substr(0, static_cast<std::size_t>(end - text.begin()));
}

// As courses write it: "Weights, of shape (D, M)", "(N, D) array of inputs".
ParameterLine in_prose(std::string_view text) {
  ParameterLine line;
  std::string lower;
  for (const char c : text) {
    lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  line.is_dictionary = lower.starts_with("dict");
  line.is_boolean = has_word(lower, "boolean");
  std::string_view rest = text;
  const std::size_t word = text.find("shape");
  if (word != std::string_view::npos) {
    rest.remove_prefix(word + std::string_view("shape").size());
    line.is_number = says_number(rest);
    SidesText sides = take_sides(rest);
    line.sides = std::move(sides.sides);
    line.is_open = sides.is_open;
  } else if (trimmed(rest).starts_with("(")) {
    // (x, w, b) is what a cache holds.
    SidesText sides = take_sides(rest);
    const bool is_shape =
        std::none_of(sides.sides.begin(), sides.sides.end(), [](const auto& side) {
          return std::islower(static_cast<unsigned char>(side.front())) != 0;
        });
    if (sides.has_comma && is_shape) line.sides = std::move(sides.sides);
  }
  if (!line.sides.empty() || line.is_number || line.is_dictionary) return line;
  line.is_number = lower.starts_with("(float)") || lower.starts_with("scalar");
  if (lower.starts_with("integer") || lower.starts_with("(int)")) take_integer(text, line);
  return line;
}

// x of "x", "- x" and "x (np.ndarray)".
std::string_view name_before_colon(std::string_view text) {
  text = trimmed(text);
  const std::size_t bracket = text.find(" (");
  if (bracket != std::string_view::npos && text.ends_with(")")) text = text.substr(0, bracket);
  return text;
}

// "x: Data", and "x - Data".
std::pair<std::string_view, std::string_view> name_and_rest(std::string_view line) {
  const std::size_t colon = line.find(':');
  const std::size_t dash = line.find(" - ");
  if (dash != line.npos && is_name(trimmed(line.substr(0, dash)))) {
    return {trimmed(line.substr(0, dash)), trimmed(line.substr(dash + 3))};
  }
  if (colon == line.npos) return {};
  return {name_before_colon(line.substr(0, colon)), trimmed(line.substr(colon + 1))};
}

}  // namespace

ParameterLines parameter_lines(std::string_view docstring) {
  ParameterLines lines;
  while (!docstring.empty()) {
    const std::size_t end = std::min(docstring.find('\n'), docstring.size());
    std::string_view line = trimmed(docstring.substr(0, end));
    docstring.remove_prefix(std::min(end + 1, docstring.size()));
    if (line.substr(0, 2) == "- ") line = trimmed(line.substr(2));
    const auto [name, rest] = name_and_rest(line);
    if (!is_name(name)) continue;
    const RoleWord* role = role_at_start(rest);
    ParameterLine parameter = role != nullptr ? with_role(rest, *role) : in_prose(rest);
    const bool says_something = parameter.role.has_value() || !parameter.sides.empty() ||
                                parameter.is_number || parameter.is_dictionary ||
                                parameter.is_integer;
    if (says_something) lines.emplace(identifier(name), std::move(parameter));
  }
  return lines;
}

SideText taken_apart(const std::string& side) {
  constexpr std::size_t kMostDigits = 12;
  const std::size_t name = std::min(side.find_first_not_of("0123456789"), side.size());
  SideText text;
  if (name > 0) text.times = std::atoll(side.substr(0, std::min(name, kMostDigits)).c_str());
  text.symbol = side.substr(name);
  if (!text.symbol.empty() && text.symbol.front() == '*') {
    text.symbol = std::string(trimmed(std::string_view(text.symbol).substr(1)));
  }
  return text;
}

}  // namespace backstep::read
