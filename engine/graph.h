// The graph: leaves, and primitives applied to nodes that are there already, so a cycle cannot be
// built and the order of the nodes is a topological order.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/primitive.h"
#include "engine/tensor.h"

namespace backstep {

using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = std::numeric_limits<NodeId>::max();

enum class Role : std::uint8_t {
  kInput,      // data: gets a gradient
  kParameter,  // what training changes: gets a gradient
  kConstant,   // a setting or a number of the text: gets none
  kOperation,  // a primitive applied to other nodes
};

// What a node is to the backward pass.
enum class Part : std::uint8_t {
  kForward,       // a node of the forward pass
  kSeed,          // the upstream gradient of the output
  kInside,        // a step within a gradient rule, on the way to a contribution
  kContribution,  // what one use of a node sends back to it
  kPartial,       // the sum of the first k of n contributions
  kGradient,      // the sum of all n contributions, where n is 2 or more
};

// Where a node stands in its circuit. It says nothing about what is computed.
struct Place {
  NodeId of = kNoNode;       // the node whose gradient this is, or goes into
  NodeId through = kNoNode;  // the node whose gradient rule made it...
  std::uint32_t k = 0;       // a contribution is number k...
  std::uint32_t n = 0;       // ... of n, in the order of their arrival
  std::uint32_t line = 0;    // the line of the NumPy source, from 1; 0 if there is none
  std::uint32_t station = 0;
  std::uint16_t group = 0;  // 0 is the circuit itself
  Part part = Part::kForward;
  std::uint8_t argument = 0;  // ... for which of its arguments
  bool folded = false;        // a broadcast that diagrams draw as part of its edge
};

// What a graph says of one node. All but the place stays good while the graph grows.
struct Node {
  const std::string& name;       // empty: Graph::name() makes one
  const Primitive* primitive;    // null for a leaf
  const Attributes& attributes;  // a leaf's `number` fills it where no value is given
  const Shape& shape;
  Role role;
  const Place& place;
};

// Nodes that a diagram can close to one box: a call of another circuit, or a variance in one word.
struct Group {
  std::string name;
  std::uint16_t parent = 0;
};

class Graph;

// A handle on a node. Arithmetic with it (primitives/primitives.h) grows the graph.
class Var {
 public:
  Var() = default;
  Var(Graph* graph, NodeId id) : graph_(graph), id_(id) {}

  Graph& graph() const { return *graph_; }
  NodeId id() const { return id_; }
  Shape shape() const;

 private:
  Graph* graph_ = nullptr;
  NodeId id_ = kNoNode;
};

class Graph {
 public:
  static constexpr std::size_t kMostArguments = 3;

  Var leaf(Role role, Shape shape, std::string_view name = {}, double fill = 0);
  // Throws Error if the primitive cannot take these shapes.
  Var apply(const Primitive& primitive, std::span<const Var> inputs, const Attributes& = {});

  std::size_t size() const { return records_.size(); }
  void reserve(std::size_t nodes) { records_.reserve(nodes); }
  Var var(NodeId id) { return {this, id}; }
  Node node(NodeId id) const {
    const Record& is = records_[id];
    return {names_[is.name],   is.primitive, attributes_[is.attributes],
            shapes_[is.shape], is.role,      is.place};
  }
  Place& place(NodeId id) { return records_[id].place; }
  const Place& place(NodeId id) const { return records_[id].place; }
  std::size_t arity(NodeId id) const { return records_[id].arity; }
  NodeId input(NodeId id, std::size_t argument) const {
    return inputs_[records_[id].first_input + argument];
  }

  // A node's name; one that nobody named is `_` and its number, with a `d` for a gradient.
  std::string name(NodeId id) const;
  // Names a node; if another has the name, with `_2`, `_3`, ... behind it. What is no identifier()
  // (text.h) is not taken: the node becomes `entry_1`, `entry_2`, ...
  void set_name(NodeId id, std::string_view name);
  // What errors call a node that nobody named: words of the program, such as `x * 2`.
  void describe(NodeId id, std::string_view words) { words_[id] = words; }
  std::string words(NodeId id) const;
  // kNoNode if no node was given this name.
  NodeId find(std::string_view name) const;

  // Gives each operation of the forward pass its number, from 1, in the order of the nodes. A
  // folded broadcast belongs to the operation that uses it.
  void number_stations();

  // Of a name that is no identifier(), the group is called `group`.
  std::uint16_t add_group(std::string_view name, std::uint16_t parent);
  const std::vector<Group>& groups() const { return groups_; }

 private:
  // A node as it is kept. Of a million nodes most have no name, no settings and one of few shapes,
  // so these stand in tables of their own, each with its usual entry at 0.
  struct Record {
    const Primitive* primitive = nullptr;
    std::uint32_t name = 0;
    std::uint32_t attributes = 0;
    std::uint32_t shape = 0;
    std::uint32_t first_input = 0;
    Place place;
    Role role = Role::kOperation;
    std::uint8_t arity = 0;
  };

  Var add(const Record& record);
  std::uint32_t number_of(const Attributes& attributes);
  std::uint32_t number_of(const Shape& shape);

  std::vector<Record> records_;
  std::vector<NodeId> inputs_;  // of all nodes, one after the other
  // Deques, so that references to what stands in them stay good as they grow.
  std::deque<std::string> names_ = {""};
  std::deque<Attributes> attributes_ = {{}};
  std::deque<Shape> shapes_ = {{}};
  std::map<Shape, std::uint32_t> shape_numbers_ = {{{}, 0}};
  std::unordered_map<std::string, NodeId> by_name_;
  std::unordered_map<std::string, int> copies_;  // how far the numbers behind a name have come
  std::unordered_map<NodeId, std::string> words_;
  std::vector<Group> groups_ = {{"", 0}};
};

inline Shape Var::shape() const { return graph_->node(id_).shape; }

}  // namespace backstep
