// Where each value lies: a buffer whose value nobody needs any more is used again.
#include "engine/plan/layout.h"

#include <algorithm>
#include <unordered_map>

#include "engine/plan/rewrite.h"

namespace backstep {
namespace {

constexpr std::size_t kLine = 8;  // doubles in a cache line

class LayoutMaker {
 public:
  LayoutMaker(const Graph& graph, const Schedule& schedule, std::span<const NodeId> outputs,
              std::span<const Carry> carries)
      : graph_(graph),
        schedule_(schedule),
        last_use_(graph.size(), 0),
        seen_at_(graph.size(), kForever) {
    layout_.offset.assign(graph.size(), Layout::kNone);
    for (std::uint32_t step = 0; step < schedule.steps.size(); ++step) {
      for (const NodeId node : schedule.steps[step].nodes) mark_uses(node, step);
    }
    last_read_ = last_use_;
    for (const NodeId output : outputs) last_use_[output] = kForever;
    for (const Carry& carry : carries) last_use_[carry.to] = kForever;
    for (NodeId node = 0; node < graph.size(); ++node) {
      if (schedule.work[node] == Work::kLeaf) last_use_[node] = kForever;
    }
    place_carries(carries);
  }

  Layout run() {
    for (NodeId node = 0; node < graph_.size(); ++node) {
      if (schedule_.work[node] == Work::kLeaf) place(node);
    }
    std::vector<std::vector<NodeId>> ends(schedule_.steps.size());
    for (std::uint32_t step = 0; step < schedule_.steps.size(); ++step) {
      for (const NodeId node : schedule_.steps[step].nodes) {
        if (!schedule_.stored[node] || layout_.offset[node] != Layout::kNone) continue;
        if (in_place_[node] != kNoNode) {
          layout_.offset[node] = layout_.offset[in_place_[node]];
          continue;
        }
        place(node);
        if (last_use_[node] != kForever) ends[std::max(last_use_[node], step)].push_back(node);
      }
      for (const NodeId node : ends[step]) release(node);
    }
    return std::move(layout_);
  }

 private:
  static constexpr std::uint32_t kForever = static_cast<std::uint32_t>(-1);

  // The step reads what it is made of, through all that is computed where it is needed.
  void mark_uses(NodeId node, std::uint32_t step) {
    for (std::size_t i = 0; i < graph_.arity(node); ++i) {
      const NodeId input = graph_.input(node, i);
      if (schedule_.stored[input]) {
        last_use_[input] = std::max(last_use_[input], step);
        continue;
      }
      if (seen_at_[input] == step) continue;
      seen_at_[input] = step;
      mark_uses(input, step);
    }
  }

  void place_carries(std::span<const Carry> carries) {
    in_place_.assign(graph_.size(), kNoNode);
    for (const Carry& carry : carries) {
      if (carry.from == carry.to) continue;
      if (can_be_in_place(carry)) {
        in_place_[carry.from] = carry.to;
      } else {
        layout_.copies.push_back(carry);
      }
    }
  }

  // The leaf may be overwritten by its update if nobody reads it later, and if the loop that writes
  // it reads each element just where it writes it.
  bool can_be_in_place(const Carry& carry) const {
    const std::uint32_t at = schedule_.at[carry.from];
    if (schedule_.work[carry.from] != Work::kElementwise || last_read_[carry.to] > at) {
      return false;
    }
    if (in_place_[carry.from] != kNoNode) return false;
    const Step& step = schedule_.steps[at];
    if (!step.is_loop) return last_read_[carry.to] < at;
    const Shape shape = graph_.node(carry.to).shape;
    for (const NodeId node : step.nodes) {
      if (schedule_.work[node] == Work::kSumInRow) return false;
      if (is(graph_, node, primitives::broadcast()) && graph_.input(node, 0) == carry.to)
        return false;
      if (loop_cols(graph_, node) != shape.cols()) return false;
    }
    return true;
  }

  static std::size_t rounded(Shape shape) {
    const std::size_t size = shape.size();
    return size < kLine ? size : (size + kLine - 1) / kLine * kLine;
  }

  void place(NodeId node) {
    const std::size_t size = rounded(graph_.node(node).shape);
    std::vector<std::size_t>& free = free_[size];
    if (!free.empty()) {
      layout_.offset[node] = free.back();
      free.pop_back();
      return;
    }
    if (size >= kLine) {
      layout_.size = (layout_.size + kLine - 1) / kLine * kLine;
      // Large arrays that begin at the same place of a page would hinder each other in the cache.
      if (size >= kLarge) layout_.size += kLine * (1 + 5 * (layout_.buffers % 7));
    }
    layout_.offset[node] = layout_.size;
    layout_.size += size;
    ++layout_.buffers;
  }

  void release(NodeId node) {
    free_[rounded(graph_.node(node).shape)].push_back(layout_.offset[node]);
  }

  static constexpr std::size_t kLarge = 512;

  const Graph& graph_;
  const Schedule& schedule_;
  Layout layout_;
  std::vector<std::uint32_t> last_use_;
  std::vector<std::uint32_t> last_read_;  // the same, but for what lives on after the run
  std::vector<std::uint32_t> seen_at_;
  std::vector<NodeId> in_place_;
  std::unordered_map<std::size_t, std::vector<std::size_t>> free_;  // offsets by size
};

}  // namespace

Layout lay_out(const Graph& graph, const Schedule& schedule, std::span<const NodeId> outputs,
               std::span<const Carry> carries) {
  return LayoutMaker(graph, schedule, outputs, carries).run();
}

}  // namespace backstep
