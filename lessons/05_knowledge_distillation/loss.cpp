// The distillation loss as a circuit, run with the scores of real digits.
#include "loss.h"

#include <fmt/format.h>

#include <cmath>

#include "engine/read/run.h"
#include "lessons/measure.h"
#include "lessons/rerun.h"

namespace backstep::lessons {
namespace {

constexpr int kBatch = 64;
constexpr int kClasses = 10;

Tensor first_rows(const Tensor& from) {
  return Tensor(ConstView{from.view().data, {kBatch, from.shape().cols()}});
}

Tensor one_hot(const std::vector<int>& labels) {
  Tensor y({kBatch, kClasses});
  for (int i = 0; i < kBatch; ++i) y(i, labels[static_cast<std::size_t>(i)]) = 1;
  return y;
}

Tensor number(double value) { return Tensor({}, value); }

double dscores_size(const Trace& trace) { return root_mean_square(value(trace, "dscores")); }

}  // namespace

Trace distillation_circuit(const Results& results, double temperature, double alpha) {
  const std::string shape = fmt::format("zeros({},{})", kBatch, kClasses);
  read::RunOptions options;
  options.set = {{"scores", shape}, {"teacher", shape}, {"y", shape}};
  const Trace empty = read::run_circuit("distillation", options).trace;
  const train::Dataset& digits = results.digits.held_out;
  return rerun(empty, {{"scores", first_rows(results.student_scores)},
                       {"teacher", first_rows(*digits.teacher)},
                       {"y", one_hot(digits.labels)},
                       {"T", number(temperature)},
                       {"alpha", number(alpha)}});
}

double label_gradient(const Results& results) {
  return dscores_size(distillation_circuit(results, 1, 0));
}

std::vector<GradientSizes> gradient_sizes(const Results& results) {
  std::vector<GradientSizes> sizes;
  for (const double t : kTemperatures) {
    const double scaled = dscores_size(distillation_circuit(results, t, 1));
    sizes.push_back({t, scaled / (t * t), scaled});
  }
  return sizes;
}

TwoLogarithms two_logarithms() {
  TwoLogarithms result;
  const double power = std::exp(-result.gap), total = 1 + power;
  result.naive = std::log(power / total);
  const std::string scores = fmt::format("[[0,{}]]", result.gap);
  read::RunOptions options;
  options.set = {{"scores", scores}, {"teacher", scores}, {"y", "[[0,1]]"}, {"T", "1"}};
  result.safe = value(read::run_circuit("distillation", options).trace, "log_p")(0, 0);
  return result;
}

}  // namespace backstep::lessons
