// The checker itself: it passes what is right, catches what is wrong, and says so where there is no
// slope to compare with.
#include "engine/check/finite_differences.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "engine/primitives/primitives.h"
#include "tests/circuits.h"

namespace backstep::check {
namespace {

using tests::Circuit;
using tests::error_text;
using tests::named;
using tests::random_tensor;

// A forward pass y of one input x, and a gradient of sum(g * y) that somebody wrote by hand.
struct Claim {
  Graph graph;
  NodeId x = kNoNode;
  NodeId y = kNoNode;
  NodeId g = kNoNode;
  NodeId dx = kNoNode;
  Values values;
};

template <typename Forward, typename Backward>
Claim claim(std::vector<double> x, Forward forward, Backward backward) {
  Claim made;
  const Shape shape{static_cast<std::int32_t>(x.size()), 1};
  const Var input = made.graph.leaf(Role::kInput, shape, "x");
  const Var y = named(forward(input), "y");
  const Var g = upstream_leaf(made.graph, y.id());
  const Var dx = named(backward(input, y, g), "dx");
  made.x = input.id();
  made.y = y.id();
  made.g = g.id();
  made.dx = dx.id();
  std::mt19937_64 random(9);
  made.values = {{made.x, Tensor(shape, std::move(x))},
                 {made.g, random_tensor(y.shape(), random, 0.5, 1.5)}};
  return made;
}

struct Outcome {
  GradientCheck check;
  std::string words;
};

Outcome check_claim(Claim made, const CheckOptions& options = {}) {
  const Trace trace = evaluate(std::move(made.graph), made.values);
  const GradientCheck result = check_gradient(trace, made.y, made.g, made.x, made.dx, options);
  return {result, in_words(trace.graph(), result)};
}

// ---- right and wrong ----------------------------------------------------------------------------

TEST_CASE("a right gradient passes, far below the tolerance") {
  const auto [result, words] = check_claim(claim(
      {0.5, -1.5, 3}, [](Var x) { return exp(x); }, [](Var, Var y, Var g) { return g * y; }));
  CHECK(result.passed());
  CHECK(result.elements == 3);
  CHECK(result.checked == 3);
  CHECK(result.kinks == 0);
  CHECK(result.unclear == 0);
  CHECK(result.worst.verdict == Verdict::kRight);
  CHECK(result.worst.error < 1e-9);
  CHECK(result.worst.width > 0);
  CHECK(words.starts_with("dx: 3 of 3 elements agree; largest relative error "));
}

TEST_CASE("a wrong gradient is caught, with the element and both numbers") {
  // The 2 of the power rule is forgotten: wrong by half everywhere but at 0.
  const auto [result, words] = check_claim(claim(
      {0, 1.5}, [](Var x) { return square(x); }, [](Var x, Var, Var g) { return x * g; }));
  CHECK(!result.passed());
  CHECK(result.wrong == 1);
  CHECK(result.worst.verdict == Verdict::kWrong);
  CHECK(result.worst.row == 1);
  CHECK(result.worst.error == doctest::Approx(0.5));
  CHECK(result.worst.numeric == doctest::Approx(2 * result.worst.ours));
  CHECK(
      words.starts_with("dx: 1 of 2 elements agree; largest relative error 0.5 at x[1, 0]: the "
                        "gradient says "));
}

TEST_CASE("a gradient that is off by one part in a million is caught") {
  const auto [result, words] = check_claim(claim(
      {0.3, 0.7, 2}, [](Var x) { return tanh(x); },
      [](Var, Var y, Var g) { return (1.000001 - square(y)) * g; }));
  CHECK(result.wrong == 3);
}

TEST_CASE("a wrong sign, a forgotten sum and a forgotten path are caught") {
  const auto sign = check_claim(claim(
      {0.3, 0.7}, [](Var x) { return invert(x); },
      [](Var, Var y, Var g) { return g * square(y); }));
  CHECK(sign.check.wrong == 2);
  // y = x * mean(x), without the way through the mean.
  const auto path = check_claim(claim(
      {0.3, 0.7, -0.2}, [](Var x) { return x * mean(x); },
      [](Var x, Var, Var g) { return g * mean(x); }));
  CHECK(path.check.wrong == 3);
  // A gradient of zeros.
  const auto zeros = check_claim(claim(
      {0.3, 0.7}, [](Var x) { return exp(x); }, [](Var, Var, Var g) { return 0 * g; }));
  CHECK(zeros.check.wrong == 2);
}

TEST_CASE("a wrong gradient that is small beside its upstream is caught") {
  const auto [result, words] = check_claim(claim(
      {0.3, 0.7}, [](Var x) { return 1e-9 * x; }, [](Var, Var, Var g) { return 1.00001e-9 * g; }));
  CHECK(result.wrong == 2);
}

TEST_CASE("a gradient that is not finite where the slope is, is wrong") {
  const auto [result, words] = check_claim(claim(
      {0.0}, [](Var x) { return square(x) + 1; }, [](Var x, Var, Var g) { return g * log(x); }));
  CHECK(result.wrong == 1);
  CHECK(std::isinf(result.worst.error));
  CHECK(words.find("largest relative error inf at x[0, 0]: the gradient says -inf") !=
        std::string::npos);
}

TEST_CASE("every size and steepness is reached to 1e-9") {
  const auto worst = [](double x, auto forward, auto backward) {
    const GradientCheck result = check_claim(claim({x}, forward, backward)).check;
    CHECK(result.passed());
    CHECK(result.unclear + result.kinks == 0);
    return result.worst.error;
  };
  const auto log_of = [](Var x) { return log(x); };
  const auto log_rule = [](Var x, Var, Var g) { return g / x; };
  for (const double x : {1e-12, 1e-3, 1.0, 1e6, 1e100}) CHECK(worst(x, log_of, log_rule) < 1e-9);
  const auto steep = [](Var x) { return tanh(1e4 * x); };
  const auto steep_rule = [](Var, Var y, Var g) { return 1e4 * ((1 - square(y)) * g); };
  for (const double x : {1e-5, -1e-4, 0.0}) CHECK(worst(x, steep, steep_rule) < 1e-9);
  const auto shifted = [](Var x) { return square(x + -1e3); };
  const auto shifted_rule = [](Var x, Var, Var g) { return 2 * (x + -1e3) * g; };
  CHECK(worst(1001, shifted, shifted_rule) < 1e-9);
}

// ---- kinks --------------------------------------------------------------------------------------

TEST_CASE("at a kink there is no slope, and it is said so whatever the rule takes there") {
  struct Kink {
    Var (*forward)(Var);
    double x;
    double left;
    double right;
  };
  const Kink kinks[] = {
      {[](Var x) { return abs(x); }, 0, -1, 1},
      {[](Var x) { return relu(x); }, 0, 0, 1},
      {[](Var x) { return exp(relu(x)); }, 0, 0, 1},
      {[](Var x) { return maximum(x, 3 * x); }, 0, 1, 3},
      {[](Var x) { return minimum(square(x), x); }, 1, 2, 1},
  };
  for (const Kink& kink : kinks) {
    for (const double slope : {0.0, 0.5, 1.0, 7.0}) {  // 7 is wrong, but there is no right
      const auto [result, words] =
          check_claim(claim({kink.x}, kink.forward, [&](Var, Var, Var g) { return slope * g; }));
      CHECK(result.kinks == 1);
      CHECK(result.passed());
      CHECK(result.first_kink.verdict == Verdict::kKink);
      const Element& found = result.first_kink;
      CHECK(std::fabs(found.left * kink.right - found.right * kink.left) < 1e-3);
      CHECK((found.right > found.left) == (kink.right > kink.left));
      CHECK(
          words.starts_with("dx: 0 of 1 elements agree. 1 at a kink, where there is no one "
                            "slope: x[0, 0] at "));
    }
  }
}

TEST_CASE("the kink is found at the node that has it, and other elements are still checked") {
  const auto [result, words] = check_claim(claim(
      {0.5, 0, -0.5, 2}, [](Var x) { return exp(named(relu(named(2 * x, "twice")), "cut")); },
      [](Var x, Var y, Var g) {
        const Var zero = x.graph().leaf(Role::kConstant, {});
        return 2 * (g * y * greater(x, zero));
      }));
  CHECK(result.kinks == 1);
  CHECK(result.first_kink.row == 1);
  CHECK(result.wrong == 0);
  CHECK(result.worst.error < 1e-9);
  CHECK(words.find("x[1, 0] at cut, with slope 0 to the left") != std::string::npos);
}

TEST_CASE("next to a kink there is a slope") {
  for (const double x : {1e-3, -1e-3, 0.1}) {
    const auto [result, words] = check_claim(claim(
        {x}, [](Var a) { return abs(a); }, [](Var a, Var, Var g) { return g * sign(a); }));
    CHECK(result.kinks == 0);
    CHECK(result.worst.error < 1e-9);
    CHECK(result.unclear == 0);
  }
  const auto [result, words] = check_claim(claim(
      {1e-3}, [](Var a) { return abs(a); }, [](Var, Var, Var g) { return -g; }));
  CHECK(result.wrong == 1);
}

TEST_CASE("a sharp bend is no kink") {
  const auto [result, words] = check_claim(claim(
      {0.0}, [](Var x) { return sqrt(square(x) + 1e-8); },
      [](Var, Var, Var g) { return g; }));  // wrong: the slope in the middle is 0
  CHECK(result.kinks == 0);
  CHECK(result.wrong == 1);
}

TEST_CASE("a jump is a kink too") {
  const auto [result, words] = check_claim(claim(
      {0.0, 1.0},
      [](Var x) {
        const Var zero = x.graph().leaf(Role::kConstant, {});
        return greater(x, zero) + x;
      },
      [](Var, Var, Var g) { return g; }));
  CHECK(result.kinks == 1);
  CHECK(result.first_kink.row == 0);
  CHECK(result.passed());
}

// ---- what cannot be judged ----------------------------------------------------------------------

TEST_CASE("where no slope is finite, nothing is claimed") {
  const auto edge = check_claim(claim(
      {0.0}, [](Var x) { return sqrt(x); }, [](Var, Var y, Var g) { return g / y; }));
  CHECK(edge.check.unclear == 1);
  CHECK(edge.check.passed());
  CHECK(edge.check.worst.verdict == Verdict::kUnclear);
  CHECK(edge.words ==
        "dx: 0 of 1 elements agree. 1 could not be judged, the first of them x[0, 0]: no finite, "
        "steady slope.");
  const auto half = check_claim(claim(
      {0.0}, [](Var x) { return square(sqrt(x)); }, [](Var x, Var, Var g) { return g / x; }));
  CHECK(half.check.unclear == 1);
  // The log of a negative number is NaN, and so is the sum that x[1] would be a slope of.
  const auto nan = check_claim(claim(
      {-1.0, 1.0}, [](Var x) { return log(x); }, [](Var x, Var, Var g) { return g / x; }));
  CHECK(nan.check.unclear == 2);
  CHECK(nan.check.wrong == 0);
  CHECK(nan.check.first_unclear.row == 0);
}

TEST_CASE("where rounding drowns the slope, a right gradient is not called wrong") {
  const auto [result, words] = check_claim(claim(
      {0.3, 0.7, 1.1, -0.2}, [](Var x) { return exp(x) + 1e9 + -1e9; },
      [](Var x, Var, Var g) { return g * exp(x); }));
  CHECK(result.wrong == 0);
  CHECK(result.unclear > 0);
}

// ---- gradients that cancel ----------------------------------------------------------------------

TEST_CASE("a gradient that cancels almost to nothing is measured against its terms") {
  Circuit circuit = tests::batch_norm({50, 3}, 1e-6);
  Graph& graph = circuit.graph;
  const Var seed = copy(graph.var(circuit.output));  // upstream = out: dx is about 1e-5
  differentiate(graph, circuit.output, seed, differentiable_leaves(graph));
  const NodeId output = circuit.output;
  const Trace trace = tests::run(circuit);
  for (const GradientCheck& result : check_gradients(trace, output)) {
    INFO(in_words(trace.graph(), result));
    CHECK(result.passed());
    CHECK(result.unclear + result.kinks == 0);
  }
}

TEST_CASE("a bias before batch norm has a gradient of 0, up to rounding") {
  Circuit circuit;
  Graph& graph = circuit.graph;
  const Var x = graph.leaf(Role::kInput, {20, 3}, "x");
  const Var b = graph.leaf(Role::kParameter, {3}, "b");
  const Var z = named(x + b, "z");
  const Var centred = named(z - mean(z, {0}), "centred");
  const Var ivar = named(invert(sqrt(mean(square(centred), {0}))), "ivar");
  const Var y = named(centred * ivar, "y");
  const Var loss = named(sum(exp(y)), "loss");
  circuit.output = loss.id();
  std::mt19937_64 random(3);
  circuit.values[x.id()] = random_tensor({20, 3}, random);
  circuit.values[b.id()] = random_tensor({3}, random);
  tests::differentiate_all(circuit);
  const Trace trace = tests::run(circuit);
  for (const GradientCheck& result : check_gradients(trace, loss.id())) {
    INFO(in_words(trace.graph(), result));
    CHECK(result.passed());
    CHECK(result.unclear + result.kinks == 0);
  }
}

// ---- a whole run --------------------------------------------------------------------------------

TEST_CASE("the upstream keeps its value, also where it is a copy of the output") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var y = named(square(x), "y");
  differentiate(graph, y.id(), copy(y), differentiable_leaves(graph));
  const Trace trace = evaluate(std::move(graph), {{x.id(), Tensor(Shape{}, 3)}});
  const std::vector<GradientCheck> checks = check_gradients(trace, y.id());
  REQUIRE(checks.size() == 1);
  CHECK(checks[0].passed());
  CHECK(checks[0].worst.numeric == doctest::Approx(9 * 6));  // not the slope of y * y, 108
}

TEST_CASE("any node on the way can be checked") {
  Circuit circuit = tests::batch_norm({5, 3});
  const Backward backward = tests::differentiate_all(circuit);
  const Trace trace = tests::run(circuit);
  const Graph& graph = trace.graph();
  for (const char* name : {"mu", "xmu", "sq", "var", "sqrtvar", "ivar", "xhat", "gammax", "out"}) {
    const NodeId node = graph.find(name);
    const GradientCheck result =
        check_gradient(trace, backward.output, backward.seed, node, backward.gradient[node]);
    INFO(in_words(graph, result));
    CHECK(result.passed());
    CHECK(result.unclear == 0);
  }
}

TEST_CASE("a leaf without a gradient is not checked, and a run without one is refused") {
  Circuit circuit = tests::batch_norm({5, 3});
  Graph& graph = circuit.graph;
  const NodeId wrt[] = {graph.find("x")};
  differentiate(graph, circuit.output, upstream_leaf(graph, circuit.output), wrt);
  const NodeId output = circuit.output;
  const NodeId xhat = graph.find("xhat");
  const Trace trace = tests::run(circuit);
  const std::vector<GradientCheck> checks = check_gradients(trace, output);
  REQUIRE(checks.size() == 1);
  CHECK(checks[0].node == wrt[0]);
  CHECK(error_text([&] { check_gradients(trace, xhat); }) ==
        "xhat has no upstream gradient in this run, so there is nothing to check");
}

TEST_CASE("of a large leaf some elements are checked, from all of its rows and columns") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {100, 100}, "x");
  const Var y = named(sum(square(x)), "y");
  differentiate(graph, y.id(), upstream_leaf(graph, y.id()), differentiable_leaves(graph));
  std::mt19937_64 random(1);
  const Trace trace =
      evaluate(std::move(graph), {{x.id(), random_tensor({100, 100}, random, 1, 2)}});
  CheckOptions options;
  options.most_elements = 50;
  const std::vector<GradientCheck> checks = check_gradients(trace, y.id(), options);
  CHECK(checks[0].passed());
  CHECK(checks[0].checked == 50);
  CHECK(checks[0].elements == 10000);
  CHECK(in_words(trace.graph(), checks[0])
            .starts_with("dx: 50 of 50 elements agree (of 10000 in all); "));
}

}  // namespace
}  // namespace backstep::check
