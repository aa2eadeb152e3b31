// backstep plan, simplify, c: what the fast run does with a circuit.
#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "engine/draw/graphviz.h"
#include "engine/number_text.h"
#include "engine/plan/plan.h"
#include "engine/plan/simplify.h"
#include "engine/program/commands.h"
#include "engine/program/inputs.h"
#include "engine/step/stepper.h"
#include "engine/write/circuit_dot.h"
#include "engine/write/picture.h"
#include "engine/write/plan_dot.h"
#include "engine/write/streams.h"

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

struct PlanSettings {
  Inputs inputs;
  std::string format = "text";
  Language language;
};

void print_passes(const Plan& plan, Language language) {
  const std::string after = say(language, Words("after"));
  fmt::print("{:<18}{:>8}{:>8}{:>16}{:>16}\n", say(language, Words("pass")),
             say(language, Words("nodes")), after, say(language, Words("operations")), after);
  for (const PassSummary& pass : plan.passes()) {
    fmt::print("{:<18}{:>8}{:>8}{:>16}{:>16}\n", say(language, pass.name), pass.nodes_before,
               pass.nodes_after, number_text(pass.operations_before, 9),
               number_text(pass.operations_after, 9));
  }
}

void print_summary(const PlanSummary& is, Language language) {
  const auto line = [language](Words what, const std::string& text) {
    fmt::print("{:<17}{}\n", say(language, what), text);
  };
  fmt::print("\n");
  line(Words("nodes"),
       say(language, Words("{0} before, {1} after"), is.nodes_before, is.nodes_after));
  line(Words("steps"), say(language, Words("{0} ({1} fused loops, {2} matrix products)"), is.steps,
                           is.loops, is.products));
  line(Words("buffers"), say(language, Words("{0} ({1} bytes)"), is.buffers, is.bytes));
  line(Words("bytes moved"), number_text(is.bytes_moved, 12));
  line(Words("multiply-adds"),
       say(language, Words("{0} in products"), number_text(is.multiply_adds, 12)));
  line(Words("operations"), say(language, Words("{0} besides"), number_text(is.operations, 12)));
  line(Words("runs as"),
       say(language, is.compiled ? Words("compiled loops") : Words("plain kernels")));
}

void print_steps(const Plan& plan, Language language) {
  fmt::print("\n");
  int number = 0;
  for (const Step& step : plan.schedule().steps) {
    std::string results;
    for (const NodeId node : step.nodes) {
      if (!plan.schedule().stored[node]) continue;
      results += (results.empty() ? "" : ", ") + plan.graph().name(node);
    }
    fmt::print("{:>4}  {:<18}{}\n", ++number,
               step.is_loop ? say(language, Words("loop, {0} rows"), step.rows)
                            : say(language, Words("one node")),
               results);
  }
}

int print_plan(const PlanSettings& settings) {
  const read::Run run = program::run(settings.inputs);
  const Plan plan(run.trace.graph(), wanted(run));
  if (settings.format == "dot" || settings.format == "svg") {
    const std::string dot = write::plan_dot(plan.graph(), plan.schedule(), settings.language);
    fmt::print("{}", settings.format == "dot" ? dot : draw::svg(dot));
    return kDone;
  }
  print_passes(plan, settings.language);
  print_summary(plan.summary(), settings.language);
  print_steps(plan, settings.language);
  return kDone;
}

int print_c(const Inputs& inputs) {
  const read::Run run = program::run(inputs);
  const Plan plan(run.trace.graph(), wanted(run));
  if (plan.c_source().empty()) {
    throw Error(fmt::format("{} has {} nodes, too many for C: it runs node by node", run.circuit,
                            plan.graph().size()));
  }
  fmt::print("{}", plan.c_source());
  return kDone;
}

struct SimplifySettings {
  Inputs inputs;
  int steps = kAllSteps;
  std::string out;
  std::string script;
  bool walk = false;
  Language language;
};

// The circuit that the derivation has come to, as pictures or in the stepper.
void show_circuit(const SimplifySettings& settings, const std::string& name,
                  const Simplified& derivation, const Trace& circuit) {
  const std::string stem = fmt::format("{}_after_{}", name, derivation.steps.size());
  if (!settings.out.empty()) {
    write::DotOptions options;
    options.language = settings.language;
    options.outputs = derivation.outputs;
    const write::CircuitLayout layout(circuit, options);
    const write::PictureFormat formats[] = {write::PictureFormat::kSvg};
    write::write_pictures(settings.out, stem, write::circuit_dot(circuit, options, layout),
                          formats);
  }
  if (!settings.walk && settings.script.empty()) return;
  step::Options options;
  options.title = stem;
  options.language = settings.language;
  if (!settings.script.empty()) options.script = settings.script;
  step::run(circuit, options);
}

int print_simplify(const SimplifySettings& settings) {
  constexpr double kTolerance = 1e-12;
  const read::Run run = program::run(settings.inputs);
  const Values values = leaf_values(run.trace);
  const Simplified derivation = simplify(run.trace.graph(), wanted(run), values, settings.steps);
  if (!settings.walk && settings.script.empty()) {
    fmt::print("{}", text(derivation, settings.language));
  }
  show_circuit(settings, run.circuit, derivation, circuit_of(derivation, values));
  const bool equal = std::all_of(derivation.steps.begin(), derivation.steps.end(),
                                 [](const SimplifyStep& s) { return s.error <= kTolerance; });
  if (!equal) write::say(fmt::format("a step changed the numbers by more than {}", kTolerance));
  return equal ? kDone : kWrongGradient;
}

}  // namespace

void add_plan(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("plan", "what the fast run does with the graph");
  const auto settings = std::make_shared<PlanSettings>();
  add_inputs(*command, settings->inputs);
  command->add_option("--format", settings->format, "text, or the groups drawn as dot or svg")
      ->check(CLI::IsMember({"text", "dot", "svg"}))
      ->capture_default_str();
  add_language(*command, settings->language);
  command->callback([settings, &status] { status = print_plan(*settings); });
}

void add_simplify(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand(
      "simplify", "from the stations to the compact formula, rewrite by rewrite");
  const auto settings = std::make_shared<SimplifySettings>();
  add_inputs(*command, settings->inputs);
  command->add_option("--steps", settings->steps, "stop after so many rewrites")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--out", settings->out, "draw the circuit that comes out into this folder")
      ->check(file_name());
  command->add_flag("--walk", settings->walk, "walk the circuit that comes out, step by step");
  command->add_option("--script", settings->script, "walk it with these keys: prints plain lines");
  add_language(*command, settings->language);
  command->callback([settings, &status] { status = print_simplify(*settings); });
}

void add_c(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("c", "the fused loops as C");
  const auto inputs = std::make_shared<Inputs>();
  add_inputs(*command, *inputs);
  command->callback([inputs, &status] { status = print_c(*inputs); });
}

}  // namespace backstep::program
