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

constexpr Words kWhyRoot = {
    "A root is flatter where it is high: it moves 1 / (2 {y}) times as much as {a} does.",
    "제곱근은 값이 클수록 완만합니다. {a}의 값이 변하면 그 1 / (2 {y}) 배만큼 변합니다."};

const Primitive& kSquare = declare({
    .name = "square",
    .symbol = "x²",
    .numpy = "{a} ** 2",
    .precedence = Precedence::kPower,
    .shape = same_shape,
    .forward = map1<[](double a) { return a * a; }>,
    .arguments = {{"a",
                   [](const RuleCall& call) { return 2 * call[0] * call.dy; },
                   {"A square is steeper where {a} is far from 0: its slope there is 2 {a}.",
                    "제곱은 {a}의 값이 0에서 멀수록 가파릅니다. 그 자리의 기울기는 2 {a}입니다."}}},
    .says = {"squares each element of {a}", "{a}의 각 원소를 제곱합니다"},
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
                   {"The exponent comes down in front and falls by 1: the power rule.",
                    "지수가 앞으로 내려오고 지수는 1 줄어듭니다(거듭제곱의 미분)."}}},
    .says = {"raises each element of {a} to the power {number}",
             "{a}의 각 원소를 {number} 제곱합니다"},
    .c = "pow({a}, {number})",
});

const Primitive& kExponentiate = declare({
    .name = "exponentiate",
    .symbol = "nˣ",
    .numpy = "{number} ** {a}",
    .precedence = Precedence::kPower,
    .shape = same_shape,
    .forward = map1<[](double a, const Attributes& is) { return std::pow(is.number, a); }>,
    .arguments = {{"a",
                   [](const RuleCall& call) {
                     return std::log(call.attributes.number) * call.y * call.dy;
                   },
                   {"An exponential is as steep as it is high, times the logarithm of {number}.",
                    "지수 함수의 기울기는 그 값에 {number}의 로그를 곱한 것입니다."}}},
    .says = {"raises {number} to the power of each element of {a}",
             "{number} 값을 {a}의 각 원소만큼 거듭제곱합니다"},
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
    .says = {"takes the square root of each element of {a}", "{a}의 각 원소에 제곱근을 취합니다"},
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
    .says = {"takes the square root of {a} plus the small {e}, so that it never reaches 0",
             "0이 되지 않도록 {a}에 작은 {e} 값을 더한 뒤 제곱근을 취합니다"},
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
    .arguments =
        {{"a",
          [](const RuleCall& call) {
            // A statement of its own: compilers differ in which operand they make first.
            const Var squared = square(call[0]);
            return -call.dy / squared;
          },
          {"1 / {a} falls where {a} rises, and the more so the nearer {a} is to 0.",
           "{a}의 값이 커지면 1 / {a}의 값은 작아지고, 0에 가까울수록 더 크게 변합니다."}}},
    .says = {"takes 1 over each element of {a}", "{a}의 각 원소의 역수를 취합니다"},
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
