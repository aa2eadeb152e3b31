// Random graphs from a seed, forward and backward, for the tests of the plan: of numbers, vectors,
// matrices and arrays of up to 4 sides.
#pragma once

#include <utility>

#include "tests/plan/circuits.h"

namespace backstep::testing {

// Grows one random graph within another; its leaves get values, its loss and gradients are outputs.
class RandomGraph {
 public:
  RandomGraph(Circuit& circuit, std::int64_t seed) : circuit_(circuit), random_(seed) {}

  void grow(int operations) {
    const std::int64_t ndim = pick(5);
    const std::int64_t longest = ndim > 2 ? 4 : 9;
    for (std::int64_t side = 0; side < ndim; ++side) {
      shape_.add(static_cast<std::int32_t>(pick(longest)) + 1);
    }
    add_leaf(shape_);
    add_leaf(Shape{});
    for (int i = 0; i < 3; ++i) add_leaf(smaller());
    for (int i = 0; i < operations; ++i) pool_.push_back(tamed(step()));
    finish();
  }

 private:
  std::int64_t pick(std::int64_t count) { return random_.randint(count); }
  Var any() {
    return pool_[static_cast<std::size_t>(pick(static_cast<std::int64_t>(pool_.size())))];
  }

  void add_leaf(const Shape& shape) {
    const Var leaf = circuit_.graph.leaf(Role::kInput, shape);
    circuit_.values.emplace(leaf.id(), random_.randn(shape));
    leaves_.push_back(leaf.id());
    pool_.push_back(leaf);
  }

  // A shape that repeats to that of the graph: its last sides, of which some are 1.
  Shape smaller() {
    Shape shape;
    for (int side = static_cast<int>(pick(shape_.ndim() + 1)); side < shape_.ndim(); ++side) {
      shape.add(pick(3) == 0 ? 1 : shape_[side]);
    }
    return shape;
  }

  Sides some_sides(const Shape& shape) {
    Sides sides;
    for (int side = 0; side < shape.ndim(); ++side) {
      if (pick(2) == 0) sides.add(side);
    }
    return sides;
  }

  SideOrder some_order(int ndim) {
    SideOrder order = {};
    for (int side = 0; side < ndim; ++side) {
      const std::size_t other = static_cast<std::size_t>(pick(side + 1));
      order[static_cast<std::size_t>(side)] = order[other];
      order[other] = static_cast<std::uint8_t>(side);
    }
    return order;
  }

  bool maybe() { return pick(2) == 0; }

  // a @ a.T @ a in each matrix of the last two sides, and a vector by a vector.
  Var product(Var a) {
    const int ndim = a.shape().ndim();
    if (ndim == 0) return a * a;
    if (ndim == 1) return a * matmul(a, a);
    SideOrder order = {};
    for (int side = 0; side < ndim; ++side) {
      order[static_cast<std::size_t>(side)] = static_cast<std::uint8_t>(side);
    }
    std::swap(order[static_cast<std::size_t>(ndim - 1)], order[static_cast<std::size_t>(ndim - 2)]);
    return matmul(matmul(a, transpose(a, order)), a);
  }

  // By a vector, or with it: one side less.
  Var by_vector(Var a) {
    const int ndim = a.shape().ndim();
    if (ndim < 2) return product(a);
    if (maybe()) return matmul(a, mean(a, Sides::first(ndim - 1)));
    Sides others = Sides::first(ndim - 2);
    others.add(ndim - 1);
    return matmul(mean(a, others), a);
  }

  Var step() {
    const Var a = any();
    const Var b = any();
    switch (pick(24)) {
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
        return sum(a, some_sides(a.shape()), maybe());
      case 10:
      case 11:
        return mean(a, some_sides(a.shape()), maybe());
      case 12:
        return max(a, some_sides(a.shape()), maybe());
      case 13:
        return a - mean(a, some_sides(a.shape()), true);
      case 14:
        return product(a);
      case 15:
        return where(greater(a, b), a, b);
      case 16:
        return invert(sqrt(square(a) + 0.1));
      case 17:
        return -copy(a);
      case 18:
        return 3 - 2 * a;
      case 19:
        return transpose(a, some_order(a.shape().ndim())) / 3;
      case 20:
        return transpose(square(transpose(a)));
      case 21:
        return reshape(tanh(reshape(a, {static_cast<std::int32_t>(a.shape().size())})), a.shape());
      case 22:
        return by_vector(a);
      default:
        return square(a);
    }
  }

  // Of a shape that goes with the others, and not too large.
  Var tamed(Var a) {
    const bool turned = !repeats_to(a.shape(), shape_) && a.shape().size() == shape_.size();
    const Var lined_up = turned ? reshape(a, shape_) : a;
    const Var fitting = repeats_to(lined_up.shape(), shape_) ? lined_up : mean(lined_up);
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
  Shape shape_;
  std::vector<NodeId> leaves_;
  std::vector<Var> pool_;
};

}  // namespace backstep::testing
