// Every primitive: its values against formulas of another make, every gradient rule against central
// differences, and the texts of its shape errors. A new primitive needs a row in kRows.
#include "engine/primitives/primitives.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "engine/check/finite_differences.h"
#include "tests/circuits.h"

namespace backstep {
namespace {

using check::check_gradient;
using check::GradientCheck;
using tests::Circuit;
using tests::error_text;
using tests::random_tensor;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// ---- the table ----------------------------------------------------------------------------------

// The values that an argument gets: random within the range; a mask is 0 or 1, in turn.
struct Range {
  double low = 0;
  double high = 0;
  bool mask = false;
};
constexpr Range kAny{-2, 2};
constexpr Range kPositive{0.3, 3};
constexpr Range kNegative{-3, -0.3};
constexpr Range kMask{0, 1, true};

using Inputs = std::vector<Tensor>;

struct Row {
  std::string primitive;
  std::vector<Shape> shapes;
  std::vector<Range> ranges;
  Attributes attributes;
  // One element of the result, computed in another way.
  double (*expected)(const Inputs& in, int row, int col);
};

double total(const Tensor& a) {
  double sum = 0;
  for (const double value : a.data()) sum += value;
  return sum;
}

double column_total(const Tensor& a, int col) {
  double sum = 0;
  for (int i = 0; i < a.shape().rows(); ++i) sum += a(i, col);
  return sum;
}

double row_total(const Tensor& a, int row) {
  double sum = 0;
  for (int j = 0; j < a.shape().cols(); ++j) sum += a(row, j);
  return sum;
}

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"add",
       {{3, 2}, {3, 2}},
       {kAny, kAny},
       {},
       [](const Inputs& in, int i, int j) { return in[0](i, j) - -in[1](i, j); }},
      {"subtract",
       {{3, 2}, {3, 2}},
       {kAny, kAny},
       {},
       [](const Inputs& in, int i, int j) { return in[0](i, j) + -in[1](i, j); }},
      {"multiply",
       {{3, 2}, {3, 2}},
       {kAny, kAny},
       {},
       [](const Inputs& in, int i, int j) { return in[0](i, j) / (1 / in[1](i, j)); }},
      {"divide",
       {{3, 2}, {3, 2}},
       {kAny, kPositive},
       {},
       [](const Inputs& in, int i, int j) { return in[0](i, j) * std::pow(in[1](i, j), -1); }},
      {"divide",
       {{2, 2}, {2, 2}},
       {kAny, kNegative},
       {},
       [](const Inputs& in, int i, int j) { return in[0](i, j) * std::pow(in[1](i, j), -1); }},
      {"maximum",
       {{4, 3}, {4, 3}},
       {kAny, kAny},
       {},
       [](const Inputs& in, int i, int j) {
         return (in[0](i, j) + in[1](i, j) + std::fabs(in[0](i, j) - in[1](i, j))) / 2;
       }},
      {"minimum",
       {{4, 3}, {4, 3}},
       {kAny, kAny},
       {},
       [](const Inputs& in, int i, int j) {
         return (in[0](i, j) + in[1](i, j) - std::fabs(in[0](i, j) - in[1](i, j))) / 2;
       }},
      {"clip",
       {{4, 3}, {4, 3}, {4, 3}},
       {kAny, kNegative, kPositive},
       {},
       [](const Inputs& in, int i, int j) {
         const double a = in[0](i, j), low = in[1](i, j), high = in[2](i, j);
         return (std::fabs(a - low) - std::fabs(a - high) + low + high) / 2;
       }},
      {"times",
       {{3, 2}},
       {kAny},
       {.number = -1.7},
       [](const Inputs& in, int i, int j) { return in[0](i, j) * 0.3 - 2 * in[0](i, j); }},
      {"divide by",
       {{3, 2}},
       {kAny},
       {.number = 2.5},
       [](const Inputs& in, int i, int j) { return in[0](i, j) * 0.4; }},
      {"exponentiate",
       {{3, 2}},
       {kAny},
       {.number = 2.5},
       [](const Inputs& in, int i, int j) { return std::exp(in[0](i, j) * std::log(2.5)); }},
      {"plus",
       {{3, 2}},
       {kAny},
       {.number = 0.25},
       [](const Inputs& in, int i, int j) { return (4 * in[0](i, j) + 1) / 4; }},
      {"minus from",
       {{3, 2}},
       {kAny},
       {.number = 1.5},
       [](const Inputs& in, int i, int j) { return -(in[0](i, j) - 1.5); }},
      {"negate",
       {{3, 2}},
       {kAny},
       {},
       [](const Inputs& in, int i, int j) { return 0 - in[0](i, j); }},
      {"copy", {{3, 2}}, {kAny}, {}, [](const Inputs& in, int i, int j) { return in[0](i, j); }},
      {"detach", {{3, 2}}, {kAny}, {}, [](const Inputs& in, int i, int j) { return in[0](i, j); }},
      {"square",
       {{3, 2}},
       {kAny},
       {},
       [](const Inputs& in, int i, int j) { return std::pow(in[0](i, j), 2); }},
      {"power",
       {{3, 2}},
       {kAny},
       {.number = 3},
       [](const Inputs& in, int i, int j) { return in[0](i, j) * in[0](i, j) * in[0](i, j); }},
      {"power",
       {{3, 2}},
       {kPositive},
       {.number = -1.5},
       [](const Inputs& in, int i, int j) { return std::exp(-1.5 * std::log(in[0](i, j))); }},
      {"power",
       {{3, 2}},
       {kAny},
       {.number = 1},
       [](const Inputs& in, int i, int j) { return in[0](i, j); }},
      {"power", {{3, 2}}, {kAny}, {.number = 0}, [](const Inputs&, int, int) { return 1.0; }},
      {"sqrt",
       {{3, 2}},
       {kPositive},
       {},
       [](const Inputs& in, int i, int j) { return std::pow(in[0](i, j), 0.5); }},
      {"sqrt with epsilon",
       {{3, 2}, {3, 2}},
       {kPositive, {1e-3, 1e-2}},
       {},
       [](const Inputs& in, int i, int j) { return std::pow(in[0](i, j) + in[1](i, j), 0.5); }},
      {"invert",
       {{3, 2}},
       {kPositive},
       {},
       [](const Inputs& in, int i, int j) { return std::pow(in[0](i, j), -1); }},
      {"invert",
       {{3, 2}},
       {kNegative},
       {},
       [](const Inputs& in, int i, int j) { return std::pow(in[0](i, j), -1); }},
      {"exp",
       {{3, 2}},
       {kAny},
       {},
       [](const Inputs& in, int i, int j) { return std::pow(std::exp2(in[0](i, j)), M_LOG2E); }},
      {"log",
       {{3, 2}},
       {kPositive},
       {},
       [](const Inputs& in, int i, int j) { return std::log2(in[0](i, j)) / M_LOG2E; }},
      {"abs",
       {{3, 2}},
       {kPositive},
       {},
       [](const Inputs& in, int i, int j) { return in[0](i, j); }},
      {"abs",
       {{3, 2}},
       {kNegative},
       {},
       [](const Inputs& in, int i, int j) { return -in[0](i, j); }},
      {"sign",
       {{3, 2}},
       {kAny},
       {},
       [](const Inputs& in, int i, int j) { return in[0](i, j) / std::fabs(in[0](i, j)); }},
      {"tanh",
       {{3, 2}},
       {kAny},
       {},
       [](const Inputs& in, int i, int j) { return 1 - 2 / (std::exp(2 * in[0](i, j)) + 1); }},
      {"relu",
       {{4, 3}},
       {kAny},
       {},
       [](const Inputs& in, int i, int j) { return (in[0](i, j) + std::fabs(in[0](i, j))) / 2; }},
      {"greater",
       {{4, 3}, {4, 3}},
       {kMask, kMask},
       {},
       [](const Inputs& in, int i, int j) { return in[0](i, j) - in[1](i, j) == 1 ? 1.0 : 0.0; }},
      {"greater equal",
       {{4, 3}, {4, 3}},
       {kMask, kMask},
       {},
       [](const Inputs& in, int i, int j) { return in[0](i, j) - in[1](i, j) == -1 ? 0.0 : 1.0; }},
      {"less",
       {{4, 3}, {4, 3}},
       {kMask, kMask},
       {},
       [](const Inputs& in, int i, int j) { return in[0](i, j) - in[1](i, j) == -1 ? 1.0 : 0.0; }},
      {"less equal",
       {{4, 3}, {4, 3}},
       {kMask, kMask},
       {},
       [](const Inputs& in, int i, int j) { return in[0](i, j) - in[1](i, j) == 1 ? 0.0 : 1.0; }},
      {"equal",
       {{4, 3}, {4, 3}},
       {kMask, kMask},
       {},
       [](const Inputs& in, int i, int j) { return 1 - std::fabs(in[0](i, j) - in[1](i, j)); }},
      {"not equal",
       {{4, 3}, {4, 3}},
       {kMask, kMask},
       {},
       [](const Inputs& in, int i, int j) { return std::fabs(in[0](i, j) - in[1](i, j)); }},
      {"where",
       {{4, 3}, {4, 3}, {4, 3}},
       {kMask, kAny, kAny},
       {},
       [](const Inputs& in, int i, int j) {
         return in[0](i, j) * in[1](i, j) + (1 - in[0](i, j)) * in[2](i, j);
       }},
      {"sum",
       {{4, 3}},
       {kAny},
       {.sides = {0}},
       [](const Inputs& in, int, int j) { return column_total(in[0], j); }},
      {"sum",
       {{4, 3}},
       {kAny},
       {.sides = {1}, .keepdims = true},
       [](const Inputs& in, int i, int) { return row_total(in[0], i); }},
      {"sum",
       {{4, 3}},
       {kAny},
       {.sides = {0, 1}},
       [](const Inputs& in, int, int) { return total(in[0]); }},
      {"mean",
       {{4, 3}},
       {kAny},
       {.sides = {0}},
       [](const Inputs& in, int, int j) { return column_total(in[0], j) / 4; }},
      {"mean",
       {{4, 3}},
       {kAny},
       {.sides = {1}, .keepdims = true},
       [](const Inputs& in, int i, int) { return row_total(in[0], i) / 3; }},
      {"mean",
       {{4, 3}},
       {kAny},
       {.sides = {0, 1}},
       [](const Inputs& in, int, int) { return total(in[0]) / 12; }},
      {"max",
       {{4, 3}},
       {kAny},
       {.sides = {0}},
       [](const Inputs& in, int, int j) {
         return std::max({in[0](0, j), in[0](1, j), in[0](2, j), in[0](3, j)});
       }},
      {"max",
       {{4, 3}},
       {kAny},
       {.sides = {1}, .keepdims = true},
       [](const Inputs& in, int i, int) {
         return std::max({in[0](i, 0), in[0](i, 1), in[0](i, 2)});
       }},
      {"max",
       {{4, 3}},
       {kNegative},
       {.sides = {0, 1}},
       [](const Inputs& in, int, int) {
         return *std::max_element(in[0].data().begin(), in[0].data().end());
       }},
      {"min",
       {{4, 3}},
       {kAny},
       {.sides = {0}},
       [](const Inputs& in, int, int j) {
         return std::min({in[0](0, j), in[0](1, j), in[0](2, j), in[0](3, j)});
       }},
      {"prod",
       {{4, 3}},
       {kAny},
       {.sides = {1}, .keepdims = true},
       [](const Inputs& in, int i, int) { return in[0](i, 0) * in[0](i, 1) * in[0](i, 2); }},
      {"logsumexp",
       {{4, 3}},
       {kAny},
       {.sides = {1}, .keepdims = true},
       [](const Inputs& in, int i, int) {
         return std::log(std::exp(in[0](i, 0)) + std::exp(in[0](i, 1)) + std::exp(in[0](i, 2)));
       }},
      {"broadcast",
       {{1, 3}},
       {kAny},
       {.shape = {4, 3}},
       [](const Inputs& in, int, int j) { return in[0](0, j); }},
      {"broadcast",
       {{4, 1}},
       {kAny},
       {.shape = {4, 3}},
       [](const Inputs& in, int i, int) { return in[0](i, 0); }},
      {"broadcast",
       {{1, 1}},
       {kAny},
       {.shape = {4, 3}},
       [](const Inputs& in, int, int) { return in[0](0, 0); }},
      {"broadcast",
       {{4, 3}},
       {kAny},
       {.shape = {4, 3}},
       [](const Inputs& in, int i, int j) { return in[0](i, j); }},
      {"matmul",
       {{4, 3}, {3, 2}},
       {kAny, kAny},
       {},
       [](const Inputs& in, int i, int j) {
         return in[0](i, 0) * in[1](0, j) + in[0](i, 1) * in[1](1, j) + in[0](i, 2) * in[1](2, j);
       }},
      {"matmul",
       {{1, 3}, {3, 1}},
       {kAny, kAny},
       {},
       [](const Inputs& in, int, int) {
         return in[0](0, 0) * in[1](0, 0) + in[0](0, 1) * in[1](1, 0) + in[0](0, 2) * in[1](2, 0);
       }},
      {"matmul",
       {{3}, {3, 2}},
       {kAny, kAny},
       {},
       [](const Inputs& in, int, int j) {
         return in[0](0, 0) * in[1](0, j) + in[0](0, 1) * in[1](1, j) + in[0](0, 2) * in[1](2, j);
       }},
      {"transpose",
       {{4, 3}},
       {kAny},
       {.order = {1, 0}},
       [](const Inputs& in, int i, int j) { return in[0](j, i); }},
      {"reshape",
       {{4, 3}},
       {kAny},
       {.shape = {2, 6}},
       [](const Inputs& in, int i, int j) { return in[0].data()[6 * i + j]; }},
      {"gather",  // a[1:3, 0]
       {{4, 3}},
       {kAny},
       {.shape = {2}, .map = share({3, 6})},
       [](const Inputs& in, int, int j) { return in[0](1 + j, 0); }},
      {"gather",  // a[[0, 2, 2]]
       {{4, 3}},
       {kAny},
       {.shape = {3, 3}, .map = share({0, 1, 2, 6, 7, 8, 6, 7, 8})},
       [](const Inputs& in, int i, int j) { return in[0](i == 0 ? 0 : 2, j); }},
      {"gather",  // np.pad(a, (1, 2))
       {{3}},
       {kAny},
       {.shape = {6}, .map = share({-1, 0, 1, 2, -1, -1})},
       [](const Inputs& in, int, int j) { return j > 0 && j < 4 ? in[0](0, j - 1) : 0; }},
      {"gather",  // picked twice, and nowhere
       {{3}},
       {kAny},
       {.shape = {2, 2}, .map = share({2, -1, 2, 0})},
       [](const Inputs& in, int i, int j) {
         return j == 0 ? in[0](0, 2) : i == 1 ? in[0](0, 0) : 0;
       }},
      {"scatter add",  // np.add.at(y, [2, 0, 2], a)
       {{3}},
       {kAny},
       {.shape = {4}, .map = share({2, 0, 2})},
       [](const Inputs& in, int, int j) {
         return j == 0 ? in[0](0, 1) : j == 2 ? in[0](0, 0) + in[0](0, 2) : 0;
       }},
      {"scatter add",  // one goes nowhere
       {{2, 2}},
       {kAny},
       {.shape = {2}, .map = share({0, -1, 0, 1})},
       [](const Inputs& in, int, int j) { return j == 0 ? in[0](0, 0) + in[0](1, 0) : in[0](1, 1); }},
      {"join",  // np.concatenate((a, b), axis=1)
       {{2, 2}, {2, 1}},
       {kAny, kAny},
       {.shape = {2, 3}, .map = share({0, 1, 4, 2, 3, 5})},
       [](const Inputs& in, int i, int j) { return j < 2 ? in[0](i, j) : in[1](i, 0); }},
      {"join",  // y = a.copy(); y[1] = b
       {{3}, {1}},
       {kAny, kAny},
       {.shape = {3}, .map = share({0, 3, 2})},
       [](const Inputs& in, int, int j) { return j == 1 ? in[1](0, 0) : in[0](0, j); }},
  };
  return kRows;
}

// ---- every row ----------------------------------------------------------------------------------

const Primitive& primitive_of(const Row& row) {
  for (const Primitive* primitive : all_primitives()) {
    if (primitive->name == row.primitive) return *primitive;
  }
  FAIL("no primitive is called ", row.primitive);
  return *all_primitives().front();
}

// The primitive of a row, applied to leaves with random values.
Circuit circuit_of(const Row& row) {
  const Primitive& primitive = primitive_of(row);
  REQUIRE(row.shapes.size() == primitive.arguments.size());
  REQUIRE(row.ranges.size() == primitive.arguments.size());
  Circuit circuit;
  std::mt19937_64 random(7);
  std::vector<Var> inputs;
  for (std::size_t i = 0; i < row.shapes.size(); ++i) {
    const auto& [low, high, mask] = row.ranges[i];
    const Var leaf = circuit.graph.leaf(Role::kInput, row.shapes[i], primitive.arguments[i].name);
    Tensor value = random_tensor(row.shapes[i], random, low, high);
    if (mask) {
      // In turn, and each argument half as often as the one before, so that all pairs occur.
      for (std::size_t k = 0; k < value.view().size(); ++k) value.view().data[k] = (k >> i) & 1;
    }
    circuit.values[leaf.id()] = value;
    inputs.push_back(leaf);
  }
  const Var y = circuit.graph.apply(primitive, inputs, row.attributes);
  circuit.graph.set_name(y.id(), "y");
  circuit.output = y.id();
  return circuit;
}

TEST_CASE("no primitive is without a row, and no row without a primitive") {
  std::set<std::string> with_row;
  for (const Row& row : rows()) with_row.insert(row.primitive);
  std::set<std::string> declared;
  for (const Primitive* primitive : all_primitives()) declared.insert(std::string(primitive->name));
  CHECK(declared.size() > 30);
  for (const std::string& name : declared) CHECK_MESSAGE(with_row.count(name) == 1, name);
  for (const std::string& name : with_row) CHECK_MESSAGE(declared.count(name) == 1, name);
}

TEST_CASE("every primitive gives the values of another formula") {
  for (const Row& row : rows()) {
    CAPTURE(row.primitive);
    Circuit circuit = circuit_of(row);
    Inputs inputs;
    for (const auto& [leaf, value] : circuit.values) inputs.push_back(value);
    const NodeId y = circuit.output;
    const Trace trace = tests::run(circuit);
    const ConstView value = trace.value(y);
    for (int i = 0; i < value.shape.rows(); ++i) {
      for (int j = 0; j < value.shape.cols(); ++j) {
        const double expected = row.expected(inputs, i, j);
        CHECK(std::fabs(value(i, j) - expected) <= 1e-14 * std::max(1.0, std::fabs(expected)));
      }
    }
  }
}

TEST_CASE("every gradient rule, for every argument, agrees with central differences") {
  for (const Row& row : rows()) {
    const Primitive& primitive = primitive_of(row);
    for (std::size_t argument = 0; argument < primitive.arguments.size(); ++argument) {
      CAPTURE(row.primitive);
      CAPTURE(std::string(primitive.arguments[argument].name));
      Circuit circuit = circuit_of(row);
      const NodeId leaf = static_cast<NodeId>(argument);
      const Backward backward = tests::differentiate_all(circuit);
      const NodeId gradient = backward.gradient[leaf];
      const bool has_rule = primitive.arguments[argument].gradient != nullptr;
      CHECK((gradient != kNoNode) == has_rule);
      if (gradient == kNoNode) continue;
      CHECK(to_string(circuit.graph.node(gradient).shape) == to_string(row.shapes[argument]));
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

TEST_CASE("every primitive has its words in every language, and its places are its arguments") {
  const std::set<std::string> others = {"y",    "number", "shape",  "over",  "count",
                                        "axis", "axes",   "turned", "sides", "picked"};
  for (const Primitive* primitive : all_primitives()) {
    CAPTURE(std::string(primitive->name));
    CHECK(!primitive->symbol.empty());
    CHECK(!primitive->says.is_empty());
    std::set<std::string> places = others;
    for (const Argument& argument : primitive->arguments) places.insert(std::string(argument.name));
    std::vector<Words> said = {primitive->says};
    for (const Argument& argument : primitive->arguments) {
      CHECK((argument.gradient == nullptr) == argument.why.is_empty());
      CHECK(primitive->numpy.find("{" + std::string(argument.name) + "}") !=
            std::string_view::npos);
      if (!argument.why.is_empty()) said.push_back(argument.why);
    }
    std::vector<std::string_view> texts = {primitive->numpy};
    for (const Words words : said) {
      for (const Language language : languages()) {
        texts.push_back(language.of(words));
        CHECK((language == Language()) == (texts.back() == words.english()));
      }
    }
    for (std::string_view text : texts) {
      for (std::size_t open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
        const std::string place(text.substr(open + 1, text.find('}', open) - open - 1));
        CHECK_MESSAGE(places.count(place) == 1, place);
      }
    }
  }
}

// ---- values and gradients at the edges ----------------------------------------------------------

double value_of(Var y, const Values& values) {
  const NodeId id = y.id();
  return evaluate(std::move(y.graph()), values).value(id)(0, 0);
}

double of_two(Var (*f)(Var, Var), double a, double b) {
  Graph graph;
  const Var left = graph.leaf(Role::kInput, {}, "a");
  const Var right = graph.leaf(Role::kInput, {}, "b");
  return value_of(f(left, right), {{0, Tensor(Shape{}, a)}, {1, Tensor(Shape{}, b)}});
}

// y and dy/da of a function of one number.
std::pair<double, double> at(Var (*f)(Var), double a) {
  Graph graph;
  const Var leaf = graph.leaf(Role::kInput, {}, "a");
  const Var y = f(leaf);
  const NodeId wrt[] = {leaf.id()};
  const NodeId result = y.id();
  const Backward backward = differentiate(graph, result, upstream_leaf(graph, result), wrt);
  const Trace trace = evaluate(std::move(graph), {{leaf.id(), Tensor(Shape{}, a)}});
  return {trace.value(result)(0, 0), trace.value(backward.gradient[leaf.id()])(0, 0)};
}

TEST_CASE("a NaN is never lost in a comparison, as in NumPy") {
  CHECK(std::isnan(of_two(maximum, kNan, 1)));
  CHECK(std::isnan(of_two(maximum, 1, kNan)));
  CHECK(std::isnan(of_two(minimum, kNan, 1)));
  CHECK(std::isnan(of_two(minimum, 1, kNan)));
  CHECK(std::isnan(at(relu, kNan).first));
  CHECK(std::isnan(at(abs, kNan).first));
  CHECK(of_two(maximum, -kInfinity, 1) == 1);
  CHECK(of_two(not_equal, kNan, kNan) == 1);
  CHECK(of_two(equal, kNan, kNan) == 0);
}

TEST_CASE("where a primitive has a kink, its rule takes one side, and the words say which") {
  CHECK(at(abs, 0) == std::pair(0.0, 0.0));
  CHECK(at(relu, 0) == std::pair(0.0, 0.0));
  CHECK(at(relu, 1e-300).second == 1);
  CHECK(at(relu, -1e-300).second == 0);
}

TEST_CASE("of two equal numbers each gets half of the gradient, so that it is counted once") {
  for (Var (*f)(Var, Var) : {maximum, minimum}) {
    Graph graph;
    const Var a = graph.leaf(Role::kInput, {}, "a");
    const Var b = graph.leaf(Role::kInput, {}, "b");
    const Var y = f(a, b);
    const Var upstream = upstream_leaf(graph, y.id());
    const Backward backward = differentiate(graph, y.id(), upstream, differentiable_leaves(graph));
    const Trace trace =
        evaluate(std::move(graph), {{0, Tensor(Shape{}, 4)}, {1, Tensor(Shape{}, 4)}});
    CHECK(trace.value(backward.gradient[0])(0, 0) == 0.5);
    CHECK(trace.value(backward.gradient[1])(0, 0) == 0.5);
  }
}

TEST_CASE("clip passes the gradient at both bounds, and gives what NumPy gives") {
  struct Cut {
    double x, low, high, value, gradient;
  };
  for (const Cut& row : std::vector<Cut>{{-0.5, 0, 2, 0, 0},
                                         {0, 0, 2, 0, 1},
                                         {1, 0, 2, 1, 1},
                                         {2, 0, 2, 2, 1},
                                         {2.5, 0, 2, 2, 0},
                                         {1, 3, -3, -3, 0},
                                         {-kInfinity, 0, 2, 0, 0},
                                         {kNan, 0, 2, kNan, 0},
                                         {1, kNan, 2, kNan, 0},
                                         {1, 0, kNan, kNan, 0}}) {
    CAPTURE(row.x);
    Graph graph;
    const Var x = graph.leaf(Role::kInput, {}, "x");
    const Var low = graph.leaf(Role::kConstant, {}, "low", row.low);
    const Var high = graph.leaf(Role::kConstant, {}, "high", row.high);
    const Var y = clip(x, low, high);
    const NodeId wrt[] = {x.id()};
    const Backward backward = differentiate(graph, y.id(), upstream_leaf(graph, y.id()), wrt);
    const Trace trace = evaluate(std::move(graph), {{x.id(), Tensor(Shape{}, row.x)}});
    const double value = trace.value(y.id())(0, 0);
    CHECK((value == row.value || (std::isnan(value) && std::isnan(row.value))));
    CHECK(trace.value(backward.gradient[x.id()])(0, 0) == row.gradient);
  }
}

// The column of `values` reduced, and its gradient.
struct Reduced {
  std::string primitive;
  std::vector<double> values;
  double result;
  std::vector<double> gradient;
};

TEST_CASE("a reduction gives what NumPy gives, and its gradient what PyTorch gives, at the edges") {
  const Reduced rows[] = {
      {"max", {3, 1, 3, 2}, 3, {0.5, 0, 0.5, 0}},
      {"max", {-kInfinity, -kInfinity}, -kInfinity, {0.5, 0.5}},
      {"max", {1, kNan}, kNan, {}},
      {"max", {kNan, 1}, kNan, {}},
      {"min", {2, 1, 3, 1}, 1, {0, 0.5, 0, 0.5}},
      {"min", {1, kNan}, kNan, {}},
      {"prod", {2, 3, -4}, -24, {-12, -8, 6}},
      {"prod", {2, 0, -4}, 0, {0, -8, 0}},
      {"prod", {0, 3, 0}, 0, {0, 0, 0}},
      {"logsumexp", {1000, 1000}, 1000 + std::log(2.0), {0.5, 0.5}},
      {"logsumexp", {-1000, 0, -kInfinity}, 0, {0, 1, 0}},
      {"logsumexp", {-kInfinity, -kInfinity}, -kInfinity, {}},
      {"logsumexp", {kNan, 1}, kNan, {}},
  };
  for (const Reduced& row : rows) {
    CAPTURE(row.primitive);
    Graph graph;
    const Shape shape = {static_cast<std::int32_t>(row.values.size()), 1};
    const Var x = graph.leaf(Role::kInput, shape, "x");
    const Var y = reduce(*primitive_named(row.primitive), x, {0}, false);
    const NodeId wrt[] = {x.id()};
    const Backward backward = differentiate(graph, y.id(), upstream_leaf(graph, y.id()), wrt);
    const Trace trace = evaluate(std::move(graph), {{x.id(), Tensor(shape, row.values)}});
    const double result = trace.value(y.id())(0, 0);
    CHECK((result == row.result || (std::isnan(result) && std::isnan(row.result))));
    const Tensor gradient(trace.value(backward.gradient[x.id()]));
    for (std::size_t i = 0; i < row.gradient.size(); ++i) {
      CHECK(gradient.data()[i] == doctest::Approx(row.gradient[i]).epsilon(1e-12));
    }
  }
}

TEST_CASE("a power of 0 is flat everywhere, also at 0") {
  const auto to_the_0 = [](Var a) { return power(a, 0); };
  CHECK(at(to_the_0, 0) == std::pair(1.0, 0.0));
  const auto to_the_1 = [](Var a) { return power(a, 1); };
  CHECK(at(to_the_1, 0) == std::pair(0.0, 1.0));
}

// ---- broadcasting -------------------------------------------------------------------------------

TEST_CASE("shapes that differ as NumPy allows are repeated by folded nodes of their own") {
  const Shape shapes[] = {{4, 3}, {1, 3}, {3}, {4, 1}, {1, 1}, {1}, {}};
  for (const Shape left : shapes) {
    for (const Shape right : shapes) {
      CAPTURE(to_string(left));
      CAPTURE(to_string(right));
      Circuit circuit;
      Graph& graph = circuit.graph;
      const Var a = graph.leaf(Role::kInput, left, "a");
      const Var b = graph.leaf(Role::kInput, right, "b");
      const Var y = a * b;
      circuit.output = y.id();
      const Shape common = common_shape(left, right);
      CHECK(y.shape() == common);
      const std::size_t repeats = (left == common ? 0 : 1) + (right == common ? 0 : 1);
      CHECK(graph.size() == 3 + repeats);
      for (NodeId id = 2; id < y.id(); ++id) CHECK(graph.place(id).folded);
      CHECK(!graph.place(y.id()).folded);
      std::mt19937_64 random(3);
      circuit.values = {{0, random_tensor(left, random)}, {1, random_tensor(right, random)}};
      const Backward backward = tests::differentiate_all(circuit);
      const Trace trace = tests::run(circuit);
      for (const NodeId leaf : {a.id(), b.id()}) {
        const GradientCheck result =
            check_gradient(trace, backward.output, backward.seed, leaf, backward.gradient[leaf]);
        CHECK(result.passed());
        CHECK(result.worst.error <= 1e-7);
      }
    }
  }
}

TEST_CASE("where repeats its mask and its choices") {
  const Shape row{3};
  const Shape column{4, 1};
  const Shape whole{4, 3};
  for (const auto& [mask, a, b] : {std::array{row, column, row}, std::array{column, row, row},
                                   std::array{whole, Shape{}, row}}) {
    Circuit circuit;
    Graph& graph = circuit.graph;
    const Var chooser = graph.leaf(Role::kConstant, mask, "mask", 1);
    const Var first = graph.leaf(Role::kInput, a, "a");
    const Var second = graph.leaf(Role::kInput, b, "b");
    const Var y = where(chooser, first, second);
    CHECK(y.shape() == whole);
    circuit.output = y.id();
    std::mt19937_64 random(3);
    circuit.values = {{1, random_tensor(a, random)}, {2, random_tensor(b, random)}};
    Tensor chosen(mask);
    for (int i = 0; i < static_cast<int>(mask.size()); ++i) chosen.view().data[i] = i % 2;
    circuit.values[0] = chosen;
    const Backward backward = tests::differentiate_all(circuit);
    const Trace trace = tests::run(circuit);
    for (const NodeId leaf : {first.id(), second.id()}) {
      const GradientCheck result =
          check_gradient(trace, backward.output, backward.seed, leaf, backward.gradient[leaf]);
      INFO(check::in_words(trace.graph(), result));
      CHECK(result.passed());
    }
  }
}

// ---- texts --------------------------------------------------------------------------------------

TEST_CASE("shapes that do not fit are told apart, with names and the usual cause") {
  Graph graph;
  const auto leaf = [&graph](Shape shape, std::string_view name) {
    return graph.leaf(Role::kInput, shape, name);
  };
  const Var x = leaf({4, 3}, "x");
  const Var turned = leaf({3, 4}, "turned");
  const Var other = leaf({5, 3}, "other");
  const Var wide = leaf({4, 7}, "wide");
  const Var mu = leaf({1, 4}, "mu");

  CHECK(error_text([&] { x + other; }) ==
        "x (4, 3) and other (5, 3) cannot be added: rows 4 and 5 differ; do both come from the "
        "same batch and the same features?");
  CHECK(error_text([&] { x - mu; }) ==
        "x (4, 3) and mu (1, 4) cannot be subtracted: columns 3 and 4 differ; was a sum or mean "
        "taken along the other axis, or a keepdims lost?");
  CHECK(error_text([&] { x* turned; }) ==
        "x (4, 3) and turned (3, 4) cannot be multiplied: rows 4 and 3 differ; is a .T missing?");
  CHECK(error_text([&] { x / wide; }) ==
        "x (4, 3) and wide (4, 7) cannot be divided: columns 3 and 7 differ; do both come from the "
        "same batch and the same features?");
  CHECK(error_text([&] { maximum(x, other); }) ==
        "x (4, 3) and other (5, 3) cannot be compared: rows 4 and 5 differ; do both come from the "
        "same batch and the same features?");
  CHECK(error_text([&] { where(x, other, other); }) ==
        "x (4, 3) and other (5, 3) cannot be used as mask and choice: rows 4 and 5 differ; do both "
        "come from the same batch and the same features?");
  CHECK(error_text([&] { where(x, x, other); }) ==
        "x (4, 3) and other (5, 3) cannot be chosen between: rows 4 and 5 differ; do both come "
        "from the same batch and the same features?");
  CHECK(error_text([&] { matmul(x, other); }) ==
        "x (4, 3) @ other (5, 3): the left has 3 columns and the right 5 rows, which must be "
        "equal; is a .T missing?");
  CHECK(error_text([&] { broadcast(x, {8, 3}); }) == "shape (4, 3) cannot be repeated to (8, 3)");
  CHECK(error_text([&] { broadcast(mu, {4, 3}); }) == "shape (1, 4) cannot be repeated to (4, 3)");
}

TEST_CASE("a primitive refuses shapes that its shape rule cannot take") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {4, 3}, "x");
  const Var row = graph.leaf(Role::kInput, {2}, "row");
  const std::size_t before = graph.size();
  for (const Primitive* primitive : all_primitives()) {
    if (primitive->arguments.size() < 2) continue;
    CAPTURE(std::string(primitive->name));
    const std::vector<Var> all = {x, row, row};
    const std::vector<Var> inputs(all.begin(), all.begin() + primitive->arguments.size());
    const std::string expected =
        primitive->name == "matmul" ? "no product of shapes (4, 3) and (2,)"
        : primitive->name == "join" ? "a map of 0 places does not name one for each of 1 elements"
                                    : "shapes (4, 3) and (2,) differ";
    CHECK(error_text([&] { graph.apply(*primitive, inputs); }) == expected);
  }
  CHECK(graph.size() == before);  // a refused node leaves nothing behind
}

TEST_CASE("a map names a place for each element, and none outside") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {4, 3}, "x");
  CHECK(error_text([&] {
          gather(x, share({0, 1}), {3});
        }) == "a map of 2 places does not name one for each of 3 elements");
  CHECK(error_text([&] {
          gather(x, share({0, 12}), {2});
        }) == "place 12 of a map is outside of 12 elements");
  CHECK(error_text([&] {
          gather(x, share({0, -2}), {2});
        }) == "place -2 of a map is outside of 12 elements");
  CHECK(error_text([&] {
          scatter_add(x, share({0, 1}), {2});
        }) == "a map of 2 places does not name one for each of 12 elements");
  CHECK(error_text([&] {
          join(x, x, share({23, 24}), {2});
        }) == "place 24 of a map is outside of 24 elements");
}

// ---- second derivatives -------------------------------------------------------------------------

// Differentiates the gradient of the one input once more, and checks that.
GradientCheck check_second(Circuit circuit, NodeId leaf) {
  const Backward first = tests::differentiate_all(circuit);
  Circuit twice = std::move(circuit);
  twice.output = first.gradient[leaf];
  const Var upstream = upstream_leaf(twice.graph, twice.output);
  std::mt19937_64 random(11);
  twice.values[upstream.id()] = random_tensor(upstream.shape(), random);
  const NodeId wrt[] = {leaf};
  const Backward second = differentiate(twice.graph, twice.output, upstream, wrt);
  REQUIRE(second.gradient[leaf] != kNoNode);
  const Trace trace = tests::run(twice);
  return check_gradient(trace, second.output, second.seed, leaf, second.gradient[leaf]);
}

TEST_CASE("a gradient can be differentiated again") {
  for (Var (*f)(Var) : {+[](Var a) { return square(a); }, +[](Var a) { return exp(a); },
                        +[](Var a) { return power(a, 5); }, +[](Var a) { return tanh(a); },
                        +[](Var a) { return invert(a + 2); },
                        +[](Var a) {
                          return square(gather(a, share({0, 5, 5, -1}), {4}));
                        },
                        +[](Var a) {
                          return exp(scatter_add(a, share({0, 1, 0, -1, 2, 1}), {3}));
                        },
                        +[](Var a) {
                          const Var b = square(a);
                          return power(join(a, b, share({0, 7, 7, 3, -1, 11}), {2, 3}), 3);
                        }}) {
    Circuit circuit;
    const Var a = circuit.graph.leaf(Role::kInput, {3, 2}, "a");
    circuit.output = f(a).id();
    std::mt19937_64 random(5);
    circuit.values[a.id()] = random_tensor({3, 2}, random);
    const GradientCheck result = check_second(std::move(circuit), a.id());
    CHECK(result.passed());
    CHECK(result.unclear == 0);
    CHECK(result.worst.error <= 1e-7);
  }
}

TEST_CASE("the gradient of batch norm can be differentiated again") {
  Circuit circuit = tests::batch_norm({5, 3});
  const NodeId x = circuit.graph.find("x");
  const GradientCheck result = check_second(std::move(circuit), x);
  CHECK(result.passed());
  CHECK(result.unclear == 0);
  CHECK(result.worst.error <= 1e-7);
}

}  // namespace
}  // namespace backstep
