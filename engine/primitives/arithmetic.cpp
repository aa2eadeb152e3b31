// Primitives of two arguments, element by element: add, subtract, multiply, divide, maximum,
// minimum.
#include <algorithm>

#include "engine/primitives/kernels.h"

namespace backstep {
namespace {

using kernels::map2;
using kernels::same_shape;

// NumPy's maximum and minimum: a NaN on either side stays a NaN.
double larger(double a, double b) { return a > b || a != a ? a : b; }
double smaller(double a, double b) { return a < b || a != a ? a : b; }

// At a tie each of the two gets half of the gradient, as in PyTorch.
Var half_of_ties(const RuleCall& call) { return 0.5 * equal(call[0], call[1]); }

const Primitive& kAdd = declare({
    .name = "add",
    .symbol = "+",
    .numpy = "{a} + {b}",
    .precedence = Precedence::kSum,
    .shape = same_shape,
    .forward = map2<[](double a, double b) { return a + b; }>,
    .arguments = {{"a", [](const RuleCall& call) { return call.dy; },
                   Words("A sum moves as much as {a} does, so the gradient passes unchanged.")},
                  {"b", [](const RuleCall& call) { return call.dy; },
                   Words("A sum moves as much as {b} does, so the gradient passes unchanged.")}},
    .says = Words("adds {b} to {a}, element by element"),
    .c = "{a} + {b}",
});

const Primitive& kSubtract = declare({
    .name = "subtract",
    .symbol = "−",
    .numpy = "{a} - {b}",
    .precedence = Precedence::kSum,
    .shape = same_shape,
    .forward = map2<[](double a, double b) { return a - b; }>,
    .arguments =
        {{"a", [](const RuleCall& call) { return call.dy; },
          Words("The difference moves as much as {a} does, so the gradient passes unchanged.")},
         {"b", [](const RuleCall& call) { return -call.dy; },
          Words("The difference falls where {b} rises, so the sign turns.")}},
    .says = Words("takes {b} away from {a}, element by element"),
    .c = "{a} - {b}",
});

const Primitive& kMultiply = declare({
    .name = "multiply",
    .symbol = "×",
    .numpy = "{a} * {b}",
    .precedence = Precedence::kProduct,
    .shape = same_shape,
    .forward = map2<[](double a, double b) { return a * b; }>,
    .arguments = {{"a", [](const RuleCall& call) { return call.dy * call[1]; },
                   Words("The product moves {b} times as much as {a} does.")},
                  {"b", [](const RuleCall& call) { return call.dy * call[0]; },
                   Words("The product moves {a} times as much as {b} does.")}},
    .says = Words("multiplies {a} by {b}, element by element"),
    .c = "{a} * {b}",
});

const Primitive& kDivide = declare({
    .name = "divide",
    .symbol = "÷",
    .numpy = "{a} / {b}",
    .precedence = Precedence::kProduct,
    .shape = same_shape,
    .forward = map2<[](double a, double b) { return a / b; }>,
    .arguments = {{"a", [](const RuleCall& call) { return call.dy / call[1]; },
                   Words("The quotient moves 1 / {b} times as much as {a} does.")},
                  {"b", [](const RuleCall& call) { return -(call.dy * call.y / call[1]); },
                   Words("The quotient falls where {b} rises, by {y} / {b} for each unit.")}},
    .says = Words("divides {a} by {b}, element by element"),
    .c = "{a} / {b}",
});

const Primitive& kMaximum = declare({
    .name = "maximum",
    .symbol = "max",
    .numpy = "np.maximum({a}, {b})",
    .precedence = Precedence::kAtom,
    .shape = same_shape,
    .forward = map2<larger>,
    .arguments =
        {{"a",
          [](const RuleCall& call) {
            const Var wins = greater(call[0], call[1]);
            return call.dy * (wins + half_of_ties(call));
          },
          Words("Only where {a} is the larger does the result follow it; where both are equal, "
                "each gets half.")},
         {"b",
          [](const RuleCall& call) {
            const Var wins = greater(call[1], call[0]);
            return call.dy * (wins + half_of_ties(call));
          },
          Words("Only where {b} is the larger does the result follow it; where both are equal, "
                "each gets half.")}},
    .says = Words("takes the larger of {a} and {b}, element by element"),
    .c = "({a} > {b}) | ({a} != {a}) ? {a} : {b}",
    .rounding = Rounding::kNever,
    .has_kink = true,
    .formula = "max({a}, {b})",
});

const Primitive& kMinimum = declare({
    .name = "minimum",
    .symbol = "min",
    .numpy = "np.minimum({a}, {b})",
    .precedence = Precedence::kAtom,
    .shape = same_shape,
    .forward = map2<smaller>,
    .arguments =
        {{"a",
          [](const RuleCall& call) {
            const Var wins = less(call[0], call[1]);
            return call.dy * (wins + half_of_ties(call));
          },
          Words("Only where {a} is the smaller does the result follow it; where both are equal, "
                "each gets half.")},
         {"b",
          [](const RuleCall& call) {
            const Var wins = less(call[1], call[0]);
            return call.dy * (wins + half_of_ties(call));
          },
          Words("Only where {b} is the smaller does the result follow it; where both are equal, "
                "each gets half.")}},
    .says = Words("takes the smaller of {a} and {b}, element by element"),
    .c = "({a} < {b}) | ({a} != {a}) ? {a} : {b}",
    .rounding = Rounding::kNever,
    .has_kink = true,
    .formula = "min({a}, {b})",
});

}  // namespace

namespace primitives {
const Primitive& add() { return kAdd; }
const Primitive& subtract() { return kSubtract; }
const Primitive& multiply() { return kMultiply; }
const Primitive& divide() { return kDivide; }
}  // namespace primitives

Var operator+(Var a, Var b) { return apply_elementwise(kAdd, a, b, "added"); }
Var operator-(Var a, Var b) { return apply_elementwise(kSubtract, a, b, "subtracted"); }
Var operator*(Var a, Var b) { return apply_elementwise(kMultiply, a, b, "multiplied"); }
Var operator/(Var a, Var b) { return apply_elementwise(kDivide, a, b, "divided"); }
Var maximum(Var a, Var b) { return apply_elementwise(kMaximum, a, b, "compared"); }
Var minimum(Var a, Var b) { return apply_elementwise(kMinimum, a, b, "compared"); }

}  // namespace backstep
