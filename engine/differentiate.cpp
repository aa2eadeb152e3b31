// The backward pass: which nodes need a gradient, what each use of a node sends back, and the sums.
#include "engine/differentiate.h"

#include <fmt/core.h>

#include "engine/primitives/primitives.h"

namespace backstep {
namespace {

class Differentiation {
 public:
  Differentiation(Graph& graph, NodeId output, std::span<const NodeId> wrt)
      : graph_(graph), output_(output), needs_(graph.size()), expected_(graph.size()) {
    mark_what_needs_a_gradient(wrt);
    count_contributions();
  }

  Backward run(Var seed) {
    const std::size_t forward_nodes = graph_.size();
    graph_.reserve(forward_nodes + 3 * (output_ + std::size_t{1}));
    Backward backward{output_, seed.id(), std::vector<NodeId>(forward_nodes, kNoNode)};
    gradient_ = &backward.gradient;
    arrived_.resize(forward_nodes);
    (*gradient_)[output_] = seed.id();
    for (NodeId node = output_ + 1; node-- > 0;) {
      if ((*gradient_)[node] != kNoNode && needs_[node]) send_back(node);
    }
    return backward;
  }

 private:
  // A node needs a gradient if it is asked for, or hangs on one that is.
  void mark_what_needs_a_gradient(std::span<const NodeId> wrt) {
    for (const NodeId node : wrt) needs_[node] = true;
    for (NodeId node = 0; node < needs_.size(); ++node) {
      for (std::size_t i = 0; i < graph_.arity(node); ++i) {
        if (has_rule(node, i) && needs_[graph_.input(node, i)]) needs_[node] = true;
      }
    }
  }

  bool has_rule(NodeId node, std::size_t argument) const {
    return graph_.node(node).primitive->arguments[argument].gradient != nullptr;
  }

  bool sends_to(NodeId node, std::size_t argument) const {
    return has_rule(node, argument) && needs_[graph_.input(node, argument)];
  }

  void count_contributions() {
    std::vector<bool> reached(graph_.size());
    reached[output_] = true;
    for (NodeId node = output_ + 1; node-- > 0;) {
      if (!reached[node]) continue;
      for (std::size_t i = 0; i < graph_.arity(node); ++i) {
        if (!sends_to(node, i)) continue;
        reached[graph_.input(node, i)] = true;
        ++expected_[graph_.input(node, i)];
      }
    }
  }

  void send_back(NodeId node) {
    const Var dy = graph_.var((*gradient_)[node]);
    for (std::size_t i = 0; i < graph_.arity(node); ++i) {
      if (sends_to(node, i)) receive(graph_.input(node, i), contribution(node, i, dy));
    }
  }

  // Applies one gradient rule. Its last node is the contribution, the others stand inside the rule.
  NodeId contribution(NodeId node, std::size_t argument, Var dy) {
    const NodeId first = static_cast<NodeId>(graph_.size());
    const Node& through = graph_.node(node);
    const RuleCall call{graph_.var(node), dy, through.attributes, argument};
    Var result = through.primitive->arguments[argument].gradient(call);
    // A rule that passes dy on makes no node; each contribution has one of its own all the same.
    if (result.id() < first) result = copy(result);

    const std::uint32_t station = graph_.place(node).station;
    const std::uint16_t group = graph_.place(node).group;
    for (NodeId made = first; made < graph_.size(); ++made) {
      Place& place = graph_.place(made);
      place.part = made == result.id() ? Part::kContribution : Part::kInside;
      place.of = graph_.input(node, argument);
      place.through = node;
      place.argument = static_cast<std::uint8_t>(argument);
      place.station = station;
      place.group = group;
    }
    return result.id();
  }

  void receive(NodeId node, NodeId contribution) {
    Place& place = graph_.place(contribution);
    place.k = ++arrived_[node];
    place.n = expected_[node];
    name_gradient(contribution);
    NodeId& gradient = (*gradient_)[node];
    gradient = gradient == kNoNode ? contribution : accumulate(node, gradient, contribution);
  }

  NodeId accumulate(NodeId node, NodeId so_far, NodeId contribution) {
    const Var sum = graph_.var(so_far) + graph_.var(contribution);
    Place& place = graph_.place(sum.id());
    place.of = node;
    place.k = arrived_[node];
    place.n = expected_[node];
    place.part = place.k == place.n ? Part::kGradient : Part::kPartial;
    place.station = graph_.place(node).station;
    place.group = graph_.place(node).group;
    name_gradient(sum.id());
    return sum.id();
  }

  // Gradients of nodes without a name are named when somebody asks, which keeps large graphs small.
  void name_gradient(NodeId gradient) {
    const NodeId of = graph_.place(gradient).of;
    if (graph_.node(of).name.empty()) return;
    const std::string usual = graph_.name(gradient);
    const bool taken = graph_.find(usual) != kNoNode;
    graph_.set_name(gradient, taken ? "grad_" + usual.substr(1) : usual);
  }

  Graph& graph_;
  NodeId output_;
  std::vector<bool> needs_;
  std::vector<std::uint32_t> expected_;  // how many contributions each node will receive
  std::vector<std::uint32_t> arrived_;   // ... and how many it has
  std::vector<NodeId>* gradient_ = nullptr;
};

void name_seed(Graph& graph, NodeId seed, NodeId output) {
  Place& place = graph.place(seed);
  place.part = Part::kSeed;
  place.of = output;
  place.station = graph.place(output).station;
  if (graph.node(seed).name.empty() && !graph.node(output).name.empty()) {
    graph.set_name(seed, "d" + graph.name(output));
  }
}

}  // namespace

std::vector<NodeId> differentiable_leaves(const Graph& graph) {
  std::vector<NodeId> leaves;
  for (NodeId node = 0; node < graph.size(); ++node) {
    const Role role = graph.node(node).role;
    if (role == Role::kInput || role == Role::kParameter) leaves.push_back(node);
  }
  return leaves;
}

Var upstream_leaf(Graph& graph, NodeId output, double fill) {
  const Var seed = graph.leaf(Role::kConstant, graph.node(output).shape, {}, fill);
  name_seed(graph, seed.id(), output);
  return seed;
}

Backward differentiate(Graph& graph, NodeId output, Var seed, std::span<const NodeId> wrt) {
  if (seed.shape() != graph.node(output).shape) {
    throw Error(fmt::format("the upstream gradient {} has shape {}; it needs the shape of {}, {}",
                            graph.name(seed.id()), to_string(seed.shape()), graph.name(output),
                            to_string(graph.node(output).shape)));
  }
  Differentiation differentiation(graph, output, wrt);
  // A node of the forward pass keeps its place in it.
  if (seed.id() <= output) seed = copy(seed);
  name_seed(graph, seed.id(), output);
  return differentiation.run(seed);
}

}  // namespace backstep
