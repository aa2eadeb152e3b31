// Words in bold or colour, and lines made of them: what is between Markdown and a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace backstep::lessons {

// Bits of a style. Each is one SGR code of ECMA-48.
enum Style : unsigned { kPlain = 0, kBold = 1, kItalic = 2, kCode = 4, kDim = 8 };

// Letters of one style. The spaces of a solid run do not end a line; "\n" as a run of its own does.
struct Run {
  std::string text;
  unsigned style = kPlain;
  bool solid = false;
};

// `text` between the codes that turn a style on and off.
std::string styled(std::string_view text, unsigned style);

// Lines of at most `width` columns, broken at spaces; a longer word has a line of its own. Styles
// are left out unless `colour`.
std::vector<std::string> wrapped(const std::vector<Run>& runs, int width, bool colour);

// The columns that the runs take in one line, and that a line takes once it is wrapped.
int columns_of(const std::vector<Run>& runs);
int columns_of_line(std::string_view line);

}  // namespace backstep::lessons
