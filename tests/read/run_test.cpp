// A run as it is asked for by name: what its random numbers may not be.
#include "engine/read/run.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace backstep::read {
namespace {

TEST_CASE("the upstream gradient is never the very numbers of an input, whatever the seed") {
  for (const char* upstream : {"", "randn(7, 5)"}) {
    for (const std::uint32_t seed : {0u, 1u, 2u, 50u}) {
      CAPTURE(seed);
      RunOptions options;
      options.seed = seed;
      options.set = {{"x", "randn(7, 5)"}, {"gamma", "randn(5)"}, {"beta", "randn(5)"}};
      options.upstream = upstream;
      const Run run = run_circuit("batch_norm", options);
      const ConstView x = run.trace.value(run.trace.graph().find("x"));
      const ConstView dout = run.trace.value(run.seed);
      CHECK(!std::equal(x.begin(), x.end(), dout.begin()));
    }
  }
}

}  // namespace
}  // namespace backstep::read
