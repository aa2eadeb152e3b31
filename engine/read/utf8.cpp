// Characters of a UTF-8 text, by tables of ranges that are as short as error texts need.
#include "engine/read/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace backstep::read {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array kWide = {
    Range{0x1100, 0x115f}, Range{0x2e80, 0xa4cf},   Range{0xac00, 0xd7a3},
    Range{0xf900, 0xfaff}, Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},
    Range{0xffe0, 0xffe6}, Range{0x1f300, 0x1faff}, Range{0x20000, 0x3fffd},
};

constexpr std::array kCombining = {
    Range{0x0300, 0x036f}, Range{0x1ab0, 0x1aff}, Range{0x1dc0, 0x1dff},
    Range{0x20d0, 0x20ff}, Range{0xfe00, 0xfe0f}, Range{0xfe20, 0xfe2f},
};

// Controls, line separators, zero-width characters, and marks that change the direction of text.
constexpr std::array kUnsafe = {
    Range{0x0000, 0x001f}, Range{0x007f, 0x009f}, Range{0x00ad, 0x00ad},    Range{0x061c, 0x061c},
    Range{0x200b, 0x200f}, Range{0x2028, 0x202e}, Range{0x2060, 0x206f},    Range{0xd800, 0xf8ff},
    Range{0xfeff, 0xfeff}, Range{0xfff0, 0xffff}, Range{0xe0000, 0x10ffff},
};

template <std::size_t kSize>
bool is_in(const std::array<Range, kSize>& ranges, char32_t code) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [code](Range range) { return range.first <= code && code <= range.last; });
}

std::uint8_t unsigned_byte(char c) { return static_cast<std::uint8_t>(c); }

bool is_continuation(char c) { return (unsigned_byte(c) & 0xc0) == 0x80; }

std::size_t length_by_first_byte(std::uint8_t first) {
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first < 0xe0) return 2;
  if (first >= 0xe0 && first < 0xf0) return 3;
  if (first >= 0xf0 && first < 0xf5) return 4;
  return 0;
}

// The smallest code that needs so many bytes; a longer form of a smaller one is not UTF-8.
constexpr std::array<char32_t, 5> kSmallest = {0, 0, 0x80, 0x800, 0x10000};

}  // namespace

Character character_at(std::string_view text, std::size_t byte) {
  const std::uint8_t first = unsigned_byte(text[byte]);
  const Character broken{first, 1, false};
  const std::size_t length = length_by_first_byte(first);
  if (length == 1) return {first, 1, true};
  if (length == 0 || byte + length > text.size()) return broken;
  char32_t code = first & (0x7f >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text[byte + i])) return broken;
    code = (code << 6) | (unsigned_byte(text[byte + i]) & 0x3f);
  }
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kSmallest[length] || code > 0x10ffff || surrogate) return broken;
  return {code, length, true};
}

std::size_t previous_character(std::string_view text, std::size_t byte) {
  std::size_t begin = byte - 1;
  while (begin > 0 && byte - begin < 4 && is_continuation(text[begin])) --begin;
  return begin;
}

std::size_t first_invalid_byte(std::string_view text) {
  std::size_t byte = 0;
  while (byte < text.size()) {
    const Character character = character_at(text, byte);
    if (!character.valid) return byte;
    byte += character.bytes;
  }
  return std::string_view::npos;
}

int terminal_width(char32_t code) {
  if (is_in(kCombining, code)) return 0;
  return is_in(kWide, code) ? 2 : 1;
}

bool is_unsafe_to_print(char32_t code) { return is_in(kUnsafe, code); }

}  // namespace backstep::read
