// The phases of a run: where one ends and the next begins, and what they are called.
#include "engine/walk/phases.h"

#include <algorithm>

#include "engine/expression.h"

namespace backstep::walk {
namespace {

constexpr auto kForward = Words("forward");
constexpr auto kForwardGroup = Words("forward: {0}");
constexpr auto kSeed = Words("upstream gradient");
constexpr auto kStation = Words("back through station {0}, {1}");
constexpr auto kLeafSum = Words("the sum at {0}");

// The call of another circuit that a node stands in, the outermost one.
std::uint16_t outermost(const Graph& graph, std::uint16_t group) {
  while (group != 0 && graph.groups()[group].parent != 0) group = graph.groups()[group].parent;
  return group;
}

Phase phase_of(const Graph& graph, const Event& event) {
  const Place& place = graph.place(event.node);
  Phase phase;
  if (event.kind == EventKind::kForward) {
    phase.group = outermost(graph, place.group);
  } else if (event.kind == EventKind::kSeed) {
    phase.kind = Phase::Kind::kSeed;
  } else {
    phase.kind = Phase::Kind::kBackward;
    phase.station = place.station;
  }
  return phase;
}

bool same(const Phase& a, const Phase& b) {
  return a.kind == b.kind && a.station == b.station && a.group == b.group;
}

}  // namespace

std::vector<Phase> phases(const Trace& trace) {
  std::vector<Phase> all;
  for (std::size_t i = 0; i < trace.events().size(); ++i) {
    Phase phase = phase_of(trace.graph(), trace.events()[i]);
    if (all.empty() || !same(all.back(), phase)) {
      phase.begin = i;
      all.push_back(phase);
    }
    all.back().end = i + 1;
  }
  return all;
}

const Phase& phase_of(const std::vector<Phase>& phases, std::size_t event) {
  const auto after =
      std::upper_bound(phases.begin(), phases.end(), event,
                       [](std::size_t number, const Phase& phase) { return number < phase.begin; });
  return *std::prev(after);
}

std::string phase_title(const Trace& trace, const Phase& phase, Language language) {
  const Graph& graph = trace.graph();
  const Event& first = trace.events()[phase.begin];
  const Place& place = graph.place(first.node);
  switch (phase.kind) {
    case Phase::Kind::kForward:
      if (phase.group == 0) return say(language, kForward);
      return say(language, kForwardGroup, graph.groups()[phase.group].name);
    case Phase::Kind::kSeed:
      return say(language, kSeed);
    case Phase::Kind::kBackward:
      break;
  }
  if (phase.station == 0) return say(language, kLeafSum, graph.name(place.of));
  const bool is_sum = place.part != Part::kContribution;
  const NodeId station = is_sum ? place.of : use_of(graph, first.node).user;
  return say(language, kStation, phase.station, title(graph, station));
}

}  // namespace backstep::walk
