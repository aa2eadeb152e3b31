// NumPy's legacy random numbers, bit for bit: what `np.random.seed(50); np.random.rand(3)` gives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "engine/tensor.h"

namespace backstep::read {

// The generator behind np.random.seed, np.random.rand and their kin (numpy.random.RandomState):
// the Mersenne Twister of Matsumoto & Nishimura, "Mersenne Twister: a 623-dimensionally
// equidistributed uniform pseudo-random number generator", ACM TOMACS 8 (1998), seeded by their
// init_genrand of 2002. std::mt19937 is that very sequence. NumPy has promised since 1.16 never to
// change these numbers (NEP 19).
//
// Calls draw from one stream, in the order in which they are made, as in NumPy.
class LegacyRandom {
 public:
  // np.random.seed(seed). Throws Error outside 0 .. 2**32 - 1, where NumPy raises a ValueError.
  explicit LegacyRandom(std::int64_t seed);

  // np.random.rand(): uniform in [0, 1), a multiple of 2**-53.
  double rand();
  // np.random.rand(rows, cols), drawn row by row.
  Tensor rand(Shape shape);

  // np.random.randn(): normal with mean 0 and variance 1. Every other number was kept from the
  // call before; it outlives calls of rand in between, as NumPy's does.
  double randn();
  // np.random.randn(rows, cols), drawn row by row.
  Tensor randn(Shape shape);

  // np.random.randint(high): uniform in 0 .. high - 1. Throws Error unless 1 <= high <= 2**32.
  std::int64_t randint(std::int64_t high);

  // np.random.permutation(count): 0 .. count - 1 in random order. Throws Error if count < 0.
  std::vector<int> permutation(int count);

  // np.random.shuffle(items), in place. Of at most 2**32 items.
  template <typename T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i-- > 1;) {
      std::swap(items[i], items[up_to(static_cast<std::uint32_t>(i))]);
    }
  }

 private:
  // Uniform in 0 .. max. Draws nothing for max = 0.
  std::uint32_t up_to(std::uint32_t max);

  std::mt19937 words_;
  double kept_normal_ = 0;
  bool has_kept_normal_ = false;
};

}  // namespace backstep::read
