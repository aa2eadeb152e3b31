// The plan against the recorded run, on every built-in circuit.
#include <doctest/doctest.h>

#include <string>

#include "engine/read/library.h"
#include "engine/read/run.h"
#include "tests/plan/compare.h"

namespace backstep {
namespace {

using testing::check_equal;

// Whole gradients of leaves, and results.
std::vector<NodeId> outputs_of(const read::Run& run) {
  std::vector<NodeId> outputs = run.outputs;
  const Ledger ledger(run.trace);
  for (const NodeId leaf : run.parameters) {
    if (leaf != kNoNode && ledger.gradient(leaf) != kNoNode) {
      outputs.push_back(ledger.gradient(leaf));
    }
  }
  return outputs;
}

TEST_CASE("every built-in circuit: the plan gives the recorded run's numbers") {
  for (const std::string& name : read::builtin_names()) {
    CAPTURE(name);
    const read::Run run = read::run_circuit(name, {});
    const std::vector<NodeId> outputs = outputs_of(run);
    check_equal(run.trace, outputs, {.compile = true});
    check_equal(run.trace, outputs, {.compile = false});
    check_equal(run.trace, outputs, {.rewrite = false, .compile = true});
  }
}

}  // namespace
}  // namespace backstep
