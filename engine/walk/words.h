// The words that both steppers say of a step, its ledger and its question.
#pragma once

#include "engine/primitive.h"

namespace backstep::walk::words {

// The numbers of an element.
inline constexpr auto kGiven = Words("given");

// The ledger.
inline constexpr auto kLedger = Words("The gradient of {0}, from {1} uses:");
inline constexpr auto kThrough = Words("through {0}, {1}");
inline constexpr auto kPending = Words("pending");
inline constexpr auto kSum = Words("sum");
inline constexpr auto kSumSoFar = Words("sum so far, {0} of {1}");

// The question.
inline constexpr auto kAskShape = Words("Which shape will {0} have?");
inline constexpr auto kAskSign = Words("Which sign will {0} have: +, - or 0?");
inline constexpr auto kAskValue = Words("What number will {0} be?");
inline constexpr auto kAskFormula = Words("By which formula is {0} computed?");
inline constexpr auto kShapeForm = Words("a shape, such as (4, 3) or (3,)");
inline constexpr auto kSignForm = Words("+, - or 0");
inline constexpr auto kValueForm = Words("a number, to within 2 %");
inline constexpr auto kFormulaForm = Words("NumPy, in any equal form");

// What an answer was worth, and why.
inline constexpr auto kRight = Words("Right: {0}.");
inline constexpr auto kWrong = Words("Not so: it is {0}.");
inline constexpr auto kAnswer = Words("It is {0}.");
inline constexpr auto kNotUnderstood = Words("This is not an answer; expected: {0}.");
inline constexpr auto kGradientShape =
    Words("A gradient has the shape of its value: one number for each element of {0}, {1}.");
inline constexpr auto kValueShape = Words("It is computed as {0}.");

}  // namespace backstep::walk::words
