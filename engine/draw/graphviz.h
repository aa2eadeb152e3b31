// DOT text laid out and drawn, by Graphviz inside the process.
#pragma once

#include <map>
#include <string>

#include "engine/draw/shapes.h"

namespace backstep::draw {

// The same text gives the same bytes, if its graph has a name: Graphviz numbers those without one,
// and writes the number. All throw Error if Graphviz cannot read the text; its own words are in the
// error, and nothing is printed. Graphviz keeps global state, so these functions take turns: they
// may be called from any thread, but two never run at once.
std::string svg(const std::string& dot);
std::string png(const std::string& dot);

struct Placement {
  std::map<std::string, PlacedBox> nodes;  // by the node's id
  std::map<std::string, Spline> edges;     // by the edge's key; from its tail to its head
  double width = 0;
  double height = 0;
};

// Where everything stands; y grows upwards.
Placement placement(const std::string& dot);

}  // namespace backstep::draw
