// Times of planned runs, one line of JSON a case: what compare_with_pytorch.py sets beside PyTorch.
// Without arguments all cases; else those whose names contain the argument. Commands on standard
// input ("CASE" a line) time one case each, so that the two can take turns.
#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "engine/differentiate.h"
#include "engine/plan/plan.h"
#include "engine/read/numpy_random.h"
#include "engine/train/trainer.h"

namespace backstep {
namespace {

double microseconds() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double, std::micro>(Clock::now().time_since_epoch()).count();
}

// The shortest of as many runs as fit into `budget` microseconds, at least five.
double shortest(const std::function<void()>& run, double budget = 4e5) {
  run();
  double best = 1e18;
  const double start = microseconds();
  for (int i = 0; i < 5 || microseconds() - start < budget; ++i) {
    const double begin = microseconds();
    run();
    best = std::min(best, microseconds() - begin);
  }
  return best;
}

double time_step(const std::vector<int>& widths, int batch) {
  train::TrainOptions options;
  options.batch = batch;
  train::Trainer trainer({widths}, options);
  read::LegacyRandom random(1);
  const Tensor x = random.randn(Shape{batch, widths[0]});
  std::vector<int> labels;
  for (int i = 0; i < batch; ++i) labels.push_back(static_cast<int>(random.randint(10)));
  return shortest([&] { trainer.step(x, labels); });
}

double time_batch_norm(int rows, int cols) {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {rows, cols}, "x");
  const Var gamma = graph.leaf(Role::kParameter, {cols}, "gamma");
  const Var beta = graph.leaf(Role::kParameter, {cols}, "beta");
  const Var eps = graph.leaf(Role::kConstant, {}, "eps", 1e-6);
  const Var mu = mean(x, {0});
  const Var xmu = x - mu;
  const Var var = mean(square(xmu), {0});
  const Var ivar = invert(sqrt_eps(var, eps));
  const Var xhat = xmu * ivar;
  const Var scaled = gamma * xhat;
  const Var out = scaled + beta;
  const Var dout = upstream_leaf(graph, out.id());
  const std::vector<NodeId> leaves = {x.id(), gamma.id(), beta.id()};
  const Backward backward = differentiate(graph, out.id(), dout, leaves);
  std::vector<NodeId> outputs = {out.id()};
  for (const NodeId leaf : leaves) outputs.push_back(backward.gradient[leaf]);
  Plan plan(graph, outputs);
  read::LegacyRandom random(1);
  for (const Var leaf : {x, gamma, beta, dout}) {
    plan.set(leaf.id(), random.randn(leaf.shape()));
  }
  return shortest([&] { plan.run(); });
}

struct Case {
  std::string name;
  std::function<double()> time;
};

std::vector<Case> all_cases() {
  return {{"step 64-32-32-10 batch 32",
           [] {
             return time_step({64, 32, 32, 10}, 32);
           }},
          {"step 64-100-100-100-10 batch 64",
           [] {
             return time_step({64, 100, 100, 100, 10}, 64);
           }},
          {"step 784-256-256-256-10 batch 256",
           [] {
             return time_step({784, 256, 256, 256, 10}, 256);
           }},
          {"bn 50x50", [] { return time_batch_norm(50, 50); }},
          {"bn 256x256", [] { return time_batch_norm(256, 256); }},
          {"bn 4096x256", [] { return time_batch_norm(4096, 256); }},
          {"bn 65536x128", [] { return time_batch_norm(65536, 128); }}};
}

void time_all(const std::string& wanted) {
  for (const Case& one : all_cases()) {
    if (one.name.find(wanted) == std::string::npos) continue;
    fmt::print("{{\"case\": \"{}\", \"ours_us\": {:.3f}}}\n", one.name, one.time());
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace backstep

int main(int argc, char** argv) {
  if (argc > 1 && std::string(argv[1]) == "-") {
    for (std::string line; std::getline(std::cin, line);) backstep::time_all(line);
  } else {
    backstep::time_all(argc > 1 ? argv[1] : "");
  }
}
