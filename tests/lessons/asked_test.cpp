// Lessons that ask: where their Markdown is cut, and how an answer looks before it is opened.
#include "lessons/asked.h"

#include <doctest/doctest.h>

#include "engine/tensor.h"
#include "lessons/html_text.h"
#include "lessons/terminal_text.h"

namespace backstep::lessons {
namespace {

constexpr std::string_view kLesson =
    "# A\n\nHow much is 1 + 1?\n\n<details><summary>Answer</summary>\n\n**2**, of course.\n\n"
    "</details>\n\nAnd so on.\n";

TEST_CASE("Markdown is cut at its answers") {
  const std::vector<Piece> pieces = pieces_of(kLesson);
  REQUIRE(pieces.size() == 3);
  CHECK(!pieces[0].is_answer());
  CHECK(pieces[0].markdown == "# A\n\nHow much is 1 + 1?\n\n");
  CHECK(pieces[1].label == "Answer");
  CHECK(pieces[1].markdown == "\n**2**, of course.\n\n");
  CHECK(pieces[2].markdown == "\nAnd so on.\n");
  CHECK(pieces_of("").empty());
  CHECK(pieces_of("no question").size() == 1);
}

TEST_CASE("code may show the marks of an answer") {
  CHECK(pieces_of("```html\n<details><summary>Answer</summary>\n```\n").size() == 1);
}

TEST_CASE("an answer that is not closed, or not opened, is an error") {
  CHECK_THROWS_WITH_AS(pieces_of("<details><summary>A</summary>\n2\n"),
                       "an answer of the lesson has no end", Error);
  CHECK_THROWS_WITH_AS(pieces_of("2\n</details>\n"),
                       "an answer of the lesson ends where none began", Error);
  CHECK_THROWS_WITH_AS(
      pieces_of("<details><summary>A</summary>\n<details><summary>B</summary>\n</details>\n"),
      "an answer of the lesson begins within another", Error);
}

TEST_CASE("a terminal shows an answer behind its label") {
  CHECK(terminal_text(kLesson, {}) ==
        "A\n═\n\nHow much is 1 + 1?\n\nAnswer. 2, of course.\n\nAnd so on.\n");
}

TEST_CASE("a page shows an answer closed") {
  CHECK(html_sections(kLesson).front().html ==
        "<p>How much is 1 + 1?</p>\n<details><summary>Answer</summary>\n"
        "<p><strong>2</strong>, of course.</p>\n</details>\n<p>And so on.</p>\n");
}

}  // namespace
}  // namespace backstep::lessons
