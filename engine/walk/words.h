// The words that both steppers say of a step, its ledger and its question.
#pragma once

#include "engine/primitive.h"

namespace backstep::walk::words {

// The numbers of an element.
inline constexpr Words kGiven = {"given", "주어진 값"};

// The ledger.
inline constexpr Words kLedger = {"The gradient of {0}, from {1} uses:",
                                  "{0}의 기울기, {1}곳에서 온 기여분:"};
inline constexpr Words kThrough = {"through {0}, {1}", "{0}번 정거장 {1}"};
inline constexpr Words kPending = {"pending", "대기"};
inline constexpr Words kSum = {"sum", "합"};
inline constexpr Words kSumSoFar = {"sum so far, {0} of {1}", "합, {1}개 중 {0}개"};

// The question.
inline constexpr Words kAskShape = {"Which shape will {0} have?", "{0}의 모양은 어떻게 될까요?"};
inline constexpr Words kAskSign = {"Which sign will {0} have: +, - or 0?",
                                   "{0}의 부호는 무엇일까요: +, -, 0?"};
inline constexpr Words kAskValue = {"What number will {0} be?", "{0}의 값은 얼마일까요?"};
inline constexpr Words kAskFormula = {"By which formula is {0} computed?",
                                      "{0}의 계산식은 무엇일까요?"};
inline constexpr Words kShapeForm = {"a shape, such as (4, 3) or (3,)", "모양, 예: (4, 3), (3,)"};
inline constexpr Words kSignForm = {"+, - or 0", "+, -, 0 중 하나"};
inline constexpr Words kValueForm = {"a number, to within 2 %", "숫자, 2% 이내"};
inline constexpr Words kFormulaForm = {"NumPy, in any equal form",
                                       "NumPy 식, 값이 같으면 어떤 형태든"};

// What an answer was worth, and why.
inline constexpr Words kRight = {"Right: {0}.", "맞습니다: {0}."};
inline constexpr Words kWrong = {"Not so: it is {0}.", "아닙니다. 답은 {0}."};
inline constexpr Words kAnswer = {"It is {0}.", "답은 {0}."};
inline constexpr Words kNotUnderstood = {"This is not an answer; expected: {0}.",
                                         "답으로 읽을 수 없습니다. 형식: {0}."};
inline constexpr Words kGradientShape = {
    "A gradient has the shape of its value: one number for each element of {0}, {1}.",
    "기울기의 모양은 값의 모양과 같습니다. {0} {1}의 원소마다 숫자가 하나씩 있습니다."};
inline constexpr Words kValueShape = {"It is computed as {0}.", "계산식: {0}."};

}  // namespace backstep::walk::words
