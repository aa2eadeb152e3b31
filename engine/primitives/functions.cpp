// Curves, element by element: exp, log, abs, sign, tanh, relu.
#include <cmath>

#include "engine/primitives/kernels.h"

namespace backstep {
namespace {

using kernels::map1;
using kernels::same_shape;

// A NaN stays a NaN, as in NumPy.
double sign_of(double a) { return a > 0 ? 1 : a < 0 ? -1 : a == 0 ? 0 : a; }
double cut_below_zero(double a) { return a > 0 || a != a ? a : 0; }

const Primitive& kExp = declare({
    .name = "exp",
    .symbol = "eˣ",
    .numpy = "np.exp({a})",
    .precedence = Precedence::kAtom,
    .shape = same_shape,
    .forward = map1<[](double a) { return std::exp(a); }>,
    .arguments = {{"a",
                   [](const RuleCall& call) { return call.dy * call.y; },
                   {"The exponential is its own slope.", "지수 함수의 기울기는 자기 자신입니다."}}},
    .says = {"takes the exponential of each element of {a}",
             "{a}의 각 원소에 지수 함수를 적용합니다"},
    .c = "exp({a})",
    .formula = "e ** {a}",
});

const Primitive& kLog = declare({
    .name = "log",
    .symbol = "ln",
    .numpy = "np.log({a})",
    .precedence = Precedence::kAtom,
    .shape = same_shape,
    .forward = map1<[](double a) { return std::log(a); }>,
    .arguments = {{"a",
                   [](const RuleCall& call) { return call.dy / call[0]; },
                   {"The logarithm is steep near 0: its slope is 1 / {a}.",
                    "로그는 0 가까이에서 가팔라서 기울기가 1 / {a}입니다."}}},
    .says = {"takes the natural logarithm of each element of {a}",
             "{a}의 각 원소에 자연로그를 취합니다"},
    .c = "log({a})",
});

const Primitive& kAbs = declare({
    .name = "abs",
    .symbol = "|x|",
    .numpy = "np.abs({a})",
    .precedence = Precedence::kAtom,
    .shape = same_shape,
    .forward = map1<[](double a) { return std::fabs(a); }>,
    .arguments = {{"a",
                   [](const RuleCall& call) { return call.dy * sign(call[0]); },
                   {"The slope is +1 right of 0 and -1 left of it; at 0 it is taken as 0.",
                    "기울기는 0의 오른쪽에서 +1, 왼쪽에서 -1이고, 0에서는 0으로 둡니다."}}},
    .says = {"takes the distance from 0 of each element of {a}",
             "{a}의 각 원소의 절댓값을 취합니다"},
    .c = "fabs({a})",
    .rounding = Rounding::kNever,
    .has_kink = true,
    .formula = "|{a}|",
});

const Primitive& kSign = declare({
    .name = "sign",
    .symbol = "±",
    .numpy = "np.sign({a})",
    .precedence = Precedence::kAtom,
    .shape = same_shape,
    .forward = map1<sign_of>,
    .arguments = {{"a", nullptr, {}}},
    .says = {"keeps only the sign of each element of {a}", "{a}의 각 원소에서 부호만 남깁니다"},
    .c = "{a} > 0 ? 1.0 : {a} < 0 ? -1.0 : {a} == 0 ? 0.0 : {a}",
    .has_kink = true,
});

const Primitive& kTanh = declare({
    .name = "tanh",
    .symbol = "tanh",
    .numpy = "np.tanh({a})",
    .precedence = Precedence::kAtom,
    .shape = same_shape,
    .forward = map1<[](double a) { return std::tanh(a); }>,
    .arguments = {{"a",
                   [](const RuleCall& call) { return (1 - square(call.y)) * call.dy; },
                   {"The slope is 1 in the middle and goes to 0 where {y} nears +1 or -1.",
                    "기울기는 가운데에서 1이고 {y} 값이 +1이나 -1에 가까워지면 0으로 갑니다."}}},
    .says = {"bends each element of {a} into the range from -1 to 1",
             "{a}의 각 원소를 -1에서 1 사이로 구부립니다"},
    .c = "tanh({a})",
});

const Primitive& kRelu = declare({
    .name = "relu",
    .symbol = "ReLU",
    .numpy = "np.maximum({a}, 0)",
    .precedence = Precedence::kAtom,
    .shape = same_shape,
    .forward = map1<cut_below_zero>,
    .arguments =
        {{"a",
          [](const RuleCall& call) {
            const Var zero = call.y.graph().leaf(Role::kConstant, {});
            return call.dy * greater(call[0], zero);
          },
          {"What was above 0 passes the gradient on; what was cut to 0 sends back 0.",
           "0보다 컸던 자리는 기울기를 그대로 넘기고, 0으로 잘린 자리는 0을 돌려보냅니다."}}},
    .says = {"cuts each element of {a} that is below 0 to 0",
             "{a}의 원소 가운데 음수를 0으로 자릅니다"},
    .c = "{a} <= 0 ? 0.0 : {a}",
    .rounding = Rounding::kNever,
    .has_kink = true,
    .formula = "max({a}, 0)",
});

}  // namespace

namespace primitives {
const Primitive& exp() { return kExp; }
const Primitive& log() { return kLog; }
}  // namespace primitives

Var exp(Var a) { return apply(kExp, {a}); }
Var log(Var a) { return apply(kLog, {a}); }
Var abs(Var a) { return apply(kAbs, {a}); }
Var sign(Var a) { return apply(kSign, {a}); }
Var tanh(Var a) { return apply(kTanh, {a}); }
Var relu(Var a) { return apply(kRelu, {a}); }

}  // namespace backstep
