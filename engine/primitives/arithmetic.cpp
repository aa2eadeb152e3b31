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
    .arguments = {{"a",
                   [](const RuleCall& call) { return call.dy; },
                   {"A sum moves as much as {a} does, so the gradient passes unchanged.",
                    "합은 {a}의 값이 변하는 만큼 변하므로 기울기가 그대로 지나갑니다."}},
                  {"b",
                   [](const RuleCall& call) { return call.dy; },
                   {"A sum moves as much as {b} does, so the gradient passes unchanged.",
                    "합은 {b}의 값이 변하는 만큼 변하므로 기울기가 그대로 지나갑니다."}}},
    .says = {"adds {b} to {a}, element by element", "{a}에 {b} 값을 원소별로 더합니다"},
    .c = "{a} + {b}",
});

const Primitive& kSubtract = declare({
    .name = "subtract",
    .symbol = "−",
    .numpy = "{a} - {b}",
    .precedence = Precedence::kSum,
    .shape = same_shape,
    .forward = map2<[](double a, double b) { return a - b; }>,
    .arguments = {{"a",
                   [](const RuleCall& call) { return call.dy; },
                   {"The difference moves as much as {a} does, so the gradient passes unchanged.",
                    "차는 {a}의 값이 변하는 만큼 변하므로 기울기가 그대로 지나갑니다."}},
                  {"b",
                   [](const RuleCall& call) { return -call.dy; },
                   {"The difference falls where {b} rises, so the sign turns.",
                    "{b}의 값이 커지면 차는 작아지므로 부호가 바뀝니다."}}},
    .says = {"takes {b} away from {a}, element by element", "{a}에서 {b} 값을 원소별로 뺍니다"},
    .c = "{a} - {b}",
});

const Primitive& kMultiply = declare({
    .name = "multiply",
    .symbol = "×",
    .numpy = "{a} * {b}",
    .precedence = Precedence::kProduct,
    .shape = same_shape,
    .forward = map2<[](double a, double b) { return a * b; }>,
    .arguments = {{"a",
                   [](const RuleCall& call) { return call.dy * call[1]; },
                   {"The product moves {b} times as much as {a} does.",
                    "{a}의 값이 변하면 곱은 그 {b} 배만큼 변합니다."}},
                  {"b",
                   [](const RuleCall& call) { return call.dy * call[0]; },
                   {"The product moves {a} times as much as {b} does.",
                    "{b}의 값이 변하면 곱은 그 {a} 배만큼 변합니다."}}},
    .says = {"multiplies {a} by {b}, element by element", "{a}에 {b} 값을 원소별로 곱합니다"},
    .c = "{a} * {b}",
});

const Primitive& kDivide = declare({
    .name = "divide",
    .symbol = "÷",
    .numpy = "{a} / {b}",
    .precedence = Precedence::kProduct,
    .shape = same_shape,
    .forward = map2<[](double a, double b) { return a / b; }>,
    .arguments = {{"a",
                   [](const RuleCall& call) { return call.dy / call[1]; },
                   {"The quotient moves 1 / {b} times as much as {a} does.",
                    "{a}의 값이 변하면 몫은 그 1 / {b} 배만큼 변합니다."}},
                  {"b",
                   [](const RuleCall& call) { return -(call.dy * call.y / call[1]); },
                   {"The quotient falls where {b} rises, by {y} / {b} for each unit.",
                    "{b}의 값이 1만큼 커지면 몫은 {y} / {b}만큼 작아집니다."}}},
    .says = {"divides {a} by {b}, element by element", "{a}의 값을 {b}의 값으로 원소별로 나눕니다"},
    .c = "{a} / {b}",
});

const Primitive& kMaximum = declare({
    .name = "maximum",
    .symbol = "max",
    .numpy = "np.maximum({a}, {b})",
    .precedence = Precedence::kAtom,
    .shape = same_shape,
    .forward = map2<larger>,
    .arguments = {{"a",
                   [](const RuleCall& call) {
                     const Var wins = greater(call[0], call[1]);
                     return call.dy * (wins + half_of_ties(call));
                   },
                   {"Only where {a} is the larger does the result follow it; where both are equal, "
                    "each gets half.",
                    "{a}의 값이 더 큰 자리에서만 결과가 {a}의 값을 따라가고, 둘이 같은 자리에서는 "
                    "절반씩 받습니다."}},
                  {"b",
                   [](const RuleCall& call) {
                     const Var wins = greater(call[1], call[0]);
                     return call.dy * (wins + half_of_ties(call));
                   },
                   {"Only where {b} is the larger does the result follow it; where both are equal, "
                    "each gets half.",
                    "{b}의 값이 더 큰 자리에서만 결과가 {b}의 값을 따라가고, 둘이 같은 자리에서는 "
                    "절반씩 받습니다."}}},
    .says = {"takes the larger of {a} and {b}, element by element",
             "{a}의 값과 {b}의 값 가운데 큰 쪽을 원소별로 고릅니다"},
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
          {"Only where {a} is the smaller does the result follow it; where both are equal, "
           "each gets half.",
           "{a}의 값이 더 작은 자리에서만 결과가 {a}의 값을 따라가고, 둘이 같은 자리에서는 "
           "절반씩 받습니다."}},
         {"b",
          [](const RuleCall& call) {
            const Var wins = less(call[1], call[0]);
            return call.dy * (wins + half_of_ties(call));
          },
          {"Only where {b} is the smaller does the result follow it; where both are equal, "
           "each gets half.",
           "{b}의 값이 더 작은 자리에서만 결과가 {b}의 값을 따라가고, 둘이 같은 자리에서는 "
           "절반씩 받습니다."}}},
    .says = {"takes the smaller of {a} and {b}, element by element",
             "{a}의 값과 {b}의 값 가운데 작은 쪽을 원소별로 고릅니다"},
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
