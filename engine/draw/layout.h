// Where the parts of a circuit stand: boxes in rows, as words stand in lines, with the links
// between them. It knows sizes alone; what a box or a link looks like is the skin's.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/draw/shapes.h"

namespace backstep::draw {

struct Box {
  double width = 0;
  double height = 0;
  bool is_round = false;
  std::size_t group = 0;                 // the innermost frame that it stands in; 0: none
  std::optional<std::size_t> turn = {};  // smaller ones are read first; none: beside its neighbour
};

// A line from the right side of a box to the left side of another, with room for what is written
// above and below it.
struct Link {
  std::size_t from;
  std::size_t to;
  double label_width = 0;  // 0: nothing is written
  double above = 0;
  double below = 0;
};

struct Parts {
  std::vector<Box> boxes;
  std::vector<Link> links;
  std::vector<std::size_t> parents;  // of the groups; number 0 is the whole
  double width = 0;                  // the rows are at most about so wide
  double road = 0;                   // how much room a line itself takes
  bool has_ports = false;            // lines that meet at one side of a box are set apart
  bool is_plain = false;             // very many: straight lines, in one row
};

struct PlacedLink {
  Spline line;
  Point label;  // the middle of its line
};

// y grows downwards, as rows are read.
struct Layout {
  std::vector<Point> boxes;       // centres
  std::vector<std::size_t> rows;  // the row of each box
  std::vector<PlacedLink> links;
  double width = 0;
  double height = 0;
};

// Throws Error if Graphviz does.
Layout layout(const Parts& parts);

}  // namespace backstep::draw
