// How each element of one value hangs on each element of another.
#pragma once

#include <optional>

#include "engine/check/student.h"

namespace backstep::check {

// Element (i, j) is the slope of element i of `of` with respect to element j of `to`, both counted
// row by row. Either may be a gradient: its graph is differentiated again. Throws Error where `of`
// does not hang on `to`, or where the matrix would be too large.
Tensor jacobian(const read::Run& run, NodeId of, NodeId to);

// How many directions a matrix leaves, where those below this share of its largest entry are none.
std::size_t rank(ConstView matrix, double share);

// The rows and columns of a Jacobian of two (N, D) that belong to one feature: N by N.
Tensor of_column(ConstView jacobian, Shape of, Shape to, int column);

// What the Jacobian of out with respect to x is in batch norm, for one feature:
// (delta_ij - 1/N - xhat_i xhat_j / N) gamma ivar. Nothing where the run has none of these names.
std::optional<Tensor> batch_norm_coupling(const read::Run& run, int column);

}  // namespace backstep::check
