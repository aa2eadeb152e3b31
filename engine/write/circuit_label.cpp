// The labels of a circuit's picture: names, shapes, first numbers, and sums of contributions.
#include "engine/write/circuit_label.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/write/dot_text.h"
#include "engine/write/flow_scale.h"

namespace backstep::write {
namespace {

constexpr double kNamePoints = 15;
constexpr double kSmallPoints = 11;
constexpr double kStationPoints = 10;
constexpr std::size_t kLongestName = 18;
constexpr std::size_t kMostTerms = 3;  // of a sum; a longer one is cut in the middle

std::string bold(std::string_view html) { return fmt::format("<B>{}</B>", html); }
std::string italic(std::string_view html) { return fmt::format("<I>{}</I>", html); }

// A broadcast that is drawn unfolded has no name of its own: it is "mu⇉", and its gradient "dmu⇉".
std::string short_name(const Graph& graph, NodeId node) {
  const Place& place = graph.place(node);
  const bool is_gradient = place.of != kNoNode;
  const NodeId value = is_gradient ? place.of : node;
  if (!graph.place(value).folded) return label_text(middle_cut(graph.name(node), kLongestName));
  const std::string name = (is_gradient ? "d" : "") + graph.name(unfolded(graph, value));
  return label_text(middle_cut(name, kLongestName) + "⇉");
}

bool all_finite(ConstView value) {
  return std::all_of(value.begin(), value.end(), [](double x) { return std::isfinite(x); });
}

// A symbol of several letters is set smaller, so that it stays within its circle.
double symbol_points(std::string_view symbol) {
  const double wanted = 36 / text_width(symbol, 1);
  return std::clamp(wanted, 11.0, 19.0);
}

}  // namespace

std::string font(std::string_view html, double points, std::string_view colour) {
  return fmt::format("<FONT POINT-SIZE=\"{}\" COLOR=\"{}\">{}</FONT>", points, colour, html);
}

std::string row(std::string_view html, std::string_view fill) {
  const std::string ground = fill.empty() ? "" : fmt::format(" BGCOLOR=\"{}\"", fill);
  return fmt::format("<TR><TD{}>{}</TD></TR>", ground, html);
}

std::string table(std::string_view rows) {
  return fmt::format(
      "<<TABLE BORDER=\"0\" CELLBORDER=\"0\" CELLSPACING=\"0\" CELLPADDING=\"0\">{}</TABLE>>",
      rows);
}

std::vector<std::string> first_numbers(ConstView value) {
  if (value.size() == 1) return {number_text(*value.begin())};
  std::vector<std::string> texts = {number_text(value.begin()[0], 3),
                                    number_text(value.begin()[1], 3)};
  if (value.size() == 2) return texts;
  const auto odd = std::find_if(value.begin() + 2, value.end(),
                                [](double number) { return !std::isfinite(number); });
  texts.back() += odd == value.end() ? " …" : " … " + number_text(*odd);
  return texts;
}

// As many rows whether the value is there or not, so that nothing moves when it comes. In the flow
// picture, of a gradient its size alone.
std::string CircuitLabels::numbers(NodeId node, std::string_view ink,
                                   std::string_view ground) const {
  const ConstView value = trace_.value(node);
  const bool is_size = flow_ && graph_.place(node).part != Part::kForward;
  if (!values_ && !is_size) return "";
  std::vector<std::string> texts = {number_text(largest(value), 2)};
  if (!is_size) texts = first_numbers(value);
  std::string rows;
  for (const std::string& text : texts) {
    const std::string shown = all_finite(value) ? text : bold(text);
    rows += row(moment_.has(node) ? font(shown, kSmallPoints, ink)
                                  : font(" ", kSmallPoints, colour::kEmpty),
                ground);
  }
  return rows;
}

// The ground behind what an event of the step is about; a partial sum is about the whole.
std::string_view CircuitLabels::mark(NodeId node) const {
  const auto is_about = [&](const Event* event) {
    if (!marks_ || event == nullptr) return false;
    return event->node == node || (event->kind == EventKind::kPartial &&
                                   ledger_.gradient(graph_.place(event->node).of) == node);
  };
  if (is_about(moment_.just_done())) return colour::kJustDone;
  return is_about(moment_.next()) ? colour::kNext : std::string_view();
}

std::string CircuitLabels::stop(const Stop& stop) const {
  switch (stop.kind) {
    case StopKind::kLeaf:
      return box(stop.node, true);
    case StopKind::kOutput:
      return box(stop.node, false);
    case StopKind::kJunction:
      return row(font(bold("+"), kNamePoints,
                      moment_.has(ledger_.gradient(stop.node)) ? colour::kRed : colour::kEmpty));
    case StopKind::kStation:
      break;
  }
  return station(stop.node);
}

std::string CircuitLabels::box(NodeId node, bool is_leaf) const {
  const std::string name = label_text(middle_cut(name_in_formula(graph_, node), kLongestName));
  const bool is_scalar = graph_.node(node).shape.is_scalar();
  std::string rows = row(font(bold(name), kNamePoints, colour::kInk));
  if (!is_scalar)
    rows += row(font(to_string(graph_.node(node).shape), kSmallPoints, colour::kGrey));
  const bool is_number = graph_.node(node).name.empty() && is_leaf;
  if (!is_number) rows += numbers(node, colour::kInk, "");
  return is_leaf && ledger_.contributions(node).size() > 1 ? rows + sum_of(node) : rows;
}

std::string CircuitLabels::station(NodeId node) const {
  const std::string_view symbol = graph_.node(node).primitive->symbol;
  const std::uint16_t number = graph_.place(node).station;
  std::string rows = row(font(label_text(symbol), symbol_points(symbol), colour::kInk));
  if (number > 0 && !graph_.place(node).folded) {
    rows += row(font(fmt::format("{}", number), kStationPoints, colour::kGrey));
  }
  return rows;
}

// "dx", "= dx1", "+ dx2", each name grey until it is there, and how far the sum has come.
std::string CircuitLabels::sum_of(NodeId node) const {
  const auto contributions = ledger_.contributions(node);
  const NodeId gradient = ledger_.gradient(node);
  const std::string_view ground = mark(gradient);
  std::string rows = gradient_name(gradient);
  for (std::size_t i = 0; i < contributions.size(); ++i) {
    if (contributions.size() > kMostTerms && i == 1) {
      rows += row(font("+ …", kSmallPoints, colour::kGrey), ground);
      i = contributions.size() - 2;
      continue;
    }
    const std::string term = (i == 0 ? "= " : "+ ") + italic(short_name(graph_, contributions[i]));
    rows += row(font(term, kSmallPoints, gradient_ink(contributions[i])), ground);
  }
  return rows + numbers(gradient, colour::kRed, ground);
}

std::string_view CircuitLabels::gradient_ink(NodeId gradient) const {
  return moment_.has(gradient) ? colour::kRed : colour::kEmpty;
}

std::string CircuitLabels::gradient_name(NodeId gradient) const {
  const std::string name = bold(italic(short_name(graph_, gradient)));
  return row(font(name, kNamePoints - 1, gradient_ink(gradient)), mark(gradient));
}

std::string CircuitLabels::forward(const CircuitMap& map, const Road& road) const {
  const StopKind from = map.stops[road.from].kind;
  const Shape shape = graph_.node(road.value).shape;
  const bool is_repeated = road.arrives != shape;
  const bool is_constant = graph_.node(road.value).role == Role::kConstant;
  std::string rows;
  const bool is_named = from == StopKind::kStation && map.stops[road.to].kind != StopKind::kOutput;
  if (is_named) rows += row(font(bold(short_name(graph_, road.value)), kNamePoints, colour::kInk));
  if (is_repeated && !(is_constant && shape.is_scalar())) {
    rows += row(font(to_string(shape), kSmallPoints, colour::kInk));
    rows += row(font("→ " + to_string(road.arrives), kSmallPoints, colour::kInk));
  } else if (is_named && !shape.is_scalar()) {
    rows += row(font(to_string(shape), kSmallPoints, colour::kGrey));
  }
  if (is_named) rows += numbers(road.value, colour::kInk, "");
  return rows;
}

std::string CircuitLabels::backward(const CircuitMap& map, const Road& road) const {
  if (road.gradient == kNoNode) return "";
  const bool is_trunk = map.stops[road.to].kind == StopKind::kJunction;
  if (is_trunk) return sum_of(road.value);
  return gradient_name(road.gradient) + numbers(road.gradient, colour::kRed, mark(road.gradient));
}

}  // namespace backstep::write
