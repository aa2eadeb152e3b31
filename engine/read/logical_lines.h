// Splits a Python text to logical lines, as Python's tokenizer does.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/read/source.h"

namespace backstep::read {

// The deepest nesting of brackets that is read. Checked here, so that no parser overflows its
// stack.
inline constexpr std::size_t kMostBrackets = 64;

// One statement line: from its first character to its end, over brackets, backslashes and strings
// of several lines. A comment behind it is part of it; lines with nothing else are left out.
struct LogicalLine {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  int indentation = 0;  // in columns, where a tab leads to the next multiple of 8
  int characters = 0;   // ... where a tab counts as one column
};

// Throws ReadError for a string or a bracket that is not closed, and for brackets nested too deep.
std::vector<LogicalLine> split_lines(const Source& source);

// Throws ReadError where Python would: for a line that is indented below none that opens a block,
// for one that returns to no block above it, and for tabs and spaces that leave open which is
// deeper.
void check_indentation(const Source& source, const std::vector<LogicalLine>& lines);

}  // namespace backstep::read
