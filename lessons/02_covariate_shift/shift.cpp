// The same probe goes through the net after each step of its training.
#include "shift.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "engine/differentiate.h"
#include "engine/plan/plan.h"
#include "engine/train/trainer.h"
#include "lessons/measure.h"

namespace backstep::lessons {
namespace {

using train::Dataset;
using train::NetGraph;
using train::NetShape;
using train::Parameters;

constexpr int kClasses = 10;
constexpr double kMomentum = 0.9;

std::string numbered(const char* name, int layer) { return fmt::format("{}{}", name, layer); }

// All values of the probe inside the net, and the gradients of the weights.
class Probe {
 public:
  Probe(const NetShape& shape, const Dataset& samples)
      : net_(train::training_graph(shape, samples.size())) {
    for (int layer = 1; layer <= kHiddenLayers; ++layer) {
      linear_.push_back(net_.graph.find(numbered("linear", layer)));
      relu_.push_back(is_plain(shape) ? linear_.back()
                                      : net_.graph.find(numbered("normed", layer)));
    }
    add_gradients();
    std::vector<NodeId> values = linear_;
    values.insert(values.end(), relu_.begin(), relu_.end());
    forward_ = plan_for(values, samples);
    backward_ = plan_for(gradients_, samples);
  }

  void forward(const Parameters& parameters) { run(*forward_, parameters, parameters, 0); }
  ConstView linear(std::size_t layer) const { return forward_->value(linear_[layer]); }
  ConstView relu(std::size_t layer) const { return forward_->value(relu_[layer]); }

  // Layers below number `upper`, from 1, by `lower`, the others by `rest`.
  void backward(const Parameters& lower, const Parameters& rest, int upper) {
    run(*backward_, lower, rest, upper);
  }
  ConstView gradient(std::size_t layer) const { return backward_->value(gradients_[layer]); }

 private:
  void add_gradients() {
    std::vector<NodeId> weights;
    for (int layer = 1; layer <= kHiddenLayers + 1; ++layer) {
      weights.push_back(net_.graph.find(numbered("W", layer)));
    }
    const Var seed = upstream_leaf(net_.graph, net_.loss);
    const Backward backward = differentiate(net_.graph, net_.loss, seed, weights);
    for (const NodeId weight : weights) gradients_.push_back(backward.gradient[weight]);
  }

  std::unique_ptr<Plan> plan_for(const std::vector<NodeId>& outputs, const Dataset& samples) {
    auto plan = std::make_unique<Plan>(net_.graph, outputs, PlanOptions{.compile = false});
    plan->set(net_.x, samples.x);
    Tensor y({samples.size(), kClasses});
    for (int row = 0; row < samples.size(); ++row) {
      y(row, samples.labels[static_cast<std::size_t>(row)]) = 1;
    }
    plan->set(net_.y, y);
    return plan;
  }

  void run(Plan& plan, const Parameters& lower, const Parameters& rest, int upper) {
    for (const NodeId leaf : net_.parameters) {
      const std::string& name = net_.graph.name(leaf);
      const int layer = std::stoi(name.substr(name.find_first_of("123456789")));
      plan.set(leaf, (layer < upper ? lower : rest).at(name));
    }
    plan.run();
  }

  NetGraph net_;
  std::vector<NodeId> linear_, relu_, gradients_;
  std::unique_ptr<Plan> forward_, backward_;
};

std::vector<double> sorted_column(ConstView values, int col) {
  std::vector<double> column;
  for (int row = 0; row < values.shape.rows(); ++row) column.push_back(values(row, col));
  std::sort(column.begin(), column.end());
  return column;
}

// One place of a layer as it was before the step, and at the start.
class Follower {
 public:
  explicit Follower(Path& path) : path_(&path) {}

  void note(ConstView now, bool pictured) {
    const double scale = deviation(now);
    if (path_->mean.empty()) {
      first_ = Tensor(now);
    } else {
      path_->moved.push_back(distance(before_, now) / path_->deviation.back());
      path_->far = distance(first_, now) / path_->deviation.front();
    }
    path_->mean.push_back(mean(now));
    path_->deviation.push_back(scale);
    if (pictured) path_->pictures.emplace_back(now);
    before_ = Tensor(now);
  }

 private:
  Path* path_;
  Tensor first_, before_;
};

// How much the gradients change when only the layers below make their step.
void note_turns(Probe& probe, const Parameters& before, const Parameters& after,
                std::vector<LayerPath>& paths) {
  probe.backward(before, before, 0);
  std::vector<Tensor> old;
  for (std::size_t i = 0; i < paths.size(); ++i) old.emplace_back(probe.gradient(i));
  for (std::size_t i = 0; i < paths.size(); ++i) {
    probe.backward(after, before, static_cast<int>(i) + 1);
    const Tensor change = difference(probe.gradient(i), old[i]);
    paths[i].turned.push_back(root_mean_square(change) / root_mean_square(old[i]));
  }
}

}  // namespace

std::vector<int> ShiftSettings::pictured() const {
  constexpr int kPictures = 6;
  std::vector<int> chosen;
  for (int i = 0; i <= kPictures; ++i) chosen.push_back(steps * i / kPictures);
  return chosen;
}

double distance(ConstView before, ConstView after) {
  double total = 0;
  for (int col = 0; col < before.shape.cols(); ++col) {
    const std::vector<double> a = sorted_column(before, col);
    const std::vector<double> b = sorted_column(after, col);
    for (std::size_t i = 0; i < a.size(); ++i) total += std::abs(a[i] - b[i]);
  }
  return total / static_cast<double>(before.size());
}

ShiftResult follow(const Digits& digits, const NetShape& shape, const ShiftSettings& settings,
                   std::int64_t seed) {
  train::TrainOptions options;
  options.batch = settings.batch;
  options.seed = seed;
  options.epochs = settings.steps;  // more than enough: the steps end it
  options.optimizer = train::Sgd{settings.rate, kMomentum, 0};
  options.compile = options.rewrite = false;
  train::Trainer trainer(shape, options);
  Probe probe(shape, train::slice(digits.held_out, 0, settings.probe));

  ShiftResult result;
  std::vector<LayerPath>& paths = result.layers;
  paths.resize(kHiddenLayers + 1);
  std::vector<Follower> linear, relu;
  for (int i = 0; i < kHiddenLayers; ++i) {
    linear.emplace_back(paths[static_cast<std::size_t>(i)].linear);
    relu.emplace_back(paths[static_cast<std::size_t>(i)].relu);
  }
  const std::vector<int> pictured = settings.pictured();
  const auto note = [&](const Parameters& parameters, std::int64_t step) {
    const bool seen = std::find(pictured.begin(), pictured.end(), step) != pictured.end();
    probe.forward(parameters);
    for (std::size_t i = 0; i < kHiddenLayers; ++i) {
      linear[i].note(probe.linear(i), false);
      relu[i].note(probe.relu(i), seen);
    }
  };
  Parameters before = trainer.parameters();
  note(before, 0);
  trainer.fit(digits.training, {}, [&](const train::Progress& now) {
    Parameters after = trainer.parameters();
    if (now.step % settings.turn_each == 0) note_turns(probe, before, after, paths);
    note(after, now.step);
    before = std::move(after);
    return now.step < settings.steps;
  });
  result.accuracy = train::accuracy(shape, trainer.parameters(), digits.held_out);
  return result;
}

}  // namespace backstep::lessons
