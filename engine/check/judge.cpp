// Corrects the first wrong line, reads on, and so finds each mistake once.
#include "engine/check/judge.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <tuple>

#include "engine/check/names.h"
#include "engine/check/origin.h"
#include "engine/check/probes.h"
#include "engine/check/turns.h"
#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/read/parameters.h"
#include "engine/reads.h"

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
  Judge(const Student& student, const Reference& reference, double relative = kTolerance)
      : student_(student), reference_(reference), relative_(relative) {}

  // Whether every result is what it should be.
  bool all_right(const Reading& reading, const Numbers& values) const {
    for (const Line& line : reading.lines) {
      if (line.expected == kNoNode && line.node != kNoNode) continue;
      if (line.node == kNoNode) return false;
      if (!agrees(values.value(line.node), line.expected)) return false;
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
    return line.expected == kNoNode || same_row(value.shape, reference_.value(line.expected).shape);
  }

  bool is_result(std::size_t line) const { return results_.count(line) > 0; }

  Pass pass(const std::set<std::size_t>& excluded, bool explain) {
    Pass pass;
    Corrections corrections;
    while (pass.wrong.size() < kMostFindings) {
      const Reading reading = read_student(student_, reference_, corrections);
      const Numbers values = reading.evaluate(reference_);
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
      std::set<std::size_t> passed_over = excluded;
      for (const auto& [line, node] : corrections) passed_over.insert(line);
      if (const auto origin =
              origin_of(reading, values, reference_, *first, expected, relative_, passed_over)) {
        first = origin->line;
        expected = origin->expected;
      }
      Pass::Wrong wrong{*first, expected, {}, {}};
      if (explain) {
        wrong.why = diagnose(reading, values, *first, reference_, expected,
                             tolerance_of(reference_, expected, relative_));
        wrong.finding = finding(reading, values, wrong);
      }
      pass.wrong.push_back(std::move(wrong));
      corrections[*first] = expected;
    }
    return pass;
  }

  // What the line should give, if it gives something else; kNoNode if it is right, or if nothing
  // says what it should be.
  NodeId wrong_for(const Reading& reading, const Numbers& values, std::size_t i,
                   bool is_last) const {
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
    const bool right =
        agrees(values.value(line.node), expected) && fits(values.value(line.node), line);
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
    if (student_.is_pair) return kNoNode;
    const auto given = student_.names.find(line.binding.name);
    if (given != student_.names.end()) return reference_.graph().find(given->second);
    return reference_.names.find_step(line.binding.name);
  }

  NodeId gradient_of(const Reading& reading, const Numbers& values, const Line& line) const {
    const Graph& graph = reference_.graph();
    const std::string& name = line.binding.key.empty() ? line.binding.name : line.binding.key;
    const auto given = student_.names.find(name);
    if (given != student_.names.end()) return graph.find(given->second);
    bool is_exact = false;
    for (const std::string& of : gradient_of_name(name)) {
      is_exact = is_exact || reference_.names.find(of) != kNoNode;
    }
    // dxmu2 is the second contribution to xmu before it is anything else.
    if (!is_exact && is_numbered(name)) return contribution_of(reading, values, line);
    for (const std::string& of : gradient_of_name(name)) {
      // In a file of its own a name means what the file calls so, and nothing else.
      const NodeId node =
          student_.is_pair ? reference_.names.find(of) : reference_.names.find_by_meaning(of);
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
  NodeId contribution_of(const Reading& reading, const Numbers& values, const Line& line) const {
    for (std::string of : gradient_of_name(line.binding.name)) {
      if (of.size() < 2 || of.back() < '1' || of.back() > '9') continue;
      of.pop_back();
      const NodeId node = reference_.names.find_by_meaning(of);
      if (node == kNoNode || reference_.ledger.contributions(node).size() < 2) continue;
      const auto contributions = reference_.ledger.contributions(node);
      const auto gives = [&](const Line& one, NodeId value) {
        return one.node != kNoNode && agrees(values.value(one.node), value);
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

  Finding finding(const Reading& reading, const Numbers& values, const Pass::Wrong& wrong) const {
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
    show_numbers(finding, values.value(line.node), right);
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

  bool agrees(ConstView theirs, NodeId node) const {
    return check::agrees(theirs, reference_, node, relative_);
  }

  const Student& student_;
  const Reference& reference_;
  double relative_;
  std::set<std::size_t> results_;
};

bool is_mask(const Graph& graph, NodeId id) {
  const Primitive* primitive = graph.node(id).primitive;
  return primitive != nullptr && primitive->has_kink && moves_in_steps(*primitive) &&
         graph.arity(id) == 2;
}

// Whether what a graph computes is not one formula for all numbers.
bool has_pieces(const Graph& graph) {
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Primitive* primitive = graph.node(id).primitive;
    const bool is_piece = primitive != nullptr && primitive->has_kink;
    if (is_piece || is_mask(graph, id)) return true;
  }
  return false;
}

// Which sides of the masks of a circuit have been seen.
class MaskSides {
 public:
  void see(const Trace& trace) {
    const Graph& graph = trace.graph();
    for (NodeId id = 0; id < graph.size(); ++id) {
      if (!is_mask(graph, id)) continue;
      Seen& seen = seen_[id];
      seen.mask = expression(graph, id);
      for (const double value : trace.value(id)) (value == 0 ? seen.off : seen.on) = true;
    }
  }

  void note_unseen(std::vector<std::string>& notes) const {
    for (const auto& [id, seen] : seen_) {
      if (seen.on && seen.off) continue;
      notes.push_back(
          fmt::format("{} was {} in everything that was tried: what the gradients are "
                      "where it is {} was not judged",
                      seen.mask, seen.on ? "true" : "false", seen.on ? "false" : "true"));
    }
  }

 private:
  struct Seen {
    std::string mask;
    bool on = false;
    bool off = false;
  };
  std::map<NodeId, Seen> seen_;
};

bool has_parameter(const read::Function& function, const std::string& name) {
  return std::any_of(function.parameters.begin(), function.parameters.end(),
                     [&](const read::Parameter& one) { return one.name == name; });
}

// Entries of dictionaries go to the student's file, and to the circuit if it has them too; the rest
// to the circuit.
read::RunOptions split_settings(Student& student, const read::Function& circuit,
                                read::RunOptions options) {
  read::Settings ours;
  for (auto& [name, text] : options.set) {
    const std::size_t dot = name.find('.');
    const std::string parameter = name.substr(0, dot);
    const bool is_ours = has_parameter(circuit, parameter);
    bool is_theirs = false;
    for (const read::Function* function : {student.forward, student.backward}) {
      is_theirs = is_theirs || (function != nullptr && has_parameter(*function, parameter));
    }
    if (dot != std::string::npos && !is_ours && !is_theirs) {
      throw Error(fmt::format("--set {}: {} has no parameter {}", read::shortened(name),
                              read::shortened(student.module->source->name()),
                              read::quoted(parameter)));
    }
    if (dot != std::string::npos) student.set[name] = text;
    if (dot == std::string::npos || is_ours) ours.emplace_back(name, text);
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

bool all_finite(ConstView view) {
  return std::all_of(view.begin(), view.end(), [](double value) { return std::isfinite(value); });
}

// Whether large numbers overflow in the circuit or in the lines: then nothing can be told by them.
bool overflows(const Reference& reference, const Reading& reading, const Numbers& values) {
  for (const NodeId gradient : wanted_of(reference)) {
    if (!all_finite(reference.value(gradient))) return true;
  }
  return std::any_of(reading.lines.begin(), reading.lines.end(), [&](const Line& line) {
    return line.node != kNoNode && !all_finite(values.value(line.node));
  });
}

void add_findings(Judge& judge, Judgement& judgement) {
  for (Pass::Wrong& wrong : judge.find()) {
    add_once(std::move(wrong.finding), judgement.findings);
  }
  std::stable_sort(judgement.findings.begin(), judgement.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.line < b.line; });
}

// What only shows where a mask turns that numbers of the usual size leave alone.
void judge_widely(const Student& student, const Probes& probes, MaskSides& sides,
                  Judgement& judgement) {
  for (const Probe& probe : probes.wide()) {
    try {
      const Reference reference(probes.run(probe));
      const Reading reading = read_student(student, reference, {});
      const Numbers values = reading.evaluate(reference);
      if (overflows(reference, reading, values)) continue;
      sides.see(reference.run.trace);
      Judge judge(student, reference, kWideTolerance);
      if (!judge.all_right(reading, values)) return add_findings(judge, judgement);
    } catch (const Error&) {
      // A batch of this size that the file or the circuit does not take says nothing.
    }
  }
}

// A threshold or a small constant that is not the circuit's.
void judge_closely(const Student& student, const Reference& reference, const Reading& reading,
                   Judgement& judgement) {
  const std::optional<Place> place = place_of_difference(reference, reading);
  if (!place) return;
  const Reference there = moved_to(reference, place->leaves);
  Judge judge(student, there, kWideTolerance);
  add_findings(judge, judgement);
  for (Finding& finding : judgement.findings) {
    finding.why = {Cause::kThreshold,
                   {Words("right nearly everywhere, but not {0}: a threshold, a bound or a small "
                          "constant is another than that of the circuit"),
                    {place->where}}};
  }
}

// A loss takes an upstream gradient of 1 here; a function that takes another may still forget it.
void note_upstream(const Student& student, const Probes& probes, Judgement& judgement) {
  Probe probe = probes.trusted().front();
  if (!probe.options.upstream.empty()) return;
  probe.options.upstream = "1.75";
  const Reference reference(probes.run(probe));
  if (!reference.graph().node(reference.run.output).shape.is_scalar()) return;
  const Reading reading = read_student(student, reference, {});
  const bool takes_it =
      std::any_of(reading.leaves.begin(), reading.leaves.end(),
                  [&](const auto& leaf) { return leaf.second == reference.run.seed; });
  if (!takes_it || Judge(student, reference).all_right(reading, reading.evaluate(reference))) {
    return;
  }
  judgement.notes.push_back(
      fmt::format("right for an upstream gradient {} of 1 only, as of a loss: with 1.75 the "
                  "results are not 1.75 times as large",
                  reference.graph().name(reference.run.seed)));
}

// A backward pass with another epsilon than the circuit's is right for a forward pass with that
// one.
void note_epsilon(const Student& student, const Probes& taken, const Probes& own,
                  Judgement& judgement) {
  const std::string& name = taken.epsilon_name();
  if (name.empty() || student.forward != nullptr) return;
  const Reference reference(own.run(own.trusted().front()));
  const Reading reading = read_student(student, reference, {});
  if (Judge(student, reference).all_right(reading, reading.evaluate(reference))) return;
  const NodeId leaf = reference.graph().find(name);
  const std::string number =
      leaf == kNoNode ? "" : exact_number_text(reference.value(leaf).data[0]);
  judgement.notes.push_back(
      fmt::format("right for a forward pass with {0} = {1}, as the file has it; the circuit has "
                  "{2}, with which "
                  "these results are others: --set {0}={2} holds them to that",
                  name, exact_number_text(*epsilon_of(student)), number));
}

bool has_nan(ConstView view) {
  return std::any_of(view.begin(), view.end(), [](double value) { return std::isnan(value); });
}

// Which gradients the function gives, and which of them can be judged.
void count_results(const Student& student, const Reference& reference, const Reading& reading,
                   Judgement& judgement) {
  std::set<NodeId> given;
  for (const Line& line : reading.lines) given.insert(line.expected);
  for (const NodeId gradient : wanted_of(reference)) {
    const std::string name = reference.graph().name(gradient);
    // A loss gives the gradients that its author wanted.
    const bool is_wanted = !student.is_pair || student.forward != student.backward;
    if (given.count(gradient) == 0 && !is_wanted) continue;
    if (given.count(gradient) == 0) {
      judgement.absent.push_back(name);
    } else if (has_nan(reference.value(gradient))) {
      judgement.unjudged.push_back(name);
    } else {
      ++judgement.results;
    }
  }
  if (judgement.results > 0 || !judgement.unjudged.empty()) return;
  const std::string others =
      reading.unmatched.empty()
          ? std::string()
          : fmt::format("; it returns {}", fmt::join(reading.unmatched, ", "));
  throw read::ReadError(
      *student.module->source, student.backward->byte,
      fmt::format("{}() returns no gradient that {} has: {}{}",
                  read::shortened(student.backward->name), reference.run.circuit,
                  fmt::join(judgement.absent, ", "), read::shortened(others, 200)),
      fmt::format("return {}", fmt::join(judgement.absent, ", ")));
}

// Whether the gradients have the shapes of what they belong to. A bias is one row whatever the
// student makes of it; what else a parameter may be, no name tells.
bool shapes_fit(const Student& student, const Reference& reference) {
  const Reading reading = read_student(student, reference, {});
  for (const Line& line : reading.lines) {
    if (line.node == kNoNode) return false;
    if (line.expected == kNoNode) continue;
    const NodeId of = reference.graph().place(line.expected).of;
    if (of != kNoNode && read::has_certain_shape(*student.forward, reference.graph().name(of))) {
      continue;
    }
    const Shape& theirs = reading.graph.node(line.node).shape;
    if (!same_row(theirs, reference.graph().node(line.expected).shape)) return false;
  }
  return true;
}

// What takes no upstream gradient can be judged by one of ones, if each element of the result is
// made of the same element of each argument.
void check_elementwise(const Student& student, const Reference& reference) {
  const Graph& graph = reference.graph();
  const Shape& shape = graph.node(reference.run.output).shape;
  for (NodeId id = 0; id <= reference.run.output; ++id) {
    const bool is_same = graph.node(id).shape == shape || graph.node(id).shape.is_scalar();
    bool is_plain = is_same;
    for (std::size_t i = 0; is_plain && i < graph.arity(id); ++i) {
      is_plain = graph.node(graph.input(id, i)).shape.is_scalar() ||
                 read_rule(graph, id, i).kind == ReadRule::Kind::kSame;
    }
    if (is_plain) continue;
    throw read::ReadError(
        *student.module->source, student.backward->byte,
        fmt::format("{}() takes no upstream gradient, without which only what works on each "
                    "element by itself can be judged, and {} does not",
                    read::shortened(student.backward->name), read::quoted(student.forward->name)),
        "a parameter dout, and each gradient multiplied by it");
  }
}

// Of the lines of the backward function, against the function that is held to be right.
Judgement judge_against(const Student& student, const Subject& subject,
                        const read::RunOptions& run) {
  Judgement judgement;
  const Probes probes(subject, run, student.is_pair ? std::nullopt : epsilon_of(student));
  const std::vector<Probe>& trusted = probes.trusted();
  MaskSides sides;
  bool in_pieces = false;
  for (const Probe& probe : trusted) {
    const Reference reference(probes.run(probe));
    Judge judge(student, reference);
    const Reading reading = read_student(student, reference, {});
    const Numbers values = reading.evaluate(reference);
    if (&probe == &trusted.front()) {
      judgement.notes = reading.notes;
      judgement.lines = reading.lines.size();
      judgement.ignored = reading.unmatched;
      count_results(student, reference, reading, judgement);
    }
    sides.see(reference.run.trace);
    in_pieces = in_pieces || has_pieces(reference.graph()) || has_pieces(reading.graph);
    if (judge.all_right(reading, values)) continue;
    add_findings(judge, judgement);
    break;
  }
  if (judgement.findings.empty() && in_pieces) judge_widely(student, probes, sides, judgement);
  if (judgement.findings.empty() && trusted.size() > 1) {
    const Reference reference(probes.run(trusted.front()));
    const Reading reading = read_student(student, reference, {});
    judge_closely(student, reference, reading, judgement);
  }
  if (judgement.findings.empty()) {
    sides.note_unseen(judgement.notes);
    note_upstream(student, probes, judgement);
    note_epsilon(student, probes, Probes(subject, run, std::nullopt), judgement);
    return judgement;
  }
  for (const Probe& probe : probes.traps()) {
    try {
      const Reference reference(probes.run(probe));
      const Reading reading = read_student(student, reference, {});
      const Numbers values = reading.evaluate(reference);
      const bool hidden = hides(reading, values, reference);
      (hidden ? judgement.hidden_by : judgement.shown_by).push_back(probe.name);
    } catch (const Error&) {
      // A probe of a shape that this file or this circuit does not take says nothing.
    }
  }
  return judgement;
}

}  // namespace

Judgement judge(Student student, const JudgeOptions& options) {
  if (student.backward->error) throw *student.backward->error;
  const Subject subject = find_subject(options.circuit);
  const bool is_own = subject.module->source->name() == student.module->source->name();
  const read::Function* forward = student.module->find(subject.name);
  if (is_own && forward != nullptr && forward != student.backward) {
    Student own = student_of(student.module, {forward, student.backward});
    own.names = std::move(student.names);
    return judge_pair(std::move(own), options.run);
  }
  const read::RunOptions run = split_settings(student, subject.function(), options.run);
  Judgement judgement = judge_against(student, subject, run);
  judgement.forward = subject.name;
  judgement.backward = student.backward->name;
  return judgement;
}

Judgement judge_pair(Student student, const read::RunOptions& options) {
  const Subject subject{student.module, student.forward->name};
  for (const read::Function* function : {student.forward, student.backward}) {
    if (function->error) throw *function->error;
  }
  read::RunOptions run = split_settings(student, *student.forward, options);
  run.results = std::max<std::size_t>(student.upstreams.size(), 1);
  run.accepts = [&](read::Run one) { return shapes_fit(student, Reference(std::move(one))); };
  const Reference reference(read::run_circuit(*subject.module, subject.name, run));
  const bool is_number = reference.graph().node(reference.run.output).shape.is_scalar();
  if (!is_number && !read_student(student, reference, {}).takes_upstream) {
    check_elementwise(student, reference);
    run.upstream = "1";
  }
  Judgement judgement = judge_against(student, subject, run);
  judgement.forward = student.forward->name;
  judgement.backward = student.backward->name;
  return judgement;
}

void show_numbers(Finding& finding, ConstView theirs, ConstView right) {
  finding.has_numbers = same_row(theirs.shape, right.shape);
  finding.shape = right.shape;
  if (!finding.has_numbers) {
    finding.shapes = fmt::format("{}, {}", to_string(theirs.shape), to_string(right.shape));
    return;
  }
  double most = -1;
  for (int row = 0; row < right.shape.rows(); ++row) {
    for (int col = 0; col < right.shape.cols(); ++col) {
      const double a = theirs(row, col);
      const double b = right(row, col);
      const bool same = a == b || (std::isnan(a) && std::isnan(b));
      const double off = same ? 0 : std::fabs(a - b);
      // One that is not finite is as far off as can be.
      if (!(off > most) && !(std::isnan(off) && std::isfinite(most))) continue;
      most = std::isnan(off) ? std::numeric_limits<double>::infinity() : off;
      finding.row = row;
      finding.col = col;
      finding.theirs = a;
      finding.ours = b;
    }
  }
}

}  // namespace backstep::check
