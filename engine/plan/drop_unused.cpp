// The pass that leaves out what no requested output hangs on.
#include "engine/plan/passes.h"

namespace backstep {

Rewritten drop_unused(const Graph& graph, std::span<const NodeId> outputs) {
  std::vector<bool> needed(graph.size());
  for (const NodeId output : outputs) needed[output] = true;
  for (NodeId node = static_cast<NodeId>(graph.size()); node-- > 0;) {
    if (!needed[node]) continue;
    for (std::size_t i = 0; i < graph.arity(node); ++i) needed[graph.input(node, i)] = true;
  }
  Rebuild rebuild(graph);
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (needed[node]) rebuild.keep(node);
  }
  return rebuild.done();
}

}  // namespace backstep
