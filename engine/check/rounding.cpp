// Runs the graph again with small random changes in place of rounding, and looks how far it moves.
#include "engine/check/rounding.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "engine/primitive.h"

namespace backstep::check {
namespace {

// Those that add nothing up and compute nothing: their results are numbers that were there.
bool is_exact(std::string_view primitive) {
  constexpr std::array<std::string_view, 11> kExact = {"clip",      "max",  "maximum", "minimum",
                                                       "where",     "relu", "abs",     "broadcast",
                                                       "transpose", "copy", "negate"};
  return std::find(kExact.begin(), kExact.end(), primitive) != kExact.end();
}

// A choice stays as it was made, though what it chooses from has moved.
bool is_choice(std::string_view primitive) {
  constexpr std::array<std::string_view, 7> kChoices = {
      "greater", "greater equal", "less", "less equal", "equal", "not equal", "sign"};
  return std::find(kChoices.begin(), kChoices.end(), primitive) != kChoices.end();
}

class Rounded {
 public:
  Rounded(const Trace& trace, double unit, std::uint32_t seed)
      : trace_(trace), unit_(unit), random_(seed) {
    const Graph& graph = trace.graph();
    values_.reserve(graph.size());
    for (NodeId id = 0; id < graph.size(); ++id) values_.push_back(value_of(id));
  }

  double moved(NodeId id) const {
    double most = 0;
    const ConstView before = trace_.value(id);
    for (std::size_t i = 0; i < before.size(); ++i) {
      const double by = std::fabs(values_[id].data()[i] - before.data[i]);
      if (std::isfinite(by)) most = std::max(most, by);
    }
    return most;
  }

 private:
  Tensor value_of(NodeId id) {
    const Node& node = trace_.graph().node(id);
    if (node.primitive == nullptr) return nudged(Tensor(trace_.value(id)), 1, trace_.value(id));
    if (is_choice(node.primitive->name)) return Tensor(trace_.value(id));
    std::array<ConstView, 3> inputs;
    std::array<Tensor, 3> sizes;
    std::array<ConstView, 3> magnitudes;
    const std::size_t arity = trace_.graph().arity(id);
    const bool adds_up = node.primitive->name == "sum" || node.primitive->name == "mean" ||
                         node.primitive->name == "matmul";
    for (std::size_t i = 0; i < arity; ++i) {
      const Tensor& input = values_[trace_.graph().input(id, i)];
      inputs[i] = input;
      if (!adds_up) continue;
      sizes[i] = input;
      for (double& value : sizes[i].view()) value = std::fabs(value);
      magnitudes[i] = sizes[i];
    }
    Tensor out(node.shape);
    node.primitive->forward(std::span(inputs).first(arity), node.attributes, out.view());
    if (is_exact(node.primitive->name) || node.primitive->reads == Reads::kGather) return out;
    if (!adds_up) return nudged(Tensor(out), 1, out);
    // One sum after another is rounded, each of them as large as its terms make it.
    Tensor all(node.shape);
    node.primitive->forward(std::span(magnitudes).first(arity), node.attributes, all.view());
    const double terms = node.primitive->name == "matmul"
                             ? inputs[0].shape.cols()
                             : static_cast<double>(inputs[0].size()) / out.view().size();
    return nudged(std::move(out), std::sqrt(terms), all);
  }

  Tensor nudged(Tensor value, double times, ConstView size) {
    for (std::size_t i = 0; i < value.view().size(); ++i) {
      // Not by a distribution of the library, whose numbers differ from one to the next.
      const double by = 2.0 * static_cast<double>(random_()) / 4294967295.0 - 1;
      value.view().data[i] += by * unit_ * times * size.data[i];
    }
    return value;
  }

  const Trace& trace_;
  double unit_;
  std::mt19937 random_;
  std::vector<Tensor> values_;
};

}  // namespace

double unit_of(std::string_view type) {
  if (type == "float32") return 0x1p-24;
  return type == "float16" ? 0x1p-11 : 0;
}

std::vector<double> moved_by_rounding(const Trace& trace, double unit) {
  std::vector<double> most(trace.graph().size());
  for (const std::uint32_t seed : {1U, 2U, 3U}) {
    const Rounded rounded(trace, unit, seed);
    for (NodeId id = 0; id < most.size(); ++id) most[id] = std::max(most[id], rounded.moved(id));
  }
  return most;
}

}  // namespace backstep::check
