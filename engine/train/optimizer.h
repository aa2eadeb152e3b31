// How parameters follow their gradients: the update is more nodes of the same graph, so a plan
// fuses it with the rest of the step.
#pragma once

#include <span>
#include <vector>

#include "engine/plan/layout.h"
#include "engine/primitives/primitives.h"

namespace backstep::train {

// v = momentum * v + gradient + weight_decay * w;  w = w - rate * v.
// Source: Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
struct Sgd {
  double rate = 0.1;
  double momentum = 0.9;
  double weight_decay = 0;
};

// Source: Kingma & Ba, "Adam: a method for stochastic optimization", ICLR 2015.
struct Adam {
  double rate = 0.001;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
};

struct ParameterGradient {
  NodeId parameter = kNoNode;
  NodeId gradient = kNoNode;
};

struct Update {
  NodeId rate = kNoNode;       // a leaf (1, 1): the learning rate of the next step
  std::vector<Carry> carries;  // the new parameters and what the optimiser remembers of each
};

// Adds the update of each parameter to the graph. What the optimiser remembers begins at 0.
Update add_update(Graph& graph, std::span<const ParameterGradient> gradients, const Sgd& sgd);
Update add_update(Graph& graph, std::span<const ParameterGradient> gradients, const Adam& adam);

}  // namespace backstep::train
