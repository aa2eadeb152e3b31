// The stepper's state, and what each key makes of it: a pure function, without a terminal.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/describe.h"
#include "engine/step/key.h"
#include "engine/trace.h"
#include "engine/walk/inside.h"
#include "engine/walk/phases.h"
#include "engine/walk/question.h"
#include "engine/walk/sums.h"

namespace backstep::step {

// What the stepper looks up in a trace, gathered once. It refers to the trace, which must outlive
// it.
struct Record {
  explicit Record(const Trace& trace, std::string title = {}, std::vector<std::string> notes = {},
                  walk::FormulaJudge judge_formula = {});

  const Graph& graph() const { return trace.graph(); }
  std::size_t events() const { return trace.events().size(); }

  const Trace& trace;
  std::string title;                 // of the circuit
  std::vector<std::string> notes;    // what to know of this run; they show at its start
  walk::FormulaJudge judge_formula;  // none: no formula is asked for
  Ledger ledger;
  std::vector<walk::Phase> phases;
  std::vector<std::vector<NodeId>> sums;  // of each node what its gradient grows through
  // The rows of the list: inputs, parameters and the operations of the forward pass.
  std::vector<NodeId> stations;
};

enum class Mode : std::uint8_t { kWalk, kGoTo, kSearch, kPredict, kHelp };

struct Model {
  explicit Model(const Record& the_record, Language the_language = {});

  static constexpr std::size_t kUnset = static_cast<std::size_t>(-1);

  const Record* record;
  Language language;
  Cursor cursor;
  Mode mode = Mode::kWalk;
  bool quit = false;

  std::size_t inside = 0;             // the step inside the event just done, from 1; 0: not inside
  NodeId selected = kNoNode;          // a row of the list that is looked at instead of the event
  std::size_t focus = 0;              // which of the values on show
  int row = 0, col = 0;               // the element that is looked at; clamped by element()
  std::set<std::size_t> breakpoints;  // events done
  std::array<std::size_t, 9> bookmarks = {};  // events done; kUnset
  std::vector<std::size_t> came_from;         // where the jumps began, for W and G

  std::string typed;        // what is being typed: a place, a search, an answer
  std::string last_search;  // entered again by an empty one
  walk::Question question;
  std::optional<walk::Verdict> verdict;  // of the question just answered
  int asked = 0, right = 0;              // questions that were answered, and rightly so
  std::string said;                      // what the last key did, where the frame does not show it
};

// What a key makes of the state.
Model apply(Model model, const Key& key);
// The same, one key after the other.
Model apply_all(Model model, const std::vector<Key>& keys);

// What is on show: first the value of the step, event or row that is looked at, then what it is
// made of (of a row: its gradient; of a question: what the next step is made of).
std::vector<NodeId> values_on_show(const Model& model);
// The one of them that the keys h, j, k, l and w mean; kNoNode if nothing is on show.
NodeId focused(const Model& model);
// The element that is looked at, within the focused value.
struct Element {
  int row = 0, col = 0;
};
Element element(const Model& model);

// The row of the list that is looked at: the one selected, or the one that the event just done
// wrote, forward or backward; kNoNode at the start.
NodeId row_on_show(const Model& model);
// The row that an event writes.
NodeId row_of(const Record& record, const Event& event);

// Whether the value of `node` is there once the events that are done are done. One that is not is
// drawn as empty, never as 0.
bool is_written(const Model& model, NodeId node);
// The steps inside the event just done; empty at the start.
std::vector<NodeId> inside_steps(const Model& model);
// The phase of the event just done; null at the start.
const walk::Phase* phase(const Model& model);

}  // namespace backstep::step
