// The lines under a step, from the formulas of the nodes that ran.
#include "engine/walk/numbers.h"

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/walk/words.h"

namespace backstep::walk {

std::string rule_text(const Graph& graph, NodeId node) {
  const std::string rule = local_formula(graph, node);
  if (rule.empty() || graph.place(node).part != Part::kContribution) return rule;
  return local_formula(graph, use_of(graph, node).user) + "  →  " + rule;
}

std::string element_title(const Graph& graph, NodeId node) {
  return is_written_out(graph, node) ? "(" + expression(graph, node) + ")" : graph.name(node);
}

std::string element_name(const Graph& graph, NodeId node, int row, int col) {
  return element_title(graph, node) + place_text(graph.node(node).shape, row, col);
}

std::string numbers_text(const Trace& trace, NodeId node, int row, int col, Language language,
                         bool whole) {
  const Graph& graph = trace.graph();
  const std::string name = element_name(graph, node, row, col);
  const std::string value = number_text(trace.value(node)(row, col));
  if (graph.node(node).primitive == nullptr) {
    return fmt::format("{} = {}, {}", name, value, say(language, words::kGiven));
  }
  const std::string made_of = whole ? expression_with_numbers(trace, node, row, col) : value;
  return made_of == value ? fmt::format("{} = {}", name, value)
                          : fmt::format("{} = {} = {}", name, made_of, value);
}

}  // namespace backstep::walk
