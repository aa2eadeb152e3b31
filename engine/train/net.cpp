// A classifier of fully connected layers: its parameters, its graphs, its file.
#include "engine/train/net.h"

#include <fmt/core.h>

#include <cmath>

#include "engine/read/npz.h"
#include "engine/read/numpy_random.h"
#include "engine/write/npz.h"

namespace backstep::train {
namespace {

std::string numbered(std::string_view name, std::size_t layer) {
  return fmt::format("{}{}", name, layer);
}

class Builder {
 public:
  Builder(const NetShape& shape, int batch, bool training)
      : shape_(shape), batch_(batch), training_(training) {}

  NetGraph build() {
    const Var x = net_.graph.leaf(Role::kConstant, {batch_, shape_.widths.front()}, "x");
    net_.x = x.id();
    Var value = x;
    const std::size_t layers = shape_.widths.size() - 1;
    for (std::size_t layer = 1; layer <= layers; ++layer) {
      const bool last = layer == layers;
      value = matmul(value, parameter("W", layer, {width(layer - 1), width(layer)}));
      // Batch norm subtracts the mean, and a bias with it: its beta is the bias.
      if (last || !shape_.batch_norm) value = value + parameter("b", layer, {1, width(layer)});
      if (last) break;
      if (shape_.batch_norm) value = batch_norm(value, layer);
      value = relu(value);
    }
    net_.scores = value.id();
    net_.graph.set_name(value.id(), "scores");
    if (training_) add_loss(value);
    return std::move(net_);
  }

 private:
  int width(std::size_t layer) const { return shape_.widths[layer]; }

  Var parameter(std::string_view name, std::size_t layer, Shape shape) {
    const Var leaf = net_.graph.leaf(Role::kParameter, shape, numbered(name, layer));
    net_.parameters.push_back(leaf.id());
    return leaf;
  }

  Var running(std::string_view name, std::size_t layer) {
    const Var leaf = net_.graph.leaf(Role::kConstant, {1, width(layer)}, numbered(name, layer));
    net_.parameters.push_back(leaf.id());
    return leaf;
  }

  Var named(Var var, std::string_view name, std::size_t layer) {
    net_.graph.set_name(var.id(), numbered(name, layer));
    return var;
  }

  Var batch_norm(Var x, std::size_t layer) {
    const Var gamma = parameter("gamma", layer, {1, width(layer)});
    const Var beta = parameter("beta", layer, {1, width(layer)});
    const Var kept_mean = running("running_mean", layer);
    const Var kept_var = running("running_var", layer);
    const Var mu = training_ ? named(mean(x, Axis::kRows), "mu", layer) : kept_mean;
    const Var xmu = named(x - mu, "xmu", layer);
    Var var = kept_var;
    if (training_) {
      const Var sq = named(square(xmu), "sq", layer);
      var = named(mean(sq, Axis::kRows), "var", layer);
      net_.running.push_back({mu.id(), kept_mean.id()});
      net_.running.push_back({var.id(), kept_var.id()});
    }
    const Var sqrtvar = named(sqrt(var + shape_.epsilon), "sqrtvar", layer);
    const Var ivar = named(invert(sqrtvar), "ivar", layer);
    const Var xhat = named(xmu * ivar, "xhat", layer);
    const Var gammax = named(gamma * xhat, "gammax", layer);
    return named(gammax + beta, "normed", layer);
  }

  void add_loss(Var scores) {
    const Var y = net_.graph.leaf(Role::kConstant, scores.shape(), "y");
    net_.y = y.id();
    const Var shifted = scores - max(scores, Axis::kColumns);
    const Var total = sum(exp(shifted), Axis::kColumns);
    const Var log_p = shifted - log(total);
    const Var picked = sum(y * log_p);
    const Var loss = -1.0 / batch_ * picked;
    net_.loss = loss.id();
    net_.graph.set_name(loss.id(), "loss");
  }

  const NetShape& shape_;
  int batch_;
  bool training_;
  NetGraph net_;
};

}  // namespace

NetGraph training_graph(const NetShape& shape, int batch) {
  return Builder(shape, batch, true).build();
}

NetGraph evaluation_graph(const NetShape& shape, int batch) {
  return Builder(shape, batch, false).build();
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
      for (double& weight : value.view()) weight *= std::sqrt(2.0 / is.rows);
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
