// Training: the plan against recorded steps, MNIST from a seed, optimisers, files, NaN.
#include <doctest/doctest.h>
#include <sys/resource.h>

#include <cmath>
#include <csignal>
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
  const std::pair<bool, bool> ways[] = {{true, true}, {false, true}, {false, false}};
  for (const auto& [compile, rewrite] : ways) {
    options.compile = compile;
    options.rewrite = rewrite;
    Trainer trainer(shape, options);
    for (int step = 0; step < 50; ++step) {
      const Batch batch = random_batch(options.batch, 12, step);
      trainer.step(batch.x, batch.labels);
    }
    for (const auto& parameter : trainer.parameters()) {
      CAPTURE(parameter.first);
      CHECK(testing::difference(expected.at(parameter.first), parameter.second) <= 1e-12);
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

// The text of the error that a step throws; empty if it throws none.
std::string error_of(Trainer& trainer, const Batch& batch) {
  try {
    trainer.step(batch.x, batch.labels);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

constexpr const char* kCause = "; is the learning rate too high, or is a NaN in the data?";

TEST_CASE("a NaN in the data stops the training with the step and the node where it arose") {
  TrainOptions options;
  options.batch = 8;
  options.compile = false;
  Trainer trainer({{4, 5, 10}}, options);
  Batch batch = random_batch(8, 4, 3);
  trainer.step(batch.x, batch.labels);
  const Parameters before = trainer.parameters();
  batch.x(3, 2) = std::numeric_limits<double>::quiet_NaN();
  CHECK(error_of(trainer, batch) == std::string("step 2: x is not finite") + kCause);
  for (const auto& [name, value] : trainer.parameters()) {
    CHECK(value.data() == before.at(name).data());
  }
}

TEST_CASE("an infinity is named where it arose: forward, in a gradient, in an update") {
  TrainOptions options;
  options.batch = 8;
  options.compile = false;
  Batch batch = random_batch(8, 4, 3);
  for (double& value : batch.x.view()) value *= 1e200;
  Trainer forward({{4, 5, 10}}, options);
  CHECK(error_of(forward, batch) == std::string("step 1: sq1 is not finite") + kCause);

  // The scores are small, but what goes back through W2 is beyond a double.
  const NetShape plain{{4, 5, 10}, false};
  Parameters parameters = initial_parameters(plain, 1);
  for (double& value : parameters.at("W1").view()) value *= 1e-305;
  for (double& value : parameters.at("W2").view()) value *= 1e300;
  for (double& value : batch.x.view()) value *= 1e-190;
  Trainer backward(plain, options, parameters);
  CHECK(error_of(backward, batch) == std::string("step 1: dW1 is not finite") + kCause);

  options.optimizer = Sgd{std::numeric_limits<double>::infinity(), 0, 0};
  const Batch small = random_batch(8, 4, 3);
  Trainer update(plain, options);
  CHECK(error_of(update, small) == std::string("step 1: the update of W1 is not finite") + kCause);
}

TEST_CASE("values of a step are watched by name") {
  TrainOptions options;
  options.batch = 8;
  options.watched = {"linear1", "mu1", "dW1", "scores", "dlinear1"};
  const NetShape shape{{4, 5, 10}};
  Trainer trainer(shape, options);
  const Batch batch = random_batch(8, 4, 3);
  int steps = 0;
  trainer.fit({batch.x, batch.labels}, {}, [&](const Progress& now) {
    CHECK(now.step == ++steps);
    const ConstView linear = trainer.value("linear1");
    double total = 0;
    for (int row = 0; row < 8; ++row) total += linear(row, 2);
    CHECK(trainer.value("mu1")(0, 2) == doctest::Approx(total / 8));
    // What goes into batch norm has a gradient that sums to 0 over the batch.
    total = 0;
    for (int row = 0; row < 8; ++row) total += trainer.value("dlinear1")(row, 2);
    CHECK(std::fabs(total) < 1e-12);
    CHECK(trainer.value("dW1").shape == Shape{4, 5});
    return true;
  });
  CHECK(steps == options.epochs);
  CHECK_THROWS_WITH_AS(trainer.value("mu2"), "mu2 is not watched: name it in TrainOptions::watched",
                       Error);
  options.watched = {"xhat9"};
  CHECK_THROWS_WITH_AS(Trainer(shape, options),
                       "no value of the training step is called xhat9; those of layer 1 are "
                       "linear1, normed1, relu1, W1, dW1, ...",
                       Error);
}

TEST_CASE("frozen parameters and frozen statistics are two switches") {
  const NetShape shape{{4, 6, 5, 10}};
  const Batch batch = random_batch(8, 4, 3);
  TrainOptions options;
  options.batch = 8;
  const auto changed = [&] {
    Trainer trainer(shape, options);
    const Parameters before = trainer.parameters();
    trainer.step(batch.x, batch.labels);
    std::vector<std::string> names;
    for (const auto& [name, value] : trainer.parameters()) {
      if (value.data() != before.at(name).data()) names.push_back(name);
    }
    return names;
  };
  using Names = std::vector<std::string>;
  const Names head = {"W3", "b3"};
  options.frozen = {2, 2};
  CHECK(changed() == head);
  options.frozen = {2, 0};
  CHECK(changed() ==
        Names{"W3", "b3", "running_mean1", "running_mean2", "running_var1", "running_var2"});
  options.frozen = {0, 2};
  CHECK(changed() == Names{"W1", "W2", "W3", "b3", "beta1", "beta2", "gamma1", "gamma2"});

  options.frozen = {};
  const PlanSummary all = Trainer(shape, options).plan().summary();
  options.frozen = {2, 2};
  const PlanSummary few = Trainer(shape, options).plan().summary();
  CHECK(few.nodes_after < all.nodes_after / 2);
  // Forward as before; backward only the head's weights.
  const double forward = 8 * (4 * 6 + 6 * 5 + 5 * 10);
  CHECK(few.multiply_adds == forward + 8 * 5 * 10);
}

TEST_CASE("distillation: the loss and its gradient as the formula has them") {
  const NetShape shape{{4, 10}};
  const Distillation distillation{3, 0.7, 0.2};
  const Batch batch = random_batch(6, 4, 3);
  const Tensor teacher = read::LegacyRandom(9).randn(Shape{6, 10});
  TrainOptions options;
  options.batch = 6;
  options.distillation = distillation;
  options.watched = {"dscores"};
  Trainer trainer(shape, options);
  const Parameters parameters = trainer.parameters();
  const double loss = trainer.step(batch.x, batch.labels, teacher);

  const Tensor z = scores(shape, parameters, batch.x);
  const Tensor p = softmax(z), soft_p = softmax(z, 3), soft_t = softmax(teacher, 3);
  double expected = 0;
  for (int row = 0; row < 6; ++row) {
    const int label = batch.labels[static_cast<std::size_t>(row)];
    expected -= 0.2 * std::log(p(row, label)) / 6;
    for (int c = 0; c < 10; ++c) {
      expected -= 0.7 * 9 * soft_t(row, c) * std::log(soft_p(row, c)) / 6;
      const double gradient = 0.2 * (p(row, c) - (c == label ? 1 : 0)) / 6 +
                              0.7 * 3 * (soft_p(row, c) - soft_t(row, c)) / 6;
      CHECK(trainer.value("dscores")(row, c) == doctest::Approx(gradient).epsilon(1e-9));
    }
  }
  CHECK(loss == doctest::Approx(expected));

  Dataset data{batch.x, batch.labels};
  CHECK_THROWS_WITH_AS(trainer.fit(data),
                       "6 samples need the scores of a teacher each: set Dataset::teacher", Error);
  data.teacher = teacher;
  CHECK(slice(data, 2, 4).teacher->data() == slice({teacher, data.labels}, 2, 4).x.data());
  trainer.fit(data);
  options.distillation = Distillation{0, 1, 0};
  CHECK_THROWS_WITH_AS(Trainer(shape, options), "a temperature of 0: it must be above 0", Error);
}

TEST_CASE("another normaliser in place of batch norm") {
  const NetShape shape{.widths = {4, 6, 10}, .normaliser = layer_norm()};
  TrainOptions options;
  options.batch = 8;
  options.watched = {"normed1"};
  Trainer trainer(shape, options);
  const Parameters parameters = trainer.parameters();
  CHECK(parameters.count("running_mean1") == 0);
  const Batch batch = random_batch(8, 4, 3);
  const double loss = trainer.step(batch.x, batch.labels);
  double total = 0;
  for (int c = 0; c < 6; ++c) total += trainer.value("normed1")(3, c);
  CHECK(std::fabs(total) < 1e-12);
  // The same in training and in use.
  CHECK(mean_loss(shape, parameters, {batch.x, batch.labels}) == doctest::Approx(loss));
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
  const auto error_of_load = [&](const NetShape& other) -> std::string {
    try {
      load(other, path);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  CHECK(error_of_load({{5, 4, 4, 3}}) == path + ": W2 is (4, 3), but this net needs (4, 4)");
  CHECK(error_of_load({{6, 4, 3}}) == path + ": W1 is (5, 4), but this net needs (6, 4)");
  CHECK(error_of_load({{5, 4, 3}, false}) ==
        path + ": b1 is missing; it was saved from a net of another shape");

  const auto bytes = [&] {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  const std::string whole = bytes();
  Parameters bad = parameters;
  bad.emplace("a/b", Tensor());
  CHECK_THROWS_AS(save(bad, path), Error);
  CHECK(bytes() == whole);
  // No room for more than 100 bytes in a file: the write itself fails.
  struct rlimit old {};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const struct rlimit little { 100, old.rlim_max };
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &little);
  CHECK_THROWS_AS(save(parameters, path), Error);
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);
  CHECK(bytes() == whole);
  CHECK(std::distance(fs::directory_iterator(folder), {}) == 1);  // nothing half written is left
  fs::remove_all(folder);
}

TEST_CASE("labels, batches and parameters that do not fit are refused") {
  TrainOptions options;
  options.batch = 2;
  options.compile = false;
  Trainer trainer({{4, 3}}, options);
  const Tensor x({2, 4});
  const std::vector<int> good = {0, 1}, out_of_range = {0, 3}, too_few = {0};
  CHECK_THROWS_WITH_AS(trainer.step(x, out_of_range), "sample 1: label 3 is outside 0 .. 2", Error);
  CHECK_THROWS_WITH_AS(trainer.step(x, too_few), "a batch of 2 samples has 1 labels", Error);
  CHECK_THROWS_WITH_AS(trainer.step(Tensor({2, 5}), good),
                       "x is (2, 4) in this plan, but its value is (2, 5)", Error);
  CHECK_THROWS_WITH_AS(trainer.fit({Tensor({1, 4}), {0}}),
                       "1 samples with 1 labels do not fill a batch of 2", Error);
  CHECK_THROWS_WITH_AS(Trainer({{4, 3}}, options, initial_parameters({{4, 2}}, 0)),
                       "the parameter W1 is (4, 2), but this net needs (4, 3)", Error);
  CHECK_THROWS_WITH_AS(Trainer({{4, 3}}, options, {}), "the parameter W1 is missing", Error);
  CHECK_THROWS_WITH_AS(Trainer({{4}}, options),
                       "a net needs the widths of its inputs and its classes", Error);
}

}  // namespace
}  // namespace backstep::train
