// What Python makes of the text of a name and of a string.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/read/source.h"

namespace backstep::read {

// A name as Python compares it: in Unicode's form NFKC, in which two ways to write one letter
// agree.
std::string normalised_name(std::string_view name);

// The first character of a name that Python allows in none, or 0: it knows more letters than ASCII,
// but no superscripts and no signs.
char32_t foreign_character(std::string_view name);

// What stands between the quotes, each escape as the character that it is. `byte` is where `text`
// begins in the source.
std::string unescaped(const Source& source, std::size_t byte, std::string_view text);

// The same of a raw string, r'...', whose backslashes are characters.
std::string raw_text(std::string_view text);

}  // namespace backstep::read
