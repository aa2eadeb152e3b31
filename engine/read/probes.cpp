// Whether the numbers of a run can show a mistake at all.
#include "engine/read/probes.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/reads.h"

namespace backstep::read {
namespace {

bool all_ones(ConstView view) {
  return std::all_of(view.begin(), view.end(), [](double value) { return value == 1; });
}

void note_upstream(const Trace& trace, NodeId output, NodeId seed,
                   std::vector<std::string>& notes) {
  const Graph& graph = trace.graph();
  if (graph.node(output).shape.is_scalar() || !all_ones(trace.value(seed))) return;
  notes.push_back(
      fmt::format("{} is 1 everywhere, which hides mistakes: the gradient of a plain sum of batch "
                  "norm is 0 for "
                  "right and wrong code alike; a random upstream gradient hides none",
                  graph.name(seed)));
}

// A parameter of ones that multiplies: leaving it out of the backward pass would change nothing.
void note_scales(const Trace& trace, std::vector<std::string>& notes) {
  const Graph& graph = trace.graph();
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (graph.place(id).part != Part::kForward || !is(graph, id, primitives::multiply())) continue;
    for (std::size_t i = 0; i < 2; ++i) {
      const NodeId scale = unfolded(graph, graph.input(id, i));
      if (graph.node(scale).role != Role::kParameter || !all_ones(trace.value(scale))) continue;
      notes.push_back(fmt::format(
          "{0} is 1 everywhere, which hides a forgotten {0} in the gradient", graph.name(scale)));
    }
  }
}

// How many elements a reduction over the first side, but not over all, joins to each; 0 of others.
std::size_t samples_of(const Graph& graph, NodeId reduction) {
  const Shape& shape = graph.node(graph.input(reduction, 0)).shape;
  const Sides sides = graph.node(reduction).attributes.sides;
  const bool is_whole = sides == Sides::first(shape.ndim());
  return shape.ndim() < 2 || is_whole || !sides.has(0) ? 0 : read_count(graph, reduction, 0);
}

// The first mean over a batch of 1 or 2 speaks for all of them.
void note_batch(const Trace& trace, std::vector<std::string>& notes) {
  const auto [id, samples] = first_mean_of_batch(trace.graph());
  if (id == kNoNode || samples > 2) return;
  const std::string name = trace.graph().name(id);
  notes.push_back(samples == 1
                      ? fmt::format("{} is the mean of a batch of 1: each deviation from it is 0, "
                                    "and so is the variance",
                                    name)
                      : fmt::format("{} is the mean of a batch of 2: normalised values are +1 and "
                                    "-1 whatever they were, and their gradients nearly 0",
                                    name));
}

struct Cell {
  int row = 0;
  int col = 0;
};

Cell first_bad_element(ConstView view) {
  const auto* bad =
      std::find_if(view.begin(), view.end(), [](double v) { return !std::isfinite(v); });
  const int index = static_cast<int>(bad - view.begin());
  return {index / view.shape.cols(), index % view.shape.cols()};
}

void note_not_finite(const Trace& trace, std::vector<std::string>& notes) {
  const NodeId id = first_not_finite(trace);
  if (id == kNoNode) return;
  const Graph& graph = trace.graph();
  const auto [row, col] = first_bad_element(trace.value(id));
  const std::string value = number_text(trace.value(id)(row, col));
  const std::string element = graph.name(id) + place_text(graph.node(id).shape, row, col);
  if (graph.node(id).primitive == nullptr) {
    notes.push_back(fmt::format("{} is {} from the start: it was given so", element, value));
    return;
  }
  const NodeId shown = graph.node(id).name.empty() ? graph.place(id).of : id;
  const std::string where = shown == id || shown == kNoNode
                                ? fmt::format("{} = {}", graph.name(id), expression(graph, id))
                                : fmt::format("a step of the gradient of {}, {}", graph.name(shown),
                                              expression(graph, id));
  notes.push_back(fmt::format("{} is {}, the first value that is not finite, in {}: {}", element,
                              value, where, expression_with_numbers(trace, id, row, col)));
}

// A mask stops what is finite only: in NumPy 0 * inf is nan, where autograd libraries leave it out.
void note_masked_infinity(const Trace& trace, std::vector<std::string>& notes) {
  const Graph& graph = trace.graph();
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (!is(graph, id, primitives::multiply())) continue;
    const ConstView a = trace.value(graph.input(id, 0));
    const ConstView b = trace.value(graph.input(id, 1));
    for (std::size_t i = 0; i < a.size(); ++i) {
      const bool stops =
          (std::isinf(a.data[i]) && b.data[i] == 0) || (std::isinf(b.data[i]) && a.data[i] == 0);
      if (!stops) continue;
      notes.push_back(
          fmt::format("{} = {} multiplies an infinite number by 0, which gives nan, as "
                      "in NumPy; PyTorch gives 0 where a mask stops a gradient",
                      graph.name(id), expression(graph, id)));
      return;
    }
  }
}

}  // namespace

MeanOfBatch first_mean_of_batch(const Graph& graph) {
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (graph.place(id).part != Part::kForward || !is(graph, id, primitives::mean())) continue;
    const std::size_t samples = samples_of(graph, id);
    if (samples > 0) return {id, samples};
  }
  return {};
}

std::vector<std::string> probe_notes(const Trace& trace, NodeId output, NodeId seed) {
  std::vector<std::string> notes;
  note_upstream(trace, output, seed, notes);
  note_scales(trace, notes);
  note_batch(trace, notes);
  note_not_finite(trace, notes);
  note_masked_infinity(trace, notes);
  return notes;
}

}  // namespace backstep::read
