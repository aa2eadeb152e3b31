// What people read of a plan: derivations, and the circuits that come out of them; loops as C; the
// drawing of its steps.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "engine/plan/plan.h"
#include "engine/plan/simplify.h"
#include "engine/read/library.h"
#include "engine/read/run.h"
#include "engine/write/plan_dot.h"
#include "tests/golden.h"
#include "tests/plan/circuits.h"

namespace backstep {
namespace {

struct Setting {
  explicit Setting(std::string_view circuit) : run(read::run_circuit(circuit, {})) {
    wanted = run.outputs;
    const Ledger ledger(run.trace);
    for (const NodeId leaf : run.parameters) {
      if (leaf != kNoNode && ledger.gradient(leaf) != kNoNode) {
        wanted.push_back(ledger.gradient(leaf));
      }
    }
    for (NodeId node = 0; node < run.trace.graph().size(); ++node) {
      if (run.trace.graph().node(node).primitive != nullptr) continue;
      values.emplace(node, Tensor(run.trace.value(node)));
    }
  }
  Simplified simplified(int steps = kAllSteps) const {
    return simplify(run.trace.graph(), wanted, values, steps);
  }

  read::Run run;
  std::vector<NodeId> wanted;
  Values values;
};

TEST_CASE("the derivation of the compact batch-norm gradient, in both languages") {
  const Simplified derivation = Setting("batch_norm").simplified();
  tests::check_golden("simplify_batch_norm.en.txt", text(derivation, Language()));
  tests::check_golden("simplify_batch_norm.ko.txt", text(derivation, *language_of("ko")));
}

TEST_CASE("the loops of batch norm as C, and the drawing of its steps") {
  const Setting setting("batch_norm");
  const Plan plan(setting.run.trace.graph(), setting.wanted, {.compile = true});
  tests::check_golden("plan_batch_norm.c.txt", plan.c_source());
  tests::check_golden("plan_batch_norm.dot.txt", write::plan_dot(plan.graph(), plan.schedule()));
}

TEST_CASE("every circuit: each step is equal, and takes no more operations than the first graph") {
  for (const std::string& name : read::builtin_names()) {
    CAPTURE(name);
    const Simplified derivation = Setting(name).simplified();
    for (const SimplifyStep& step : derivation.steps) {
      CAPTURE(step.rule.english());
      CHECK(step.error <= 1e-12);
    }
    if (!derivation.steps.empty()) {
      CHECK(derivation.steps.back().operations <= derivation.operations_at_first);
      CHECK(derivation.steps.back().passes <= derivation.passes_at_first);
    }
  }
}

TEST_CASE("after any number of steps there is a circuit to walk") {
  const Setting setting("batch_norm");
  const std::size_t all = setting.simplified().steps.size();
  for (std::size_t steps = 0; steps <= all; ++steps) {
    const Simplified derivation = setting.simplified(static_cast<int>(steps));
    CHECK(derivation.steps.size() == steps);
    const Trace circuit = circuit_of(derivation, setting.values);
    CHECK(std::all_of(circuit.events().begin(), circuit.events().end(),
                      [](const Event& event) { return event.kind == EventKind::kForward; }));
    for (std::size_t i = 0; i < setting.wanted.size(); ++i) {
      CHECK(testing::difference(setting.run.trace.value(setting.wanted[i]),
                                circuit.value(derivation.outputs[i])) <= 1e-12);
    }
  }
}

}  // namespace
}  // namespace backstep
