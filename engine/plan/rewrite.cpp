// A graph made from another: copies nodes with their names and places.
#include "engine/plan/rewrite.h"

namespace backstep {

std::vector<NodeId> then(const std::vector<NodeId>& first, const std::vector<NodeId>& second) {
  std::vector<NodeId> both(first.size(), kNoNode);
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] != kNoNode) both[i] = second[first[i]];
  }
  return both;
}

Rebuild::Rebuild(const Graph& old) : old_(old), now_(old.size(), kNoNode) {
  graph_.reserve(old.size());
  for (std::size_t i = 1; i < old.groups().size(); ++i) {
    graph_.add_group(old.groups()[i].name, old.groups()[i].parent);
  }
}

Var Rebuild::copy_of(NodeId id) {
  return grow(graph_, old_, id, [&](NodeId input) { return now(input); });
}

void Rebuild::replace(NodeId node, Var by) {
  now_[node] = by.id();
  take_name_and_place(node, by.id());
}

void Rebuild::take_name_and_place(NodeId node, NodeId by) {
  placed_.resize(graph_.size());
  if (!placed_[by]) {
    placed_[by] = true;
    Place place = old_.place(node);
    const auto moved = [&](NodeId id) { return id == kNoNode ? kNoNode : now_[id]; };
    // The place of a gradient names nodes that may be gone; then it is a node like any other.
    const bool lost =
        moved(place.of) == kNoNode || (place.through != kNoNode && moved(place.through) == kNoNode);
    place.of = moved(place.of);
    place.through = moved(place.through);
    const bool inside = place.part == Part::kInside;
    if (lost && !inside)
      place = {.line = place.line, .station = place.station, .folded = place.folded};
    graph_.place(by) = place;
  }
  const std::string& name = old_.node(node).name;
  if (!name.empty() && graph_.node(by).name.empty()) graph_.set_name(by, name);
}

Rewritten Rebuild::done() { return {std::move(graph_), std::move(now_)}; }

}  // namespace backstep
