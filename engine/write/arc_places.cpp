// The plain layout: a column for each stop, a place in its column, an arc for each road.
#include "engine/write/arc_places.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace backstep::write {
namespace {

constexpr double kColumn = 110;  // from column to column, in points
constexpr double kRow = 80;
constexpr double kArc = 9;  // how much higher an arc is for each column that it crosses
constexpr double kHighestArc = 400;

PlacedBox size_of(StopKind kind) {
  switch (kind) {
    case StopKind::kStation:
      return {{}, 43.2, 43.2};
    case StopKind::kJunction:
      return {{}, 18.7, 18.7};
    default:
      return {{}, 76, 50};
  }
}

// A stop stands right of all that it takes. Roads lead from a stop to a later one, so one pass is
// enough; a second one draws the leaves to their first user.
std::vector<std::size_t> columns(const CircuitMap& map) {
  std::vector<std::size_t> column(map.stops.size(), 0);
  for (const Road& road : map.roads) {
    column[road.to] = std::max(column[road.to], column[road.from] + 1);
  }
  std::vector<std::size_t> nearest(map.stops.size(), static_cast<std::size_t>(-1));
  for (const Road& road : map.roads) {
    nearest[road.from] = std::min(nearest[road.from], column[road.to]);
  }
  for (std::size_t i = 0; i < map.stops.size(); ++i) {
    const bool is_used = nearest[i] != static_cast<std::size_t>(-1);
    if (map.stops[i].kind == StopKind::kLeaf && is_used) column[i] = nearest[i] - 1;
  }
  return column;
}

Spline arc(const PlacedBox& from, const PlacedBox& to, double height) {
  const Point a = {from.centre.x + from.width / 2, from.centre.y};
  const Point d = {to.centre.x - to.width / 2, to.centre.y};
  const double reach = (d.x - a.x) / 3;
  return {a, {a.x + reach, a.y + height}, {d.x - reach, d.y + height}, d};
}

}  // namespace

std::size_t columns_crossed(const CircuitMap& map) {
  const std::vector<std::size_t> column = columns(map);
  return std::accumulate(
      map.roads.begin(), map.roads.end(), std::size_t{0},
      [&](std::size_t sum, const Road& road) { return sum + column[road.to] - column[road.from]; });
}

CircuitPlaces arc_places(const CircuitMap& map) {
  const std::vector<std::size_t> column = columns(map);
  CircuitPlaces places;
  std::vector<std::size_t> in_column(map.stops.size() + 1, 0);
  std::size_t highest = 0;
  for (std::size_t i = 0; i < map.stops.size(); ++i) {
    PlacedBox stop = size_of(map.stops[i].kind);
    const std::size_t row = in_column[column[i]]++;
    highest = std::max(highest, row);
    stop.centre = {(static_cast<double>(column[i]) + 0.5) * kColumn,
                   kHighestArc + (static_cast<double>(row) + 0.5) * kRow};
    places.width = std::max(places.width, stop.centre.x + kColumn / 2);
    places.stops.push_back(stop);
  }
  places.height = 2 * kHighestArc + static_cast<double>(highest + 1) * kRow;
  for (std::size_t i = 0; i < map.roads.size(); ++i) {
    const Road& road = map.roads[i];
    const auto crossed = static_cast<double>(column[road.to] - column[road.from] - 1);
    const double side = i % 2 == 0 ? 1 : -1;
    const double height = side * std::min(crossed * kArc, kHighestArc);
    places.roads.push_back({.line = arc(places.stops[road.from], places.stops[road.to], height)});
  }
  return places;
}

}  // namespace backstep::write
