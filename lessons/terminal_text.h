// Markdown for a terminal: headings, bold, lists, tables, code, wrapped to the width of the window.
#pragma once

#include <string>
#include <string_view>

#include "lessons/asked.h"

namespace backstep::lessons {

struct TerminalStyle {
  int width = 80;       // columns
  bool colour = false;  // may bold and colours be used?
};

// What fits standard output: of a terminal its width, at most 96 columns, and colours unless
// NO_COLOR is set; of anything else 80 columns and none.
TerminalStyle terminal_style();

// `markdown` (CommonMark with tables) as lines of at most style.width columns. Code blocks keep
// their lines however long they are. A picture becomes a line that names its file.
std::string terminal_text(std::string_view markdown, const TerminalStyle& style);
// The same of one piece; an answer begins with its label.
std::string terminal_text(const Piece& piece, const TerminalStyle& style);

}  // namespace backstep::lessons
