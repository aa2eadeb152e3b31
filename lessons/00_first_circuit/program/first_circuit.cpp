// f = (x + y) * z as a graph, there and back: what the lesson shows.
#include <fmt/core.h>

#include "engine/differentiate.h"
#include "engine/evaluate.h"
#include "engine/primitives/primitives.h"

using namespace backstep;

int main() {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var y = graph.leaf(Role::kInput, {}, "y");
  const Var z = graph.leaf(Role::kInput, {}, "z");
  const Var q = x + y;
  const Var f = q * z;
  graph.set_name(f.id(), "f");
  const Var df = upstream_leaf(graph, f.id(), 1);
  differentiate(graph, f.id(), df, differentiable_leaves(graph));
  const Tensor minus_2({}, -2), plus_5({}, 5), minus_4({}, -4);
  const Values in = {{x.id(), minus_2}, {y.id(), plus_5}, {z.id(), minus_4}};
  const Trace run = evaluate(graph, in);
  for (const char* name : {"f", "dx", "dy", "dz"}) {
    fmt::print("{} = {}\n", name, run.value(graph.find(name))(0, 0));
  }
}
