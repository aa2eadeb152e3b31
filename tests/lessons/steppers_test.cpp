// A lesson in both steppers: its sections and their events, and what ends a lesson that is wrong.
#include "lessons/steppers.h"

#include <doctest/doctest.h>

#include <string>

#include "lessons/subprocess.h"
#include "tests/lessons/told.h"

namespace backstep::lessons {
namespace {

using tests::count;

const std::string kProgram = std::string(BACKSTEP_BIN) + "/lesson_batch_norm";

LessonWords words() {
  LessonWords words;
  words.in = {"# A\n\n## Forward\n\n## Two paths\n", "# 가\n\n## 순전파\n\n## 두 길\n"};
  words.tells_of = {"", "forward", "dx1 dx2 dx"};
  return words;
}

TEST_CASE("a section knows the nodes whose events it tells of") {
  const read::Run run = read::run_circuit("batch_norm", {});
  const Graph& graph = run.trace.graph();
  const auto sections = page_sections(run.trace, words());
  REQUIRE(sections.size() == 3);
  CHECK(sections[0].nodes.empty());
  for (const NodeId node : sections[1].nodes) CHECK(graph.place(node).part == Part::kForward);
  CHECK(sections[1].nodes.size() > 5);
  CHECK(sections[2].nodes ==
        std::vector<NodeId>{graph.find("dx1"), graph.find("dx2"), graph.find("dx")});
  CHECK(sections[1].titles[1] == "순전파");

  LessonWords both = words();
  both.tells_of = {"forward backward", "forward", "backward"};
  const auto all = page_sections(run.trace, both);
  CHECK(all[0].nodes.size() == run.trace.events().size());
  CHECK(all[1].nodes.size() + all[2].nodes.size() == all[0].nodes.size());
}

TEST_CASE("a lesson that does not fit its run is refused") {
  const read::Run run = read::run_circuit("batch_norm", {});
  LessonWords wrong = words();
  wrong.tells_of[2] = "dx dq";
  CHECK_THROWS_WITH_AS(page_sections(run.trace, wrong),
                       "the section 'Two paths' tells of dq, which no step writes", Error);
  wrong = words();
  wrong.tells_of[1] = "x";  // it is given
  CHECK_THROWS_WITH_AS(page_sections(run.trace, wrong),
                       "the section 'Forward' tells of x, which no step writes", Error);
  wrong = words();
  wrong.in[1] += "## 셋\n";
  CHECK_THROWS_WITH_AS(page_sections(run.trace, wrong),
                       "the lesson has 4 sections in the language ko, and it is said of 3 what "
                       "they tell of; each '## ' begins one, in every language",
                       Error);
}

TEST_CASE("--page writes the lesson, in both languages, into one file that asks for nothing") {
  // The words go to standard output and the page to standard error; sh swaps them.
  const std::string page =
      output_of({"sh", "-c", "exec \"$0\" --page /dev/stderr 2>&1 >/dev/null", kProgram}, "", "");
  CHECK(page.starts_with("<!doctype html>"));
  CHECK(page.ends_with("</html>\n"));
  CHECK(page.find("Why is dx so small?") != page.npos);
  CHECK(page.find("dx는 왜 이렇게 작을까?") != page.npos);
  CHECK(page.find("{{") == page.npos);
  CHECK(count(page, "<img src=\\\"data:image/svg+xml,") == 6);  // three in each language
  CHECK(count(page, "src=") == 6);
}

TEST_CASE("--step walks the run of the lesson") {
  const std::string lines = output_of({kProgram, "--step"}, "", "");
  CHECK(count(lines, "\nstep ") == 25);
  CHECK(lines.find("x (50, 50)") != lines.npos);
  const std::string korean = output_of({kProgram, "--step", "--lang", "ko"}, "", "");
  CHECK(count(korean, "\n25단계 중 ") == 25);
}

TEST_CASE("a page that cannot be written ends with 2") {
  CHECK_THROWS_WITH_AS(
      output_of({kProgram, "--page", "/dev/null/page.html"}, "", ""),
      doctest::Contains("lesson_batch_norm ended with status 2: cannot write /dev/null/page.html"),
      Error);
}

}  // namespace
}  // namespace backstep::lessons
