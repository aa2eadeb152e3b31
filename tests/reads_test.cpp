// Which elements are read: the rule of the sides says of every element what read_place does.
#include "engine/reads.h"

#include <doctest/doctest.h>

#include <vector>

#include "tests/circuits.h"

namespace backstep {
namespace {

using Index = std::vector<std::size_t>;

std::size_t side(const Shape& shape, int at) { return static_cast<std::size_t>(shape[at]); }

// The place in `argument` that the rule gives for number k of what element `at` reads.
std::size_t by_rule(const ReadRule& rule, const Shape& argument, const Shape& result,
                    std::size_t at, std::size_t k) {
  if (rule.kind == ReadRule::Kind::kSame) return at;
  Index of_result(static_cast<std::size_t>(result.ndim()));
  for (int i = result.ndim() - 1; i >= 0; --i) {
    of_result[static_cast<std::size_t>(i)] = at % side(result, i);
    at /= side(result, i);
  }
  Index index(static_cast<std::size_t>(argument.ndim()));
  for (int i = argument.ndim() - 1; i >= 0; --i) {
    const std::int8_t from = rule.from[static_cast<std::size_t>(i)];
    std::size_t& is = index[static_cast<std::size_t>(i)];
    if (from == ReadRule::kRuns) {
      is = k % side(argument, i);
      k /= side(argument, i);
    } else if (from != ReadRule::kFirst) {
      is = of_result[static_cast<std::size_t>(from)];
    }
  }
  std::size_t place = 0;
  for (int i = 0; i < argument.ndim(); ++i) {
    place = place * side(argument, i) + index[static_cast<std::size_t>(i)];
  }
  return place;
}

void check_node(const Graph& graph, NodeId node) {
  const Node& is = graph.node(node);
  for (std::size_t i = 0; i < graph.arity(node); ++i) {
    const ReadRule rule = read_rule(graph, node, i);
    if (rule.kind == ReadRule::Kind::kEach) continue;
    const Shape& argument = graph.node(graph.input(node, i)).shape;
    for (std::size_t at = 0; at < is.shape.size(); ++at) {
      for (std::size_t k = 0; k < read_count(graph, node, i); ++k) {
        CAPTURE(is.primitive->name);
        REQUIRE_EQ(by_rule(rule, argument, is.shape, at, k), read_place(graph, node, i, at, k));
      }
    }
  }
}

TEST_CASE("the rule of the sides says of every element what read_place does") {
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
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (graph.node(id).primitive != nullptr) check_node(graph, id);
  }
}

}  // namespace
}  // namespace backstep
