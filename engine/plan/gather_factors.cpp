// The pass that writes sums of products with their common factor in front of one bracket.
#include <algorithm>
#include <optional>

#include "engine/plan/linear_sums.h"
#include "engine/plan/passes.h"
#include "engine/plan/terms.h"

namespace backstep {
namespace {

std::vector<NodeId> moved(std::span<const NodeId> nodes, const std::vector<NodeId>& now) {
  std::vector<NodeId> result;
  for (const NodeId node : nodes) result.push_back(now[node]);
  return result;
}

Rewritten with_gathered(const Graph& graph, NodeId target) {
  Rebuild rebuild(graph);
  TermReader reader(rebuild.graph());
  for (NodeId node = 0; node < graph.size(); ++node) {
    if (node != target) {
      rebuild.keep(node);
      continue;
    }
    const Terms terms = reader.terms_of(rebuild.copy_of(node).id());
    rebuild.replace(node, reader.build_with_common_factor(terms, graph.node(node).shape));
  }
  return rebuild.done();
}

double operations_needed(const Graph& graph, std::span<const NodeId> outputs) {
  return count_operations(drop_unused(graph, outputs).graph);
}

std::vector<NodeId> none_moved(const Graph& graph) {
  std::vector<NodeId> now(graph.size());
  for (NodeId node = 0; node < now.size(); ++node) now[node] = node;
  return now;
}

}  // namespace

double count_operations(const Graph& graph) {
  double operations = 0;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    if (node.primitive == nullptr || is(node, primitives::broadcast()) ||
        is(node, primitives::transpose()) || is(node, primitives::reshape()) ||
        node.primitive->reads == Reads::kGather) {
      continue;
    }
    double work = static_cast<double>(node.shape.size());
    const Shape argument = graph.node(graph.input(id, 0)).shape;
    if (node.primitive->reads == Reads::kProduct) work *= 2.0 * argument.cols();
    if (node.primitive->reads == Reads::kReduce) work = static_cast<double>(argument.size());
    operations += work;
  }
  return operations;
}

LinearResult gather_factors(const Graph& graph, std::span<const NodeId> outputs,
                            GatherSearch& search, int limit) {
  LinearResult result{{graph, none_moved(graph)}, {}};
  NodeId old = static_cast<NodeId>(std::min<std::size_t>(search.end, graph.size()));
  std::optional<TermReader> reader;  // of the graph as it is now
  double cost = operations_needed(result.rewritten.graph, outputs);
  // From the last to the first: a sum within a larger one is opened with it.
  while (limit > 0 && search.nodes_left >= graph.size() && old-- > 0) {
    const Node& node = graph.node(old);
    if (node.shape.is_scalar() ||
        (!is(node, primitives::add()) && !is(node, primitives::subtract())))
      continue;
    Graph& current = result.rewritten.graph;
    const NodeId target = result.rewritten.now[old];
    if (!reader) reader.emplace(current);
    if (reader->terms_of(target).size() < 2) continue;
    search.nodes_left -= std::min(search.nodes_left, current.size());
    Rewritten next = with_gathered(current, target);
    const std::vector<NodeId> now = then(result.rewritten.now, next.now);
    const double next_cost = operations_needed(next.graph, moved(outputs, now));
    if (next_cost >= cost) continue;
    cost = next_cost;
    reader.reset();
    result.rewritten = {std::move(next.graph), now};
    result.changes.push_back(
        {old, now[old], Words("the factor that all terms share comes in front")});
    --limit;
  }
  for (LinearChange& change : result.changes) change.after = result.rewritten.now[change.before];
  search.end = old;
  return result;
}

}  // namespace backstep
