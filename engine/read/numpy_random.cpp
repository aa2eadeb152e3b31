// NumPy's legacy random numbers: words of the Mersenne Twister to doubles, normals and integers.
//
// Every operation stands in NumPy's order and is rounded on its own. A compiler that fuses
// x1 * x1 + x2 * x2 into one rounding (arm64 without -ffp-contract=off) would change last bits.
#include "engine/read/numpy_random.h"

#include <fmt/core.h>

#include <cmath>
#include <numeric>

namespace backstep::read {
namespace {

constexpr std::int64_t kWords = std::int64_t{1} << 32;

std::uint32_t checked_seed(std::int64_t seed) {
  if (seed < 0 || seed >= kWords) {
    throw Error(fmt::format("seed {}: as in NumPy, a seed must be between 0 and {} (2**32 - 1)",
                            seed, kWords - 1));
  }
  return static_cast<std::uint32_t>(seed);
}

// The least number of the form 2**k - 1 that is not below max.
std::uint32_t covering_mask(std::uint32_t max) {
  for (int shift = 1; shift < 32; shift *= 2) max |= max >> shift;
  return max;
}

}  // namespace

LegacyRandom::LegacyRandom(std::int64_t seed) : words_(checked_seed(seed)) {}

// genrand_res53 of Matsumoto & Nishimura: 27 bits of one word, 26 of the next.
double LegacyRandom::rand() {
  const double high = static_cast<double>(words_() >> 5);
  const double low = static_cast<double>(words_() >> 6);
  return (high * 67108864.0 + low) / 9007199254740992.0;
}

Tensor LegacyRandom::rand(Shape shape) {
  Tensor result(shape);
  for (double& number : result.view()) number = rand();
  return result;
}

// The polar method of Marsaglia & Bray, "A convenient method for generating normal variables",
// SIAM Review 6 (1964): a point in the unit disc gives two normals, the second coordinate's first.
double LegacyRandom::randn() {
  if (has_kept_normal_) {
    has_kept_normal_ = false;
    return kept_normal_;
  }
  double x1 = 0;
  double x2 = 0;
  double square = 0;
  do {
    x1 = 2.0 * rand() - 1.0;
    x2 = 2.0 * rand() - 1.0;
    square = x1 * x1 + x2 * x2;
  } while (square >= 1.0 || square == 0.0);
  const double factor = std::sqrt(-2.0 * std::log(square) / square);
  kept_normal_ = factor * x1;
  has_kept_normal_ = true;
  return factor * x2;
}

Tensor LegacyRandom::randn(Shape shape) {
  Tensor result(shape);
  for (double& number : result.view()) number = randn();
  return result;
}

std::int64_t LegacyRandom::randint(std::int64_t high) {
  if (high < 1 || high > kWords) {
    throw Error(fmt::format("randint({}): the bound must be between 1 and {}", high, kWords));
  }
  return up_to(static_cast<std::uint32_t>(high - 1));
}

std::vector<int> LegacyRandom::permutation(int count) {
  if (count < 0) throw Error(fmt::format("permutation({}): a count is at least 0", count));
  std::vector<int> result(static_cast<std::size_t>(count));
  std::iota(result.begin(), result.end(), 0);
  shuffle(std::span<int>(result));
  return result;
}

// Takes the low bits of a word and draws again while they are too large.
std::uint32_t LegacyRandom::up_to(std::uint32_t max) {
  if (max == 0) return 0;
  const std::uint32_t mask = covering_mask(max);
  std::uint32_t value = 0;
  do {
    value = static_cast<std::uint32_t>(words_()) & mask;
  } while (value > max);
  return value;
}

}  // namespace backstep::read
