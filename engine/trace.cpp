// The record of a run: its events from the places of its nodes, and the ledger of its gradients.
#include "engine/trace.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace backstep {
namespace {

// What is sent to a folded broadcast goes on to the value behind it, as one contribution.
bool has_event(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const Place& place = node.place;
  switch (place.part) {
    case Part::kForward:
      return node.primitive != nullptr && !place.folded;
    case Part::kSeed:
      return true;
    case Part::kInside:
      return false;
    default:
      return !graph.place(place.of).folded;
  }
}

EventKind kind_of(Part part) {
  switch (part) {
    case Part::kSeed:
      return EventKind::kSeed;
    case Part::kContribution:
      return EventKind::kContribution;
    case Part::kPartial:
      return EventKind::kPartial;
    case Part::kGradient:
      return EventKind::kFinal;
    default:
      return EventKind::kForward;
  }
}

bool all_finite(ConstView view) {
  return std::all_of(view.begin(), view.end(), [](double value) { return std::isfinite(value); });
}

}  // namespace

Trace::Trace(Graph graph, std::unique_ptr<double[]> values, std::vector<std::size_t> offsets)
    : graph_(std::move(graph)), values_(std::move(values)), offsets_(std::move(offsets)) {
  for (NodeId node = 0; node < graph_.size(); ++node) {
    if (has_event(graph_, node)) events_.push_back({kind_of(graph_.place(node).part), node});
  }
}

Ledger::Ledger(const Trace& trace)
    : contributions_(trace.graph().size()),
      gradient_(trace.graph().size(), kNoNode),
      written_by_(trace.graph().size(), kNever) {
  const Graph& graph = trace.graph();
  for (NodeId node = 0; node < graph.size(); ++node) {
    const Place& place = graph.place(node);
    if (place.part == Part::kContribution) contributions_[place.of].push_back(node);
    const bool whole = place.part == Part::kSeed || place.part == Part::kGradient ||
                       (place.part == Part::kContribution && place.n == 1);
    if (whole) gradient_[place.of] = node;
  }
  for (std::size_t i = 0; i < trace.events().size(); ++i) written_by_[trace.events()[i].node] = i;
}

std::span<const NodeId> Ledger::contributions(NodeId node) const { return contributions_[node]; }

GradientState Ledger::state(NodeId node, std::size_t events) const {
  GradientState state;
  state.expected = static_cast<std::uint32_t>(contributions_[node].size());
  for (const NodeId contribution : contributions_[node]) {
    if (written_by_[contribution] < events) ++state.arrived;
  }
  const bool is_seed = state.expected == 0 && gradient_[node] != kNoNode;
  if (is_seed) return {written_by_[gradient_[node]] < events ? 1u : 0u, 1};
  // The last contribution has arrived, but the sum is an event of its own.
  const bool sum_is_due = state.expected > 1 && state.arrived == state.expected &&
                          written_by_[gradient_[node]] >= events;
  if (sum_is_due) --state.arrived;
  return state;
}

bool Cursor::go_to_writer(NodeId node, const Ledger& ledger) {
  if (ledger.written_by(node) == Ledger::kNever) return false;
  done_ = ledger.written_by(node) + 1;
  return true;
}

NodeId first_not_finite(const Trace& trace) {
  // Arguments stand before their node, so those of the first are finite.
  for (NodeId node = 0; node < trace.graph().size(); ++node) {
    if (!all_finite(trace.value(node))) return node;
  }
  return kNoNode;
}

}  // namespace backstep
