// The plan against the recorded run, on every built-in circuit.
#include <doctest/doctest.h>

#include <filesystem>

#include "engine/read/builtin.h"
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
  for (const read::BuiltinFile& file : read::builtin_files()) {
    if (!file.name.starts_with("graphs/") || !file.name.ends_with(".py")) continue;
    const std::string name = std::filesystem::path(file.name).stem().string();
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
