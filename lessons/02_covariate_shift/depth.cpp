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

train::NetShape shape_of(const ShiftNet& net, int layers) {
  train::NetShape shape;
  shape.widths = {64};
  shape.widths.insert(shape.widths.end(), static_cast<std::size_t>(layers), kStackWidth);
  shape.widths.push_back(kClasses);
  shape.batch_norm = net.batch_norm;
  shape.normaliser = net.normaliser;
  return shape;
}

}  // namespace

DepthResult stack(const Digits& digits, const ShiftNet& net, int layers, double scale, int steps,
                  std::int64_t seed) {
  const train::NetShape shape = shape_of(net, layers);
  train::Parameters parameters = train::initial_parameters(shape, seed);
  for (auto& [name, value] : parameters) {
    if (name[0] != 'W') continue;
    for (double& weight : value.view()) weight *= scale;
  }
  const std::string last = fmt::format("{}{}", net.is_plain() ? "linear" : "normed", layers);
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
