// What a gradient is made of: sums, and the words of their rows.
#include "engine/walk/sums.h"

#include <algorithm>
#include <cmath>

#include "engine/expression.h"
#include "engine/walk/words.h"

namespace backstep::walk {
namespace {

double largest(ConstView value) {
  double size = 0;
  for (const double x : value) {
    if (std::isfinite(x)) size = std::max(size, std::abs(x));
  }
  return size;
}

}  // namespace

std::vector<std::vector<NodeId>> running_sums(const Trace& trace, const Ledger& ledger) {
  const Graph& graph = trace.graph();
  std::vector<std::vector<NodeId>> sums(graph.size());
  for (NodeId id = 0; id < graph.size(); ++id) {
    const auto contributions = ledger.contributions(id);
    if (contributions.size() > 1) sums[id].push_back(contributions.front());
  }
  for (const Event& event : trace.events()) {
    if (event.kind == EventKind::kPartial) sums[graph.place(event.node).of].push_back(event.node);
  }
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (ledger.gradient(id) != kNoNode) sums[id].push_back(ledger.gradient(id));
  }
  return sums;
}

double shared_range(const Trace& trace, const Ledger& ledger,
                    const std::vector<std::vector<NodeId>>& sums, NodeId node) {
  const Graph& graph = trace.graph();
  const NodeId of = graph.place(node).of;
  double range = largest(trace.value(node));
  const bool is_gradient = of != kNoNode && graph.node(of).shape == graph.node(node).shape;
  if (!is_gradient) return range;
  for (const NodeId part : ledger.contributions(of)) {
    range = std::max(range, largest(trace.value(part)));
  }
  for (const NodeId sum : sums[of]) range = std::max(range, largest(trace.value(sum)));
  return range;
}

std::string ledger_title(const std::string& name, std::size_t uses, Language language) {
  return say(language, words::kLedger, name, uses);
}

std::string ledger_source(const Graph& graph, NodeId contribution, Language language) {
  const NodeId user = use_of(graph, contribution).user;
  return say(language, words::kThrough, graph.place(user).station, title(graph, user));
}

std::string ledger_sum(std::size_t added, std::size_t uses, Language language) {
  const bool is_partial = added > 0 && added < uses;
  return is_partial ? say(language, words::kSumSoFar, added, uses) : say(language, words::kSum);
}

}  // namespace backstep::walk
