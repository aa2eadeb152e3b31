// A formula that a learner types for one gradient, judged by its value: any equal form is right.
#pragma once

#include <string>
#include <vector>

#include "engine/check/cause.h"
#include "engine/walk/question.h"

namespace backstep::check {

enum class AnswerVerdict : std::uint8_t { kRight, kRightButForShape, kWrong };

struct Answer {
  AnswerVerdict verdict = AnswerVerdict::kWrong;
  Saying says;
};

// The nodes to derive, in the order of the backward pass: each contribution and each sum of them.
std::vector<NodeId> questions(const Reference& reference);

// Judges `formula` as an answer for `node`. It may name every value of the forward pass, every
// gradient that came before `node`, and the sides N and D. Throws Error for what cannot be read.
Answer judge_answer(const Reference& reference, NodeId node, const std::string& formula);

// The same for the question of a stepper. The reference must outlive it.
walk::FormulaJudge formula_judge(const Reference& reference);

// What to say to somebody who asks for the first or the second hint.
std::string hint(const Reference& reference, NodeId node, int number, Language language);

}  // namespace backstep::check
