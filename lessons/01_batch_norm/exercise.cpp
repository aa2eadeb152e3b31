// The runs that the lesson speaks of.
#include "exercise.h"

#include <fmt/format.h>

#include "engine/look.h"
#include "engine/number_text.h"
#include "lessons/rerun.h"

namespace backstep::lessons {
namespace {

using Settings = std::vector<std::pair<std::string, std::string>>;

Settings settings(int rows, double epsilon) {
  const int cols = Exercise::kFeatures;
  return {{"x", rand_text({rows, cols})},
          {"gamma", fmt::format("ones({})", cols)},
          {"beta", fmt::format("zeros({})", cols)},
          {"eps", exact_number_text(epsilon)}};
}

read::Run batch_norm(std::uint32_t seed, Settings set, const std::string& upstream) {
  read::RunOptions options;
  options.seed = seed;
  options.set = std::move(set);
  options.upstream = upstream;
  return read::run_circuit("batch_norm", options);
}

Settings random_gamma() {
  Settings set = settings(Exercise::kSamples, Exercise::kEpsilon);
  set[1].second = rand_text({Exercise::kFeatures});
  return set;
}

// The nodes of a part of the pass, as work.
template <typename Belongs>
Work work(const Graph& graph, Belongs belongs) {
  Work work;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    if (node.primitive == nullptr || !belongs(node.place.part)) continue;
    if (is(node, primitives::copy()) || is(node, primitives::broadcast())) continue;
    const bool adds_up = node.primitive->reads == Reads::kReduce;
    ++work.nodes;
    work.operations += (adds_up ? graph.node(graph.input(id, 0)) : node).shape.size();
  }
  return work;
}

}  // namespace

Exercise::Exercise(std::uint32_t seed)
    : run(batch_norm(seed, settings(kSamples, kEpsilon), "out")),
      random(batch_norm(seed, settings(kSamples, kEpsilon), "")),
      probe(batch_norm(seed, random_gamma(), "")),
      coarse(batch_norm(seed, settings(kSamples, 10 * kEpsilon), "out")) {}

read::Run small_batch(int rows, std::uint32_t seed) {
  return batch_norm(seed, settings(rows, Exercise::kEpsilon), "");
}

Trace closed_form(const Trace& run) {
  read::RunOptions options;
  std::map<std::string, Tensor> values;
  for (const char* name : {"dout", "xhat", "gamma", "ivar"}) {
    values.emplace(name, value(run, name));
    options.set.emplace_back(name, rand_text(values.at(name).shape()));
  }
  const read::Run compact = read::run_circuit("batch_norm_closed_form", options);
  return rerun(compact.trace, values);
}

Work work_of_backward_pass(const Trace& trace) {
  return work(trace.graph(), [](Part part) { return part != Part::kForward; });
}

Work work_of_forward_pass(const Trace& trace) {
  return work(trace.graph(), [](Part part) { return part == Part::kForward; });
}

}  // namespace backstep::lessons
