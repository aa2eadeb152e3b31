// One picture at a time: which cards and lanes it has, where Graphviz puts them, and their SVG.
#include "engine/page/picture.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "engine/draw/circuit_map.h"
#include "engine/draw/lanes.h"
#include "engine/draw/layout.h"
#include "engine/expression.h"
#include "engine/write/dot_text.h"
#include "engine/write/mathml.h"
#include "engine/write/role_name.h"

namespace backstep::page {
namespace {

using draw::beside;
using draw::Point;
using draw::Spline;
using write::html_text;
using write::middle_cut;
using write::text_width;

enum class CardKind {
  kNode,  // a leaf or a station, with its value and its gradient
  kBox,   // a group with a picture of its own
  kFrom,  // a value that comes from outside this picture
  kTo,    // a value that is used outside this picture
};

struct Card {
  CardKind kind;
  std::size_t id;     // of the node or the group
  std::size_t group;  // the group that it stands in
  double width = 0;
  double height = 0;
  Point centre = {};  // here and below y grows downwards, as in SVG
};

struct Lane {
  std::size_t from;  // numbers of cards
  std::size_t to;
  NodeId value;
  std::vector<NodeId> gradients;  // the contributions that come back along it
  Shape arrives = {};
  Spline spline = {};
  Point label = {};
};

// Sizes in the units of the SVG.
constexpr double kRadius = 17;
constexpr double kPadding = 7;
constexpr double kHeight = 48;
constexpr double kLeafHeight = 34;  // of a leaf that has no gradient
constexpr double kBoxHeight = 60;
constexpr double kTitle = 14;    // room for the title of a group's frame
constexpr double kMargin = 8;    // around the cards within a frame
constexpr double kLaneGap = 3;   // from the middle of a road to each of its two lanes
constexpr double kWidth = 1391;  // at a letter height of 9 pixels it fits a window of 1,400

// Half a unit cannot be seen.
std::string number(double value) { return fmt::format("{}", std::round(value) + 0.0); }
std::string near(Point p) { return number(p.x) + "," + number(p.y); }

// A curve as the data of a path, from point to point and in few letters.
class PathData {
 public:
  explicit PathData(const Spline& line) : at_(rounded(line[0])) {
    text_ = fmt::format("M{} {}", at_.x, at_.y);
    for (std::size_t i = 1; i + 2 < line.size(); i += 3) add(&line[i]);
    end_straight();
  }

  std::string text() const { return text_; }

 private:
  static Point rounded(Point p) { return {std::round(p.x) + 0.0, std::round(p.y) + 0.0}; }

  void add(const Point* points) {
    Point by[3];
    for (int i = 0; i < 3; ++i) {
      const Point to = rounded(points[i]);
      by[i] = {to.x - at_.x, to.y - at_.y};
    }
    at_ = rounded(points[2]);
    const auto is_still = [&](double Point::*axis) {
      return by[0].*axis == 0 && by[1].*axis == 0 && by[2].*axis == 0;
    };
    if (is_still(&Point::y)) return straight('h', by[2].x);
    if (is_still(&Point::x)) return straight('v', by[2].y);
    end_straight();
    text_ += 'c';
    for (int i = 0; i < 3; ++i) text_ += (i > 0 ? gap(by[i].x) : "") + two(by[i]);
  }

  // Pieces of one straight line become one.
  void straight(char direction, double by) {
    if (direction != direction_) end_straight();
    direction_ = direction;
    straight_ += by;
  }

  void end_straight() {
    if (straight_ != 0) text_ += fmt::format("{}{}", direction_, straight_);
    straight_ = 0;
  }

  static std::string gap(double before) { return before < 0 ? "" : " "; }
  static std::string two(Point p) { return fmt::format("{}{}{}", p.x, gap(p.y), p.y); }

  Point at_;
  char direction_ = 'h';
  double straight_ = 0;  // how far a line goes that is not yet written
  std::string text_;
};

class Sketch {
 public:
  Sketch(const Trace& trace, const Ledger& ledger, const PageGroups& groups, std::size_t picture,
         std::span<const NodeId> outputs, const draw::CircuitMap& map)
      : graph_(trace.graph()),
        ledger_(ledger),
        groups_(groups),
        picture_(picture),
        outputs_(outputs.begin(), outputs.end()) {
    add_cards();
    add_lanes(map);
  }

  std::string svg() {
    lay_out();
    return drawn();
  }

 private:
  // What there is to draw.

  bool is_drawn(NodeId node) const {
    const Place& place = graph_.place(node);
    return place.part == Part::kForward && !place.folded && !is_plain_number(node);
  }

  // A number of the program's text stands in the formula, not in the picture.
  bool is_plain_number(NodeId node) const {
    const Node& leaf = graph_.node(node);
    return leaf.primitive == nullptr && leaf.name.empty() && leaf.role == Role::kConstant;
  }

  void add_cards() {
    for (NodeId node = 0; node < graph_.size(); ++node) {
      if (is_drawn(node) && groups_.picture_of(groups_.of[node]) == picture_) {
        add_card(CardKind::kNode, node, groups_.of[node]);
      }
    }
    for (std::size_t g = 1; g < groups_.groups.size(); ++g) {
      const PageGroup& group = groups_.groups[g];
      const bool here = group.own_picture && groups_.picture_of(group.parent) == picture_;
      if (here && group.size > 0) add_card(CardKind::kBox, g, group.parent);
    }
  }

  std::size_t add_card(CardKind kind, std::size_t id, std::size_t group) {
    const auto [place, is_new] = card_.try_emplace({kind, id}, cards_.size());
    if (!is_new) return place->second;
    Card card{kind, id, group};
    card.height = kHeight;
    if (kind == CardKind::kBox) {
      card.width = std::max(130.0, text_width(box_title(id), 12) + 24);
      card.height = kBoxHeight;
    } else {
      const auto node = static_cast<NodeId>(id);
      card.width = text_room(node) + (has_circle(card) ? 2 * kRadius + 3 : kPadding) + kPadding;
      card.width = 2 * std::ceil(card.width / 2);
      if (ledger_.gradient(node) == kNoNode) card.height = kLeafHeight;
    }
    cards_.push_back(card);
    return place->second;
  }

  std::string box_title(std::size_t group) const {
    return middle_cut(groups_.groups[group].name.in(Language()), 30);
  }

  bool has_circle(const Card& card) const {
    return card.kind == CardKind::kNode &&
           graph_.node(static_cast<NodeId>(card.id)).primitive != nullptr;
  }

  double text_room(NodeId node) const {
    constexpr double kNumber = 57;
    const std::string name = card_name(node);
    const double first = text_width(name, 12) + 6 + text_width(shape_of(node), 9.6);
    const double last = text_width(gradient_name(node), 10) + 6 + kNumber;
    return std::max({first, last, 78.0});
  }

  std::string gradient_name(NodeId node) const {
    const NodeId gradient = ledger_.gradient(node);
    return gradient == kNoNode ? "" : middle_cut(graph_.name(gradient), 12);
  }
  std::string card_name(NodeId node) const { return middle_cut(graph_.name(node), 18); }
  std::string shape_of(NodeId node) const { return to_string(graph_.node(node).shape); }

  // The card in this picture that stands for a node; kOutside if it is elsewhere.
  std::size_t card_of(NodeId node) const {
    const std::size_t group = groups_.of[node];
    if (!groups_.within(group, picture_)) return kOutside;
    std::size_t picture = groups_.picture_of(group);
    if (picture == picture_) return card_.at({CardKind::kNode, node});
    for (;;) {
      const std::size_t above = groups_.picture_of(groups_.groups[picture].parent);
      if (above == picture_) return card_.at({CardKind::kBox, picture});
      picture = above;
    }
  }

  // The junctions and the results of the map have no place here: a card is both.
  void add_lanes(const draw::CircuitMap& map) {
    for (const draw::Road& road : map.roads) {
      if (road.user != kNoNode && !is_plain_number(road.value)) add_lane(road);
    }
  }

  void add_lane(const draw::Road& road) {
    std::size_t from = card_of(road.value);
    std::size_t to = card_of(road.user);
    if (from == to && (to == kOutside || cards_[to].kind != CardKind::kNode)) return;
    if (from == kOutside) from = add_card(CardKind::kFrom, road.value, picture_);
    if (to == kOutside) to = add_card(CardKind::kTo, road.value, picture_);
    const bool exact = cards_[from].kind == CardKind::kNode && cards_[to].kind == CardKind::kNode;
    const auto [place, is_new] = lane_.try_emplace({from, to, road.value}, lanes_.size());
    if (exact || is_new) {
      lanes_.push_back({from, to, road.value, {}, road.arrives});
      place->second = lanes_.size() - 1;
    }
    if (road.gradient != kNoNode) lanes_[place->second].gradients.push_back(road.gradient);
  }

  // Where it stands.

  void lay_out() {
    draw::Parts parts;
    for (const PageGroup& group : groups_.groups) parts.parents.push_back(group.parent);
    for (const Card& card : cards_) {
      const std::size_t group = card.group == picture_ ? 0 : card.group;
      parts.boxes.push_back({card.width, card.height, false, group, turn(card)});
    }
    for (const Lane& lane : lanes_) ++leaving_[lane.from];
    for (const Lane& lane : lanes_) parts.links.push_back(link(lane));
    // Number 0 is the whole of this picture.
    for (std::size_t& parent : parts.parents) parent = parent == picture_ ? 0 : parent;
    parts.width = kWidth;
    parts.road = 2 * kLaneGap + 4;
    parts.has_ports = true;
    const draw::Layout layout = draw::layout(parts);
    width_ = layout.width;
    height_ = layout.height;
    rows_ = layout.rows;
    for (std::size_t i = 0; i < cards_.size(); ++i) cards_[i].centre = layout.boxes[i];
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      lanes_[i].spline = layout.links[i].line;
      lanes_[i].label = layout.links[i].label;
    }
  }

  // Stations are read in their order; what is no station stands beside them.
  std::optional<std::size_t> turn(const Card& card) const {
    if (card.kind == CardKind::kNode && has_circle(card)) return card.id;
    if (card.kind != CardKind::kBox) return std::nullopt;
    for (NodeId node = 0; node < graph_.size(); ++node) {
      const bool is_station = is_drawn(node) && graph_.node(node).primitive != nullptr;
      if (is_station && groups_.within(groups_.of[node], card.id)) return node;
    }
    return std::nullopt;
  }

  draw::Link link(const Lane& lane) const {
    const std::string name = contribution_name(lane);
    const std::string shape = arriving_shape(lane);
    const double width = std::max(name.empty() ? 0 : text_width(name, 10) + 4,
                                  shape.empty() ? 0 : text_width(shape, 9.6) + 2);
    return {lane.from, lane.to, width, shape.empty() ? 0.0 : 11.0, name.empty() ? 0.0 : 12.0};
  }

  // SVG.

  std::string drawn() {
    constexpr double kRoom = 20;  // around the picture, for markers and frames
    std::string body;
    for (std::size_t g = 1; g < groups_.groups.size(); ++g) body += frame(g);
    for (std::size_t i = 0; i < lanes_.size(); ++i) body += drawn_lane(i);
    for (const Card& card : cards_) body += drawn_card(card);
    for (std::size_t g = groups_.groups.size(); g-- > 1;) body += closed_box(g);
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"circuit\" data-picture=\"{}\" "
        "role=\"group\" viewBox=\"{} {} {} {}\" width=\"{}\" height=\"{}\">\n{}</svg>",
        picture_, -kRoom, -kRoom, number(width_ + 2 * kRoom), number(height_ + 2 * kRoom),
        number(width_ + 2 * kRoom), number(height_ + 2 * kRoom), body);
  }

  bool is_framed(std::size_t g) const {
    const PageGroup& group = groups_.groups[g];
    return !group.own_picture && group.size > 0 && g != picture_ &&
           groups_.picture_of(g) == picture_;
  }

  struct Box {
    double left, top, right, bottom;
  };

  // What a group's frame goes around in each row: its cards, and the frames within.
  std::vector<Box> bounds(std::size_t group) const {
    std::map<std::size_t, Box> boxes;
    for (std::size_t i = 0; i < cards_.size(); ++i) {
      const Card& card = cards_[i];
      if (!groups_.within(card.group, group)) continue;
      Box& box = boxes.try_emplace(rows_[i], Box{1e9, 1e9, -1e9, -1e9}).first->second;
      std::size_t depth = 1;
      for (std::size_t g = card.group; g != group; g = groups_.groups[g].parent) ++depth;
      const double room = kMargin * static_cast<double>(depth);
      const double above = room + kTitle * static_cast<double>(depth) - 3;
      box.left = std::min(box.left, card.centre.x - card.width / 2 - room);
      box.right = std::max(box.right, card.centre.x + card.width / 2 + room);
      box.top = std::min(box.top, card.centre.y - card.height / 2 - above);
      box.bottom = std::max(box.bottom, card.centre.y + card.height / 2 + room);
    }
    std::vector<Box> all;
    for (const auto& [row, box] : boxes) all.push_back(box);
    return all;
  }

  static std::string edge(const Box& box) {
    return fmt::format("<rect class=\"edge\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                       number(box.left), number(box.top), number(box.right - box.left),
                       number(box.bottom - box.top));
  }

  std::string frame_title(std::size_t g, const Box& box, std::string_view sign) const {
    const std::string name = middle_cut(groups_.groups[g].name.in(Language()), 26);
    return fmt::format(
        "<g class=\"fold\" data-fold=\"{}\"><rect class=\"hit\" x=\"{}\" y=\"{}\" width=\"{}\" "
        "height=\"17\"/><text x=\"{}\" y=\"{}\">{} {}</text></g>",
        g, number(box.left + 4), number(box.top + 1), number(text_width(name, 10) + 26),
        number(box.left + 8), number(box.top + 13), sign, html_text(name));
  }

  std::string frame(std::size_t g) const {
    if (!is_framed(g)) return "";
    std::string frames;
    for (const Box& box : bounds(g)) {
      frames += fmt::format("<g class=\"frame\" data-group=\"{}\">{}{}</g>\n", g, edge(box),
                            frame_title(g, box, "−"));
    }
    return frames;
  }

  // Drawn over the stations of its group when that is closed; nothing around it moves. What the
  // group is stands in its last row, where its results are.
  std::string closed_box(std::size_t g) const {
    if (!is_framed(g)) return "";
    const std::vector<Box> boxes = bounds(g);
    std::string closed;
    for (const Box& box : boxes) {
      closed += fmt::format("<g class=\"closed\" data-group=\"{}\">{}{}{}</g>\n", g, edge(box),
                            frame_title(g, box, "+"), &box == &boxes.back() ? summary(g, box) : "");
    }
    return closed;
  }

  // What a group works out, and its results.
  std::string summary(std::size_t g, const Box& box) const {
    const PageGroup& group = groups_.groups[g];
    std::string formulas, cards;
    double y = box.bottom - 14 -
               16 * static_cast<double>(std::min<std::size_t>(group.results.size(), 2) - 1);
    const double height = std::max(20.0, y - box.top - 36);
    for (std::size_t i = 0; i < group.results.size() && i < 2; ++i, y += 16) {
      const NodeId node = group.results[i];
      formulas += group_formula(g, node);
      cards += fmt::format(
          "<g class=\"mini\" data-card=\"{0}\"><text class=\"nm\" x=\"{1}\" y=\"{2}\">{3}</text>"
          "<text class=\"val\" x=\"{4}\" y=\"{2}\"/><text class=\"gv\" x=\"{5}\" y=\"{2}\"/></g>",
          node, number(box.left + 12), number(y), html_text(card_name(node)),
          number(box.left + 18 + text_width(card_name(node), 11)), number(box.right - 12));
    }
    return fmt::format(
        "<foreignObject x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><div "
        "xmlns=\"http://www.w3.org/1999/xhtml\" class=\"textbook\">{}</div></foreignObject>{}",
        number(box.left + 4), number(box.top + 22), number(box.right - box.left - 8),
        number(height), formulas, cards);
  }

  std::string group_formula(std::size_t g, NodeId result) const {
    constexpr std::size_t kMostWrittenOut = 12;
    if (groups_.groups[g].size > kMostWrittenOut) return "";
    std::set<NodeId> inside;
    for (NodeId node = 0; node < graph_.size(); ++node) {
      const bool station =
          graph_.place(node).part == Part::kForward && graph_.node(node).primitive != nullptr;
      if (station && groups_.within(groups_.of[node], g)) inside.insert(node);
    }
    for (const NodeId other : groups_.groups[g].results) {
      if (other != result) inside.erase(other);
    }
    return write::group_mathml(graph_, result, inside);
  }

  static std::string path(const Spline& line, std::string_view classes) {
    return fmt::format("<path class=\"{}\" d=\"{}\"/>", classes, PathData(line).text());
  }

  static std::string head(Point tip, double direction, std::string_view classes) {
    return fmt::format("<path class=\"{}\" d=\"M{}l{} 4v-8z\"/>", classes, near(tip),
                       number(-8 * direction));
  }

  std::string drawn_lane(std::size_t number_of_lane) const {
    const Lane& lane = lanes_[number_of_lane];
    Spline forward = beside(lane.spline, -kLaneGap);
    const Point tip = forward.back();
    forward.back().x -= 6;
    std::string inner = path(forward, "fw") + head(tip, 1, "fh");
    const Point at = lane.label;
    const std::string name = contribution_name(lane);
    if (!lane.gradients.empty()) {
      Spline back = beside(lane.spline, kLaneGap);
      std::reverse(back.begin(), back.end());
      const Point back_tip = back.back();
      back.back().x += 6;
      inner += path(back, "bw") + head(back_tip, -1, "bh");
    }
    if (!name.empty()) {
      inner += fmt::format("<text class=\"cn\" x=\"{}\" y=\"{}\">{}</text>", number(at.x),
                           number(at.y + 15), html_text(name));
    }
    const std::string shape = arriving_shape(lane);
    if (!shape.empty()) {
      inner += fmt::format("<text class=\"bc\" x=\"{}\" y=\"{}\">{}<title>{} {}</title></text>",
                           number(at.x), number(at.y - 8), shape, shape_of(lane.value), shape);
    }
    std::string gradients;
    for (const NodeId id : lane.gradients) gradients += fmt::format(" {}", id);
    if (!gradients.empty()) gradients.erase(0, 1);
    return fmt::format("<g class=\"lane\" data-v=\"{}\" data-g=\"{}\"{}{}>{}</g>\n", lane.value,
                       gradients, name.empty() ? "" : fmt::format(" data-at=\"{}\"", near(at)),
                       inside_of(lane), inner);
  }

  // Where very many lanes leave a card, they run as one, and nothing is written at them.
  bool is_crowded(const Lane& lane) const {
    constexpr std::size_t kMostApart = 4;
    return leaving_.at(lane.from) > kMostApart;
  }

  std::string contribution_name(const Lane& lane) const {
    if (is_crowded(lane) || lane.gradients.size() != 1 || graph_.place(lane.gradients[0]).n < 2)
      return "";
    return middle_cut(graph_.name(lane.gradients[0]), 11);
  }

  // Where a broadcast is folded into the lane.
  std::string arriving_shape(const Lane& lane) const {
    const bool is_same = lane.arrives == graph_.node(lane.value).shape;
    if (is_crowded(lane) || is_same) return "";
    return "→ " + to_string(lane.arrives);
  }

  // The innermost group that has both ends: the lane is hidden where that is closed.
  std::string inside_of(const Lane& lane) const {
    std::size_t group = cards_[lane.from].group;
    while (group != picture_ && !groups_.within(cards_[lane.to].group, group)) {
      group = groups_.groups[group].parent;
    }
    return group == picture_ ? "" : fmt::format(" data-group=\"{}\"", group);
  }

  std::string_view role_class(const Card& card) const {
    if (card.kind == CardKind::kBox) return "box";
    if (card.kind != CardKind::kNode) return "port";
    const auto id = static_cast<NodeId>(card.id);
    return write::role_name(graph_.node(id).role,
                            outputs_.count(id) > 0 ? "station output" : "station");
  }

  std::string drawn_card(const Card& card) const {
    return card.kind == CardKind::kBox ? drawn_box(card) : drawn_node(card);
  }

  std::string opening(const Card& card, std::string_view data) const {
    const std::string group =
        card.group == picture_ ? "" : fmt::format(" data-group=\"{}\"", card.group);
    return fmt::format("<g class=\"card {}\" {}=\"{}\"{} transform=\"translate({})\">",
                       role_class(card), data, card.id, group, near(card.centre));
  }

  std::string drawn_box(const Card& card) const {
    const double w = card.width;
    const PageGroup& group = groups_.groups[card.id];
    return opening(card, "data-open") +
           fmt::format(
               "<rect class=\"ground\" x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"{3}\"/>"
               "<text class=\"bt\" x=\"0\" y=\"-10\">{4}</text><text class=\"bs\" x=\"0\" "
               "y=\"8\">{5} ⊞</text><rect class=\"bar\" x=\"{6}\" y=\"17\" width=\"{7}\" "
               "height=\"4\"/><rect class=\"done\" x=\"{6}\" y=\"17\" width=\"0\" "
               "data-width=\"{7}\" height=\"4\"/></g>\n",
               number(-w / 2), number(-card.height / 2), number(w), number(card.height),
               html_text(box_title(card.id)), group.size, number(-w / 2 + 12), number(w - 24));
  }

  // A long symbol is set smaller, to stay within its circle.
  static std::string_view symbol_class(std::string_view symbol) {
    const double width = text_width(symbol, 1);
    return width > 2 ? "sym long" : "sym";
  }

  std::string drawn_node(const Card& card) const {
    const auto id = static_cast<NodeId>(card.id);
    const Node& node = graph_.node(id);
    const bool circle = has_circle(card);
    const double left = -card.width / 2 + (circle ? kRadius : 0);
    const double text = circle ? left + kRadius + 3 : left + kPadding;
    const double right = card.width / 2;
    const double top = -card.height / 2;
    const std::string name = card_name(id);
    std::string inner =
        fmt::format("<rect class=\"ground\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                    number(left), number(top), number(right - left), number(card.height));
    if (circle) {
      inner += fmt::format(
          "<circle class=\"prim\" cx=\"{0}\" r=\"{1}\"/><text class=\"{2}\" x=\"{0}\" "
          "y=\"2\">{3}</text><text class=\"st\" x=\"{0}\" y=\"13\">{4}</text>",
          number(left), kRadius, symbol_class(node.primitive->symbol),
          html_text(node.primitive->symbol), node.place.station);
    }
    inner += fmt::format(
        "<text class=\"nm\" x=\"{0}\" y=\"{1}\">{2}</text><text class=\"sh\" x=\"{3}\" "
        "y=\"{1}\">{4}</text><text class=\"val\" x=\"{3}\" y=\"{5}\"/>",
        number(text), number(top + 14), html_text(name), number(right - 5), shape_of(id),
        number(top + 26));
    if (ledger_.gradient(id) != kNoNode) {
      inner += fmt::format(
          "<rect class=\"slot\" x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"15\"/><text "
          "class=\"gn\" x=\"{3}\" y=\"{4}\">{5}</text><text class=\"gv\" x=\"{6}\" y=\"{4}\"/>",
          number(text - 4), number(top + 30), number(right - text + 1), number(text),
          number(top + 42), html_text(gradient_name(id)), number(right - 5));
    }
    return opening(card, "data-card") + inner + "</g>\n";
  }

  static constexpr std::size_t kOutside = static_cast<std::size_t>(-1);

  const Graph& graph_;
  const Ledger& ledger_;
  const PageGroups& groups_;
  std::size_t picture_;
  std::set<NodeId> outputs_;
  std::vector<Card> cards_;
  std::vector<Lane> lanes_;
  std::map<std::pair<CardKind, std::size_t>, std::size_t> card_;
  std::map<std::tuple<std::size_t, std::size_t, NodeId>, std::size_t> lane_;
  std::map<std::size_t, std::size_t> leaving_;  // how many lanes leave each card
  std::vector<std::size_t> rows_;               // of the cards
  double width_ = 0;
  double height_ = 0;
};

}  // namespace

std::vector<PagePicture> page_pictures(const Trace& trace, const Ledger& ledger,
                                       const PageGroups& groups, std::span<const NodeId> outputs) {
  std::vector<PagePicture> pictures;
  const draw::CircuitMap map = draw::circuit_map(trace, ledger, false, outputs);
  for (std::size_t g = 0; g < groups.groups.size(); ++g) {
    const bool drawn = g == 0 || (groups.groups[g].own_picture && groups.groups[g].size > 0);
    if (drawn) pictures.push_back({g, Sketch(trace, ledger, groups, g, outputs, map).svg()});
  }
  return pictures;
}

}  // namespace backstep::page
