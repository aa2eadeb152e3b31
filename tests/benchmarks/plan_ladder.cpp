// The plan's own cost, with arithmetic that costs next to nothing: a ladder of scalar nodes is
// planned and run. Required at 1,000,000 nodes: run under 0.1 microseconds a node, and planned in
// time that is linear in nodes.
#include <benchmark/benchmark.h>

#include <cstdint>

#include "engine/plan/plan.h"
#include "engine/primitives/primitives.h"

namespace backstep {
namespace {

// Each node is used twice by the next or halves it, so the values stay as they are.
struct Ladder {
  explicit Ladder(std::int64_t nodes) {
    graph.reserve(static_cast<std::size_t>(nodes));
    Var last = graph.leaf(Role::kInput, {}, "a");
    first = last.id();
    for (std::int64_t i = 1; i < nodes; ++i) last = i % 2 == 0 ? last + last : 0.5 * last;
    outputs = {last.id()};
  }
  Graph graph;
  NodeId first = kNoNode;
  std::vector<NodeId> outputs;
};

void count_nodes(benchmark::State& state) {
  const double nodes = static_cast<double>(state.range(0));
  state.SetComplexityN(state.range(0));
  // Seconds a node, which the report prints as "us" or "ns".
  state.counters["s/node"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * nodes,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void BM_Plan(benchmark::State& state) {
  const Ladder ladder(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(Plan(ladder.graph, ladder.outputs).summary());
  count_nodes(state);
}

void BM_Run(benchmark::State& state) {
  const Ladder ladder(state.range(0));
  Plan plan(ladder.graph, ladder.outputs);
  plan.set(ladder.first, Tensor(Shape{}, 3));
  for (auto _ : state) plan.run();
  count_nodes(state);
}

BENCHMARK(BM_Plan)
    ->RangeMultiplier(10)
    ->Range(10'000, 1'000'000)
    ->Complexity(benchmark::oN)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(BM_Run)
    ->RangeMultiplier(10)
    ->Range(10'000, 1'000'000)
    ->Complexity(benchmark::oN)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace backstep

BENCHMARK_MAIN();
