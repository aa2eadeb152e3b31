// A graph made from another: what every pass gives back, and the builder that passes share.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "engine/look.h"

namespace backstep {

// A pass leaves its graph as it is and gives a new one.
struct Rewritten {
  Graph graph;
  std::vector<NodeId> now;  // for each old node, where its value is in `graph`; kNoNode if nowhere
};

// Where the nodes of the first rewriting went in the second.
std::vector<NodeId> then(const std::vector<NodeId>& first, const std::vector<NodeId>& second);

// Copies a graph node by node, in its order. Each node is kept, replaced or left out.
class Rebuild {
 public:
  explicit Rebuild(const Graph& old);

  const Graph& old() const { return old_; }
  Graph& graph() { return graph_; }
  // Where an old node is; its arguments always have a place before the node itself is asked for.
  Var now(NodeId node) { return graph_.var(now_[node]); }

  // The node as it was, on what its arguments have become.
  void keep(NodeId node) { replace(node, copy_of(node)); }
  // The same without name and place: to look at, before something else takes its place.
  Var copy_of(NodeId node);
  // The new node `by` stands for the old one, and takes its name and place if it has none.
  void replace(NodeId node, Var by);
  Rewritten done();

 private:
  void take_name_and_place(NodeId node, NodeId by);

  const Graph& old_;
  Graph graph_;
  std::vector<NodeId> now_;
  std::vector<bool> placed_;  // new nodes that have the place of an old one
};

}  // namespace backstep
