// The same circuit with other numbers: a copy of the graph, and a new run.
#include "lessons/rerun.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/evaluate.h"

namespace backstep::lessons {
namespace {

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
  return evaluate(graph, all);
}

ConstView value(const Trace& trace, const std::string& name) {
  return trace.value(found(trace.graph(), name));
}

std::string rand_text(const Shape& shape) { return fmt::format("rand({})", fmt::join(shape, ",")); }

}  // namespace backstep::lessons
