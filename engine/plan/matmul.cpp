// Matrix products of a plan: the C that is compiled for this machine, and Eigen where it cannot be.
#include "engine/plan/matmul.h"

#include <Eigen/Core>
#include <algorithm>

namespace backstep {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Steps = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
using Argument = Eigen::Map<const Matrix, Eigen::Unaligned, Steps>;

}  // namespace

// The scheme of Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS
// 34 (2008): pieces of both arguments are copied so that the innermost loop reads them in order.
std::string_view matmul_source() {
  return R"(/* out = a @ b, in pieces that stay in the caches: PANEL rows of a and STRIP columns of b meet in
   registers; DEPTH of their common side is summed before the next; BLOCK rows of a are copied at a
   time. Element (i, j) of a is a[i * a_row + j * a_col], so a transposed argument costs nothing. */
enum { PANEL = 6, STRIP = 8, DEPTH = 256, BLOCK = 96 };
typedef double lanes __attribute__((vector_size(32)));
typedef double loose_lanes __attribute__((vector_size(32), aligned(8)));

static inline lanes load(const double *at) { return *(const loose_lanes *)at; }

/* Copies `count` columns of b, from column `from` on, to strips of STRIP columns: row after row of a
   strip, filled up with zeros. */
static void copy_strips(long depth, long cols, const double *b, long b_row, long b_col, double *to) {
  for (long from = 0; from < cols; from += STRIP) {
    const long width = cols - from < STRIP ? cols - from : STRIP;
    if (width == STRIP && b_col == 1) {
      for (long p = 0; p < depth; p++, to += STRIP) {
        for (long j = 0; j < STRIP; j++) to[j] = b[p * b_row + from + j];
      }
      continue;
    }
    for (long p = 0; p < depth; p++, to += STRIP) {
      for (long j = 0; j < STRIP; j++) to[j] = j < width ? b[p * b_row + (from + j) * b_col] : 0;
    }
  }
}

/* The same for rows of a, in panels of PANEL rows. */
static void copy_panels(long rows, long depth, const double *a, long a_row, long a_col, double *to) {
  for (long from = 0; from < rows; from += PANEL) {
    const long height = rows - from < PANEL ? rows - from : PANEL;
    if (height == PANEL) {
      for (long p = 0; p < depth; p++, to += PANEL) {
        for (long i = 0; i < PANEL; i++) to[i] = a[(from + i) * a_row + p * a_col];
      }
      continue;
    }
    for (long p = 0; p < depth; p++, to += PANEL) {
      for (long i = 0; i < PANEL; i++) to[i] = i < height ? a[(from + i) * a_row + p * a_col] : 0;
    }
  }
}

/* One panel times one strip: PANEL x STRIP sums, which stay in registers. */
static inline void panel_times_strip(long depth, const double *restrict a, const double *restrict b,
                                     lanes sum[PANEL][2]) {
  lanes total[PANEL][2];
  for (int i = 0; i < PANEL; i++) total[i][0] = total[i][1] = (lanes){0, 0, 0, 0};
  for (long p = 0; p < depth; p++, a += PANEL, b += STRIP) {
    const lanes left = load(b);
    const lanes right = load(b + 4);
#pragma GCC unroll 6
    for (int i = 0; i < PANEL; i++) {
      const lanes each = {a[i], a[i], a[i], a[i]};
      total[i][0] += each * left;
      total[i][1] += each * right;
    }
  }
  for (int i = 0; i < PANEL; i++) {
    sum[i][0] = total[i][0];
    sum[i][1] = total[i][1];
  }
}

static void add_to_out(lanes sum[PANEL][2], long height, long width, double *out, long cols,
                       int is_first) {
  for (long i = 0; i < height; i++) {
    double *to = out + i * cols;
    if (width == STRIP) {
      loose_lanes *left = (loose_lanes *)to;
      loose_lanes *right = (loose_lanes *)(to + 4);
      *left = is_first ? sum[i][0] : *left + sum[i][0];
      *right = is_first ? sum[i][1] : *right + sum[i][1];
      continue;
    }
    for (long j = 0; j < width; j++) {
      const double value = sum[i][j / 4][j % 4];
      to[j] = is_first ? value : to[j] + value;
    }
  }
}

void matmul(long rows, long inner, long cols, const double *a, long a_row, long a_col,
            const double *b, long b_row, long b_col, double *out, double *space) {
  double *panels = space;
  double *strips = space + BLOCK * DEPTH;
  for (long done = 0; done < inner; done += DEPTH) {
    const long depth = inner - done < DEPTH ? inner - done : DEPTH;
    copy_strips(depth, cols, b + done * b_row, b_row, b_col, strips);
    for (long top = 0; top < rows; top += BLOCK) {
      const long height = rows - top < BLOCK ? rows - top : BLOCK;
      copy_panels(height, depth, a + top * a_row + done * a_col, a_row, a_col, panels);
      for (long col = 0; col < cols; col += STRIP) {
        const long width = cols - col < STRIP ? cols - col : STRIP;
        for (long row = 0; row < height; row += PANEL) {
          lanes sum[PANEL][2];
          panel_times_strip(depth, panels + row * depth, strips + col * depth, sum);
          add_to_out(sum, height - row < PANEL ? height - row : PANEL, width,
                     out + (top + row) * cols + col, cols, done == 0);
        }
      }
    }
  }
}
)";
}

std::size_t matmul_space(long rows, long inner, long cols) {
  constexpr long kStrip = 8;
  constexpr long kDepth = 256;
  constexpr long kBlock = 96;
  static_cast<void>(rows);
  const long strips = (cols + kStrip - 1) / kStrip * kStrip;
  return static_cast<std::size_t>(kBlock * kDepth + strips * std::min(inner, kDepth));
}

void matmul_by_eigen(long rows, long inner, long cols, const double* a, long a_row, long a_col,
                     const double* b, long b_row, long b_col, double* out, double*) {
  Eigen::Map<Matrix>(out, rows, cols).noalias() =
      Argument(a, rows, inner, Steps(a_row, a_col)) * Argument(b, inner, cols, Steps(b_row, b_col));
}

}  // namespace backstep
