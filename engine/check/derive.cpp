// Wraps the formula in a function of the names that it uses, and reads it as any student's line.
#include "engine/check/derive.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "engine/describe.h"
#include "engine/expression.h"

namespace backstep::check {
namespace {

bool is_word(char c) {
  return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The words of a formula that may be names: not behind a point, not a number.
std::set<std::string> words_of(const std::string& formula) {
  std::set<std::string> words;
  for (std::size_t at = 0; at < formula.size();) {
    if (!is_word(formula[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < formula.size() && is_word(formula[end])) ++end;
    const bool is_name = std::isdigit(static_cast<unsigned char>(formula[at])) == 0 &&
                         (at == 0 || formula[at - 1] != '.');
    if (is_name) words.insert(formula.substr(at, end - at));
    at = end;
  }
  return words;
}

std::size_t event_of(const Reference& reference, NodeId node) {
  return reference.ledger.written_by(node);
}

// Whether the learner may use this node on the way to `wanted`.
bool is_open(const Reference& reference, NodeId node, NodeId wanted) {
  const Place& place = reference.graph().place(node);
  if (place.part == Part::kForward || place.part == Part::kSeed) return true;
  return event_of(reference, node) < event_of(reference, wanted);
}

std::string line_of(const Reference& reference, NodeId node, const std::string& formula,
                    Student& student) {
  const Graph& graph = reference.graph();
  const Shape shape = graph.node(reference.run.parameters.front()).shape;
  std::string parameters;
  for (const std::string& word : words_of(formula)) {
    const NodeId known = graph.find(word);
    if (known != kNoNode && is_open(reference, known, node)) {
      student.names[word] = word;
    } else if (known != kNoNode) {
      throw Error(fmt::format("{} is not known yet: it comes after {}, or is what is asked for",
                              word, graph.name(node)));
    } else if (word == "N" || word == "D") {
      student.set[word] = std::to_string(word == "N" ? shape.rows() : shape.cols());
    } else {
      continue;
    }
    parameters += (parameters.empty() ? "" : ", ") + word;
  }
  return fmt::format("def answer({}):\n    {} = {}\n    return {}\n", parameters, graph.name(node),
                     formula, graph.name(node));
}

}  // namespace

std::vector<NodeId> questions(const Reference& reference) {
  std::vector<NodeId> nodes;
  for (const Event& event : reference.run.trace.events()) {
    const bool is_asked = event.kind == EventKind::kContribution || event.kind == EventKind::kFinal;
    if (is_asked && !reference.graph().node(event.node).name.empty()) nodes.push_back(event.node);
  }
  return nodes;
}

Answer judge_answer(const Reference& reference, NodeId node, const std::string& formula) {
  constexpr std::size_t kLongest = 2000;
  if (formula.size() > kLongest || formula.find_first_of("\r\n;#") != std::string::npos) {
    throw Error("a formula is one line, without `;` and `#`");
  }
  // On its own it says where it cannot be read; in the function it would be on line 2.
  read::parse_expression(read::Source("your formula", formula));
  Student names;
  const std::string text = line_of(reference, node, formula, names);
  Student student = parse_student("your formula", text, "answer");
  student.names = std::move(names.names);
  student.set = std::move(names.set);
  if (student.backward->error) throw *student.backward->error;
  const Reading reading = read_student(student, reference, {});
  if (reading.lines.empty() || reading.lines.front().node == kNoNode) {
    throw Error(reading.lines.empty() ? "a formula for an array is expected, and this is a number"
                                      : reading.lines.front().error);
  }
  const Numbers values = reading.evaluate(reference);
  const ConstView theirs = values.value(reading.lines.front().node);
  const ConstView ours = reference.value(node);
  if (agrees(theirs, reference, node)) {
    if (theirs.shape == ours.shape) return {AnswerVerdict::kRight, Words("right", "an answer")};
    return {AnswerVerdict::kRightButForShape,
            {Words("right but for its shape: it is {0}, and {1} is {2}; NumPy would repeat it"),
             {to_string(theirs.shape), reference.graph().name(node), to_string(ours.shape)}}};
  }
  const Diagnosis why =
      diagnose(reading, values, 0, reference, node, tolerance_of(reference, node));
  return {AnswerVerdict::kWrong, why.says};
}

walk::FormulaJudge formula_judge(const Reference& reference) {
  return [&reference](NodeId node, std::string_view formula, Language language) -> walk::Verdict {
    using Kind = walk::Verdict::Kind;
    try {
      const Answer answer = judge_answer(reference, node, std::string(formula));
      if (answer.verdict == AnswerVerdict::kRight) return {Kind::kRight, {}, {}};
      const bool wrong = answer.verdict == AnswerVerdict::kWrong;
      return {wrong ? Kind::kWrong : Kind::kRight, {}, answer.says.in(language) + "."};
    } catch (const Error& error) {
      const std::string text = error.what();
      return {Kind::kNotUnderstood, {}, text.substr(0, text.find('\n'))};
    }
  };
}

std::string hint(const Reference& reference, NodeId node, int number, Language language) {
  const Graph& graph = reference.graph();
  if (number <= 1) {
    return why(graph, reference.run.trace.events()[event_of(reference, node)], language);
  }
  const std::string rule = local_formula(graph, node);
  if (!rule.empty()) return say(language, Words("the rule: {0}"), rule);
  return say(language, Words("add up its {0} contributions"), graph.place(node).n);
}

}  // namespace backstep::check
