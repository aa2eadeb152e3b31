// Where the parts of a circuit's picture stand. Graphviz lays out the roads, one line each with
// both labels in its middle; the lanes then run beside that line.
#pragma once

#include <vector>

#include "engine/draw/shapes.h"
#include "engine/write/circuit_dot.h"
#include "engine/write/circuit_drawing.h"

namespace backstep::write {

using draw::PlacedBox;
using draw::Point;
using draw::Spline;

struct RoadPlace {
  Spline line = {};  // the middle of the road
  Point forward_label = {};
  Point backward_label = {};
  PlacedBox sign = {};          // both labels with the road between them
  std::size_t behind_sign = 0;  // the point of `line` at its right edge; 0: there is no sign
};

struct CircuitPlaces {
  std::vector<PlacedBox> stops;
  std::vector<RoadPlace> roads;
  double width = 0;
  double height = 0;
};

// A picture that is little wider than this many points is scaled down to it, a much wider one is
// broken into rows.
inline constexpr double kPictureWidth = 1200;
inline constexpr double kMostScaling = 1.35;

CircuitPlaces circuit_places(const CircuitDrawing& drawing);

}  // namespace backstep::write
