// The measured slopes of a whole run: of which nodes, and that they are those of the gradients.
#include "engine/check/slopes.h"

#include <doctest/doctest.h>

#include <cmath>

#include "engine/read/run.h"

namespace backstep::check {
namespace {

TEST_CASE("every value that is seen and has a gradient is measured, and its gradient is right") {
  const read::Run run = read::run_circuit("batch_norm", {});
  const Graph& graph = run.trace.graph();
  const Ledger ledger(run.trace);
  const auto slopes = all_measured_slopes(run.trace, run.output, run.seed);
  for (NodeId node = 0; node < run.output; ++node) {
    const Place& place = graph.place(node);
    const bool seen = place.part == Part::kForward && !place.folded;
    CAPTURE(graph.name(node));
    CHECK(slopes.contains(node) == (seen && ledger.gradient(node) != kNoNode));
  }
  CHECK(slopes.contains(graph.find("x")));
  for (const auto& [node, measured] : slopes) {
    const ConstView gradient = run.trace.value(ledger.gradient(node));
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      CHECK(measured.data()[i] == doctest::Approx(gradient.data[i]).epsilon(1e-6));
    }
  }
}

TEST_CASE("of a large run only some slopes are measured") {
  read::RunOptions options;
  options.set = {{"x", "randn(300,40)"}};
  const read::Run run = read::run_circuit("batch_norm", options);
  const auto slopes = all_measured_slopes(run.trace, run.output, run.seed);
  const Tensor& of_x = slopes.at(run.trace.graph().find("x"));
  std::size_t measured = 0;
  for (const double slope : of_x.data()) measured += std::isnan(slope) ? 0 : 1;
  CHECK(measured > 0);
  CHECK(measured < of_x.data().size());
}

}  // namespace
}  // namespace backstep::check
