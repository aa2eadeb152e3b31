// Points, boxes and curves of a picture, in points.
#pragma once

#include <vector>

namespace backstep::draw {

struct Point {
  double x = 0;
  double y = 0;
};

struct PlacedBox {
  Point centre;
  double width = 0;
  double height = 0;
};

// Cubic Bézier curves: first point, then three a curve.
using Spline = std::vector<Point>;

}  // namespace backstep::draw
