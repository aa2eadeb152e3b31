// What is said: English as the key, catalogues, places, and what a catalogue lacks.
#include "engine/say.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "engine/tensor.h"

namespace backstep {
namespace {

Language korean() { return *language_of("ko"); }

TEST_CASE("English is the key, and every other language is a catalogue") {
  CHECK(languages().front() == Language());
  CHECK(Language().code() == "en");
  CHECK(korean().code() == "ko");
  CHECK(say(Language(), Words("step {0} of {1}"), 3, 20) == "step 3 of 20");
  CHECK(say(korean(), Words("step {0} of {1}"), 3, 20) == "20단계 중 3");
  CHECK(korean().of(Words("step {0} of {1}")) == "{1}단계 중 {0}");
}

TEST_CASE("what a catalogue lacks is said in English") {
  CHECK(say(korean(), Words("nobody says this of {0}"), "x") == "nobody says this of x");
  CHECK(say(korean(), Words()) == "");
}

TEST_CASE("a saying waits until its language is known, and so do the sayings in it") {
  const Saying inner(Words("over all elements"));
  const Saying saying(Words("{0} is given, not computed: no step wrote it."), {inner});
  CHECK(saying.in(Language()) == "over all elements is given, not computed: no step wrote it.");
  CHECK(saying.in(korean()) == "모든 원소에 대해: 주어진 값이라 계산한 단계가 없습니다.");
  CHECK(Saying(std::string("{x}")).in(korean()) == "{x}");
  CHECK(Saying().is_empty());
}

TEST_CASE("a language is asked for by its code") {
  CHECK(!language_of("fr"));
  CHECK(language_fault("ko").empty());
  CHECK(language_fault("fr") == "'fr' is no language of these words; en and ko are");
  CHECK(language_codes("|") == "en|ko");
}

TEST_CASE("places that are not there are our own mistake, and named") {
  CHECK_THROWS_WITH_AS(say(Language(), Words("nothing for {1}"), 1),
                       "in the language en this cannot be filled in (argument not found): nothing "
                       "for {1}",
                       Error);
}

}  // namespace
}  // namespace backstep
