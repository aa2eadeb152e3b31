// Names for the nodes of a circuit that is being read.
#include "engine/read/draft.h"

#include <fmt/core.h>

#include <array>
#include <span>
#include <utility>

namespace backstep::read {

void Draft::open_group(std::string name) { open_.push_back({std::move(name), 0}); }

std::uint16_t Draft::group() {
  std::uint16_t group = 0;
  for (OpenGroup& open : open_) {
    if (open.group == 0) open.group = graph.add_group(open.name, group);
    group = open.group;
  }
  return group;
}

void Draft::name(NodeId node, std::string_view name) {
  if (names_.size() <= node) names_.resize(node + 1);
  names_[node] = {std::string(name), false};
}

void Draft::name_step(NodeId node, std::string_view name) {
  if (has_name(node)) return;
  if (names_.size() <= node) names_.resize(node + 1);
  names_[node] = {std::string(name), true};
}

bool Draft::has_name(NodeId node) const {
  return !graph.node(node).name.empty() || (node < names_.size() && !names_[node].text.empty());
}

std::vector<NodeId> Draft::unknown_leaves(NodeId node) const {
  std::vector<NodeId> unknown;
  std::vector<NodeId> open = {node};
  std::set<NodeId> seen = {node};
  while (!open.empty()) {
    const NodeId id = open.back();
    open.pop_back();
    const Node& is = graph.node(id);
    const bool is_open = is.primitive == nullptr && known.count(id) == 0 &&
                         (is.role != Role::kConstant || outside.count(id) > 0);
    if (is_open) unknown.push_back(id);
    for (std::size_t i = 0; i < graph.arity(id); ++i) {
      if (seen.insert(graph.input(id, i)).second) open.push_back(graph.input(id, i));
    }
  }
  return unknown;
}

bool Draft::is_known(NodeId node) const { return unknown_leaves(node).empty(); }

std::optional<Tensor> Draft::numbers_of(NodeId node) const {
  if (!is_known(node)) return std::nullopt;
  std::map<NodeId, Tensor> values;
  std::vector<NodeId> open = {node};
  while (!open.empty()) {
    const NodeId id = open.back();
    const Node& is = graph.node(id);
    std::array<ConstView, 3> inputs;
    bool is_ready = true;
    for (std::size_t i = 0; i < graph.arity(id); ++i) {
      const auto found = values.find(graph.input(id, i));
      if (found == values.end()) {
        open.push_back(graph.input(id, i));
        is_ready = false;
      } else {
        inputs[i] = found->second.view();
      }
    }
    if (!is_ready) continue;
    open.pop_back();
    if (const auto given = known.find(id); given != known.end()) {
      values.emplace(id, given->second);
      continue;
    }
    Tensor value(is.shape);
    if (is.primitive == nullptr) {
      fill_constant(is, value.view());
    } else {
      is.primitive->forward(std::span(inputs).first(graph.arity(id)), is.attributes, value.view());
    }
    values.emplace(id, std::move(value));
  }
  return std::move(values.at(node));
}

void Draft::give_names() {
  for (const bool of_step : {false, true}) {
    for (NodeId node = 0; node < names_.size(); ++node) {
      const Name& name = names_[node];
      const bool is_due = !name.text.empty() && name.of_step == of_step;
      if (is_due && graph.node(node).name.empty()) graph.set_name(node, name.text);
    }
  }
}

std::vector<NodeId> Draft::drop_indices(const std::vector<NodeId>& kept) {
  std::vector<NodeId> now(graph.size());
  for (NodeId id = 0; id < now.size(); ++id) now[id] = id;
  if (indices.empty()) return now;
  std::vector<bool> made_index(graph.size());
  std::vector<bool> is_kept(graph.size());
  for (const NodeId id : indices) made_index[id] = true;
  for (const NodeId id : kept) is_kept[id] = true;
  for (NodeId id = static_cast<NodeId>(graph.size()); id-- > 0;) {
    is_kept[id] = is_kept[id] || !made_index[id];
    for (std::size_t i = 0; i < graph.arity(id); ++i) {
      (is_kept[id] ? is_kept : made_index)[graph.input(id, i)] = true;
    }
  }
  return keep(is_kept);
}

std::vector<NodeId> Draft::keep_what_leads_to(const std::vector<NodeId>& kept) {
  std::vector<bool> is_kept(graph.size());
  for (const NodeId id : kept) is_kept[id] = true;
  for (NodeId id = static_cast<NodeId>(graph.size()); id-- > 0;) {
    for (std::size_t i = 0; is_kept[id] && i < graph.arity(id); ++i) {
      is_kept[graph.input(id, i)] = true;
    }
  }
  return keep(is_kept);
}

std::vector<NodeId> Draft::keep(const std::vector<bool>& is_kept) {
  std::vector<NodeId> now(graph.size());
  Graph smaller;
  for (std::size_t i = 1; i < graph.groups().size(); ++i) {
    smaller.add_group(graph.groups()[i].name, graph.groups()[i].parent);
  }
  for (NodeId id = 0; id < graph.size(); ++id) {
    now[id] = kNoNode;
    if (!is_kept[id]) continue;
    const Node& node = graph.node(id);
    std::vector<Var> inputs;
    for (std::size_t i = 0; i < graph.arity(id); ++i) {
      inputs.push_back(smaller.var(now[graph.input(id, i)]));
    }
    const Var copy = node.primitive == nullptr
                         ? smaller.leaf_like(node, node.role)
                         : smaller.apply(*node.primitive, inputs, node.attributes);
    now[id] = copy.id();
    smaller.place(copy.id()) = node.place;
    if (!node.name.empty()) smaller.set_name(copy.id(), node.name);
  }
  graph = std::move(smaller);
  return now;
}

void Draft::check_size(const Operand& operand, std::size_t byte) const {
  if (graph.size() <= kMostNodes) return;
  throw ReadError(*operand.source, byte,
                  fmt::format("this function has more than {} steps", kMostNodes),
                  "a smaller one: a circuit is to be looked at");
}

bool Draft::loses_side(std::initializer_list<const Operand*> operands) const {
  for (const Operand* of : operands) {
    const Array* reduced = of->value.array();
    const Primitive* primitive =
        reduced == nullptr ? nullptr : graph.node(reduced->var.id()).primitive;
    if (primitive == nullptr || primitive->reads != Reads::kReduce) continue;
    const NodeId from = graph.input(reduced->var.id(), 0);
    for (const Operand* other : operands) {
      const Array* array = other->value.array();
      if (array != nullptr && array->var.id() == from) return true;
    }
  }
  return false;
}

void Draft::describe_by_text(std::initializer_list<const Operand*> operands) {
  give_names();
  for (const Operand* operand : operands) {
    const Array* array = operand->value.array();
    if (array == nullptr) continue;
    const NodeId id = array->var.id();
    if (graph.node(id).name.empty()) graph.describe(id, shortened(operand->text()));
  }
}

}  // namespace backstep::read
