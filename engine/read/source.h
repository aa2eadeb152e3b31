// The text of a file or an option, its places, and the error that points at one of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor.h"
#include "engine/text.h"

namespace backstep::read {

// The longest text that is read.
inline constexpr std::size_t kMaxSourceBytes = std::size_t{1} << 24;

// One cell of a notebook, whose cells stand one below the other in the text.
struct CodeCell {
  std::size_t number = 0;  // among the code cells, from 1
  std::size_t line = 0;    // where it begins in the text, from 1
};

// A named text. A place in it is the offset of a byte; line and column are worked out when asked.
class Source {
 public:
  // Throws Error if `text` is too long to be read, holds a NUL byte, or is not UTF-8.
  Source(std::string name, std::string text, std::vector<CodeCell> cells = {});

  const std::string& name() const { return name_; }
  std::string_view text() const { return text_; }

  // Both count from 1; a column is a character, not a byte.
  std::size_t line(std::size_t byte) const;
  std::size_t column(std::size_t byte) const;
  // The number of the cell that holds `byte`, and the line in that cell. Of a text without cells, 0
  // and its line.
  std::size_t cell(std::size_t byte) const;
  std::size_t line_in_cell(std::size_t byte) const;
  // "line 3", "line 3 of cell 12"
  std::string line_words(std::size_t byte) const;
  const std::vector<CodeCell>& cells() const { return cells_; }
  // The bytes of the line around `byte`, without its end: [begin, end).
  std::size_t line_begin(std::size_t byte) const;
  std::size_t line_end(std::size_t byte) const;

 private:
  std::string name_;
  std::string text_;
  const CodeCell* cell_at(std::size_t byte) const;

  std::vector<std::uint32_t> line_starts_;
  std::vector<CodeCell> cells_;
};

// An error at a place: "file:line:column: message", or "file:cell=12:line:column: ...", the line
// with a caret, and what to write instead (left out if empty). A terminal can show it whatever the
// text holds.
class ReadError : public Error {
 public:
  ReadError(const Source& source, std::size_t byte, std::string_view message,
            std::string_view instead = {});

  // The same error, with one more line below it.
  ReadError with_line(std::string_view text) const;

  // Whether arrays of other shapes would not have this error.
  bool is_about_shapes() const { return about_shapes_; }
  ReadError about_shapes() const;

  // The node of a graph whose number was to be known while it was read; nothing for other errors.
  const std::optional<std::uint32_t>& wanted() const { return wanted_; }
  ReadError wanting(std::uint32_t node) const;

 private:
  ReadError(const std::string& text, const ReadError& like)
      : Error(text), about_shapes_(like.about_shapes_), wanted_(like.wanted_) {}

  bool about_shapes_ = false;
  std::optional<std::uint32_t> wanted_;
};

using backstep::printable;
using backstep::quoted;
using backstep::shortened;

}  // namespace backstep::read
