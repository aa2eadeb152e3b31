// The geometry of lanes: Bézier curves moved sideways and cut.
#include "engine/draw/lanes.h"

#include <algorithm>
#include <cmath>

namespace backstep::draw {
namespace {

Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y}; }
Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y}; }
Point operator*(double scale, Point a) { return {scale * a.x, scale * a.y}; }

double length(Point a) { return std::hypot(a.x, a.y); }

Point between(Point a, Point b, double t) { return a + t * (b - a); }

// One unit to the left of the direction from a to b; {0, 0} where they are one point.
Point left_of(Point a, Point b) {
  const Point along = b - a;
  const double size = length(along);
  return size < 1e-9 ? Point{} : Point{-along.y / size, along.x / size};
}

// The part of the curve p[0..3] up to t, by de Casteljau's construction.
void cut_after(Point* p, double t) {
  const Point ab = between(p[0], p[1], t);
  const Point bc = between(p[1], p[2], t);
  const Point cd = between(p[2], p[3], t);
  const Point abc = between(ab, bc, t);
  const Point bcd = between(bc, cd, t);
  p[1] = ab;
  p[2] = abc;
  p[3] = between(abc, bcd, t);
}

// Graphviz lets points fall together, so the direction at a point is that between its nearest
// neighbours which differ.
Point left_at(const Spline& line, std::size_t i) {
  std::size_t before = i;
  std::size_t after = i;
  while (length(line[after] - line[before]) < 0.01) {
    const bool is_all = before == 0 && after + 1 == line.size();
    if (is_all) return {};
    if (before > 0) --before;
    if (after + 1 < line.size()) ++after;
  }
  return left_of(line[before], line[after]);
}

Point towards(Point a, Point b, double distance) {
  const double size = length(b - a);
  return size == 0 ? a : between(a, b, std::min(1.0, distance / size));
}

void go_straight(Spline& line, Point end) {
  const Point start = line.back();
  line.push_back(between(start, end, 1.0 / 3));
  line.push_back(between(start, end, 2.0 / 3));
  line.push_back(end);
}

}  // namespace

Spline joined(const Spline& first, const Spline& second) {
  Spline line = first;
  if (line.empty() || second.empty()) return line;
  const Point a = first.back();
  const Point b = second.front();
  line.push_back(between(a, b, 1.0 / 3));
  line.push_back(between(a, b, 2.0 / 3));
  line.insert(line.end(), second.begin(), second.end());
  return line;
}

Spline beside(const Spline& line, double offset) {
  Spline result = line;
  for (std::size_t i = 0; i < line.size(); ++i) {
    result[i] = line[i] + offset * left_at(line, i);
  }
  return result;
}

Spline reversed(Spline line) {
  std::reverse(line.begin(), line.end());
  return line;
}

Lane with_arrow(Spline line, double arrow, double short_of) {
  if (line.size() < 4) return {line, line.empty() ? Point{} : line.back()};
  const Point end = line.back();
  const double room = arrow + short_of;
  while (line.size() > 4 && length(line[line.size() - 4] - end) < room) {
    line.resize(line.size() - 3);
  }
  Point* last = &line[line.size() - 4];
  double low = 0.05;
  double high = 1;
  for (int i = 0; i < 40; ++i) {
    const double middle = (low + high) / 2;
    Point part[] = {last[0], last[1], last[2], last[3]};
    cut_after(part, middle);
    (length(part[3] - end) > room ? low : high) = middle;
  }
  cut_after(last, low);
  const Point base = line.back();
  return {line, between(base, end, arrow / std::max(room, length(end - base)))};
}

Spline moved(Spline line, Point by) {
  for (Point& point : line) point = point + by;
  return line;
}

Spline rounded(const std::vector<Point>& points, double radius) {
  constexpr double kRoundness = 0.45;  // what a quarter of a circle leaves to its corner
  std::vector<Point> corners = points;
  const auto are_one = [](Point a, Point b) { return length(b - a) < 0.5; };
  corners.erase(std::unique(corners.begin(), corners.end(), are_one), corners.end());
  Spline line = {corners.front()};
  for (std::size_t i = 1; i + 1 < corners.size(); ++i) {
    const Point corner = corners[i];
    const double room =
        std::min(length(corner - corners[i - 1]), length(corners[i + 1] - corner)) / 2;
    const double round = std::min(radius, room);
    go_straight(line, towards(corner, corners[i - 1], round));
    line.push_back(towards(corner, corners[i - 1], kRoundness * round));
    line.push_back(towards(corner, corners[i + 1], kRoundness * round));
    line.push_back(towards(corner, corners[i + 1], round));
  }
  go_straight(line, corners.back());
  return line;
}

Point middle(const Spline& line) {
  const std::size_t pieces = (line.size() - 1) / 3;
  const std::size_t first = 3 * (pieces / 2);
  if (pieces % 2 == 0) return line[first];
  const Point* p = &line[first];
  return 1.0 / 8 * (p[0] + 3 * p[1] + 3 * p[2] + p[3]);
}

}  // namespace backstep::draw
