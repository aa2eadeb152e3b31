// In which encoding a Python file is written, by its first two lines.
#pragma once

#include <string>
#include <string_view>

namespace backstep::read {

// What the comment `# -*- coding: latin-1 -*-` of a line names, in lower case; empty if it names
// none.
std::string encoding_in(std::string_view line);

// Whether that is one of the names of ISO 8859-1, whose bytes are the first 256 characters.
bool is_latin_1(std::string_view encoding);

// The text of a file in UTF-8. Bytes are taken anew where one of the first two lines says that they
// are in latin-1, as Python takes them.
std::string as_utf8(std::string bytes);

}  // namespace backstep::read
