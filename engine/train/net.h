// A classifier of fully connected layers: linear, batch norm, ReLU, ..., linear, softmax
// cross-entropy. Its parameters are numbers by name; graphs are built from it for training and for
// use.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/primitives/primitives.h"

namespace backstep::train {

// What stands between a linear layer and its ReLU: from the layer's values (batch, width) and its
// gamma and beta (1, width) to new values.
using Normaliser = std::function<Var(Var x, Var gamma, Var beta)>;

struct NetShape {
  std::vector<int> widths;  // {64, 100, 100, 10}: from the inputs to the classes
  bool batch_norm = true;   // before each ReLU
  double epsilon = 1e-5;
  // If set, in place of batch norm, and the same in training and in use.
  Normaliser normaliser = {};

  int layers() const { return static_cast<int>(widths.size()) - 1; }
};

// Each sample by its own mean and deviation (Ba, Kiros & Hinton, "Layer normalization", 2016).
Normaliser layer_norm(double epsilon = 1e-5);

// What batch norm keeps over the batches, to be used at test time.
// With kKeep the momentum is the share of the old value that is kept (TensorFlow, Keras, the
// paper's usual code); with kTake it is the share of the batch that is taken in (PyTorch).
enum class MomentumMeans { kKeep, kTake };

struct RunningStatistics {
  double momentum = 0.9;
  MomentumMeans means = MomentumMeans::kKeep;
  double kept() const { return means == MomentumMeans::kKeep ? momentum : 1 - momentum; }
};

// Two switches, which are often taken for one. Layers are counted from the inputs on.
struct Frozen {
  int parameters = 0;  // W, b, gamma, beta of so many layers stay as they are: no gradient nodes
  int statistics = 0;  // so many layers normalise by their running statistics, and leave them alone
};

// Learning from a teacher's scores beside the labels:
//   loss = hard * cross_entropy(labels, softmax(scores))
//        + soft * T^2 * cross_entropy(softmax(teacher / T), softmax(scores / T)),
// each a mean over the batch. Source: Hinton, Vinyals & Dean, "Distilling the knowledge in a neural
// network", 2015.
struct Distillation {
  double temperature = 4;
  double soft = 0.9;
  double hard = 0.1;
};

// Numbers by name: W1, b1 or gamma1, beta1, running_mean1, running_var1, W2, ...
using Parameters = std::map<std::string, Tensor>;

// Weights by He et al., "Delving deep into rectifiers", 2015, from a seed; gamma and the running
// variances 1, all else 0. They are yours to change: another scale, another head, a layer of a
// trained net.
Parameters initial_parameters(const NetShape& shape, std::int64_t seed);

// Of layer 2 the values are named linear2, mu2, xmu2, sq2, var2, sqrtvar2, ivar2, xhat2, gammax2,
// normed2 and relu2; the last layer's are scores. Their gradients have a d in front.
struct NetGraph {
  Graph graph;
  NodeId x = kNoNode;
  NodeId y = kNoNode;        // one-hot; kNoNode in a graph for use
  NodeId teacher = kNoNode;  // the teacher's scores; kNoNode without distillation
  NodeId scores = kNoNode;
  NodeId loss = kNoNode;
  std::vector<NodeId> parameters;  // leaves with the names of Parameters
  std::vector<NodeId> trained;     // those of them that training changes by their gradient
  // Of a training graph: the statistics of the batch, and the leaves that keep them.
  struct Running {
    NodeId batch = kNoNode;
    NodeId leaf = kNoNode;
  };
  std::vector<Running> running;
};

struct TrainingGraphOptions {
  Frozen frozen = {};
  std::optional<Distillation> distillation = {};
};

// For a batch of so many samples: batch norm with the statistics of the batch, and the loss.
NetGraph training_graph(const NetShape& shape, int batch, const TrainingGraphOptions& options = {});
// Batch norm with the running statistics, up to the scores.
NetGraph evaluation_graph(const NetShape& shape, int batch);

// Writes all parameters as an .npz, whole or not at all; an old file stays until the new is whole.
void save(const Parameters& parameters, const std::string& path);
// Throws Error if a parameter of this shape is missing or has another shape.
Parameters load(const NetShape& shape, const std::string& path);

}  // namespace backstep::train
