// How parameters follow their gradients: SGD with momentum and weight decay, and Adam.
#include "engine/train/optimizer.h"

namespace backstep::train {
namespace {

// What the optimiser remembers of a parameter.
Var memory_of(Graph& graph, NodeId parameter, std::string_view prefix) {
  const std::string name = graph.node(parameter).name;
  return graph.leaf(Role::kConstant, graph.node(parameter).shape,
                    std::string(prefix) + (name.empty() ? "_of_parameter" : "_" + name));
}

Var scalar(Graph& graph, std::string_view name, double value) {
  return graph.leaf(Role::kConstant, {}, name, value);
}

}  // namespace

Update add_update(Graph& graph, std::span<const ParameterGradient> gradients, const Sgd& sgd) {
  const Var rate = scalar(graph, "learning_rate", sgd.rate);
  Update update{rate.id(), {}};
  for (const auto& [parameter, gradient] : gradients) {
    const Var w = graph.var(parameter);
    Var step = graph.var(gradient);
    if (sgd.weight_decay != 0) step = step + sgd.weight_decay * w;
    if (sgd.momentum != 0) {
      const Var velocity = memory_of(graph, parameter, "velocity");
      const Var kept = sgd.momentum * velocity;
      step = kept + step;
      update.carries.push_back({step.id(), velocity.id()});
    }
    const Var moved = w - rate * step;
    update.carries.push_back({moved.id(), parameter});
  }
  return update;
}

Update add_update(Graph& graph, std::span<const ParameterGradient> gradients, const Adam& adam) {
  const Var rate = scalar(graph, "learning_rate", adam.rate);
  Update update{rate.id(), {}};
  // beta ** t, from one step to the next.
  const Var power1 = scalar(graph, "beta1_power", 1);
  const Var power2 = scalar(graph, "beta2_power", 1);
  const Var next1 = adam.beta1 * power1;
  const Var next2 = adam.beta2 * power2;
  update.carries.push_back({next1.id(), power1.id()});
  update.carries.push_back({next2.id(), power2.id()});
  const Var correction1 = 1 - next1;
  const Var correction2 = 1 - next2;
  for (const auto& [parameter, gradient] : gradients) {
    const Var g = graph.var(gradient);
    const Var mean = memory_of(graph, parameter, "mean");
    const Var spread = memory_of(graph, parameter, "spread");
    const Var new_mean = adam.beta1 * mean + (1 - adam.beta1) * g;
    const Var new_spread = adam.beta2 * spread + (1 - adam.beta2) * square(g);
    const Var root = sqrt(new_spread / correction2) + adam.epsilon;
    const Var moved = graph.var(parameter) - rate * (new_mean / correction1) / root;
    update.carries.push_back({new_mean.id(), mean.id()});
    update.carries.push_back({new_spread.id(), spread.id()});
    update.carries.push_back({moved.id(), parameter});
  }
  return update;
}

}  // namespace backstep::train
