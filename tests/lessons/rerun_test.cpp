// The same circuit with other numbers, and the measures of numbers.
#include "lessons/rerun.h"

#include <doctest/doctest.h>

#include "engine/expression.h"
#include "engine/read/run.h"
#include "lessons/measure.h"

namespace backstep::lessons {
namespace {

Trace batch_norm() { return read::run_circuit("batch_norm", {}).trace; }

TEST_CASE("a circuit runs again to the same numbers, events and formulas") {
  const Trace first = batch_norm();
  const Trace second = rerun(first, {});
  const Graph& graph = first.graph();
  REQUIRE(second.graph().size() == graph.size());
  REQUIRE(second.events().size() == first.events().size());
  for (NodeId id = 0; id < graph.size(); ++id) {
    CHECK(second.graph().name(id) == graph.name(id));
    CHECK(formula(second.graph(), id) == formula(graph, id));
    CHECK(largest_difference(second.value(id), first.value(id)) == 0);
  }
}

TEST_CASE("what is given anew moves everything behind it, and nothing else") {
  const Trace first = batch_norm();
  const Tensor twice = product(value(first, "gamma"), Tensor({}, 2));
  const Trace second = rerun(first, {{"gamma", twice}});
  CHECK(largest_difference(value(second, "xhat"), value(first, "xhat")) == 0);
  const Tensor expected = product(value(first, "dx"), Tensor({}, 2));
  CHECK(largest_difference(value(second, "dx"), expected) < 1e-14);
}

TEST_CASE("a name that is no leaf, or another shape, is an error") {
  const Trace trace = batch_norm();
  CHECK_THROWS_WITH_AS(rerun(trace, {{"nothing", Tensor()}}), "the circuit has no nothing", Error);
  CHECK_THROWS_WITH_AS(rerun(trace, {{"xhat", Tensor()}}), "xhat is computed: it takes no value",
                       Error);
  CHECK_THROWS_AS(rerun(trace, {{"x", Tensor()}}), Error);
  CHECK_THROWS_AS(value(trace, "nothing"), Error);
}

TEST_CASE("measures") {
  const Tensor a({2, 2}, {3, -4, 0, 0});
  CHECK(largest(a) == 4);
  CHECK(root_mean_square(a) == 2.5);
  CHECK(mean(a) == -0.25);
  CHECK(share_of_zeros(a) == 0.5);
  CHECK(column_sums(a).data() == std::vector<double>{3, -4});
  CHECK(column_means(a).data() == std::vector<double>{1.5, -2});
  CHECK(product(a, column_sums(a)).data() == std::vector<double>{9, 16, 0, 0});
  CHECK(difference(a, Tensor({}, 1)).data() == std::vector<double>{2, -5, -1, -1});
  CHECK(largest_difference(a, Tensor({2, 2})) == 4);
}

}  // namespace
}  // namespace backstep::lessons
