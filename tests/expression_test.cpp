// Formulas: brackets, axes, numbers, and the rule behind a node.
#include "engine/expression.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/primitives/primitives.h"
#include "tests/circuits.h"

namespace backstep {
namespace {

using tests::Circuit;
using tests::named;

struct Abc {
  Graph graph;
  Var a = graph.leaf(Role::kInput, {4, 3}, "a");
  Var b = graph.leaf(Role::kInput, {4, 3}, "b");
  Var c = graph.leaf(Role::kInput, {4, 3}, "c");

  // The formula of `y` with all that led to it written out, as inside one gradient rule.
  std::string written(Var y) {
    for (NodeId id = 3; id < y.id(); ++id) {
      if (graph.node(id).primitive != nullptr) graph.place(id).part = Part::kInside;
    }
    return expression(graph, y.id());
  }
};

// Every formula is what Python reads back as the same tree.
TEST_CASE("brackets stand where Python needs them, and nowhere else") {
  const auto written = [](auto make) {
    Abc abc;
    return abc.written(make(abc.a, abc.b, abc.c));
  };
  using V = Var;
  CHECK(written([](V a, V b, V c) { return a + b + c; }) == "a + b + c");
  CHECK(written([](V a, V b, V c) { return a + (b + c); }) == "a + (b + c)");
  CHECK(written([](V a, V b, V c) { return a - (b - c); }) == "a - (b - c)");
  CHECK(written([](V a, V b, V c) { return a * (b + c); }) == "a * (b + c)");
  CHECK(written([](V a, V b, V c) { return a * b + c; }) == "a * b + c");
  CHECK(written([](V a, V b, V c) { return a / (b * c); }) == "a / (b * c)");
  CHECK(written([](V a, V b, V c) { return a / b * c; }) == "a / b * c");
  CHECK(written([](V a, V b, V) { return -(a + b); }) == "-(a + b)");
  CHECK(written([](V a, V b, V) { return -a * b; }) == "-a * b");
  CHECK(written([](V a, V, V) { return square(-a); }) == "(-a) ** 2");
  CHECK(written([](V a, V, V) { return -square(a); }) == "-a ** 2");
  CHECK(written([](V a, V, V) { return square(square(a)); }) == "(a ** 2) ** 2");
  CHECK(written([](V a, V b, V) { return square(a + b); }) == "(a + b) ** 2");
  CHECK(written([](V a, V, V) { return power(a, -1.5); }) == "a ** -1.5");
  CHECK(written([](V a, V, V) { return power(exp(a), 0.5); }) == "np.exp(a) ** 0.5");
  CHECK(written([](V a, V b, V) { return a * power(b, -1); }) == "a * b ** -1");
  CHECK(written([](V a, V, V) { return 0.5 * a; }) == "1/2 * a");
  CHECK(written([](V a, V b, V) { return a / (0.5 * b); }) == "a / (1/2 * b)");
  CHECK(written([](V a, V, V) { return -2 * a; }) == "-2 * a");
  CHECK(written([](V a, V, V) { return a + -3; }) == "a + -3");
  CHECK(written([](V a, V, V) { return 1 - a; }) == "1 - a");
  CHECK(written([](V a, V b, V) { return 1 - (a - b); }) == "1 - (a - b)");
  CHECK(written([](V a, V b, V) { return invert(a * b); }) == "1 / (a * b)");
  CHECK(written([](V a, V b, V) { return invert(a) * b; }) == "1 / a * b");
  CHECK(written([](V a, V b, V) { return b * invert(a); }) == "b * (1 / a)");
  CHECK(written([](V a, V b, V) { return matmul(transpose(a + b), b); }) == "(a + b).T @ b");
  CHECK(written([](V a, V, V) { return transpose(exp(a)); }) == "np.exp(a).T");
  CHECK(written([](V a, V b, V) { return a * greater(a, b); }) == "a * (a > b)");
  CHECK(written([](V a, V b, V) { return equal(greater(a, b), a); }) == "(a > b) == a");
  CHECK(written([](V a, V b, V c) { return where(a, b + c, c); }) == "np.where(a, b + c, c)");
  CHECK(written([](V a, V b, V) { return maximum(-a, b); }) == "np.maximum(-a, b)");
  CHECK(written([](V a, V b, V) { return sqrt_eps(a, b); }) == "np.sqrt(a + b)");
}

TEST_CASE("a reduction names its axis, and a broadcast its shape unless NumPy repeats by itself") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {4, 3}, "x");
  const Var w = graph.leaf(Role::kInput, {3, 2}, "w");
  const Var row = named(sum(x, {0}), "row");
  const Var column = named(max(x, {1}, true), "column");
  const Var all = named(mean(x), "all");
  CHECK(formula(graph, row.id()) == "row = np.sum(x, axis=0)");
  CHECK(formula(graph, column.id()) == "column = np.max(x, axis=1, keepdims=True)");
  CHECK(formula(graph, all.id()) == "all = np.mean(x)");
  CHECK(formula(graph, named(x - row, "centred").id()) == "centred = x - row");
  CHECK(formula(graph, named(row + column, "outer").id()) == "outer = row + column");
  const Var told = named(broadcast(row, {4, 3}), "told");
  CHECK(formula(graph, told.id()) == "told = np.broadcast_to(row, (4, 3))");
  CHECK(formula(graph, named(matmul(fit(row, {4, 3}), w), "product").id()) ==
        "product = np.broadcast_to(row, (4, 3)) @ w");
}

TEST_CASE("leaves are their names; a number of the text is itself") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var two = graph.leaf(Role::kConstant, {}, {}, 2);
  const Var eps = graph.leaf(Role::kConstant, {}, "eps", 1e-5);
  const Var y = named(maximum(x, two), "y");
  CHECK(formula(graph, x.id()) == "x");
  CHECK(expression(graph, y.id()) == "np.maximum(x, 2)");
  CHECK(expression(graph, (x + eps).id()) == "x + eps");
  CHECK(name_in_formula(graph, two.id()) == "2");
}

TEST_CASE("a gradient that passes unchanged is its source's name") {
  Graph graph;
  const Var a = graph.leaf(Role::kInput, {4, 3}, "a");
  const Var b = graph.leaf(Role::kInput, {3}, "b");
  const Var y = named(a + b, "y");
  differentiate(graph, y.id(), upstream_leaf(graph, y.id()), differentiable_leaves(graph));
  CHECK(formula(graph, graph.find("da")) == "da = dy");
  CHECK(formula(graph, graph.find("db")) == "db = np.sum(dy, axis=0)");
}

TEST_CASE("a line of numbers is made of terms, whose places follow from the result's") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {8, 2}, "x");
  const Var m = named(mean(x, {0}), "m");
  const Var d = named(2 * (x - m), "d");
  graph.place(graph.input(d.id(), 0)).part = Part::kInside;  // written out
  const std::vector<FormulaTerm> mean_terms = number_terms(graph, m.id());
  REQUIRE_EQ(mean_terms.size(), 7);
  CHECK(mean_terms[0].text == "(");
  CHECK(mean_terms[4].text == " + ...");
  CHECK(mean_terms[6].text == ") / 8");
  for (const std::size_t k : {1, 2, 3, 5}) CHECK(mean_terms[k].node == x.id());
  CHECK(place_of(graph, mean_terms[3], 1) == 5);  // x[2, 1] in m[1]
  CHECK(place_of(graph, mean_terms[5], 0) == 14);
  CHECK(mean_terms[5].form.minus == " - ");
  const std::vector<FormulaTerm> terms = number_terms(graph, d.id());
  REQUIRE_EQ(terms.size(), 5);
  CHECK(terms[0].text == "2 * (");
  CHECK(place_of(graph, terms[1], 15) == 15);
  CHECK(terms[1].form.minus == "-");
  CHECK(place_of(graph, terms[3], 15) == 1);  // m[1], which is repeated
  CHECK(terms[3].form.minus == "(-");
}

TEST_CASE("one element with its numbers; of a long sum the first terms and the last") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {8, 1}, "x");
  const Var y = graph.leaf(Role::kInput, {8, 1}, "y");
  const Var s = named(sum(x, {0}), "s");
  const Var m = named(mean(x, {0}), "m");
  const Var d = named(x - m, "d");
  const Var p = named(x * y, "p");
  const Var t = named(matmul(transpose(x), y), "t");
  const Var u = named(sum(y, {0}), "u");
  const Var v = named(y / x, "v");
  const Var o = named(x + y, "o");
  const Trace trace = evaluate(std::move(graph), {{0, Tensor({8, 1}, {1, 2, 3, 4, 5, 6, 7, 12})},
                                                  {1, Tensor({8, 1}, -0.5)}});
  const auto text = [&](Var var, int row) {
    return expression_with_numbers(trace, var.id(), row, 0);
  };
  CHECK(text(s, 0) == "1 + 2 + 3 + ... + 12");
  CHECK(text(m, 0) == "(1 + 2 + 3 + ... + 12) / 8");
  CHECK(text(d, 2) == "3 - 5");
  CHECK(text(p, 1) == "2 * (-0.5)");
  CHECK(text(t, 0) == "1 * (-0.5) + 2 * (-0.5) + 3 * (-0.5) + ... + 12 * (-0.5)");
  CHECK(text(u, 0) == "-0.5 - 0.5 - 0.5 + ... - 0.5");
  CHECK(text(v, 1) == "(-0.5) / 2");
  CHECK(text(o, 0) == "1 + (-0.5)");
  CHECK(text(x, 7) == "12");
}

TEST_CASE("a comparison that is written out in a sum stands in brackets") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {2}, "x");
  const Var mask = greater(x, -1 * x);
  const Var y = named(x + mask, "y");
  graph.place(mask.id()).part = Part::kInside;
  graph.place(graph.input(mask.id(), 1)).part = Part::kInside;
  const Trace trace = evaluate(std::move(graph), {{0, Tensor({2}, {0.5, -2})}});
  CHECK(expression_with_numbers(trace, y.id(), 0, 0) == "0.5 + (0.5 > -1 * 0.5)");
  CHECK(expression_with_numbers(trace, y.id(), 0, 1) == "-2 + (-2 > -1 * (-2))");
}

TEST_CASE("the rule behind each primitive") {
  struct Case {
    const char* primitive;
    const char* forward;
    std::vector<const char*> backward;
  };
  const std::vector<Case> cases = {
      {"add", "y = a + b", {"da = dy", "db = dy"}},
      {"subtract", "y = a - b", {"da = dy", "db = -dy"}},
      {"multiply", "y = a * b", {"da = dy * b", "db = dy * a"}},
      {"divide", "y = a / b", {"da = dy / b", "db = -(dy * y / b)"}},
      {"matmul", "y = a @ b", {"da = dy @ b.T", "db = a.T @ dy"}},
      {"square", "y = a ** 2", {"da = 2 * a * dy"}},
      {"sqrt", "y = np.sqrt(a)", {"da = 1/2 * dy / y"}},
      {"invert", "y = 1 / a", {"da = -dy / a ** 2"}},
      {"exp", "y = np.exp(a)", {"da = dy * y"}},
      {"log", "y = np.log(a)", {"da = dy / a"}},
      {"tanh", "y = np.tanh(a)", {"da = (1 - y ** 2) * dy"}},
      {"relu", "y = np.maximum(a, 0)", {"da = dy * (a > 0)"}},
      {"transpose", "y = a.T", {"da = dy.T"}},
      {"sum", "y = np.sum(a)", {"da = np.broadcast_to(dy, (N, D))"}},
      {"mean", "y = np.mean(a)", {"da = np.broadcast_to(1/(N*D) * dy, (N, D))"}},
      {"max", "y = np.max(a)", {"da = (a == y) * (dy / np.sum(a == y))"}},
  };
  for (const Case& rule : cases) {
    CAPTURE(rule.primitive);
    const Primitive* primitive = nullptr;
    for (const Primitive* one : all_primitives()) {
      if (one->name == rule.primitive) primitive = one;
    }
    REQUIRE(primitive != nullptr);
    Graph graph;
    std::vector<Var> inputs;
    for (std::size_t i = 0; i < primitive->arguments.size(); ++i) {
      const Shape shape = i == 1 && primitive->name == "matmul" ? Shape{3, 2} : Shape{4, 3};
      inputs.push_back(graph.leaf(Role::kInput, shape, "in" + std::to_string(i)));
    }
    const Attributes both = {.sides = {0, 1}, .order = {1, 0}};
    const Var out = named(graph.apply(*primitive, inputs, both), "out");
    const Backward backward = differentiate(graph, out.id(), upstream_leaf(graph, out.id()),
                                            differentiable_leaves(graph));
    CHECK(local_formula(graph, out.id()) == rule.forward);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      CHECK(local_formula(graph, backward.gradient[inputs[i].id()]) == rule.backward[i]);
    }
    CHECK(local_formula(graph, inputs[0].id()).empty());
    CHECK(local_formula(graph, backward.seed).empty());
  }
}

TEST_CASE("a broadcast unseen in the circuit is a sum in the rule") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {4, 3}, "x");
  const Var b = graph.leaf(Role::kInput, {3}, "bias");
  const Var y = named(x + b, "y");
  const Backward backward =
      differentiate(graph, y.id(), upstream_leaf(graph, y.id()), differentiable_leaves(graph));
  CHECK(local_formula(graph, backward.gradient[b.id()]) == "db = np.sum(dy, axis=0)");
  const Use use = use_of(graph, backward.gradient[b.id()]);
  CHECK(use.user == y.id());
  CHECK(use.argument == 1);
  CHECK(unfolded(graph, graph.input(y.id(), 1)) == b.id());
}

TEST_CASE("places in a text are filled, and a lone brace is left as it is") {
  const auto fill = [](std::string_view place) { return "<" + std::string(place) + ">"; };
  CHECK(filled("a {b} c {d}", fill) == "a <b> c <d>");
  CHECK(filled("no place", fill) == "no place");
  CHECK(filled("open { end", fill) == "open { end");
  CHECK(filled("", fill) == "");
}

}  // namespace
}  // namespace backstep
