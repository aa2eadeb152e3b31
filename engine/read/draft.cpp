// Names for the nodes of a circuit that is being read.
#include "engine/read/draft.h"

#include <fmt/core.h>

namespace backstep::read {

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

void Draft::give_names() {
  for (const bool of_step : {false, true}) {
    for (NodeId node = 0; node < names_.size(); ++node) {
      const Name& name = names_[node];
      const bool is_due = !name.text.empty() && name.of_step == of_step;
      if (is_due && graph.node(node).name.empty()) graph.set_name(node, name.text);
    }
  }
}

void Draft::check_size(const Operand& operand, std::size_t byte) const {
  if (graph.size() <= kMostNodes) return;
  throw ReadError(*operand.source, byte,
                  fmt::format("this function has more than {} steps", kMostNodes),
                  "a smaller one: a circuit is to be looked at");
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
