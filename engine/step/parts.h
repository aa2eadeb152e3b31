// The parts of a frame as lines, before anything is placed: what the step says, its formulas, its
// ledger, its values.
#pragma once

#include <string>
#include <vector>

#include "engine/step/frame.h"
#include "engine/step/model.h"

namespace backstep::step {

// What happened, first and bold, and why; in their place a question, a verdict, what is looked at.
std::vector<Line> explanation(const Model& model);

// "next ▷ ..." and the sentence of the step that comes next.
Line next_line(const Model& model);

// The rule as in every circuit, the formula of this one, and the element with its numbers; where
// those do not fit into `rows` of so many columns, its value alone.
std::vector<Line> formula_lines(const Model& model, int columns, int rows);

// At the start, where there is no step to show yet: what the marks mean, and what to know of this
// run. Empty elsewhere.
std::vector<Line> legend_lines(const Model& model);

// The contributions to the gradient that the step is about, arrived and pending, with the element
// that is looked at. Empty where there is only one.
std::vector<Line> ledger_lines(const Model& model);

// "dxmu1 (4, 3)"; a step inside a rule is called by its expression.
std::string value_title(const Model& model, NodeId node);

// What the last row says: what a key did, what is typed, or the keys.
Line status_line(const Model& model, int columns);

// "○ pending", "◐ 1 of 2", "● final"; empty for a node without a gradient.
std::string gradient_state_text(const Model& model, NodeId node);

// Whether the event goes backward, for its ink and its arrow.
inline bool goes_back(const Event& event) { return event.kind != EventKind::kForward; }
inline Ink ink_of(const Event& event) { return goes_back(event) ? Ink::kGradient : Ink::kForward; }

}  // namespace backstep::step
