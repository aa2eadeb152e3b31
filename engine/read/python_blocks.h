// The blocks of a Python file: a def with its lines, and what stands indented within them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/read/logical_lines.h"
#include "engine/read/python_class.h"
#include "engine/read/python_statement.h"
#include "engine/read/python_syntax.h"
#include "engine/read/source.h"

namespace backstep::read {

// The word that a line begins with; "" for another character.
std::string_view first_word(std::string_view text);

// Of a def or a class, whose names are its own.
bool opens_scope(std::string_view text);

class BlockParser {
 public:
  BlockParser(const Source& source, const std::vector<LogicalLine>& lines)
      : source_(source), lines_(lines), statements_(source) {}

  // The line that is read next; whoever reads lines of its own moves it on.
  std::size_t at = 0;

  bool at_end() const { return at >= lines_.size(); }
  std::string_view text(const LogicalLine& line) const {
    return source_.text().substr(line.begin, line.end - line.begin);
  }
  // Passes over the lines that are indented by more than this.
  void skip_body(int indentation);
  // The class whose line is next, with its methods. What cannot be read of it is kept in it.
  Class class_();
  // The def whose line is next, and all of its lines. What cannot be read of it is kept in it.
  Function function(const LogicalLine* decorator);
  // All lines as the body of a function without a def. Throws ReadError.
  Function lines_as_function();

 private:
  struct Opened;

  void read_function_lines(Function& function, int indentation);
  void read_member(Class& of);
  std::string name_of_broken_definition(const LogicalLine& line) const;
  void bind_own_names(Function& function, std::size_t begin, std::size_t end) const;
  void read_lines(std::vector<Statement>& body, int outer);
  bool read_compound(std::vector<Statement>& body);
  Opened open();
  Statement read_branch();
  Statement read_for();
  Statement read_while();
  Statement read_with();
  Statement read_try();
  Statement read_definition();
  Block block_of_next(std::string_view word, int indentation);
  bool next_is(std::string_view word, int indentation) const;

  const Source& source_;
  const std::vector<LogicalLine>& lines_;
  StatementParser statements_;
  int depth_ = 0;  // how deep in blocks the parser is
};

}  // namespace backstep::read
