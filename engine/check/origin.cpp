// Puts values of the reference in the place of those of lines, and looks what becomes right.
#include "engine/check/origin.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "engine/check/cause.h"
#include "engine/evaluate.h"
#include "engine/look.h"

namespace backstep::check {
namespace {

constexpr std::size_t kMostTrials = 4'000;
constexpr std::size_t kMostNodes = 3'000;

class Search {
 public:
  Search(const Reading& reading, const Numbers& values, const Reference& reference, double relative)
      : reading_(reading), values_(values), reference_(reference), relative_(relative) {
    const Graph& graph = reference.graph();
    for (NodeId id = 0; id < graph.size(); ++id) {
      const Node& node = graph.node(id);
      if (node.name.empty() || node.place.folded || node.place.part == Part::kInside) continue;
      known_.push_back(id);
    }
  }

  std::optional<Origin> find(std::size_t wrong, NodeId expected,
                             const std::set<std::size_t>& passed_over) {
    if (reading_.graph.size() > kMostNodes) return std::nullopt;
    const std::vector<bool> leads = leading_to(reading_.lines[wrong].node);
    for (std::size_t i = 0; i < wrong; ++i) {
      const Line& line = reading_.lines[i];
      const bool is_asked = line.node != kNoNode && line.expected == kNoNode && !line.in_forward &&
                            !line.binding.is_inner && !line.binding.is_result &&
                            passed_over.count(i) == 0;
      if (!is_asked || !leads[line.node] || line.node == reading_.lines[wrong].node) continue;
      if (is_leaf(line.node) || is_known(values_.value(line.node))) continue;
      for (const NodeId node : known_) {
        if (trials_ > kMostTrials) return std::nullopt;
        if (mends(line.node, node, wrong, expected)) return Origin{i, node};
      }
    }
    return std::nullopt;
  }

 private:
  bool is_leaf(NodeId node) const { return reading_.graph.node(node).primitive == nullptr; }

  std::vector<bool> leading_to(NodeId end) const {
    std::vector<bool> leads(reading_.graph.size());
    leads[end] = true;
    for (NodeId id = end + 1; id-- > 0;) {
      for (std::size_t i = 0; leads[id] && i < reading_.graph.arity(id); ++i) {
        leads[reading_.graph.input(id, i)] = true;
      }
    }
    return leads;
  }

  bool is_known(ConstView value) const {
    return std::any_of(known_.begin(), known_.end(), [&](NodeId node) {
      return same_row(value.shape, reference_.value(node).shape) &&
             agrees(value, reference_, node, relative_);
    });
  }

  // Whether one is the other times a number.
  static bool is_multiple(ConstView a, ConstView b) {
    double factor = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (b.data[i] == 0 && a.data[i] == 0) continue;
      const double here = a.data[i] / b.data[i];
      if (factor == 0) factor = here;
      if (!(std::fabs(here - factor) <= 1e-9 * std::fabs(factor))) return false;
    }
    return true;
  }

  bool mends(NodeId step, NodeId by, std::size_t wrong, NodeId expected) {
    const ConstView value = reference_.value(by);
    const ConstView was = values_.value(step);
    if (!(value.shape == was.shape) || is_multiple(was, value)) return false;
    ++trials_;
    std::map<NodeId, Tensor> moved;
    moved.emplace(step, Tensor(value));
    for (NodeId id = step + 1; id < reading_.graph.size(); ++id) recompute(id, moved);
    const auto now = [&](NodeId id) -> ConstView {
      const auto found = moved.find(id);
      return found == moved.end() ? values_.value(id) : found->second.view();
    };
    if (!agrees(now(reading_.lines[wrong].node), reference_, expected, relative_)) return false;
    int more = 0;
    for (const Line& line : reading_.lines) {
      if (line.expected == kNoNode || line.node == kNoNode) continue;
      const bool before = agrees(values_.value(line.node), reference_, line.expected, relative_);
      const bool after = agrees(now(line.node), reference_, line.expected, relative_);
      if (before && !after) return false;
      more += after && !before ? 1 : 0;
    }
    // What only takes the place of the whole result, no line above it needs to have made.
    const bool is_result = agrees(value, reference_, expected, relative_);
    return more > (is_result ? 1 : 0);
  }

  void recompute(NodeId id, std::map<NodeId, Tensor>& moved) const {
    const Graph& graph = reading_.graph;
    bool moves = false;
    for (std::size_t i = 0; i < graph.arity(id); ++i) {
      moves = moves || moved.count(graph.input(id, i)) > 0;
    }
    if (!moves) return;
    Tensor out(graph.node(id).shape);
    const auto input = [&](std::size_t i) -> ConstView {
      const auto found = moved.find(graph.input(id, i));
      return found == moved.end() ? values_.value(graph.input(id, i)) : found->second.view();
    };
    run_node(graph, id, input, out.view());
    moved.insert_or_assign(id, std::move(out));
  }

  const Reading& reading_;
  const Numbers& values_;
  const Reference& reference_;
  double relative_;
  std::vector<NodeId> known_;
  std::size_t trials_ = 0;
};

}  // namespace

std::optional<Origin> origin_of(const Reading& reading, const Numbers& values,
                                const Reference& reference, std::size_t wrong, NodeId expected,
                                double relative, const std::set<std::size_t>& passed_over) {
  if (reading.lines[wrong].node == kNoNode) return std::nullopt;
  return Search(reading, values, reference, relative).find(wrong, expected, passed_over);
}

}  // namespace backstep::check
