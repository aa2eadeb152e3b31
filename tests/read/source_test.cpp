// Places in a text, and how an error shows them in a terminal.
#include "engine/read/source.h"

#include <doctest/doctest.h>

namespace backstep::read {
namespace {

std::string shown(std::string text, std::size_t byte) {
  return ReadError(Source("my.py", std::move(text)), byte, "so", "such").what();
}

TEST_CASE("an error shows the line, a caret and what to write instead") {
  CHECK(shown("a = 1\nfor x\n", 6) ==
        "my.py:2:1: so\n"
        "   2 | for x\n"
        "     | ^\n"
        "  write instead: such");
  const Source source("my.py", "a = 1");
  CHECK(std::string(ReadError(source, 5, "so").what()) ==
        "my.py:1:6: so\n"
        "   1 | a = 1\n"
        "     |      ^");
}

TEST_CASE("columns are characters, and the caret stands under them") {
  // Each Korean letter has three bytes and two columns of a terminal.
  CHECK(shown("평균 = x\n", 9) ==
        "my.py:1:6: so\n"
        "   1 | 평균 = x\n"
        "     |        ^\n"
        "  write instead: such");
  CHECK(shown("e\xcc\x81 = x", 6) ==
        "my.py:1:6: so\n"
        "   1 | e\xcc\x81 = x\n"
        "     |     ^\n"
        "  write instead: such");
}

TEST_CASE("tabs are four columns, control characters are written out") {
  CHECK(shown("\tx = 1", 1) ==
        "my.py:1:2: so\n"
        "   1 |     x = 1\n"
        "     |     ^\n"
        "  write instead: such");
  CHECK(shown("\x1b[31m \xe2\x80\xae x", 10) ==
        "my.py:1:9: so\n"
        "   1 | \\x1b[31m \\u202e x\n"
        "     |                 ^\n"
        "  write instead: such");
}

TEST_CASE("the caret stands below the place where marks were too many to show") {
  std::string flood = "e";
  for (int i = 0; i < 6; ++i) flood += "\xcc\x81";
  const std::string four = flood.substr(0, 1 + 4 * 2);
  CHECK(shown(flood + " = ?", flood.size() + 3) ==
        "my.py:1:11: so\n"
        "   1 | " +
            four +
            "\\u0301\\u0301 = ?\n"
            "     |                 ^\n"
            "  write instead: such");
}

TEST_CASE("each kind of line end ends a line") {
  const Source source("my.py", "a\r\nb\rc\nd");
  CHECK(source.line(0) == 1);
  CHECK(source.line(3) == 2);
  CHECK(source.line(5) == 3);
  CHECK(source.line(7) == 4);
  CHECK(source.line_end(0) == 1);
  CHECK(source.line_end(3) == 4);
}

TEST_CASE("of a long line only what is around the caret is shown") {
  const std::string text = std::string(1000, 'a') + "?" + std::string(1000, 'b');
  const std::string error = shown(text, 1000);
  CHECK(error ==
        "my.py:1:1001: so\n"
        "   1 | ..." +
            std::string(50, 'a') + "?" + std::string(39, 'b') + "...\n     | " +
            std::string(53, ' ') + "^\n  write instead: such");
}

TEST_CASE("names of files and messages cannot garble a terminal") {
  const Source source("a\x1b[2J\n\xff.py", "x");
  CHECK(std::string(ReadError(source, 0, "b\x07").what()) ==
        "a\\x1b[2J\\x0a\\xff.py:1:1: b\\x07\n"
        "   1 | x\n"
        "     | ^");
}

TEST_CASE("what is no text is refused") {
  CHECK_THROWS_WITH_AS(Source("my.py", std::string("ab\0c", 4)),
                       "my.py: not a text: byte 3 is NUL; the reader takes a Python file", Error);
  CHECK_THROWS_WITH_AS(Source("my.py", "caf\xe9\n"),
                       "my.py: not UTF-8: byte 4 is 0xe9; save the file as UTF-8", Error);
  CHECK_THROWS_WITH_AS(Source("my.py", "\xed\xa0\x80"),
                       "my.py: not UTF-8: byte 1 is 0xed; save the file as UTF-8", Error);
  CHECK_THROWS_WITH_AS(
      Source("my.py", std::string(kMaxSourceBytes + 1, ' ')),
      "my.py: 16777217 bytes are more than the reader takes (16777216): is this a function?",
      Error);
}

TEST_CASE("an error keeps that it is about shapes") {
  const Source source("my.py", "x");
  const ReadError error(source, 0, "so");
  CHECK_FALSE(error.is_about_shapes());
  CHECK(error.about_shapes().with_line("more").is_about_shapes());
  CHECK(std::string(error.with_line("more").what()) == "my.py:1:1: so\n   1 | x\n     | ^\n  more");
}

}  // namespace
}  // namespace backstep::read
