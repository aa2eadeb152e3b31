// Characters of a UTF-8 text: decoding, validity, and the width that a terminal gives them.
#pragma once

#include <cstddef>
#include <string_view>

namespace backstep::read {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool valid = true;  // if not, `code` is the first byte alone
};

// The character that begins at `byte`, which must be inside `text`.
Character character_at(std::string_view text, std::size_t byte);

// Where the character before `byte` begins; `byte` must be above 0.
std::size_t previous_character(std::string_view text, std::size_t byte);

// The first byte that is not UTF-8, or npos.
std::size_t first_invalid_byte(std::string_view text);

// Columns that a terminal gives to a printable character: 0, 1 or 2.
int terminal_width(char32_t code);

// A character that moves the cursor, reorders text or cannot be seen.
bool is_unsafe_to_print(char32_t code);

}  // namespace backstep::read
