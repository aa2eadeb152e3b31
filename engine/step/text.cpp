// Glyphs, one after the other, and what stands in for them without UTF-8.
#include "engine/step/text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace backstep::step {

Glyph take_glyph(std::string_view& text) {
  Glyph glyph;
  std::size_t bytes = 0;
  for (Cells cells(text); !cells.at_end();) {
    const Cell cell = cells.next();
    if (bytes > 0 && cell.width > 0) break;
    glyph.width = std::max(glyph.width, cell.width);
    bytes += cell.bytes;
  }
  glyph.bytes = text.substr(0, bytes);
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
