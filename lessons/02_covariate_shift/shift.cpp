// The same probe goes through the net after each step of its training.
#include "shift.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string>

#include "engine/plan/plan.h"
#include "engine/train/trainer.h"

namespace backstep::lessons {
namespace {

using train::NetGraph;
using train::NetShape;
using train::Parameters;

NetShape shape_of(const ShiftNet& net) {
  NetShape shape{{64, 50, 50, 50, 10}};
  shape.batch_norm = net.batch_norm;
  shape.normaliser = net.normaliser;
  return shape;
}

// What each ReLU gets for the probe, with the statistics of the probe.
class Probe {
 public:
  Probe(const NetShape& shape, const Tensor& x) : net_(train::training_graph(shape, x.shape().rows)) {
    const bool plain = !shape.batch_norm && !shape.normaliser;
    for (int layer = 1; layer <= kHiddenLayers; ++layer) {
      nodes_.push_back(net_.graph.find(fmt::format("{}{}", plain ? "linear" : "normed", layer)));
    }
    plan_ = std::make_unique<Plan>(net_.graph, nodes_, PlanOptions{.compile = false});
    plan_->set(net_.x, x);
  }

  std::vector<Tensor> operator()(const Parameters& parameters) {
    for (const NodeId leaf : net_.parameters) {
      plan_->set(leaf, parameters.at(net_.graph.name(leaf)));
    }
    plan_->run();
    std::vector<Tensor> values;
    for (const NodeId node : nodes_) values.emplace_back(plan_->value(node));
    return values;
  }

 private:
  NetGraph net_;
  std::vector<NodeId> nodes_;
  std::unique_ptr<Plan> plan_;
};

double mean_of(ConstView values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviation_of(ConstView values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

std::vector<double> sorted_column(ConstView values, int col) {
  std::vector<double> column;
  for (int row = 0; row < values.shape.rows; ++row) column.push_back(values(row, col));
  std::sort(column.begin(), column.end());
  return column;
}

// Wasserstein's distance of order 1, averaged over the units.
double distance(ConstView before, ConstView after) {
  double total = 0;
  for (int col = 0; col < before.shape.cols; ++col) {
    const std::vector<double> a = sorted_column(before, col);
    const std::vector<double> b = sorted_column(after, col);
    for (std::size_t i = 0; i < a.size(); ++i) total += std::abs(a[i] - b[i]);
  }
  return total / static_cast<double>(before.size());
}

void note(LayerPath& path, const Tensor& values, bool pictured) {
  path.mean.push_back(mean_of(values));
  path.deviation.push_back(deviation_of(values));
  if (pictured) path.pictures.push_back(values);
}

}  // namespace

std::vector<LayerPath> follow(const Digits& digits, const ShiftNet& net,
                              const ShiftSettings& settings, std::int64_t seed) {
  const NetShape shape = shape_of(net);
  train::TrainOptions options;
  options.batch = settings.batch;
  options.seed = seed;
  options.epochs = settings.steps;  // more than enough: the steps end it
  options.optimizer = train::Sgd{settings.rate, 0.9, 0};
  options.compile = false;
  train::Trainer trainer(shape, options);
  Probe probe(shape, train::slice(digits.held_out, 0, settings.probe).x);
  const auto is_pictured = [&](std::int64_t step) {
    return std::find(settings.pictured.begin(), settings.pictured.end(), step) !=
           settings.pictured.end();
  };

  std::vector<LayerPath> paths(kHiddenLayers);
  std::vector<Tensor> first = probe(trainer.parameters());
  std::vector<Tensor> before = first;
  for (int i = 0; i < kHiddenLayers; ++i) note(paths[i], first[i], is_pictured(0));
  trainer.fit(digits.training, {}, [&](const train::Progress& now) {
    std::vector<Tensor> after = probe(trainer.parameters());
    for (int i = 0; i < kHiddenLayers; ++i) {
      paths[i].moved.push_back(distance(before[i], after[i]) / paths[i].deviation.back());
      note(paths[i], after[i], is_pictured(now.step));
    }
    before = std::move(after);
    return now.step < settings.steps;
  });
  for (int i = 0; i < kHiddenLayers; ++i) {
    paths[i].far = distance(first[i], before[i]) / paths[i].deviation.front();
  }
  return paths;
}

}  // namespace backstep::lessons
