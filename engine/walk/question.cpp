// Predict, then reveal: the words of the questions, how answers are read, and the reasons given.
#include "engine/walk/question.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/walk/inside.h"
#include "engine/walk/numbers.h"
#include "engine/walk/words.h"

namespace backstep::walk {
namespace {

using About = Question::About;

// "dxmu[0, 2]"; of a scalar its name alone.
std::string name_asked(const Trace& trace, const Question& question) {
  const NodeId node = trace.events()[question.event].node;
  const std::string name = trace.graph().name(node);
  const bool of_all = question.about == About::kShape || question.about == About::kFormula;
  return of_all ? name : element_name(trace.graph(), node, question.row, question.col);
}

double element(const Trace& trace, const Question& question) {
  return trace.value(trace.events()[question.event].node)(question.row, question.col);
}

std::string sign_text(double value) {
  if (std::isnan(value)) return "nan";
  return value > 0 ? "+" : value < 0 ? "-" : "0";
}

std::string right_answer(const Trace& trace, const Question& question) {
  const NodeId node = trace.events()[question.event].node;
  if (question.about == About::kShape) return to_string(trace.graph().node(node).shape);
  if (question.about == About::kFormula) return formula(trace.graph(), node);
  const double value = element(trace, question);
  return question.about == About::kSign ? sign_text(value) : number_text(value);
}

// "(4, 3)", "4x3", "(3,)", "()": whole numbers, whatever stands around them.
std::optional<Shape> read_shape(std::string_view text) {
  Shape shape;
  bool in_number = false;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && std::string_view("()[], xX*").find(c) == std::string_view::npos) return {};
    if (digit && !in_number) {
      if (shape.ndim() == Shape::kMostSides) return {};
      shape.add(0);
    }
    if (digit) {
      std::int32_t& side = shape[shape.ndim() - 1];
      side = static_cast<std::int32_t>(std::min(std::int64_t{side} * 10 + (c - '0'), kMaxElements));
    }
    in_number = digit;
  }
  const bool is_written = shape.ndim() > 0 || text.find('(') != std::string_view::npos;
  return is_written ? std::optional(shape) : std::nullopt;
}

// A sign as people type it, in whatever language they are shown.
std::optional<std::string> read_sign(std::string_view text) {
  for (const std::string_view sign : {"+", "-", "0", "nan"}) {
    if (text == sign) return std::string(sign);
  }
  constexpr std::array<std::pair<Words, const char*>, 7> kSigns = {{{Words("plus"), "+"},
                                                                    {Words("pos"), "+"},
                                                                    {Words("positive"), "+"},
                                                                    {Words("minus"), "-"},
                                                                    {Words("neg"), "-"},
                                                                    {Words("negative"), "-"},
                                                                    {Words("zero"), "0"}}};
  for (const auto& [typed, sign] : kSigns) {
    for (const Language language : languages()) {
      if (text == language.of(typed)) return std::string(sign);
    }
  }
  return {};
}

std::optional<double> read_number(std::string_view text) {
  const std::string copy(text);
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  if (copy.empty() || *end != '\0') return {};
  return value;
}

bool near(double answer, double value) {
  if (std::isnan(value)) return std::isnan(answer);
  const Range right = right_range(value);
  return std::strtod(right.least.c_str(), nullptr) <= answer &&
         answer <= std::strtod(right.most.c_str(), nullptr);
}

// Whether the answer is right; empty if it cannot be read.
std::optional<bool> is_right(const Trace& trace, const Question& question,
                             std::string_view answer) {
  switch (question.about) {
    case About::kShape: {
      const std::optional<Shape> shape = read_shape(answer);
      if (!shape) return {};
      return *shape == trace.graph().node(trace.events()[question.event].node).shape;
    }
    case About::kSign: {
      const std::optional<std::string> sign = read_sign(answer);
      if (!sign) return {};
      return *sign == sign_text(element(trace, question));
    }
    case About::kValue:
    case About::kFormula:
      break;
  }
  const std::optional<double> number = read_number(answer);
  if (!number) return {};
  return near(*number, element(trace, question));
}

std::string reason(const Trace& trace, const Question& question, Language language) {
  const Graph& graph = trace.graph();
  const Event& event = trace.events()[question.event];
  if (question.about == About::kShape) {
    const NodeId of = graph.place(event.node).of;
    if (of == kNoNode) return say(language, words::kValueShape, formula(graph, event.node));
    return say(language, words::kGradientShape, graph.name(of), to_string(graph.node(of).shape));
  }
  return numbers_text(trace, event.node, question.row, question.col, language) + ".";
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

std::vector<About> what_to_ask(const Trace& trace, std::size_t event) {
  const Event& asked = trace.events()[event];
  if (asked.kind == EventKind::kSeed) return {About::kShape};
  const Graph& graph = trace.graph();
  const Shape shape = graph.node(asked.node).shape;
  // A shape is worth asking for where it is not the shape of all that goes in.
  for (const NodeId operand : operands(graph, asked.node)) {
    if (graph.node(operand).shape != shape) return {About::kShape, About::kSign, About::kValue};
  }
  return {About::kSign, About::kValue, About::kShape};
}

std::vector<std::string> shape_choices(const Trace& trace, std::size_t event) {
  constexpr std::size_t kMost = 4;
  const Graph& graph = trace.graph();
  const NodeId node = trace.events()[event].node;
  const Shape& shape = graph.node(node).shape;
  const int rows = shape.rows();
  const int cols = shape.cols();
  std::vector<std::string> choices;
  const auto add = [&](const Shape& choice) {
    const std::string text = to_string(choice);
    const bool known = std::find(choices.begin(), choices.end(), text) != choices.end();
    if (!known && choices.size() < kMost) choices.push_back(text);
  };
  add(shape);
  add({cols});
  add({rows, 1});
  for (const NodeId operand : operands(graph, node)) add(graph.node(operand).shape);
  add({cols, rows});
  add({1, cols});
  add({});
  std::sort(choices.begin(), choices.end());
  return choices;
}

Range right_range(double value) {
  constexpr double kTolerance = 0.02;
  // A residue of rounding where the exact value is 0 may be foreseen as 0.
  constexpr double kResidue = 1e-12;
  if (!std::isfinite(value)) return {number_text(value), number_text(value)};
  const double off = std::max(kTolerance * std::abs(value), kResidue);
  constexpr int kDigits = 3;
  return {number_text(value - off, kDigits), number_text(value + off, kDigits)};
}

std::string question_text(const Trace& trace, const Question& question, Language language) {
  const std::string name = name_asked(trace, question);
  switch (question.about) {
    case About::kShape:
      return say(language, words::kAskShape, name);
    case About::kSign:
      return say(language, words::kAskSign, name);
    case About::kFormula:
      return say(language, words::kAskFormula, name);
    case About::kValue:
      break;
  }
  return say(language, words::kAskValue, name);
}

std::string answer_form(const Question& question, Language language) {
  switch (question.about) {
    case About::kShape:
      return say(language, words::kShapeForm);
    case About::kSign:
      return say(language, words::kSignForm);
    case About::kFormula:
      return say(language, words::kFormulaForm);
    case About::kValue:
      break;
  }
  return say(language, words::kValueForm);
}

Verdict judge(const Trace& trace, const Question& question, std::string_view answer,
              Language language, const FormulaJudge& judge_formula) {
  Verdict verdict;
  verdict.answer = right_answer(trace, question);
  answer = trimmed(answer);
  const std::string because = " " + reason(trace, question, language);
  if (answer.empty()) {
    verdict.text = say(language, words::kAnswer, verdict.answer) + because;
    return verdict;
  }
  if (question.about == About::kFormula && judge_formula) {
    const NodeId node = trace.events()[question.event].node;
    Verdict of_formula = judge_formula(node, answer, language);
    of_formula.answer = verdict.answer;
    if (of_formula.kind != Verdict::Kind::kNotUnderstood) {
      const bool right = of_formula.kind == Verdict::Kind::kRight;
      const std::string more = of_formula.text.empty() ? "" : " " + of_formula.text;
      of_formula.text = say(language, right ? words::kRight : words::kWrong, verdict.answer) + more;
    }
    return of_formula;
  }
  const std::optional<bool> right = is_right(trace, question, answer);
  if (!right) {
    verdict.kind = Verdict::Kind::kNotUnderstood;
    verdict.text = say(language, words::kNotUnderstood, answer_form(question, language));
    return verdict;
  }
  verdict.kind = *right ? Verdict::Kind::kRight : Verdict::Kind::kWrong;
  verdict.text = say(language, *right ? words::kRight : words::kWrong, verdict.answer) + because;
  return verdict;
}

}  // namespace backstep::walk
