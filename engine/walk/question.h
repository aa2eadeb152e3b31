// Predict, then reveal: a question about the shape, the sign, the value or the formula of what the
// next event will write, and what an answer is worth.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/describe.h"
#include "engine/trace.h"

namespace backstep::walk {

struct Question {
  enum class About : std::uint8_t { kShape, kSign, kValue, kFormula };

  About about = About::kShape;
  std::size_t event = 0;  // its number, from 0
  int row = 0, col = 0;   // the element that the sign or the value is asked of
};

// What can be asked of an event, the best first. The numbers of the upstream gradient come from
// outside, so only its shape can be foreseen. A formula is not among them: it takes somebody who
// can judge it.
std::vector<Question::About> what_to_ask(const Trace& trace, std::size_t event);

// Shapes to choose from, the right one among them: the others are what a mistake would give, a lost
// or an added sum, a transpose.
std::vector<std::string> shape_choices(const Trace& trace, std::size_t event);

// The least and the greatest number that is a right answer, as text: within 2 percent.
struct Range {
  std::string least, most;
};
Range right_range(double value);

// "Which shape will dgamma have?"
std::string question_text(const Trace& trace, const Question& question, Language language);
// How an answer may look: "such as (4, 3)".
std::string answer_form(const Question& question, Language language);

struct Verdict {
  enum class Kind : std::uint8_t { kRight, kWrong, kNotAnswered, kNotUnderstood };

  Kind kind = Kind::kNotAnswered;
  std::string answer;  // the right one: "(1, 3)"
  std::string text;    // right or wrong, the right answer, and why it is so
};

// Judges a formula that was typed for the value of a node, and says why, where there is more to
// say. It computes, so it comes from outside: a view only replays.
using FormulaJudge =
    std::function<Verdict(NodeId node, std::string_view formula, Language language)>;

// An answer is understood as people type it: "(4, 3)", "4x3", "4 3"; "+", "minus", "0", "음수"; a
// number to within 2 percent; a formula by `judge_formula`. Empty: the answer is shown and not
// counted.
Verdict judge(const Trace& trace, const Question& question, std::string_view answer,
              Language language, const FormulaJudge& judge_formula = {});

}  // namespace backstep::walk
