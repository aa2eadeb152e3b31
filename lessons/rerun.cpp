// The same circuit with other numbers: a copy of the graph, node by node, and a new run.
#include "lessons/rerun.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

#include "engine/evaluate.h"

namespace backstep::lessons {
namespace {

Var copy_node(const Graph& from, NodeId id, Graph& to) {
  const Node& node = from.node(id);
  if (node.primitive == nullptr) {
    return to.leaf_like(node, node.role, node.name);
  }
  std::vector<Var> inputs;
  for (std::size_t i = 0; i < from.arity(id); ++i) inputs.push_back(to.var(from.input(id, i)));
  const Var made = to.apply(*node.primitive, inputs, node.attributes);
  if (!node.name.empty()) to.set_name(made.id(), node.name);
  return made;
}

Graph copy_of(const Graph& graph) {
  Graph copy;
  copy.reserve(graph.size());
  for (std::size_t i = 1; i < graph.groups().size(); ++i) {
    copy.add_group(graph.groups()[i].name, graph.groups()[i].parent);
  }
  for (NodeId id = 0; id < graph.size(); ++id) {
    copy.place(copy_node(graph, id, copy).id()) = graph.place(id);
  }
  return copy;
}

NodeId found(const Graph& graph, const std::string& name) {
  const NodeId id = graph.find(name);
  if (id == kNoNode) throw Error(fmt::format("the circuit has no {}", name));
  return id;
}

}  // namespace

Trace rerun(const Trace& trace, const std::map<std::string, Tensor>& values) {
  const Graph& graph = trace.graph();
  Values all;
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (graph.node(id).primitive == nullptr) all.emplace(id, Tensor(trace.value(id)));
  }
  for (const auto& [name, tensor] : values) {
    const auto leaf = all.find(found(graph, name));
    if (leaf == all.end()) throw Error(fmt::format("{} is computed: it takes no value", name));
    leaf->second = tensor;
  }
  return evaluate(copy_of(graph), all);
}

ConstView value(const Trace& trace, const std::string& name) {
  return trace.value(found(trace.graph(), name));
}

std::string rand_text(const Shape& shape) { return fmt::format("rand({})", fmt::join(shape, ",")); }

}  // namespace backstep::lessons
