// The runs that the lesson speaks of: the notebook exercise, and what is set beside it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/read/run.h"
#include "engine/trace.h"

namespace backstep::lessons {

// The exercise: np.random.seed(seed); x = np.random.rand(50, 50), gamma 1, beta 0.
struct Exercise {
  static constexpr int kSamples = 50;
  static constexpr int kFeatures = 50;
  static constexpr double kEpsilon = 10e-7;  // as the exercise writes 1e-6

  explicit Exercise(std::uint32_t seed);

  read::Run run;     // the upstream gradient is the output
  read::Run random;  // it is random normal numbers instead
  read::Run probe;   // and gamma is random too
  read::Run coarse;  // as `run`, with ten times the epsilon
};

// The run of batch norm on `rows` samples with a random upstream gradient and gamma 1.
read::Run small_batch(int rows, std::uint32_t seed);

// batch_norm_closed_form on what `run`, a run of batch_norm, has as its upstream gradient.
Trace closed_form(const Trace& run);

// What is counted as work: one operation for each number that a node makes, or that it adds up.
// Copies and repetitions are none.
struct Work {
  std::size_t nodes = 0;
  std::size_t operations = 0;
};
Work work_of_backward_pass(const Trace& trace);
Work work_of_forward_pass(const Trace& trace);

}  // namespace backstep::lessons
