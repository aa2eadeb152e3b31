// Training: the plan against recorded steps, MNIST from a seed, optimisers, files, NaN.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "engine/differentiate.h"
#include "engine/evaluate.h"
#include "engine/read/numpy_random.h"
#include "engine/train/trainer.h"
#include "tests/plan/circuits.h"

namespace backstep::train {
namespace {

namespace fs = std::filesystem;

struct Batch {
  Tensor x;
  std::vector<int> labels;
};

Batch random_batch(int rows, int cols, std::int64_t seed) {
  read::LegacyRandom random(seed);
  Batch batch{random.randn(Shape{rows, cols}), {}};
  for (int i = 0; i < rows; ++i) batch.labels.push_back(static_cast<int>(random.randint(10)));
  return batch;
}

// The same training by the recorded run and plain loops over the numbers.
Parameters recorded_steps(const NetShape& shape, const TrainOptions& options, int steps) {
  Parameters parameters = initial_parameters(shape, options.seed);
  Parameters velocity;
  const Sgd sgd = std::get<Sgd>(options.optimizer);
  for (int step = 0; step < steps; ++step) {
    NetGraph net = training_graph(shape, options.batch);
    const Batch batch = random_batch(options.batch, shape.widths[0], step);
    Values values;
    values.emplace(net.x, batch.x);
    Tensor y({options.batch, shape.widths.back()});
    for (int i = 0; i < options.batch; ++i) y(i, batch.labels[static_cast<std::size_t>(i)]) = 1;
    values.emplace(net.y, y);
    std::vector<NodeId> trained;
    for (const NodeId leaf : net.parameters) {
      values.emplace(leaf, parameters.at(net.graph.node(leaf).name));
      if (net.graph.node(leaf).role == Role::kParameter) trained.push_back(leaf);
    }
    const Var seed = upstream_leaf(net.graph, net.loss);
    const Backward backward = differentiate(net.graph, net.loss, seed, trained);
    const Trace trace = evaluate(std::move(net.graph), values);
    for (const NodeId leaf : trained) {
      const std::string& name = trace.graph().node(leaf).name;
      Tensor& w = parameters.at(name);
      Tensor& v = velocity.try_emplace(name, Tensor(w.shape())).first->second;
      const ConstView gradient = trace.value(backward.gradient[leaf]);
      for (std::size_t i = 0; i < gradient.size(); ++i) {
        double& speed = v.view().data[i];
        double& weight = w.view().data[i];
        speed = sgd.momentum * speed + gradient.data[i] + sgd.weight_decay * weight;
        weight -= sgd.rate * speed;
      }
    }
    for (const auto& [from, leaf] : net.running) {
      Tensor& kept = parameters.at(trace.graph().node(leaf).name);
      for (std::size_t i = 0; i < kept.data().size(); ++i) {
        double& value = kept.view().data[i];
        value = options.running.kept() * value +
                (1 - options.running.kept()) * trace.value(from).data[i];
      }
    }
  }
  return parameters;
}

TEST_CASE("50 training steps of a two-layer net: the plan equals the recorded run") {
  const NetShape shape{{12, 9, 10}};
  TrainOptions options;
  options.batch = 20;
  options.optimizer = Sgd{0.05, 0.9, 1e-3};
  const Parameters expected = recorded_steps(shape, options, 50);
  for (const bool compile : {true, false}) {
    options.compile = compile;
    Trainer trainer(shape, options);
    for (int step = 0; step < 50; ++step) {
      const Batch batch = random_batch(options.batch, 12, step);
      trainer.step(batch.x, batch.labels);
    }
    for (const auto& [name, value] : trainer.parameters()) {
      CAPTURE(name);
      CHECK(testing::difference(expected.at(name), value) <= 1e-12);
    }
  }
}

TEST_CASE("Adam: the first steps as the paper has them") {
  Graph graph;
  const Var w = graph.leaf(Role::kParameter, {1, 2}, "w");
  const Var gradient = 2 * w;  // of the sum of squares
  const std::vector<ParameterGradient> gradients = {{w.id(), gradient.id()}};
  const Update update = add_update(graph, gradients, Adam{0.1});
  const std::vector<NodeId> outputs = {gradient.id()};
  Plan plan(graph, outputs, {.carries = update.carries});
  plan.set(w.id(), Tensor({1, 2}, 3));
  double weight = 3, m = 0, v = 0;
  for (int t = 1; t <= 10; ++t) {
    plan.run();
    const double g = 2 * weight;
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    weight -= 0.1 * (m / (1 - std::pow(0.9, t))) / (std::sqrt(v / (1 - std::pow(0.999, t))) + 1e-8);
    CHECK(plan.value(w.id())(0, 1) == doctest::Approx(weight).epsilon(1e-12));
  }
}

TEST_CASE("MNIST 8 x 8: 64-100-100-10 reaches 0.94 on 2,000 held-out digits, the same bits twice") {
  const Dataset all = mnist_8x8(fs::path(BACKSTEP_ROOT) / "lessons/data");
  const Dataset training = slice(all, 0, 8000);
  const Dataset held_out = slice(all, 8000, 10000);
  const NetShape shape{{64, 100, 100, 10}};
  TrainOptions options;
  options.epochs = 8;
  options.optimizer = Sgd{0.1, 0.9, 1e-4};
  options.schedule = cosine_decay(0.1, options.epochs);
  Parameters first;
  for (int run = 0; run < 2; ++run) {
    Trainer trainer(shape, options);
    trainer.fit(training);
    if (run == 0) first = trainer.parameters();
    const double reached = accuracy(shape, trainer.parameters(), held_out);
    MESSAGE("accuracy " << reached);
    CHECK(reached >= 0.94);
    for (const auto& [name, value] : trainer.parameters()) {
      CHECK(value.data() == first.at(name).data());
    }
  }
}

TEST_CASE("both conventions of the momentum of running statistics") {
  CHECK(RunningStatistics{0.9, MomentumMeans::kKeep}.kept() == doctest::Approx(0.9));
  CHECK(RunningStatistics{0.1, MomentumMeans::kTake}.kept() == doctest::Approx(0.9));
}

TEST_CASE("schedules") {
  CHECK(constant_rate(0.3)(100) == 0.3);
  CHECK(step_decay(1, 10, 0.5)(9) == 1);
  CHECK(step_decay(1, 10, 0.5)(20) == 0.25);
  CHECK(cosine_decay(2, 10)(5) == doctest::Approx(1));
  CHECK(cosine_decay(2, 10)(10) == doctest::Approx(0));
}

TEST_CASE("early stop and callbacks") {
  const Batch batch = random_batch(40, 6, 1);
  const Dataset data{batch.x, batch.labels};
  TrainOptions options;
  options.batch = 20;
  options.epochs = 50;
  options.optimizer = Sgd{0, 0, 0};  // nothing is learnt
  options.patience = 3;
  options.compile = false;
  int epochs = 0;
  Trainer({{6, 4, 10}, false}, options).fit(data, [&](const Progress&) { return ++epochs < 1000; });
  CHECK(epochs < 50);
  epochs = 0;
  Trainer({{6, 4, 10}}, options).fit(data, [&](const Progress&) { return ++epochs < 2; });
  CHECK(epochs == 2);
}

TEST_CASE("a NaN stops the training with the step and the node where it arose") {
  TrainOptions options;
  options.batch = 8;
  options.compile = false;
  Trainer trainer({{4, 5, 10}}, options);
  Batch batch = random_batch(8, 4, 3);
  trainer.step(batch.x, batch.labels);
  batch.x(3, 2) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH_AS(trainer.step(batch.x, batch.labels),
                       doctest::Contains("step 2: x is not finite"), Error);
}

TEST_CASE("a net is saved and loaded; a save that fails leaves the old file whole") {
  const fs::path folder = fs::temp_directory_path() / "backstep_train_test";
  fs::remove_all(folder);
  const NetShape shape{{5, 4, 3}};
  const Parameters parameters = initial_parameters(shape, 4);
  const std::string path = (folder / "net.npz").string();
  save(parameters, path);
  for (const auto& [name, value] : load(shape, path)) {
    CHECK(value.data() == parameters.at(name).data());
  }
  CHECK_THROWS_WITH_AS(load({{5, 4, 4, 3}}, path), doctest::Contains("net.npz"), Error);
  CHECK_THROWS_AS(load({{6, 4, 3}}, path), Error);
  Parameters bad = parameters;
  bad.emplace("a/b", Tensor());
  CHECK_THROWS_AS(save(bad, path), Error);
  CHECK(load(shape, path).size() == parameters.size());
  fs::remove_all(folder);
}

TEST_CASE("labels and batches that do not fit are refused") {
  TrainOptions options;
  options.batch = 2;
  options.compile = false;
  Trainer trainer({{4, 3}}, options);
  const std::vector<int> out_of_range = {0, 3};
  const std::vector<int> too_few = {0};
  CHECK_THROWS_AS(trainer.step(Tensor({2, 4}), out_of_range), Error);
  CHECK_THROWS_AS(trainer.step(Tensor({2, 4}), too_few), Error);
  CHECK_THROWS_AS(trainer.step(Tensor({2, 5}), std::vector<int>{0, 1}), Error);
}

}  // namespace
}  // namespace backstep::train
