// The words of a lesson: their places, and the same places in each language.
#include "lessons/lesson_text.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "engine/read/builtin.h"

namespace backstep::lessons {
namespace {

TEST_CASE("places are filled, wherever they stand and however often") {
  Places places;
  places.text("name", "dx");
  places.number("size", 0.000123456);
  places.count("n", 50);
  CHECK(filled_text("`{{name}}` ({{n}}): {{size}}, {{name}}.", places) ==
        "`dx` (50): 1.23e-04, dx.");
}

TEST_CASE("braces that are no place stay") { CHECK(filled_text("{a} } {", Places()) == "{a} } {"); }

TEST_CASE("a place without a value is an error") {
  CHECK_THROWS_WITH_AS(filled_text("{{b}} and {{a}}", Places()),
                       "places of the lesson without a value: a, b", Error);
}

TEST_CASE("a value that no place uses is an error") {
  Places places;
  places.count("used", 1);
  places.count("left", 2);
  CHECK_THROWS_WITH_AS(filled_text("{{used}}", places),
                       "values that no place of the lesson uses: left", Error);
}

TEST_CASE("a value that is given twice, and a place that is misspelt, are errors") {
  Places places;
  places.count("n", 1);
  CHECK_THROWS_WITH_AS(places.text("n", "2"), "the place n is filled twice", Error);
  CHECK_THROWS_AS(places_in("{{no end"), Error);
  CHECK_THROWS_AS(places_in("{{two words}}"), Error);
  CHECK_THROWS_AS(places_in("{{}}"), Error);
}

TEST_CASE("what was filled in is not searched for places") {
  Places places;
  places.text("a", "{{b}}");
  CHECK(filled_text("{{a}}", places) == "{{b}}");
}

TEST_CASE("the numbers stand in the JSON in full, counts as whole numbers") {
  Places places;
  places.number("third", 1.0 / 3);
  places.count("n", 50);
  places.text("word", "not a number");
  places.number("zz", std::numeric_limits<double>::infinity());
  CHECK(numbers_json(places) ==
        "{\n  \"n\": 50,\n  \"third\": 0.3333333333333333,\n  \"zz\": \"inf\"\n}\n");
}

TEST_CASE("every lesson has the same places in both languages") {
  int lessons = 0;
  for (const EmbeddedFile& file : read::builtin_files()) {
    const std::string_view ending = "/lesson.en.md";
    if (!file.name.ends_with(ending)) continue;
    std::string_view folder = file.name;
    folder.remove_prefix(std::string_view("lessons/").size());
    folder.remove_suffix(ending.size());
    CAPTURE(folder);
    CHECK(places_in(lesson_words(folder, Language())) ==
          places_in(lesson_words(folder, *language_of("ko"))));
    ++lessons;
  }
  CHECK(lessons > 0);
}

TEST_CASE("a lesson that is not there is an error") {
  CHECK_THROWS_WITH_AS(lesson_words("99_nothing", *language_of("ko")),
                       "there is no lessons/99_nothing/lesson.en.md", Error);
}

}  // namespace
}  // namespace backstep::lessons
