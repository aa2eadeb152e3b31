// Values as lines of numbers.
#include "engine/step/matrix.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/step/records.h"

namespace backstep::step {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string text(const std::vector<Line>& lines) {
  std::string all;
  for (const Line& line : lines) {
    std::string row;
    for (const Span& span : line) row += span.text;
    while (!row.empty() && row.back() == ' ') row.pop_back();
    all += row + "\n";
  }
  return all;
}

Tensor counted(Shape shape) {
  Tensor tensor(shape);
  double next = 0;
  for (double& value : tensor.view()) value = next++;
  return tensor;
}

TEST_CASE("signs are glyphs, NaN and infinity are letters, zero has no sign") {
  CHECK(text(matrix_lines(Tensor({2, 3}, {0.5, -1.25, 0, kNan, kInfinity, -kInfinity}), {})) ==
        "0 +0.5  -1.25     0\n"
        "1  nan   +inf  -inf\n");
  CHECK(text(matrix_lines(Tensor(Shape{1, 1}, -2), {})) == " -2\n");
}

TEST_CASE("the element that is looked at stands in brackets") {
  CHECK(text(matrix_lines(Tensor({1, 2}, {1, 2}), {.focused = true, .element = {0, 1}})) ==
        " +1 [+2]\n");
}

TEST_CASE("large values show the first and last rows and columns, and the one looked at") {
  CHECK(text(matrix_lines(counted({50, 50}), {.rows = 5, .columns = 24})) ==
        " 0     0  …    +49\n"
        " 1   +50  …    +99\n"
        "   …\n"
        "48 +2400  …  +2449\n"
        "49 +2450  …  +2499\n");
}

TEST_CASE("which rows are shown") {
  using Indices = std::vector<int>;
  CHECK(shown_indices(3, 5, 0) == Indices{0, 1, 2});
  CHECK(shown_indices(9, 5, 0) == Indices{0, 1, -1, 7, 8});
  CHECK(shown_indices(9, 6, 4) == Indices{0, 1, -1, 4, -1, 8});
  CHECK(shown_indices(9, 3, 8).back() == 8);
  CHECK(shown_indices(1000000, 7, 500000).size() <= 7);
  CHECK(shown_indices(4, 1, 2) == Indices{2});
  for (int room = 1; room < 12; ++room) {
    for (int keep = 0; keep < 30; ++keep) {
      const Indices shown = shown_indices(30, room, keep);
      CHECK(std::find(shown.begin(), shown.end(), keep) != shown.end());
    }
  }
}

TEST_CASE("a value that is not there yet is empty, without a 0") {
  const std::string drawn = text(matrix_lines(Tensor({2, 2}), {.written = false}));
  CHECK(drawn == "[ not there yet          ]\n[                        ]\n");
  CHECK(drawn.find('0') == std::string::npos);
}

TEST_CASE("heat follows the range, its sign the number's") {
  const Line line = matrix_lines(Tensor({1, 4}, {-1, -0.5, 0.001, 0.1}), {.range = 1}).front();
  std::string heat;
  for (const Span& span : line) {
    if (span.text.find_first_of("+-") != std::string::npos) {
      heat += std::to_string(span.style.heat) + " ";
    }
  }
  CHECK(heat == "-3 -2 0 1 ");
}

TEST_CASE("what a gradient is made of shares one range") {
  const Trace trace = batch_norm_run();
  const Record record(trace);
  const NodeId first = record.graph().find("dx1");
  const NodeId whole = record.graph().find("dx");
  const auto range = [&](NodeId node) {
    return walk::shared_range(record.trace, record.ledger, record.sums, node);
  };
  CHECK(range(first) == range(whole));
  CHECK(range(first) > 0);
}

}  // namespace
}  // namespace backstep::step
