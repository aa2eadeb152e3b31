// The lesson on checks: every line in both languages, the table as figures, and that it holds
// whatever the seed.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "engine/tensor.h"
#include "lessons/subprocess.h"
#include "tests/golden.h"
#include "tests/lessons/told.h"

namespace backstep::lessons {
namespace {

const std::string kProgram = std::string(BACKSTEP_BIN) + "/lesson_check_that_cannot_fail";
constexpr int kOfZoo = 12, kWrong = 14, kLines = 12;

std::string said(std::vector<std::string> options, std::string_view input = "") {
  options.insert(options.begin(), kProgram);
  return output_of(options, input, "");
}

TEST_CASE("the lesson on checks says the same as ever, in English") {
  tests::check_golden("lessons/check_that_cannot_fail.en.txt", tests::without_rounding(said({})));
}

TEST_CASE("the lesson on checks says the same as ever, in Korean") {
  tests::check_golden("lessons/check_that_cannot_fail.ko.txt",
                      tests::without_rounding(said({"--lang", "ko"})));
}

TEST_CASE("the lesson on checks is short") {
  for (const char* language : {"en", "ko"}) {
    tests::check_length(said({"--lang", language, "--quick"}));
    tests::check_length(said({"--lang", language, "--seed", "7"}));
  }
}

TEST_CASE("the figures are the table of checks by passes, and bear out the words with every seed") {
  const tests::Folder folder;
  for (const std::string seed : {"1", "7", "50", "123"}) {
    CAPTURE(seed);
    const std::string path = folder.path() / "figures.json";
    said({"--json", path, "--seed", seed});
    const auto figures = nlohmann::json::parse(tests::content(path));
    const auto mean = [&](const std::string& name) {
      CHECK_MESSAGE(figures[name]["seeds"] == 5, name);
      return figures[name]["mean"].get<double>();
    };
    int of_zoo = 0, wrong = 0, lines = 0;
    for (const auto& [name, figure] : figures.items()) {
      if (!name.starts_with("seen.") || !name.ends_with(".random")) continue;
      const std::string pass = name.substr(5, name.size() - 5 - 7);
      CAPTURE(pass);
      const bool is_right = pass == "right", is_doubled = pass.starts_with("doubled_");
      CHECK(figure["mean"] == (is_right ? 0 : 1));
      of_zoo += pass.front() == '0' || pass.front() == '1' ? 1 : 0;
      wrong += !is_right && !is_doubled ? 1 : 0;
      lines += is_doubled ? 1 : 0;
      for (const char* check :
           {"sum(out)", "sum(out**2)", "gamma=1", "N=2", "N=1", "first_layer"}) {
        if (is_right) CHECK(mean("seen.right." + std::string(check)) == 0);
      }
    }
    CHECK(of_zoo == kOfZoo);
    CHECK(wrong == kWrong);
    CHECK(lines == kLines);
    // What the words say of single passes and sizes.
    CHECK(mean("seen.03_variance_branch_dropped.sum(out)") == 0);
    CHECK(mean("seen.02_mean_branch_dropped.sum(out**2)") == 0);
    CHECK(mean("seen.10_gamma_forgotten.gamma=1") == 0);
    CHECK(mean("seen.dx_is_zero.gamma=1") == 1);
    CHECK(mean("seen.dx_is_zero.first_layer") == 0);
    CHECK(mean("seen.means_for_sums.N=1") == 0);
    CHECK(mean("size.N=1.dx") == 0);
    CHECK(mean("size.N=1.dgamma") == 0);
    CHECK(mean("size.sum(out).dx") < 1e-12);
    CHECK(mean("size.sum(out).dgamma") < 1e-12);
    CHECK(mean("size.sum(out**2).dbeta") < 1e-12);
    CHECK(mean("size.sum(out**2).dx") < 1e-3);
    CHECK(mean("size.random.dx") > 0.5);
  }
}

TEST_CASE("--ask, --step, --page and --out are those of every lesson") {
  CHECK(tests::count(said({"--ask"}, "no\nrandom\n"), "Your answer, then Enter: ") == 2);
  CHECK(said({"--step"}).find("dx, the gradient of x, is complete") != std::string::npos);
  const tests::Folder folder;
  said({"--out", folder.path() / "new", "--page", folder.path() / "page.html"});
  const std::string page = tests::content(folder.path() / "page.html");
  CHECK(tests::count(page, "<summary>Answer<\\/summary>") == 2);
  CHECK(page.find("실패할 수 있는 검사") != page.npos);
  for (const char* name : {"ones.svg", "ones.png", "ones.dot", "random.svg", "random.png",
                           "random.dot", "lesson.md"}) {
    CHECK_MESSAGE(!tests::content(folder.path() / "new" / name).empty(), name);
  }
}

}  // namespace
}  // namespace backstep::lessons
