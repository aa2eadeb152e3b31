// A classifier of fully connected layers: linear, batch norm, ReLU, ..., linear, softmax
// cross-entropy. It owns its parameters; graphs are built from it for training and for use.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/primitives/primitives.h"

namespace backstep::train {

struct NetShape {
  std::vector<int> widths;  // {64, 100, 100, 10}: from the inputs to the classes
  bool batch_norm = true;   // before each ReLU
  double epsilon = 1e-5;
};

// What batch norm keeps over the batches, to be used at test time.
// With kKeep the momentum is the share of the old value that is kept (TensorFlow, Keras, the
// paper's usual code); with kTake it is the share of the batch that is taken in (PyTorch).
enum class MomentumMeans { kKeep, kTake };

struct RunningStatistics {
  double momentum = 0.9;
  MomentumMeans means = MomentumMeans::kKeep;
  double kept() const { return means == MomentumMeans::kKeep ? momentum : 1 - momentum; }
};

// Numbers by name: W1, b1 or gamma1, beta1, running_mean1, running_var1, W2, ...
using Parameters = std::map<std::string, Tensor>;

// Weights by He et al., "Delving deep into rectifiers", 2015, from a seed.
Parameters initial_parameters(const NetShape& shape, std::int64_t seed);

struct NetGraph {
  Graph graph;
  NodeId x = kNoNode;
  NodeId y = kNoNode;  // one-hot; kNoNode in a graph for use
  NodeId scores = kNoNode;
  NodeId loss = kNoNode;
  std::vector<NodeId> parameters;  // leaves with the names of Parameters
  // Of a training graph: the statistics of the batch, and the leaves that keep them.
  struct Running {
    NodeId batch = kNoNode;
    NodeId leaf = kNoNode;
  };
  std::vector<Running> running;
};

// For a batch of so many samples: batch norm with the statistics of the batch.
NetGraph training_graph(const NetShape& shape, int batch);
// Batch norm with the running statistics.
NetGraph evaluation_graph(const NetShape& shape, int batch);

// Writes all parameters as an .npz, whole or not at all; an old file stays until the new is whole.
void save(const Parameters& parameters, const std::string& path);
// Throws Error if a parameter of this shape is missing or has another shape.
Parameters load(const NetShape& shape, const std::string& path);

}  // namespace backstep::train
