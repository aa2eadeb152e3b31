// When each value of a run is written.
#include "engine/write/moment.h"

namespace backstep::write {
namespace {

// For each node how many events are done when its value is there. A folded broadcast comes with the
// value behind it, and what is sent to one goes on at once.
std::vector<std::size_t> written(const Trace& trace, const Ledger& ledger) {
  const Graph& graph = trace.graph();
  std::vector<std::size_t> written(graph.size(), 0);
  std::vector<NodeId> goes_on_as(graph.size(), kNoNode);
  for (NodeId node = static_cast<NodeId>(graph.size()); node-- > 0;) {
    const Place& place = graph.place(node);
    if (ledger.written_by(node) != Ledger::kNever) written[node] = ledger.written_by(node) + 1;
    if (place.part != Part::kContribution) continue;
    if (graph.place(place.through).folded) goes_on_as[place.through] = node;
    const NodeId later = graph.place(place.of).folded ? goes_on_as[place.of] : kNoNode;
    if (later != kNoNode) written[node] = written[later];
  }
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (graph.place(node).folded) written[node] = written[graph.input(node, 0)];
  }
  return written;
}

}  // namespace

Moment::Moment(const Trace& trace, const Ledger& ledger, std::size_t done)
    : ledger_(ledger), written_(written(trace, ledger)), cursor_(trace) {
  cursor_.go_to(done);
  done_ = cursor_.done();
}

}  // namespace backstep::write
