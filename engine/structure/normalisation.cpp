// Finds normalisations from their roots outwards.
#include "engine/structure/normalisation.h"

namespace backstep::structure {
namespace {

std::optional<MeanSquare> mean_square(const Stations& stations, NodeId mean) {
  if (!stations.is(mean, primitives::mean())) return std::nullopt;
  const NodeId square = stations.argument(mean, 0);
  if (!stations.is(square, primitives::square())) return std::nullopt;
  return MeanSquare{stations.argument(square, 0), square, mean};
}

}  // namespace

std::optional<Centred> centred(const Stations& stations, NodeId node) {
  if (!stations.is(node, primitives::subtract())) return std::nullopt;
  const NodeId mean = stations.argument(node, 1);
  if (!stations.is(mean, primitives::mean())) return std::nullopt;
  return Centred{stations.argument(node, 0), mean};
}

std::map<NodeId, Normalisation> normalisations(const Stations& stations) {
  std::map<NodeId, Normalisation> found;
  for (NodeId root = 0; root < stations.graph().size(); ++root) {
    const bool with_epsilon = stations.is(root, primitives::sqrt_eps());
    if (!with_epsilon && !stations.is(root, primitives::sqrt())) continue;
    const NodeId inverse = stations.only_user(root, primitives::invert());
    if (inverse == kNoNode) continue;
    const NodeId out = stations.only_user(inverse, primitives::multiply());
    if (out == kNoNode) continue;
    const NodeId epsilon = with_epsilon ? stations.argument(root, 1) : kNoNode;
    found[out] = {root, epsilon, inverse, out, mean_square(stations, stations.argument(root, 0))};
  }
  return found;
}

std::optional<ScaleAndShift> scale_and_shift(const Stations& stations, NodeId value) {
  const NodeId scaled = stations.only_user(value, primitives::multiply());
  if (scaled == kNoNode) return std::nullopt;
  const NodeId shifted = stations.only_user(scaled, primitives::add());
  if (shifted == kNoNode) return std::nullopt;
  return ScaleAndShift{scaled, shifted};
}

}  // namespace backstep::structure
