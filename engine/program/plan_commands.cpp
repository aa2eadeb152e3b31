// backstep plan, simplify, c: what the fast run does with a circuit.
#include <fmt/core.h>

#include <memory>

#include "engine/number_text.h"
#include "engine/plan/plan.h"
#include "engine/plan/simplify.h"
#include "engine/program/commands.h"
#include "engine/program/inputs.h"

namespace backstep::program {
namespace {

// The results, and the whole gradient of each parameter of the function.
std::vector<NodeId> wanted(const read::Run& run) {
  std::vector<NodeId> nodes = run.outputs;
  const Ledger ledger(run.trace);
  for (const NodeId parameter : run.parameters) {
    if (parameter == kNoNode || ledger.gradient(parameter) == kNoNode) continue;
    nodes.push_back(ledger.gradient(parameter));
  }
  return nodes;
}

Values leaf_values(const Trace& trace) {
  Values values;
  for (NodeId node = 0; node < trace.graph().size(); ++node) {
    if (trace.graph().node(node).primitive == nullptr) {
      values.emplace(node, Tensor(trace.value(node)));
    }
  }
  return values;
}

int print_plan(const Inputs& inputs) {
  const read::Run run = program::run(inputs);
  const Plan plan(run.trace.graph(), wanted(run));
  fmt::print("{:<18}{:>8}{:>8}{:>16}{:>16}\n", "pass", "nodes", "after", "operations", "after");
  for (const PassSummary& pass : plan.passes()) {
    fmt::print("{:<18}{:>8}{:>8}{:>16}{:>16}\n", pass.name, pass.nodes_before, pass.nodes_after,
               number_text(pass.operations_before, 9), number_text(pass.operations_after, 9));
  }
  const PlanSummary& is = plan.summary();
  fmt::print("\nsteps            {} ({} fused loops, {} matrix products)\n", is.steps, is.loops,
             is.products);
  fmt::print("buffers          {} ({} bytes)\n", is.buffers, is.bytes);
  fmt::print("bytes moved      {}\n", number_text(is.bytes_moved, 12));
  fmt::print("multiply-adds    {} in products\n", number_text(is.multiply_adds, 12));
  fmt::print("operations       {} besides\n", number_text(is.operations, 12));
  fmt::print("runs as          {}\n", is.compiled ? "compiled loops" : "plain kernels");
  return kDone;
}

int print_c(const Inputs& inputs) {
  const read::Run run = program::run(inputs);
  fmt::print("{}", Plan(run.trace.graph(), wanted(run)).c_source());
  return kDone;
}

int print_simplify(const Inputs& inputs) {
  constexpr double kTolerance = 1e-12;
  const read::Run run = program::run(inputs);
  const Simplified derivation = simplify(run.trace.graph(), wanted(run), leaf_values(run.trace));
  fmt::print("at first: {} operations, {} passes over the batch\n",
             number_text(derivation.operations_at_first, 12), derivation.passes_at_first);
  int number = 0;
  bool equal = true;
  for (const SimplifyStep& step : derivation.steps) {
    fmt::print("\n{}. {}\n", ++number, step.rule);
    if (!step.before.empty()) fmt::print("   {}\n   {}\n", step.before, step.after);
    fmt::print("   {} operations, {} passes over the batch; largest relative difference {}\n",
               number_text(step.operations, 12), step.passes, number_text(step.error, 2));
    equal = equal && step.error <= kTolerance;
  }
  if (derivation.steps.empty()) fmt::print("no rule takes anything away\n");
  if (!equal) fmt::print(stderr, "a step changed the numbers by more than {}\n", kTolerance);
  return equal ? kDone : kWrongGradient;
}

void add(CLI::App& app, int& status, const char* name, const char* says,
         int (*command)(const Inputs&)) {
  CLI::App* added = app.add_subcommand(name, says);
  const auto inputs = std::make_shared<Inputs>();
  add_inputs(*added, *inputs);
  added->callback([inputs, command, &status] { status = command(*inputs); });
}

}  // namespace

void add_plan(CLI::App& app, int& status) {
  add(app, status, "plan", "what the fast run does with the graph", print_plan);
}

void add_simplify(CLI::App& app, int& status) {
  add(app, status, "simplify", "from the stations to the compact formula, rewrite by rewrite",
      print_simplify);
}

void add_c(CLI::App& app, int& status) { add(app, status, "c", "the fused loops as C", print_c); }

}  // namespace backstep::program
