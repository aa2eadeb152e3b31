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

// The k-th of the elements that a reduction joins to its element `at`.
std::size_t reduced_place(const Shape& shape, const Attributes& is, std::size_t at, std::size_t k) {
  Index place = {};
  for (int side = shape.ndim() - 1; side >= 0; --side) {
    std::size_t& from = is.sides.has(side) ? k : at;
    place[static_cast<std::size_t>(side)] = from % side_of(shape, side);
    from /= side_of(shape, side);
  }
  return offset_of(shape, place);
}

std::size_t turned_place(const Shape& from, const Shape& to, const SideOrder& order,
                         std::size_t at) {
  const Index place = index_of(to, at);
  Index source = {};
  for (std::size_t side = 0; side < static_cast<std::size_t>(to.ndim()); ++side) {
    source[order[side]] = place[side];
  }
  return offset_of(from, source);
}

// Row by column: a vector is a row on the left and a column on the right.
std::size_t product_place(const Shape& left, const Shape& right, std::size_t argument,
                          std::size_t at, std::size_t k) {
  const std::size_t cols = right.ndim() > 1 ? static_cast<std::size_t>(right.cols()) : 1;
  const std::size_t inner = static_cast<std::size_t>(left.cols());
  const std::size_t rows = left.ndim() > 1 ? side_of(left, left.ndim() - 2) : 1;
  const std::size_t col = at % cols;
  const std::size_t row = at / cols;  // over all leading sides
  return argument == 0 ? row * inner + k : (row / rows * inner + k) * cols + col;
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
  const Index place = index_of(large, at);
  const int missing = large.ndim() - small.ndim();
  Index source = {};
  for (int side = 0; side < small.ndim(); ++side) {
    const std::size_t i = static_cast<std::size_t>(side);
    source[i] = small[side] == 1 ? 0 : place[static_cast<std::size_t>(side + missing)];
  }
  return offset_of(small, source);
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

std::size_t read_count(const Graph& graph, NodeId node, std::size_t argument) {
  const Node& is = graph.node(node);
  switch (is.primitive->reads) {
    case Reads::kReduce:
      return graph.node(graph.input(node, argument)).shape.size() / is.shape.size();
    case Reads::kProduct:
      return static_cast<std::size_t>(graph.node(graph.input(node, 0)).shape.cols());
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
  const Shape& from = graph.node(graph.input(node, argument)).shape;
  switch (is.primitive->reads) {
    case Reads::kReduce:
      return reduced_place(from, is.attributes, at, k);
    case Reads::kProduct:
      return product_place(graph.node(graph.input(node, 0)).shape,
                           graph.node(graph.input(node, 1)).shape, argument, at, k);
    case Reads::kRepeat:
      return repeated_place(from, is.shape, at);
    case Reads::kTurn:
      return turned_place(from, is.shape, is.attributes.order, at);
    case Reads::kElementwise:
      break;
  }
  return at;
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
  }
  return {ReadRule::Kind::kEach};
}

}  // namespace backstep
