// The stops and roads of a circuit, from the places of its nodes.
#include "engine/draw/circuit_map.h"

#include <algorithm>
#include <map>
#include <utility>

#include "engine/expression.h"

namespace backstep::draw {
namespace {

constexpr std::size_t kNoStop = static_cast<std::size_t>(-1);

class Mapper {
 public:
  Mapper(const Trace& trace, const Ledger& ledger, bool unfold)
      : graph_(trace.graph()),
        ledger_(ledger),
        unfold_(unfold),
        stop_(graph_.size(), kNoStop),
        is_used_(graph_.size()) {}

  CircuitMap map(std::span<const NodeId> outputs) {
    for (NodeId node = 0; node < graph_.size(); ++node) {
      if (is_drawn(node)) add(node);
    }
    for (const NodeId output : results(outputs)) add_output(output);
    return std::move(map_);
  }

 private:
  bool is_drawn(NodeId node) const {
    const Place& place = graph_.place(node);
    return place.part == Part::kForward && (unfold_ || !place.folded);
  }

  std::size_t add_stop(StopKind kind, NodeId node) {
    map_.stops.push_back({kind, node});
    return map_.stops.size() - 1;
  }

  // A node, and the roads that lead to it. A stop for its value to leave from: behind a station
  // whose gradient is a sum, that is a junction.
  void add(NodeId node) {
    const bool is_leaf = graph_.node(node).primitive == nullptr;
    stop_[node] = add_stop(is_leaf ? StopKind::kLeaf : StopKind::kStation, node);
    for (std::size_t i = 0; i < graph_.arity(node); ++i) add_road(node, i);
    const auto contributions = ledger_.contributions(node);
    for (const NodeId contribution : contributions) note_use(node, contribution);
    if (is_leaf || contributions.size() < 2) return;
    const std::size_t junction = add_stop(StopKind::kJunction, node);
    map_.roads.push_back({.from = stop_[node],
                          .to = junction,
                          .value = node,
                          .gradient = ledger_.gradient(node),
                          .arrives = graph_.node(node).shape});
    stop_[node] = junction;
  }

  void note_use(NodeId node, NodeId contribution) {
    const Place& place = graph_.place(contribution);
    const Use use = unfold_ ? Use{place.through, place.argument} : use_of(graph_, contribution);
    contribution_[{use.user, use.argument, node}] = contribution;
  }

  void add_road(NodeId user, std::size_t argument) {
    const NodeId input = graph_.input(user, argument);
    const NodeId value = unfold_ ? input : unfolded(graph_, input);
    const auto found = contribution_.find({user, argument, value});
    is_used_[value] = true;
    map_.roads.push_back({.from = stop_[value],
                          .to = stop_[user],
                          .value = value,
                          .gradient = found == contribution_.end() ? kNoNode : found->second,
                          .user = user,
                          .argument = argument,
                          .arrives = graph_.node(input).shape});
  }

  // The node whose gradient is given from outside.
  NodeId differentiated() const {
    for (NodeId node = 0; node < graph_.size(); ++node) {
      if (graph_.place(node).part == Part::kSeed) return graph_.place(node).of;
    }
    return kNoNode;
  }

  std::vector<NodeId> results(std::span<const NodeId> outputs) const {
    std::vector<NodeId> results(outputs.begin(), outputs.end());
    const NodeId differentiated = this->differentiated();
    if (differentiated != kNoNode) results.push_back(differentiated);
    for (const Stop& stop : map_.stops) {
      const bool is_end = stop.kind == StopKind::kStation && !is_used_[stop.node];
      if (is_end && outputs.empty()) results.push_back(stop.node);
    }
    std::erase_if(results, [&](NodeId node) { return stop_[node] == kNoStop; });
    std::sort(results.begin(), results.end());
    results.erase(std::unique(results.begin(), results.end()), results.end());
    return results;
  }

  void add_output(NodeId node) {
    const NodeId gradient = ledger_.gradient(node);
    const bool is_seed = gradient != kNoNode && graph_.place(gradient).part == Part::kSeed;
    map_.roads.push_back({.from = stop_[node],
                          .to = add_stop(StopKind::kOutput, node),
                          .value = node,
                          .gradient = is_seed ? gradient : kNoNode,
                          .arrives = graph_.node(node).shape});
  }

  struct UseOf {
    NodeId user;
    std::size_t argument;
    NodeId value;
    friend auto operator<=>(const UseOf&, const UseOf&) = default;
  };

  const Graph& graph_;
  const Ledger& ledger_;
  bool unfold_;
  CircuitMap map_;
  std::vector<std::size_t> stop_;  // where a node's value leaves from
  std::vector<bool> is_used_;
  std::map<UseOf, NodeId> contribution_;
};

}  // namespace

CircuitMap circuit_map(const Trace& trace, const Ledger& ledger, bool unfold,
                       std::span<const NodeId> outputs) {
  return Mapper(trace, ledger, unfold).map(outputs);
}

}  // namespace backstep::draw
