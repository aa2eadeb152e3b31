// How a circuit looks: shapes, colours, lines, the marks of a step, and what stands below.
#include "engine/write/circuit_drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/write/dot_text.h"

namespace backstep::write {
namespace {

constexpr double kArrowSize = CircuitDrawing::kArrowLength / 10;
constexpr double kBold = 2.1;
constexpr double kCaptionPoints = 14;
constexpr double kLegendPoints = 11;
constexpr double kLineHeight = 20;

// No line begins with a dot: the space before it does not break.
constexpr auto kLegend = Words(
    "dark, solid: values forward\u00a0· red, dashed: gradients back\u00a0· + sums contributions"
    "\u00a0· blue box: input\u00a0· thick box: parameter\u00a0· grey: constant\u00a0· green: "
    "output");
constexpr auto kStepLegend =
    Words("yellow, thick: just done\u00a0· blue: next\u00a0· grey, dotted: not there yet");
constexpr auto kStep = Words("Step {0} of {1}");
constexpr auto kStart = Words("Nothing is done yet: only the leaves have values.");
constexpr auto kFlowLogarithmic = Words(
    "width and colour of a red lane: the largest |number| in its gradient, on a logarithmic scale");
constexpr auto kFlowLinear = Words(
    "width and colour of a red lane: the largest |number| in its gradient, on a linear scale");
constexpr auto kFlowZero = Words("dotted: exactly 0");

std::string_view fill_of(Role role) {
  switch (role) {
    case Role::kInput:
      return colour::kInput;
    case Role::kParameter:
      return colour::kParameter;
    case Role::kConstant:
      return colour::kConstant;
    case Role::kOperation:
      break;
  }
  return colour::kOutput;
}

}  // namespace

CircuitDrawing::CircuitDrawing(const Trace& trace, const DotOptions& options)
    : trace_(trace),
      graph_(trace.graph()),
      options_(options),
      ledger_(trace),
      moment_(trace, ledger_, options.done),
      map_(draw::circuit_map(trace, ledger_, options.unfold, options.outputs)),
      labels_(trace, ledger_, moment_, options.values && !is_large(), options.flow, options.step) {
  if (!options.flow) return;
  std::vector<double> sizes;
  for (const Road& road : map_.roads) {
    if (road.gradient != kNoNode) sizes.push_back(largest(trace.value(road.gradient)));
  }
  flow_.emplace(sizes);
}

std::string CircuitDrawing::stop_id(std::size_t stop) const {
  const Stop& it = map_.stops[stop];
  const char kind = it.kind == StopKind::kJunction ? 'j' : it.kind == StopKind::kOutput ? 'o' : 'n';
  return fmt::format("{}{}", kind, it.node);
}

std::string CircuitDrawing::forward_id(const Road& road) const {
  if (road.user != kNoNode) return fmt::format("v{}_{}_{}", road.value, road.user, road.argument);
  const bool is_trunk = map_.stops[road.to].kind == StopKind::kJunction;
  return fmt::format("v{}_{}", road.value, is_trunk ? 'j' : 'o');
}

std::string CircuitDrawing::backward_id(const Road& road) const {
  return fmt::format("g{}", road.gradient);
}

// Whether the event is about this value or gradient; a partial sum is about the whole.
bool CircuitDrawing::is_marked(const Event* event, NodeId node) const {
  if (!options_.step || event == nullptr || node == kNoNode) return false;
  return event->node == node || (event->kind == EventKind::kPartial &&
                                 ledger_.gradient(graph_.place(event->node).of) == node);
}

bool CircuitDrawing::is_bold(NodeId node) const {
  return is_marked(moment_.just_done(), node) || node == options_.highlight;
}

std::string CircuitDrawing::marked(NodeId node, std::string attributes) const {
  if (node == kNoNode) return attributes;
  if (is_bold(node)) {
    return attributes + fmt::format(", penwidth=3.2, fillcolor=\"{}\"", colour::kJustDone);
  }
  if (is_marked(moment_.next(), node)) {
    return attributes +
           fmt::format(", penwidth=2.4, fillcolor=\"{}\", color=\"#2458b8\"", colour::kNext);
  }
  return attributes;
}

std::string CircuitDrawing::stop_attributes(std::size_t index) const {
  const Stop& stop = map_.stops[index];
  const bool is_box = stop.kind == StopKind::kLeaf || stop.kind == StopKind::kOutput;
  const std::string label = table(labels_.stop(stop));
  return fmt::format("id=\"{}\", tooltip={}, {}, label={}", stop_id(index),
                     dot_quoted(graph_.name(stop.node)),
                     is_box ? box_attributes(stop) : round_attributes(stop), label);
}

std::string CircuitDrawing::box_attributes(const Stop& stop) const {
  const bool is_leaf = stop.kind == StopKind::kLeaf;
  const Role role = is_leaf ? graph_.node(stop.node).role : Role::kOperation;
  const bool is_there = moment_.has(stop.node);
  std::string attributes = fmt::format(
      "class=\"{}\", shape=box, style=\"{}filled{}\", margin=\"0.07,0.05\", height=0.4, "
      "width=0.4, fillcolor=\"{}\", color=\"{}\"",
      is_leaf ? "leaf" : "output", role == Role::kConstant ? "" : "rounded,",
      is_there ? "" : ",dashed", is_there ? fill_of(role) : colour::kCard,
      is_there ? "#5f6b7a" : colour::kEmpty);
  if (role == Role::kParameter) attributes += ", penwidth=2.6";
  return marked(ledger_.gradient(stop.node), marked(stop.node, attributes));
}

std::string CircuitDrawing::round_attributes(const Stop& stop) const {
  const bool is_station = stop.kind == StopKind::kStation;
  const NodeId node = is_station ? stop.node : ledger_.gradient(stop.node);
  const bool is_there = moment_.has(node);
  const std::string_view ink = is_station ? colour::kInk : colour::kRed;
  const std::string_view ground = is_station ? colour::kStation : colour::kCard;
  const std::string attributes = fmt::format(
      "class=\"{}\", shape=circle, fixedsize=true, width={}, style=\"filled{}\", "
      "fillcolor=\"{}\", color=\"{}\", penwidth=1.2",
      is_station ? "station" : "junction", is_station ? 0.6 : 0.26, is_there ? "" : ",dashed",
      is_there ? ground : colour::kCard, is_there ? ink : colour::kEmpty);
  return marked(node, attributes);
}

double CircuitDrawing::forward_width() const { return options_.flow ? 1 : 1.3; }

std::string CircuitDrawing::forward_attributes(const Road& road) const {
  const bool is_there = moment_.has(road.value);
  const std::string_view ink = options_.flow ? "#aab4bf" : colour::kInk;
  const double emphasis = is_bold(road.value) ? kBold : 1;
  return fmt::format(
      "id=\"{}\", class=\"value\", color=\"{}\", style={}, penwidth={}, arrowhead={}, "
      "arrowsize={}",
      forward_id(road), is_there ? ink : colour::kEmpty, is_there ? "solid" : "dotted",
      emphasis * forward_width(),
      map_.stops[road.to].kind == StopKind::kJunction ? "none" : "normal", kArrowSize);
}

double CircuitDrawing::flow_fraction(NodeId gradient) const {
  return flow_->fraction(largest(trace_.value(gradient)));
}

double CircuitDrawing::backward_width(const Road& road) const {
  if (road.gradient == kNoNode) return 0;
  return flow_ ? FlowScale::width(flow_fraction(road.gradient)) : 1.4;
}

std::string CircuitDrawing::flow_attributes(NodeId gradient) const {
  const double fraction = flow_fraction(gradient);
  const bool is_zero = largest(trace_.value(gradient)) == 0;
  return fmt::format("color=\"{}\", style={}", FlowScale::colour(fraction),
                     is_zero ? "dotted" : "solid");
}

std::string CircuitDrawing::backward_attributes(const Road& road) const {
  const bool is_there = moment_.has(road.gradient);
  const std::string line = !is_there ? fmt::format("color=\"{}\", style=dotted", colour::kEmpty)
                           : flow_   ? flow_attributes(road.gradient)
                                     : fmt::format("color=\"{}\", style=dashed", colour::kRed);
  const double emphasis = is_bold(road.gradient) ? kBold : 1;
  return fmt::format(
      "id=\"{}\", class=\"gradient\", {}, penwidth={:.4g}, arrowhead={}, arrowsize={}",
      backward_id(road), line, is_there ? emphasis * backward_width(road) : 1.2,
      flow_ ? "normal" : "onormal", kArrowSize);
}

// Graphviz draws the outline of an arrow with the pen of its lane; from 4 points on the arrow is
// wider too. The outline's corner stands out beyond the tip.
double CircuitDrawing::arrow_excess(double width) {
  const double half_width = 0.35 * std::max(1.0, width / 4);
  return width / 2 * std::hypot(1, half_width) / half_width;
}

// ---- what stands below --------------------------------------------------------------------------

std::vector<std::string> CircuitDrawing::event_lines(const Event& event, double width) const {
  std::vector<std::string> lines =
      wrapped(sentence(graph_, event, options_.language), kCaptionPoints, width);
  const bool is_formula = graph_.node(event.node).primitive != nullptr;
  if (!is_formula) return lines;
  for (std::string& line : wrapped(formula(graph_, event.node), kCaptionPoints, width)) {
    lines.push_back(std::move(line));
  }
  return lines;
}

void CircuitDrawing::add_step(std::vector<Line>& lines, double width) const {
  std::size_t most = 1;
  for (const Event& event : trace_.events()) {
    most = std::max(most, event_lines(event, width).size());
  }
  const std::string heading = say(options_.language, kStep, moment_.done(), trace_.events().size());
  lines.push_back({font(label_text(heading), kLegendPoints, colour::kGrey), kLineHeight});
  std::vector<std::string> words = {say(options_.language, kStart)};
  if (moment_.just_done() != nullptr) words = event_lines(*moment_.just_done(), width);
  words.resize(std::max(most, words.size()), " ");
  for (const std::string& line : words) {
    lines.push_back({font(label_text(line), kCaptionPoints, colour::kInk), kLineHeight});
  }
}

void CircuitDrawing::add_legend(std::vector<Line>& lines, double width) const {
  const auto add = [&](std::string_view text) {
    for (const std::string& line : wrapped(text, kLegendPoints, width)) {
      lines.push_back({font(label_text(line), kLegendPoints, colour::kGrey), 16});
    }
  };
  if (flow_) return add_flow_legend(lines, width);
  add(say(options_.language, kLegend));
  if (options_.step) add(say(options_.language, kStepLegend));
}

// Four lanes, each with the size that it stands for.
void CircuitDrawing::add_flow_legend(std::vector<Line>& lines, double width) const {
  const Words words = flow_->is_logarithmic() ? kFlowLogarithmic : kFlowLinear;
  for (const std::string& line : wrapped(say(options_.language, words), kLegendPoints, width)) {
    lines.push_back({font(label_text(line), kLegendPoints, colour::kInk), 16});
  }
  std::string cells;
  for (const double fraction : {0.0, 1 / 3.0, 2 / 3.0, 1.0}) {
    const bool is_least = fraction == 0 && flow_->is_logarithmic();
    const std::string size = (is_least ? "≤ " : "") + number_text(flow_->size(fraction), 2);
    cells += fmt::format(
        "<TD><TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"0\" CELLSPACING=\"0\"><TR>"
        "<TD FIXEDSIZE=\"TRUE\" WIDTH=\"44\" HEIGHT=\"{:.4g}\" BGCOLOR=\"{}\"></TD></TR></TABLE>"
        "</TD><TD>{}</TD><TD WIDTH=\"14\"></TD>",
        FlowScale::width(fraction), FlowScale::colour(fraction),
        font(label_text(size), kLegendPoints, colour::kInk));
  }
  cells +=
      "<TD>" + font(label_text(say(options_.language, kFlowZero)), kLegendPoints, colour::kInk);
  lines.push_back({"<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLPADDING=\"2\" CELLSPACING=\"0\"><TR>" +
                       cells + "</TD></TR></TABLE>",
                   22});
}

std::vector<CircuitDrawing::Line> CircuitDrawing::caption(double width) const {
  std::vector<Line> lines;
  if (options_.step) add_step(lines, width);
  add_legend(lines, width);
  return lines;
}

}  // namespace backstep::write
