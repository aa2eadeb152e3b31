// Primitives that pick elements by a map of places: gather, its opposite that adds, and joining two
// arrays.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/primitives/primitives.h"

namespace backstep {
namespace {

void check_map(const Attributes& is, std::size_t elements, std::size_t places) {
  if (is.map == nullptr || is.map->size() != elements) {
    throw Error(fmt::format("a map of {} places does not name one for each of {} elements",
                            is.map == nullptr ? 0 : is.map->size(), elements));
  }
  const auto is_outside = [places](std::int32_t place) {
    return place < PlaceMap::kNone || place >= static_cast<std::int64_t>(places);
  };
  const auto outside = std::find_if(is.map->places().begin(), is.map->places().end(), is_outside);
  if (outside != is.map->places().end()) {
    throw Error(fmt::format("place {} of a map is outside of {} elements", *outside, places));
  }
}

Shape picked_shape(std::span<const Shape> in, const Attributes& is) {
  check_map(is, is.shape.size(), in[0].size());
  return is.shape;
}

void pick(std::span<const ConstView> in, const Attributes& is, View out) {
  const std::vector<std::int32_t>& places = is.map->places();
  if (!is.map->has_none()) {
    for (std::size_t i = 0; i < places.size(); ++i) out.data[i] = in[0].data[places[i]];
    return;
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    out.data[i] = places[i] == PlaceMap::kNone ? 0 : in[0].data[places[i]];
  }
}

Shape added_shape(std::span<const Shape> in, const Attributes& is) {
  check_map(is, in[0].size(), is.shape.size());
  return is.shape;
}

void add_back(std::span<const ConstView> in, const Attributes& is, View out) {
  std::fill(out.begin(), out.end(), 0.0);
  const std::vector<std::int32_t>& places = is.map->places();
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i] != PlaceMap::kNone) out.data[places[i]] += in[0].data[i];
  }
}

Shape joined_shape(std::span<const Shape> in, const Attributes& is) {
  check_map(is, is.shape.size(), in[0].size() + in[1].size());
  return is.shape;
}

void pick_of_both(std::span<const ConstView> in, const Attributes& is, View out) {
  const std::vector<std::int32_t>& places = is.map->places();
  const auto first = static_cast<std::int32_t>(in[0].size());
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::int32_t place = places[i];
    out.data[i] = place == PlaceMap::kNone ? 0
                  : place < first          ? in[0].data[place]
                                           : in[1].data[place - first];
  }
}

// Where each of `count` elements went; nowhere for those that no place names.
SharedMap inverse(const PlaceMap& map, std::size_t count) {
  std::vector<std::int32_t> back(count, PlaceMap::kNone);
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (map[i] != PlaceMap::kNone) {
      back[static_cast<std::size_t>(map[i])] = static_cast<std::int32_t>(i);
    }
  }
  return share(std::move(back));
}

// What came from each element of an array, added up; where at most one did, that one.
Var sent_back(Var dy, const SharedMap& map, const Shape& shape) {
  const bool is_one_each = !map->repeats();
  if (is_one_each && map->has_none()) return gather(dy, inverse(*map, shape.size()), shape);
  return scatter_add(dy, map, shape);
}

// The part of the map of a join that names elements of one argument.
SharedMap map_of_argument(const RuleCall& call) {
  const auto first = static_cast<std::int32_t>(call[0].shape().size());
  const bool is_first = call.argument == 0;
  std::vector<std::int32_t> places = call.attributes.map->places();
  for (std::int32_t& place : places) {
    if (place == PlaceMap::kNone || (place < first) != is_first) {
      place = PlaceMap::kNone;
    } else if (!is_first) {
      place -= first;
    }
  }
  return share(std::move(places));
}

Var gradient_of_join(const RuleCall& call) {
  return sent_back(call.dy, map_of_argument(call), call[call.argument].shape());
}

constexpr Words kWhyJoin = Words(
    "Each number only moved to another place, and its gradient moves back; what the result does "
    "not hold gets 0.");

const Primitive& kGather = declare({
    .name = "gather",
    .symbol = "[ ]",
    .numpy = "{a}{picked}",
    .precedence = Precedence::kAtom,
    .shape = picked_shape,
    .forward = pick,
    .arguments = {{"a",
                   [](const RuleCall& call) {
                     return sent_back(call.dy, call.attributes.map, call[0].shape());
                   },
                   Words(
                       "Each gradient goes back to the element that was picked, and adds up where "
                       "one was picked twice; what was not picked gets 0.")}},
    .says = Words("picks elements of {a}"),
    .reads = Reads::kGather,
    .rounding = Rounding::kNever,
});

const Primitive& kScatterAdd = declare({
    .name = "scatter add",
    .symbol = "[+]",
    .numpy = "{a}{picked}",
    .precedence = Precedence::kAtom,
    .shape = added_shape,
    .forward = add_back,
    .arguments = {{"a",
                   [](const RuleCall& call) {
                     return gather(call.dy, call.attributes.map, call[0].shape());
                   },
                   Words("Each element was added in at one place, and takes the gradient of that "
                         "place.")}},
    .says = Words("adds the elements of {a} back where they were picked, and leaves 0 elsewhere"),
    .reads = Reads::kScatter,
});

const Primitive& kJoin = declare({
    .name = "join",
    .symbol = "⊔",
    .numpy = "np.append({a}, {b}){picked}",
    .precedence = Precedence::kAtom,
    .shape = joined_shape,
    .forward = pick_of_both,
    .arguments = {{"a", gradient_of_join, kWhyJoin}, {"b", gradient_of_join, kWhyJoin}},
    .says = Words("puts elements of {a} and of {b} into one array"),
    .reads = Reads::kGather,
    .rounding = Rounding::kNever,
});

}  // namespace

Var gather(Var a, SharedMap map, const Shape& shape) {
  return apply(kGather, {a}, {.shape = shape, .map = std::move(map)});
}

Var scatter_add(Var a, SharedMap map, const Shape& shape) {
  return apply(kScatterAdd, {a}, {.shape = shape, .map = std::move(map)});
}

Var join(Var a, Var b, SharedMap map, const Shape& shape) {
  return apply(kJoin, {a, b}, {.shape = shape, .map = std::move(map)});
}

}  // namespace backstep
