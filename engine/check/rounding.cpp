// Runs the graph again with small random changes in place of rounding, and looks how far it moves.
#include "engine/check/rounding.h"

#include <algorithm>
#include <cmath>
#include <random>

#include "engine/evaluate.h"
#include "engine/look.h"
#include "engine/reads.h"

namespace backstep::check {
namespace {

// Adds up numbers one by one, each in the sum of its own, and keeps how large the sums were on the
// way: each of them is rounded.
class RunningSums {
 public:
  explicit RunningSums(std::size_t count) : sums_(count), squares_(count) {}

  void add(std::size_t to, double term) {
    sums_[to] += term;
    squares_[to] += sums_[to] * sums_[to];
  }
  double rounded(std::size_t which) const { return std::sqrt(squares_[which]); }

 private:
  std::vector<double> sums_;
  std::vector<double> squares_;
};

RunningSums sums_of_reduction(ConstView from, Sides sides, std::size_t count) {
  RunningSums sums(count);
  const Shape kept = reduced(from.shape, sides, true);
  for (std::size_t i = 0; i < from.size(); ++i) {
    sums.add(repeated_place(kept, from.shape, i), from.data[i]);
  }
  return sums;
}

RunningSums sums_of_product(const Graph& graph, NodeId id, ConstView left, ConstView right) {
  const std::size_t count = graph.node(id).shape.size();
  RunningSums sums(count);
  const std::size_t terms = read_count(graph, id, 0);
  for (std::size_t at = 0; at < count; ++at) {
    const std::size_t row = read_place(graph, id, 0, at);
    const std::size_t col = read_place(graph, id, 1, at);
    const std::size_t step = terms > 1 ? read_place(graph, id, 1, at, 1) - col : 0;
    for (std::size_t k = 0; k < terms; ++k) {
      sums.add(at, left.data[row + k] * right.data[col + k * step]);
    }
  }
  return sums;
}

class Rounded {
 public:
  Rounded(const Graph& graph, const ValueOf& value, double unit, std::uint32_t seed)
      : graph_(graph), value_(value), unit_(unit), random_(seed) {
    values_.reserve(graph.size());
    for (NodeId id = 0; id < graph.size(); ++id) values_.push_back(value_of(id));
  }

  double moved(NodeId id) const {
    double most = 0;
    const ConstView before = value_(id);
    for (std::size_t i = 0; i < before.size(); ++i) {
      const double by = std::fabs(values_[id].data()[i] - before.data[i]);
      if (std::isfinite(by)) most = std::max(most, by);
    }
    return most;
  }

 private:
  Tensor value_of(NodeId id) {
    const Node& node = graph_.node(id);
    if (node.primitive == nullptr) return nudged(Tensor(value_(id)), value_(id));
    // A choice stays as it was made, though what it chooses from has moved.
    if (moves_in_steps(*node.primitive)) return Tensor(value_(id));
    Tensor out(node.shape);
    run_node(
        graph_, id, [&](std::size_t i) -> ConstView { return input(id, i); }, out.view());
    if (node.primitive->rounding == Rounding::kNever) return out;
    return nudged(out, roundings(id, out));
  }

  const Tensor& input(NodeId id, std::size_t argument) const {
    return values_[graph_.input(id, argument)];
  }

  // What the rounding of each element is in proportion to.
  Tensor roundings(NodeId id, const Tensor& out) const {
    const Node& node = graph_.node(id);
    Tensor sizes = out;
    if (node.primitive->rounding != Rounding::kTerms) return sizes;
    if (node.primitive->reads == Reads::kReduce) {
      const bool is_mean = node.primitive->joining.is_mean;
      const double share = is_mean ? static_cast<double>(read_count(graph_, id, 0)) : 1;
      const RunningSums sums =
          sums_of_reduction(input(id, 0), node.attributes.sides, out.data().size());
      for (std::size_t i = 0; i < out.data().size(); ++i) {
        sizes.view().data[i] = sums.rounded(i) / share;
      }
    } else {
      const RunningSums sums = sums_of_product(graph_, id, input(id, 0), input(id, 1));
      for (std::size_t i = 0; i < out.data().size(); ++i) sizes.view().data[i] = sums.rounded(i);
    }
    return sizes;
  }

  Tensor nudged(Tensor value, ConstView size) {
    for (std::size_t i = 0; i < value.view().size(); ++i) {
      // Not by a distribution of the library, whose numbers differ from one to the next.
      const double by = 2.0 * static_cast<double>(random_()) / 4294967295.0 - 1;
      value.view().data[i] += by * unit_ * size.data[i];
    }
    return value;
  }

  const Graph& graph_;
  const ValueOf& value_;
  double unit_;
  std::mt19937 random_;
  std::vector<Tensor> values_;
};

}  // namespace

double unit_of(std::string_view type) {
  if (type == "float32") return 0x1p-24;
  return type == "float16" ? 0x1p-11 : 0;
}

std::vector<double> moved_by_rounding(const Graph& graph, const ValueOf& value, double unit) {
  std::vector<double> most(graph.size());
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    const Rounded rounded(graph, value, unit, seed);
    for (NodeId id = 0; id < most.size(); ++id) most[id] = std::max(most[id], rounded.moved(id));
  }
  return most;
}

}  // namespace backstep::check
