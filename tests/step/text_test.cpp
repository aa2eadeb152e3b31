// Glyphs on a terminal: how wide they are, where text is cut.
#include "engine/step/text.h"

#include <doctest/doctest.h>

#include "engine/step/frame.h"

namespace backstep::step {
namespace {

TEST_CASE("Korean takes two columns, marks none") {
  CHECK(width("abc") == 3);
  CHECK(width("한글") == 4);
  CHECK(width("x² ×") == 4);
  CHECK(width("e\xcc\x81") == 1);
  CHECK(width("") == 0);
}

TEST_CASE("text is cut at a column, never within a wide character") {
  CHECK(cut("abcdef", 6) == "abcdef");
  CHECK(cut("abcdef", 4) == "abc…");
  CHECK(cut("한글이름", 8) == "한글이름");
  CHECK(cut("한글이름", 7) == "한글이…");
  CHECK(cut("한글이름", 6) == "한글…");
  CHECK(cut("abc", 0) == "");
}

std::string joined(const std::vector<Line>& lines) {
  std::string text;
  for (const Line& line : lines) {
    for (const Span& span : line) text += span.text;
    text += '|';
  }
  return text;
}

TEST_CASE("lines break at spaces, and long words anywhere") {
  CHECK(joined(wrap({{"one two three"}}, 8)) == "one two|three|");
  CHECK(joined(wrap({{"one two three"}}, 8, 2)) == "one two|  three|");
  CHECK(joined(wrap({{"abcdefghij"}}, 4)) == "abcd|efgh|ij|");
  CHECK(joined(wrap({{"가나 다라 마바"}}, 9)) == "가나 다라|마바|");
  CHECK(joined(wrap({{"가나다라"}}, 3)) == "가|나|다|라|");
  CHECK(joined(wrap({{"two "}, {"styles", {.bold = true}}}, 20)) == "two styles|");
  CHECK(joined(wrap({}, 10)) == "|");
  CHECK(joined(at_most(wrap({{"one two three four"}}, 5), 2, 5)) == "one|two…|");
  CHECK(joined(at_most(wrap({{"abcdefghij"}}, 4), 2, 4)) == "abcd|efg…|");
}

TEST_CASE("a frame holds what fits and nothing beside it") {
  Frame frame({2, 5});
  CHECK(frame.put(0, 3, "한글", {}, 9) == 1);
  CHECK(text_of(frame) == "   …\n\n");
  CHECK(frame.put(1, 0, "한글", {}, 9) == 4);
  CHECK(frame.at(1, 1).glyph.empty());
  CHECK(frame.put(2, 0, "below", {}, 9) == 0);
  CHECK(frame.put(0, -1, "left", {}, 9) == 0);
}

TEST_CASE("each glyph has a stand-in of its own width without UTF-8") {
  CHECK(ascii({"a", 1}) == "a");
  CHECK(ascii({"─", 1}) == "-");
  CHECK(ascii({"한", 2}) == "??");
  CHECK(ascii({"ß", 1}) == "?");
}

}  // namespace
}  // namespace backstep::step
