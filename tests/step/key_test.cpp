// The words of a script.
#include "engine/step/key.h"

#include <doctest/doctest.h>

#include "tests/circuits.h"

namespace backstep::step {
namespace {

using tests::error_text;

TEST_CASE("a script is read word by word") {
  const auto words = parse_script(" n n  Right n*5 g=dxmu /=sqrt p p=(1,3) p=sign:- q ");
  REQUIRE(words.size() == 10);
  CHECK(words[0].key == Key{Key::kText, "n"});
  CHECK(words[2].key == Key{Key::kRight});
  CHECK(words[3].times == 5);
  CHECK(words[4].typed == "dxmu");
  CHECK(words[5].key.text == "/");
  CHECK(words[6].typed.empty());
  CHECK(words[7].typed == "(1,3)");
  CHECK(words[8].question == "sign");
  CHECK(words[8].typed == "-");
  CHECK(parse_script("").empty());
  CHECK(parse_script(" \n ").empty());
}

TEST_CASE("a word that is no key is refused by its text") {
  const auto refusal = [](const char* script) { return error_text([&] { parse_script(script); }); };
  CHECK(refusal("n z") ==
        "in --script, \"z\" is no key; expected n, N, f, b, g=dx, ... (the help key ? lists all)");
  CHECK(refusal("g") == "in --script, \"g\" needs a place behind it: g=17, g=dx");
  CHECK(refusal("n=5") == "in --script, \"n=5\" takes no text");
  CHECK(refusal("n*0") ==
        "in --script, \"n*0\" needs a whole number from 1 to 1000000 behind the *: n*5");
  CHECK(refusal("n*99999999999") != "");
  CHECK(refusal("\x1b[2J") ==
        "in --script, \"\\x1b[2J\" is no key; expected n, N, f, b, g=dx, ... (the help key ? lists "
        "all)");
}

}  // namespace
}  // namespace backstep::step
