// Random graphs from a seed, forward and backward, for the tests of the plan.
#pragma once

#include "tests/plan/circuits.h"

namespace backstep::testing {

// Grows one random graph within another; its leaves get values, its loss and gradients are outputs.
class RandomGraph {
 public:
  RandomGraph(Circuit& circuit, std::int64_t seed) : circuit_(circuit), random_(seed) {}

  void grow(int operations) {
    rows_ = static_cast<int>(pick(9)) + 1;
    cols_ = static_cast<int>(pick(9)) + 1;
    for (const Shape shape : {Shape{rows_, cols_}, Shape{1, cols_}, Shape{rows_, 1}, Shape{1, 1}}) {
      add_leaf(shape);
    }
    for (int i = 0; i < operations; ++i) pool_.push_back(tamed(step()));
    finish();
  }

 private:
  std::int64_t pick(std::int64_t count) { return random_.randint(count); }
  Var any() {
    return pool_[static_cast<std::size_t>(pick(static_cast<std::int64_t>(pool_.size())))];
  }

  void add_leaf(Shape shape) {
    const Var leaf = circuit_.graph.leaf(Role::kInput, shape);
    circuit_.values.emplace(leaf.id(), random_.randn(shape));
    leaves_.push_back(leaf.id());
    pool_.push_back(leaf);
  }

  Var step() {
    const Var a = any();
    const Var b = any();
    switch (pick(20)) {
      case 0:
        return a + b;
      case 1:
        return a - b;
      case 2:
      case 3:
        return a * b;
      case 4:
        return a / (square(b) + 1);
      case 5:
        return maximum(a, b);
      case 6:
        return relu(a);
      case 7:
        return exp(tanh(a));
      case 8:
        return log(square(a) + 0.5);
      case 9:
        return sum(a, axis());
      case 10:
      case 11:
        return mean(a, axis());
      case 12:
        return max(a, axis());
      case 13:
        return a - mean(a, axis());
      case 14:
        return matmul(transpose(a), matmul(a, transpose(a)));
      case 15:
        return where(greater(a, b), a, b);
      case 16:
        return invert(sqrt(square(a) + 0.1));
      case 17:
        return -copy(a);
      case 18:
        return 3 - 2 * a;
      default:
        return square(a);
    }
  }

  Axis axis() { return static_cast<Axis>(pick(3)); }

  // Of a shape that goes with the others, and not too large.
  Var tamed(Var a) {
    const bool fits = (a.shape().rows() == rows_ || a.shape().rows() == 1) &&
                      (a.shape().cols() == cols_ || a.shape().cols() == 1);
    const Var fitting = fits ? a : mean(a);
    return pick(3) == 0 ? tanh(fitting) : 0.25 * fitting;
  }

  void finish() {
    Graph& graph = circuit_.graph;
    Var loss = sum(pool_.back());
    for (int i = 0; i < 3; ++i) loss = loss + sum(any() * any());
    const Var seed = upstream_leaf(graph, loss.id());
    const Backward backward = differentiate(graph, loss.id(), seed, leaves_);
    circuit_.outputs.push_back(loss.id());
    for (const NodeId leaf : leaves_) {
      if (backward.gradient[leaf] != kNoNode) circuit_.outputs.push_back(backward.gradient[leaf]);
    }
  }

  Circuit& circuit_;
  read::LegacyRandom random_;
  int rows_ = 1;
  int cols_ = 1;
  std::vector<NodeId> leaves_;
  std::vector<Var> pool_;
};

}  // namespace backstep::testing
