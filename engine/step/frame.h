// A frame: the grid of cells that a terminal is to show. Nothing here knows a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace backstep::step {

// What a cell is, not which colour it has: the terminal chooses the colours.
enum class Ink : std::uint8_t {
  kPlain,
  kFaint,     // what is not yet, and what explains
  kForward,   // the forward pass
  kGradient,  // the backward pass
  kRight,     // a right answer
  kWrong,     // a wrong answer, and what is no number
};

struct Style {
  Ink ink = Ink::kPlain;
  bool bold = false;
  bool underline = false;
  bool reverse = false;
  // The background of a number: -3 .. 3, from the most negative to the most positive; 0 is none.
  std::int8_t heat = 0;

  friend bool operator==(const Style&, const Style&) = default;
};

struct Size {
  int rows = 24;
  int cols = 80;
};

struct Cell {
  std::string glyph = " ";  // empty: the right half of the glyph before it
  Style style;
};

// A piece of text in one style, and a line of pieces. The text is printable (see text.h).
struct Span {
  std::string text;
  Style style = {};
};
using Line = std::vector<Span>;

int width(const Line& line);

// Breaks a line at spaces into lines of at most `columns`; the ones after the first begin with
// `indent` spaces. A word that is longer is broken.
std::vector<Line> wrap(const Line& line, int columns, int indent = 0);

// At most `rows` lines; where some are left off, the last ends with "…".
std::vector<Line> at_most(std::vector<Line> lines, int rows, int columns);

class Frame {
 public:
  explicit Frame(Size size);

  Size size() const { return size_; }
  const Cell& at(int row, int col) const { return cells_[index(row, col)]; }

  // Writes from (row, col) on, in at most `columns` and never past the edge. Returns the columns
  // that were taken.
  int put(int row, int col, std::string_view text, Style style, int columns);
  int put(int row, int col, const Line& line, int columns);

  // Gives all cells of a row the style, as a bar.
  void paint(int row, Style style);

  // The cursor of the terminal, for typing; hidden where row is below 0.
  int cursor_row = -1;
  int cursor_col = 0;

 private:
  // Before one half of a wide glyph is written over: nothing is left of the other half.
  void split_wide(int row, int col);

  std::size_t index(int row, int col) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(size_.cols) +
           static_cast<std::size_t>(col);
  }

  Size size_;
  std::vector<Cell> cells_;
};

// The characters of a frame, a line a row, without spaces at the ends.
std::string text_of(const Frame& frame);
// The styles of a frame, a letter a cell, so that a test can compare what text_of cannot show.
std::string styles_of(const Frame& frame);

}  // namespace backstep::step
