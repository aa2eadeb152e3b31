// Where the parts of one row stand, before it takes its place below the others.
#pragma once

#include <map>
#include <vector>

#include "engine/draw/row.h"

namespace backstep::draw {

struct PlacedRow {
  std::map<std::size_t, Point> boxes;       // centres
  std::map<std::size_t, PlacedLink> links;  // of near links
  std::map<std::size_t, PlacedLink> heads;  // of the ways that leave, as far as their label
  std::vector<double> arriving;             // the right end of the room for tracks, of each gap
  std::vector<double> leaving;              // the left end of that
  double width = 0;
  double height = 0;
};

// The row's columns stand where Row says, and Graphviz chooses what stands above what. Throws Error
// if it fails.
PlacedRow placed(const Parts& parts, const Row& row);

}  // namespace backstep::draw
