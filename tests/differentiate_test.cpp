// The backward pass: which nodes it makes, what they are called, and what they hold.
#include "engine/differentiate.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "engine/check/finite_differences.h"
#include "engine/primitives/primitives.h"
#include "tests/circuits.h"

namespace backstep {
namespace {

using tests::Circuit;
using tests::error_text;
using tests::named;

Tensor scalar(double value) { return Tensor(Shape{}, value); }

// Differentiates a scalar with respect to all inputs and parameters, upstream 1.
Backward differentiate_scalar(Graph& graph, Var y) {
  const Var seed = upstream_leaf(graph, y.id());
  return differentiate(graph, y.id(), seed, differentiable_leaves(graph));
}

std::vector<std::string> names_from(const Graph& graph, NodeId first) {
  std::vector<std::string> names;
  for (NodeId id = first; id < graph.size(); ++id) names.push_back(graph.name(id));
  return names;
}

// ---- values -------------------------------------------------------------------------------------

TEST_CASE("x * x keeps both of its edges") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var y = named(x * x, "y");
  const Backward backward = differentiate_scalar(graph, y);
  const NodeId dx1 = graph.find("dx1");
  const NodeId dx2 = graph.find("dx2");
  REQUIRE(dx1 != kNoNode);
  REQUIRE(dx2 != kNoNode);
  CHECK(graph.place(dx1).argument == 0);
  CHECK(graph.place(dx2).argument == 1);
  const Trace trace = evaluate(std::move(graph), {{x.id(), scalar(3)}});
  CHECK(trace.value(y.id())(0, 0) == 9);
  CHECK(trace.value(dx1)(0, 0) == 3);
  CHECK(trace.value(dx2)(0, 0) == 3);
  CHECK(trace.value(backward.gradient[x.id()])(0, 0) == 6);
}

TEST_CASE("a ladder of 60 diamonds has 2^60 paths, and each node is visited once") {
  Graph graph;
  const Var a = graph.leaf(Role::kInput, {}, "a");
  const Var y = tests::diamonds(a, 60);
  const Backward backward = differentiate_scalar(graph, y);
  CHECK(graph.size() == 61 + 1 + 3 * 60);  // of each diamond two contributions and their sum
  const Trace trace = evaluate(std::move(graph), {{a.id(), scalar(1)}});
  CHECK(trace.value(y.id())(0, 0) == 0x1p60);
  CHECK(trace.value(backward.gradient[a.id()])(0, 0) == 0x1p60);
}

TEST_CASE("the diamond a = 1, b = a + a, c = b + b") {
  Graph graph;
  const Var a = graph.leaf(Role::kInput, {}, "a");
  const Var b = named(a + a, "b");
  const Var c = named(b + b, "c");
  const Backward backward = differentiate_scalar(graph, c);
  CHECK(names_from(graph, backward.seed) ==
        std::vector<std::string>{"dc", "db1", "db2", "db", "da1", "da2", "da"});
  const Trace trace = evaluate(std::move(graph), {{a.id(), scalar(1)}});
  CHECK(trace.value(backward.gradient[c.id()])(0, 0) == 1);
  CHECK(trace.value(backward.gradient[b.id()])(0, 0) == 2);
  CHECK(trace.value(backward.gradient[a.id()])(0, 0) == 4);
}

TEST_CASE("a leaf that is used 5 times receives 5 contributions, added as they arrive") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var s = named(square(x), "s");
  const Var e = named(exp(x), "e");
  const Var p = named(s * x, "p");
  const Var q = named(e * x, "q");
  const Var r = named(p + q, "r");
  const Var y = named(r - x, "y");
  const Backward backward = differentiate_scalar(graph, y);
  const NodeId dx = backward.gradient[x.id()];
  CHECK(graph.name(dx) == "dx");
  CHECK(graph.place(dx).part == Part::kGradient);
  CHECK(graph.place(dx).n == 5);

  // y = x^3 + x e^x - x. In the order of arrival: through y, q, p, e and s.
  const double at = 0.7;
  const Trace trace = evaluate(std::move(graph), {{x.id(), scalar(at)}});
  const Graph& run = trace.graph();
  const double expected[] = {-1, std::exp(at), at * at, at * std::exp(at), at * 2 * at};
  const NodeId through[] = {y.id(), q.id(), p.id(), e.id(), s.id()};
  double sum = 0;
  for (std::uint32_t k = 1; k <= 5; ++k) {
    CAPTURE(k);
    const NodeId contribution = run.find("dx" + std::to_string(k));
    REQUIRE(contribution != kNoNode);
    CHECK(run.place(contribution).part == Part::kContribution);
    CHECK(run.place(contribution).k == k);
    CHECK(run.place(contribution).n == 5);
    CHECK(run.place(contribution).of == x.id());
    CHECK(run.place(contribution).through == through[k - 1]);
    CHECK(trace.value(contribution)(0, 0) == doctest::Approx(expected[k - 1]).epsilon(1e-15));
    sum += trace.value(contribution)(0, 0);
    if (k == 1 || k == 5) continue;
    const NodeId partial = run.find("dx_" + std::to_string(k) + "of5");
    REQUIRE(partial != kNoNode);
    CHECK(run.place(partial).part == Part::kPartial);
    CHECK(run.place(partial).k == k);
    CHECK(trace.value(partial)(0, 0) == sum);
  }
  CHECK(trace.value(dx)(0, 0) == sum);
  const double slope = 3 * at * at + std::exp(at) + at * std::exp(at) - 1;
  CHECK(trace.value(dx)(0, 0) == doctest::Approx(slope).epsilon(1e-15));
}

TEST_CASE("every leaf of batch norm agrees with central differences") {
  Circuit circuit = tests::batch_norm({6, 3});
  tests::differentiate_all(circuit);
  const NodeId output = circuit.output;
  const Trace trace = tests::run(circuit);
  const std::vector<check::GradientCheck> checks = check::check_gradients(trace, output);
  REQUIRE(checks.size() == 3);
  for (const check::GradientCheck& result : checks) {
    INFO(check::in_words(trace.graph(), result));
    CHECK(result.passed());
    CHECK(result.unclear + result.kinks == 0);
  }
}

// ---- what gets no gradient ----------------------------------------------------------------------

TEST_CASE("a node that does not reach the output has no gradient") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var lonely = graph.leaf(Role::kInput, {}, "lonely");
  const Var y = named(exp(x), "y");
  const Var dead_end = named(y * lonely, "dead_end");
  const Backward backward = differentiate_scalar(graph, y);
  CHECK(backward.gradient[lonely.id()] == kNoNode);
  CHECK(backward.gradient[dead_end.id()] == kNoNode);
  CHECK(graph.name(backward.gradient[x.id()]) == "dx");  // one contribution: no number
  CHECK(backward.gradient.size() == 5);                  // one entry a node that was there before
}

TEST_CASE("an output that is an input has the upstream gradient as its own") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {2, 2}, "x");
  const Backward backward = differentiate_scalar(graph, x);
  CHECK(backward.gradient[x.id()] == backward.seed);
  CHECK(graph.name(backward.seed) == "dx");
  CHECK(graph.size() == 2);
  const Trace trace = evaluate(std::move(graph), {{x.id(), Tensor({2, 2}, 5)}});
  CHECK(trace.value(backward.seed)(1, 1) == 1);
}

TEST_CASE("constants get no gradient") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var c = graph.leaf(Role::kConstant, {}, "c", 3);
  const Var k = named(exp(c), "k");
  const Var y = named(x * k, "y");
  const Backward backward = differentiate_scalar(graph, y);
  CHECK(backward.gradient[c.id()] == kNoNode);
  CHECK(backward.gradient[k.id()] == kNoNode);
  CHECK(graph.find("dk") == kNoNode);
  CHECK(graph.find("dx") != kNoNode);
}

TEST_CASE("no gradient flows through a mask") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var zero = graph.leaf(Role::kConstant, {});
  const Var mask = named(greater(x, zero), "mask");
  const Var y = named(mask * x, "y");
  const Backward backward = differentiate_scalar(graph, y);
  CHECK(backward.gradient[mask.id()] == kNoNode);
  CHECK(graph.name(backward.gradient[x.id()]) == "dx");
}

TEST_CASE("a frozen parameter makes no nodes") {
  const auto nodes_for = [](std::vector<std::string_view> names) {
    Circuit circuit = tests::batch_norm({4, 3});
    Graph& graph = circuit.graph;
    std::vector<NodeId> wrt;
    for (const std::string_view name : names) wrt.push_back(graph.find(name));
    const Var seed = upstream_leaf(graph, circuit.output);
    const std::size_t before = graph.size();
    differentiate(graph, circuit.output, seed, wrt);
    const bool gamma_asked = !names.empty() && names.back() == "gamma";
    CHECK((graph.find("dgamma") != kNoNode) == gamma_asked);
    return graph.size() - before;
  };
  const std::size_t all = nodes_for({"x", "beta", "gamma"});
  const std::size_t without_gamma = nodes_for({"x", "beta"});
  CHECK(all - without_gamma == 2);  // the product, and the sum over the batch
  CHECK(nodes_for({"x"}) == without_gamma - 2);
  CHECK(nodes_for({"beta"}) == 2);
  CHECK(nodes_for({}) == 0);
}

TEST_CASE("asked for a node within, the backward pass stops there") {
  Circuit circuit = tests::batch_norm({4, 3});
  Graph& graph = circuit.graph;
  const NodeId xhat = graph.find("xhat");
  const NodeId wrt[] = {xhat};
  const Var seed = upstream_leaf(graph, circuit.output);
  const Backward backward = differentiate(graph, circuit.output, seed, wrt);
  CHECK(graph.name(backward.gradient[xhat]) == "dxhat");
  CHECK(graph.find("dxmu") == kNoNode);
  CHECK(graph.find("divar") == kNoNode);
  CHECK(graph.find("dgamma") == kNoNode);
}

// ---- names and places ---------------------------------------------------------------------------

TEST_CASE("the gradients of batch norm have the names of the well-known circuit") {
  Circuit circuit = tests::batch_norm({4, 3});
  tests::differentiate_all(circuit);
  const Graph& graph = circuit.graph;
  for (const char* name : {"dbeta", "dgamma", "dgammax", "dxhat", "divar", "dsqrtvar", "dvar",
                           "dsq", "dxmu1", "dxmu2", "dxmu", "dmu", "dx1", "dx2", "dx", "dout"}) {
    CHECK_MESSAGE(graph.find(name) != kNoNode, name);
  }
  CHECK(graph.name(graph.place(graph.find("dxmu1")).through) == "xhat");
  CHECK(graph.name(graph.place(graph.find("dxmu2")).through) == "sq");
  CHECK(graph.name(graph.place(graph.find("dx1")).through) == "xmu");
  CHECK(graph.name(graph.place(graph.find("dx2")).through) == "mu");
  CHECK(graph.place(graph.find("dxhat")).station == 8);
  CHECK(graph.place(graph.find("dbeta")).station == 9);
  CHECK(graph.place(graph.find("dx2")).station == 1);
  CHECK(graph.place(graph.find("dx")).station == 0);
  CHECK(graph.find("deps") == kNoNode);
}

TEST_CASE("where the usual name is taken, the gradient is called grad_") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var dx = named(exp(x), "dx");
  const Var y = named(dx * x, "y");
  const Backward backward = differentiate_scalar(graph, y);
  CHECK(graph.find("dx") == dx.id());
  CHECK(graph.name(backward.gradient[x.id()]) == "grad_x");
  CHECK(graph.name(backward.gradient[dx.id()]) == "ddx");
  CHECK(graph.find("dx1") != kNoNode);
}

TEST_CASE("gradients of nodes without a name are called by number") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var hidden = exp(x);
  const Var y = named(hidden * hidden, "y");
  const Backward backward = differentiate_scalar(graph, y);
  CHECK(names_from(graph, backward.seed + 1) ==
        std::vector<std::string>{"d_1_1", "d_1_2", "d_1", "dx"});
}

// ---- the upstream gradient ----------------------------------------------------------------------

TEST_CASE("the upstream gradient may be a copy of the output") {
  Circuit circuit = tests::batch_norm({4, 3});
  Graph& graph = circuit.graph;
  const Var seed = copy(graph.var(circuit.output));
  const Backward backward =
      differentiate(graph, circuit.output, seed, differentiable_leaves(graph));
  CHECK(graph.name(seed.id()) == "dout");
  CHECK(graph.place(seed.id()).part == Part::kSeed);
  const NodeId output = circuit.output;
  const Trace trace = tests::run(circuit);
  const Tensor out(trace.value(output));
  CHECK(Tensor(trace.value(backward.seed)).data() == out.data());
  const NodeId dbeta = backward.gradient[trace.graph().find("beta")];
  for (int j = 0; j < 3; ++j) {
    CHECK(trace.value(dbeta)(0, j) == out(0, j) + out(1, j) + out(2, j) + out(3, j));
  }
}

TEST_CASE("the output itself, or a node before it, may be the upstream gradient") {
  for (const bool itself : {true, false}) {
    Graph graph;
    const Var x = graph.leaf(Role::kInput, {2, 1}, "x");
    const Var y = itself ? square(x) : named(square(x), "y");
    const Var seed = itself ? y : x;
    const Backward backward = differentiate(graph, y.id(), seed, differentiable_leaves(graph));
    CHECK(graph.place(x.id()).part == Part::kForward);
    CHECK(graph.place(y.id()).part == Part::kForward);
    CHECK(!graph.name(backward.seed).empty());
    const Trace trace = evaluate(std::move(graph), {{x.id(), Tensor({2, 1}, {3, 5})}});
    const ConstView dx = trace.value(backward.gradient[x.id()]);
    CHECK(dx(0, 0) == (itself ? 9 : 3) * 2 * 3);
    CHECK(dx(1, 0) == (itself ? 25 : 5) * 2 * 5);
    CHECK(trace.events().front().kind == EventKind::kForward);
  }
}

TEST_CASE("an upstream gradient of another shape is refused, and the graph stays as it was") {
  Circuit circuit = tests::batch_norm({4, 3});
  Graph& graph = circuit.graph;
  const Var wrong = graph.leaf(Role::kConstant, {3, 4}, "g");
  const std::size_t before = graph.size();
  CHECK(error_text([&] {
          differentiate(graph, circuit.output, wrong, differentiable_leaves(graph));
        }) == "the upstream gradient g has shape (3, 4); it needs the shape of out, (4, 3)");
  CHECK(graph.size() == before);
}

// ---- size ---------------------------------------------------------------------------------------

TEST_CASE("the backward pass grows in step with the graph") {
  const auto nodes_for = [](int count) {
    Graph graph;
    Var y = graph.leaf(Role::kInput, {}, "x");
    for (int i = 0; i < count; ++i) y = y * tanh(y);
    const std::size_t before = graph.size();
    differentiate_scalar(graph, y);
    return graph.size() - before;
  };
  const std::size_t once = nodes_for(1000);
  const std::size_t twice = nodes_for(2000);
  const std::size_t thrice = nodes_for(3000);
  CHECK(twice - once == thrice - twice);
  CHECK(once < 10 * 1000);
}

TEST_CASE("a chain of 100,000 nodes needs no deep call stack") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  Var y = x;
  for (int i = 0; i < 100000; ++i) y = y + 1;
  const Backward backward = differentiate_scalar(graph, y);
  const Trace trace = evaluate(std::move(graph), {{x.id(), scalar(0)}});
  CHECK(trace.value(y.id())(0, 0) == 100000);
  CHECK(trace.value(backward.gradient[x.id()])(0, 0) == 1);
}

}  // namespace
}  // namespace backstep
