// Which nodes run together: stages, loops, and what is worth keeping in memory between them.
#include "engine/plan/schedule.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "engine/plan/rewrite.h"
#include "engine/primitives/primitives.h"
#include "engine/reads.h"

namespace backstep {
namespace {

// What takes more operations than this to compute anew is kept instead.
constexpr int kCheap = 10;

bool is_reduction(const Node& node) {
  return node.primitive != nullptr && node.primitive->reads == Reads::kReduce;
}

bool is_of_matrices(const Graph& graph, NodeId matmul) {
  return graph.node(graph.input(matmul, 0)).shape.ndim() == 2 &&
         graph.node(graph.input(matmul, 1)).shape.ndim() == 2;
}

Work work_of_reduction(const Graph& graph, NodeId id) {
  const Shape& from = graph.node(graph.input(id, 0)).shape;
  const Attributes& is = graph.node(id).attributes;
  switch (along(from, is.sides)) {
    case Along::kRows:
    case Along::kAll:
      return Work::kSumOverRows;
    case Along::kColumns:
      return is.keepdims ? Work::kSumInRow : Work::kAlone;
    case Along::kOther:
      break;
  }
  return Work::kAlone;
}

Work work_of(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (node.primitive == nullptr) return Work::kLeaf;
  if (!node.primitive->c.empty()) return Work::kElementwise;
  switch (node.primitive->reads) {
    case Reads::kRepeat: {
      const Shape& from = graph.node(graph.input(id, 0)).shape;
      return repeats_rows_or_columns(from, node.shape) ? Work::kElementwise : Work::kAlone;
    }
    case Reads::kProduct:
      return is_of_matrices(graph, id) ? Work::kMatmul : Work::kAlone;
    case Reads::kReduce:
      return node.primitive->joining.c.empty() ? Work::kAlone : work_of_reduction(graph, id);
    case Reads::kTurn:
    case Reads::kElementwise:
      break;
  }
  return Work::kAlone;
}

// Operations for one element, roughly, as the time that they take.
int cost_of(const Node& node) {
  const std::string_view c = node.primitive->c;
  if (c.empty()) return 0;  // a broadcast
  for (const std::string_view slow : {"exp(", "log(", "tanh(", "pow("}) {
    if (c.find(slow) != c.npos) return 2 * kCheap;
  }
  if (c.find("sqrt(") != c.npos || c.find('/') != c.npos) return 4;
  return 1;
}

// Sets that merge, by union and find.
class Sets {
 public:
  explicit Sets(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }
  NodeId find(NodeId node) {
    while (parent_[node] != node) node = parent_[node] = parent_[parent_[node]];
    return node;
  }
  void join(NodeId a, NodeId b) {
    parent_[std::max(find(a), find(b))] = std::min(find(a), find(b));
  }

 private:
  std::vector<NodeId> parent_;
};

class LoopScheduler {
 public:
  LoopScheduler(const Graph& graph, std::span<const NodeId> outputs)
      : graph_(graph), outputs_(outputs), stage_(graph.size()), users_(users(graph)) {}

  Schedule run() {
    const std::size_t size = graph_.size();
    schedule_.work.resize(size);
    for (NodeId node = 0; node < size; ++node) {
      schedule_.work[node] = work_of(graph_, node);
    }
    leave_out_absorbed_transposes();
    set_stages();
    make_steps();
    set_stored();
    return std::move(schedule_);
  }

 private:
  Work work(NodeId node) const { return schedule_.work[node]; }
  bool in_loop(NodeId node) const {
    return work(node) == Work::kElementwise || work(node) == Work::kSumInRow ||
           work(node) == Work::kSumOverRows;
  }

  // A product reads a transposed argument by itself.
  void leave_out_absorbed_transposes() {
    absorbed_.resize(graph_.size());
    std::vector<bool> wanted(graph_.size());
    for (const NodeId output : outputs_) wanted[output] = true;
    for (NodeId node = 0; node < graph_.size(); ++node) {
      absorbed_[node] = !wanted[node] && is(graph_.node(node), primitives::transpose()) &&
                        graph_.node(node).attributes.order[0] == 1 &&
                        std::all_of(users_[node].begin(), users_[node].end(),
                                    [&](NodeId user) { return work(user) == Work::kMatmul; });
    }
  }

  // Whether `user` can stand in the same loop as what it uses: the value is there row by row.
  bool flows(NodeId node, NodeId user) const {
    const bool row_by_row = work(node) == Work::kElementwise || work(node) == Work::kSumInRow;
    return row_by_row && in_loop(user) && loop_rows(graph_, node) == loop_rows(graph_, user) &&
           graph_.node(node).shape.rows() == loop_rows(graph_, user);
  }

  // As late as can be: where its first user stands, or one before that.
  void set_stages() {
    constexpr int kLast = 0;
    for (NodeId node = static_cast<NodeId>(graph_.size()); node-- > 0;) {
      int latest = kLast;
      for (const NodeId user : users_[node]) {
        const bool same = flows(node, user) || absorbed_[user];
        latest = std::min(latest, stage_[user] - (same ? 0 : 1));
      }
      stage_[node] = latest;
    }
  }

  // The values in memory that each value is made of, element by element: a few at most.
  void find_roots() {
    constexpr std::size_t kMost = 8;
    roots_.resize(graph_.size());
    for (NodeId node = 0; node < graph_.size(); ++node) {
      if (work(node) != Work::kElementwise) {
        roots_[node] = {node};
        continue;
      }
      std::vector<NodeId>& own = roots_[node];
      for (std::size_t i = 0; i < graph_.arity(node); ++i) {
        for (const NodeId root : roots_[graph_.input(node, i)]) {
          const bool known = std::find(own.begin(), own.end(), root) != own.end();
          if (!known && own.size() < kMost) own.push_back(root);
        }
      }
    }
  }

  // A loop that could run earlier, with another that reads the same large value, does so: that is
  // one pass less over the value.
  void join_earlier(Sets& sets) {
    std::map<NodeId, std::vector<NodeId>> members;
    std::map<NodeId, std::vector<NodeId>> roots;  // of the members
    std::set<std::pair<NodeId, NodeId>> known;
    Readers readers;
    for (NodeId node = 0; node < graph_.size(); ++node) {
      if (!in_loop(node) || loop_rows(graph_, node) == 1) continue;
      const NodeId set = sets.find(node);
      members[set].push_back(node);
      for (const NodeId root : large_roots(node)) {
        // All nodes of a loop stand in one stage, so the first of them answers for all.
        if (!known.insert({set, root}).second) continue;
        roots[set].push_back(root);
        readers[{root, loop_rows(graph_, node)}].push_back(node);
      }
    }
    std::set<NodeId> grown;  // loops that others have joined stay where they are
    for (const auto& [set, nodes] : members) {
      if (grown.count(sets.find(set)) > 0) continue;
      const NodeId other = earlier_reader(nodes, roots[set], sets, readers);
      if (other == kNoNode) continue;
      for (const NodeId moved : nodes) stage_[moved] = stage_[other];
      sets.join(other, set);
      grown.insert(sets.find(set));
    }
  }

  using Readers = std::map<std::pair<NodeId, int>, std::vector<NodeId>>;  // of a root, by height

  // A node of an earlier loop that reads what one of these reads; kNoNode if there is none among
  // the first few that could be.
  NodeId earlier_reader(const std::vector<NodeId>& nodes, const std::vector<NodeId>& roots,
                        Sets& sets, Readers& readers) const {
    int tries_left = 100;
    for (const NodeId root : roots) {
      for (const NodeId other : readers[{root, loop_rows(graph_, nodes[0])}]) {
        if (stage_[other] >= stage_[nodes[0]]) continue;
        if (can_join(nodes, other, sets)) return other;
        if (--tries_left == 0) return kNoNode;
      }
    }
    return kNoNode;
  }

  // The values of the loop's height that its inputs are made of.
  std::vector<NodeId> large_roots(NodeId node) const {
    std::vector<NodeId> result;
    for (std::size_t i = 0; i < graph_.arity(node); ++i) {
      for (const NodeId root : roots_[graph_.input(node, i)]) {
        if (graph_.node(root).shape.rows() == loop_rows(graph_, node)) result.push_back(root);
      }
    }
    return result;
  }

  // Whether all that the nodes of one loop need from elsewhere is there before the loop of `other`,
  // or in it row by row.
  bool can_join(const std::vector<NodeId>& nodes, NodeId other, Sets& sets) const {
    for (const NodeId node : nodes) {
      for (std::size_t i = 0; i < graph_.arity(node); ++i) {
        const NodeId input = graph_.input(node, i);
        if (work(input) == Work::kLeaf || sets.find(input) == sets.find(node)) continue;
        if (stage_[input] < stage_[other]) continue;
        const bool is_in_it = stage_[input] == stage_[other] && flows(input, node) &&
                              sets.find(input) == sets.find(other);
        if (!is_in_it) return false;
      }
    }
    return true;
  }

  void make_steps() {
    Sets sets(graph_.size());
    find_roots();
    // Loops of one stage and height that are made of the same large value are one loop.
    std::map<std::pair<NodeId, std::pair<int, int>>, NodeId> readers;
    for (NodeId node = 0; node < graph_.size(); ++node) {
      if (!in_loop(node)) continue;
      const auto read = [&](NodeId value) {
        if (graph_.node(value).shape.rows() != loop_rows(graph_, node)) return;
        const auto [found, is_new] =
            readers.try_emplace({value, {stage_[node], loop_rows(graph_, node)}}, node);
        if (!is_new) sets.join(found->second, node);
      };
      for (std::size_t i = 0; i < graph_.arity(node); ++i) {
        const NodeId input = graph_.input(node, i);
        if (flows(input, node) && stage_[input] == stage_[node]) sets.join(input, node);
        read(input);
        for (const NodeId root : roots_[input]) read(root);
      }
    }
    join_earlier(sets);
    std::vector<NodeId> order;
    for (NodeId node = 0; node < graph_.size(); ++node) {
      if (work(node) != Work::kLeaf && !absorbed_[node]) order.push_back(node);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](NodeId a, NodeId b) { return stage_[a] < stage_[b]; });
    schedule_.at.assign(graph_.size(), Schedule::kNever);
    std::map<NodeId, std::uint32_t> step_of_set;
    for (const NodeId node : order) {
      const NodeId set = sets.find(node);
      const auto [found, is_new] =
          step_of_set.try_emplace(set, static_cast<std::uint32_t>(schedule_.steps.size()));
      if (is_new) schedule_.steps.push_back({{}, in_loop(node), loop_rows(graph_, node)});
      schedule_.steps[found->second].nodes.push_back(node);
      schedule_.at[node] = found->second;
    }
  }

  // Memory is for leaves, outputs, results of loops and products, and what several loops need and
  // is dear to compute, or is made of more than one large value.
  void set_stored() {
    schedule_.stored.assign(graph_.size(), false);
    for (const NodeId output : outputs_) schedule_.stored[output] = true;
    find_sums_in_rows();
    std::vector<int> cost(graph_.size());
    std::vector<std::vector<NodeId>> sources(graph_.size());
    for (NodeId node = 0; node < graph_.size(); ++node) {
      if (absorbed_[node]) continue;
      if (work(node) != Work::kElementwise) {
        schedule_.stored[node] = true;
        sources[node] = {node};
        continue;
      }
      cost[node] = cost_of(graph_.node(node));
      for (std::size_t i = 0; i < graph_.arity(node); ++i) gather(node, i, cost, sources);
      if (must_be_stored(node, cost[node], sources[node].size())) schedule_.stored[node] = true;
    }
  }

  void gather(NodeId node, std::size_t argument, std::vector<int>& cost,
              std::vector<std::vector<NodeId>>& sources) const {
    const NodeId input = graph_.input(node, argument);
    if (!schedule_.stored[input]) cost[node] = std::min(cost[node] + cost[input], 10 * kCheap);
    const std::vector<NodeId> from =
        schedule_.stored[input] ? std::vector<NodeId>{input} : sources[input];
    for (const NodeId source : from) {
      // Only what is as large as the result counts: the rest stays in the cache.
      if (graph_.node(source).shape.size() < graph_.node(node).shape.size()) continue;
      auto& own = sources[node];
      if (std::find(own.begin(), own.end(), source) == own.end() && own.size() < 3) {
        own.push_back(source);
      }
    }
  }

  bool must_be_stored(NodeId node, int cost, std::size_t sources) const {
    bool elsewhere = false;
    bool by_other_means = false;
    bool not_row_by_row = false;
    for (const NodeId user : users_[node]) {
      if (!in_loop(user)) by_other_means = true;
      if (schedule_.at[user] != schedule_.at[node]) elsewhere = true;
      if (in_loop(user) && !flows(node, user)) not_row_by_row = true;
    }
    if (by_other_means || not_row_by_row) return true;
    const bool small = graph_.node(node).shape.rows() == 1;
    if (elsewhere) return small || sources > 1 || cost > kCheap;
    // Within a loop over rows, a later part may need it again once sums of the row are known.
    return cost > kCheap && users_[node].size() > 1 && needed_after_a_sum(node);
  }

  bool needed_after_a_sum(NodeId node) const { return sums_in_row_[schedule_.at[node]]; }

  void find_sums_in_rows() {
    for (const Step& step : schedule_.steps) {
      sums_in_row_.push_back(std::any_of(step.nodes.begin(), step.nodes.end(), [&](NodeId member) {
        return work(member) == Work::kSumInRow;
      }));
    }
  }

  const Graph& graph_;
  std::span<const NodeId> outputs_;
  Schedule schedule_;
  std::vector<int> stage_;
  std::vector<std::vector<NodeId>> users_;
  std::vector<bool> absorbed_;
  std::vector<std::vector<NodeId>> roots_;
  std::vector<bool> sums_in_row_;  // whether a step holds one
};

}  // namespace

std::int32_t loop_rows(const Graph& graph, NodeId node) {
  return is_reduction(graph.node(node)) ? graph.node(graph.input(node, 0)).shape.rows()
                                        : graph.node(node).shape.rows();
}

std::int32_t loop_cols(const Graph& graph, NodeId node) {
  return is_reduction(graph.node(node)) ? graph.node(graph.input(node, 0)).shape.cols()
                                        : graph.node(node).shape.cols();
}

Operand operand(const Graph& graph, const Schedule& schedule, NodeId matmul, std::size_t argument) {
  const NodeId input = graph.input(matmul, argument);
  if (!schedule.stored[input] && is(graph.node(input), primitives::transpose())) {
    return {graph.input(input, 0), true};
  }
  return {input, false};
}

Schedule schedule_loops(const Graph& graph, std::span<const NodeId> outputs) {
  return LoopScheduler(graph, outputs).run();
}

Schedule schedule_nodes(const Graph& graph) {
  Schedule schedule;
  schedule.work.resize(graph.size());
  schedule.at.assign(graph.size(), Schedule::kNever);
  schedule.stored.assign(graph.size(), true);
  for (NodeId node = 0; node < graph.size(); ++node) {
    schedule.work[node] = work_of(graph, node);
    if (schedule.work[node] == Work::kLeaf) continue;
    schedule.at[node] = static_cast<std::uint32_t>(schedule.steps.size());
    schedule.steps.push_back({{node}, false, 1});
  }
  return schedule;
}

}  // namespace backstep
