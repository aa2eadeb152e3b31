// Has Graphviz measure stops and labels, and lays them out.
#include "engine/write/circuit_places.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "engine/draw/graphviz.h"
#include "engine/draw/layout.h"
#include "engine/write/arc_places.h"

namespace backstep::write {
namespace {

class Placer {
 public:
  explicit Placer(const CircuitDrawing& drawing)
      : drawing_(drawing), map_(drawing.map()), sizes_(draw::placement(measured())) {}

  CircuitPlaces places() const {
    draw::Parts parts;
    parts.parents = {0};
    parts.road = drawing_.road_height();
    parts.is_plain = drawing_.is_large();
    for (std::size_t i = 0; i < map_.stops.size(); ++i) parts.boxes.push_back(box(i));
    for (std::size_t i = 0; i < map_.roads.size(); ++i) parts.links.push_back(link(i));
    parts.width = kMostScaling * kPictureWidth;
    draw::Layout layout = draw::layout(parts);
    const bool is_broken = std::any_of(layout.rows.begin(), layout.rows.end(),
                                       [](std::size_t row) { return row > 0; });
    if (is_broken) {
      parts.width = kPictureWidth;
      layout = draw::layout(parts);
    }
    return upwards(layout);
  }

 private:
  static std::string forward_id(std::size_t road) { return fmt::format("f{}", road); }
  static std::string backward_id(std::size_t road) { return fmt::format("b{}", road); }

  // Every stop and every label, and nothing between them.
  std::string measured() const {
    std::string dot = fmt::format("digraph {{ node [fontname=\"{}\"]\n", kFonts);
    for (std::size_t i = 0; i < map_.stops.size(); ++i) {
      dot += fmt::format("{} [{}]\n", drawing_.stop_id(i), drawing_.stop_attributes(i));
    }
    if (drawing_.is_large()) return dot + "}\n";
    for (std::size_t i = 0; i < map_.roads.size(); ++i) {
      dot += label(forward_id(i), drawing_.forward_label(map_.roads[i]));
      dot += label(backward_id(i), drawing_.backward_label(map_.roads[i]));
    }
    return dot + "}\n";
  }

  static std::string label(const std::string& id, const std::string& rows) {
    return rows.empty() ? "" : fmt::format("{} [shape=plain, label={}]\n", id, table(rows));
  }

  PlacedBox size(const std::string& id) const {
    const auto found = sizes_.nodes.find(id);
    return found == sizes_.nodes.end() ? PlacedBox() : found->second;
  }

  // Stations are read in their order; what is no station stands beside them.
  draw::Box box(std::size_t index) const {
    const Stop& stop = map_.stops[index];
    const PlacedBox size = this->size(drawing_.stop_id(index));
    const bool is_station = stop.kind == StopKind::kStation;
    return {size.width, size.height, is_station || stop.kind == StopKind::kJunction, 0,
            is_station ? std::optional<std::size_t>(stop.node) : std::nullopt};
  }

  draw::Link link(std::size_t index) const {
    const Road& road = map_.roads[index];
    const PlacedBox above = size(forward_id(index));
    const PlacedBox below = size(backward_id(index));
    return {road.from, road.to, std::max(above.width, below.width), above.height, below.height};
  }

  CircuitPlaces upwards(const draw::Layout& layout) const {
    const auto up = [&](Point point) { return Point{point.x, layout.height - point.y}; };
    CircuitPlaces places;
    places.width = layout.width;
    places.height = layout.height;
    for (std::size_t i = 0; i < map_.stops.size(); ++i) {
      PlacedBox stop = size(drawing_.stop_id(i));
      stop.centre = up(layout.boxes[i]);
      places.stops.push_back(stop);
    }
    for (std::size_t i = 0; i < map_.roads.size(); ++i) {
      RoadPlace road;
      for (const Point& point : layout.links[i].line) road.line.push_back(up(point));
      const Point at = up(layout.links[i].label);
      const double half = drawing_.road_height() / 2;
      road.forward_label = {at.x, at.y + half + size(forward_id(i)).height / 2};
      road.backward_label = {at.x, at.y - half - size(backward_id(i)).height / 2};
      places.roads.push_back(road);
    }
    return places;
  }

  const CircuitDrawing& drawing_;
  const CircuitMap& map_;
  draw::Placement sizes_;
};

}  // namespace

CircuitPlaces circuit_places(const CircuitDrawing& drawing) {
  constexpr std::size_t kMostCrossed = 6000;
  if (drawing.is_large() && columns_crossed(drawing.map()) > kMostCrossed) {
    return arc_places(drawing.map());
  }
  return Placer(drawing).places();
}

}  // namespace backstep::write
