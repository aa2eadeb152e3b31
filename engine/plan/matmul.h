// Matrix products of a plan: out = a @ b, each argument as it lies or transposed.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/tensor.h"

namespace backstep {

// How one argument lies: element (i, j) is at data[i * row_step + j * col_step].
struct Strided {
  const double* data = nullptr;
  std::ptrdiff_t row_step = 0;
  std::ptrdiff_t col_step = 0;
};

// out (rows x cols) = a (rows x inner) @ b (inner x cols); `space` holds matmul_space() doubles.
using MatmulFunction = void (*)(long rows, long inner, long cols, const double* a, long a_row,
                                long a_col, const double* b, long b_row, long b_col, double* out,
                                double* space);

// The product in C, for the compiler of this machine; its one function is `matmul`.
std::string_view matmul_source();
// What a product needs beside its arguments, in doubles.
std::size_t matmul_space(long rows, long inner, long cols);

// The same by Eigen, for where no compiler is.
void matmul_by_eigen(long rows, long inner, long cols, const double* a, long a_row, long a_col,
                     const double* b, long b_row, long b_col, double* out, double* space);

}  // namespace backstep
