// Training a net: one planned step a batch, over shuffled batches, epoch by epoch.
//
//   const Dataset all = mnist_8x8("lessons/data");
//   const NetShape shape{{64, 100, 100, 10}};
//   Trainer trainer(shape, {.epochs = 8, .seed = 1, .optimizer = Sgd{0.1, 0.9, 1e-4}});
//   trainer.fit(slice(all, 0, 8000), [](const Progress& now) {
//     fmt::print("epoch {}: loss {:.4f}\n", now.epoch, now.loss);
//     return true;
//   });
//   fmt::print("accuracy {}\n", accuracy(shape, trainer.parameters(), slice(all, 8000, 10000)));
//
// The same seed gives the same bits. Trainers hang on nothing in common, so each may have a thread
// of its own.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/evaluate.h"
#include "engine/plan/plan.h"
#include "engine/train/dataset.h"
#include "engine/train/evaluation.h"
#include "engine/train/net.h"
#include "engine/train/optimizer.h"
#include "engine/train/schedule.h"

namespace backstep::train {

// A NaN or an infinity got into the loss or a parameter.
struct NotFinite : Error {
  using Error::Error;
};

struct TrainOptions {
  int batch = 64;  // of each step; what is left over at the end of an epoch is left out
  int epochs = 10;
  std::int64_t seed = 0;  // of the weights and of the order of the samples
  std::variant<Sgd, Adam> optimizer = Sgd{};
  RateSchedule schedule = {};  // empty: the optimiser's own rate
  RunningStatistics running = {};
  Frozen frozen = {};
  // With it, every sample needs the scores of a teacher: see Dataset.
  std::optional<Distillation> distillation = {};
  // Nodes of the training graph to be looked at after each step by Trainer::value(): "linear1",
  // "dW2", "mu1".
  std::vector<std::string> watched = {};
  bool compile = true;
  bool rewrite = true;  // see PlanOptions; a deep net that takes few steps is sooner done without
  int threads = 1;
  // Stops when the loss of an epoch has not fallen for so many epochs; 0: never.
  int patience = 0;
};

struct Progress {
  int epoch = 0;          // from 0
  std::int64_t step = 0;  // so many steps are done, over all epochs
  double loss = 0;        // after a step that of its batch, after an epoch the mean of its batches
};

// Ends the training by returning false.
using OnProgress = std::function<bool(const Progress&)>;

class Trainer {
 public:
  Trainer(const NetShape& shape, const TrainOptions& options);
  // Goes on from other parameters: trained before, or made by hand. Throws Error if one is missing
  // or of another shape.
  Trainer(const NetShape& shape, const TrainOptions& options, const Parameters& parameters);

  // One step on a batch of the size in the options; gives its loss, as it was before the step.
  // Throws NotFinite, with the number of the step and the first node where it arose, if a NaN or an
  // infinity gets into the loss or a parameter; the parameters are then those before the step.
  double step(ConstView x, std::span<const int> labels, ConstView teacher = {});
  // All epochs. After each step and each epoch it calls what is given.
  void fit(const Dataset& data, const OnProgress& on_epoch = {}, const OnProgress& on_step = {});

  // The parameters as they are now.
  Parameters parameters() const;
  // Of the last step, the value of a node that the options watch. Throws Error for another.
  ConstView value(std::string_view name) const;
  // What a step costs: plan().summary() counts its nodes, multiply-adds, bytes.
  const Plan& plan() const { return *plan_; }

 private:
  void build(const Parameters& parameters);
  std::vector<NodeId> watched_nodes();
  void set_labels(std::span<const int> labels);
  bool keep_parameters();
  [[noreturn]] void explain_not_finite();
  Values leaf_values() const;

  NetShape shape_;
  TrainOptions options_;
  NetGraph net_;
  NodeId last_gradient_ = 0;  // nodes behind it belong to the update
  NodeId rate_ = kNoNode;
  std::map<std::string, NodeId, std::less<>> watched_;
  std::vector<double> before_;  // the parameters that the last step began with
  std::vector<double> after_;   // and those that it ended with
  std::unique_ptr<Plan> plan_;
  std::int64_t steps_ = 0;
};

}  // namespace backstep::train
