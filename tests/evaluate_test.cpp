// The recorded run: what it asks for, what it refuses, and that it is the same each time.
#include "engine/evaluate.h"

#include <doctest/doctest.h>

#include <cstring>
#include <vector>

#include "engine/primitives/primitives.h"
#include "tests/circuits.h"

namespace backstep {
namespace {

using tests::Circuit;
using tests::error_text;

TEST_CASE("an input or a parameter needs a value") {
  Circuit circuit = tests::batch_norm({4, 3});
  Values values = circuit.values;
  values.erase(circuit.graph.find("gamma"));
  CHECK(error_text([&] { evaluate(std::move(circuit.graph), values); }) == "gamma has no value");
}

TEST_CASE("a value needs the shape of its leaf") {
  Circuit circuit = tests::batch_norm({4, 3});
  circuit.values[circuit.graph.find("gamma")] = Tensor({3, 1}, 1);
  CHECK(error_text([&] { tests::run(circuit); }) ==
        "gamma is (3,) in this circuit, but its value is (3, 1)");
}

TEST_CASE("a run that would not fit in memory is refused before any of it is taken") {
  Graph graph;
  Var y = graph.leaf(Role::kConstant, checked_shape({1 << 14, 1 << 13}), "x", 1);
  for (int i = 0; i < 8; ++i) y = tests::named(y + 1, "y");
  CHECK(error_text([&] { evaluate(std::move(graph), {}); }) ==
        "recording this run takes more than 1073741824 numbers at y_8 (16384, 8192); a smaller "
        "batch shows the same");
}

TEST_CASE("a constant is filled with its own number, unless it is given a value") {
  for (const bool given : {false, true}) {
    Graph graph;
    const Var eps = graph.leaf(Role::kConstant, {2, 2}, "eps", 0.25);
    const Var y = eps + 1;
    Values values;
    if (given) values[eps.id()] = Tensor({2, 2}, {1, 2, 3, 4});
    const NodeId result = y.id();
    const Trace trace = evaluate(std::move(graph), values);
    const Tensor expected = given ? Tensor({2, 2}, {2, 3, 4, 5}) : Tensor({2, 2}, 1.25);
    CHECK(Tensor(trace.value(result)).data() == expected.data());
  }
}

TEST_CASE("values that belong to no leaf are passed over") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const NodeId y = exp(x).id();
  const Trace trace =
      evaluate(std::move(graph), {{x.id(), Tensor(Shape{}, 0)}, {y, Tensor(Shape{}, 5)}});
  CHECK(trace.value(y)(0, 0) == 1);
}

TEST_CASE("an empty graph runs") {
  const Trace trace = evaluate(Graph(), {});
  CHECK(trace.events().empty());
}

TEST_CASE("the same input gives the same bytes") {
  const auto bytes = [] {
    Circuit circuit = tests::batch_norm({7, 5});
    tests::differentiate_all(circuit);
    const Trace trace = tests::run(circuit);
    std::vector<double> all;
    for (NodeId id = 0; id < trace.graph().size(); ++id) {
      all.insert(all.end(), trace.value(id).begin(), trace.value(id).end());
    }
    return all;
  };
  const std::vector<double> once = bytes();
  const std::vector<double> again = bytes();
  REQUIRE(once.size() == again.size());
  CHECK(std::memcmp(once.data(), again.data(), once.size() * sizeof(double)) == 0);
}

TEST_CASE("batch norm normalises") {
  Circuit circuit = tests::batch_norm({50, 4}, 1e-12);
  const NodeId xhat = circuit.graph.find("xhat");
  const Trace trace = tests::run(circuit);
  for (int col = 0; col < 4; ++col) {
    double sum = 0;
    double squares = 0;
    for (int row = 0; row < 50; ++row) {
      sum += trace.value(xhat)(row, col);
      squares += trace.value(xhat)(row, col) * trace.value(xhat)(row, col);
    }
    CHECK(std::abs(sum / 50) < 1e-14);
    CHECK(squares / 50 == doctest::Approx(1).epsilon(1e-9));
  }
}

}  // namespace
}  // namespace backstep
