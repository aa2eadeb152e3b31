// A frame: putting text into cells, and breaking lines to fit.
#include "engine/step/frame.h"

#include <algorithm>
#include <utility>

#include "engine/step/text.h"

namespace backstep::step {
namespace {

// Gathers glyphs into lines of at most `columns`.
class Wrapper {
 public:
  Wrapper(int columns, int indent)
      : columns_(std::max(columns, 2)), indent_(std::clamp(indent, 0, columns_ / 2)) {}

  void add_word(const Line& word) {
    const int length = width(word);
    const int gap = at_line_start_ ? 0 : spaces_;
    if (used_ + gap + length > columns_ && !at_line_start_) {
      break_line();
    } else if (gap > 0) {
      append({std::string(static_cast<std::size_t>(gap), ' '), space_style_});
    }
    spaces_ = 0;
    for (const Span& span : word) add_glyphs(span);
  }

  void add_space(const Style& style) {
    ++spaces_;
    space_style_ = style;
  }

  std::vector<Line> finish() {
    lines_.push_back(std::move(line_));
    return std::move(lines_);
  }

 private:
  void add_glyphs(const Span& span) {
    std::string_view rest = span.text;
    while (!rest.empty()) {
      const Glyph glyph = take_glyph(rest);
      if (used_ + glyph.width > columns_) break_line();
      append({std::string(glyph.bytes), span.style});
      at_line_start_ = false;
    }
  }

  void append(Span piece) {
    used_ += step::width(piece.text);
    if (!line_.empty() && line_.back().style == piece.style) {
      line_.back().text += piece.text;
    } else {
      line_.push_back(std::move(piece));
    }
  }

  void break_line() {
    lines_.push_back(std::move(line_));
    line_.clear();
    used_ = 0;
    at_line_start_ = true;
    if (indent_ > 0) append({std::string(static_cast<std::size_t>(indent_), ' '), {}});
  }

  int columns_, indent_;
  std::vector<Line> lines_;
  Line line_;
  int used_ = 0;
  int spaces_ = 0;
  Style space_style_;
  bool at_line_start_ = true;
};

char style_letter(const Style& style) {
  if (style.heat != 0)
    return static_cast<char>(style.heat > 0 ? '0' + style.heat : 'd' + style.heat);
  if (style.reverse) return 'R';
  constexpr std::string_view kLetters = ".-fgyn";
  constexpr std::string_view kBold = "B=FGYN";
  const std::size_t ink = static_cast<std::size_t>(style.ink);
  if (style.underline) return '_';
  return style.bold ? kBold[ink] : kLetters[ink];
}

void end_row(std::string& text, char filler) {
  while (!text.empty() && text.back() == filler) text.pop_back();
  text += '\n';
}

}  // namespace

int width(const Line& line) {
  int columns = 0;
  for (const Span& span : line) columns += width(span.text);
  return columns;
}

std::vector<Line> wrap(const Line& line, int columns, int indent) {
  Wrapper wrapper(columns, indent);
  Line word;
  for (const Span& span : line) {
    std::string_view rest = span.text;
    while (!rest.empty()) {
      const std::size_t space = rest.find(' ');
      const std::string_view piece = rest.substr(0, space);
      if (!piece.empty()) word.push_back({std::string(piece), span.style});
      if (space == std::string_view::npos) break;
      if (!word.empty()) wrapper.add_word(std::exchange(word, {}));
      wrapper.add_space(span.style);
      rest.remove_prefix(space + 1);
    }
  }
  if (!word.empty()) wrapper.add_word(word);
  return wrapper.finish();
}

std::vector<Line> at_most(std::vector<Line> lines, int rows, int columns) {
  if (static_cast<int>(lines.size()) <= rows) return lines;
  lines.resize(static_cast<std::size_t>(std::max(rows, 0)));
  if (lines.empty()) return lines;
  Line& last = lines.back();
  while (!last.empty()) {
    Span& span = last.back();
    const int room = columns - (width(last) - width(span.text));
    if (room > 0) {
      span.text = cut(span.text + "…", room);
      break;
    }
    last.pop_back();
  }
  return lines;
}

Frame::Frame(Size size)
    : size_{std::max(size.rows, 1), std::max(size.cols, 1)},
      cells_(static_cast<std::size_t>(size_.rows) * static_cast<std::size_t>(size_.cols)) {}

void Frame::split_wide(int row, int col) {
  const Cell& cell = at(row, col);
  if (cell.glyph.empty()) cells_[index(row, col - 1)].glyph = " ";
  if (step::width(cell.glyph) == 2) cells_[index(row, col + 1)].glyph = " ";
}

int Frame::put(int row, int col, std::string_view text, Style style, int columns) {
  if (row < 0 || row >= size_.rows || col < 0 || col >= size_.cols) return 0;
  const int end = std::min(size_.cols, col + std::max(columns, 0));
  const std::string shown = cut(text, end - col);
  std::string_view rest = shown;
  int at = col;
  while (!rest.empty()) {
    const Glyph glyph = take_glyph(rest);
    split_wide(row, at);
    split_wide(row, at + glyph.width - 1);
    cells_[index(row, at)] = {std::string(glyph.bytes), style};
    if (glyph.width == 2) cells_[index(row, at + 1)] = {"", style};
    at += glyph.width;
  }
  return at - col;
}

int Frame::put(int row, int col, const Line& line, int columns) {
  int used = 0;
  for (const Span& span : line) {
    used += put(row, col + used, span.text, span.style, columns - used);
  }
  return used;
}

void Frame::paint(int row, Style style) {
  if (row < 0 || row >= size_.rows) return;
  for (int col = 0; col < size_.cols; ++col) cells_[index(row, col)].style = style;
}

std::string text_of(const Frame& frame) {
  std::string text;
  for (int row = 0; row < frame.size().rows; ++row) {
    std::string line;
    for (int col = 0; col < frame.size().cols; ++col) line += frame.at(row, col).glyph;
    end_row(line, ' ');
    text += line;
  }
  return text;
}

std::string styles_of(const Frame& frame) {
  std::string text;
  for (int row = 0; row < frame.size().rows; ++row) {
    std::string line;
    for (int col = 0; col < frame.size().cols; ++col)
      line += style_letter(frame.at(row, col).style);
    end_row(line, '.');
    text += line;
  }
  return text;
}

}  // namespace backstep::step
