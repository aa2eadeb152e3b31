// Finds where a circuit can be broken, moves its rows below each other, and bends the roads
// between.
#include "engine/write/row_places.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/draw/lanes.h"

namespace backstep::write {
namespace {

constexpr double kMargin = 34;  // at both ends of a row, for the road that leads on
constexpr double kGap = 50;     // between rows, for the same
constexpr double kRadius = 14;

struct Cut {
  double x;
  std::size_t road;
};

class RowBreaker {
 public:
  RowBreaker(const CircuitMap& map, CircuitPlaces places)
      : map_(map), places_(std::move(places)), row_of_(map.stops.size(), 0) {}

  CircuitPlaces broken(double width) {
    choose_cuts(width);
    if (cuts_.empty()) return places_;
    for (std::size_t i = 0; i < map_.stops.size(); ++i) {
      row_of_[i] = row_at(places_.stops[i].centre.x);
    }
    measure_rows();
    return moved_places();
  }

 private:
  struct Row {
    double left;
    double bottom = std::numeric_limits<double>::infinity();
    double top = -std::numeric_limits<double>::infinity();
    Point shift = {};
  };

  // Right behind the label of a road, if no stop stands there and no other road crosses.
  bool can_cut(const Cut& cut) const {
    for (std::size_t i = 0; i < map_.stops.size(); ++i) {
      const PlacedBox& stop = places_.stops[i];
      if (std::abs(stop.centre.x - cut.x) < stop.width / 2) return false;
    }
    for (std::size_t i = 0; i < map_.roads.size(); ++i) {
      const double from = places_.stops[map_.roads[i].from].centre.x;
      const double to = places_.stops[map_.roads[i].to].centre.x;
      const bool crosses = std::min(from, to) < cut.x && cut.x < std::max(from, to);
      if (crosses != (i == cut.road)) return false;
    }
    return true;
  }

  std::vector<Cut> possible_cuts() const {
    std::vector<Cut> cuts;
    for (std::size_t i = 0; i < places_.roads.size(); ++i) {
      const RoadPlace& road = places_.roads[i];
      if (road.behind_sign == 0) continue;
      const Cut cut = {road.line[road.behind_sign].x + 1, i};
      if (can_cut(cut)) cuts.push_back(cut);
    }
    std::sort(cuts.begin(), cuts.end(), [](const Cut& a, const Cut& b) { return a.x < b.x; });
    return cuts;
  }

  // Rows of about the same width: of the cuts within reach, the one nearest to that.
  void choose_cuts(double width) {
    const std::vector<Cut> possible = possible_cuts();
    double start = 0;
    while (places_.width - start > width) {
      const double rows = std::ceil((places_.width - start) / width);
      const double wanted = start + (places_.width - start) / rows;
      const Cut* best = nullptr;
      for (const Cut& cut : possible) {
        const bool is_ahead = cut.x > start + width / 4;
        if (!is_ahead || (best != nullptr && cut.x > start + width)) continue;
        if (best == nullptr || std::abs(cut.x - wanted) < std::abs(best->x - wanted)) best = &cut;
      }
      if (best == nullptr || places_.width - best->x < width / 8) return;
      cuts_.push_back(*best);
      start = best->x;
    }
  }

  std::size_t row_at(double x) const {
    std::size_t row = 0;
    while (row < cuts_.size() && cuts_[row].x < x) ++row;
    return row;
  }

  static void stretch(Row& row, const PlacedBox& box) {
    row.bottom = std::min(row.bottom, box.centre.y - box.height / 2);
    row.top = std::max(row.top, box.centre.y + box.height / 2);
  }

  void measure_rows() {
    rows_.push_back({0});
    for (const Cut& cut : cuts_) rows_.push_back({cut.x});
    for (std::size_t i = 0; i < map_.stops.size(); ++i) {
      stretch(rows_[row_of_[i]], places_.stops[i]);
    }
    for (std::size_t i = 0; i < map_.roads.size(); ++i) {
      Row& row = rows_[row_of_[map_.roads[i].from]];
      if (places_.roads[i].behind_sign > 0) stretch(row, places_.roads[i].sign);
      if (row_of_[map_.roads[i].to] != row_of_[map_.roads[i].from]) continue;
      for (const Point& point : places_.roads[i].line) stretch(row, {point, 10, 10});
    }
    double bottom = 0;
    for (std::size_t i = rows_.size(); i-- > 0;) {
      rows_[i].shift = {kMargin - rows_[i].left, bottom - rows_[i].bottom};
      bottom += rows_[i].top - rows_[i].bottom + kGap;
    }
  }

  CircuitPlaces moved_places() {
    double widest = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const double right = i < cuts_.size() ? cuts_[i].x : places_.width;
      widest = std::max(widest, right - rows_[i].left);
    }
    for (std::size_t i = 0; i < map_.stops.size(); ++i) {
      shift(places_.stops[i].centre, row_of_[i]);
    }
    for (std::size_t i = 0; i < map_.roads.size(); ++i) move_road(i);
    places_.width = widest + 2 * kMargin;
    places_.height = rows_[0].top + rows_[0].shift.y;
    return places_;
  }

  void shift(Point& point, std::size_t row) const {
    point = {point.x + rows_[row].shift.x, point.y + rows_[row].shift.y};
  }

  void move_road(std::size_t index) {
    RoadPlace& road = places_.roads[index];
    const std::size_t row = row_of_[map_.roads[index].from];
    const std::size_t last_row = row_of_[map_.roads[index].to];
    shift(road.sign.centre, row);
    shift(road.forward_label, row);
    shift(road.backward_label, row);
    if (row == last_row) {
      road.line = draw::moved(road.line, rows_[row].shift);
      return;
    }
    const auto behind = road.line.begin() + static_cast<std::ptrdiff_t>(road.behind_sign);
    const Spline here = draw::moved(Spline(road.line.begin(), behind + 1), rows_[row].shift);
    const Spline there = draw::moved(Spline(behind, road.line.end()), rows_[last_row].shift);
    const double below = rows_[row].bottom + rows_[row].shift.y - kGap / 2;
    Spline bend = here;
    lead_on(bend, there.front(), below);
    bend.insert(bend.end(), there.begin() + 1, there.end());
    road.line = bend;
  }

  // Right, down, left below the row, down, right: to `end`.
  static void lead_on(Spline& line, Point end, double below) {
    const double right = line.back().x + kMargin * 0.7;
    const double left = end.x - kMargin * 0.7;
    const Point corners[] = {{right, line.back().y}, {right, below}, {left, below}, {left, end.y}};
    for (std::size_t i = 0; i < std::size(corners); ++i) {
      turn(line, corners[i], i + 1 < std::size(corners) ? corners[i + 1] : end);
    }
    straight(line, end);
  }

  static Point towards(Point a, Point b, double distance) {
    const double length = std::hypot(b.x - a.x, b.y - a.y);
    const double t = length == 0 ? 0 : distance / length;
    return {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
  }

  static void straight(Spline& line, Point end) {
    const Point start = line.back();
    const double third = std::hypot(end.x - start.x, end.y - start.y) / 3;
    line.push_back(towards(start, end, third));
    line.push_back(towards(start, end, 2 * third));
    line.push_back(end);
  }

  // Straight to a corner and around it.
  static void turn(Spline& line, Point corner, Point next) {
    constexpr double kRoundness = 0.45;  // what a quarter of a circle leaves to its corner
    straight(line, towards(corner, line.back(), kRadius));
    line.push_back(towards(corner, line.back(), kRoundness * kRadius));
    line.push_back(towards(corner, next, kRoundness * kRadius));
    line.push_back(towards(corner, next, kRadius));
  }

  const CircuitMap& map_;
  CircuitPlaces places_;
  std::vector<std::size_t> row_of_;  // for each stop
  std::vector<Cut> cuts_;
  std::vector<Row> rows_;
};

}  // namespace

CircuitPlaces in_rows(const CircuitMap& map, CircuitPlaces places, double width) {
  return RowBreaker(map, std::move(places)).broken(width);
}

}  // namespace backstep::write
