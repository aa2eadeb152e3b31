// Words for what a run does: the sentences of the primitives, filled with the names of a circuit.
#include "engine/describe.h"

#include <fmt/core.h>

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/primitives/primitives.h"

namespace backstep {
namespace {

constexpr auto kForward = Words("Station {0}, {1}: {2} {3}.");
constexpr auto kSeed =
    Words("The backward pass begins: {0} is the upstream gradient of {1}, given from outside.");
constexpr auto kOnlyContribution =
    Words("Back through station {0}, {1}: {2}, the gradient of {3}, is complete.");
constexpr auto kContribution =
    Words("Back through station {0}, {1}: {2} is contribution {4} of {5} to the gradient of {3}.");
constexpr auto kPartial =
    Words("{0} adds up the first {1} of {2} contributions to the gradient of {3}; {4} to come.");
constexpr auto kFinal =
    Words("{0}, the gradient of {1}, is complete: its {2} contributions are added up.");
constexpr auto kWhySum =
    Words("{0} was used in {1} places, and a change of it moves the output through each of them.");
constexpr auto kWhyRepeated =
    Words("Each element of {0} was repeated, so what comes back from its copies is added up.");

// What a reduction of an array of this shape goes over.
std::string over(const Shape& shape, Sides sides, Language language) {
  constexpr auto kBatch = Words("over the batch, column by column");
  constexpr auto kFeatures = Words("over the features, row by row");
  constexpr auto kAll = Words("over all elements");
  const Along is = along(shape, sides);
  if (is == Along::kAll) return say(language, kAll);
  if (shape.ndim() == 2 && is != Along::kOther)
    return say(language, is == Along::kRows ? kBatch : kFeatures);
  std::string numbers;
  int count = 0;
  for (int side = 0; side < shape.ndim(); ++side) {
    if (sides.has(side)) numbers += (count++ == 0 ? "" : ", ") + std::to_string(side);
  }
  if (count == 0) return say(language, Words("over no axis"));
  return say(language, count == 1 ? Words("over axis {0}") : Words("over the axes {0}"), numbers);
}

// The name of a value in a sentence; a number that nobody named is written as it is.
std::string called(const Graph& graph, NodeId id) {
  return name_in_formula(graph, unfolded(graph, id));
}

// Fills the words of a primitive with the names around one of its applications.
std::string filled_words(const Graph& graph, NodeId id, Words words, Language language) {
  const Node& node = graph.node(id);
  return filled(language.of(words), [&](std::string_view place) -> std::string {
    if (place == "y") return graph.name(id);
    if (place == "number") return fraction_text(node.attributes.number);
    if (place == "shape") return to_string(node.shape);
    if (place == "over") {
      return over(graph.node(graph.input(id, 0)).shape, node.attributes.sides, language);
    }
    if (place == "sides") {
      constexpr auto kMatrix = Words("rows of {0} to columns");
      constexpr auto kOrder = Words("the sides of {0} into another order");
      return say(language, node.shape.ndim() <= 2 ? kMatrix : kOrder,
                 called(graph, graph.input(id, 0)));
    }
    if (place == "count") {
      const std::size_t n = graph.node(graph.input(id, 0)).shape.size() / node.shape.size();
      return fmt::format("{}", n);
    }
    std::size_t i = 0;
    while (node.primitive->arguments[i].name != place) ++i;
    return called(graph, graph.input(id, i));
  });
}

bool is_parameter(const Graph& graph, NodeId id) {
  return graph.node(unfolded(graph, id)).role == Role::kParameter;
}

}  // namespace

std::string title(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (node.primitive == nullptr) return graph.name(id);
  const bool scales = is(node, primitives::multiply());
  if ((scales || is(node, primitives::add())) &&
      (is_parameter(graph, graph.input(id, 0)) || is_parameter(graph, graph.input(id, 1)))) {
    return scales ? "scale" : "shift";
  }
  return std::string(node.primitive->name);
}

std::string sentence(const Graph& graph, const Event& event, Language language) {
  const Place& place = graph.place(event.node);
  const std::string name = graph.name(event.node);
  const std::string of = place.of == kNoNode ? "" : graph.name(place.of);
  switch (event.kind) {
    case EventKind::kForward:
      return say(language, kForward, place.station, title(graph, event.node), name,
                 filled_words(graph, event.node, graph.node(event.node).primitive->says, language));
    case EventKind::kSeed:
      return say(language, kSeed, name, of);
    case EventKind::kContribution:
      return say(language, place.n == 1 ? kOnlyContribution : kContribution, place.station,
                 title(graph, use_of(graph, event.node).user), name, of, place.k, place.n);
    case EventKind::kPartial:
      return say(language, kPartial, name, place.k, place.n, of, place.n - place.k);
    case EventKind::kFinal:
      return say(language, kFinal, name, of, place.n);
  }
  return {};
}

std::string why(const Graph& graph, const Event& event, Language language) {
  const Place& place = graph.place(event.node);
  switch (event.kind) {
    case EventKind::kForward:
    case EventKind::kSeed:
      return {};
    case EventKind::kPartial:
    case EventKind::kFinal:
      return say(language, kWhySum, graph.name(place.of), place.n);
    case EventKind::kContribution:
      break;
  }
  const Use use = use_of(graph, event.node);
  const Primitive& primitive = *graph.node(use.user).primitive;
  std::string text = filled_words(graph, use.user, primitive.arguments[use.argument].why, language);
  if (graph.place(place.through).folded) {
    text += " " + say(language, kWhyRepeated, graph.name(place.of));
  }
  return text;
}

}  // namespace backstep
