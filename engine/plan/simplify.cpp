// The passes of a plan as a derivation: one rewrite a step, each held to the numbers.
#include "engine/plan/simplify.h"

#include <algorithm>
#include <cmath>

#include "engine/expression.h"
#include "engine/plan/linear_sums.h"
#include "engine/plan/passes.h"
#include "engine/plan/schedule.h"

namespace backstep {
namespace {

Values moved_values(const std::vector<NodeId>& now, const Values& values) {
  Values moved;
  for (const auto& [leaf, value] : values) {
    if (now[leaf] != kNoNode) moved.emplace(now[leaf], value);
  }
  return moved;
}

constexpr auto kPlain = Words("a copy is what it copies, and numbers are computed once");
constexpr auto kEqual = Words("equal formulas are computed once");

constexpr auto kTheRest = Words("the same, wherever it still can be done");

// How many nodes the rewrites that are steps of their own may go over together.
constexpr std::size_t kMostVisits = 100'000;

class Derivation {
 public:
  Derivation(const Graph& graph, std::span<const NodeId> outputs, const Values& values, int steps)
      : first_(graph),
        recorded_(graph, values),
        values_(values),
        first_outputs_(outputs),
        steps_left_(steps) {
    result_.outputs.assign(outputs.begin(), outputs.end());
    result_.now.resize(graph.size());
    for (NodeId node = 0; node < graph.size(); ++node) result_.now[node] = node;
    take(drop_unused(graph, outputs));
    result_.operations_at_first = count_operations(result_.graph);
    result_.passes_at_first = count_passes(result_.graph, result_.outputs);
  }

  Simplified run() {
    plain_step(kPlain, fold_constants);
    plain_step(kEqual, merge_equal);
    while (steps_left_ > 0 && linear_step(pull_sums_apart(result_.graph, at_once()))) {
    }
    plain_step(kEqual, merge_equal);
    GatherSearch search;
    search_ = &search;
    while (steps_left_ > 0 &&
           linear_step(gather_factors(result_.graph, result_.outputs, search, at_once()))) {
    }
    return std::move(result_);
  }

 private:
  // Every step goes over the whole graph. In a small graph each rewrite is a step of its own; in a
  // large one the first few are, and then all that are left at once.
  int at_once() const {
    const std::size_t singly = kMostVisits / std::max<std::size_t>(result_.graph.size(), 1);
    return result_.steps.size() < singly ? 1 : kNoLimit;
  }

  void take(Rewritten next) {
    if (search_ != nullptr && search_->end < next.now.size()) {
      const auto kept = std::find_if(next.now.begin() + search_->end, next.now.end(),
                                     [](NodeId node) { return node != kNoNode; });
      search_->end = kept == next.now.end() ? kNoNode : *kept;
    }
    result_.now = then(result_.now, next.now);
    for (NodeId& output : result_.outputs) output = next.now[output];
    result_.graph = std::move(next.graph);
  }

  // Nodes that a rewrite has made idle are no longer part of the formula.
  void take_and_clean(Rewritten next) {
    take(std::move(next));
    take(drop_unused(result_.graph, result_.outputs));
  }

  // One pass over the whole graph; what it changes is seen by comparing the formulas.
  void plain_step(Words rule, Rewritten (*pass)(const Graph&)) {
    if (steps_left_ <= 0) return;
    const double operations = count_operations(result_.graph);
    const std::size_t nodes = result_.graph.size();
    Rewritten next = pass(result_.graph);
    SimplifyStep step{rule, changed_formulas(next), 0, 0, 0};
    take_and_clean(std::move(next));
    if (count_operations(result_.graph) == operations && result_.graph.size() == nodes) return;
    finish(std::move(step));
  }

  std::vector<RewrittenFormula> changed_formulas(const Rewritten& next) const {
    std::vector<RewrittenFormula> changes;
    for (NodeId node = 0; node < result_.graph.size(); ++node) {
      const bool has_line = result_.graph.node(node).primitive != nullptr &&
                            !result_.graph.node(node).name.empty() &&
                            !is_written_out(result_.graph, node);
      if (!has_line || next.now[node] == kNoNode) continue;
      // Another node may hold the value now; then its name is the formula.
      const std::string name = next.graph.name(next.now[node]);
      const bool same_name = name == result_.graph.name(node);
      RewrittenFormula change{formula(result_.graph, node),
                              same_name ? formula(next.graph, next.now[node]) : name};
      if (change.before != change.after) changes.push_back(std::move(change));
    }
    return changes;
  }

  bool linear_step(LinearResult next) {
    if (next.changes.empty()) return false;
    SimplifyStep step{next.changes.size() == 1 ? next.changes[0].rule : kTheRest, {}, 0, 0, 0};
    for (const LinearChange& change : next.changes) {
      step.formulas.push_back(
          {formula(result_.graph, change.before), formula(next.rewritten.graph, change.after)});
    }
    take_and_clean(std::move(next.rewritten));
    finish(std::move(step));
    return true;
  }

  void finish(SimplifyStep step) {
    step.operations = count_operations(result_.graph);
    step.passes = count_passes(result_.graph, result_.outputs);
    step.error = largest_error();
    result_.steps.push_back(std::move(step));
    --steps_left_;
  }

  double largest_error() const {
    const Numbers now(result_.graph, moved_values(result_.now, values_));
    double error = 0;
    for (std::size_t i = 0; i < first_outputs_.size(); ++i) {
      const NodeId output = first_outputs_[i];
      const double difference =
          largest_difference(recorded_.value(output), now.value(result_.outputs[i]));
      error = std::max(error, difference / scale(output));
    }
    return error;
  }

  // The largest element of a value, or of what it is computed from: a sum that is 0 but for
  // rounding is measured by what was added.
  double scale(NodeId output) const {
    double largest = std::max(1e-300, largest_element(recorded_.value(output)));
    for (std::size_t i = 0; i < first_.arity(output); ++i) {
      largest = std::max(largest, largest_element(recorded_.value(first_.input(output, i))));
    }
    return largest;
  }

  static double largest_element(ConstView a) {
    double largest = 0;
    for (const double value : a) largest = std::max(largest, std::fabs(value));
    return largest;
  }

  static double largest_difference(ConstView a, ConstView b) {
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      largest = std::max(largest, std::fabs(a.data[i] - b.data[i]));
    }
    return largest;
  }

  const Graph& first_;
  Numbers recorded_;
  const Values& values_;
  std::span<const NodeId> first_outputs_;
  int steps_left_;
  GatherSearch* search_ = nullptr;  // once it has begun
  Simplified result_;
};

}  // namespace

std::size_t count_passes(const Graph& graph, std::span<const NodeId> outputs) {
  const Schedule schedule = schedule_loops(graph, outputs);
  return static_cast<std::size_t>(
      std::count_if(schedule.steps.begin(), schedule.steps.end(),
                    [](const Step& step) { return step.is_loop && step.rows > 1; }));
}

Simplified simplify(const Graph& graph, std::span<const NodeId> outputs, const Values& values,
                    int steps) {
  return Derivation(graph, outputs, values, steps).run();
}

Trace circuit_of(const Simplified& derivation, const Values& values) {
  Graph circuit = derivation.graph;
  for (NodeId node = 0; node < circuit.size(); ++node) {
    const Place place = circuit.place(node);
    circuit.place(node) = {.line = place.line, .folded = place.folded};
  }
  circuit.number_stations();
  return evaluate(std::move(circuit), moved_values(derivation.now, values));
}

}  // namespace backstep
