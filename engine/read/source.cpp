// Places in a text, and the error text that shows one: the line, cut to a window, and a caret.
#include "engine/read/source.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace backstep::read {
namespace {

// Columns of source that are shown at most on each side of the caret.
constexpr int kColumnsBefore = 50;
constexpr int kColumnsAfter = 40;
constexpr std::string_view kCut = "...";
constexpr std::string_view kTab = "\\x09";

struct Excerpt {
  std::string text;
  int caret = 0;
};

// Four columns for a tab; what a character of its own would take for any other.
Cell next_cell(Cells& cells) {
  Cell cell = cells.next();
  if (cell.text == kTab) return {"    ", 4, cell.bytes};
  return cell;
}

std::size_t window_begin(const Source& source, std::size_t line_begin, std::size_t byte) {
  std::size_t begin = byte;
  int width = 0;
  while (begin > line_begin && width < kColumnsBefore) {
    begin = previous_character(source.text(), begin);
    Cells cells(source.text().substr(begin));
    width += std::max(1, next_cell(cells).width);
  }
  return begin;
}

Excerpt excerpt(const Source& source, std::size_t byte) {
  const std::size_t line_begin = source.line_begin(byte);
  const std::size_t line_end = source.line_end(byte);
  std::size_t at = window_begin(source, line_begin, byte);
  Excerpt result;
  if (at > line_begin) result.text = kCut;
  int width = static_cast<int>(result.text.size());
  result.caret = width;
  Cells cells(source.text().substr(at, line_end - at));
  for (int after = 0; !cells.at_end() && after < kColumnsAfter;) {
    const Cell cell = next_cell(cells);
    result.text += cell.text;
    width += cell.width;
    if (at < byte) result.caret = width;
    if (at >= byte) after += std::max(1, cell.width);
    at += cell.bytes;
  }
  if (!cells.at_end()) result.text += kCut;
  return result;
}

std::string without_trailing_blanks(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

std::string error_text(const Source& source, std::size_t byte, std::string_view message,
                       std::string_view instead) {
  const std::size_t line = source.line_in_cell(byte);
  const std::size_t cell = source.cell(byte);
  const Excerpt shown = excerpt(source, byte);
  const std::string number = fmt::format("{:>4}", line);
  std::string text = fmt::format(
      "{}:{}{}:{}: {}\n{}\n{} | {:{}}^", printable(source.name()),
      cell == 0 ? "" : fmt::format("cell={}:", cell), line, source.column(byte), printable(message),
      without_trailing_blanks(fmt::format("{} | {}", number, shown.text)),
      std::string(number.size(), ' '), "", shown.caret);
  if (!instead.empty()) text += fmt::format("\n  write instead: {}", printable(instead));
  return text;
}

std::vector<std::uint32_t> find_line_starts(std::string_view text) {
  std::vector<std::uint32_t> starts = {0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool carriage_return_alone =
        text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n');
    if (text[i] == '\n' || carriage_return_alone) {
      starts.push_back(static_cast<std::uint32_t>(i + 1));
    }
  }
  return starts;
}

void check_text(std::string_view name, std::string_view text) {
  if (text.size() > kMaxSourceBytes) {
    throw Error(fmt::format("{}: {} bytes are more than the reader takes ({}): is this a function?",
                            printable(name), text.size(), kMaxSourceBytes));
  }
  if (const std::size_t byte = text.find('\0'); byte != std::string_view::npos) {
    throw Error(fmt::format("{}: not a text: byte {} is NUL; the reader takes a Python file",
                            printable(name), byte + 1));
  }
  if (const std::size_t byte = first_invalid_byte(text); byte != std::string_view::npos) {
    throw Error(fmt::format("{}: not UTF-8: byte {} is 0x{:02x}; save the file as UTF-8",
                            printable(name), byte + 1, static_cast<unsigned char>(text[byte])));
  }
}

}  // namespace

Source::Source(std::string name, std::string text, std::vector<CodeCell> cells)
    : name_(std::move(name)), text_(std::move(text)), cells_(std::move(cells)) {
  check_text(name_, text_);
  line_starts_ = find_line_starts(text_);
}

std::size_t Source::line(std::size_t byte) const {
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), byte);
  return static_cast<std::size_t>(next - line_starts_.begin());
}

const CodeCell* Source::cell_at(std::size_t byte) const {
  const auto next =
      std::upper_bound(cells_.begin(), cells_.end(), line(byte),
                       [](std::size_t at, const CodeCell& cell) { return at < cell.line; });
  return next == cells_.begin() ? nullptr : &*(next - 1);
}

std::size_t Source::cell(std::size_t byte) const {
  const CodeCell* cell = cell_at(byte);
  return cell == nullptr ? 0 : cell->number;
}

std::size_t Source::line_in_cell(std::size_t byte) const {
  const CodeCell* cell = cell_at(byte);
  return cell == nullptr ? line(byte) : line(byte) - cell->line + 1;
}

std::string Source::line_words(std::size_t byte) const {
  const std::string words = fmt::format("line {}", line_in_cell(byte));
  return cells_.empty() ? words : fmt::format("{} of cell {}", words, cell(byte));
}

std::size_t Source::line_begin(std::size_t byte) const { return line_starts_[line(byte) - 1]; }

std::size_t Source::line_end(std::size_t byte) const {
  const std::size_t next = line(byte);
  std::size_t end = next < line_starts_.size() ? line_starts_[next] : text_.size();
  const std::size_t begin = line_begin(byte);
  while (end > begin && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) --end;
  return end;
}

std::size_t Source::column(std::size_t byte) const {
  std::size_t column = 1;
  for (std::size_t at = line_begin(byte); at < byte; ++column) {
    at += character_at(text_, at).bytes;
  }
  return column;
}

ReadError::ReadError(const Source& source, std::size_t byte, std::string_view message,
                     std::string_view instead)
    : Error(error_text(source, byte, message, instead)) {}

ReadError ReadError::with_line(std::string_view text) const {
  return {fmt::format("{}\n  {}", what(), printable(text)), *this};
}

ReadError ReadError::about_shapes() const {
  ReadError error = *this;
  error.about_shapes_ = true;
  return error;
}

ReadError ReadError::wanting(std::uint32_t node) const {
  ReadError error = *this;
  error.wanted_ = node;
  return error;
}

}  // namespace backstep::read
