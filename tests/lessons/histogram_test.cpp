// Histograms: what is counted where, the bars of a terminal, and gnuplot's SVG.
#include "lessons/histogram.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <limits>
#include <numeric>
#include <string>

#include "engine/text.h"
#include "lessons/subprocess.h"
#include "lessons/terminal_text.h"

namespace backstep::lessons {
namespace {

using Counts = std::vector<std::size_t>;

TEST_CASE("each number is counted once, the largest in the last bin") {
  const Tensor values({2, 4}, {0, 0.1, 0.25, 0.5, 0.6, 0.75, 0.99, 1});
  const Histogram result = histogram(values, 4);
  CHECK(result.low == 0);
  CHECK(result.high == 1);
  CHECK(result.counts == Counts{2, 1, 2, 3});
}

TEST_CASE("numbers that are all equal stand in the middle") {
  const Histogram result = histogram(Tensor({50}, 1.0), 5);
  CHECK(result.low == 0.5);
  CHECK(result.high == 1.5);
  CHECK(result.counts == Counts{0, 0, 50, 0, 0});
}

TEST_CASE("what is not finite is left out, and nothing at all is an error") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  CHECK(histogram(Tensor({4}, {0, nan, infinity, 1}), 2).counts == Counts{1, 1});
  CHECK_THROWS_AS(histogram(Tensor({}, nan), 2), Error);
}

TEST_CASE("a bar's length is its count, and one number leaves a trace") {
  const Histogram result{0, 1, {100, 50, 1, 0}};
  const std::vector<std::string> lines = histogram_text(result, "x", 20);
  REQUIRE(lines.size() == 5);
  CHECK(lines[0] == "x");
  CHECK(lines[1] == "   0 ▕██████████ 100");
  CHECK(lines[2] == "0.25 ▕█████ 50");
  CHECK(lines[3] == " 0.5 ▕▏ 1");
  CHECK(lines[4] == "0.75 ▕ 0");
  for (const std::string& line : lines) CHECK(columns(line) <= 20);
}

TEST_CASE("two texts stand beside each other, the longer one to its end") {
  CHECK(side_by_side({"a", "값"}, {"1", "2", "3"}, 4) == "a   1\n값  2\n    3\n");
}

TEST_CASE("gnuplot draws the same bytes each time, whatever the titles hold") {
  const Histogram result{-1, 1, {3, 1, 4, 1}};
  const std::string title = "it's \"quoted\" `echo run` $x \\n <b> & 기울기\nnext";
  const std::string svg = histogram_svg(result, title, "value", "개수");
  CHECK(svg == histogram_svg(result, title, "value", "개수"));
  CHECK(svg.find("<svg") != svg.npos);
  CHECK(svg.find("</svg>") != svg.npos);
  CHECK(svg.find("it's \"quoted\" `echo run` $x \\n &lt;b> &amp; 기울기\\x0anext<") != svg.npos);
  CHECK(svg.find("개수") != svg.npos);
}

TEST_CASE("another program reads its input and gives its output, however long") {
  const std::string input(1 << 20, 'x');
  CHECK(output_of({"cat"}, input, "coreutils") == input);
  CHECK(output_of({"printf", "%s", "$HOME; `ls`"}, "", "coreutils") == "$HOME; `ls`");
}

TEST_CASE("a program that is missing or fails is an error with its words") {
  CHECK_THROWS_WITH_AS(output_of({"no-such-program"}, "", "the-package"),
                       "no-such-program is not installed: apt-get install the-package", Error);
  CHECK_THROWS_WITH_AS(output_of({"sh", "-c", "echo words >&2; exit 3"}, "", "dash"),
                       "sh ended with status 3: words\n", Error);
}

}  // namespace
}  // namespace backstep::lessons
