// Markdown for a terminal: what each block becomes, at which width, and when there are colours.
#include "lessons/terminal_text.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "engine/text.h"

namespace backstep::lessons {
namespace {

std::string plain(std::string_view markdown, int width = 80) {
  return terminal_text(markdown, {.width = width, .colour = false});
}

std::string coloured(std::string_view markdown) {
  return terminal_text(markdown, {.width = 80, .colour = true});
}

int widest_line(const std::string& text) {
  std::istringstream lines(text);
  int widest = 0;
  for (std::string line; std::getline(lines, line);) widest = std::max(widest, columns(line));
  return widest;
}

TEST_CASE("headings are underlined to their width") {
  CHECK(plain("# One\n\n## 값") == "One\n═══\n\n값\n──\n");
  CHECK(plain("### Three") == "Three\n");
}

TEST_CASE("paragraphs are wrapped at spaces") {
  CHECK(plain("one two three four five six seven eight nine ten", 40) ==
        "one two three four five six seven eight\nnine ten\n");
  CHECK(plain("one\ntwo\n\nthree") == "one two\n\nthree\n");
  CHECK(plain("one  \ntwo") == "one\ntwo\n");
}

TEST_CASE("a word that is longer than the line has a line of its own") {
  const std::string word(50, 'x');
  CHECK(plain("a " + word + " b", 40) == "a\n" + word + "\nb\n");
}

TEST_CASE("a short formula is not broken, a long one is") {
  CHECK(plain("thirty letters and a good many more: `a + b * c`", 40) ==
        "thirty letters and a good many more:\na + b * c\n");
  CHECK(widest_line(plain("`a = bbbbbbbbbb + cccccccccc + dddddddddd + eeeeeeeeee`", 40)) <= 40);
}

TEST_CASE("no line is longer than the width, in Korean as in English") {
  const std::string text =
      "배치 정규화의 **역전파**를 정거장마다 한 걸음씩 따라가 봅시다. 값과 기울기가 지나는 길을 "
      "보면 "
      "왜 그렇게 작은지 알 수 있습니다.\n\n- 하나하나의 정거장은 한 가지 일만 합니다. 어렵지 "
      "않습니다.\n";
  for (const int width : {40, 57, 80}) CHECK(widest_line(plain(text, width)) <= width);
}

TEST_CASE("lists are tight or loose as they were written, and nest") {
  CHECK(plain("- one\n- two\n  - three\n") == "• one\n• two\n  • three\n");
  CHECK(plain("- one\n\n- two\n") == "• one\n\n• two\n");
  CHECK(plain("9. nine\n10. ten") == "9. nine\n10. ten\n");
  CHECK(plain("text\n\n- one\n- two\n\ntext") == "text\n\n• one\n• two\n\ntext\n");
  CHECK(plain("- one  \n  two") == "• one\n  two\n");
}

TEST_CASE("a table is aligned by columns of the terminal, not by bytes") {
  CHECK(plain("| 이름 | n |\n|---|--:|\n| x | 10 |\n| 기울기 | 5 |\n") ==
        "이름     n\n──────────\nx       10\n기울기   5\n");
}

TEST_CASE("a table that is too wide is narrowed and its cells wrapped") {
  const std::string text = plain(
      "| a | b |\n|---|---|\n| one two three four five six seven | eight nine ten eleven twelve "
      "|\n",
      40);
  CHECK(widest_line(text) <= 40);
  CHECK(text.find("seven") != text.npos);
}

TEST_CASE("code keeps its lines and its spaces") {
  CHECK(plain("```python\na = 1\n\n  b  =  2\n```\n") == "  a = 1\n\n    b  =  2\n");
}

TEST_CASE("a picture names its file, a link its target, a quotation has a bar") {
  CHECK(plain("![the circuit](circuit.svg)") == "▸ the circuit: circuit.svg\n");
  CHECK(plain("[docs](docs/x.md)") == "docs (docs/x.md)\n");
  CHECK(plain("> one\n> two") == "│ one two\n");
  CHECK(plain("1 &lt; 2 &amp; 3") == "1 < 2 & 3\n");
}

TEST_CASE("colours come only where they may") {
  CHECK(plain("**bold** `code` *slanted*") == "bold code slanted\n");
  CHECK(coloured("**bold**, `code`") == "\x1b[1mbold\x1b[0m, \x1b[36mcode\x1b[0m\n");
  CHECK(coloured("# One") == "\x1b[1mOne\x1b[0m\n═══\n");
}

TEST_CASE("colours do not change where lines and columns stand") {
  const std::string text = coloured("| a | b |\n|---|--:|\n| `x` | **10** |\n");
  CHECK(text == "\x1b[1ma\x1b[0m   \x1b[1mb\x1b[0m\n─────\n\x1b[36mx\x1b[0m  \x1b[1m10\x1b[0m\n");
}

TEST_CASE("nothing in the text can steer the terminal") {
  CHECK(plain("a\x1b[31mb").find('\x1b') == std::string::npos);
  CHECK(plain("```\na\x1b[31mb\n```").find('\x1b') == std::string::npos);
}

TEST_CASE("odd Markdown ends, and is no crash") {
  CHECK(plain("") == "");
  for (const char* text :
       {"```\nno end", "| a |\n|---|", "- - - x", "[", "> - 1. `", "****", "\\"}) {
    CHECK(plain(text).size() < 500);
  }
}

}  // namespace
}  // namespace backstep::lessons
