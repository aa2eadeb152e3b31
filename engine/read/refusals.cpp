// The table of what is not read, with a text for each and what to write instead.
#include "engine/read/refusals.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

#include "engine/text.h"

namespace backstep::read {
namespace {

struct Refusal {
  Expected where;
  std::string_view token;
  std::string_view what;  // ": the reader takes straight-line NumPy" follows where it fits
  std::string_view instead;
};

constexpr std::string_view kStraight = ": the reader takes straight-line NumPy";
constexpr std::string_view kTuple = "a tuple, such as cache = (x, gamma)";
constexpr std::string_view kFormat = "a print, which the reader passes over, or leave it out";
constexpr std::string_view kOwnLine = "a block begins on a line of its own";
constexpr std::string_view kNoBlock = "this line continues no block above it";

constexpr std::array kRefusals = {
    Refusal{Expected::kStatement, "for", kOwnLine, "the for line by itself"},
    Refusal{Expected::kStatement, "while", kOwnLine, "the while line by itself"},
    Refusal{Expected::kStatement, "if", kOwnLine, "the if line by itself"},
    Refusal{Expected::kStatement, "with", kOwnLine, "the with line by itself"},
    Refusal{Expected::kStatement, "try", kOwnLine, "the try line by itself"},
    Refusal{Expected::kStatement, "def", kOwnLine, "the def line by itself"},
    Refusal{Expected::kStatement, "elif", kNoBlock, "an if line above it, indented as it is"},
    Refusal{Expected::kStatement, "else", kNoBlock, "an if line above it, indented as it is"},
    Refusal{Expected::kStatement, "except", kNoBlock, "a try line above it, indented as it is"},
    Refusal{Expected::kStatement, "finally", kNoBlock, "a try line above it, indented as it is"},
    Refusal{Expected::kStatement, "class", "classes are not read",
            "a def for each method, with the fields of self as parameters"},
    Refusal{Expected::kStatement, "async", "async is not read", "def without async"},
    Refusal{Expected::kStatement, "@", "decorators are not read", "the def without its @ line"},
    Refusal{Expected::kStatement, "global", "global variables are not read",
            "a parameter of the function"},
    Refusal{Expected::kStatement, "nonlocal", "variables of an outer def are not set here",
            "a parameter of the function, and return it"},
    Refusal{Expected::kOperand, "yield", "yield is not read",
            "one return with all results: return out, cache"},
    Refusal{Expected::kOperand, "await", "await is not read", "the call without await"},
    Refusal{Expected::kOperand, "*",
            "a star has no meaning here: it stands before an argument or "
            "an item, as in f(*x) and (*x, y)",
            ""},
    Refusal{Expected::kOperand, "**",
            "two stars have no meaning here: they stand before the last "
            "arguments of a call, as in f(**settings)",
            ""},
    Refusal{Expected::kOperator, ",", "sets are not read", kTuple},
    Refusal{Expected::kOperand, "bytes", "bytes are not read", kFormat},
    Refusal{Expected::kOperand, ":", "`:` stands in an index alone: x[1:3]", ""},
    Refusal{Expected::kOperand, "...", "`...` stands in an index alone: x[..., 0]", ""},
    Refusal{Expected::kOperator, ":",
            "`:` stands in an index alone, and there twice at most: x[start:stop:step]", ""},
    Refusal{Expected::kOperator, ":=", "`:=` is not read",
            "the assignment on a line of its own, above this one"},
    Refusal{Expected::kOperator, "<<", "`<<` is not read", "2.0**n * x"},
    Refusal{Expected::kOperator, ">>", "`>>` is not read", "x / 2.0**n"},
    Refusal{Expected::kOperator, "=", "`=` sets a name, it does not compare here", "`==`"},
    Refusal{Expected::kOperator, "->", "this arrow belongs to a def line", ""},
};

struct Lookalike {
  char32_t code;
  std::string_view instead;
};

// Characters that come along with code pasted from a page or a PDF.
constexpr std::array kLookalikes = {
    Lookalike{0xa0, "a space"},  Lookalike{0x3000, "a space"}, Lookalike{0x2212, "`-`"},
    Lookalike{0x2013, "`-`"},    Lookalike{0x2014, "`-`"},     Lookalike{0xd7, "`*`"},
    Lookalike{0xb7, "`*`"},      Lookalike{0x22c5, "`*`"},     Lookalike{0xf7, "`/`"},
    Lookalike{0x2018, "`'`"},    Lookalike{0x2019, "`'`"},     Lookalike{0x201c, "`\"`"},
    Lookalike{0x201d, "`\"`"},   Lookalike{0xff08, "`(`"},     Lookalike{0xff09, "`)`"},
    Lookalike{0xff0c, "`,`"},    Lookalike{0x221a, "np.sqrt"}, Lookalike{0xb2, "`**2`"},
    Lookalike{0x2211, "np.sum"},
};

constexpr std::array<std::string_view, 22> kOperators = {
    "...", "**=", "//=", "<<=", ">>=", "**", "//", "<<", ">>", "<=", ">=",
    "==",  "!=",  "->",  ":=",  "+=",  "-=", "*=", "/=", "%=", "@=", "&="};

bool is_word_byte(char c) {
  return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string_view word_at(std::string_view rest) {
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_word_byte);
  return rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
}

bool has_letter(std::string_view prefix, char lower) {
  return std::any_of(prefix.begin(), prefix.end(), [lower](char c) {
    return std::tolower(static_cast<unsigned char>(c)) == lower;
  });
}

// A word, an operator, or one character; a string with a prefix has a name of its own here.
std::string_view token_at(std::string_view rest) {
  const bool starts_word = is_word_byte(rest[0]) && static_cast<unsigned char>(rest[0]) < 0x80;
  if (starts_word) {
    const std::string_view word = word_at(rest);
    const bool quoted_next =
        word.size() < rest.size() && (rest[word.size()] == '"' || rest[word.size()] == '\'');
    if (quoted_next && word.size() <= 2 && has_letter(word, 'b')) return "bytes";
    return word;
  }
  for (const std::string_view op : kOperators) {
    if (rest.substr(0, op.size()) == op) return op;
  }
  return rest.substr(0, character_at(rest, 0).bytes);
}

const Refusal* find_refusal(Expected where, std::string_view token) {
  const auto found = std::find_if(kRefusals.begin(), kRefusals.end(), [&](const Refusal& refusal) {
    return refusal.where == where && refusal.token == token;
  });
  return found == kRefusals.end() ? nullptr : &*found;
}

[[noreturn]] void refuse_foreign_character(const Source& source, std::size_t byte, char32_t code) {
  const auto found =
      std::find_if(kLookalikes.begin(), kLookalikes.end(),
                   [code](const Lookalike& lookalike) { return lookalike.code == code; });
  const std::string message =
      fmt::format("the character U+{:04X} has no meaning in Python", static_cast<unsigned>(code));
  throw ReadError(source, byte, message, found == kLookalikes.end() ? "" : found->instead);
}

std::string_view expectation(Expected expected) {
  return expected == Expected::kOperator ? "an operator or the end of the expression" : "a value";
}

}  // namespace

void refuse(const Source& source, std::size_t byte, Expected expected) {
  const std::string_view rest = source.text().substr(byte);
  if (byte >= source.line_end(byte)) {
    throw ReadError(source, byte,
                    fmt::format("the line ends where {} is expected", expectation(expected)));
  }
  const std::string_view token = token_at(rest);
  const Refusal* refusal = find_refusal(expected, token);
  if (refusal == nullptr && expected == Expected::kStatement) {
    refusal = find_refusal(Expected::kOperand, token);
  }
  if (refusal != nullptr) {
    const bool says_why = refusal->what.find(" read") == std::string_view::npos;
    throw ReadError(source, byte,
                    fmt::format("{}{}", refusal->what, says_why ? std::string_view() : kStraight),
                    refusal->instead);
  }
  const Character character = character_at(rest, 0);
  if (character.code >= 0x80 || (character.code < 0x20 && character.code != '\t')) {
    refuse_foreign_character(source, byte, character.code);
  }
  throw ReadError(
      source, byte,
      fmt::format("{} stands where {} is expected", quoted(token), expectation(expected)));
}

}  // namespace backstep::read
