// The parts of a frame as lines.
#include "engine/step/parts.h"

#include <algorithm>

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/step/matrix.h"
#include "engine/step/text.h"
#include "engine/step/words.h"
#include "engine/walk/numbers.h"
#include "engine/walk/words.h"

namespace backstep::step {
namespace {

std::string name_of(const Model& model, NodeId node) {
  return printable(model.record->graph().name(node));
}

std::string sentence_of(const Model& model, const Event& event) {
  return printable(sentence(model.record->graph(), event, model.language));
}

// The explanation.

std::vector<Line> start_lines(const Model& model) {
  return {{{say(model.language, words::kNothingYet), {.bold = true}}},
          {{say(model.language, words::kFirstKeys)}}};
}

std::vector<Line> question_lines(const Model& model) {
  const Graph& graph = model.record->graph();
  const Event& next = *model.cursor.next();
  std::vector<Line> lines = {
      {{say(model.language, words::kPredict) + ": ", {Ink::kGradient, true}},
       {printable(walk::question_text(model.record->trace, model.question, model.language)),
        {.bold = true}}},
      {{sentence_of(model, next)}}};
  if (next.kind == EventKind::kContribution) {
    lines.push_back({{printable(formula(graph, use_of(graph, next.node).user)), {Ink::kForward}}});
  }
  return lines;
}

Line verdict_line(const walk::Verdict& verdict) {
  Style style = {.bold = true};
  if (verdict.kind == walk::Verdict::Kind::kRight) style.ink = Ink::kRight;
  if (verdict.kind == walk::Verdict::Kind::kWrong) style.ink = Ink::kWrong;
  return {{printable(verdict.text), style}};
}

Line inside_line(const Model& model) {
  const Graph& graph = model.record->graph();
  const std::vector<NodeId> steps = inside_steps(model);
  const NodeId step = steps[model.inside - 1];
  const std::string expressed = printable(expression(graph, step));
  return {{say(model.language, words::kInside, name_of(model, model.cursor.just_done()->node),
               model.inside, steps.size(), printable(title(graph, step)), expressed),
           {.bold = true}}};
}

std::vector<Line> event_lines(const Model& model) {
  const Event& event = *model.cursor.just_done();
  std::vector<Line> lines = {{{sentence_of(model, event), {.bold = true}}}};
  const std::string reason = why(model.record->graph(), event, model.language);
  if (!reason.empty()) lines.push_back({{printable(reason)}});
  return lines;
}

// Formulas.

constexpr int kLabelWidth = 9;

Line labelled(const Model& model, Words label, Line text) {
  std::string word = say(model.language, label);
  word.append(static_cast<std::size_t>(std::max(1, kLabelWidth - width(word))), ' ');
  text.insert(text.begin(), {word, {Ink::kFaint}});
  return text;
}

// The formula; of a step inside it the part that the step computes is underlined.
Line formula_spans(const Model& model, NodeId node) {
  const Graph& graph = model.record->graph();
  const std::string text = printable(formula(graph, node));
  if (model.inside == 0) return {{text, {.bold = true}}};
  const std::string part = printable(expression(graph, inside_steps(model)[model.inside - 1]));
  const std::size_t at = text.find(part, std::min(text.size(), text.find(" = ")));
  if (at == std::string::npos) return {{text}};
  return {{text.substr(0, at)},
          {part, {.bold = true, .underline = true}},
          {text.substr(at + part.size())}};
}

Line numbers_line(const Model& model, NodeId node, bool whole) {
  const Element at = element(model);
  return labelled(model, words::kNumbers,
                  {{printable(walk::numbers_text(model.record->trace, node, at.row, at.col,
                                                 model.language, whole))}});
}

// The node whose formula shows: the one that is looked at, or the event that a step is inside of.
NodeId formula_node(const Model& model) {
  if (model.inside > 0) return model.cursor.just_done()->node;
  const NodeId node = focused(model);
  return node == kNoNode ? kNoNode : node;
}

// The ledger.

// Of which node the gradient is shown as a ledger; kNoNode if none.
NodeId ledger_node(const Model& model) {
  if (model.selected != kNoNode) return model.selected;
  const Event* event =
      model.mode == Mode::kPredict ? model.cursor.next() : model.cursor.just_done();
  if (event == nullptr || !goes_back(*event)) return kNoNode;
  return model.record->graph().place(event->node).of;
}

// One row: what the number stands in, what it is called, and where it came from.
struct LedgerRow {
  NodeId number = kNoNode;  // none: it is pending
  std::string name;
  std::string where;
  std::string_view mark = "○ ";
  bool now = false;
};

Line ledger_line(const Model& model, const LedgerRow& row, int name_width) {
  const bool there = row.number != kNoNode;
  const Style style = {.ink = there ? Ink::kPlain : Ink::kFaint, .bold = row.now};
  std::string name = row.name + " ";
  name.append(static_cast<std::size_t>(std::max(0, name_width - width(row.name))), ' ');
  std::string number = say(model.language, walk::words::kPending);
  if (there) {
    const Shape shape = model.record->graph().node(row.number).shape;
    const int at_row = std::min(model.row, shape.rows() - 1);
    const int at_col = std::min(model.col, shape.cols() - 1);
    number = signed_text(model.record->trace.value(row.number)(at_row, at_col), 4);
  }
  constexpr int kNumberWidth = 10;
  number.insert(0, static_cast<std::size_t>(std::max(0, kNumberWidth - width(number))), ' ');
  return {{row.now ? "◀ " : "  ", {Ink::kGradient, true}},
          {std::string(row.mark), style},
          {name, style},
          {number, style},
          {"  " + row.where, {Ink::kFaint}}};
}

LedgerRow contribution_row(const Model& model, NodeId contribution) {
  const Event* done = model.cursor.just_done();
  const bool there = is_written(model, contribution);
  return {there ? contribution : kNoNode, name_of(model, contribution),
          printable(walk::ledger_source(model.record->graph(), contribution, model.language)),
          there ? "● " : "○ ", done != nullptr && done->node == contribution};
}

// The sum, as far as it has come.
LedgerRow sum_row(const Model& model, NodeId of) {
  const std::vector<NodeId>& sums = model.record->sums[of];
  std::size_t added = 0;
  while (added < sums.size() && is_written(model, sums[added])) ++added;
  const Event* done = model.cursor.just_done();
  const bool now = added > 1 && done != nullptr && done->node == sums[added - 1];
  return {added == 0 ? kNoNode : sums[added - 1], name_of(model, sums.back()),
          walk::ledger_sum(added, sums.size(), model.language),
          added == 0            ? "○ "
          : added < sums.size() ? "◐ "
                                : "● ",
          now};
}

}  // namespace

std::vector<Line> explanation(const Model& model) {
  if (model.mode == Mode::kPredict) return question_lines(model);
  if (model.selected != kNoNode) {
    const std::string name = name_of(model, model.selected);
    return {{{say(model.language, words::kLooking, name), {.bold = true}}}};
  }
  if (model.cursor.at_start()) return start_lines(model);
  if (model.inside > 0) return {inside_line(model), event_lines(model).front()};
  std::vector<Line> lines = event_lines(model);
  if (model.verdict) lines.insert(lines.begin(), verdict_line(*model.verdict));
  return lines;
}

Line next_line(const Model& model) {
  const Event* next = model.cursor.next();
  if (next == nullptr) return {{say(model.language, words::kDone), {.bold = true}}};
  const std::string arrow = goes_back(*next) ? " ◁ " : " ▷ ";
  return {{say(model.language, words::kNext) + arrow, {ink_of(*next)}},
          {sentence_of(model, *next)}};
}

std::vector<Line> formula_lines(const Model& model, int columns, int rows) {
  const NodeId node = formula_node(model);
  if (node == kNoNode || model.mode == Mode::kPredict) return {};
  const Graph& graph = model.record->graph();
  std::vector<Line> lines;
  const std::string rule = printable(walk::rule_text(graph, node));
  if (!rule.empty()) lines.push_back(labelled(model, words::kRule, {{rule}}));
  if (graph.node(node).primitive != nullptr) {
    lines.push_back(labelled(model, words::kHere, formula_spans(model, node)));
  }
  const NodeId numbers = focused(model);
  if (numbers != kNoNode && is_written(model, numbers)) {
    const Line all = numbers_line(model, numbers, true);
    const bool fits = static_cast<int>(wrap(all, columns, kLabelWidth).size()) <= rows;
    lines.push_back(fits ? all : numbers_line(model, numbers, false));
  }
  return lines;
}

std::vector<Line> legend_lines(const Model& model) {
  const bool at_start = model.cursor.at_start() && model.selected == kNoNode;
  if (!at_start || model.mode == Mode::kPredict) return {};
  std::vector<Line> lines;
  for (const Words& mark : words::kLegend) lines.push_back({{say(model.language, mark)}});
  for (const std::string& note : model.record->notes) {
    lines.push_back({{printable(note), {Ink::kFaint}}});
  }
  return lines;
}

std::vector<Line> ledger_lines(const Model& model) {
  const NodeId of = ledger_node(model);
  if (of == kNoNode) return {};
  const auto contributions = model.record->ledger.contributions(of);
  if (contributions.size() < 2) return {};
  std::vector<LedgerRow> rows;
  for (const NodeId node : contributions) rows.push_back(contribution_row(model, node));
  rows.push_back(sum_row(model, of));
  int name_width = 0;
  for (const LedgerRow& row : rows) name_width = std::max(name_width, width(row.name));
  std::vector<Line> lines = {
      {{walk::ledger_title(name_of(model, of), contributions.size(), model.language),
        {.bold = true}}}};
  for (const LedgerRow& row : rows) lines.push_back(ledger_line(model, row, name_width));
  return lines;
}

std::string value_title(const Model& model, NodeId node) {
  const Graph& graph = model.record->graph();
  const std::string name =
      is_written_out(graph, node) ? printable(expression(graph, node)) : name_of(model, node);
  return name + " " + to_string(graph.node(node).shape);
}

std::string gradient_state_text(const Model& model, NodeId node) {
  const GradientState state = model.record->ledger.state(node, model.cursor.done());
  if (state.expected == 0) return "";
  if (state.final()) return "● " + say(model.language, words::kFinal);
  if (state.pending()) return "○ " + say(model.language, walk::words::kPending);
  return "◐ " + say(model.language, words::kPartial, state.arrived, state.expected);
}

Line status_line(const Model& model, int columns) {
  if (model.mode == Mode::kGoTo || model.mode == Mode::kSearch || model.mode == Mode::kPredict) {
    std::string prompt =
        say(model.language, model.mode == Mode::kGoTo ? words::kGoToPrompt : words::kSearchPrompt);
    if (model.mode == Mode::kPredict) {
      prompt = say(model.language, words::kAnswerPrompt,
                   walk::answer_form(model.question, model.language));
    }
    return {{prompt, {.bold = true}}, {printable(model.typed)}};
  }
  if (!model.said.empty()) return {{printable(model.said), {.bold = true}}};
  if (model.verdict && model.asked > 0) {
    return {{say(model.language, words::kScore, model.right, model.asked)}};
  }
  const std::string keys = say(model.language, words::kKeys);
  return {{width(keys) <= columns ? keys : say(model.language, words::kShortKeys), {Ink::kFaint}}};
}

}  // namespace backstep::step
