// The graph: how it grows, and how its nodes are named.
#include "engine/graph.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <boost/graph/adjacency_list.hpp>
#include <utility>

#include "engine/text.h"

namespace backstep {
namespace {

constexpr std::size_t kMostArguments = 3;
constexpr std::string_view kReplacement = "entry";

// Edges lead from a node to its arguments, in their order. vecS keeps both edges of `x * x`.
using List = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, Node>;

}  // namespace

struct Graph::Adjacency : List {};

Graph::Graph() : adjacency_(std::make_unique<Adjacency>()) {}
Graph::Graph(Graph&&) noexcept = default;
Graph& Graph::operator=(Graph&&) noexcept = default;
Graph::~Graph() = default;

std::size_t Graph::size() const { return boost::num_vertices(*adjacency_); }

void Graph::reserve(std::size_t nodes) { adjacency_->m_vertices.reserve(nodes); }

const Node& Graph::node(NodeId id) const { return (*adjacency_)[id]; }

Place& Graph::place(NodeId id) { return (*adjacency_)[id].place; }

std::size_t Graph::arity(NodeId id) const { return boost::out_degree(id, *adjacency_); }

NodeId Graph::input(NodeId id, std::size_t argument) const {
  return static_cast<NodeId>(adjacency_->out_edge_list(id)[argument].get_target());
}

Var Graph::add(Node node) {
  return {this, static_cast<NodeId>(boost::add_vertex(std::move(node), *adjacency_))};
}

Var Graph::leaf(Role role, Shape shape, std::string_view name, double fill) {
  Node node;
  node.role = role;
  node.shape = shape;
  node.attributes.number = fill;
  const Var var = add(std::move(node));
  if (!name.empty()) set_name(var.id(), name);
  return var;
}

Var Graph::constant(Shape shape, std::vector<double> numbers) {
  Node node;
  node.role = Role::kConstant;
  node.shape = shape;
  node.attributes.numbers = std::make_shared<const std::vector<double>>(std::move(numbers));
  return add(std::move(node));
}

Var Graph::leaf_like(const Node& other, Role role, std::string_view name) {
  Node node;
  node.role = role;
  node.shape = other.shape;
  node.attributes = other.attributes;
  const Var var = add(std::move(node));
  if (!name.empty()) set_name(var.id(), name);
  return var;
}

Var Graph::apply(const Primitive& primitive, std::span<const Var> inputs,
                 const Attributes& attributes) {
  std::array<Shape, kMostArguments> shapes;
  if (inputs.size() != primitive.arguments.size() || inputs.size() > kMostArguments) {
    const std::size_t arity = primitive.arguments.size();
    throw Error(fmt::format("{} takes {} argument{}, not {}", primitive.name, arity,
                            arity == 1 ? "" : "s", inputs.size()));
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) shapes[i] = inputs[i].shape();

  Node node;
  node.primitive = &primitive;
  node.attributes = attributes;
  node.shape = primitive.shape(std::span(shapes).first(inputs.size()), attributes);
  const Var result = add(std::move(node));
  adjacency_->out_edge_list(result.id()).reserve(inputs.size());
  for (const Var& input : inputs) boost::add_edge(result.id(), input.id(), *adjacency_);
  return result;
}

void fill_constant(const Node& leaf, View out) {
  const Attributes& is = leaf.attributes;
  if (is.numbers != nullptr) {
    std::copy(is.numbers->begin(), is.numbers->end(), out.begin());
  } else {
    std::fill(out.begin(), out.end(), is.number);
  }
}

std::string Graph::name(NodeId id) const {
  const Node& node = this->node(id);
  if (!node.name.empty()) return node.name;
  const Place& place = node.place;
  switch (place.part) {
    case Part::kForward:
    case Part::kInside:
      return fmt::format("_{}", id);
    case Part::kSeed:
    case Part::kGradient:
      return fmt::format("d{}", name(place.of));
    case Part::kContribution:
      return place.n == 1 ? fmt::format("d{}", name(place.of))
                          : fmt::format("d{}{}{}", name(place.of),
                                        this->node(place.of).name.empty() ? "_" : "", place.k);
    case Part::kPartial:
      return fmt::format("d{}_{}of{}", name(place.of), place.k, place.n);
  }
  return {};
}

std::string Graph::words(NodeId id) const {
  const auto found = words_.find(id);
  return found == words_.end() || !node(id).name.empty() ? name(id) : found->second;
}

void Graph::set_name(NodeId id, std::string_view name) {
  std::string unique = identifier(name);
  const bool is_replaced = unique.empty();
  if (is_replaced || by_name_.count(unique) > 0) {
    const std::string base = is_replaced ? std::string(kReplacement) : unique;
    int& copy = copies_[base];
    do {
      copy = std::max(copy + 1, is_replaced ? 1 : 2);
      unique = fmt::format("{}_{}", base, copy);
    } while (by_name_.count(unique) > 0);
  }
  by_name_[unique] = id;
  (*adjacency_)[id].name = std::move(unique);
}

NodeId Graph::find(std::string_view name) const {
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? kNoNode : found->second;
}

void Graph::number_stations() {
  std::uint32_t next = 1;
  for (NodeId id = 0; id < size(); ++id) {
    if (node(id).primitive == nullptr) continue;
    place(id).station = next;
    if (!place(id).folded) ++next;
  }
}

std::uint16_t Graph::add_group(std::string_view name, std::uint16_t parent) {
  if (groups_.size() > 0xfffe)
    throw Error("a circuit holds at most 65,534 calls of other circuits");
  const std::string checked = identifier(name);
  groups_.push_back({checked.empty() ? "group" : checked, parent});
  return static_cast<std::uint16_t>(groups_.size() - 1);
}

}  // namespace backstep
