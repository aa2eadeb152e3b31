// The bug hunt as a learner meets it: every line in both languages, hints, guesses, errors.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "engine/tensor.h"
#include "lessons/subprocess.h"
#include "tests/golden.h"

namespace backstep::lessons {
namespace {

const std::string kProgram = std::string(BACKSTEP_BIN) + "/lesson_bug_hunt";

std::string said(std::vector<std::string> options) {
  options.insert(options.begin(), kProgram);
  return output_of(options, "", "");
}

std::string everything(const std::string& language) {
  std::string text = said({"--lang", language});
  for (int bug = 1; bug <= 12; ++bug) {
    const std::string number = std::to_string(bug);
    for (const std::vector<std::string>& more :
         {std::vector<std::string>{}, {"--hint", "1"}, {"--hint", "2"}, {"--answer"}}) {
      std::vector<std::string> options = {"--lang", language, "--bug", number};
      options.insert(options.end(), more.begin(), more.end());
      text += "\n" + said(options);
    }
  }
  return text;
}

TEST_CASE("the hunt says the same as ever, in English") {
  tests::check_golden("lessons/bug_hunt.en.txt", everything("en"));
}

TEST_CASE("the hunt says the same as ever, in Korean") {
  tests::check_golden("lessons/bug_hunt.ko.txt", everything("ko"));
}

TEST_CASE("a guess is judged, and a bug that is not there is an error") {
  CHECK(said({"--bug", "5", "--guess", "14"}) == "Yes, that is the line.\n");
  CHECK_THROWS_AS(said({"--bug", "5", "--guess", "3"}), Error);
  CHECK_THROWS_AS(said({"--bug", "13"}), Error);
  CHECK_THROWS_AS(said({"--guess", "3"}), Error);
}

TEST_CASE("the right backward pass is walked in the terminal, and in a page with the words") {
  CHECK(said({"--step"}).find("dxmu, the gradient of xmu, is complete") != std::string::npos);
  const std::string path = std::string(BACKSTEP_BIN) + "/../bug_hunt.html";
  said({"--page", path});
  std::ifstream file(path, std::ios::binary);
  const std::string page((std::istreambuf_iterator<char>(file)), {});
  CHECK(page.find("Which check sees which mistake") != page.npos);
  CHECK(page.find("어떤 검사가 어떤 실수를 찾아내나") != page.npos);
}

TEST_CASE("what is seen does not hang on the seed") {
  for (const std::string seed : {"1", "7", "123"}) {
    const std::string text = said({"--seed", seed});
    CHECK(text.find("hides 8 of 12") != text.npos);
  }
}

}  // namespace
}  // namespace backstep::lessons
