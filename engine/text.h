// Text that anybody may have written: its characters, what of it may be shown, what may be a name.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace backstep {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool valid = true;  // if not, `code` is the first byte alone
};

// The character of a UTF-8 text that begins at `byte`, which must be inside `text`.
Character character_at(std::string_view text, std::size_t byte);

// Where the character before `byte` begins; `byte` must be above 0.
std::size_t previous_character(std::string_view text, std::size_t byte);

// The first byte that is not UTF-8, or npos.
std::size_t first_invalid_byte(std::string_view text);

// Columns that a terminal gives to a printable character: 0, 1 or 2.
int terminal_width(char32_t code);

// Not a character that moves the cursor, reorders text or cannot be seen.
bool is_printable(char32_t code);

// One character as it may be shown.
struct Cell {
  std::string text;  // itself, or escaped as Python does: \x1b, \u202e
  int width = 0;
  std::size_t bytes = 1;  // of the text that it was made of
};

// The cells of a text, one after the other. Of marks that combine with one character the first few
// stay; more of them would cover the lines around.
class Cells {
 public:
  explicit Cells(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  Cell next();

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  int marks_ = 0;
};

// `text` on one line, with every character escaped that could garble a terminal or a picture.
std::string printable(std::string_view text);

// The same for a text of several lines: each stays a line.
std::string printable_lines(std::string_view text);

// `text` made printable and cut to a length that fits in a sentence.
std::string shortened(std::string_view text, std::size_t most = 40);

// 'text', shortened.
std::string quoted(std::string_view text);

// Columns that a terminal gives to printable text.
int columns(std::string_view text);

// A word of Python's own, such as `for` or `None`.
bool is_python_word(std::string_view word);

// What Python takes as the first character of a name, and as any other.
bool begins_name(char32_t code);
bool continues_name(char32_t code);

// Unicode's form NFKC, in which two ways to write one letter agree; "" for what is no UTF-8.
std::string normal_form(std::string_view text);

// The longest name that a node may have, in bytes: it fits into the name of a file.
inline constexpr std::size_t kLongestName = 200;

// `name` as Python reads it (in Unicode's form NFKC) if it is a name there: letters, digits, _ and
// marks, not a word of Python's, and none that formulas use themselves (np, _1). "" if it
// is none, is longer than a name may be, or would not be seen as it is.
std::string identifier(std::string_view name);

}  // namespace backstep
