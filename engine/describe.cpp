// Words for what a run does: the sentences of the primitives, filled with the names of a circuit.
#include "engine/describe.h"

#include <fmt/core.h>

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/primitives/primitives.h"

namespace backstep {
namespace {

// A sentence in both languages, with numbered places for fmt.
struct Pattern {
  const char* en;
  const char* ko;
};

constexpr Pattern kForward = {"Station {0}, {1}: {2} {3}.",
                              "{0}번 정거장, {1}: {3}. 결과는 {2}입니다."};
constexpr Pattern kSeed = {
    "The backward pass begins: {0} is the upstream gradient of {1}, given from outside.",
    "여기서 역전파가 시작됩니다. {1}의 상류 기울기 {0}의 값은 밖에서 주어집니다."};
constexpr Pattern kOnlyContribution = {
    "Back through station {0}, {1}: {2}, the gradient of {3}, is complete.",
    "{0}번 정거장({1})을 거꾸로 지나, {3}의 기울기 {2}의 값이 완성됩니다."};
constexpr Pattern kContribution = {
    "Back through station {0}, {1}: {2} is contribution {4} of {5} to the gradient of {3}.",
    "{0}번 정거장({1})을 거꾸로 지나, {3}의 기울기에 더해질 기여분 {5}개 중 {4}번째인 {2}의 값이 "
    "나옵니다."};
constexpr Pattern kPartial = {
    "{0} adds up the first {1} of {2} contributions to the gradient of {3}; {4} to come.",
    "{3}의 기울기에 더해질 기여분 {2}개 중 {1}개까지 더한 것이 {0}입니다. {4}개가 남았습니다."};
constexpr Pattern kFinal = {
    "{0}, the gradient of {1}, is complete: its {2} contributions are added up.",
    "기여분 {2}개를 모두 더해 {1}의 기울기 {0}의 값이 완성됩니다."};
constexpr Pattern kWhySum = {
    "{0} was used in {1} places, and a change of it moves the output through each of them.",
    "{0}의 값은 {1}곳에서 쓰였으므로, 값이 변하면 그 모든 길을 따라 출력이 움직입니다."};
constexpr Pattern kWhyRepeated = {
    "Each element of {0} was repeated, so what comes back from its copies is added up.",
    "{0}의 각 원소가 반복되었으므로 복사본마다 돌아온 값을 더합니다."};

std::string in(Language language, Pattern pattern, const auto&... values) {
  const char* text = language == Language::kEnglish ? pattern.en : pattern.ko;
  return fmt::format(fmt::runtime(text), values...);
}

std::string_view in(Language language, Words words) {
  return language == Language::kEnglish ? words.en : words.ko;
}

// What a reduction of an array of this shape goes over.
std::string over(const Shape& shape, Sides sides, Language language) {
  constexpr Words kBatch = {"over the batch, column by column", "배치에 대해 열마다"};
  constexpr Words kFeatures = {"over the features, row by row", "특성에 대해 행마다"};
  constexpr Words kAll = {"over all elements", "모든 원소에 대해"};
  const Along is = along(shape, sides);
  if (is == Along::kAll) return std::string(in(language, kAll));
  if (shape.ndim() == 2 && is != Along::kOther)
    return std::string(in(language, is == Along::kRows ? kBatch : kFeatures));
  std::string numbers;
  int count = 0;
  for (int side = 0; side < shape.ndim(); ++side) {
    if (sides.has(side)) numbers += (count++ == 0 ? "" : ", ") + std::to_string(side);
  }
  if (count == 0) return in(language, Pattern{"over no axis", "어느 축도 아닌 원소마다"});
  return in(language,
            Pattern{count == 1 ? "over axis {0}" : "over the axes {0}", "{0}번 축에 대해"},
            numbers);
}

// The name of a value in a sentence; a number that nobody named is written as it is.
std::string called(const Graph& graph, NodeId id) {
  return name_in_formula(graph, unfolded(graph, id));
}

// Fills the words of a primitive with the names around one of its applications.
std::string filled_words(const Graph& graph, NodeId id, Words words, Language language) {
  const Node& node = graph.node(id);
  return filled(in(language, words), [&](std::string_view place) -> std::string {
    if (place == "y") return graph.name(id);
    if (place == "number") return fraction_text(node.attributes.number);
    if (place == "shape") return to_string(node.shape);
    if (place == "over") {
      return over(graph.node(graph.input(id, 0)).shape, node.attributes.sides, language);
    }
    if (place == "sides") {
      constexpr Pattern kMatrix = {"rows of {0} to columns", "행과 열을"};
      constexpr Pattern kOrder = {"the sides of {0} into another order", "축의 순서를"};
      return in(language, node.shape.ndim() <= 2 ? kMatrix : kOrder,
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
      return in(language, kForward, place.station, title(graph, event.node), name,
                filled_words(graph, event.node, graph.node(event.node).primitive->says, language));
    case EventKind::kSeed:
      return in(language, kSeed, name, of);
    case EventKind::kContribution:
      return in(language, place.n == 1 ? kOnlyContribution : kContribution, place.station,
                title(graph, use_of(graph, event.node).user), name, of, place.k, place.n);
    case EventKind::kPartial:
      return in(language, kPartial, name, place.k, place.n, of, place.n - place.k);
    case EventKind::kFinal:
      return in(language, kFinal, name, of, place.n);
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
      return in(language, kWhySum, graph.name(place.of), place.n);
    case EventKind::kContribution:
      break;
  }
  const Use use = use_of(graph, event.node);
  const Primitive& primitive = *graph.node(use.user).primitive;
  std::string text = filled_words(graph, use.user, primitive.arguments[use.argument].why, language);
  if (graph.place(place.through).folded) {
    text += " " + in(language, kWhyRepeated, graph.name(place.of));
  }
  return text;
}

}  // namespace backstep
