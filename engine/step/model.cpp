// The stepper's state: what each key makes of it.
#include "engine/step/model.h"

#include <algorithm>

#include "engine/look.h"
#include "engine/step/find.h"
#include "engine/step/text.h"
#include "engine/step/words.h"

namespace backstep::step {
namespace {

using walk::Verdict;

// Moves.

// To just after the first `events` events, looking at the event just done.
void stand_at(Model& model, std::size_t events) {
  model.cursor.go_to(events);
  model.inside = 0;
  model.selected = kNoNode;
  model.focus = 0;
}

// As stand_at, for a move that W takes back.
void jump_to(Model& model, std::size_t events) {
  if (events != model.cursor.done()) model.came_from.push_back(model.cursor.done());
  stand_at(model, events);
}

void jump_back(Model& model) {
  if (model.came_from.empty()) {
    model.said = say(model.language, words::kNoJump);
    return;
  }
  const std::size_t from = model.came_from.back();
  model.came_from.pop_back();
  stand_at(model, from);
}

void step_forward(Model& model) {
  if (model.cursor.at_end()) model.said = say(model.language, words::kAtEnd);
  stand_at(model, model.cursor.done() + (model.cursor.at_end() ? 0 : 1));
}

void step_back(Model& model) {
  if (model.cursor.at_start()) model.said = say(model.language, words::kAtStart);
  stand_at(model, model.cursor.done() - (model.cursor.at_start() ? 0 : 1));
}

// To where the current phase ends; standing there, to where the next one ends.
void next_phase(Model& model) {
  if (model.cursor.at_end()) return step_forward(model);
  stand_at(model, walk::phase_of(model.record->phases, model.cursor.done()).end);
}

void previous_phase(Model& model) {
  if (model.cursor.at_start()) return step_back(model);
  stand_at(model, walk::phase_of(model.record->phases, model.cursor.done() - 1).begin);
}

void next_breakpoint(Model& model) {
  const auto next = model.breakpoints.upper_bound(model.cursor.done());
  if (next == model.breakpoints.end()) model.said = say(model.language, words::kNoNextBreakpoint);
  jump_to(model, next == model.breakpoints.end() ? model.record->events() : *next);
}

void previous_breakpoint(Model& model) {
  const auto at = model.breakpoints.lower_bound(model.cursor.done());
  const bool none = at == model.breakpoints.begin();
  if (none) model.said = say(model.language, words::kNoPreviousBreakpoint);
  jump_to(model, none ? 0 : *std::prev(at));
}

// Marks.

void toggle_breakpoint(Model& model) {
  const std::size_t here = model.cursor.done();
  const bool added = model.breakpoints.insert(here).second;
  if (!added) model.breakpoints.erase(here);
  model.said = say(model.language, added ? words::kBreakpointSet : words::kBreakpointRemoved, here);
}

void clear_breakpoints(Model& model) {
  model.said = say(model.language, words::kBreakpointsCleared, model.breakpoints.size());
  model.breakpoints.clear();
}

// An unused number marks this place; a used one leads to its place, and standing there frees it.
void use_bookmark(Model& model, int number) {
  std::size_t& mark = model.bookmarks[static_cast<std::size_t>(number - 1)];
  const std::size_t here = model.cursor.done();
  if (mark == Model::kUnset) {
    mark = here;
    model.said = say(model.language, words::kBookmarkSet, number, here);
  } else if (mark == here) {
    mark = Model::kUnset;
    model.said = say(model.language, words::kBookmarkRemoved, number);
  } else {
    jump_to(model, mark);
    model.said = say(model.language, words::kBookmarkReached, number);
  }
}

// Looking.

void select_row(Model& model, int by) {
  const std::vector<NodeId>& rows = model.record->stations;
  if (rows.empty()) return;
  const NodeId from = row_on_show(model);
  const auto at = std::find(rows.begin(), rows.end(), from);
  const int last = static_cast<int>(rows.size()) - 1;
  const int now = at == rows.end() ? -by : static_cast<int>(at - rows.begin());
  model.selected = rows[static_cast<std::size_t>(std::clamp(now + by, 0, last))];
  model.inside = 0;
  model.focus = 0;
}

void move_focus(Model& model, int by) {
  const int count = static_cast<int>(values_on_show(model).size());
  if (count == 0) return;
  const int next = (static_cast<int>(model.focus) + by + count) % count;
  model.focus = static_cast<std::size_t>(next);
}

void move_element(Model& model, int rows, int cols) {
  const NodeId node = focused(model);
  if (node == kNoNode) return;
  const Shape shape = model.record->graph().node(node).shape;
  const Element now = element(model);
  model.row = std::clamp(now.row + rows, 0, shape.rows() - 1);
  model.col = std::clamp(now.col + cols, 0, shape.cols() - 1);
}

void go_to_writer(Model& model) {
  const NodeId node = focused(model);
  if (node == kNoNode) return;
  const std::string name = printable(model.record->graph().name(node));
  const std::size_t event = model.record->ledger.written_by(node);
  if (event == Ledger::kNever) {
    const bool leaf = model.record->graph().node(node).primitive == nullptr;
    model.said = say(model.language, leaf ? words::kGiven : words::kInsideHere, name);
    return;
  }
  const bool here = event + 1 == model.cursor.done();
  jump_to(model, event + 1);
  model.said = say(model.language, here ? words::kWrittenHere : words::kWriter, name, event + 1);
}

void step_inside(Model& model, int by) {
  const std::vector<NodeId> steps = inside_steps(model);
  model.selected = kNoNode;
  model.focus = 0;
  if (steps.size() < 2) {
    model.inside = 0;
    model.said = say(model.language, words::kNothingInside);
    return;
  }
  const std::size_t places = steps.size() + 1;  // one of them outside
  model.inside = (model.inside + places + static_cast<std::size_t>(by + 1) - 1) % places;
  if (model.inside == 0) model.said = say(model.language, words::kLeftInside);
}

// Predicting.

// What can be asked of an event: of a gradient also its formula, where somebody can judge it.
std::vector<walk::Question::About> what_to_ask(const Record& record, std::size_t event) {
  auto abouts = walk::what_to_ask(record.trace, event);
  const Part part = record.graph().place(record.trace.events()[event].node).part;
  const bool is_derived = part == Part::kContribution || part == Part::kGradient;
  if (is_derived && record.judge_formula) abouts.push_back(walk::Question::About::kFormula);
  return abouts;
}

// Asks of the next event what number `which` of its questions asks.
void ask(Model& model, std::size_t which) {
  const std::size_t event = model.cursor.done();
  const auto abouts = what_to_ask(*model.record, event);
  const Shape shape = model.record->graph().node(model.cursor.next()->node).shape;
  model.question = {abouts[which % abouts.size()], event, std::min(model.row, shape.rows() - 1),
                    std::min(model.col, shape.cols() - 1)};
  model.typed.clear();
}

void predict(Model& model) {
  if (model.cursor.at_end()) {
    model.said = say(model.language, words::kNothingToPredict);
    return;
  }
  stand_at(model, model.cursor.done());
  model.mode = Mode::kPredict;
  ask(model, 0);
}

void ask_another(Model& model, int by) {
  const auto abouts = what_to_ask(*model.record, model.question.event);
  const auto at = std::find(abouts.begin(), abouts.end(), model.question.about) - abouts.begin();
  ask(model, static_cast<std::size_t>(at + by) + abouts.size());
}

void answer(Model& model) {
  Verdict verdict = walk::judge(model.record->trace, model.question, model.typed, model.language,
                                model.record->judge_formula);
  if (verdict.kind == Verdict::Kind::kNotUnderstood) {
    model.said = verdict.text;
    return;
  }
  const bool right = verdict.kind == Verdict::Kind::kRight;
  if (right || verdict.kind == Verdict::Kind::kWrong) ++model.asked;
  if (right) ++model.right;
  model.mode = Mode::kWalk;
  stand_at(model, model.question.event + 1);
  if (model.question.about != walk::Question::About::kShape) {
    model.row = model.question.row;
    model.col = model.question.col;
  }
  model.verdict = std::move(verdict);
}

// Typing.

void go_to_typed(Model& model) {
  const Found found = find_place(*model.record, model.typed, model.language);
  if (found.events) {
    jump_to(model, *found.events);
    model.mode = Mode::kWalk;
  }
  model.said = found.said;
}

void search_typed(Model& model) {
  if (!model.typed.empty()) model.last_search = model.typed;
  const Found found =
      find_text(*model.record, model.last_search, model.cursor.done(), model.language);
  if (found.events) {
    jump_to(model, *found.events);
    model.mode = Mode::kWalk;
  }
  model.said = found.said;
}

void enter(Model& model) {
  if (model.mode == Mode::kGoTo) return go_to_typed(model);
  if (model.mode == Mode::kSearch) return search_typed(model);
  answer(model);
}

void erase_glyph(std::string& text) {
  while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) {
    text.pop_back();
  }
  if (!text.empty()) text.pop_back();
}

void type(Model& model, const Key& key) {
  constexpr std::size_t kMostTyped = 200;
  if (key.code == Key::kText && model.typed.size() < kMostTyped) model.typed += key.text;
  if (key.code == Key::kBackspace) erase_glyph(model.typed);
  if (key.code == Key::kEscape) model.mode = Mode::kWalk;
  const bool predicting = model.mode == Mode::kPredict;
  if (key.code == Key::kTab && predicting) ask_another(model, 1);
  if (key.code == Key::kBackTab && predicting) ask_another(model, -1);
  if (key.code == Key::kEnter) enter(model);
}

void begin_typing(Model& model, Mode mode) {
  model.mode = mode;
  model.typed.clear();
}

// Keys.

void letter(Model& model, char key) {
  if (key >= '1' && key <= '9') return use_bookmark(model, key - '0');
  switch (key) {
    case 'n':
    case ' ':
      return step_forward(model);
    case 'N':
      return step_back(model);
    case 'f':
      return next_phase(model);
    case 'F':
      return previous_phase(model);
    case 'c':
      return next_breakpoint(model);
    case 'C':
      return previous_breakpoint(model);
    case 'b':
      return toggle_breakpoint(model);
    case 'B':
      return clear_breakpoints(model);
    case 'g':
      return begin_typing(model, Mode::kGoTo);
    case '/':
      return begin_typing(model, Mode::kSearch);
    case 'w':
      return go_to_writer(model);
    case 'W':
    case 'G':
      return jump_back(model);
    case 'i':
      return step_inside(model, 1);
    case 'I':
      return step_inside(model, -1);
    case 'p':
    case 'P':
      return predict(model);
    case 'h':
      return move_element(model, 0, -1);
    case 'j':
      return move_element(model, 1, 0);
    case 'k':
      return move_element(model, -1, 0);
    case 'l':
      return move_element(model, 0, 1);
    case '?':
      model.mode = Mode::kHelp;
      return;
    case 'q':
      model.quit = true;
      return;
    default:
      model.said = say(model.language, words::kNoSuchKey);
  }
}

void walk_key(Model& model, const Key& key) {
  switch (key.code) {
    case Key::kText:
      return letter(model, key.text.size() == 1 ? key.text[0] : '\0');
    case Key::kRight:
      return step_forward(model);
    case Key::kLeft:
    case Key::kBackspace:
      return step_back(model);
    case Key::kHome:
      return jump_to(model, 0);
    case Key::kEnd:
      return jump_to(model, model.record->events());
    case Key::kUp:
      return select_row(model, -1);
    case Key::kDown:
      return select_row(model, 1);
    case Key::kTab:
      return move_focus(model, 1);
    case Key::kBackTab:
      return move_focus(model, -1);
    case Key::kEnter:
      return go_to_writer(model);
    case Key::kEscape:
      model.selected = kNoNode;
      model.inside = 0;
      model.focus = 0;
      return;
  }
}

// A node and its arguments, without the numbers of the text.
std::vector<NodeId> with_arguments(const Graph& graph, NodeId node) {
  std::vector<NodeId> values = {node};
  for (std::size_t i = 0; i < graph.arity(node); ++i) {
    const NodeId input = graph.input(node, i);
    const bool known = std::find(values.begin(), values.end(), input) != values.end();
    if (!is_written_number(graph.node(input)) && !known) values.push_back(input);
  }
  return values;
}

// Any key leaves the help, and only that; q quits from there too.
void help_key(Model& model, const Key& key) {
  model.mode = Mode::kWalk;
  if (key.text == "q") model.quit = true;
}

}  // namespace

Record::Record(const Trace& the_trace, std::string the_title, std::vector<std::string> the_notes,
               walk::FormulaJudge the_judge)
    : trace(the_trace),
      title(std::move(the_title)),
      notes(std::move(the_notes)),
      judge_formula(std::move(the_judge)),
      ledger(the_trace),
      phases(walk::phases(the_trace)),
      sums(walk::running_sums(the_trace, ledger)) {
  for (NodeId id = 0; id < graph().size(); ++id) {
    const Node& node = graph().node(id);
    const bool operation = node.primitive != nullptr && !node.place.folded;
    const bool leaf = node.role == Role::kInput || node.role == Role::kParameter;
    if (node.place.part == Part::kForward && (operation || leaf)) stations.push_back(id);
  }
}

Model::Model(const Record& the_record, Language the_language)
    : record(&the_record), language(the_language), cursor(the_record.trace) {
  bookmarks.fill(kUnset);
}

Model apply(Model model, const Key& key) {
  model.said.clear();
  if (model.mode == Mode::kHelp) {
    help_key(model, key);
  } else if (model.mode == Mode::kWalk) {
    model.verdict.reset();
    walk_key(model, key);
  } else {
    type(model, key);
  }
  return model;
}

Model apply_all(Model model, const std::vector<Key>& keys) {
  for (const Key& key : keys) model = apply(std::move(model), key);
  return model;
}

std::vector<NodeId> inside_steps(const Model& model) {
  const Event* event = model.cursor.just_done();
  if (event == nullptr) return {};
  return walk::steps_inside(model.record->graph(), event->node);
}

std::vector<NodeId> values_on_show(const Model& model) {
  const Graph& graph = model.record->graph();
  if (model.mode == Mode::kPredict) return walk::operands(graph, model.cursor.next()->node);
  if (model.selected != kNoNode) {
    const NodeId gradient = model.record->ledger.gradient(model.selected);
    if (gradient == kNoNode) return {model.selected};
    return {model.selected, gradient};
  }
  const Event* event = model.cursor.just_done();
  if (event == nullptr) return {};
  if (model.inside > 0) return with_arguments(graph, inside_steps(model)[model.inside - 1]);
  std::vector<NodeId> values = {event->node};
  for (const NodeId operand : walk::operands(graph, event->node)) values.push_back(operand);
  return values;
}

NodeId row_on_show(const Model& model) {
  if (model.selected != kNoNode) return model.selected;
  const Event* event = model.cursor.just_done();
  return event == nullptr ? kNoNode : row_of(*model.record, *event);
}

NodeId focused(const Model& model) {
  const std::vector<NodeId> values = values_on_show(model);
  return values.empty() ? kNoNode : values[std::min(model.focus, values.size() - 1)];
}

Element element(const Model& model) {
  const NodeId node = focused(model);
  if (node == kNoNode) return {};
  const Shape shape = model.record->graph().node(node).shape;
  return {std::min(model.row, shape.rows() - 1), std::min(model.col, shape.cols() - 1)};
}

bool is_written(const Model& model, NodeId node) {
  const std::size_t event = model.record->ledger.written_by(node);
  return event == Ledger::kNever || event < model.cursor.done();
}

const walk::Phase* phase(const Model& model) {
  if (model.cursor.at_start()) return nullptr;
  return &walk::phase_of(model.record->phases, model.cursor.done() - 1);
}

NodeId row_of(const Record& record, const Event& event) {
  return event.kind == EventKind::kForward ? event.node : record.graph().place(event.node).of;
}

}  // namespace backstep::step
