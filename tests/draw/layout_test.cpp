// The layout of a circuit: rows that are read in order, nothing in anything else, and links that
// lead on from row to row.
#include "engine/draw/layout.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "engine/draw/reading_order.h"

namespace backstep::draw {
namespace {

constexpr double kWidth = 100;
constexpr double kHeight = 40;

Parts chain(std::size_t count) {
  Parts parts;
  parts.parents = {0};
  parts.width = 700;
  parts.road = 10;
  parts.has_ports = true;
  for (std::size_t i = 0; i < count; ++i) {
    parts.boxes.push_back({kWidth, kHeight, false, 0, i});
    if (i > 0) parts.links.push_back({i - 1, i});
  }
  return parts;
}

bool is_inside(Point point, Point centre) {
  return std::abs(point.x - centre.x) < kWidth / 2 - 1 &&
         std::abs(point.y - centre.y) < kHeight / 2 - 1;
}

void check_apart(const Layout& layout) {
  for (std::size_t i = 0; i < layout.boxes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const Point a = layout.boxes[i];
      const Point b = layout.boxes[j];
      CHECK((std::abs(a.x - b.x) >= kWidth || std::abs(a.y - b.y) >= kHeight));
    }
  }
  for (const PlacedLink& link : layout.links) {
    for (const Point& point : link.line) {
      for (const Point& box : layout.boxes) CHECK_FALSE(is_inside(point, box));
    }
  }
}

TEST_CASE("a short circuit is one row, a long one is read row by row") {
  const Layout one = layout(chain(4));
  CHECK_EQ(one.rows, std::vector<std::size_t>(4, 0));
  const Layout many = layout(chain(20));
  CHECK(many.width <= 701);
  CHECK(many.rows.back() >= 3);
  CHECK(std::is_sorted(many.rows.begin(), many.rows.end()));
  for (std::size_t i = 1; i < 20; ++i) {
    const bool is_same_row = many.rows[i] == many.rows[i - 1];
    if (is_same_row) CHECK(many.boxes[i].x > many.boxes[i - 1].x);
    if (!is_same_row) CHECK(many.boxes[i].y > many.boxes[i - 1].y);
  }
  check_apart(many);
}

TEST_CASE("every link ends at its two boxes, in whatever row they stand") {
  Parts parts = chain(20);
  parts.links.push_back({0, 19});
  parts.links.push_back({2, 9, 50, 0, 12});
  const Layout placed = layout(parts);
  check_apart(placed);
  for (std::size_t i = 0; i < parts.links.size(); ++i) {
    const Point start = placed.links[i].line.front();
    const Point end = placed.links[i].line.back();
    const Point from = placed.boxes[parts.links[i].from];
    const Point to = placed.boxes[parts.links[i].to];
    CHECK(std::abs(start.x - (from.x + kWidth / 2)) < 1.5);
    CHECK(std::abs(start.y - from.y) < kHeight / 2);
    CHECK(std::abs(end.x - (to.x - kWidth / 2)) < 1.5);
    CHECK(std::abs(end.y - to.y) < kHeight / 2);
  }
}

TEST_CASE("links of one box share their way between the rows, links with a label do not") {
  Parts parts = chain(20);
  for (const std::size_t to : {8, 13, 18}) parts.links.push_back({1, to});
  const double shared = layout(parts).width;
  for (std::size_t i = 19; i < parts.links.size(); ++i) parts.links[i].label_width = 10;
  parts.width = shared;
  const auto ways = [&] {
    const Layout placed = layout(parts);
    std::vector<double> lefts;
    for (std::size_t i = 19; i < parts.links.size(); ++i) {
      double left = 1e9;
      for (const Point& point : placed.links[i].line) left = std::min(left, point.x);
      lefts.push_back(std::round(left));
    }
    std::sort(lefts.begin(), lefts.end());
    lefts.erase(std::unique(lefts.begin(), lefts.end()), lefts.end());
    return lefts.size();
  };
  const std::size_t apart = ways();
  for (Link& link : parts.links) link.label_width = 0;
  CHECK(ways() < apart);
}

TEST_CASE("a group is broken only if it is wider than a row") {
  Parts parts = chain(12);
  parts.parents = {0, 0};
  for (std::size_t i = 4; i < 8; ++i) parts.boxes[i].group = 1;
  const Layout placed = layout(parts);
  for (std::size_t i = 5; i < 8; ++i) CHECK_EQ(placed.rows[i], placed.rows[4]);
}

TEST_CASE("what has no turn stands beside its neighbour: a leaf before what it leads to") {
  Parts parts = chain(3);
  parts.boxes.push_back({kWidth, kHeight, false, 0, std::nullopt});  // a leaf
  parts.links.push_back({3, 2});
  parts.boxes.push_back({kWidth, kHeight, false, 0, std::nullopt});  // a result
  parts.links.push_back({0, 4});
  CHECK_EQ(reading_order(parts), std::vector<std::size_t>{0, 4, 1, 3, 2});
}

TEST_CASE("boxes that wait for each other are laid out all the same") {
  Parts parts = chain(3);
  parts.links.push_back({2, 0});
  const Layout placed = layout(parts);
  CHECK_EQ(placed.boxes.size(), 3);
  CHECK(placed.links[2].line.size() > 4);
}

}  // namespace
}  // namespace backstep::draw
