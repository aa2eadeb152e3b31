// Stacks of one width, before and after a short training.
#include "depth.h"

#include <fmt/format.h>

#include <string>

#include "engine/train/trainer.h"
#include "lessons/measure.h"

namespace backstep::lessons {
namespace {

constexpr int kClasses = 10;
constexpr double kRate = 0.02;  // small, so that nets without a normaliser bear it
constexpr double kMomentum = 0.9;

}  // namespace

std::vector<int> stack_widths(int layers) {
  std::vector<int> widths = {64};
  widths.insert(widths.end(), static_cast<std::size_t>(layers), kStackWidth);
  widths.push_back(kClasses);
  return widths;
}

DepthResult stack(const Digits& digits, const train::NetShape& shape, double scale, int steps,
                  std::int64_t seed) {
  train::Parameters parameters = train::initial_parameters(shape, seed);
  for (auto& [name, value] : parameters) {
    if (name[0] != 'W') continue;
    for (double& weight : value.view()) weight *= scale;
  }
  const std::string last =
      fmt::format("{}{}", is_plain(shape) ? "linear" : "normed", shape.layers() - 1);
  train::TrainOptions options;
  options.seed = seed;
  options.epochs = steps;  // more than enough: the steps end it
  options.optimizer = train::Sgd{kRate, kMomentum, 0};
  options.compile = options.rewrite = false;
  options.watched = {last, "dW1"};
  train::Trainer trainer(shape, options, parameters);
  DepthResult result;
  try {
    trainer.fit(digits.training, {}, [&](const train::Progress& now) {
      if (now.step == 1) {
        result.deviation = deviation(trainer.value(last));
        result.gradient = root_mean_square(trainer.value("dW1"));
      }
      return now.step < steps;
    });
    result.accuracy = train::accuracy(shape, trainer.parameters(), digits.held_out);
  } catch (const train::NotFinite&) {
    result.accuracy = 1.0 / kClasses;  // its numbers became infinite
  }
  return result;
}

}  // namespace backstep::lessons
