// The two lanes of a road: beside its middle line, one in each direction, as a car would drive.
#pragma once

#include "engine/draw/shapes.h"

namespace backstep::draw {

// A lane that ends in an arrow: the curve up to the arrow's base, and the arrow's tip.
struct Lane {
  Spline curve;
  Point tip;
};

// The two curves with a straight piece between them.
Spline joined(const Spline& first, const Spline& second);

// The curve beside `line`, `offset` points to its left (to its right if negative).
Spline beside(const Spline& line, double offset);

Spline reversed(Spline line);

// Makes room at the end for an arrow of this length, and keeps its tip `short_of` the end.
Lane with_arrow(Spline line, double length, double short_of);

Spline moved(Spline line, Point by);

// Straight from point to point, with round corners.
Spline rounded(const std::vector<Point>& points, double radius);

// The point halfway along.
Point middle(const Spline& line);

}  // namespace backstep::draw
