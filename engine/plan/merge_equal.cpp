// The pass that merges common subexpressions.
#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <unordered_map>

#include "engine/plan/passes.h"

namespace backstep {
namespace {

// All that a value hangs on. Equal keys, equal values.
struct Key {
  const Primitive* primitive = nullptr;
  std::uint64_t number = 0;
  Shape shape;
  Sides sides;
  bool keepdims = false;
  SideOrder order = {};
  std::array<NodeId, 3> inputs = {kNoNode, kNoNode, kNoNode};

  friend bool operator==(const Key&, const Key&) = default;
};

struct Hash {
  std::size_t operator()(const Key& key) const {
    std::uint64_t hash = std::hash<const void*>()(key.primitive);
    const auto mix = [&](std::uint64_t word) {
      hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
      hash ^= hash >> 32;
    };
    mix(key.number);
    for (const std::int32_t side : key.shape) mix(static_cast<std::uint32_t>(side));
    for (const NodeId input : key.inputs) mix(input);
    return hash;
  }
};

bool commutes(const Primitive& primitive) {
  return &primitive == &primitives::add() || &primitive == &primitives::multiply();
}

Key key_of(Rebuild& rebuild, NodeId id) {
  const Graph& graph = rebuild.old();
  const Node& node = graph.node(id);
  Key key{node.primitive,
          std::bit_cast<std::uint64_t>(node.attributes.number),
          node.shape,
          node.attributes.sides,
          node.attributes.keepdims,
          node.attributes.order};
  for (std::size_t i = 0; i < graph.arity(id); ++i) {
    key.inputs[i] = rebuild.now(graph.input(id, i)).id();
  }
  if (node.primitive != nullptr && commutes(*node.primitive)) {
    std::sort(key.inputs.begin(), key.inputs.begin() + 2);
  }
  return key;
}

}  // namespace

Rewritten merge_equal(const Graph& graph) {
  Rebuild rebuild(graph);
  std::unordered_map<Key, NodeId, Hash> seen;
  seen.reserve(graph.size());
  for (NodeId node = 0; node < graph.size(); ++node) {
    // A leaf that somebody may give a value to is equal to no other.
    if (graph.node(node).primitive == nullptr && !is_number(graph, node)) {
      rebuild.keep(node);
      continue;
    }
    const auto [found, is_new] = seen.try_emplace(key_of(rebuild, node), kNoNode);
    if (is_new) {
      rebuild.keep(node);
      found->second = rebuild.now(node).id();
    } else {
      rebuild.replace(node, rebuild.graph().var(found->second));
    }
  }
  return rebuild.done();
}

}  // namespace backstep
