// The pass that computes once what hangs on numbers of the program's text alone.
#include <array>
#include <optional>

#include "engine/evaluate.h"
#include "engine/plan/passes.h"
#include "engine/primitives/primitives.h"

namespace backstep {
namespace {

bool keeps_shape(const Graph& graph, NodeId id) {
  for (std::size_t i = 0; i < graph.arity(id); ++i) {
    if (!(graph.node(graph.input(id, i)).shape == graph.node(id).shape)) return false;
  }
  return true;
}

// Whether all arguments have come to numbers by now.
bool is_elementwise_of_numbers(Rebuild& rebuild, NodeId id) {
  const Graph& graph = rebuild.old();
  const Node& node = graph.node(id);
  if (node.primitive == nullptr || node.primitive->reads == Reads::kProduct ||
      node.primitive->reads == Reads::kRepeat || node.primitive->reads == Reads::kTurn) {
    return false;
  }
  // A reduction over one element counts as elementwise: it gives the element.
  if (!keeps_shape(graph, id)) return false;
  for (std::size_t i = 0; i < graph.arity(id); ++i) {
    if (!is_number(rebuild.graph(), rebuild.now(graph.input(id, i)).id())) return false;
  }
  return graph.arity(id) > 0;
}

// One element stands for all: every argument is the same number everywhere.
double computed(Rebuild& rebuild, NodeId id) {
  const Graph& graph = rebuild.old();
  std::array<double, Graph::kMostArguments> numbers;
  const auto value = [&](std::size_t argument) -> ConstView {
    numbers[argument] = number_of(rebuild.graph(), rebuild.now(graph.input(id, argument)).id());
    return {&numbers[argument], {}};
  };
  double result = 0;
  run_node(graph, id, value, {&result, {}});
  return result;
}

// A leaf of one number, repeated to the shape.
Var number_node(Graph& graph, double number, Shape shape) {
  return fit(graph.leaf(Role::kConstant, {}, {}, number), shape);
}

// Whether two transposes, one after the other, leave every side where it was.
bool turns_back(const Node& outer, const Node& inner) {
  for (int side = 0; side < outer.shape.ndim(); ++side) {
    const std::size_t middle = outer.attributes.order[static_cast<std::size_t>(side)];
    if (inner.attributes.order[middle] != side) return false;
  }
  return true;
}

// What a node with a number of its own comes to; nothing if it stays as it is. Only such laws as
// hold bit for bit, or, for two factors in a row, to the last bit.
std::optional<Var> shortened(Rebuild& rebuild, NodeId id) {
  const Node& node = rebuild.old().node(id);
  if (rebuild.old().arity(id) == 0) return {};
  const Var a = rebuild.now(rebuild.old().input(id, 0));
  const Node& inner = rebuild.graph().node(a.id());
  const auto inside = [&] { return rebuild.graph().var(rebuild.graph().input(a.id(), 0)); };
  if (is(node, primitives::copy())) return a;
  if (is(node, primitives::broadcast()) && a.shape() == node.shape) return a;
  if (is(node, primitives::broadcast()) && is(inner, primitives::broadcast()))
    return fit(inside(), node.shape);
  if (is(node, primitives::transpose()) && is(inner, primitives::transpose()) &&
      turns_back(node, inner))
    return inside();
  if (is(node, primitives::reshape()) && a.shape() == node.shape) return a;
  if (is(node, primitives::reshape()) && is(inner, primitives::reshape()))
    return reshape(inside(), node.shape);
  if (is(node, primitives::negate()) && is(inner, primitives::negate())) return inside();
  if (is(node, primitives::negate()) && is(inner, primitives::times()))
    return -inner.attributes.number * inside();
  if (!is(node, primitives::times())) return {};
  if (node.attributes.number == 1) return a;
  if (is(inner, primitives::negate())) return -node.attributes.number * inside();
  if (is(inner, primitives::times())) {
    const double number = node.attributes.number * inner.attributes.number;
    return number == 1 ? inside() : number * inside();
  }
  return {};
}

}  // namespace

Rewritten fold_constants(const Graph& graph) {
  Rebuild rebuild(graph);
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (is_elementwise_of_numbers(rebuild, node)) {
      const double number = computed(rebuild, node);
      rebuild.replace(node, number_node(rebuild.graph(), number, graph.node(node).shape));
    } else if (const std::optional<Var> by = shortened(rebuild, node)) {
      rebuild.replace(node, *by);
    } else {
      rebuild.keep(node);
    }
  }
  return rebuild.done();
}

}  // namespace backstep
