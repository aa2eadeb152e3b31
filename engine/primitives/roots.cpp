// Powers and roots: square, power, exponentiate, sqrt, sqrt with epsilon, invert.
#include <cmath>

#include "engine/primitives/kernels.h"

namespace backstep {
namespace {

using kernels::map1;
using kernels::map2;
using kernels::same_shape;

// The chain rule of a square root, the same for each term under it.
Var through_root(const RuleCall& call) { return 0.5 * call.dy / call.y; }

constexpr auto kWhyRoot =
    Words("A root is flatter where it is high: it moves 1 / (2 {y}) times as much as {a} does.");

const Primitive& kSquare = declare({
    .name = "square",
    .symbol = "x²",
    .numpy = "{a} ** 2",
    .precedence = Precedence::kPower,
    .shape = same_shape,
    .forward = map1<[](double a) { return a * a; }>,
    .arguments = {{"a", [](const RuleCall& call) { return 2 * call[0] * call.dy; },
                   Words(
                       "A square is steeper where {a} is far from 0: its slope there is 2 {a}.")}},
    .says = Words("squares each element of {a}"),
    .c = "{a} * {a}",
});

const Primitive& kPower = declare({
    .name = "power",
    .symbol = "xⁿ",
    .numpy = "{a} ** {number}",
    .precedence = Precedence::kPower,
    .shape = same_shape,
    .forward = map1<[](double a, const Attributes& is) { return std::pow(a, is.number); }>,
    .arguments = {{"a",
                   [](const RuleCall& call) {
                     const double exponent = call.attributes.number;
                     if (exponent == 0) return 0 * call.dy;  // also at 0, where 0 * 0 ** -1 is NaN
                     return exponent * power(call[0], exponent - 1) * call.dy;
                   },
                   Words("The exponent comes down in front and falls by 1: the power rule.")}},
    .says = Words("raises each element of {a} to the power {number}"),
    .c = "pow({a}, {number})",
});

const Primitive& kExponentiate = declare({
    .name = "exponentiate",
    .symbol = "nˣ",
    .numpy = "{number} ** {a}",
    .precedence = Precedence::kPower,
    .shape = same_shape,
    .forward = map1<[](double a, const Attributes& is) { return std::pow(is.number, a); }>,
    .arguments =
        {{"a",
          [](const RuleCall& call) { return std::log(call.attributes.number) * call.y * call.dy; },
          Words("An exponential is as steep as it is high, times the logarithm of {number}.")}},
    .says = Words("raises {number} to the power of each element of {a}"),
    .c = "pow({number}, {a})",
});

const Primitive& kSqrt = declare({
    .name = "sqrt",
    .symbol = "√",
    .numpy = "np.sqrt({a})",
    .precedence = Precedence::kAtom,
    .shape = same_shape,
    .forward = map1<[](double a) { return std::sqrt(a); }>,
    .arguments = {{"a", through_root, kWhyRoot}},
    .says = Words("takes the square root of each element of {a}"),
    .c = "sqrt({a})",
    .formula = "√({a})",
});

const Primitive& kSqrtEps = declare({
    .name = "sqrt with epsilon",
    .symbol = "√(·+ε)",
    .numpy = "np.sqrt({a} + {e})",
    .precedence = Precedence::kAtom,
    .shape = same_shape,
    .forward = map2<[](double a, double e) { return std::sqrt(a + e); }>,
    .arguments = {{"a", through_root, kWhyRoot}, {"e", through_root, kWhyRoot}},
    .says = Words("takes the square root of {a} plus the small {e}, so that it never reaches 0"),
    .c = "sqrt({a} + {e})",
    .formula = "√({a} + {e})",
});

const Primitive& kInvert = declare({
    .name = "invert",
    .symbol = "1/x",
    .numpy = "1 / {a}",
    .precedence = Precedence::kProduct,
    .shape = same_shape,
    .forward = map1<[](double a) { return 1 / a; }>,
    .arguments = {{"a",
                   [](const RuleCall& call) {
                     // A statement of its own: compilers differ in which operand they make first.
                     const Var squared = square(call[0]);
                     return -call.dy / squared;
                   },
                   Words(
                       "1 / {a} falls where {a} rises, and the more so the nearer {a} is to 0.")}},
    .says = Words("takes 1 over each element of {a}"),
    .c = "1 / {a}",
});

}  // namespace

namespace primitives {
const Primitive& square() { return kSquare; }
const Primitive& sqrt() { return kSqrt; }
const Primitive& sqrt_eps() { return kSqrtEps; }
const Primitive& invert() { return kInvert; }
}  // namespace primitives

Var square(Var a) { return apply(kSquare, {a}); }
Var power(Var a, double exponent) { return apply(kPower, {a}, {.number = exponent}); }
Var exponentiate(double number, Var a) { return apply(kExponentiate, {a}, {.number = number}); }
Var sqrt(Var a) { return apply(kSqrt, {a}); }
Var sqrt_eps(Var a, Var e) { return apply_elementwise(kSqrtEps, a, e, "added"); }
Var invert(Var a) { return apply(kInvert, {a}); }

}  // namespace backstep
