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
    .arguments = {{"a", [](const RuleCall& call) { return call.attributes.number * call.dy; },
                   Words("The result moves {number} times as much as {a} does.")}},
    .says = Words("multiplies each element of {a} by {number}"),
    .c = "{number} * {a}",
});

const Primitive& kOver = declare({
    .name = "divide by",
    .symbol = "÷n",
    .numpy = "{a} / {number}",
    .precedence = Precedence::kProduct,
    .shape = same_shape,
    .forward = map1<[](double a, const Attributes& is) { return a / is.number; }>,
    .arguments = {{"a", [](const RuleCall& call) { return call.dy / call.attributes.number; },
                   Words("The result moves 1 / {number} times as much as {a} does.")}},
    .says = Words("divides each element of {a} by {number}"),
    .c = "{a} / {number}",
});

const Primitive& kPlus = declare({
    .name = "plus",
    .symbol = "+n",
    .numpy = "{a} + {number}",
    .precedence = Precedence::kSum,
    .shape = same_shape,
    .forward = map1<[](double a, const Attributes& is) { return a + is.number; }>,
    .arguments =
        {{"a", [](const RuleCall& call) { return call.dy; },
          Words("A fixed number added changes no slope, so the gradient passes unchanged.")}},
    .says = Words("adds {number} to each element of {a}"),
    .c = "{a} + {number}",
});

const Primitive& kMinusFrom = declare({
    .name = "minus from",
    .symbol = "n−x",
    .numpy = "{number} - {a}",
    .precedence = Precedence::kSum,
    .shape = same_shape,
    .forward = map1<[](double a, const Attributes& is) { return is.number - a; }>,
    .arguments = {{"a", [](const RuleCall& call) { return -call.dy; },
                   Words("The result falls where {a} rises, so the sign turns.")}},
    .says = Words("takes each element of {a} away from {number}"),
    .c = "{number} - {a}",
});

const Primitive& kNegate = declare({
    .name = "negate",
    .symbol = "−x",
    .numpy = "-{a}",
    .precedence = Precedence::kSign,
    .shape = same_shape,
    .forward = map1<[](double a) { return -a; }>,
    .arguments = {{"a", [](const RuleCall& call) { return -call.dy; },
                   Words("The result falls where {a} rises, so the sign turns.")}},
    .says = Words("turns the sign of each element of {a}"),
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
    .arguments = {{"a", [](const RuleCall& call) { return call.dy; },
                   Words("A copy moves as its source does, so the gradient passes unchanged.")}},
    .says = Words("passes {a} on unchanged"),
    .c = "{a}",
    .rounding = Rounding::kNever,
});

// PyTorch's x.detach(): from here on, a number like those of the text.
const Primitive& kDetach = declare({
    .name = "detach",
    .symbol = "⊣",
    .numpy = "{a}",
    .precedence = Precedence::kAtom,
    .shape = same_shape,
    .forward = map1<[](double a) { return a; }>,
    .arguments = {{"a", nullptr, {}}},
    .says = Words("passes {a} on as a constant: no gradient goes back through it"),
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
const Primitive& detach() { return kDetach; }
}  // namespace primitives

Var operator*(double number, Var a) { return apply(kTimes, {a}, {.number = number}); }
Var operator/(Var a, double number) { return apply(kOver, {a}, {.number = number}); }
Var operator+(Var a, double number) { return apply(kPlus, {a}, {.number = number}); }
Var operator-(double number, Var a) { return apply(kMinusFrom, {a}, {.number = number}); }
Var operator-(Var a) { return apply(kNegate, {a}); }
Var copy(Var a) { return apply(kCopy, {a}); }
Var detach(Var a) { return apply(kDetach, {a}); }

}  // namespace backstep
