// Reads each pass, runs it on the numbers of each check, and holds it against measured slopes.
#include "study.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

#include "engine/check/finite_differences.h"
#include "engine/check/student.h"
#include "lessons/measure.h"

namespace backstep::lessons {
namespace {

constexpr int kSamples = 7, kFeatures = 5;

Check check_with(const std::string& key, int samples, const std::string& gamma,
                 const std::string& beta, const std::string& upstream) {
  Check check;
  check.key = key;
  check.run.set = {{"x", fmt::format("randn({}, {})", samples, kFeatures)},
                   {"gamma", fmt::format("{}({})", gamma, kFeatures)},
                   {"beta", fmt::format("{}({})", beta, kFeatures)}};
  check.run.upstream = upstream;
  return check;
}

// A run of the circuit, and what it is held against: the slopes of its leaves, as a learner
// measures them.
struct Truth {
  explicit Truth(read::Run run) : reference(std::move(run)) {
    const Trace& trace = reference.run.trace;
    for (const NodeId leaf : reference.run.parameters) {
      const NodeId gradient = reference.gradient(leaf);
      if (gradient == kNoNode) continue;
      slopes.emplace(gradient, check::measured_slopes(trace, reference.run.output,
                                                      reference.run.seed, leaf, gradient));
    }
  }

  check::Reference reference;
  std::map<NodeId, Tensor> slopes;  // by the node of the gradient
};

double off(const Pass& pass, const Truth& truth, bool looks_at_x) {
  const Graph& graph = truth.reference.graph();
  const check::Student student = check::parse_student(pass.key + ".py", pass.text, "");
  const check::Reading reading = check::read_student(student, truth.reference, {});
  const Numbers numbers = reading.evaluate(truth.reference);
  double most = 0;
  for (const check::Line& line : reading.lines) {
    if (line.expected == kNoNode) continue;
    if (!looks_at_x && graph.name(line.expected) == "dx") continue;
    const Tensor& right = truth.slopes.at(line.expected);
    const double far = largest_difference(numbers.value(line.node), right);
    most = std::max(most, far / std::max(1.0, largest(right)));
  }
  return most;
}

}  // namespace

std::vector<Check> checks() {
  std::vector<Check> checks = {
      check_with("random", kSamples, "randn", "randn", ""),
      check_with("sum(out)", kSamples, "randn", "randn", "1"),
      check_with("sum(out**2)", kSamples, "randn", "zeros", "out"),
      check_with("gamma=1", kSamples, "ones", "randn", ""),
      check_with("N=2", 2, "randn", "randn", ""),
      check_with("N=1", 1, "randn", "randn", ""),
      check_with("first_layer", kSamples, "randn", "randn", ""),
  };
  checks.back().looks_at_x = false;
  return checks;
}

std::size_t Study::seen(const std::string& pass, const std::string& check) const {
  const std::vector<double>& far = off.at(pass).at(check);
  return static_cast<std::size_t>(
      std::count_if(far.begin(), far.end(), [](double each) { return !(each <= kSeen); }));
}

std::size_t Study::hidden(const std::vector<Pass>& passes, const std::string& check) const {
  return static_cast<std::size_t>(std::count_if(
      passes.begin(), passes.end(), [&](const Pass& pass) { return seen(pass.key, check) == 0; }));
}

double Study::most_off(const std::string& pass, const std::string& check) const {
  return std::ranges::max(off.at(pass).at(check));
}

double Study::most_size(const std::string& check, const std::string& gradient) const {
  return std::ranges::max(size.at(check).at(gradient));
}

Study measure(std::uint32_t seed, std::size_t seeds) {
  Study study;
  study.seeds = seeds;
  study.wrong = wrong_passes();
  study.sabotaged = sabotaged_passes();
  std::vector<Pass> passes = study.wrong;
  passes.push_back(right_pass());
  passes.insert(passes.end(), study.sabotaged.begin(), study.sabotaged.end());

  const std::vector<Check> all = checks();
  for (const Check& check : all) {
    for (const Pass& pass : passes) study.off[pass.key][check.key].resize(seeds);
    for (const char* name : {"dx", "dgamma", "dbeta"}) study.size[check.key][name].resize(seeds);
  }
  on_all_cores(all.size() * seeds, [&](std::size_t at) {
    const Check& check = all[at % all.size()];
    const std::size_t which = at / all.size();
    read::RunOptions options = check.run;
    options.seed = seed + static_cast<std::uint32_t>(which);
    const Truth truth(read::run_circuit("batch_norm", options));
    for (const auto& [gradient, slopes] : truth.slopes) {
      const std::string name = truth.reference.graph().name(gradient);
      study.size.at(check.key).at(name)[which] = largest(slopes);
    }
    for (const Pass& pass : passes) {
      study.off.at(pass.key).at(check.key)[which] = off(pass, truth, check.looks_at_x);
    }
  });
  return study;
}

Figures figures(const Study& study) {
  Figures figures;
  for (const auto& [pass, by_check] : study.off) {
    for (const auto& [check, far] : by_check) {
      std::vector<double> seen;
      for (const double each : far) seen.push_back(each <= kSeen ? 0 : 1);
      figures.set(fmt::format("seen.{}.{}", pass, check), figure_of(seen));
      figures.set(fmt::format("off.{}.{}", pass, check), figure_of(far));
    }
  }
  for (const auto& [check, by_gradient] : study.size) {
    for (const auto& [gradient, sizes] : by_gradient) {
      figures.set(fmt::format("size.{}.{}", check, gradient), figure_of(sizes));
    }
  }
  return figures;
}

}  // namespace backstep::lessons
