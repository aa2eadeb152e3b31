// Circuits with a number for each leaf, drawn as a NumPy script would draw them.
#include "engine/read/inputs.h"

#include <doctest/doctest.h>

#include "engine/read/numpy_random.h"

namespace backstep::read {
namespace {

const Tensor& value_of(const PreparedCircuit& prepared, const std::string& name) {
  return prepared.values.at(prepared.circuit.graph.find(name));
}

TEST_CASE("values are drawn in the order of the parameters, whatever the order of --set") {
  const PreparedCircuit prepared =
      prepare_circuit("batch_norm", {{"gamma", "rand(1,3)"}, {"x", "rand(5,3)"}}, 50);
  LegacyRandom random(50);
  CHECK(value_of(prepared, "x").data() == random.rand(Shape{5, 3}).data());
  CHECK(value_of(prepared, "gamma").data() == random.rand(Shape{1, 3}).data());
  CHECK(value_of(prepared, "beta").data() == random.randn(Shape{1, 3}).data());
  CHECK(value_of(prepared, "eps").data() == std::vector<double>{1e-6});
}

TEST_CASE("numbers fill the shape of their leaf") {
  const PreparedCircuit prepared = prepare_circuit("warm_up", {}, 50);
  CHECK(value_of(prepared, "x").data() == std::vector<double>{-2});
  const PreparedCircuit set = prepare_circuit("batch_norm", {{"eps", "0.5"}}, 50);
  CHECK(value_of(set, "eps").data() == std::vector<double>{0.5});
}

TEST_CASE("a setting without a parameter, and one that is there twice") {
  CHECK_THROWS_WITH_AS(prepare_circuit("relu", {{"xx", "1"}}, 50),
                       "relu has no parameter 'xx': did you mean x?; what can be set is x", Error);
  CHECK_THROWS_WITH_AS(prepare_circuit("relu", {{"x", "1"}, {"x", "2"}}, 50), "'x' is set twice",
                       Error);
}

}  // namespace
}  // namespace backstep::read
