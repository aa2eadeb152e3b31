// Text on a terminal: UTF-8, widths by Unicode's East Asian Width (UAX #11), escapes.
#include "engine/step/text.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace backstep::step {
namespace {

struct Range {
  char32_t first, last;
};

// Characters of two columns: East Asian Width W and F. Those of ambiguous width take one, as in
// glibc and in tmux.
constexpr Range kWide[] = {
    {0x1100, 0x115f},  {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23ec},
    {0x25fd, 0x25fe},  {0x2614, 0x2615},   {0x2648, 0x2653},   {0x26a1, 0x26a1},
    {0x2705, 0x2705},  {0x274c, 0x274c},   {0x2753, 0x2757},   {0x2e80, 0x303e},
    {0x3041, 0x33ff},  {0x3400, 0x4dbf},   {0x4e00, 0xa4cf},   {0xa960, 0xa97f},
    {0xac00, 0xd7a3},  {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},
    {0xffe0, 0xffe6},  {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff},
    {0x20000, 0x3fffd}};

// Marks that combine with the character before them.
constexpr Range kCombining[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a}, {0x064b, 0x065f},
    {0x0900, 0x0902}, {0x093c, 0x093c}, {0x0941, 0x0948}, {0x0e31, 0x0e31}, {0x0e34, 0x0e3a},
    {0x0e47, 0x0e4e}, {0x1160, 0x11ff}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff},
    {0x302a, 0x302d}, {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef}};

// What a terminal obeys, and what no eye can see: controls, marks that turn the direction of
// writing, joiners, line separators, tags, private and surrogate characters.
constexpr Range kEscaped[] = {{0x0000, 0x001f}, {0x007f, 0x009f}, {0x00ad, 0x00ad},
                              {0x061c, 0x061c}, {0x180e, 0x180e}, {0x200b, 0x200f},
                              {0x2028, 0x202e}, {0x2060, 0x206f}, {0xd800, 0xf8ff},
                              {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f}};

bool within(std::span<const Range> ranges, char32_t c) {
  const auto* const after =
      std::upper_bound(ranges.data(), ranges.data() + ranges.size(), c,
                       [](char32_t value, const Range& range) { return value < range.first; });
  return after != ranges.data() && c <= (after - 1)->last;
}

constexpr char32_t kBroken = 0xffffffff;

struct Decoded {
  char32_t c = kBroken;
  std::size_t bytes = 1;
};

// The first character of `text`; kBroken and one byte where it is no UTF-8.
Decoded decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t count = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < count) return {};
  char32_t c = first & (0xffu >> (count + 1));
  for (std::size_t i = 1; i < count; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    c = c << 6 | (byte(i) & 0x3f);
  }
  constexpr std::array<char32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  const bool valid = c >= kLeast[count] && c <= 0x10ffff;
  return valid ? Decoded{c, count} : Decoded{};
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const Decoded next = decode(text);
    if (next.c == kBroken || next.c < 0x20 || next.c == 0x7f) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    } else if (within(kEscaped, next.c)) {
      result += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(next.c));
    } else {
      result.append(text.substr(0, next.bytes));
    }
    text.remove_prefix(next.bytes);
  }
  return result;
}

Glyph take_glyph(std::string_view& text) {
  const Decoded first = decode(text);
  std::size_t bytes = first.bytes;
  while (bytes < text.size()) {
    const Decoded next = decode(text.substr(bytes));
    if (!within(kCombining, next.c)) break;
    bytes += next.bytes;
  }
  const Glyph glyph = {text.substr(0, bytes), within(kWide, first.c) ? 2 : 1};
  text.remove_prefix(bytes);
  return glyph;
}

int width(std::string_view text) {
  int columns = 0;
  while (!text.empty()) columns += take_glyph(text).width;
  return columns;
}

std::string cut(std::string_view text, int columns) {
  if (width(text) <= columns) return std::string(text);
  std::string result;
  int used = 0;
  while (!text.empty()) {
    const Glyph glyph = take_glyph(text);
    if (used + glyph.width > columns - 1) break;
    result.append(glyph.bytes);
    used += glyph.width;
  }
  return columns > 0 ? result + "…" : "";
}

std::string_view ascii(const Glyph& glyph) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kStandIns = {
      {{"─", "-"}, {"━", "="}, {"│", "|"}, {"┬", "+"}, {"┴", "+"}, {"┼", "+"},
       {"·", "."}, {"…", "~"}, {"×", "x"}, {"√", "v"}, {"Σ", "S"}, {"●", "*"},
       {"○", "o"}, {"◐", "%"}, {"▶", ">"}, {"◀", "<"}, {"▷", ">"}, {"◁", "<"},
       {"◆", "#"}, {"→", ">"}, {"←", "<"}, {"▌", "|"}, {"ε", "e"}, {"⇉", ">"}}};
  if (glyph.bytes.size() == 1) return glyph.bytes;
  for (const auto& [fancy, plain] : kStandIns) {
    if (glyph.bytes == fancy) return plain;
  }
  return glyph.width == 2 ? "??" : "?";
}

}  // namespace backstep::step
