// Has Graphviz lay out one row, and widens the gaps in which lines lead on to other rows.
#include "engine/draw/row_place.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "engine/draw/graphviz.h"
#include "engine/draw/lanes.h"

namespace backstep::draw {
namespace {

constexpr double kPoints = 72;  // an inch, as Graphviz has it

class RowPlacer {
 public:
  RowPlacer(const Parts& parts, const Row& row) : parts_(parts), row_(row) {
    for (const std::size_t box : row.boxes) box_of_group_[parts.boxes[box].group].push_back(box);
    for (const Gap& gap : row.gaps) leaving_.insert(gap.leaving.begin(), gap.leaving.end());
  }

  PlacedRow place() {
    const Placement placement = draw::placement(dot());
    height_ = placement.height;
    result_.height = placement.height;
    for (const std::size_t box : row_.boxes) {
      result_.boxes[box] = down(placement.nodes.at(box_id(box)).centre);
    }
    for (const std::size_t link : row_.near) result_.links[link] = near(placement, link);
    for (const std::size_t way : leaving_) {
      result_.heads[way] = head(placement, way, fmt::format("w{}", way));
    }
    widen();
    return std::move(result_);
  }

 private:
  static std::string box_id(std::size_t box) { return fmt::format("b{}", box); }

  // ---- the graph ----

  std::string dot() const {
    // Graphviz would look for the shortest lines for ever.
    constexpr std::size_t kMany = 200;
    std::string text = fmt::format(
        "digraph {{ rankdir=LR; newrank=true; nodesep=0.11; ranksep=0.16; splines={};\n{}"
        "node [shape=box, fixedsize=true, label=\"\"];\nedge [dir=none{}];\n",
        parts_.is_plain ? "line" : "true",
        parts_.is_plain || row_.near.size() > kMany ? "nslimit=2; nslimit1=2; mclimit=0.3;\n" : "",
        parts_.has_ports ? ", tailport=e, headport=w" : "");
    text += group_dot(0);
    for (const std::size_t way : leaving_) {
      text += fmt::format("b{} -> s{}{} [key=\"w{}\"];\n", parts_.links[way].from, way,
                          port(way, 'w'), way);
    }
    for (auto link = row_.near.rbegin(); link != row_.near.rend(); ++link) text += near_dot(*link);
    for (const auto& [left, right] : row_.seams) {
      text += fmt::format("b{} -> b{} [style=invis, minlen=2];\n", left, right);
    }
    return text + "}\n";
  }

  bool is_labelled(std::size_t link) const {
    return parts_.links[link].label_width > 0 && !parts_.is_plain;
  }
  std::string port(std::size_t link, char side) const {
    return is_labelled(link) ? fmt::format(":r:{}", side) : std::string();
  }

  std::string near_dot(std::size_t index) const {
    const Link& link = parts_.links[index];
    const std::size_t columns = row_.column.at(link.to) - row_.column.at(link.from);
    if (!is_labelled(index)) {
      return fmt::format("b{} -> b{} [key=\"a{}\", minlen={}];\n", link.from, link.to, index,
                         2 * columns);
    }
    return fmt::format(
        "b{0} -> s{2}:r:w [key=\"a{2}\"];\ns{2}:r:e -> b{1} [key=\"z{2}\", "
        "minlen={3}];\n",
        link.from, link.to, index, 2 * columns - 1);
  }

  // The boxes of a group, with what is written at their lines, and the groups within.
  std::string group_dot(std::size_t group) const {
    std::string text;
    const auto found = box_of_group_.find(group);
    if (found != box_of_group_.end()) {
      for (const std::size_t box : found->second) text += box_dot(box);
    }
    for (std::size_t g = 1; g < parts_.parents.size(); ++g) {
      if (parts_.parents[g] != group || g == group) continue;
      const std::string inner = group_dot(g);
      if (inner.empty()) continue;
      text += fmt::format("subgraph cluster_{} {{ margin=8; label=\" \"; fontsize=3;\n{}}}\n", g,
                          inner);
    }
    return text;
  }

  std::string box_dot(std::size_t index) const {
    const Box& box = parts_.boxes[index];
    std::string text =
        fmt::format("b{} [width={:.4f}, height={:.4f}{}];\n", index, box.width / kPoints,
                    box.height / kPoints, box.is_round ? ", shape=circle" : "");
    for (const std::size_t link : row_.near) {
      if (parts_.links[link].from == index && is_labelled(link)) text += sign_dot(link);
    }
    for (const std::size_t way : leaving_) {
      if (parts_.links[way].from == index) text += sign_dot(way);
    }
    return text;
  }

  // What is written at a line, with the line between at port r.
  std::string sign_dot(std::size_t index) const {
    if (!is_labelled(index)) {
      return fmt::format("s{} [width=0.02, height={:.4f}];\n", index, parts_.road / kPoints);
    }
    const Link& link = parts_.links[index];
    const auto cell = [&](double height, std::string_view port_of) {
      if (height <= 0) return std::string();
      return fmt::format(
          "<TR><TD{} FIXEDSIZE=\"TRUE\" WIDTH=\"{:.0f}\" HEIGHT=\"{:.0f}\"></TD></TR>", port_of,
          link.label_width, height);
    };
    return fmt::format(
        "s{} [shape=plain, fixedsize=false, label=<<TABLE BORDER=\"0\" CELLBORDER=\"0\" "
        "CELLSPACING=\"0\" CELLPADDING=\"0\">{}{}{}</TABLE>>];\n",
        index, cell(link.above, ""), cell(parts_.road, " PORT=\"r\""), cell(link.below, ""));
  }

  // ---- what Graphviz says ----

  Point down(Point at) const { return {at.x, height_ - at.y}; }
  Spline down(Spline line) const {
    for (Point& point : line) point = down(point);
    return line;
  }

  PlacedLink near(const Placement& placement, std::size_t index) const {
    const std::string first = fmt::format("a{}", index);
    if (is_labelled(index)) {
      PlacedLink link = head(placement, index, first);
      const Spline rest = down(placement.edges.at(fmt::format("z{}", index)));
      link.line.resize(link.line.size() - 3);
      link.line = joined(link.line, rest);
      return link;
    }
    const Spline line = down(placement.edges.at(first));
    if (line.size() >= 4) return {line, middle(line)};
    const Link& link = parts_.links[index];
    const Spline straight = joined({result_.boxes.at(link.from)}, {result_.boxes.at(link.to)});
    return {straight, middle(straight)};
  }

  // From the box to behind what is written.
  PlacedLink head(const Placement& placement, std::size_t index, const std::string& key) const {
    const PlacedBox& sign = placement.nodes.at(fmt::format("s{}", index));
    const Spline line = down(placement.edges.at(key));
    const double y = line.back().y;
    return {joined(line, {{sign.centre.x + sign.width / 2, y}}), {sign.centre.x, y}};
  }

  // ---- room for the tracks ----

  struct Widening {
    double from;
    double to;
    double by;
  };

  void widen() {
    std::vector<Widening> all;
    const std::size_t count = row_.widths.size();
    std::vector<double> left(count, 1e9), right(count + 1, 0);
    for (const auto& [box, centre] : result_.boxes) {
      const std::size_t column = row_.column.at(box);
      const double half = parts_.boxes[box].width / 2;
      left[column] = std::min(left[column], centre.x - half);
      right[column + 1] = std::max(right[column + 1], centre.x + half);
    }
    for (const auto& [link, head] : result_.heads) stretch(right, link, head);
    for (const std::size_t link : row_.near) {
      if (is_labelled(link)) stretch(right, link, result_.links.at(link));
    }
    for (std::size_t i = 1; i < count; ++i) {
      const Gap& gap = row_.gaps[i];
      const double room = left[i] - right[i];
      const double needed = gap.room_for_tracks();
      if (needed > room) all.push_back({right[i], left[i], needed - room});
    }
    const double start = left[0];
    const auto to = [&](double x) {
      double shift = -start;
      for (const Widening& w : all) {
        shift += w.by * std::clamp((x - w.from) / std::max(1.0, w.to - w.from), 0.0, 1.0);
      }
      return x + shift;
    };
    for (auto& [box, centre] : result_.boxes) centre.x = to(centre.x);
    for (auto* links : {&result_.links, &result_.heads}) {
      for (auto& [index, link] : *links) {
        for (Point& point : link.line) point.x = to(point.x);
        link.label.x = to(link.label.x);
      }
    }
    for (std::size_t i = 0; i <= count; ++i) {
      result_.leaving.push_back(to(right[i]) + row_.gaps[i].frames + kToTrack);
      result_.arriving.push_back(i < count ? to(left[i]) - row_.gaps[i].frames - kToTrack : 0);
    }
    const Gap& last = row_.gaps[count];
    result_.width = to(right[count]) + last.outer_room();
  }

  void stretch(std::vector<double>& right, std::size_t index, const PlacedLink& link) const {
    double& edge = right[row_.column.at(parts_.links[index].from) + 1];
    edge = std::max(edge, link.label.x + parts_.links[index].label_width / 2);
  }

  const Parts& parts_;
  const Row& row_;
  std::map<std::size_t, std::vector<std::size_t>> box_of_group_;
  std::set<std::size_t> leaving_;
  double height_ = 0;
  PlacedRow result_;
};

}  // namespace

PlacedRow placed(const Parts& parts, const Row& row) { return RowPlacer(parts, row).place(); }

}  // namespace backstep::draw
