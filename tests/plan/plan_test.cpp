// The plan against the recorded run: random graphs, threads, memory, a ladder.
#include "engine/plan/plan.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>
#include <random>
#include <string>

#include "engine/train/trainer.h"
#include "tests/plan/compare.h"
#include "tests/plan/random_graph.h"

namespace {

std::size_t allocations = 0;

}  // namespace

// Every allocation of this program is counted.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace backstep {
namespace {

using testing::check_equal;
using testing::Circuit;

TEST_CASE("200 random graphs: the plan gives the recorded run's numbers") {
  constexpr int kPlans = 10;
  constexpr int kGraphsInOne = 20;
  for (int plan = 0; plan < kPlans; ++plan) {
    CAPTURE(plan);
    Circuit circuit;
    for (int i = 0; i < kGraphsInOne; ++i) {
      testing::RandomGraph(circuit, 1000 + kGraphsInOne * plan + i).grow(12);
    }
    const Trace trace = evaluate(std::move(circuit.graph), circuit.values);
    check_equal(trace, circuit.outputs, {.compile = true});
    check_equal(trace, circuit.outputs, {.compile = false});
  }
}

TEST_CASE("what picks by places: forward, backward, and equal maps merged") {
  for (const bool compile : {true, false}) {
    CAPTURE(compile);
    Graph graph;
    const Var x = graph.leaf(Role::kInput, {4, 3}, "x");
    const Var rows = exp(gather(x, share({3, 4, 5, 9, 10, 11, 3, 4, 5}), {3, 3}));
    const Var again = gather(x, share({3, 4, 5, 9, 10, 11, 3, 4, 5}), {3, 3});
    const Var padded = gather(x, share({-1, 0, 1, 2, -1, 11}), {2, 3});
    const Var both = join(rows * again, padded, share({0, 14, 3, -1, 9, 8}), {3, 2});
    const Var out = scatter_add(square(both), share({1, 0, 1, -1, 3, 3}), {4});
    const Var seed = upstream_leaf(graph, out.id(), 0.5);
    const NodeId wrt[] = {x.id()};
    const NodeId dx = differentiate(graph, out.id(), seed, wrt).gradient[x.id()];
    std::mt19937_64 random(3);
    Values values;
    Tensor numbers({4, 3});
    for (double& number : numbers.view()) {
      number = static_cast<double>(random() >> 11) * 0x1p-53 - 0.5;
    }
    values[x.id()] = numbers;
    const Trace trace = evaluate(std::move(graph), values);
    check_equal(trace, {out.id(), dx}, {.compile = compile});
  }
}

TEST_CASE("a run allocates nothing") {
  for (const bool compile : {true, false}) {
    CAPTURE(compile);
    Circuit circuit = testing::batch_norm(64, 32);
    Plan plan(circuit.graph, circuit.outputs, {.compile = compile});
    for (const auto& [leaf, value] : circuit.values) plan.set(leaf, value);
    plan.run();
    const std::size_t before = allocations;
    for (int i = 0; i < 10; ++i) plan.run();
    CHECK(allocations == before);
  }
}

TEST_CASE("a step of training allocates nothing") {
  train::TrainOptions options;
  options.batch = 16;
  train::Trainer trainer({{5, 6, 3}}, options);
  const Tensor x = read::LegacyRandom(1).randn(Shape{16, 5});
  const std::vector<int> labels(16, 2);
  trainer.step(x, labels);
  const std::size_t before = allocations;
  for (int i = 0; i < 10; ++i) trainer.step(x, labels);
  CHECK(allocations == before);
}

TEST_CASE("one thread or two: the same bits") {
  Circuit circuit = testing::batch_norm(1001, 64);
  std::vector<std::vector<double>> results[2];
  for (const int threads : {1, 2}) {
    Plan plan(circuit.graph, circuit.outputs, {.threads = threads});
    for (const auto& [leaf, value] : circuit.values) plan.set(leaf, value);
    plan.run();
    for (const NodeId output : circuit.outputs) {
      const ConstView value = plan.value(output);
      results[threads - 1].emplace_back(value.begin(), value.end());
    }
  }
  CHECK(results[0] == results[1]);
}

TEST_CASE("a carry hands a value on to the next run, in place or by a copy") {
  Graph graph;
  const Var w = graph.leaf(Role::kParameter, {3, 4}, "w");
  const Var v = graph.leaf(Role::kParameter, {4}, "v");
  const Var next_w = 0.5 * w + v;
  const Var next_v = v + mean(w, {0});  // w and v are read where both are written
  const std::vector<NodeId> outputs = {next_w.id()};
  for (const bool compile : {true, false}) {
    Plan plan(graph, outputs,
              {.compile = compile, .carries = {{next_w.id(), w.id()}, {next_v.id(), v.id()}}});
    plan.set(w.id(), Tensor({3, 4}, 2));
    plan.set(v.id(), Tensor({4}, 1));
    double expected_w = 2;
    double expected_v = 1;
    for (int i = 0; i < 5; ++i) {
      plan.run();
      const double old_w = expected_w;
      expected_w = 0.5 * old_w + expected_v;
      expected_v += old_w;
      CHECK(plan.value(w.id())(2, 3) == doctest::Approx(expected_w));
      CHECK(plan.value(v.id())(0, 1) == doctest::Approx(expected_v));
    }
  }
}

TEST_CASE("what was not asked for is an error, and a frozen parameter costs nothing") {
  Circuit circuit = testing::batch_norm(8, 3);
  Plan plan(circuit.graph, std::vector{circuit.outputs[0]}, {.compile = false});
  CHECK_THROWS_AS(plan.value(circuit.outputs[1]), Error);
  CHECK_THROWS_AS(plan.leaf(circuit.outputs[0]), Error);
  CHECK_THROWS_AS(plan.set(0, Tensor({2, 2})), Error);
  CHECK(plan.summary().nodes_after < plan.summary().nodes_before / 2);
}

TEST_CASE("without a compiler the plain kernels run") {
  ::setenv("BACKSTEP_COMPILER", "", 1);
  Circuit circuit = testing::batch_norm(8, 3);
  const Plan plan(circuit.graph, circuit.outputs);
  ::unsetenv("BACKSTEP_COMPILER");
  CHECK_FALSE(plan.summary().compiled);
  CHECK(plan.c_source().find("xhat") != std::string::npos);
}

TEST_CASE("the cache is private: a folder that others can get into is not used") {
  namespace fs = std::filesystem;
  const fs::path base = fs::temp_directory_path() / "backstep_cache_test";
  fs::remove_all(base);
  const char* old = std::getenv("XDG_CACHE_HOME");
  const std::string old_value = old == nullptr ? "" : old;
  ::setenv("XDG_CACHE_HOME", base.c_str(), 1);
  Circuit circuit = testing::batch_norm(8, 3);
  const auto is_compiled = [&] { return Plan(circuit.graph, circuit.outputs).summary().compiled; };
  CHECK(is_compiled());
  const fs::path folder = base / "backstep";
  CHECK(fs::status(folder).permissions() == fs::perms::owner_all);
  // A library that is not what its source says is built again.
  for (const fs::directory_entry& file : fs::directory_iterator(folder)) {
    if (file.path().extension() == ".c") std::ofstream(file.path()) << "int changed;";
  }
  CHECK(is_compiled());
  fs::permissions(folder, fs::perms::owner_all | fs::perms::others_read);
  CHECK_FALSE(is_compiled());
  fs::remove_all(folder);
  fs::create_directory_symlink(base, folder);
  CHECK_FALSE(is_compiled());
  if (old == nullptr) {
    ::unsetenv("XDG_CACHE_HOME");
  } else {
    ::setenv("XDG_CACHE_HOME", old_value.c_str(), 1);
  }
  fs::remove_all(base);
}

TEST_CASE("only plain names get into the C") {
  Graph graph;
  const Var a = graph.leaf(Role::kInput, {4, 3}, "a; system(\"x\");");
  const Var b = graph.leaf(Role::kInput, {4, 3}, "double");
  const Var c = testing::named(exp(a), "M_PI");
  const Var d = testing::named(sum(c * b, {0}), "총합");
  const Plan plan(graph, std::vector{d.id()});
  CHECK(plan.summary().compiled);
  for (const char* bad : {"system", "M_PI", "총합", "*restrict double,"}) {
    CAPTURE(bad);
    CHECK(plan.c_source().find(bad) == std::string::npos);
  }
}

// b = a + a; c = b + b; ... with a gradient for each.
struct Ladder {
  Graph graph;
  std::vector<NodeId> outputs;
  NodeId leaf = kNoNode;

  explicit Ladder(int nodes) {
    graph.reserve(static_cast<std::size_t>(nodes));
    Var last = graph.leaf(Role::kInput, {}, "a");
    leaf = last.id();
    for (int i = 1; i < nodes; ++i) last = i % 2 == 0 ? last + last : 0.5 * last;
    outputs = {last.id()};
  }
};

TEST_CASE("a ladder of 100,000 scalar nodes: one step each, and the right value") {
  for (const int nodes : {100'000, 100'001}) {
    const Ladder ladder(nodes);
    Plan plan(ladder.graph, ladder.outputs, {});
    CHECK(plan.summary().steps == static_cast<std::size_t>(nodes) - 1);
    plan.set(ladder.leaf, Tensor(Shape{}, 3));
    plan.run();
    CHECK(plan.value(ladder.outputs[0])(0, 0) == (nodes % 2 == 0 ? 1.5 : 3));
  }
}

}  // namespace
}  // namespace backstep
