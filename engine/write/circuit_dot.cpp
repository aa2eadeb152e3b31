// The DOT text of circuits: with positions, or for `dot` to lay out.
#include "engine/write/circuit_dot.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/draw/lanes.h"
#include "engine/write/circuit_drawing.h"
#include "engine/write/circuit_places.h"
#include "engine/write/dot_text.h"

namespace backstep::write {
namespace {

using draw::beside;
using draw::Lane;
using draw::reversed;

constexpr double kTitlePoints = 18;
constexpr double kTitleHeight = 30;
constexpr double kGap = 14;          // between the circuit and its title or caption
constexpr double kLeastWidth = 440;  // room for a caption
constexpr double kHalfRoad = 3.6;    // from the middle of a road to each lane
constexpr double kHalfFlowRoad = 6;  // ... where lanes are wide

std::string title_row(std::string_view title) {
  return font("<B>" + label_text(title) + "</B>", kTitlePoints, colour::kInk);
}

// Lines of text at the left of a space of this width.
std::string text_block(const std::vector<CircuitDrawing::Line>& lines, double width) {
  std::string rows;
  for (const auto& line : lines) {
    rows +=
        fmt::format("<TR><TD ALIGN=\"LEFT\" HEIGHT=\"{}\">{}</TD></TR>", line.height, line.html);
  }
  return fmt::format(
      "<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\" "
      "WIDTH=\"{:.0f}\">{}</TABLE>>",
      width, rows);
}

double height_of(const std::vector<CircuitDrawing::Line>& lines) {
  double height = 0;
  for (const auto& line : lines) height += line.height;
  return height;
}

std::string heading(std::string_view graph_attributes) {
  return fmt::format(
      "digraph circuit {{\n  graph [{}, bgcolor=\"{}\", pad=0.2, fontname=\"{}\"]\n"
      "  node [fontname=\"{}\"]\n  edge [fontname=\"{}\"]\n",
      graph_attributes, colour::kCard, kFonts, kFonts, kFonts);
}

// ---- laid out by dot ----------------------------------------------------------------------------

std::string label_attribute(const std::string& rows) {
  return rows.empty() ? "" : ", label=" + table(rows);
}

std::string unplaced_road(const CircuitDrawing& drawing, const Road& road) {
  const std::string from = drawing.stop_id(road.from);
  const std::string to = drawing.stop_id(road.to);
  std::string dot =
      fmt::format("  {} -> {} [key={}, {}{}]\n", from, to, drawing.forward_id(road),
                  drawing.forward_attributes(road), label_attribute(drawing.forward_label(road)));
  if (road.gradient == kNoNode) return dot;
  return dot + fmt::format("  {} -> {} [key={}, {}, constraint=false{}]\n", to, from,
                           drawing.backward_id(road), drawing.backward_attributes(road),
                           label_attribute(drawing.backward_label(road)));
}

std::string unplaced(const CircuitDrawing& drawing) {
  constexpr double kWidth = 800;
  std::vector<CircuitDrawing::Line> lines = drawing.caption(kWidth);
  const std::string& title = drawing.options().title;
  if (!title.empty()) lines.insert(lines.begin(), {title_row(title), kTitleHeight});
  std::string dot =
      heading(fmt::format("rankdir=LR, nodesep=0.4, ranksep=0.5, splines={}, labelloc=b, label={}",
                          drawing.is_large() ? "line, nslimit=2, nslimit1=2, mclimit=0.3" : "true",
                          text_block(lines, 0)));
  for (std::size_t i = 0; i < drawing.map().stops.size(); ++i) {
    dot += fmt::format("  {} [{}]\n", drawing.stop_id(i), drawing.stop_attributes(i));
  }
  for (const Road& road : drawing.map().roads) dot += unplaced_road(drawing, road);
  return dot + "}\n";
}

// ---- with positions -----------------------------------------------------------------------------

std::string text_of(Point point) { return fmt::format("{:.2f},{:.2f}", point.x, point.y); }

std::string text_of(const Lane& lane, bool has_arrow) {
  std::string text = has_arrow ? "e," + text_of(lane.tip) : "";
  for (const Point& point : lane.curve) text += (text.empty() ? "" : " ") + text_of(point);
  return text;
}

Lane arrowed(const Spline& line, double excess) {
  return draw::with_arrow(line, CircuitDrawing::kArrowLength, excess);
}

// Writes a circuit at a place on a page, its ids after a prefix.
class PlacedWriter {
 public:
  PlacedWriter(const CircuitDrawing& drawing, const CircuitPlaces& places, Point origin,
               std::string_view prefix)
      : drawing_(drawing), places_(places), origin_(origin), prefix_(prefix) {}

  std::string write() const {
    std::string dot;
    for (std::size_t i = 0; i < places_.stops.size(); ++i) dot += stop(i);
    for (std::size_t i = 0; i < places_.roads.size(); ++i) dot += road(i);
    return dot;
  }

 private:
  Point moved(Point point) const { return {point.x + origin_.x, point.y + origin_.y}; }

  std::string id(std::size_t index) const { return prefix_ + drawing_.stop_id(index); }

  std::string stop(std::size_t index) const {
    const PlacedBox& place = places_.stops[index];
    return fmt::format("  {} [{}, pos=\"{}\", width={:.4f}, height={:.4f}]\n", id(index),
                       drawing_.stop_attributes(index), text_of(moved(place.centre)),
                       place.width / 72, place.height / 72);
  }

  std::string label(const std::string& rows, Point at) const {
    if (rows.empty() || drawing_.is_large()) return "";
    return fmt::format(", label={}, lp=\"{}\"", table(rows), text_of(moved(at)));
  }

  std::string road(std::size_t index) const {
    const Road& road = drawing_.map().roads[index];
    const RoadPlace& place = places_.roads[index];
    const Spline line = draw::moved(place.line, origin_);
    const bool is_single = road.gradient == kNoNode;
    const double half = is_single ? 0 : drawing_.options().flow ? kHalfFlowRoad : kHalfRoad;
    std::string dot = forward(road, place, beside(line, half));
    if (!is_single) dot += backward(road, place, reversed(beside(line, -half)));
    return dot;
  }

  std::string forward(const Road& road, const RoadPlace& place, const Spline& line) const {
    const bool has_arrow = drawing_.map().stops[road.to].kind != StopKind::kJunction;
    const double excess = CircuitDrawing::arrow_excess(drawing_.forward_width());
    const Lane lane = has_arrow ? arrowed(line, excess) : Lane{line, {}};
    return fmt::format("  {} -> {} [key={}{}, {}{}, pos=\"{}\"]\n", id(road.from), id(road.to),
                       prefix_, drawing_.forward_id(road), drawing_.forward_attributes(road),
                       label(drawing_.forward_label(road), place.forward_label),
                       text_of(lane, has_arrow));
  }

  std::string backward(const Road& road, const RoadPlace& place, const Spline& line) const {
    const double excess = CircuitDrawing::arrow_excess(drawing_.backward_width(road));
    return fmt::format("  {} -> {} [key={}{}, {}{}, pos=\"{}\"]\n", id(road.to), id(road.from),
                       prefix_, drawing_.backward_id(road), drawing_.backward_attributes(road),
                       label(drawing_.backward_label(road), place.backward_label),
                       text_of(arrowed(line, excess), true));
  }

  const CircuitDrawing& drawing_;
  const CircuitPlaces& places_;
  Point origin_;
  std::string prefix_;
};

// A picture that grows upwards from its lower edge.
class Page {
 public:
  explicit Page(double width) : width_(width) {}

  void add_text(std::string_view id, const std::vector<CircuitDrawing::Line>& lines) {
    if (lines.empty()) return;
    const double height = height_of(lines);
    body_ += fmt::format("  {} [shape=plain, label={}, pos=\"{}\"]\n", id,
                         text_block(lines, width_), text_of({width_ / 2, top_ + height / 2}));
    top_ += height + kGap;
  }

  void add_circuit(const CircuitDrawing& drawing, const CircuitPlaces& places, double left,
                   std::string_view prefix) {
    body_ += PlacedWriter(drawing, places, {left, top_}, prefix).write();
    top_ += places.height + kGap;
  }

  std::string dot() const {
    const bool is_scaled = width_ > kPictureWidth && width_ < 1.1 * kMostScaling * kPictureWidth;
    return heading(fmt::format(
               "layout=nop2, bb=\"0,0,{:.2f},{:.2f}\"{}", width_, top_ - kGap,
               is_scaled ? fmt::format(", size=\"{:.4g},100\"", kPictureWidth / 72) : "")) +
           body_ + "}\n";
  }

 private:
  double width_;
  double top_ = 0;
  std::string body_;
};

}  // namespace

std::string circuit_dot(const Trace& trace, const DotOptions& options) {
  return unplaced(CircuitDrawing(trace, options));
}

CircuitLayout::CircuitLayout(const Trace& trace, const DotOptions& options) {
  DotOptions all = options;
  all.done = DotOptions::kAll;
  places_ = std::make_shared<const CircuitPlaces>(circuit_places(CircuitDrawing(trace, all)));
}

std::string circuit_dot(const Trace& trace, const DotOptions& options,
                        const CircuitLayout& layout) {
  const CircuitDrawing drawing(trace, options);
  const CircuitPlaces& places = layout.places();
  const double width = std::max(places.width, kLeastWidth);
  Page page(width);
  page.add_text("caption", drawing.caption(width));
  page.add_circuit(drawing, places, (width - places.width) / 2, "");
  if (!options.title.empty()) page.add_text("title", {{title_row(options.title), kTitleHeight}});
  return page.dot();
}

std::string side_by_side_dot(const Trace& first, const Trace& second, std::string_view first_title,
                             std::string_view second_title, const DotOptions& options) {
  const CircuitDrawing first_drawing(first, options);
  const CircuitDrawing second_drawing(second, options);
  const CircuitPlaces first_places = circuit_places(first_drawing);
  const CircuitPlaces second_places = circuit_places(second_drawing);
  const double width = std::max({first_places.width, second_places.width, kLeastWidth});
  Page page(width);
  page.add_text("caption", first_drawing.caption(width));
  page.add_circuit(second_drawing, second_places, width - second_places.width, "second_");
  page.add_text("second_title", {{title_row(second_title), kTitleHeight}});
  page.add_circuit(first_drawing, first_places, width - first_places.width, "first_");
  page.add_text("first_title", {{title_row(first_title), kTitleHeight}});
  return page.dot();
}

}  // namespace backstep::write
