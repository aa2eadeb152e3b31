// Training and evaluation: the statistics that are kept over mini-batches, and the two graphs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/tensor.h"
#include "engine/trace.h"

namespace backstep::lessons {

// One way to keep a mean and a variance of each feature over mini-batches.
struct Running {
  Tensor mean;
  Tensor variance;

  // running = kept * running + (1 - kept) * batch
  void follow(ConstView batch_mean, ConstView batch_variance, double kept);
};

// What is left after `kBatches` mini-batches, kept in several ways.
struct Statistics {
  static constexpr int kBatches = 50;
  static constexpr double kKept = 0.9;  // the weight of the old value, which many call momentum

  // Feeds mini-batches to the circuit of `batch_norm`, the first of them its own x.
  Statistics(const Trace& batch_norm, std::uint32_t seed);

  Running average;       // the plain average; the variance as an estimate, with N - 1
  Running biased;        // the plain average; the variance of each batch as it is, with N
  Running exponential;   // keeps kKept
  Running swapped;       // the same with the two weights swapped: the other convention, misread
  Running single_batch;  // the first batch alone
};

// batch_norm_eval on the same x, gamma, beta and upstream gradient as `training`.
Trace evaluation(const Trace& training, const Running& running);

// How many events of one kind a run has.
std::size_t count_events(const Trace& trace, EventKind kind);

// The contributions of `training` whose red edge `evaluation` has not, by name, in their order.
std::vector<std::string> vanished(const Trace& training, const Trace& evaluation);

}  // namespace backstep::lessons
