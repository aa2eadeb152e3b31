// The walk as plain lines.
#include "engine/step/plain.h"

#include <tuple>

#include "engine/step/matrix.h"
#include "engine/step/parts.h"
#include "engine/step/text.h"
#include "engine/step/words.h"

namespace backstep::step {
namespace {

constexpr int kColumns = 96;
constexpr int kRows = 8;
constexpr int kUnbounded = 1'000'000;

std::string text_of_line(const Line& line) {
  std::string text;
  for (const Span& span : line) text += span.text;
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

void add(std::string& text, std::string_view indent, const Line& line) {
  text += fmt::format("{}{}\n", indent, text_of_line(line));
}

std::string value_text(const Model& model, NodeId node) {
  MatrixLook look;
  look.rows = kRows;
  look.columns = kColumns;
  look.written = is_written(model, node);
  look.element = {std::min(model.row, model.record->graph().node(node).shape.rows() - 1),
                  std::min(model.col, model.record->graph().node(node).shape.cols() - 1)};
  look.language = model.language;
  std::string text = "  " + value_title(model, node) + "\n";
  for (const Line& line : matrix_lines(model.record->trace.value(node), look)) {
    add(text, "    ", line);
  }
  return text;
}

// The values that a place shows: the one that is looked at; of a station its gradient too.
std::string values_text(const Model& model) {
  const NodeId node = focused(model);
  if (node == kNoNode) return "";
  if (model.selected == kNoNode) return value_text(model, node);
  std::string text;
  for (const NodeId value : values_on_show(model)) text += value_text(model, value);
  return text;
}

std::string question_text(const Model& model) {
  std::string text;
  for (const Line& line : explanation(model)) add(text, text.empty() ? "" : "  ", line);
  return text + "  " + walk::answer_form(model.question, model.language) + "\n";
}

std::string help_text(const Model& model) {
  std::string text = say(model.language, words::kHelpTitle) + "\n";
  for (const words::HelpLine& line : words::kHelp) {
    text += fmt::format("  {:<14}  {}\n", line.keys, say(model.language, line.does));
  }
  return text;
}

// What a key may change that is worth printing.
auto place_of(const Model& model) {
  return std::tuple(model.cursor.done(), model.inside, model.selected, model.focus, model.row,
                    model.col, model.mode, model.question.about, model.verdict.has_value());
}

}  // namespace

std::string plain_text(const Model& model) {
  if (model.mode == Mode::kPredict) return question_text(model);
  if (model.mode == Mode::kHelp) return help_text(model);
  std::string text =
      say(model.language, words::kStepOf, model.cursor.done(), model.record->events()) + ": ";
  std::vector<Line> said = explanation(model);
  if (model.verdict) {
    text = text_of_line(said.front()) + "\n" + text;
    said.erase(said.begin());
  }
  for (std::size_t i = 0; i < said.size(); ++i) add(text, i == 0 ? "" : "  ", said[i]);
  if (model.cursor.at_start()) {
    for (const std::string& note : model.record->notes) text += "  " + printable(note) + "\n";
  }
  for (const Line& line : formula_lines(model, kUnbounded, 1)) add(text, "  ", line);
  for (const Line& line : ledger_lines(model)) add(text, "  ", line);
  return text + values_text(model);
}

std::string Player::play(const ScriptWord& word) {
  std::string text;
  for (int i = 0; i < word.times && !model_.quit; ++i) text += press(word.key);
  if (model_.mode == Mode::kHelp) model_ = apply(std::move(model_), Key{Key::kEscape});
  if (model_.mode != Mode::kWalk) text += enter_typed(word);
  return text;
}

std::string Player::press(const Key& key) {
  const auto before = place_of(model_);
  model_ = apply(std::move(model_), key);
  std::string text;
  const bool prompts = model_.mode == Mode::kGoTo || model_.mode == Mode::kSearch;
  if (place_of(model_) != before && !prompts && !model_.quit) text += plain_text(model_);
  if (!model_.said.empty()) text += model_.said + "\n";
  return text;
}

std::string Player::enter_typed(const ScriptWord& word) {
  std::string text;
  if (!word.question.empty()) {
    choose_question(word.question);
    text += plain_text(model_);
  }
  std::string_view rest = word.typed;
  model_.typed.clear();
  while (!rest.empty()) {
    model_ = apply(std::move(model_), Key{Key::kText, std::string(take_glyph(rest).bytes)});
  }
  text += press({Key::kEnter});
  // A place that was not found, an answer that was not understood: the script walks on.
  if (model_.mode != Mode::kWalk) model_ = apply(std::move(model_), Key{Key::kEscape});
  return text;
}

void Player::choose_question(const std::string& name) {
  using About = walk::Question::About;
  const About wanted = name == "shape"   ? About::kShape
                       : name == "sign"  ? About::kSign
                       : name == "value" ? About::kValue
                                         : About::kFormula;
  constexpr int kQuestions = 4;
  for (int i = 0; i < kQuestions && model_.question.about != wanted; ++i) {
    model_ = apply(std::move(model_), Key{Key::kTab});
  }
}

}  // namespace backstep::step
