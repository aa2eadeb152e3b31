// The graph: how it grows, and how its nodes are named.
#include "engine/graph.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "engine/text.h"

namespace backstep {
namespace {

constexpr std::string_view kReplacement = "entry";

// By the bits of the number: -0 is a setting too.
bool are_usual(const Attributes& is) {
  const Attributes usual;
  return std::bit_cast<std::uint64_t>(is.number) == std::bit_cast<std::uint64_t>(usual.number) &&
         is.shape == usual.shape && is.sides == usual.sides && is.keepdims == usual.keepdims &&
         is.order == usual.order;
}

}  // namespace

Var Graph::add(const Record& record) {
  records_.push_back(record);
  return {this, static_cast<NodeId>(records_.size() - 1)};
}

std::uint32_t Graph::number_of(const Attributes& attributes) {
  if (are_usual(attributes)) return 0;
  attributes_.push_back(attributes);
  return static_cast<std::uint32_t>(attributes_.size() - 1);
}

std::uint32_t Graph::number_of(const Shape& shape) {
  const auto [entry, is_new] =
      shape_numbers_.try_emplace(shape, static_cast<std::uint32_t>(shapes_.size()));
  if (is_new) shapes_.push_back(shape);
  return entry->second;
}

Var Graph::leaf(Role role, Shape shape, std::string_view name, double fill) {
  const Var var = add({.attributes = number_of({.number = fill}),
                       .shape = number_of(shape),
                       .place = {},
                       .role = role});
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

  const Shape shape = primitive.shape(std::span(shapes).first(inputs.size()), attributes);
  const bool is_as_the_first = !inputs.empty() && shape == shapes[0];
  const Var result = add({
      .primitive = &primitive,
      .attributes = number_of(attributes),
      .shape = is_as_the_first ? records_[inputs[0].id()].shape : number_of(shape),
      .first_input = static_cast<std::uint32_t>(inputs_.size()),
      .place = {},
      .arity = static_cast<std::uint8_t>(inputs.size()),
  });
  for (const Var& input : inputs) inputs_.push_back(input.id());
  return result;
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
  records_[id].name = static_cast<std::uint32_t>(names_.size());
  names_.push_back(std::move(unique));
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
