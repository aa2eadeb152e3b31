// The circuits that the lesson walks, and their gradients against measured slopes.
#include "runs.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/check/slopes.h"
#include "lessons/measure.h"

namespace backstep::lessons {
namespace {

read::RunOptions set(std::vector<std::pair<std::string, std::string>> numbers,
                     const std::string& upstream = "") {
  read::RunOptions options;
  options.set = std::move(numbers);
  options.upstream = upstream;
  return options;
}

double measured_difference(const read::Run& run) {
  const Ledger ledger(run.trace);
  double most = 0;
  for (const auto& [node, slopes] : check::all_measured_slopes(run.trace, run.output, run.seed)) {
    const ConstView gradient = run.trace.value(ledger.gradient(node));
    most = std::max(most, largest_difference(slopes, gradient));
  }
  return most;
}

}  // namespace

const std::vector<Walked>& walked() {
  static const std::vector<Walked> circuits = {
      {"warm_up", "circuit", set({{"x", "-2"}, {"y", "5"}, {"z", "-4"}}), {"x", "y", "z"}, 2},
      {"fork", "fork", set({{"x", "-2"}, {"y", "5"}}), {"x", "y"}, 3},
      {"neuron", "neuron", set({{"x", "[-1, -2]"}, {"w", "[2, -3]"}, {"b", "-3"}}), {}, 4},
      {"neurons",
       "neurons",
       set({{"x", "[[-1, -2], [1, 0], [2, 1]]"}, {"w", "[2, -3]"}, {"b", "-3"}}, "[1, -2, 3]"),
       {},
       5},
  };
  return circuits;
}

const Walked& walked(std::string_view name) {
  for (const Walked& circuit : walked()) {
    if (circuit.name == name) return circuit;
  }
  throw Error(fmt::format("the lesson walks no circuit {}", name));
}

read::Run run_of(std::string_view name) { return read::run_circuit(name, walked(name).numbers); }

std::vector<double> measured_differences(const Walked& circuit, std::uint32_t seed,
                                         std::size_t seeds) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < seeds; ++i) {
    read::RunOptions options;
    options.seed = seed + static_cast<std::uint32_t>(i);
    for (const std::string& name : circuit.in_random) options.set.emplace_back(name, "randn()");
    differences.push_back(measured_difference(read::run_circuit(circuit.name, options)));
  }
  return differences;
}

}  // namespace backstep::lessons
