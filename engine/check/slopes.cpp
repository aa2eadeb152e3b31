// The measured slopes of a whole run, within a budget of work.
#include "engine/check/slopes.h"

#include <algorithm>

#include "engine/check/finite_differences.h"

namespace backstep::check {
namespace {

// The share of all slopes that the budget allows.
double affordable_share(const Trace& trace, const Ledger& ledger, NodeId output) {
  constexpr double kMostWork = 2e8;  // elements computed
  constexpr double kRuns = 20;       // a slope takes about so many
  double forward = 0;
  double slopes = 0;
  for (NodeId node = 0; node <= output; ++node) {
    const double size = static_cast<double>(trace.value(node).size());
    forward += size;
    if (ledger.gradient(node) != kNoNode) slopes += size;
  }
  return std::min(1.0, kMostWork / (kRuns * forward * std::max(1.0, slopes)));
}

}  // namespace

std::map<NodeId, Tensor> all_measured_slopes(const Trace& trace, NodeId output, NodeId upstream) {
  const Ledger ledger(trace);
  const double share = affordable_share(trace, ledger, output);
  std::map<NodeId, Tensor> measured;
  for (NodeId node = 0; node < output; ++node) {
    const Place& place = trace.graph().place(node);
    const NodeId gradient = ledger.gradient(node);
    if (place.part != Part::kForward || place.folded || gradient == kNoNode) continue;
    CheckOptions options;
    options.most_elements =
        static_cast<std::size_t>(share * static_cast<double>(trace.value(node).size()));
    if (options.most_elements == 0) continue;
    measured.emplace(node, measured_slopes(trace, output, upstream, node, gradient, options));
  }
  return measured;
}

}  // namespace backstep::check
