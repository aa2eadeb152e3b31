// Lines of a docstring that tell roles and shapes; and the nearest known name.
#include "engine/read/docstring.h"

#include <doctest/doctest.h>

#include "engine/read/nearest.h"

namespace backstep::read {
namespace {

using Strings = std::vector<std::string>;

TEST_CASE("lines with a role") {
  const auto lines = parameter_lines(
      "Doc.\n\n  x: input (N, D), randn\r\n  gamma: parameter (D,), 2*rand(1, 3)\n  eps: "
      "constant\n");
  REQUIRE(lines.size() == 3);
  CHECK(lines.at("x").role == Role::kInput);
  CHECK(lines.at("x").sides == Strings{"N", "D"});
  CHECK(lines.at("x").fill == "randn");
  CHECK(lines.at("gamma").role == Role::kParameter);
  CHECK(lines.at("gamma").sides == Strings{"D"});
  CHECK(lines.at("gamma").fill == "2*rand(1, 3)");
  CHECK(lines.at("eps").role == Role::kConstant);
  CHECK(lines.at("eps").sides.empty());
}

TEST_CASE("no side at all is a shape too") {
  const auto lines = parameter_lines("x: input (), randn\ny: input\n");
  CHECK(lines.at("x").is_number);
  CHECK(lines.at("x").sides.empty());
  CHECK(lines.at("x").fill == "randn");
  CHECK(!lines.at("y").is_number);
}

TEST_CASE("lines of courses, which tell a shape; other lines tell nothing") {
  const auto lines = parameter_lines(
      "- x: Data of shape (N, D)\n- y: inputs (a, b)\nReturns: a tuple\nz: shape (N, d_1, K)\n"
      "w: of shape\nv: of shape (");
  REQUIRE(lines.size() == 2);
  CHECK(lines.at("z").sides == Strings{"N", "d_1", "K"});
  CHECK_FALSE(lines.at("x").role);
  CHECK(lines.at("x").sides == Strings{"N", "D"});
}

TEST_CASE("sides as courses write them") {
  const auto lines = parameter_lines(
      "- x: Input data, of shape (N, d_1, ..., d_k)\nw - Weights, of shape (H, 4H)\n"
      "- p: Dictionary with the following keys:\n- G: Integer number, a divisor of C\n"
      "- m: Boolean array of shape (N, T)\n- cache: (x, w, b)\n- i: input gate, of shape (N, H)\n"
      "x2 (np.ndarray): (N, D) array\n- reg: (float) strength\n");
  CHECK(lines.at("x").sides == Strings{"N", "d_1", "d_k"});
  CHECK(lines.at("x").is_open);
  CHECK(lines.at("w").sides == Strings{"H", "4H"});
  CHECK(lines.at("p").is_dictionary);
  CHECK(lines.at("G").divides == "C");
  CHECK(lines.at("m").is_boolean);
  CHECK(lines.count("cache") == 0);
  CHECK(lines.at("i").sides == Strings{"N", "H"});
  CHECK(!lines.at("i").role);
  CHECK(lines.at("x2").sides == Strings{"N", "D"});
  CHECK(lines.at("reg").is_number);
  CHECK(taken_apart("4H").symbol == "H");
  CHECK(taken_apart("4*H").times == 4);
  CHECK(taken_apart("12").symbol.empty());
  CHECK(taken_apart("12").times == 12);
}

TEST_CASE("the nearest name") {
  const Strings known = {"gamma", "beta", "x", "xhat"};
  CHECK(nearest("gama", known) == "gamma");
  CHECK(nearest("bteta", {"btea"}) == "btea");
  CHECK(nearest("xaht", known) == "xhat");
  CHECK(nearest("xx", known) == "x");
  CHECK(nearest("delta", known).empty());
  CHECK(nearest("y", known).empty());
  CHECK(nearest(std::string(1000, 'x'), known).empty());
}

}  // namespace
}  // namespace backstep::read
