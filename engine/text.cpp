// Characters by utf8proc, which knows Unicode's categories, widths and forms.
#include "engine/text.h"

#include <fmt/core.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace backstep {
namespace {

constexpr std::string_view kCut = "...";
constexpr int kMostMarks = 4;

constexpr std::array<std::string_view, 35> kPythonWords = {
    "False", "None",     "True",  "and",    "as",   "assert", "async",  "await",    "break",
    "class", "continue", "def",   "del",    "elif", "else",   "except", "finally",  "for",
    "from",  "global",   "if",    "import", "in",   "is",     "lambda", "nonlocal", "not",
    "or",    "pass",     "raise", "return", "try",  "while",  "with",   "yield"};
static_assert(std::is_sorted(kPythonWords.begin(), kPythonWords.end()));

const utf8proc_uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

const utf8proc_property_t& property(char32_t code) {
  return *utf8proc_get_property(static_cast<utf8proc_int32_t>(code));
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::string escaped(const Character& character) {
  const auto code = static_cast<std::uint32_t>(character.code);
  if (code < 0x100) return fmt::format("\\x{:02x}", code);
  return code < 0x10000 ? fmt::format("\\u{:04x}", code) : fmt::format("\\U{:08x}", code);
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

// As Graph::name() calls what nobody named.
bool is_number_of_node(std::string_view name) {
  return name.size() > 1 && name[0] == '_' && name.find_first_not_of("0123456789", 1) == name.npos;
}

bool is_spelled_as_name(std::string_view text) {
  if (text.empty() || text.size() > kLongestName) return false;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    const bool fits = at == 0 ? begins_name(character.code) : continues_name(character.code);
    if (!fits) return false;
    at += character.bytes;
  }
  return is_ascii(text) || printable(text) == text;
}

}  // namespace

// Unicode's letters, with the few signs that it counts among them.
bool begins_name(char32_t code) {
  constexpr char32_t kVerticalTilde = 0x2e2f;  // a letter to Unicode, a sign to Python
  switch (property(code).category) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
      return code != kVerticalTilde;
    default:
      return code == U'_' || code == 0x2118 || code == 0x212e;
  }
}

bool continues_name(char32_t code) {
  switch (property(code).category) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_PC:
      return true;
    default:
      return begins_name(code) || code == 0xb7 || (code >= 0x1369 && code <= 0x1371) ||
             code == 0x19da;
  }
}

std::string normal_form(std::string_view text) {
  utf8proc_uint8_t* result = nullptr;
  const auto options =
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
  const utf8proc_ssize_t size =
      utf8proc_map(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &result, options);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(result, std::free);
  if (size < 0) return {};
  return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(size)};
}

Character character_at(std::string_view text, std::size_t byte) {
  utf8proc_int32_t code = 0;
  const std::string_view rest = text.substr(byte, 4);
  const utf8proc_ssize_t bytes =
      utf8proc_iterate(bytes_of(rest), static_cast<utf8proc_ssize_t>(rest.size()), &code);
  if (bytes <= 0) return {static_cast<unsigned char>(rest[0]), 1, false};
  return {static_cast<char32_t>(code), static_cast<std::size_t>(bytes), true};
}

std::size_t previous_character(std::string_view text, std::size_t byte) {
  std::size_t begin = byte - 1;
  while (begin > 0 && byte - begin < 4 && is_continuation(text[begin])) --begin;
  return begin;
}

std::size_t first_invalid_byte(std::string_view text) {
  for (std::size_t byte = 0; byte < text.size();) {
    const Character character = character_at(text, byte);
    if (!character.valid) return byte;
    byte += character.bytes;
  }
  return std::string_view::npos;
}

// Korean vowels and final consonants stand upon the letter before them.
int terminal_width(char32_t code) {
  const utf8proc_property_t& is = property(code);
  if (is.boundclass == UTF8PROC_BOUNDCLASS_V || is.boundclass == UTF8PROC_BOUNDCLASS_T) return 0;
  return is.charwidth;
}

bool is_printable(char32_t code) {
  const utf8proc_property_t& is = property(code);
  switch (is.category) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return false;
    default:
      return is.ignorable == 0;
  }
}

Cell Cells::next() {
  const Character character = character_at(text_, at_);
  const int width = character.valid ? terminal_width(character.code) : 0;
  marks_ = width == 0 ? marks_ + 1 : 0;
  Cell cell{std::string(text_.substr(at_, character.bytes)), width, character.bytes};
  if (!character.valid || !is_printable(character.code) || marks_ > kMostMarks) {
    cell.text = escaped(character);
    cell.width = static_cast<int>(cell.text.size());
  }
  at_ += character.bytes;
  return cell;
}

std::string printable(std::string_view text) {
  std::string result;
  for (Cells cells(text); !cells.at_end();) result += cells.next().text;
  return result;
}

std::string printable_lines(std::string_view text) {
  std::string result;
  for (;;) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    result += printable(text.substr(0, end));
    if (end == text.size()) return result;
    result += '\n';
    text.remove_prefix(end + 1);
  }
}

std::string shortened(std::string_view text, std::size_t most) {
  std::string result;
  Cells cells(text);
  for (std::size_t count = 0; !cells.at_end(); ++count) {
    if (count == most) return result + std::string(kCut);
    result += cells.next().text;
  }
  return result;
}

std::string quoted(std::string_view text) { return fmt::format("'{}'", shortened(text)); }

int columns(std::string_view text) {
  int width = 0;
  for (Cells cells(text); !cells.at_end();) width += cells.next().width;
  return width;
}

bool is_python_word(std::string_view word) {
  return std::binary_search(kPythonWords.begin(), kPythonWords.end(), word);
}

std::string identifier(std::string_view name) {
  if (name.size() > kLongestName) return {};
  std::string normal = is_ascii(name) ? std::string(name) : normal_form(name);
  const bool is_taken = is_python_word(normal) || is_number_of_node(normal) || normal == "np";
  return is_spelled_as_name(normal) && !is_taken ? normal : std::string();
}

}  // namespace backstep
