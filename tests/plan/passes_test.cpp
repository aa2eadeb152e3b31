// Each pass alone, and the derivation of the compact batch-norm gradient.
#include "engine/plan/passes.h"

#include <doctest/doctest.h>

#include "engine/expression.h"
#include "engine/plan/linear_sums.h"
#include "engine/plan/simplify.h"
#include "tests/plan/circuits.h"

namespace backstep {
namespace {

using testing::Circuit;

std::string text(const Rewritten& rewritten, Var old) {
  return expression(rewritten.graph, rewritten.now[old.id()]);
}

TEST_CASE("unused: what no output hangs on is left out") {
  Graph graph;
  const Var a = graph.leaf(Role::kInput, {2, 2}, "a");
  const Var b = graph.leaf(Role::kParameter, {2, 2}, "b");
  const Var wanted = exp(a);
  const Var unwanted = a * b;
  const std::vector<NodeId> outputs = {wanted.id()};
  const Rewritten less = drop_unused(graph, outputs);
  CHECK(less.graph.size() == 2);
  CHECK(less.now[b.id()] == kNoNode);
  CHECK(less.now[unwanted.id()] == kNoNode);
  CHECK(text(less, wanted) == "np.exp(a)");
}

TEST_CASE("equal: common subexpressions are merged, but not leaves that take values") {
  Graph graph;
  const Var a = graph.leaf(Role::kInput, {2, 2}, "a");
  const Var b = graph.leaf(Role::kInput, {2, 2}, "b");
  const Var one = a * b;
  const Var two = b * a;
  const Var minus = a - b;
  const Var other = b - a;
  const Var sum = exp(one) + exp(two);
  const Rewritten merged = merge_equal(graph);
  CHECK(merged.now[one.id()] == merged.now[two.id()]);
  CHECK(merged.now[minus.id()] != merged.now[other.id()]);
  CHECK(merged.now[a.id()] != merged.now[b.id()]);
  CHECK(merged.graph.input(merged.now[sum.id()], 0) == merged.graph.input(merged.now[sum.id()], 1));
}

TEST_CASE("constants: numbers of the text are computed once") {
  Graph graph;
  const Var a = graph.leaf(Role::kInput, {2, 2}, "a");
  const Var number = graph.leaf(Role::kConstant, {}, {}, 3);
  const Var eps = graph.leaf(Role::kConstant, {}, "eps", 3);
  const Var six = 2 * (3 * a);
  const Var same = 1 * a;
  const Var copied = copy(copy(a));
  const Var turned = transpose(transpose(a));
  const Var nine = square(number) + 1;
  const Var kept = square(eps);
  const Rewritten folded = fold_constants(graph);
  CHECK(text(folded, six) == "6 * a");
  CHECK(folded.now[same.id()] == folded.now[a.id()]);
  CHECK(folded.now[copied.id()] == folded.now[a.id()]);
  CHECK(folded.now[turned.id()] == folded.now[a.id()]);
  CHECK(folded.graph.node(folded.now[nine.id()]).attributes.number == 10);
  CHECK(text(folded, kept) == "eps ** 2");
}

struct Sums {
  Graph graph;
  Var x = graph.leaf(Role::kInput, {5, 3}, "x");
  Var y = graph.leaf(Role::kInput, {5, 3}, "y");
  Var row = graph.leaf(Role::kInput, {3}, "row");
  Var column = graph.leaf(Role::kInput, {5, 1}, "column");
};

TEST_CASE(
    "linear sums: a factor leaves, a known sum returns, a sum is split only if that is free") {
  Sums s;
  const Var total = testing::named(sum(s.x, {0}), "total");
  const Var scaled = sum(s.x * s.row, {0});
  const Var by_column = sum(s.y * s.column, {1}, true);
  const Var not_along = sum(s.y * s.column, {0});
  const Var split = sum(2 * s.x + s.row, {0});
  const Var not_free = sum(s.x + s.y, {0});
  const LinearResult result = pull_sums_apart(s.graph);
  CHECK(text(result.rewritten, total) == "np.sum(x, axis=0)");
  CHECK(text(result.rewritten, scaled) == "row * total");
  CHECK(text(result.rewritten, by_column) == "column * np.sum(y, axis=1, keepdims=True)");
  CHECK(text(result.rewritten, split) == "2 * total + 5 * row");
  const Graph& graph = result.rewritten.graph;
  CHECK(is(graph.node(result.rewritten.now[not_along.id()]), primitives::sum()));
  CHECK(is(graph.node(result.rewritten.now[not_free.id()]), primitives::sum()));
}

TEST_CASE("linear sums: what is left of a value without its mean sums to 0") {
  Sums s;
  const Var mu = testing::named(mean(s.x, {0}), "mu");
  const Var zero = sum(s.x - mu, {0});
  const LinearResult result = pull_sums_apart(s.graph);
  CHECK(is_number(result.rewritten.graph, result.rewritten.now[zero.id()]));
}

TEST_CASE("linear sums: no division by what may be 0") {
  Sums s;
  const Var first = sum(s.x * s.y * s.row, {0});
  const Var second = sum(s.x * s.y, {0});
  const LinearResult result = pull_sums_apart(s.graph);
  CHECK(text(result.rewritten, second).find('/') == std::string::npos);
  CHECK(text(result.rewritten, first).find('/') == std::string::npos);
}

TEST_CASE("batch norm: the compact gradient is derived from the stations") {
  Circuit circuit = testing::batch_norm(50, 4);
  const NodeId dx = circuit.outputs[1];
  const Simplified derivation = simplify(circuit.graph, circuit.outputs, circuit.values);
  CHECK(formula(derivation.graph, derivation.now[dx]) ==
        "dx = 1/50 * gamma * ivar * (50 * dout - xhat * dgamma - dbeta)");
  CHECK(derivation.steps.size() >= 4);
  for (const SimplifyStep& step : derivation.steps) {
    CAPTURE(step.rule.english());
    CHECK(step.error <= 1e-12);
  }
  CHECK(derivation.steps.back().operations < 0.7 * derivation.operations_at_first);
  CHECK(derivation.passes_at_first == 4);
  CHECK(derivation.steps.back().passes == 3);
}

}  // namespace
}  // namespace backstep
