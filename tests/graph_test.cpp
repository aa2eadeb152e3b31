// The graph: how it grows, its names and its stations.
#include "engine/graph.h"

#include <doctest/doctest.h>

#include <cmath>
#include <utility>
#include <vector>

#include "engine/primitives/primitives.h"
#include "tests/circuits.h"

namespace backstep {
namespace {

using tests::error_text;
using tests::named;

TEST_CASE("names are unique: a second one gets a number") {
  Graph graph;
  const Var first = graph.leaf(Role::kInput, {}, "x");
  const Var second = graph.leaf(Role::kInput, {}, "x");
  const Var third = graph.leaf(Role::kInput, {}, "x");
  CHECK(graph.name(first.id()) == "x");
  CHECK(graph.name(second.id()) == "x_2");
  CHECK(graph.name(third.id()) == "x_3");
  CHECK(graph.find("x") == first.id());
  CHECK(graph.find("x_3") == third.id());
  CHECK(graph.find("y") == kNoNode);
}

TEST_CASE("a name that looks like a made one is respected") {
  Graph graph;
  const Var taken = graph.leaf(Role::kInput, {}, "x_2");
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var again = graph.leaf(Role::kInput, {}, "x");
  CHECK(graph.name(taken.id()) == "x_2");
  CHECK(graph.name(x.id()) == "x");
  CHECK(graph.name(again.id()) == "x_3");
}

TEST_CASE("a node that nobody named is called by its number, and not found by it") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var y = exp(x);
  CHECK(graph.name(y.id()) == "_1");
  CHECK(graph.find("_1") == kNoNode);
}

TEST_CASE("only identifiers are names: anything else becomes an entry with a number") {
  Graph graph;
  const auto named_as = [&](std::string_view name) {
    return graph.name(graph.leaf(Role::kInput, {}, name).id());
  };
  CHECK(named_as("y\nimport os") == "entry_1");
  CHECK(named_as("lambda") == "entry_2");
  CHECK(named_as("np") == "entry_3");
  CHECK(named_as("entry_4") == "entry_4");
  CHECK(named_as("_7") == "entry_5");
  CHECK(named_as(std::string(201, 'a')) == "entry_6");
  CHECK(named_as("평균") == "평균");
  CHECK(graph.find("y\nimport os") == kNoNode);
  CHECK(graph.groups()[graph.add_group("a b", 0)].name == "group");
}

TEST_CASE("words describe a node in errors, and never name it") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var y = exp(x);
  graph.describe(y.id(), "np.exp(x)");
  CHECK(graph.words(y.id()) == "np.exp(x)");
  CHECK(graph.name(y.id()) == "_1");
  graph.set_name(y.id(), "y");
  CHECK(graph.words(y.id()) == "y");
}

TEST_CASE("parallel edges stay two") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var y = x * x;
  CHECK(graph.arity(y.id()) == 2);
  CHECK(graph.input(y.id(), 0) == x.id());
  CHECK(graph.input(y.id(), 1) == x.id());
}

TEST_CASE("arguments keep their order") {
  Graph graph;
  const Var a = graph.leaf(Role::kInput, {}, "a");
  const Var b = graph.leaf(Role::kInput, {}, "b");
  const Var c = graph.leaf(Role::kInput, {}, "c");
  const Var y = where(c, b, a);
  CHECK(graph.input(y.id(), 0) == c.id());
  CHECK(graph.input(y.id(), 1) == b.id());
  CHECK(graph.input(y.id(), 2) == a.id());
}

TEST_CASE("a primitive takes as many arguments as its record says") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {1, 1}, "x");
  for (const Primitive* primitive : all_primitives()) {
    const std::size_t arity = primitive->arguments.size();
    for (std::size_t n = 0; n <= 4; ++n) {
      const std::vector<Var> inputs(n, x);
      const std::string expected =
          n == arity ? ""
                     : std::string(primitive->name) + " takes " + std::to_string(arity) +
                           (arity == 1 ? " argument" : " arguments") + ", not " + std::to_string(n);
      CHECK(error_text([&] { graph.apply(*primitive, inputs, {.shape = {1, 1}}); }) == expected);
    }
  }
}

TEST_CASE("stations count the operations; a folded broadcast belongs to the one that uses it") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {4, 3}, "x");
  const Var mu = named(mean(x, {0}), "mu");
  const Var xmu = named(x - mu, "xmu");
  const Var y = named(exp(xmu), "y");
  graph.number_stations();
  CHECK(graph.place(x.id()).station == 0);
  CHECK(graph.place(mu.id()).station == 1);
  const NodeId repeated = graph.input(xmu.id(), 1);
  CHECK(graph.place(repeated).folded);
  CHECK(graph.place(repeated).station == 2);
  CHECK(graph.place(xmu.id()).station == 2);
  CHECK(graph.place(y.id()).station == 3);
}

TEST_CASE("a graph moves, and its names with it") {
  Graph graph;
  const NodeId x = graph.leaf(Role::kInput, {2, 3}, "x").id();
  Graph moved = std::move(graph);
  CHECK(moved.size() == 1);
  CHECK(moved.find("x") == x);
  CHECK(moved.var(x).shape() == Shape{2, 3});
}

TEST_CASE("a copy of a graph is its own") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {2, 3}, "x");
  const Var y = named(sum(x, {0}), "y");
  Graph copy = graph;
  copy.set_name(named(copy.var(y.id()) + copy.var(y.id()), "z").id(), "w");
  copy.place(y.id()).station = 7;
  CHECK(graph.size() == 2);
  CHECK(graph.find("z") == kNoNode);
  CHECK(graph.place(y.id()).station == 0);
  CHECK(copy.size() == 3);
  CHECK(copy.find("y") == y.id());
  CHECK(copy.node(y.id()).shape == Shape{3});
  CHECK(copy.node(y.id()).attributes.sides == Sides{0});
}

TEST_CASE("what a node says stays good while the graph grows, and so do its settings") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {4, 3}, "x");
  const Var y = named(-0.0 * x, "y");
  const Var z = mean(y, {1}, true);
  const Node node = graph.node(y.id());
  for (int i = 1; i <= 1000; ++i) named(static_cast<double>(i) * broadcast(z, {4, 3 * i}), "n");
  CHECK(node.name == "y");
  CHECK(node.shape == Shape{4, 3});
  CHECK(node.attributes.number == 0);
  CHECK(std::signbit(node.attributes.number));
  CHECK(graph.node(z.id()).attributes.keepdims);
  CHECK(graph.node(z.id()).attributes.sides == Sides{1});
  CHECK(graph.node(x.id()).attributes.number == 0);
  CHECK(graph.name(static_cast<NodeId>(graph.size() - 1)) == "n_1000");
  CHECK(graph.node(static_cast<NodeId>(graph.size() - 1)).shape == Shape{4, 3000});
}

TEST_CASE("groups stand within each other") {
  Graph graph;
  const std::uint16_t outer = graph.add_group("two_layer_net", 0);
  const std::uint16_t inner = graph.add_group("linear", outer);
  REQUIRE(graph.groups().size() == 3);
  CHECK(graph.groups()[inner].name == "linear");
  CHECK(graph.groups()[inner].parent == outer);
  CHECK(graph.groups()[outer].parent == 0);
}

}  // namespace
}  // namespace backstep
