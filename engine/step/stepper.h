// The stepper: walks a recorded run in the terminal, or prints the walk as plain lines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/describe.h"
#include "engine/trace.h"
#include "engine/walk/question.h"

namespace backstep::step {

struct Options {
  std::string title;               // of the circuit
  std::vector<std::string> notes;  // what to know of this run; they show at its start
  Language language;
  walk::FormulaJudge judge_formula;  // none: no formula is asked for
  // Keys to press instead of a person, "n n i p q": prints plain lines. "-" reads them from
  // standard input, line by line.
  std::optional<std::string> script;
};

// Walks full screen where there is a terminal and no script; otherwise prints plain lines to
// standard output: what the script leads to, or every event. Throws Error for a word of the script
// that is no key.
void run(const Trace& trace, const Options& options);

}  // namespace backstep::step
