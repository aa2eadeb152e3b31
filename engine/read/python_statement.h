// Parses one logical line to statements, one `def` line to a function, one text to an expression.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/read/logical_lines.h"
#include "engine/read/python_class.h"
#include "engine/read/python_syntax.h"
#include "engine/read/source.h"

namespace backstep::read {

// The most parts (names, numbers, operations) that the expressions of one text may have.
inline constexpr std::size_t kMostParts = 1'000'000;

// The line that opens a block, with the statements behind its colon.
struct Header {
  std::optional<Expression> target;  // of `for`
  std::optional<Expression> value;   // the condition of `if` and `while`, and what `for` goes over
  std::vector<Context> contexts;     // of `with`
  std::vector<Statement> body;
};

// Parses lines of one source; each method throws ReadError at what it does not read.
class StatementParser {
 public:
  explicit StatementParser(const Source& source) : source_(source) {}

  // The statements of a line; several if they are separated by semicolons.
  std::vector<Statement> statements(const LogicalLine& line);
  // `if`, `elif`, `else`, `for`, `while`, `with`, `try`, `except` or `finally`.
  Header header(const LogicalLine& line);
  // A function with its header, and the statements behind the colon if there are any.
  Function definition(const LogicalLine& line);
  // A class with its bases, and the statements behind the colon if there are any.
  Class class_header(const LogicalLine& line);
  // A line that is one expression.
  Expression expression(const LogicalLine& line);

 private:
  const Source& source_;
  std::size_t parts_ = 0;
};

}  // namespace backstep::read
