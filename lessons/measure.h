// How large numbers are, and how far apart.
#pragma once

#include "engine/tensor.h"

namespace backstep::lessons {

// The largest magnitude.
double largest(ConstView values);
// The root of the mean of the squares.
double root_mean_square(ConstView values);
double mean(ConstView values);
// From their own mean; the squares are divided by their number.
double deviation(ConstView values);
// The largest magnitude of a - b, which have one shape.
double largest_difference(ConstView a, ConstView b);
// What share of the numbers is exactly 0.
double share_of_zeros(ConstView values);

// Column by column, over the rows: (N, D) becomes (D,).
Tensor column_sums(ConstView values);
Tensor column_means(ConstView values);
// Element by element; a vector (D,) is repeated down the rows of (N, D), as NumPy would.
Tensor product(ConstView a, ConstView b);
Tensor difference(ConstView a, ConstView b);

}  // namespace backstep::lessons
