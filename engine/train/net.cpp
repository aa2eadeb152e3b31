// A classifier of fully connected layers: its parameters, its graphs, its file.
#include "engine/train/net.h"

#include <fmt/core.h>

#include <cmath>

#include "engine/read/npz.h"
#include "engine/read/numpy_random.h"
#include "engine/write/npz.h"

namespace backstep::train {
namespace {

std::string numbered(std::string_view name, int layer) { return fmt::format("{}{}", name, layer); }

Var log_softmax(Var scores) {
  const Var shifted = scores - max(scores, {1}, true);
  const Var total = sum(exp(shifted), {1}, true);
  return shifted - log(total);
}

class Builder {
 public:
  Builder(const NetShape& shape, int batch, bool training, const TrainingGraphOptions& options)
      : shape_(shape), batch_(batch), training_(training), options_(options) {}

  NetGraph build() {
    const Var x = net_.graph.leaf(Role::kConstant, {batch_, shape_.widths.front()}, "x");
    net_.x = x.id();
    Var value = x;
    for (int layer = 1; layer < shape_.layers(); ++layer) value = hidden(value, layer);
    const int last = shape_.layers();
    const Var product = matmul(value, weight(last));
    const Var scores = product + parameter("b", last, {width(last)});
    net_.scores = scores.id();
    net_.graph.set_name(scores.id(), "scores");
    if (training_) add_loss(scores);
    return std::move(net_);
  }

 private:
  int width(int layer) const { return shape_.widths[static_cast<std::size_t>(layer)]; }

  Var parameter(std::string_view name, int layer, Shape shape) {
    const Var leaf = net_.graph.leaf(Role::kParameter, shape, numbered(name, layer));
    net_.parameters.push_back(leaf.id());
    if (layer > options_.frozen.parameters) net_.trained.push_back(leaf.id());
    return leaf;
  }

  Var weight(int layer) { return parameter("W", layer, {width(layer - 1), width(layer)}); }

  Var running(std::string_view name, int layer) {
    const Var leaf = net_.graph.leaf(Role::kConstant, {width(layer)}, numbered(name, layer));
    net_.parameters.push_back(leaf.id());
    return leaf;
  }

  Var named(Var var, std::string_view name, int layer) {
    net_.graph.set_name(var.id(), numbered(name, layer));
    return var;
  }

  Var hidden(Var x, int layer) {
    const bool plain = !shape_.batch_norm && !shape_.normaliser;
    Var value = matmul(x, weight(layer));
    // Batch norm subtracts the mean, and a bias with it: its beta is the bias.
    if (plain) value = value + parameter("b", layer, {width(layer)});
    named(value, "linear", layer);
    if (!plain) {
      const Var gamma = parameter("gamma", layer, {width(layer)});
      const Var beta = parameter("beta", layer, {width(layer)});
      value = shape_.normaliser ? shape_.normaliser(value, gamma, beta)
                                : batch_norm(value, gamma, beta, layer);
      named(value, "normed", layer);
    }
    return named(relu(value), "relu", layer);
  }

  Var batch_norm(Var x, Var gamma, Var beta, int layer) {
    const Var kept_mean = running("running_mean", layer);
    const Var kept_var = running("running_var", layer);
    const bool by_batch = training_ && layer > options_.frozen.statistics;
    const Var mu = by_batch ? named(mean(x, {0}), "mu", layer) : kept_mean;
    const Var xmu = named(x - mu, "xmu", layer);
    Var var = kept_var;
    if (by_batch) {
      const Var sq = named(square(xmu), "sq", layer);
      var = named(mean(sq, {0}), "var", layer);
      net_.running.push_back({mu.id(), kept_mean.id()});
      net_.running.push_back({var.id(), kept_var.id()});
    }
    const Var sqrtvar = named(sqrt(var + shape_.epsilon), "sqrtvar", layer);
    const Var ivar = named(invert(sqrtvar), "ivar", layer);
    const Var xhat = named(xmu * ivar, "xhat", layer);
    const Var gammax = named(gamma * xhat, "gammax", layer);
    return gammax + beta;
  }

  void add_loss(Var scores) {
    const Var y = net_.graph.leaf(Role::kConstant, scores.shape(), "y");
    net_.y = y.id();
    Var loss;
    if (options_.distillation) {
      loss = distillation_loss(*options_.distillation, scores, y);
    } else {
      loss = cross_entropy(1, y, scores);
    }
    net_.loss = loss.id();
    net_.graph.set_name(loss.id(), "loss");
  }

  // weight * the mean over the batch.
  Var cross_entropy(double weight, Var targets, Var scores) {
    const Var picked = sum(targets * log_softmax(scores));
    return -weight / batch_ * picked;
  }

  Var distillation_loss(const Distillation& distillation, Var scores, Var y) {
    const double t = distillation.temperature;
    const Var teacher = net_.graph.leaf(Role::kConstant, scores.shape(), "teacher");
    net_.teacher = teacher.id();
    const Var soft_targets = exp(log_softmax(1 / t * teacher));
    net_.graph.set_name(soft_targets.id(), "soft_targets");
    const Var soft = cross_entropy(distillation.soft * t * t, soft_targets, 1 / t * scores);
    if (distillation.hard == 0) return soft;
    const Var hard = cross_entropy(distillation.hard, y, scores);
    return soft + hard;
  }

  const NetShape& shape_;
  int batch_;
  bool training_;
  const TrainingGraphOptions& options_;
  NetGraph net_;
};

void check(const NetShape& shape, int batch) {
  if (shape.widths.size() < 2) throw Error("a net needs the widths of its inputs and its classes");
  for (const int width : shape.widths) checked_shape({batch, width});
}

}  // namespace

Normaliser layer_norm(double epsilon) {
  return [epsilon](Var x, Var gamma, Var beta) {
    const Var mu = mean(x, {1}, true);
    const Var xmu = x - mu;
    const Var var = mean(square(xmu), {1}, true);
    const Var ivar = invert(sqrt(var + epsilon));
    const Var xhat = xmu * ivar;
    const Var gammax = gamma * xhat;
    return gammax + beta;
  };
}

NetGraph training_graph(const NetShape& shape, int batch, const TrainingGraphOptions& options) {
  check(shape, batch);
  if (options.distillation && !(options.distillation->temperature > 0)) {
    throw Error(
        fmt::format("a temperature of {}: it must be above 0", options.distillation->temperature));
  }
  return Builder(shape, batch, true, options).build();
}

NetGraph evaluation_graph(const NetShape& shape, int batch) {
  check(shape, batch);
  return Builder(shape, batch, false, {}).build();
}

Parameters initial_parameters(const NetShape& shape, std::int64_t seed) {
  read::LegacyRandom random(seed);
  const NetGraph net = training_graph(shape, 2);
  Parameters parameters;
  for (const NodeId leaf : net.parameters) {
    const std::string& name = net.graph.node(leaf).name;
    const Shape is = net.graph.node(leaf).shape;
    Tensor value(is);
    if (name[0] == 'W') {
      value = random.randn(is);
      for (double& weight : value.view()) weight *= std::sqrt(2.0 / is.rows());
    } else if (name.starts_with("gamma") || name.starts_with("running_var")) {
      value = Tensor(is, 1);
    }
    parameters.emplace(name, std::move(value));
  }
  return parameters;
}

void save(const Parameters& parameters, const std::string& path) {
  std::vector<write::NamedTensor> tensors;
  for (const auto& [name, value] : parameters) tensors.push_back({name, value.view()});
  write::write_npz(path, tensors);
}

Parameters load(const NetShape& shape, const std::string& path) {
  const read::NamedTensors tensors = read::read_npz(path);
  Parameters parameters = initial_parameters(shape, 0);
  for (auto& [name, value] : parameters) {
    const auto found = tensors.find(name);
    if (found == tensors.end()) {
      throw Error(
          fmt::format("{}: {} is missing; it was saved from a net of another shape", path, name));
    }
    if (!(found->second.shape() == value.shape())) {
      throw Error(fmt::format("{}: {} is {}, but this net needs {}", path, name,
                              to_string(found->second.shape()), to_string(value.shape())));
    }
    value = found->second;
  }
  return parameters;
}

}  // namespace backstep::train
