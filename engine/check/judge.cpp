// Corrects the first wrong line, reads on, and so finds each mistake once.
#include "engine/check/judge.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <tuple>

#include "engine/check/names.h"
#include "engine/check/probes.h"
#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/read/npz.h"

namespace backstep::check {
namespace {

constexpr std::size_t kMostFindings = 12;

// One way through the lines, correcting each that is wrong.
struct Pass {
  struct Wrong {
    std::size_t line;
    NodeId expected;
    Diagnosis why;
    Finding finding;
  };
  std::vector<Wrong> wrong;
};

class Judge {
 public:
  Judge(const Student& student, const Reference& reference)
      : student_(student), reference_(reference) {}

  // Whether every result is what it should be.
  bool all_right(const Reading& reading, const Trace& values) const {
    for (const Line& line : reading.lines) {
      if (line.expected == kNoNode && line.node != kNoNode) continue;
      if (line.node == kNoNode) return false;
      if (!agree(values.value(line.node), reference_.value(line.expected))) return false;
      if (!fits(values.value(line.node), line)) return false;
    }
    return true;
  }

  std::vector<Pass::Wrong> find() {
    std::set<std::size_t> excluded;
    Pass best = pass(excluded, false);
    // A line whose name only misleads makes more mistakes when it is corrected, not fewer.
    for (std::size_t i = 0; i < best.wrong.size();) {
      const Pass::Wrong& wrong = best.wrong[i];
      std::set<std::size_t> more = excluded;
      more.insert(wrong.line);
      std::optional<Pass> without;
      if (!is_result(wrong.line)) without = pass(more, false);
      if (without && without->wrong.size() < best.wrong.size()) {
        best = std::move(*without);
        excluded = std::move(more);
        i = 0;
      } else {
        ++i;
      }
    }
    return pass(excluded, true).wrong;
  }

 private:
  // A result of another shape is wrong even where NumPy would repeat it.
  bool fits(ConstView value, const Line& line) const {
    return !line.binding.is_result || value.shape == reference_.value(line.expected).shape;
  }

  bool is_result(std::size_t line) const { return results_.count(line) > 0; }

  Pass pass(const std::set<std::size_t>& excluded, bool explain) {
    Pass pass;
    Corrections corrections;
    while (pass.wrong.size() < kMostFindings) {
      const Reading reading = read_student(student_, reference_, corrections);
      const Trace values = reading.evaluate(reference_);
      const std::vector<bool> last = last_of_their_name(reading);
      std::optional<std::size_t> first;
      NodeId expected = kNoNode;
      for (std::size_t i = 0; i < reading.lines.size() && !first; ++i) {
        if (reading.lines[i].expected != kNoNode) results_.insert(i);
        if (corrections.count(i) > 0 || excluded.count(i) > 0) continue;
        expected = wrong_for(reading, values, i, last[i]);
        if (expected != kNoNode) first = i;
      }
      if (!first) return pass;
      Pass::Wrong wrong{*first, expected, {}, {}};
      if (explain) {
        wrong.why = diagnose(reading, values, *first, reference_, expected);
        wrong.finding = finding(reading, values, wrong);
      }
      pass.wrong.push_back(std::move(wrong));
      corrections[*first] = expected;
    }
    return pass;
  }

  // What the line should give, if it gives something else; kNoNode if it is right, or if nothing
  // says what it should be.
  NodeId wrong_for(const Reading& reading, const Trace& values, std::size_t i, bool is_last) const {
    const Line& line = reading.lines[i];
    if (line.binding.is_inner) return kNoNode;
    NodeId expected = line.expected;
    if (expected == kNoNode && !line.binding.is_result && is_last) {
      expected = line.in_forward ? forward_of(line) : gradient_of(reading, values, line);
    }
    if (line.node == kNoNode) {
      if (expected == kNoNode) throw Error(line.error);
      return expected;
    }
    if (expected == kNoNode) return kNoNode;
    const bool right = agree(values.value(line.node), reference_.value(expected)) &&
                       fits(values.value(line.node), line);
    return right ? kNoNode : expected;
  }

  // Whether no later line gives the same name another value.
  static std::vector<bool> last_of_their_name(const Reading& reading) {
    std::vector<bool> last(reading.lines.size());
    std::set<std::tuple<bool, std::string, std::string>> later;
    for (std::size_t i = reading.lines.size(); i-- > 0;) {
      const Line& line = reading.lines[i];
      if (line.binding.is_result || line.binding.is_inner) continue;
      last[i] = later.insert({line.in_forward, line.binding.name, line.binding.key}).second;
    }
    return last;
  }

  NodeId forward_of(const Line& line) const {
    const auto given = student_.names.find(line.binding.name);
    if (given != student_.names.end()) return reference_.graph().find(given->second);
    return reference_.names.find_step(plain_name(line.binding.name));
  }

  NodeId gradient_of(const Reading& reading, const Trace& values, const Line& line) const {
    const Graph& graph = reference_.graph();
    const std::string& name = line.binding.name;
    const auto given = student_.names.find(name);
    if (given != student_.names.end()) return graph.find(given->second);
    bool is_exact = false;
    for (const std::string& of : gradient_of_name(name)) {
      is_exact = is_exact || reference_.names.find_plain(of) != kNoNode;
    }
    // dxmu2 is the second contribution to xmu before it is anything else.
    if (!is_exact && is_numbered(name)) return contribution_of(reading, values, line);
    for (const std::string& of : gradient_of_name(name)) {
      const NodeId node = reference_.names.find_by_meaning(of);
      if (node == kNoNode) continue;
      // A name that means another step of a larger circuit is no promise.
      const NodeId gradient = reference_.gradient(node);
      if (gradient == kNoNode || node == reference_.run.output) return kNoNode;
      return gradient;
    }
    return kNoNode;
  }

  static bool is_numbered(const std::string& name) {
    return !name.empty() && name.back() >= '1' && name.back() <= '9';
  }

  // dxmu1, dx_2: one of the contributions; which of them is theirs to choose.
  NodeId contribution_of(const Reading& reading, const Trace& values, const Line& line) const {
    for (std::string of : gradient_of_name(line.binding.name)) {
      if (of.size() < 2 || of.back() < '1' || of.back() > '9') continue;
      of.pop_back();
      const NodeId node = reference_.names.find_by_meaning(of);
      if (node == kNoNode || reference_.ledger.contributions(node).size() < 2) continue;
      const auto contributions = reference_.ledger.contributions(node);
      const auto gives = [&](const Line& one, NodeId value) {
        return one.node != kNoNode && agree(values.value(one.node), reference_.value(value));
      };
      if (std::any_of(contributions.begin(), contributions.end(),
                      [&](NodeId one) { return gives(line, one); })) {
        return kNoNode;
      }
      std::vector<NodeId> open;
      for (const NodeId one : contributions) {
        const bool taken = std::any_of(reading.lines.begin(), reading.lines.end(),
                                       [&](const Line& other) { return gives(other, one); });
        if (!taken) open.push_back(one);
        if (open.size() > 1) break;
      }
      if (open.size() == 1) return open.front();
    }
    return kNoNode;
  }

  Finding finding(const Reading& reading, const Trace& values, const Pass::Wrong& wrong) const {
    const Graph& graph = reference_.graph();
    const Line& line = reading.lines[wrong.line];
    Finding finding;
    finding.source = line.binding.module->source;
    finding.line = line.number;
    finding.byte = line.binding.value.begin;
    finding.name = called(line, wrong.expected);
    finding.expected = graph.name(wrong.expected);
    finding.formula = formula(graph, wrong.expected);
    finding.station = graph.place(wrong.expected).station;
    finding.why = wrong.why;
    if (wrong.why.line != 0 && wrong.why.line != line.number) move_to(reading, wrong, finding);
    const ConstView right = reference_.value(wrong.expected);
    if (line.node == kNoNode) return finding;
    const ConstView value = values.value(line.node);
    if (!(value.shape == right.shape)) {
      finding.shapes = fmt::format("{}, {}", to_string(value.shape), to_string(right.shape));
      return finding;
    }
    finding.has_numbers = true;
    double most = -1;
    for (int row = 0; row < right.shape.rows; ++row) {
      for (int col = 0; col < right.shape.cols; ++col) {
        const double off = std::fabs(value(row, col) - right(row, col));
        if (!(off > most) && most >= 0) continue;
        most = off;
        finding.row = row;
        finding.col = col;
        finding.theirs = value(row, col);
        finding.ours = right(row, col);
      }
    }
    return finding;
  }

  std::string called(const Line& line, NodeId expected) const {
    if (!line.binding.key.empty()) return line.binding.key;
    return line.binding.name.empty() ? reference_.graph().name(expected) : line.binding.name;
  }

  // The mistake stands in a line above, whose name says nothing.
  static void move_to(const Reading& reading, const Pass::Wrong& wrong, Finding& finding) {
    for (std::size_t i = 0; i < wrong.line; ++i) {
      const Line& line = reading.lines[i];
      if (line.number != wrong.why.line || line.binding.module->source != finding.source) continue;
      finding.line = line.number;
      finding.byte = line.binding.value.begin;
      return;
    }
  }

  const Student& student_;
  const Reference& reference_;
  std::set<std::size_t> results_;
};

void check_settings(const Student& student, const read::Settings& settings) {
  for (const auto& [name, text] : settings) {
    const std::size_t dot = name.find('.');
    if (dot == std::string::npos) continue;
    bool known = false;
    for (const read::Function* function : {student.forward, student.backward}) {
      if (function == nullptr) continue;
      for (const read::Parameter& parameter : function->parameters) {
        known = known || parameter.name == name.substr(0, dot);
      }
    }
    if (!known) {
      throw Error(fmt::format("--set {}: {} has no parameter {}", read::shortened(name),
                              read::shortened(student.module.source->name()),
                              read::quoted(name.substr(0, dot))));
    }
  }
}

// Entries of dictionaries go to the student's file, the rest to the circuit.
read::RunOptions split_settings(Student& student, read::RunOptions options) {
  check_settings(student, options.set);
  read::Settings ours;
  for (auto& [name, text] : options.set) {
    if (name.find('.') != std::string::npos) {
      student.set[name] = text;
    } else {
      ours.emplace_back(name, text);
    }
  }
  options.set = std::move(ours);
  return options;
}

// One line is reported once, for one cause.
void add_once(Finding finding, std::vector<Finding>& findings) {
  for (const Finding& known : findings) {
    const bool same = known.line == finding.line && known.source == finding.source &&
                      known.why.cause == finding.why.cause;
    if (same) return;
  }
  findings.push_back(std::move(finding));
}

}  // namespace

Judgement judge(Student student, const JudgeOptions& options) {
  if (student.backward->error) throw *student.backward->error;
  Judgement judgement;
  const read::RunOptions run = split_settings(student, options.run);
  const Probes probes(options.circuit, run, epsilon_of(student));
  const std::vector<Probe>& trusted = probes.trusted();
  for (const Probe& probe : trusted) {
    const Reference reference(probes.run(probe));
    Judge judge(student, reference);
    const Reading reading = read_student(student, reference, {});
    const Trace values = reading.evaluate(reference);
    if (&probe == &trusted.front()) {
      judgement.notes = reading.notes;
      judgement.lines = reading.lines.size();
      std::set<NodeId> given;
      for (const Line& line : reading.lines) given.insert(line.expected);
      for (const NodeId leaf : reference.run.parameters) {
        const NodeId gradient = reference.gradient(leaf);
        if (gradient == kNoNode) continue;
        if (given.count(gradient) > 0) {
          ++judgement.results;
        } else {
          judgement.absent.push_back(reference.graph().name(gradient));
        }
      }
      if (judgement.results == 0) {
        throw read::ReadError(*student.module.source, student.backward->byte,
                              fmt::format("{}() returns no gradient that {} has: {}",
                                          read::shortened(student.backward->name),
                                          reference.run.circuit, fmt::join(judgement.absent, ", ")),
                              "return, with the gradients: return dx, dgamma, dbeta");
      }
    }
    if (judge.all_right(reading, values)) continue;
    for (Pass::Wrong& wrong : judge.find()) {
      add_once(std::move(wrong.finding), judgement.findings);
    }
    std::stable_sort(judgement.findings.begin(), judgement.findings.end(),
                     [](const Finding& a, const Finding& b) { return a.line < b.line; });
    break;
  }
  if (judgement.right()) return judgement;
  for (const Probe& probe : probes.traps()) {
    try {
      const Reference reference(probes.run(probe));
      const Reading reading = read_student(student, reference, {});
      const Trace values = reading.evaluate(reference);
      const bool hidden = hides(reading, values, reference);
      (hidden ? judgement.hidden_by : judgement.shown_by).push_back(probe.name);
    } catch (const Error&) {
      // A probe of a shape that this file or this circuit does not take says nothing.
    }
  }
  return judgement;
}

Judgement judge_values(const std::string& npz, const JudgeOptions& options) {
  const read::NamedTensors theirs = read::read_npz(npz);
  read::RunOptions run = options.run;
  const Probes probes(options.circuit, run, std::nullopt);
  const Reference reference(probes.run_on(theirs));
  const Graph& graph = reference.graph();
  Judgement judgement;
  const auto compare = [&](NodeId id) {
    const std::string& name = graph.node(id).name;
    const auto found = theirs.find(name);
    if (found == theirs.end()) return;
    ++judgement.lines;
    const ConstView value = found->second;
    const ConstView right = reference.value(id);
    if (agree(value, right)) return;
    Reading reading;
    reading.graph.leaf(Role::kConstant, value.shape, {}, 0);
    reading.lines.emplace_back();
    reading.lines[0].node = 0;
    reading.lines[0].binding.name = name;
    Values values;
    values.emplace(NodeId{0}, found->second);
    Graph one;
    one.leaf(Role::kConstant, value.shape, {}, 0);
    const Trace trace = backstep::evaluate(std::move(one), values);
    Finding finding;
    finding.name = name;
    finding.expected = name;
    finding.formula = formula(graph, id);
    finding.station = graph.place(id).station;
    finding.why = diagnose(reading, trace, 0, reference, id);
    finding.has_numbers = value.shape == right.shape;
    if (finding.has_numbers) {
      double most = -1;
      for (int row = 0; row < right.shape.rows; ++row) {
        for (int col = 0; col < right.shape.cols; ++col) {
          const double off = std::fabs(value(row, col) - right(row, col));
          if (!(off > most)) continue;
          most = off;
          finding.row = row;
          finding.col = col;
          finding.theirs = value(row, col);
          finding.ours = right(row, col);
        }
      }
    } else {
      finding.shapes = fmt::format("{}, {}", to_string(value.shape), to_string(right.shape));
    }
    judgement.findings.push_back(std::move(finding));
  };
  for (const Event& event : reference.run.trace.events()) compare(event.node);
  if (judgement.lines == 0) {
    throw Error(fmt::format("{}: none of its arrays has the name of a value of {}, such as {}",
                            read::printable(npz), reference.run.circuit,
                            graph.name(reference.run.output)));
  }
  return judgement;
}

// ---- words ------------------------------------------------------------------------------------

std::string in_words(const Finding& finding, Language language) {
  if (language == Language::kEnglish) {
    return fmt::format("{} is wrong: {}", finding.name, finding.why.says.en);
  }
  return fmt::format("{} 값이 틀렸습니다. {}", finding.name, finding.why.says.ko);
}

namespace {

// The line with a caret, as the reader's errors show it.
std::string place_text(const Finding& finding, const std::string& message) {
  if (finding.source == nullptr) return message + "\n";
  return std::string(read::ReadError(*finding.source, finding.byte, message).what()) + "\n";
}

std::string numbers_text(const Finding& finding, bool english) {
  if (!finding.has_numbers) {
    if (finding.shapes.empty()) return {};
    return fmt::format("  {:<8} {}\n", english ? "shapes" : "모양", finding.shapes);
  }
  const std::string element = fmt::format("[{}, {}]", finding.row, finding.col);
  return fmt::format("  {:<8} {}{} = {}\n  {:<8} {}{} = {}\n", english ? "yours" : "내 값",
                     finding.name, element, number_text(finding.theirs, 6),
                     english ? "right" : "맞는 값", finding.expected, element,
                     number_text(finding.ours, 6));
}

}  // namespace

std::string report(const Judgement& judgement, Language language) {
  const bool english = language == Language::kEnglish;
  std::string text;
  for (const Finding& finding : judgement.findings) {
    text += place_text(finding, in_words(finding, language));
    text += numbers_text(finding, english);
    text +=
        fmt::format("  {:<8} {}{}\n\n", english ? "circuit" : "회로", finding.formula,
                    finding.station == 0
                        ? ""
                        : fmt::format(fmt::runtime(english ? "  (station {})" : "  ({}번 정거장)"),
                                      finding.station));
  }
  if (judgement.right()) {
    text += fmt::format(
        fmt::runtime(english ? "right: {} results agree, over {} lines\n"
                             : "맞습니다. 결과 {}개가 모두 일치합니다 (살펴본 줄 {}개)\n"),
        judgement.results, judgement.lines);
  } else {
    text += fmt::format(
        fmt::runtime(english ? "{} wrong; the lines after it were judged on corrected values\n"
                             : "틀린 곳 {}곳. 그 뒤의 줄은 바로잡은 값으로 판단했습니다\n"),
        judgement.findings.size());
    if (!judgement.hidden_by.empty()) {
      text += fmt::format(fmt::runtime(english ? "a check with {} would have hidden this\n"
                                               : "{} 조건의 검사였다면 드러나지 않았을 것입니다\n"),
                          fmt::join(judgement.hidden_by, ", "));
    }
    if (!judgement.shown_by.empty()) {
      text += fmt::format(fmt::runtime(english ? "a check with {} would have shown it too\n"
                                               : "{} 조건의 검사로도 드러났을 것입니다\n"),
                          fmt::join(judgement.shown_by, ", "));
    }
  }
  if (!judgement.absent.empty()) {
    text += fmt::format(fmt::runtime(english ? "not returned: {}\n" : "돌려주지 않은 기울기: {}\n"),
                        fmt::join(judgement.absent, ", "));
  }
  return text;
}

}  // namespace backstep::check
