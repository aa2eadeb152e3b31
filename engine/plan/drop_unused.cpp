// The pass that leaves out what no requested output hangs on.
#include "engine/plan/passes.h"

namespace backstep {

Rewritten drop_unused(const Graph& graph, std::span<const NodeId> outputs) {
  const std::vector<bool> needed = needed_by(graph, outputs);
  Rebuild rebuild(graph);
  for (NodeId node = 0; node < needed.size(); ++node) {
    if (needed[node]) rebuild.keep(node);
  }
  return rebuild.done();
}

}  // namespace backstep
