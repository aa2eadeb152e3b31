// Which elements are read: the kernels make of just those what they make of all.
#include "engine/reads.h"

#include <doctest/doctest.h>

#include <random>

#include "engine/look.h"
#include "tests/circuits.h"

namespace backstep {
namespace {

// What element `at` of the result is, made again from the elements that it is said to read.
double joined(const Graph& graph, NodeId node, const Trace& trace, std::size_t at) {
  const Node& is = graph.node(node);
  const auto read = [&](std::size_t argument, std::size_t k) {
    return trace.value(graph.input(node, argument)).data[read_place(graph, node, argument, at, k)];
  };
  const std::size_t count = read_count(graph, node, 0, at);
  if (is.primitive->reads == Reads::kProduct) {
    double sum = 0;
    for (std::size_t k = 0; k < count; ++k) sum += read(0, k) * read(1, k);
    return sum;
  }
  if (is.primitive->reads != Reads::kReduce) return read(0, 0);
  const Joining& joining = is.primitive->joining;
  double total = read(0, 0);
  for (std::size_t k = 1; k < count; ++k) total = joining.join(total, read(0, k));
  return joining.is_mean ? total / static_cast<double>(count) : total;
}

void check_node(const Graph& graph, NodeId node, const Trace& trace) {
  const Node& is = graph.node(node);
  if (is.primitive->reads == Reads::kElementwise && !is.primitive->c.empty()) return;
  for (std::size_t at = 0; at < is.shape.size(); ++at) {
    CAPTURE(is.primitive->name);
    CAPTURE(at);
    REQUIRE(trace.value(node).data[at] == doctest::Approx(joined(graph, node, trace, at)));
  }
}

TEST_CASE("a result is made of the elements that it is said to read") {
  Graph graph;
  const Var m = graph.leaf(Role::kInput, {4, 3}, "m");
  const Var n = graph.leaf(Role::kInput, {3, 5}, "n");
  const Var v = graph.leaf(Role::kInput, {3}, "v");
  const Var c = graph.leaf(Role::kInput, {4, 1}, "c");
  const Var t = graph.leaf(Role::kInput, {2, 4, 3}, "t");
  const Var u = graph.leaf(Role::kInput, {2, 3, 5}, "u");
  const Var f = graph.leaf(Role::kInput, {2, 3, 4, 5}, "f");
  for (const Var x : {m, t, f}) {
    for (const Sides sides : {Sides{0}, Sides{1}, Sides{0, 1}, Sides::first(x.shape().ndim())}) {
      for (const bool keepdims : {false, true}) {
        sum(x, sides, keepdims);
        mean(x, sides, keepdims);
        max(x, sides, keepdims);
      }
    }
  }
  sum(f, {0, 2, 3});
  sum(f, {1, 3}, true);
  matmul(m, n);
  matmul(m, v);
  matmul(v, n);
  matmul(v, v);
  matmul(t, u);
  matmul(t, v);
  matmul(v, u);
  matmul(t, n);
  matmul(m, u);
  transpose(m);
  transpose(t);
  transpose(f, {2, 0, 3, 1});
  reshape(f, {6, 20});
  broadcast(v, {2, 4, 3});
  broadcast(c, {2, 4, 3});
  broadcast(sum(m), {4, 3});
  m + v;
  c* v;
  t - m;
  const Var out = matmul(fit(v, {2, 4, 3}), u);
  differentiate(graph, out.id(), upstream_leaf(graph, out.id()), differentiable_leaves(graph));
  Values values;
  std::mt19937_64 random(1);
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    const bool is_given = node.primitive == nullptr && !is_written_number(node);
    if (is_given) values[id] = tests::random_tensor(node.shape, random);
  }
  const Trace trace = evaluate(graph, values);
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (graph.node(id).primitive != nullptr) check_node(graph, id, trace);
  }
}

}  // namespace
}  // namespace backstep
