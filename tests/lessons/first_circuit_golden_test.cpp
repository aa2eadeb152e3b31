// The first lesson as somebody meets it who has never done it: every line in both languages, the
// questions, the files.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <string>

#include "engine/tensor.h"
#include "engine/text.h"
#include "lessons/subprocess.h"
#include "tests/golden.h"
#include "tests/lessons/told.h"

namespace backstep::lessons {
namespace {

const std::string kProgram = std::string(BACKSTEP_BIN) + "/lesson_first_circuit";

std::string said(std::vector<std::string> options, std::string_view input = "") {
  options.insert(options.begin(), kProgram);
  return output_of(options, input, "");
}

TEST_CASE("the first lesson says the same as ever, in English") {
  tests::check_golden("lessons/first_circuit.en.txt", tests::without_rounding(said({})));
}

TEST_CASE("the first lesson says the same as ever, in Korean") {
  tests::check_golden("lessons/first_circuit.ko.txt",
                      tests::without_rounding(said({"--lang", "ko"})));
}

TEST_CASE("the first lesson is short") {
  for (const char* language : {"en", "ko"}) {
    tests::check_length(said({"--lang", language, "--quick"}));
    tests::check_length(said({"--lang", language, "--seed", "7"}));
  }
}

TEST_CASE("--ask waits before each answer, and says all the same") {
  const std::string plain = said({}), asked = said({"--ask"}, "one\ntwo\nthree\n");
  CHECK(tests::count(plain, "Your turn.") == 3);
  CHECK(tests::count(plain, "\nAnswer. ") == 3);
  CHECK(std::regex_replace(asked, std::regex("Your answer, then Enter: (one|two|three)\n\n"), "") ==
        plain);
  // Where nobody answers, the lesson goes on.
  CHECK(tests::count(said({"--ask"}), "Your answer, then Enter: \n\nAnswer. ") == 3);
}

TEST_CASE("the page has the answers closed, and walks the circuit that is asked for") {
  const tests::Folder folder;
  for (const std::string circuit : {"warm_up", "fork", "neuron", "neurons"}) {
    const std::string path = folder.path() / (circuit + ".html");
    said({"--page", path, "--circuit", circuit});
    const std::string page = tests::content(path);
    CHECK(tests::count(page, "<summary>Answer<\\/summary>") == 3);
    CHECK(page.find("갈림길에서는 더한다") != page.npos);
  }
  CHECK(said({"--step", "--circuit", "fork"}).find("dx = dx1 + dx2") != std::string::npos);
  CHECK_THROWS_WITH_AS(said({"--circuit", "batch_norm"}),
                       doctest::Contains("batch_norm not in {warm_up,fork,neuron,neurons}"), Error);
}

TEST_CASE("the gradients agree with measured slopes, whatever the seed") {
  const tests::Folder folder;
  for (const std::string seed : {"1", "50", "4294967295"}) {
    const std::string path = folder.path() / "figures.json";
    said({"--json", path, "--seed", seed});
    const auto figures = nlohmann::json::parse(tests::content(path));
    CHECK(figures.size() == 4);
    for (const auto& item : figures.items()) {
      const nlohmann::json& figure = item.value();
      CAPTURE(item.key());
      CHECK(figure["mean"] > 0);  // something was measured
      CHECK(figure["mean"] < 1e-11);
      CHECK(figure["seeds"] == 5);
    }
  }
}

TEST_CASE("--out writes every picture that the lesson names, and the same each time") {
  const tests::Folder first, second;
  for (const tests::Folder* folder : {&first, &second}) said({"--out", folder->path()});
  const std::string words = tests::content(first.path() / "lesson.md");
  for (const char* stem : {"circuit", "fork", "neuron", "neurons"}) {
    CAPTURE(stem);
    CHECK(words.find(std::string("](") + stem + ".svg)") != words.npos);
    for (const char* ending : {".dot", ".svg", ".png"}) {
      const std::string name = std::string(stem) + ending;
      CHECK(!tests::content(first.path() / name).empty());
      CHECK(tests::content(first.path() / name) == tests::content(second.path() / name));
    }
  }
}

TEST_CASE("the program that it shows prints what it says") {
  const std::string printed = output_of({std::string(BACKSTEP_BIN) + "/first_circuit"}, "", "");
  CHECK(printed == "f = -12\ndx = -4\ndy = -4\ndz = 3\n");
  CHECK(said({}).find("Each prints f = -12, dx = -4, dy = -4, dz = 3.") != std::string::npos);
}

}  // namespace
}  // namespace backstep::lessons
