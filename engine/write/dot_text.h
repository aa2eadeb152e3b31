// Text that anybody may have written, made safe for DOT and HTML, and how much room it takes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/text.h"

namespace backstep::write {

// `text`, printable, with its quotes, as the value of an attribute of DOT. Graphviz reads no escape
// and no entity in it.
std::string dot_quoted(std::string_view text);

// `text`, printable, as it stands between the tags of HTML, SVG and MathML, or in the quotes of an
// attribute of theirs.
std::string html_text(std::string_view text);

// `text` as it stands between the tags of an HTML-like label of DOT, where a backslash counts too.
std::string label_text(std::string_view text);

// At most `most` characters: of a longer text the beginning and the end, with "…" between.
std::string middle_cut(std::string_view text, std::size_t most);

// About how wide the text is in DejaVu Sans of so many points; rather too much than too little.
double text_width(std::string_view text, double points);

// Lines of at most `width` points, broken at spaces; a longer word keeps a line of its own.
std::vector<std::string> wrapped(std::string_view text, double points, double width);

}  // namespace backstep::write
