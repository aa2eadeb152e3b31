// Printable text (engine/text.h) on a terminal, glyph by glyph. No bytes of a user's circuit reach
// the terminal but through printable().
#pragma once

#include <string>
#include <string_view>

#include "engine/text.h"

namespace backstep::step {

// One character with the marks that combine with it.
struct Glyph {
  std::string_view bytes;
  int width = 1;  // in columns: 2 for Korean, Chinese and Japanese
};

// Takes the first glyph off printable text, which is not empty.
Glyph take_glyph(std::string_view& text);

// How many columns printable text takes.
int width(std::string_view text);

// Printable text in at most so many columns; what is cut off shows as "…".
std::string cut(std::string_view text, int columns);

// A stand-in for a terminal without UTF-8, as wide as the glyph: "-" for "─", "?" where there is
// none.
std::string_view ascii(const Glyph& glyph);

}  // namespace backstep::step
