// Lays a circuit out: a graph of stops and road signs for Graphviz, and its answer read back.
#include "engine/write/circuit_places.h"

#include <fmt/format.h>

#include <utility>

#include "engine/draw/graphviz.h"
#include "engine/draw/lanes.h"
#include "engine/write/arc_places.h"
#include "engine/write/row_places.h"

namespace backstep::write {
namespace {

std::string sign_id(std::size_t road) { return fmt::format("r{}", road); }
std::string first_key(std::size_t road) { return fmt::format("a{}", road); }
std::string second_key(std::size_t road) { return fmt::format("b{}", road); }

// The labels of both lanes, with the road between them at port r. Empty if nothing is said.
std::string sign(const CircuitDrawing& drawing, const Road& road) {
  const std::string forward = drawing.forward_label(road);
  const std::string backward = drawing.backward_label(road);
  if (forward.empty() && backward.empty()) return "";
  return table(fmt::format("{}<TR><TD PORT=\"r\" HEIGHT=\"{}\"></TD></TR>{}", forward,
                           drawing.road_height(), backward));
}

std::string road_graph(const CircuitDrawing& drawing) {
  const bool large = drawing.is_large();
  std::string dot = fmt::format(
      "digraph {{\n  graph [rankdir=LR, nodesep={}, ranksep={}, splines={}, nslimit={}, "
      "nslimit1={}, mclimit={}]\n  node [fontname=\"{}\"]\n  edge [dir=none]\n",
      0.14, 0.12, large ? "line" : "true", large ? 2 : 20, large ? 2 : 20, large ? 0.3 : 1.0,
      kFonts);
  const CircuitMap& map = drawing.map();
  for (std::size_t i = 0; i < map.stops.size(); ++i) {
    dot += fmt::format("  {} [{}]\n", drawing.stop_id(i), drawing.stop_attributes(i));
  }
  for (std::size_t i = 0; i < map.roads.size(); ++i) {
    const Road& road = map.roads[i];
    const std::string from = drawing.stop_id(road.from);
    const std::string to = drawing.stop_id(road.to);
    const std::string label = large ? "" : sign(drawing, road);
    if (label.empty()) {
      dot += fmt::format("  {} -> {} [key={}]\n", from, to, first_key(i));
      continue;
    }
    dot += fmt::format("  {} [shape=plain, label={}]\n", sign_id(i), label);
    dot += fmt::format("  {} -> {}:r:w [key={}]\n", from, sign_id(i), first_key(i));
    dot += fmt::format("  {}:r:e -> {} [key={}]\n", sign_id(i), to, second_key(i));
  }
  return dot + "}\n";
}

RoadPlace road_place(const draw::Placement& placement, std::size_t road, double road_height) {
  const Spline& first = placement.edges.at(first_key(road));
  const auto sign = placement.nodes.find(sign_id(road));
  if (sign == placement.nodes.end()) return {.line = first};
  const Spline& second = placement.edges.at(second_key(road));
  const PlacedBox& box = sign->second;
  const double y = first.back().y;
  const double top = box.centre.y + box.height / 2;
  const double bottom = box.centre.y - box.height / 2;
  return {draw::joined(first, second),
          {box.centre.x, (top + y + road_height / 2) / 2},
          {box.centre.x, (bottom + y - road_height / 2) / 2},
          box,
          first.size() + 2};
}

}  // namespace

CircuitPlaces circuit_places(const CircuitDrawing& drawing) {
  constexpr std::size_t kMostCrossed = 6000;
  if (drawing.is_large() && columns_crossed(drawing.map()) > kMostCrossed) {
    return arc_places(drawing.map());
  }
  const draw::Placement placement = draw::placement(road_graph(drawing));
  CircuitPlaces places;
  for (std::size_t i = 0; i < drawing.map().stops.size(); ++i) {
    places.stops.push_back(placement.nodes.at(drawing.stop_id(i)));
  }
  for (std::size_t i = 0; i < drawing.map().roads.size(); ++i) {
    places.roads.push_back(road_place(placement, i, drawing.road_height()));
  }
  places.width = placement.width;
  places.height = placement.height;
  const bool is_wide = places.width > kMostScaling * kPictureWidth && !drawing.is_large();
  return is_wide ? in_rows(drawing.map(), std::move(places), kPictureWidth) : places;
}

}  // namespace backstep::write
