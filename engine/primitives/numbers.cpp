// Primitives of one argument and a number known beforehand, and those that only pass a value on:
// times, divide by, plus, minus from a number, negate, copy.
#include "engine/primitives/kernels.h"

namespace backstep {
namespace {

using kernels::map1;
using kernels::same_shape;

const Primitive& kTimes = declare({
    .name = "times",
    .symbol = "×n",
    .numpy = "{number} * {a}",
    .precedence = Precedence::kProduct,
    .shape = same_shape,
    .forward = map1<[](double a, const Attributes& is) { return is.number * a; }>,
    .arguments = {{"a",
                   [](const RuleCall& call) { return call.attributes.number * call.dy; },
                   {"The result moves {number} times as much as {a} does.",
                    "{a}의 값이 변하면 결과는 그 {number} 배만큼 변합니다."}}},
    .says = {"multiplies each element of {a} by {number}",
             "{a}의 각 원소에 {number} 값을 곱합니다"},
    .c = "{number} * {a}",
});

const Primitive& kOver = declare({
    .name = "divide by",
    .symbol = "÷n",
    .numpy = "{a} / {number}",
    .precedence = Precedence::kProduct,
    .shape = same_shape,
    .forward = map1<[](double a, const Attributes& is) { return a / is.number; }>,
    .arguments = {{"a",
                   [](const RuleCall& call) { return call.dy / call.attributes.number; },
                   {"The result moves 1 / {number} times as much as {a} does.",
                    "{a}의 값이 변하면 결과는 그 1 / {number} 배만큼 변합니다."}}},
    .says = {"divides each element of {a} by {number}", "{a}의 각 원소를 {number} 값으로 나눕니다"},
    .c = "{a} / {number}",
});

const Primitive& kPlus = declare({
    .name = "plus",
    .symbol = "+n",
    .numpy = "{a} + {number}",
    .precedence = Precedence::kSum,
    .shape = same_shape,
    .forward = map1<[](double a, const Attributes& is) { return a + is.number; }>,
    .arguments = {{"a",
                   [](const RuleCall& call) { return call.dy; },
                   {"A fixed number added changes no slope, so the gradient passes unchanged.",
                    "고정된 수를 더해도 기울기는 변하지 않으므로 그대로 지나갑니다."}}},
    .says = {"adds {number} to each element of {a}", "{a}의 각 원소에 {number} 값을 더합니다"},
    .c = "{a} + {number}",
});

const Primitive& kMinusFrom = declare({
    .name = "minus from",
    .symbol = "n−x",
    .numpy = "{number} - {a}",
    .precedence = Precedence::kSum,
    .shape = same_shape,
    .forward = map1<[](double a, const Attributes& is) { return is.number - a; }>,
    .arguments = {{"a",
                   [](const RuleCall& call) { return -call.dy; },
                   {"The result falls where {a} rises, so the sign turns.",
                    "{a}의 값이 커지면 결과는 작아지므로 부호가 바뀝니다."}}},
    .says = {"takes each element of {a} away from {number}", "{number}에서 {a}의 각 원소를 뺍니다"},
    .c = "{number} - {a}",
});

const Primitive& kNegate = declare({
    .name = "negate",
    .symbol = "−x",
    .numpy = "-{a}",
    .precedence = Precedence::kSign,
    .shape = same_shape,
    .forward = map1<[](double a) { return -a; }>,
    .arguments = {{"a",
                   [](const RuleCall& call) { return -call.dy; },
                   {"The result falls where {a} rises, so the sign turns.",
                    "{a}의 값이 커지면 결과는 작아지므로 부호가 바뀝니다."}}},
    .says = {"turns the sign of each element of {a}", "{a}의 각 원소의 부호를 바꿉니다"},
    .c = "-{a}",
    .rounding = Rounding::kNever,
});

const Primitive& kCopy = declare({
    .name = "copy",
    .symbol = "=",
    .numpy = "{a}",
    .precedence = Precedence::kAtom,
    .shape = same_shape,
    .forward = map1<[](double a) { return a; }>,
    .arguments = {{"a",
                   [](const RuleCall& call) { return call.dy; },
                   {"A copy moves as its source does, so the gradient passes unchanged.",
                    "복사본은 원본과 똑같이 변하므로 기울기가 그대로 지나갑니다."}}},
    .says = {"passes {a} on unchanged", "{a}의 값을 그대로 넘깁니다"},
    .c = "{a}",
    .rounding = Rounding::kNever,
});

}  // namespace

namespace primitives {
const Primitive& times() { return kTimes; }
const Primitive& divide_by() { return kOver; }
const Primitive& plus() { return kPlus; }
const Primitive& negate() { return kNegate; }
const Primitive& copy() { return kCopy; }
}  // namespace primitives

Var operator*(double number, Var a) { return apply(kTimes, {a}, {.number = number}); }
Var operator/(Var a, double number) { return apply(kOver, {a}, {.number = number}); }
Var operator+(Var a, double number) { return apply(kPlus, {a}, {.number = number}); }
Var operator-(double number, Var a) { return apply(kMinusFrom, {a}, {.number = number}); }
Var operator-(Var a) { return apply(kNegate, {a}); }
Var copy(Var a) { return apply(kCopy, {a}); }

}  // namespace backstep
