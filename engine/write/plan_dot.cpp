// The picture of a plan as DOT text.
#include "engine/write/plan_dot.h"

#include <fmt/core.h>

#include "engine/look.h"
#include "engine/write/dot_text.h"

namespace backstep::write {
namespace {

constexpr std::size_t kLongestName = 24;

class PlanDrawing {
 public:
  PlanDrawing(const Graph& graph, const Schedule& schedule, Language language)
      : graph_(graph), schedule_(schedule), language_(language) {}

  std::string text() {
    result_ =
        "digraph plan {\n"
        "  graph [rankdir=LR, fontname=\"DejaVu Sans\", fontsize=11, bgcolor=white];\n"
        "  node [fontname=\"DejaVu Sans\", fontsize=10, height=0.3, margin=\"0.08,0.04\"];\n"
        "  edge [arrowsize=0.6, color=\"#555555\"];\n";
    for (NodeId node = 0; node < graph_.size(); ++node) {
      if (schedule_.at[node] == Schedule::kNever && is_drawn(node)) add_node(node, "  ");
    }
    for (std::size_t step = 0; step < schedule_.steps.size(); ++step) add_step(step);
    for (NodeId node = 0; node < graph_.size(); ++node) add_edges(node);
    return result_ + "}\n";
  }

 private:
  // Numbers of the text are part of what uses them, and so is what repeats a value.
  bool is_drawn(NodeId node) const {
    const Node& is = graph_.node(node);
    const bool number = is.primitive == nullptr && is.role == Role::kConstant && is.name.empty();
    return !number && !repeats(node);
  }
  bool repeats(NodeId node) const {
    const Primitive* primitive = graph_.node(node).primitive;
    return primitive == &primitives::broadcast() && !schedule_.stored[node];
  }

  void add_step(std::size_t number) {
    const Step& step = schedule_.steps[number];
    const std::string what = !step.is_loop ? std::string(graph_.node(step.nodes[0]).primitive->name)
                             : step.rows == 1
                                 ? say(language_, Words("loop over 1 row"))
                                 : say(language_, Words("loop over {0} rows"), step.rows);
    const std::string title = fmt::format("{}. {}", number + 1, what);
    result_ += fmt::format(
        "  subgraph cluster_{} {{\n    label={}; labeljust=l; style=\"rounded,filled\";\n"
        "    color=\"#777777\"; fillcolor=\"{}\";\n",
        number + 1, dot_quoted(title), step.is_loop ? "#eef4fb" : "#fdf3e3");
    for (const NodeId node : step.nodes) {
      if (is_drawn(node)) add_node(node, "    ");
    }
    result_ += "  }\n";
  }

  void add_node(NodeId node, const char* margin) {
    const bool leaf = graph_.node(node).primitive == nullptr;
    const char* look = leaf                     ? "shape=box, style=rounded"
                       : schedule_.stored[node] ? "shape=box, style=filled, fillcolor=white"
                                                : "shape=plaintext";
    std::string label = middle_cut(graph_.name(node), kLongestName);
    if (leaf || schedule_.stored[node]) label += " " + to_string(graph_.node(node).shape);
    result_ += fmt::format("{}n{} [label={}, {}];\n", margin, node, dot_quoted(label), look);
  }

  void add_edges(NodeId node) {
    if (!is_drawn(node)) return;
    for (std::size_t i = 0; i < graph_.arity(node); ++i) {
      NodeId from = graph_.input(node, i);
      while (repeats(from)) from = graph_.input(from, 0);
      if (is_drawn(from)) result_ += fmt::format("  n{} -> n{};\n", from, node);
    }
  }

  const Graph& graph_;
  const Schedule& schedule_;
  Language language_;
  std::string result_;
};

}  // namespace

std::string plan_dot(const Graph& graph, const Schedule& schedule, Language language) {
  return PlanDrawing(graph, schedule, language).text();
}

}  // namespace backstep::write
