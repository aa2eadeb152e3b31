// Figures over seeds: mean, spread, JSON, and work on all cores.
#include "lessons/seeds.h"

#include <doctest/doctest.h>

#include <csignal>
#include <vector>

#include "engine/tensor.h"

namespace backstep::lessons {
namespace {

TEST_CASE("a figure: the mean, and the deviation with n - 1") {
  const std::vector<double> values = {1, 2, 3, 4};
  const Figure figure = figure_of(values);
  CHECK(figure.mean == doctest::Approx(2.5));
  CHECK(figure.spread * figure.spread == doctest::Approx(5.0 / 3));
  CHECK(figure.seeds == values.size());
  CHECK(figure_of(std::vector<double>{7}).spread == 0);
  CHECK_THROWS_AS(figure_of({}), Error);
}

TEST_CASE("a difference is taken seed by seed: what the seeds have in common is gone") {
  const std::vector<double> one = {1, 5, 30};
  const std::vector<double> other = {3, 7, 32};
  CHECK(difference(one, other).mean == doctest::Approx(2));
  CHECK(difference(one, other).spread == doctest::Approx(0));
  CHECK(difference(other, one).mean == doctest::Approx(-2));
  CHECK(difference(one, other).seeds == one.size());
  CHECK_THROWS_WITH_AS(difference(one, {{1}}), "3 seeds are compared with 1", Error);
}

TEST_CASE("a figure in words shows two digits of its spread") {
  CHECK(figure_text({0.87412, 0.0123, 5}) == "0.874 ± 0.012");
  CHECK(figure_text({12.345, 1.61, 5}) == "12.3 ± 1.6");
  CHECK(figure_text({0, 0, 5}) == "0.000 ± 0.000");
  CHECK(figure_text({-0.0001, 0.2, 5}) == "0.00 ± 0.20");
  CHECK(percent_text({0.87412, 0.0123, 5}) == "87.4 ± 1.2");
}

TEST_CASE("two means differ when they are further apart than the larger of the spreads") {
  CHECK(is_beyond_spread({10, 3, 5}, {5.9, 4, 5}));
  CHECK_FALSE(is_beyond_spread({10, 3, 5}, {6.1, 4, 5}));
  CHECK_FALSE(is_beyond_spread({1, 0, 5}, {1, 0, 5}));
}

TEST_CASE("Ctrl-C keeps the seeds that are whole, and there must be one") {
  std::vector<std::size_t> begun;
  const auto stops_in_the_third = [&](std::size_t seed) {
    begun.push_back(seed);
    if (seed == 2) ::raise(SIGINT);
    return on_all_cores(4, [](std::size_t) {});
  };
  CHECK(seed_by_seed(5, stops_in_the_third) == 2);
  CHECK(begun == std::vector<std::size_t>{0, 1, 2});
  const auto stops_at_once = [](std::size_t) {
    ::raise(SIGINT);
    return on_all_cores(4, [](std::size_t) {});
  };
  CHECK_THROWS_WITH_AS(seed_by_seed(5, stops_at_once),
                       "stopped before the first seed was done: there is nothing to tell", Stopped);
  CHECK(seed_by_seed(3, [](std::size_t) { return on_all_cores(2, [](std::size_t) {}); }) == 3);
}

TEST_CASE("net_seed: no two nets share one, and large seeds begin again") {
  CHECK(net_seed(50, 0, 0) != net_seed(50, 0, 1));
  CHECK(net_seed(50, 1, 0) == net_seed(51, 0, 0));
  constexpr std::int64_t kSeeds = std::int64_t{1} << 32;
  for (const std::size_t seed : {0, 1, 4}) {
    CHECK(net_seed(4294967295u, seed, 999) >= 0);
    CHECK(net_seed(4294967295u, seed, 999) < kSeeds);
  }
}

TEST_CASE("all the work is done, once each") {
  std::vector<int> done(100);
  on_all_cores(done.size(), [&](std::size_t i) { ++done[i]; });
  CHECK(done == std::vector<int>(done.size(), 1));
}

TEST_CASE("an exception of the work comes out") {
  const auto fails = [](std::size_t i) {
    if (i == 3) throw Error("the fourth");
  };
  CHECK_THROWS_WITH_AS(on_all_cores(10, fails), "the fourth", Error);
}

TEST_CASE("figures as JSON: mean, spread and number of seeds under their names") {
  Figures figures;
  figures.set("high_rate.with", {0.25, 0.5, 5});
  CHECK(figures["high_rate.with"].mean == 0.25);
  CHECK(figures.json() ==
        "{\n  \"high_rate.with\": {\n    \"mean\": 0.25,\n    \"spread\": 0.5,\n    \"seeds\": 5\n"
        "  }\n}\n");
  CHECK_THROWS_AS(figures.set("high_rate.with", {}), Error);
  CHECK_THROWS_AS(figures["no_such"], Error);
}

}  // namespace
}  // namespace backstep::lessons
