// Shapes of 0 to 4 sides: the value of every element against a formula of another make, the shape
// that NumPy gives, which elements were read, and gradients against central differences.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/check/finite_differences.h"
#include "engine/primitives/primitives.h"
#include "engine/reads.h"
#include "tests/circuits.h"

namespace backstep {
namespace {

using check::check_gradient;
using check::GradientCheck;
using tests::Circuit;
using tests::error_text;
using tests::random_tensor;

// ---- the table ----------------------------------------------------------------------------------

// Where an element stands: its index along each side; those that are not there are 0.
using Place = std::array<int, 4>;

// The element at these indices, each 0 along a side that is 1.
class Elements {
 public:
  explicit Elements(const Tensor& tensor) : tensor_(&tensor) {}

  template <typename... Indices>
  double operator()(Indices... indices) const {
    const std::vector<int> at = {indices...};
    REQUIRE(static_cast<int>(at.size()) == tensor_->shape().ndim());
    std::size_t offset = 0;
    for (std::size_t i = 0; i < at.size(); ++i) {
      const int length = tensor_->shape()[static_cast<int>(i)];
      REQUIRE(at[i] < length);
      offset = offset * static_cast<std::size_t>(length) + static_cast<std::size_t>(at[i]);
    }
    return tensor_->data()[offset];
  }

 private:
  const Tensor* tensor_;
};

using Inputs = std::vector<Elements>;

struct Row {
  const char* text;
  std::vector<Shape> shapes;
  Var (*make)(const std::vector<Var>& in);
  Shape shape;  // as NumPy has it
  double (*expected)(const Inputs& in, const Place& at);
};

using Vars = std::vector<Var>;

double largest(std::initializer_list<double> values) { return std::max(values); }

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      // Broadcasting: sides are compared from the last.
      {"() + ()",
       {{}, {}},
       [](const Vars& in) { return in[0] + in[1]; },
       {},
       [](const Inputs& in, const Place&) { return in[0]() + in[1](); }},
      {"() * (3,)",
       {{}, {3}},
       [](const Vars& in) { return in[0] * in[1]; },
       {3},
       [](const Inputs& in, const Place& at) { return in[0]() * in[1](at[0]); }},
      {"(1,) * ()",
       {{1}, {}},
       [](const Vars& in) { return in[0] * in[1]; },
       {1},
       [](const Inputs& in, const Place&) { return in[0](0) * in[1](); }},
      {"(3,) * (1,)",
       {{3}, {1}},
       [](const Vars& in) { return in[0] * in[1]; },
       {3},
       [](const Inputs& in, const Place& at) { return in[0](at[0]) * in[1](0); }},
      {"(3,) - (4, 1)",
       {{3}, {4, 1}},
       [](const Vars& in) { return in[0] - in[1]; },
       {4, 3},
       [](const Inputs& in, const Place& at) { return in[0](at[1]) - in[1](at[0], 0); }},
      {"(4, 3) * (3,)",
       {{4, 3}, {3}},
       [](const Vars& in) { return in[0] * in[1]; },
       {4, 3},
       [](const Inputs& in, const Place& at) { return in[0](at[0], at[1]) * in[1](at[1]); }},
      {"(4, 3) * (1, 3)",
       {{4, 3}, {1, 3}},
       [](const Vars& in) { return in[0] * in[1]; },
       {4, 3},
       [](const Inputs& in, const Place& at) { return in[0](at[0], at[1]) * in[1](0, at[1]); }},
      {"(1, 1) * (3,)",
       {{1, 1}, {3}},
       [](const Vars& in) { return in[0] * in[1]; },
       {1, 3},
       [](const Inputs& in, const Place& at) { return in[0](0, 0) * in[1](at[1]); }},
      {"(2, 1, 3) * (4, 1)",
       {{2, 1, 3}, {4, 1}},
       [](const Vars& in) { return in[0] * in[1]; },
       {2, 4, 3},
       [](const Inputs& in, const Place& at) { return in[0](at[0], 0, at[2]) * in[1](at[1], 0); }},
      {"(2, 4, 3) * (2, 1, 1)",
       {{2, 4, 3}, {2, 1, 1}},
       [](const Vars& in) { return in[0] * in[1]; },
       {2, 4, 3},
       [](const Inputs& in, const Place& at) {
         return in[0](at[0], at[1], at[2]) * in[1](at[0], 0, 0);
       }},
      {"(2, 1, 3, 1) * (4, 1, 2)",
       {{2, 1, 3, 1}, {4, 1, 2}},
       [](const Vars& in) { return in[0] * in[1]; },
       {2, 4, 3, 2},
       [](const Inputs& in, const Place& at) {
         return in[0](at[0], 0, at[2], 0) * in[1](at[1], 0, at[3]);
       }},
      {"() repeated to (2, 3, 2)",
       {{}},
       [](const Vars& in) {
         return broadcast(in[0], {2, 3, 2});
       },
       {2, 3, 2},
       [](const Inputs& in, const Place&) { return in[0](); }},
      {"(3, 1) repeated to (2, 3, 2)",
       {{3, 1}},
       [](const Vars& in) {
         return broadcast(in[0], {2, 3, 2});
       },
       {2, 3, 2},
       [](const Inputs& in, const Place& at) { return in[0](at[1], 0); }},
      {"where of (3,), (4, 1) and ()",
       {{3}, {4, 1}, {}},
       [](const Vars& in) {
         const Var zero = in[0].graph().leaf(Role::kConstant, {});
         return where(greater(in[0], zero), in[1], in[2]);
       },
       {4, 3},
       [](const Inputs& in, const Place& at) {
         return in[0](at[1]) > 0 ? in[1](at[0], 0) : in[2]();
       }},
      // Reductions, over any sides, which go or stay as 1.
      {"sum of ()",
       {{}},
       [](const Vars& in) { return sum(in[0]); },
       {},
       [](const Inputs& in, const Place&) { return in[0](); }},
      {"max of ()",
       {{}},
       [](const Vars& in) { return max(in[0], {}, true); },
       {},
       [](const Inputs& in, const Place&) { return in[0](); }},
      {"sum of (3,)",
       {{3}},
       [](const Vars& in) { return sum(in[0]); },
       {},
       [](const Inputs& in, const Place&) { return in[0](0) + in[0](1) + in[0](2); }},
      {"mean of (3,), kept",
       {{3}},
       [](const Vars& in) { return mean(in[0], {0}, true); },
       {1},
       [](const Inputs& in, const Place&) { return (in[0](0) + in[0](1) + in[0](2)) / 3; }},
      {"max of (3,)",
       {{3}},
       [](const Vars& in) { return max(in[0], {0}); },
       {},
       [](const Inputs& in, const Place&) {
         return largest({in[0](0), in[0](1), in[0](2)});
       }},
      {"sum of (2, 3) over 0",
       {{2, 3}},
       [](const Vars& in) { return sum(in[0], {0}); },
       {3},
       [](const Inputs& in, const Place& at) { return in[0](0, at[0]) + in[0](1, at[0]); }},
      {"sum of (2, 3) over 0, kept",
       {{2, 3}},
       [](const Vars& in) { return sum(in[0], {0}, true); },
       {1, 3},
       [](const Inputs& in, const Place& at) { return in[0](0, at[1]) + in[0](1, at[1]); }},
      {"mean of (3, 2) over 1",
       {{3, 2}},
       [](const Vars& in) { return mean(in[0], {1}); },
       {3},
       [](const Inputs& in, const Place& at) { return (in[0](at[0], 0) + in[0](at[0], 1)) / 2; }},
      {"max of (3, 2) over 1",
       {{3, 2}},
       [](const Vars& in) { return max(in[0], {1}); },
       {3},
       [](const Inputs& in, const Place& at) {
         return largest({in[0](at[0], 0), in[0](at[0], 1)});
       }},
      {"max of (3, 2) over 1, kept",
       {{3, 2}},
       [](const Vars& in) { return max(in[0], {1}, true); },
       {3, 1},
       [](const Inputs& in, const Place& at) {
         return largest({in[0](at[0], 0), in[0](at[0], 1)});
       }},
      {"sum of (2, 2) over all, kept",
       {{2, 2}},
       [](const Vars& in) {
         return sum(in[0], {0, 1}, true);
       },
       {1, 1},
       [](const Inputs& in, const Place&) {
         return in[0](0, 0) + in[0](0, 1) + in[0](1, 0) + in[0](1, 1);
       }},
      {"sum of (2, 3) over no side",
       {{2, 3}},
       [](const Vars& in) { return sum(in[0], {}); },
       {2, 3},
       [](const Inputs& in, const Place& at) { return in[0](at[0], at[1]); }},
      {"sum of (2, 3, 2) over 1",
       {{2, 3, 2}},
       [](const Vars& in) { return sum(in[0], {1}); },
       {2, 2},
       [](const Inputs& in, const Place& at) {
         return in[0](at[0], 0, at[1]) + in[0](at[0], 1, at[1]) + in[0](at[0], 2, at[1]);
       }},
      {"mean of (2, 3, 2) over 1, kept",
       {{2, 3, 2}},
       [](const Vars& in) { return mean(in[0], {1}, true); },
       {2, 1, 2},
       [](const Inputs& in, const Place& at) {
         return (in[0](at[0], 0, at[2]) + in[0](at[0], 1, at[2]) + in[0](at[0], 2, at[2])) / 3;
       }},
      {"mean of (2, 3, 2) over 0 and 2",
       {{2, 3, 2}},
       [](const Vars& in) {
         return mean(in[0], {0, 2});
       },
       {3},
       [](const Inputs& in, const Place& at) {
         return (in[0](0, at[0], 0) + in[0](0, at[0], 1) + in[0](1, at[0], 0) +
                 in[0](1, at[0], 1)) /
                4;
       }},
      {"max of (2, 3, 2) over 0 and 2",
       {{2, 3, 2}},
       [](const Vars& in) {
         return max(in[0], {0, 2});
       },
       {3},
       [](const Inputs& in, const Place& at) {
         return largest(
             {in[0](0, at[0], 0), in[0](0, at[0], 1), in[0](1, at[0], 0), in[0](1, at[0], 1)});
       }},
      {"max of (2, 3, 2) over 1 and 2, kept",
       {{2, 3, 2}},
       [](const Vars& in) {
         return max(in[0], {1, 2}, true);
       },
       {2, 1, 1},
       [](const Inputs& in, const Place& at) {
         return largest({in[0](at[0], 0, 0), in[0](at[0], 0, 1), in[0](at[0], 1, 0),
                         in[0](at[0], 1, 1), in[0](at[0], 2, 0), in[0](at[0], 2, 1)});
       }},
      {"sum of (2, 3, 2, 2) over 0 and 2",
       {{2, 3, 2, 2}},
       [](const Vars& in) {
         return sum(in[0], {0, 2});
       },
       {3, 2},
       [](const Inputs& in, const Place& at) {
         return in[0](0, at[0], 0, at[1]) + in[0](0, at[0], 1, at[1]) + in[0](1, at[0], 0, at[1]) +
                in[0](1, at[0], 1, at[1]);
       }},
      {"sum of (2, 2, 2, 3) over 1 and 3, kept",
       {{2, 2, 2, 3}},
       [](const Vars& in) {
         return sum(in[0], {1, 3}, true);
       },
       {2, 1, 2, 1},
       [](const Inputs& in, const Place& at) {
         double total = 0;
         for (int i = 0; i < 2; ++i) {
           for (int j = 0; j < 3; ++j) total += in[0](at[0], i, at[2], j);
         }
         return total;
       }},
      // Products.
      {"(3,) @ (3,)",
       {{3}, {3}},
       [](const Vars& in) { return matmul(in[0], in[1]); },
       {},
       [](const Inputs& in, const Place&) {
         return in[0](0) * in[1](0) + in[0](1) * in[1](1) + in[0](2) * in[1](2);
       }},
      {"(2,) @ (2, 3)",
       {{2}, {2, 3}},
       [](const Vars& in) { return matmul(in[0], in[1]); },
       {3},
       [](const Inputs& in, const Place& at) {
         return in[0](0) * in[1](0, at[0]) + in[0](1) * in[1](1, at[0]);
       }},
      {"(3, 2) @ (2,)",
       {{3, 2}, {2}},
       [](const Vars& in) { return matmul(in[0], in[1]); },
       {3},
       [](const Inputs& in, const Place& at) {
         return in[0](at[0], 0) * in[1](0) + in[0](at[0], 1) * in[1](1);
       }},
      {"(3, 2) @ (2, 4)",
       {{3, 2}, {2, 4}},
       [](const Vars& in) { return matmul(in[0], in[1]); },
       {3, 4},
       [](const Inputs& in, const Place& at) {
         return in[0](at[0], 0) * in[1](0, at[1]) + in[0](at[0], 1) * in[1](1, at[1]);
       }},
      {"(2, 3, 2) @ (2, 2, 4)",
       {{2, 3, 2}, {2, 2, 4}},
       [](const Vars& in) { return matmul(in[0], in[1]); },
       {2, 3, 4},
       [](const Inputs& in, const Place& at) {
         return in[0](at[0], at[1], 0) * in[1](at[0], 0, at[2]) +
                in[0](at[0], at[1], 1) * in[1](at[0], 1, at[2]);
       }},
      {"(2, 3, 2) @ (2, 4)",
       {{2, 3, 2}, {2, 4}},
       [](const Vars& in) { return matmul(in[0], in[1]); },
       {2, 3, 4},
       [](const Inputs& in, const Place& at) {
         return in[0](at[0], at[1], 0) * in[1](0, at[2]) + in[0](at[0], at[1], 1) * in[1](1, at[2]);
       }},
      {"(2, 1, 3, 2) @ (3, 2, 2)",
       {{2, 1, 3, 2}, {3, 2, 2}},
       [](const Vars& in) { return matmul(in[0], in[1]); },
       {2, 3, 3, 2},
       [](const Inputs& in, const Place& at) {
         return in[0](at[0], 0, at[2], 0) * in[1](at[1], 0, at[3]) +
                in[0](at[0], 0, at[2], 1) * in[1](at[1], 1, at[3]);
       }},
      {"(2, 3, 2) @ (2,)",
       {{2, 3, 2}, {2}},
       [](const Vars& in) { return matmul(in[0], in[1]); },
       {2, 3},
       [](const Inputs& in, const Place& at) {
         return in[0](at[0], at[1], 0) * in[1](0) + in[0](at[0], at[1], 1) * in[1](1);
       }},
      {"(2,) @ (3, 2, 4)",
       {{2}, {3, 2, 4}},
       [](const Vars& in) { return matmul(in[0], in[1]); },
       {3, 4},
       [](const Inputs& in, const Place& at) {
         return in[0](0) * in[1](at[0], 0, at[1]) + in[0](1) * in[1](at[0], 1, at[1]);
       }},
      {"(2,) @ (2, 3, 2, 2)",
       {{2}, {2, 3, 2, 2}},
       [](const Vars& in) { return matmul(in[0], in[1]); },
       {2, 3, 2},
       [](const Inputs& in, const Place& at) {
         return in[0](0) * in[1](at[0], at[1], 0, at[2]) + in[0](1) * in[1](at[0], at[1], 1, at[2]);
       }},
      // Transposes of any order.
      {"().T",
       {{}},
       [](const Vars& in) { return transpose(in[0]); },
       {},
       [](const Inputs& in, const Place&) { return in[0](); }},
      {"(3,).T",
       {{3}},
       [](const Vars& in) { return transpose(in[0]); },
       {3},
       [](const Inputs& in, const Place& at) { return in[0](at[0]); }},
      {"(2, 3).T",
       {{2, 3}},
       [](const Vars& in) { return transpose(in[0]); },
       {3, 2},
       [](const Inputs& in, const Place& at) { return in[0](at[1], at[0]); }},
      {"(2, 3) as it was",
       {{2, 3}},
       [](const Vars& in) {
         return transpose(in[0], {0, 1});
       },
       {2, 3},
       [](const Inputs& in, const Place& at) { return in[0](at[0], at[1]); }},
      {"(2, 3, 4).T",
       {{2, 3, 4}},
       [](const Vars& in) { return transpose(in[0]); },
       {4, 3, 2},
       [](const Inputs& in, const Place& at) { return in[0](at[2], at[1], at[0]); }},
      {"(2, 3, 4) in the order 1, 2, 0",
       {{2, 3, 4}},
       [](const Vars& in) {
         return transpose(in[0], {1, 2, 0});
       },
       {3, 4, 2},
       [](const Inputs& in, const Place& at) { return in[0](at[2], at[0], at[1]); }},
      {"(2, 3, 2, 4) in the order 2, 0, 3, 1",
       {{2, 3, 2, 4}},
       [](const Vars& in) {
         return transpose(in[0], {2, 0, 3, 1});
       },
       {2, 2, 4, 3},
       [](const Inputs& in, const Place& at) { return in[0](at[1], at[3], at[0], at[2]); }},
      // The same numbers in another shape.
      {"() as (1, 1)",
       {{}},
       [](const Vars& in) {
         return reshape(in[0], {1, 1});
       },
       {1, 1},
       [](const Inputs& in, const Place&) { return in[0](); }},
      {"(1, 1, 1) as ()",
       {{1, 1, 1}},
       [](const Vars& in) { return reshape(in[0], {}); },
       {},
       [](const Inputs& in, const Place&) { return in[0](0, 0, 0); }},
      {"(6,) as (2, 3)",
       {{6}},
       [](const Vars& in) {
         return reshape(in[0], {2, 3});
       },
       {2, 3},
       [](const Inputs& in, const Place& at) { return in[0](3 * at[0] + at[1]); }},
      {"(2, 3) as (3, 2)",
       {{2, 3}},
       [](const Vars& in) {
         return reshape(in[0], {3, 2});
       },
       {3, 2},
       [](const Inputs& in, const Place& at) {
         const int i = 2 * at[0] + at[1];
         return in[0](i / 3, i % 3);
       }},
      {"(2, 3, 2) as (12,)",
       {{2, 3, 2}},
       [](const Vars& in) { return reshape(in[0], {12}); },
       {12},
       [](const Inputs& in, const Place& at) {
         return in[0](at[0] / 6, at[0] / 2 % 3, at[0] % 2);
       }},
      {"(3, 4) as (3, 1, 2, 2)",
       {{3, 4}},
       [](const Vars& in) {
         return reshape(in[0], {3, 1, 2, 2});
       },
       {3, 1, 2, 2},
       [](const Inputs& in, const Place& at) { return in[0](at[0], 2 * at[2] + at[3]); }},
  };
  return kRows;
}

Circuit circuit_of(const Row& row) {
  Circuit circuit;
  std::mt19937_64 random(7);
  std::vector<Var> inputs;
  for (std::size_t i = 0; i < row.shapes.size(); ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    inputs.push_back(circuit.graph.leaf(Role::kInput, row.shapes[i], name));
    circuit.values[inputs.back().id()] = random_tensor(row.shapes[i], random, -2, 2);
  }
  const Var y = tests::named(row.make(inputs), "y");
  circuit.output = y.id();
  return circuit;
}

Place place_of(const Shape& shape, std::size_t at) {
  Place place = {};
  for (int side = shape.ndim() - 1; side >= 0; --side) {
    const std::size_t length = static_cast<std::size_t>(shape[side]);
    place[static_cast<std::size_t>(side)] = static_cast<int>(at % length);
    at /= length;
  }
  return place;
}

// ---- every row ----------------------------------------------------------------------------------

TEST_CASE("shapes of 0 to 4 sides: the shape and every value are NumPy's") {
  for (const Row& row : rows()) {
    CAPTURE(row.text);
    Circuit circuit = circuit_of(row);
    const std::vector<Tensor> values = [&] {
      std::vector<Tensor> result;
      for (std::size_t i = 0; i < row.shapes.size(); ++i) {
        result.push_back(circuit.values.at(static_cast<NodeId>(i)));
      }
      return result;
    }();
    const Inputs inputs(values.begin(), values.end());
    const NodeId y = circuit.output;
    const Trace trace = tests::run(circuit);
    const ConstView value = trace.value(y);
    REQUIRE(to_string(value.shape) == to_string(row.shape));
    for (std::size_t i = 0; i < value.size(); ++i) {
      const double expected = row.expected(inputs, place_of(row.shape, i));
      CHECK(std::fabs(value.data[i] - expected) <= 1e-14 * std::max(1.0, std::fabs(expected)));
    }
  }
}

TEST_CASE("shapes of 0 to 4 sides: every gradient agrees with central differences") {
  for (const Row& row : rows()) {
    for (std::size_t i = 0; i < row.shapes.size(); ++i) {
      CAPTURE(row.text);
      CAPTURE(i);
      Circuit circuit = circuit_of(row);
      const Backward backward = tests::differentiate_all(circuit);
      const NodeId leaf = static_cast<NodeId>(i);
      const NodeId gradient = backward.gradient[leaf];
      const bool is_mask = i == 0 && row.shapes.size() == 3;
      CHECK((gradient == kNoNode) == is_mask);
      if (gradient == kNoNode) continue;
      CHECK(to_string(circuit.graph.node(gradient).shape) == to_string(row.shapes[i]));
      const Trace trace = tests::run(circuit);
      const GradientCheck result =
          check_gradient(trace, backward.output, backward.seed, leaf, gradient);
      INFO(check::in_words(trace.graph(), result));
      CHECK(result.checked == result.elements);
      CHECK(result.passed());
      CHECK(result.worst.error <= 1e-7);
      CHECK(result.kinks + result.unclear == 0);
    }
  }
}

// ---- which elements are read --------------------------------------------------------------------

// What a node's element is, told from the elements that read_place names.
double from_reads(const Trace& trace, NodeId id, std::size_t at) {
  const Graph& graph = trace.graph();
  const auto read = [&](std::size_t argument, std::size_t k) {
    const ConstView from = trace.value(graph.input(id, argument));
    const std::size_t place = read_place(graph, id, argument, at, k);
    REQUIRE(place < from.size());
    return from.data[place];
  };
  const std::string_view name = graph.node(id).primitive->name;
  const std::size_t count = read_count(graph, id, 0);
  if (name == "sum" || name == "mean") {
    double total = 0;
    for (std::size_t k = 0; k < count; ++k) total += read(0, k);
    return name == "sum" ? total : total / static_cast<double>(count);
  }
  if (name == "max") {
    double best = -std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < count; ++k) best = std::max(best, read(0, k));
    return best;
  }
  if (name == "matmul") {
    REQUIRE(read_count(graph, id, 1) == count);
    double total = 0;
    for (std::size_t k = 0; k < count; ++k) total += read(0, k) * read(1, k);
    return total;
  }
  REQUIRE(count == 1);
  if (name == "multiply") return read(0, 0) * read(1, 0);
  if (name == "add") return read(0, 0) + read(1, 0);
  if (name == "subtract") return read(0, 0) - read(1, 0);
  if (name == "greater") return read(0, 0) > read(1, 0) ? 1 : 0;
  if (name == "where") return read(0, 0) != 0 ? read(1, 0) : read(2, 0);
  REQUIRE_MESSAGE((name == "broadcast" || name == "transpose" || name == "reshape"), name);
  return read(0, 0);
}

TEST_CASE("shapes of 0 to 4 sides: the elements that a node is said to read make its value") {
  std::set<Reads> ways;
  for (const Row& row : rows()) {
    CAPTURE(row.text);
    Circuit circuit = circuit_of(row);
    const Trace trace = tests::run(circuit);
    for (NodeId id = 0; id < trace.graph().size(); ++id) {
      if (trace.graph().node(id).primitive == nullptr) continue;
      ways.insert(trace.graph().node(id).primitive->reads);
      const ConstView value = trace.value(id);
      for (std::size_t at = 0; at < value.size(); ++at) {
        CHECK(value.data[at] == doctest::Approx(from_reads(trace, id, at)).epsilon(1e-14));
      }
    }
  }
  CHECK(ways.size() == 5);
}

TEST_CASE("a reduction reads every element of its argument once") {
  for (const Row& row : rows()) {
    Circuit circuit = circuit_of(row);
    const Graph& graph = circuit.graph;
    const Node& node = graph.node(circuit.output);
    if (node.primitive->reads != Reads::kReduce) continue;
    CAPTURE(row.text);
    std::set<std::size_t> places;
    for (std::size_t at = 0; at < node.shape.size(); ++at) {
      for (std::size_t k = 0; k < read_count(graph, circuit.output, 0); ++k) {
        CHECK(places.insert(read_place(graph, circuit.output, 0, at, k)).second);
      }
    }
    CHECK(places.size() == row.shapes[0].size());
  }
}

// ---- names and texts ----------------------------------------------------------------------------

TEST_CASE("what a reduction goes over is told of a number, a vector and a matrix") {
  CHECK(along(Shape{}, {}) == Along::kAll);
  CHECK(along({3}, {0}) == Along::kAll);
  CHECK(along({3}, {}) == Along::kOther);  // nothing is added up
  CHECK(along({4, 3}, {0}) == Along::kRows);
  CHECK(along({4, 3}, {1}) == Along::kColumns);
  CHECK(along({4, 3}, {0, 1}) == Along::kAll);
  CHECK(along({4, 3}, {}) == Along::kOther);
  CHECK(along({2, 4, 3}, {0, 1}) == Along::kRows);
  CHECK(along({2, 4, 3}, {2}) == Along::kColumns);
  CHECK(along({2, 4, 3}, {1}) == Along::kOther);
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {2, 4, 3}, "x");
  CHECK(along(graph, sum(x, {0, 1}).id()) == Along::kOther);
}

TEST_CASE("shapes of other numbers of sides that do not fit are told apart") {
  Graph graph;
  const auto leaf = [&graph](const Shape& shape, std::string_view name) {
    return graph.leaf(Role::kInput, shape, name);
  };
  const Var x = leaf({4, 3}, "x");
  const Var vector = leaf({4}, "vector");
  const Var stack = leaf({2, 4, 3}, "stack");
  const Var other = leaf({5, 3, 2}, "other");
  const Var number = leaf({}, "number");
  const std::size_t before = graph.size();
  CHECK(error_text([&] { x - vector; }) ==
        "x (4, 3) and vector (4,) cannot be subtracted: columns 3 and 4 differ; NumPy lines "
        "shapes up from the last side; was keepdims=True lost in a sum or mean?");
  const Var longer = leaf({5}, "longer");
  CHECK(error_text([&] { vector + longer; }) ==
        "vector (4,) and longer (5,) cannot be added: lengths 4 and 5 differ; was a sum or mean "
        "taken along the other axis, or a keepdims lost?");
  const Var wide = leaf({2, 1, 4}, "wide");
  CHECK(error_text([&] { stack + wide; }) ==
        "stack (2, 4, 3) and wide (2, 1, 4) cannot be added: along axis 2, 3 and 4 differ; do both "
        "come from the same batch and the same features?");
  CHECK(error_text([&] {
          broadcast(vector, {4, 3});
        }) == "shape (4,) cannot be repeated to (4, 3)");
  CHECK(error_text([&] { broadcast(x, {3}); }) == "shape (4, 3) cannot be repeated to (3,)");
  CHECK(error_text([&] {
          reshape(x, {5, 2});
        }) == "(4, 3) holds 12 numbers, and (5, 2) takes 10: no reshape makes one the other");
  CHECK(error_text([&] { reshape(number, {2}); }) ==
        "() holds 1 numbers, and (2,) takes 2: no reshape makes one the other");
  CHECK(error_text([&] { matmul(x, vector); }) ==
        "x (4, 3) @ vector (4,): the left has 3 columns and the right 4 rows, which must be equal; "
        "is a .T missing?");
  CHECK(error_text([&] { matmul(stack, other); }) ==
        "stack (2, 4, 3) @ other (5, 3, 2): the leading sides 2 and 5 differ");
  CHECK(!error_text([&] { matmul(number, vector); }).empty());
  CHECK(!error_text([&] { matmul(leaf({1}, "one"), number); }).empty());
  CHECK(graph.size() == before + 3);  // a refused node leaves nothing behind
}

}  // namespace
}  // namespace backstep
