// The engine's own cost, with arithmetic that costs next to nothing: a ladder of scalar nodes is
// built, differentiated and run with its record. Required at 1,000,000 nodes: at most 1
// microsecond and 700 bytes a forward node, and growth linear from 1,000 on.
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstdint>
#include <utility>

#include "engine/differentiate.h"
#include "engine/evaluate.h"
#include "engine/primitives/primitives.h"

namespace backstep {
namespace {

// In turn a product and a sum that both use a node twice, and two functions: the mix of a scalar
// engine's expressions.
Var ladder(Var y, std::int64_t nodes) {
  for (std::int64_t i = 0; i < nodes; ++i) {
    switch (i % 4) {
      case 0:
        y = y + y;
        break;
      case 1:
        y = tanh(y);
        break;
      case 2:
        y = y * y;
        break;
      default:
        y = 0.5 * y;
        break;
    }
  }
  return y;
}

Trace build_differentiate_and_run(std::int64_t nodes) {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var y = ladder(x, nodes);
  const Var seed = upstream_leaf(graph, y.id());
  const NodeId wrt[] = {x.id()};
  differentiate(graph, y.id(), seed, wrt);
  return evaluate(std::move(graph), {{x.id(), Tensor(Shape{}, 0.9)}});
}

std::size_t bytes_in_use() {
  const struct mallinfo2 heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

void BM_Ladder(benchmark::State& state) {
  const std::int64_t nodes = state.range(0);
  double bytes = 0;
  for (auto _ : state) {
    const std::size_t before = bytes_in_use();
    const Trace trace = build_differentiate_and_run(nodes);
    benchmark::DoNotOptimize(trace.value(0).data);
    bytes = static_cast<double>(bytes_in_use() - before);
  }
  const double runs = static_cast<double>(state.iterations());
  const double n = static_cast<double>(nodes);
  // Seconds a node, which the report prints as "us": microseconds.
  state.counters["s/node"] =
      benchmark::Counter(runs * n, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  state.counters["bytes/node"] = bytes / n;
  state.SetComplexityN(nodes);
}
BENCHMARK(BM_Ladder)
    ->RangeMultiplier(10)
    ->Range(1'000, 1'000'000)
    ->Complexity(benchmark::oN)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace backstep

BENCHMARK_MAIN();
