// The places that a primitive reads, from the one word of its record that says how.
#include "engine/reads.h"

#include <algorithm>
#include <array>

namespace backstep {
namespace {

using Index = std::array<std::size_t, Shape::kMostSides>;

std::size_t side_of(const Shape& shape, int side) { return static_cast<std::size_t>(shape[side]); }

Index index_of(const Shape& shape, std::size_t at) {
  Index place = {};
  for (int side = shape.ndim() - 1; side >= 0; --side) {
    place[static_cast<std::size_t>(side)] = at % side_of(shape, side);
    at /= side_of(shape, side);
  }
  return place;
}

std::size_t offset_of(const Shape& shape, const Index& place) {
  std::size_t at = 0;
  for (int side = 0; side < shape.ndim(); ++side) {
    at = at * side_of(shape, side) + place[static_cast<std::size_t>(side)];
  }
  return at;
}

// The place in `from` that a rule gives for number k of what element `at` of `to` reads. The sides
// that run are counted in row-major order, too.
std::size_t place_by(const ReadRule& rule, const Shape& from, const Shape& to, std::size_t at,
                     std::size_t k) {
  const Index result = index_of(to, at);
  Index place = {};
  for (int i = from.ndim() - 1; i >= 0; --i) {
    const std::size_t side = static_cast<std::size_t>(i);
    const std::int8_t by = rule.from[side];
    if (by == ReadRule::kRuns) {
      place[side] = k % side_of(from, i);
      k /= side_of(from, i);
    } else if (by != ReadRule::kFirst) {
      place[side] = result[static_cast<std::size_t>(by)];
    }
  }
  return offset_of(from, place);
}

// The place in the line of all arguments where this one begins.
std::size_t begin_of(const Graph& graph, NodeId node, std::size_t argument) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < argument; ++i) {
    begin += graph.node(graph.input(node, i)).shape.size();
  }
  return begin;
}

// Whether a gather takes this element of its result from this argument.
bool is_picked(const Graph& graph, NodeId node, std::size_t argument, std::size_t at) {
  const std::int32_t place = (*graph.node(node).attributes.map)[at];
  const std::size_t begin = begin_of(graph, node, argument);
  const std::size_t size = graph.node(graph.input(node, argument)).shape.size();
  return place != PlaceMap::kNone && static_cast<std::size_t>(place) >= begin &&
         static_cast<std::size_t>(place) < begin + size;
}

// Sides of a reduction run; what is left follows in its order, each side as long as the result's.
ReadRule reduced_rule(const Shape& from, const Attributes& is) {
  ReadRule rule = {ReadRule::Kind::kSides};
  std::int8_t left = 0;
  for (int side = 0; side < from.ndim(); ++side) {
    const bool runs = is.sides.has(side);
    rule.from[static_cast<std::size_t>(side)] = runs ? ReadRule::kRuns : left;
    if (!runs || is.keepdims) ++left;
  }
  return rule;
}

ReadRule repeated_rule(const Shape& small, const Shape& large) {
  ReadRule rule = {ReadRule::Kind::kSides};
  for (int side = 0; side < small.ndim(); ++side) {
    const int to = side + large.ndim() - small.ndim();
    rule.from[static_cast<std::size_t>(side)] =
        small[side] == 1 ? ReadRule::kFirst : static_cast<std::int8_t>(to);
  }
  return rule;
}

ReadRule turned_rule(const Shape& to, const SideOrder& order) {
  ReadRule rule = {ReadRule::Kind::kSides};
  for (int side = 0; side < to.ndim(); ++side) {
    rule.from[order[static_cast<std::size_t>(side)]] = static_cast<std::int8_t>(side);
  }
  return rule;
}

// Leading sides as they are, then a row by a column; a vector has no row or no column in the
// result.
ReadRule product_rule(const Shape& from, const Shape& other, const Shape& to,
                      std::size_t argument) {
  ReadRule rule = {ReadRule::Kind::kSides};
  const int last = from.ndim() - 1;
  for (int side = 0; side < last - 1; ++side) {
    rule.from[static_cast<std::size_t>(side)] = static_cast<std::int8_t>(side);
  }
  const int runs = argument == 0 || last == 0 ? last : last - 1;
  rule.from[static_cast<std::size_t>(runs)] = ReadRule::kRuns;
  if (last == 0) return rule;
  const int row = to.ndim() - (other.ndim() > 1 ? 2 : 1);
  const int stays = argument == 0 ? last - 1 : last;
  rule.from[static_cast<std::size_t>(stays)] =
      static_cast<std::int8_t>(argument == 0 ? row : to.ndim() - 1);
  return rule;
}

}  // namespace

std::size_t repeated_place(const Shape& small, const Shape& large, std::size_t at) {
  return place_by(repeated_rule(small, large), small, large, at, 0);
}

bool repeats_rows_or_columns(const Shape& small, const Shape& large) {
  if (small.rows() == 1) return true;
  return small.ndim() == large.ndim() && std::equal(small.begin(), small.end() - 1, large.begin());
}

Along along(const Graph& graph, NodeId reduction) {
  const Shape& shape = graph.node(graph.input(reduction, 0)).shape;
  const Attributes& attributes = graph.node(reduction).attributes;
  const Along is = along(shape, attributes.sides);
  const bool lines_up = is != Along::kColumns || attributes.keepdims;
  return shape.ndim() > 2 || !lines_up ? Along::kOther : is;
}

bool reads_alike(const Graph& graph, NodeId node) {
  const Node& is = graph.node(node);
  const Reads reads = is.primitive->reads;
  if (reads == Reads::kGather) return graph.arity(node) == 1 && !is.attributes.map->has_none();
  return reads != Reads::kScatter;
}

std::size_t read_count(const Graph& graph, NodeId node, std::size_t argument, std::size_t at) {
  const Node& is = graph.node(node);
  switch (is.primitive->reads) {
    case Reads::kReduce:
      return graph.node(graph.input(node, argument)).shape.size() / is.shape.size();
    case Reads::kProduct:
      return static_cast<std::size_t>(graph.node(graph.input(node, 0)).shape.cols());
    case Reads::kGather:
      return is_picked(graph, node, argument, at) ? 1 : 0;
    case Reads::kScatter:
      return is.attributes.map->at(static_cast<std::int32_t>(at)).size();
    case Reads::kElementwise:
    case Reads::kRepeat:
    case Reads::kTurn:
      break;
  }
  return 1;
}

std::size_t read_place(const Graph& graph, NodeId node, std::size_t argument, std::size_t at,
                       std::size_t k) {
  const Node& is = graph.node(node);
  if (is.primitive->reads == Reads::kGather) {
    return static_cast<std::size_t>((*is.attributes.map)[at]) - begin_of(graph, node, argument);
  }
  if (is.primitive->reads == Reads::kScatter) {
    return static_cast<std::size_t>(is.attributes.map->at(static_cast<std::int32_t>(at))[k]);
  }
  const ReadRule rule = read_rule(graph, node, argument);
  if (rule.kind == ReadRule::Kind::kSame) return at;
  return place_by(rule, graph.node(graph.input(node, argument)).shape, is.shape, at, k);
}

ReadRule read_rule(const Graph& graph, NodeId node, std::size_t argument) {
  const Node& is = graph.node(node);
  const Shape& from = graph.node(graph.input(node, argument)).shape;
  switch (is.primitive->reads) {
    case Reads::kElementwise:
      return {};
    case Reads::kReduce:
      return reduced_rule(from, is.attributes);
    case Reads::kProduct:
      return product_rule(from, graph.node(graph.input(node, 1 - argument)).shape, is.shape,
                          argument);
    case Reads::kRepeat:
      return repeated_rule(from, is.shape);
    case Reads::kTurn:
      return turned_rule(is.shape, is.attributes.order);
    case Reads::kGather:
    case Reads::kScatter:
      break;
  }
  return {ReadRule::Kind::kEach};
}

}  // namespace backstep
