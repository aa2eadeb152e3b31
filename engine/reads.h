// Which elements of its arguments one element of a result is made of. Elements are counted in
// row-major order, from 0.
#pragma once

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

// The element of `small` that stands at element `at` of the shape `large`, to which it is repeated.
std::size_t repeated_place(const Shape& small, const Shape& large, std::size_t at);

// What a reduction of a matrix or a vector goes over; kOther of more than two sides, and where its
// result no longer lines up with the rows for want of keepdims.
Along along(const Graph& graph, NodeId reduction);

}  // namespace backstep
