// What a picture of a circuit shows, before any of it is drawn: the stops, and the roads between
// them. On a road a value runs forward and its gradient back.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/trace.h"

namespace backstep::draw {

enum class StopKind {
  kLeaf,      // an input, a parameter or a constant
  kStation,   // a primitive
  kJunction,  // where a value divides, and its contributions are added up
  kOutput,    // a result
};

struct Stop {
  StopKind kind;
  NodeId node;
};

struct Road {
  std::size_t from;  // numbers of stops
  std::size_t to;
  NodeId value;               // what runs forward
  NodeId gradient = kNoNode;  // what runs back; kNoNode: nothing, the lane is not there
  NodeId user = kNoNode;      // the node at its end; kNoNode at a junction or an output
  std::size_t argument = 0;   // ... and as which of its arguments it takes the value
  Shape arrives = {};         // the value's shape there, after folded broadcasts
};

struct CircuitMap {
  std::vector<Stop> stops;  // in the order of the nodes
  std::vector<Road> roads;  // in the order of the nodes that they lead to
};

// `outputs`: the results; if empty, the node that is differentiated and what nothing uses.
// `unfold`: broadcasts are stations.
CircuitMap circuit_map(const Trace& trace, const Ledger& ledger, bool unfold,
                       std::span<const NodeId> outputs);

}  // namespace backstep::draw
