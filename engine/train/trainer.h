// Training a net: one planned step a batch, over shuffled batches, epoch by epoch.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <variant>

#include "engine/plan/plan.h"
#include "engine/train/dataset.h"
#include "engine/train/net.h"
#include "engine/train/optimizer.h"
#include "engine/train/schedule.h"

namespace backstep::train {

struct TrainOptions {
  int batch = 64;
  int epochs = 10;
  std::int64_t seed = 0;  // of the weights and of the order of the samples
  std::variant<Sgd, Adam> optimizer = Sgd{};
  RateSchedule schedule = {};  // empty: the optimiser's own rate
  RunningStatistics running = {};
  bool compile = true;
  int threads = 1;
  // Stops when the loss of an epoch has not fallen for so many epochs; 0: never.
  int patience = 0;
};

struct Progress {
  int epoch = 0;
  double loss = 0;  // the mean over the batches
};

class Trainer {
 public:
  Trainer(const NetShape& shape, const TrainOptions& options);
  // Goes on from parameters that were trained before.
  Trainer(const NetShape& shape, const TrainOptions& options, Parameters parameters);

  // One step on a batch of the size in the options; gives its loss. Throws Error, with the number
  // of the step and the first node where it arose, for a loss that is not finite.
  double step(ConstView x, std::span<const int> labels);
  // All epochs. `on_epoch` may end the training by returning false.
  void fit(const Dataset& data, const std::function<bool(const Progress&)>& on_epoch = {});

  // The parameters as they are now.
  Parameters parameters() const;
  const Plan& plan() const { return *plan_; }

 private:
  void build(const Parameters& parameters);
  void keep_parameters();
  [[noreturn]] void explain_not_finite() const;

  NetShape shape_;
  TrainOptions options_;
  NetGraph net_;
  NodeId rate_ = kNoNode;
  std::vector<double> before_;  // the parameters that the last step began with
  std::unique_ptr<Plan> plan_;
  std::int64_t steps_ = 0;
};

// The class with the highest score, for each row.
std::vector<int> predict(const NetShape& shape, const Parameters& parameters, ConstView x);
// The share of samples whose class is predicted.
double accuracy(const NetShape& shape, const Parameters& parameters, const Dataset& data);

}  // namespace backstep::train
