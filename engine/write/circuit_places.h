// Where the parts of a circuit's picture stand: the sizes of its stops and labels, laid out in
// rows. The lanes then run beside the line of their road.
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
};

// y grows upwards, as Graphviz has it.
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
