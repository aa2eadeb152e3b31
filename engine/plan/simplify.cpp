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

class Derivation {
 public:
  Derivation(const Graph& graph, std::span<const NodeId> outputs, const Values& values)
      : recorded_(record(graph, values)), values_(values), first_outputs_(outputs) {
    result_.outputs.assign(outputs.begin(), outputs.end());
    result_.now.resize(graph.size());
    for (NodeId node = 0; node < graph.size(); ++node) result_.now[node] = node;
    take(drop_unused(graph, outputs));
    result_.operations_at_first = count_operations(result_.graph);
    result_.passes_at_first = count_passes(result_.graph, result_.outputs);
  }

  Simplified run() {
    plain_step("a copy is what it copies, and numbers are computed once",
               fold_constants(result_.graph));
    plain_step("equal formulas are computed once", merge_equal(result_.graph));
    while (linear_step(pull_sums_apart(result_.graph, 1))) {
    }
    plain_step("equal formulas are computed once", merge_equal(result_.graph));
    while (linear_step(gather_factors(result_.graph, result_.outputs, 1))) {
    }
    return std::move(result_);
  }

 private:
  static Trace record(const Graph& graph, const Values& values) {
    return evaluate(copy_graph(graph), values);
  }

  void take(Rewritten next) {
    result_.now = then(result_.now, next.now);
    for (NodeId& output : result_.outputs) output = next.now[output];
    result_.graph = std::move(next.graph);
  }

  // Nodes that a rewrite has made idle are no longer part of the formula.
  void take_and_clean(Rewritten next) {
    take(std::move(next));
    take(drop_unused(result_.graph, result_.outputs));
  }

  void plain_step(std::string rule, Rewritten next) {
    const double before = count_operations(result_.graph);
    const std::size_t nodes = result_.graph.size();
    take_and_clean(std::move(next));
    if (count_operations(result_.graph) == before && result_.graph.size() == nodes) return;
    finish({std::move(rule), "", "", 0, 0, 0});
  }

  bool linear_step(LinearResult next) {
    if (next.changes.empty()) return false;
    const LinearChange& change = next.changes[0];
    SimplifyStep step{change.rule,
                      formula(result_.graph, change.before),
                      formula(next.rewritten.graph, change.after),
                      0,
                      0,
                      0};
    take_and_clean(std::move(next.rewritten));
    finish(std::move(step));
    return true;
  }

  void finish(SimplifyStep step) {
    step.operations = count_operations(result_.graph);
    step.passes = count_passes(result_.graph, result_.outputs);
    step.error = largest_error();
    result_.steps.push_back(std::move(step));
  }

  double largest_error() const {
    Values values;
    for (const auto& [leaf, value] : values_) {
      if (result_.now[leaf] != kNoNode) values.emplace(result_.now[leaf], value);
    }
    const Trace trace = record(result_.graph, values);
    double error = 0;
    for (std::size_t i = 0; i < first_outputs_.size(); ++i) {
      error = std::max(
          error, difference(recorded_.value(first_outputs_[i]), trace.value(result_.outputs[i])));
    }
    return error;
  }

  static double difference(ConstView a, ConstView b) {
    double scale = 1e-300;
    double worst = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      scale = std::max(scale, std::fabs(a.data[i]));
      worst = std::max(worst, std::fabs(a.data[i] - b.data[i]));
    }
    return worst / scale;
  }

  Trace recorded_;
  const Values& values_;
  std::span<const NodeId> first_outputs_;
  Simplified result_;
};

}  // namespace

std::size_t count_passes(const Graph& graph, std::span<const NodeId> outputs) {
  const Schedule schedule = schedule_loops(graph, outputs);
  return static_cast<std::size_t>(
      std::count_if(schedule.steps.begin(), schedule.steps.end(),
                    [](const Step& step) { return step.is_loop && step.rows > 1; }));
}

Simplified simplify(const Graph& graph, std::span<const NodeId> outputs, const Values& values) {
  return Derivation(graph, outputs, values).run();
}

}  // namespace backstep
