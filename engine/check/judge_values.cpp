// Compares the arrays of an npz with the values of the circuit that have their names.
#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "engine/check/judge.h"
#include "engine/check/names.h"
#include "engine/check/probes.h"
#include "engine/check/rounding.h"
#include "engine/evaluate.h"
#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/read/nearest.h"
#include "engine/read/npz.h"

namespace backstep::check {
namespace {

using Names = std::map<std::string, std::string>;

// Rounding moves what somebody else computed in another order by more than what was tried.
constexpr double kRoundingMargin = 16;

class FileJudge {
 public:
  FileJudge(const std::string& file, const read::NamedTypedTensors& theirs, const Names& names,
            const Reference& reference)
      : file_(file), theirs_(theirs), names_(names), reference_(reference) {}

  Judgement judge() {
    judgement_.is_file = true;
    match();
    for (const auto& [node, name] : name_of_) compare(node, name, theirs_.find(name)->second);
    if (judgement_.lines == 0) refuse();
    for (const NodeId gradient : wanted_of(reference_)) {
      if (name_of_.count(gradient) == 0) {
        judgement_.absent.push_back(reference_.graph().name(gradient));
      }
    }
    note_leaves();
    return std::move(judgement_);
  }

 private:
  const Graph& graph() const { return reference_.graph(); }
  bool is_leaf(NodeId node) const { return graph().node(node).primitive == nullptr; }

  // What each name of the file stands for: its own value, what --name says, or a gradient that is
  // often called so.
  void match() {
    for (const auto& [theirs, ours] : names_) {
      if (theirs_.find(theirs) == theirs_.end()) {
        throw Error(fmt::format("--name {}={}: {} has no array {}, it has {}",
                                read::shortened(theirs), read::shortened(ours),
                                read::printable(file_), read::quoted(theirs), names_in_file()));
      }
      const NodeId node = graph().find(ours);
      if (node == kNoNode) {
        throw Error(fmt::format("--name {}={}: {} has no value {}", read::shortened(theirs),
                                read::shortened(ours), reference_.run.circuit, read::quoted(ours)));
      }
      name_of_[node] = theirs;
    }
    std::vector<std::string> others;
    for (const auto& [name, array] : theirs_) {
      if (names_.count(name) > 0) continue;
      const NodeId node = graph().find(name);
      if (node == kNoNode || !name_of_.emplace(node, name).second) others.push_back(name);
    }
    for (const std::string& name : others) {
      const NodeId node = result_by_name(reference_, name, false);
      if (node != kNoNode && name_of_.emplace(node, name).second) continue;
      const std::string near = read::nearest(name, looked_for());
      judgement_.ignored.push_back(
          near.empty() ? read::shortened(name)
                       : fmt::format("{} (is {} meant?)", read::shortened(name), near));
    }
  }

  void compare(NodeId id, const std::string& name, const read::TypedTensor& array) {
    if (is_leaf(id)) return;
    const std::vector<NodeId> wanted = wanted_of(reference_);
    const bool is_wanted = std::find(wanted.begin(), wanted.end(), id) != wanted.end();
    if (is_wanted && array.type == "bool") {
      throw Error(
          fmt::format("{}: {} has the type bool, and a gradient is a number; save "
                      "{}.astype(float) if these are its numbers",
                      read::printable(file_), read::quoted(name), read::shortened(name)));
    }
    ++judgement_.lines;
    const ConstView value = array.numbers;
    const ConstView right = reference_.value(id);
    const bool is_double = unit_of(array.type) == 0;
    // A shape that NumPy would repeat is another shape all the same.
    if (same_row(value.shape, right.shape) &&
        (is_double ? agrees(value, reference_, id)
                   : agree(value, right, tolerance_as(array.type, id)))) {
      count_right(id, is_wanted, array);
      return;
    }
    add_finding(id, name, value,
                is_double ? tolerance_of(reference_, id) : tolerance_as(array.type, id));
  }

  void count_right(NodeId id, bool is_wanted, const read::TypedTensor& array) {
    const ConstView right = reference_.value(id);
    const std::string& name = graph().name(id);
    if (is_wanted) {
      const bool unjudged =
          std::any_of(right.begin(), right.end(), [](double v) { return std::isnan(v); });
      if (unjudged) {
        judgement_.unjudged.push_back(name);
      } else {
        ++judgement_.results;
      }
    }
    if (!is_wanted || array.numbers.shape() == right.shape) return;
    judgement_.notes.push_back(
        fmt::format("{} has the shape {}, and {} in the circuit {}: the "
                    "numbers agree, as one row",
                    name, to_string(array.numbers.shape()), graph().name(of_gradient(id)),
                    to_string(right.shape)));
  }

  NodeId of_gradient(NodeId gradient) const {
    for (const NodeId leaf : reference_.run.parameters) {
      if (reference_.gradient(leaf) == gradient) return leaf;
    }
    return gradient;
  }

  Tolerance tolerance_as(const std::string& type, NodeId id) {
    const double unit = unit_of(type);
    std::vector<double>& moved = moved_[type];
    if (moved.empty()) {
      moved = moved_by_rounding(
          graph(), [this](NodeId node) { return reference_.value(node); }, unit);
      judgement_.notes.push_back(fmt::format(
          "arrays of {0} are judged as {0}: as far as its rounding can have moved them", type));
    }
    return {4 * unit, kRoundingMargin * moved[id]};
  }

  void add_finding(NodeId id, const std::string& name, ConstView value,
                   const Tolerance& tolerance) {
    Reading reading;
    reading.graph.leaf(Role::kConstant, value.shape, {}, 0);
    reading.lines.emplace_back();
    reading.lines[0].node = 0;
    reading.lines[0].binding.name = name;
    Values values;
    values.emplace(NodeId{0}, Tensor(value));
    const Numbers numbers(reading.graph, values);
    Finding finding;
    finding.name = read::shortened(name);
    finding.expected = graph().name(id);
    finding.formula = formula(graph(), id);
    finding.station = graph().place(id).station;
    finding.why = diagnose(reading, numbers, 0, reference_, id, tolerance);
    show_numbers(finding, value, reference_.value(id));
    judgement_.findings.push_back(std::move(finding));
  }

  // Whether the upstream gradient is a choice, which the gradients hang on.
  bool has_upstream() const {
    return is_leaf(reference_.run.seed) && !graph().node(reference_.run.output).shape.is_scalar();
  }

  // The inputs that the gradients belong to.
  void note_leaves() {
    std::vector<std::string> missing;
    for (const NodeId leaf : reference_.run.parameters) {
      if (reference_.gradient(leaf) != kNoNode && name_of_.count(leaf) == 0) {
        missing.push_back(graph().name(leaf));
      }
    }
    const NodeId seed = reference_.run.seed;
    const bool is_one = graph().node(reference_.run.output).shape.is_scalar();
    if (!is_one && is_leaf(seed) && name_of_.count(seed) == 0)
      missing.push_back(graph().name(seed));
    if (missing.empty()) return;
    for (const Finding& finding : judgement_.findings) {
      if (finding.has_numbers) continue;
      throw Error(fmt::format(
          "{}: {} not in the file: without them nothing says what {} belongs to, whose shapes are "
          "{} there and in `backstep run {}`; save them too",
          read::printable(file_), fmt::join(missing, ", "), finding.name, finding.shapes,
          reference_.run.circuit));
    }
    judgement_.notes.push_back(
        fmt::format("{} not in the file: taken as `backstep run {}` takes them; save the ones that "
                    "your gradients belong to",
                    fmt::join(missing, ", "), reference_.run.circuit));
  }

  std::vector<std::string> looked_for() const {
    std::vector<std::string> names;
    for (const NodeId gradient : wanted_of(reference_)) names.push_back(graph().name(gradient));
    return names;
  }

  std::string names_in_file() const {
    std::vector<std::string> names;
    for (const auto& [name, array] : theirs_) {
      if (names.size() == 20) {
        names.push_back("...");
        break;
      }
      names.push_back(read::shortened(name));
    }
    return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
  }

  [[noreturn]] void refuse() const {
    std::string saved;
    for (const NodeId leaf : reference_.run.parameters) {
      if (reference_.gradient(leaf) != kNoNode)
        saved += fmt::format(", {0}={0}", graph().name(leaf));
    }
    if (has_upstream()) saved += fmt::format(", {0}={0}", graph().name(reference_.run.seed));
    for (const std::string& name : looked_for()) saved += fmt::format(", {0}={0}", name);
    throw Error(fmt::format(
        "{}: there is nothing in it to compare: it has {}, and the gradients of {} are {}\n"
        "  not compared: {}\n"
        "  write instead: np.savez('mine.npz'{}), or say which is which by --name {}={}",
        read::printable(file_), names_in_file(), reference_.run.circuit,
        fmt::join(looked_for(), ", "),
        judgement_.ignored.empty() ? "the inputs, which are given"
                                   : fmt::format("{}", fmt::join(judgement_.ignored, ", ")),
        saved, "THEIRS", looked_for().empty() ? "OURS" : looked_for().front()));
  }

  const std::string& file_;
  const read::NamedTypedTensors& theirs_;
  const Names& names_;
  const Reference& reference_;
  Judgement judgement_;
  std::map<NodeId, std::string> name_of_;             // in the order of the run
  std::map<std::string, std::vector<double>> moved_;  // by the type of number
};

}  // namespace

Judgement judge_values(const std::string& npz, const Names& names, const JudgeOptions& options) {
  const read::NamedTypedTensors theirs = read::read_typed_npz(npz);
  read::NamedTensors given;
  for (const auto& [name, array] : theirs) {
    const auto ours = names.find(name);
    given.insert_or_assign(ours == names.end() ? name : ours->second, array.numbers);
  }
  const Probes probes(find_subject(options.circuit), options.run, std::nullopt);
  const Reference reference(probes.run_on(given));
  return FileJudge(npz, theirs, names, reference).judge();
}

}  // namespace backstep::check
