// A normalisation: a value, often without its mean, divided by the root of its mean square.
#pragma once

#include <map>
#include <optional>

#include "engine/look.h"

namespace backstep::structure {

// What is left of a value once its mean is taken away.
struct Centred {
  NodeId value = kNoNode;
  NodeId mean = kNoNode;
};
// Nothing for a node that is no such difference.
std::optional<Centred> centred(const Stations& stations, NodeId node);

// The mean of the squares of a node; of one that is centred, its variance.
struct MeanSquare {
  NodeId of = kNoNode;
  NodeId square = kNoNode;
  NodeId mean = kNoNode;
};

// root, inverse = 1 / root, out = x * inverse; then out * scale, and that + shift.
struct Normalisation {
  NodeId root = kNoNode;
  NodeId epsilon = kNoNode;  // kNoNode if none stands under the root
  NodeId inverse = kNoNode;
  NodeId out = kNoNode;
  std::optional<MeanSquare> under;  // what is under the root, if it is a mean of squares
};

// Every one whose root and inverse serve nothing else, by its result.
std::map<NodeId, Normalisation> normalisations(const Stations& stations);

// What follows a value: its product with something, and that with something added.
struct ScaleAndShift {
  NodeId scaled = kNoNode;
  NodeId shifted = kNoNode;
};
std::optional<ScaleAndShift> scale_and_shift(const Stations& stations, NodeId value);

}  // namespace backstep::structure
