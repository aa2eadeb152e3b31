// Text that anybody may have written, made safe for DOT, and how much room it takes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace backstep::write {

// UTF-8 that can stand in any picture: control characters become their pictures (a newline "␊"),
// and what is no UTF-8, or would turn the direction of the text, becomes "�".
std::string printable(std::string_view text);

// `text` with its quotes, as the value of an attribute. Graphviz reads no escape and no entity in
// it.
std::string dot_quoted(std::string_view text);

// `text` as it stands between the tags of an HTML-like label, with the same promise.
std::string html_text(std::string_view text);

// At most `most` characters: of a longer text the beginning and the end, with "…" between.
std::string shortened(std::string_view text, std::size_t most);

// About how wide the text is in DejaVu Sans of so many points; rather too much than too little.
double text_width(std::string_view text, double points);

// Lines of at most `width` points, broken at spaces; a longer word keeps a line of its own.
std::vector<std::string> wrapped(std::string_view text, double points, double width);

}  // namespace backstep::write
