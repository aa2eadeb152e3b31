// Which elements of its arguments one element of a result is made of. Elements are counted in
// row-major order, from 0.
#pragma once

#include <array>
#include <cstdint>

#include "engine/graph.h"
#include "engine/primitives/primitives.h"

namespace backstep {

// Of how many elements of this argument element `at` of the result is made.
std::size_t read_count(const Graph& graph, NodeId node, std::size_t argument, std::size_t at = 0);
// Whether that number is the same for every element of the result.
bool reads_alike(const Graph& graph, NodeId node);

// Number `k` of the elements of this argument that element `at` of the result is made of.
std::size_t read_place(const Graph& graph, NodeId node, std::size_t argument, std::size_t at,
                       std::size_t k = 0);

// How the place of what is read follows from the place of the result.
struct ReadRule {
  enum class Kind : std::uint8_t {
    kSame,   // the same number in row-major order
    kSides,  // side by side
    kEach,   // as read_place says of each element
  };
  // What the index along a side of the argument is, where it is not that along a side of the
  // result.
  static constexpr std::int8_t kRuns = -1;   // it runs from end to end: over all that are read
  static constexpr std::int8_t kFirst = -2;  // 0

  Kind kind = Kind::kSame;
  std::array<std::int8_t, Shape::kMostSides> from = {};  // for each side of the argument
};

// What read_place goes by, so that views need not ask of every element.
ReadRule read_rule(const Graph& graph, NodeId node, std::size_t argument);

// The element of `small` that stands at element `at` of the shape `large`, to which it is repeated.
std::size_t repeated_place(const Shape& small, const Shape& large, std::size_t at);

// Whether `small` is repeated to `large` as a matrix: whole rows, or one number for each row.
bool repeats_rows_or_columns(const Shape& small, const Shape& large);

// What a reduction of a matrix or a vector goes over; kOther of more than two sides, and where its
// result no longer lines up with the rows for want of keepdims.
Along along(const Graph& graph, NodeId reduction);

}  // namespace backstep
