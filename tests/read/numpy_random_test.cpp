// NumPy's random numbers: every golden number was printed by NumPy 1.24.2 as float.hex().
#include "engine/read/numpy_random.h"

#include <doctest/doctest.h>

#include <vector>

namespace backstep::read {
namespace {

using Numbers = std::vector<double>;

TEST_CASE("rand gives np.random.rand's numbers, for the least and the greatest seed too") {
  CHECK(LegacyRandom(50).rand({2, 2}).data() == Numbers{0x1.fa78da9088caep-2, 0x1.d31d3c130a584p-3,
                                                        0x1.059af4ce1273ep-2,
                                                        0x1.95d78202be6c2p-2});
  CHECK(LegacyRandom(0).rand({1, 2}).data() == Numbers{0x1.18fe1565f12a8p-1, 0x1.6e2d4cf608733p-1});
  CHECK(LegacyRandom(1).rand({2, 1}).data() == Numbers{0x1.ab07d0ffa3c06p-2, 0x1.70ce5f3baf051p-1});
  CHECK(LegacyRandom(4294967295).rand({1, 2}).data() ==
        Numbers{0x1.8fe69a3924820p-4, 0x1.d323d824032b1p-1});
}

TEST_CASE("the last number of the notebook's rand(50, 50) is NumPy's") {
  CHECK(LegacyRandom(50).rand({50, 50})(49, 49) == 0x1.e3dc26fe7cf60p-4);
}

TEST_CASE("randn gives np.random.randn's numbers") {
  CHECK(LegacyRandom(50).randn({1, 5}).data() ==
        Numbers{-0x1.8f733c5d0a7a2p+0, -0x1.fb897c74fe73bp-6, -0x1.3dea549372662p-1,
                -0x1.76eebf264cfc0p+0, 0x1.69754d10c9e4cp+0});
}

TEST_CASE("the second normal number is kept over a call of rand") {
  LegacyRandom random(0);
  CHECK(random.randn() == 0x1.c398ef3e5cfa5p+0);
  CHECK(random.rand() == 0x1.349d66b6e894bp-1);
  CHECK(random.randn() == 0x1.99c2cfacc8953p-2);
  CHECK(random.randn() == -0x1.2258941855050p+1);
}

TEST_CASE("permutation and shuffle are NumPy's and draw as many words") {
  LegacyRandom random(7);
  CHECK(random.permutation(10) == std::vector<int>{8, 5, 0, 2, 1, 9, 7, 3, 6, 4});
  CHECK(random.rand() == 0x1.271f16d6b7f40p-4);

  std::vector<int> items = {3, 1, 4, 1, 5, 9, 2, 6};
  LegacyRandom(7).shuffle(std::span<int>(items));
  CHECK(items == std::vector<int>{4, 9, 3, 2, 1, 1, 5, 6});

  CHECK(random.permutation(0).empty());
  CHECK(random.permutation(1) == std::vector<int>{0});
  CHECK_THROWS_WITH_AS(random.permutation(-1), "permutation(-1): a count is at least 0", Error);
}

TEST_CASE("randint is NumPy's and draws as many words") {
  LegacyRandom random(7);
  std::vector<std::int64_t> numbers;
  for (const std::int64_t high : {1LL, 2LL, 10LL, 1000LL, 1LL << 20, 1LL << 32, 10LL}) {
    numbers.push_back(random.randint(high));
  }
  CHECK(numbers == std::vector<std::int64_t>{0, 1, 4, 537, 535030, 1882953283, 3});
  CHECK(random.rand() == 0x1.726a071d284d9p-1);
  CHECK_THROWS_WITH_AS(random.randint(0), "randint(0): the bound must be between 1 and 4294967296",
                       Error);
  CHECK_THROWS_AS(random.randint((1LL << 32) + 1), Error);
}

TEST_CASE("a seed that NumPy refuses is refused") {
  CHECK_THROWS_WITH_AS(LegacyRandom(-1),
                       "seed -1: as in NumPy, a seed must be between 0 and 4294967295 (2**32 - 1)",
                       Error);
  CHECK_THROWS_WITH_AS(
      LegacyRandom(4294967296),
      "seed 4294967296: as in NumPy, a seed must be between 0 and 4294967295 (2**32 - 1)", Error);
}

}  // namespace
}  // namespace backstep::read
