// Training runs, each alone on its core.
#include "training.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <span>
#include <tuple>
#include <utility>

#include "engine/plan/plan.h"
#include "engine/train/trainer.h"
#include "lessons/digits.h"

namespace backstep::lessons {
namespace {

using train::Dataset;
using train::NetShape;
using train::Parameters;

constexpr int kClasses = 10;
constexpr double kMomentum = 0.9;

struct Outcome {
  std::vector<double> loss;
  double accuracy = 0;
  bool broken = false;
};

// As many samples as the setting asks for.
struct Data {
  Dataset training, validation;
};

Data data_for(const Settings& settings) {
  const Digits digits = mnist_digits();
  return {train::slice(digits.training, 0, settings.samples),
          train::slice(digits.held_out, 0, settings.validation)};
}

NetShape shape_of(NetKind kind, const std::optional<OwnNormaliser>& own) {
  return net_of(kind, own, {64, 100, 100, kClasses});
}

train::TrainOptions options_for(const Settings& settings, int batch, double rate,
                                std::size_t seed) {
  train::TrainOptions options;
  options.batch = batch;
  options.epochs = settings.epochs;
  options.seed = net_seed(settings.seed, seed, 0);
  options.optimizer = train::Sgd{rate, kMomentum, 0};
  options.compile = false;  // short runs: a compiler would take longer than they do
  return options;
}

Outcome outcome(const Data& data, const NetShape& shape, const train::TrainOptions& options) {
  Outcome result;
  train::Trainer trainer(shape, options);
  const auto judge = [&](const train::Progress&) {
    const double loss = train::mean_loss(shape, trainer.parameters(), data.validation);
    if (std::isfinite(loss)) result.loss.push_back(loss);
    return std::isfinite(loss);
  };
  try {
    trainer.fit(data.training, judge);
  } catch (const train::NotFinite&) {
    // The net is lost.
  }
  result.broken = result.loss.size() < static_cast<std::size_t>(options.epochs);
  result.loss.resize(static_cast<std::size_t>(options.epochs), guessing());
  result.accuracy = result.broken ? 1.0 / kClasses
                                  : train::accuracy(shape, trainer.parameters(), data.validation);
  return result;
}

Group group_of(const std::vector<Outcome>& outcomes) {
  Group group;
  std::vector<double> values;
  for (std::size_t epoch = 0; epoch < outcomes.front().loss.size(); ++epoch) {
    values.clear();
    for (const Outcome& one : outcomes) values.push_back(one.loss[epoch]);
    group.loss.push_back(figure_of(values));
  }
  values.clear();
  for (const Outcome& one : outcomes) {
    values.push_back(one.accuracy);
    group.broken += one.broken ? 1 : 0;
  }
  group.accuracy = figure_of(values);
  return group;
}

// One setting, which every seed is trained with.
struct Job {
  int batch;
  double rate;
  NetKind kind;
};

std::vector<Job> jobs_of(const Settings& settings) {
  std::vector<Job> jobs;
  for (const double rate : settings.rates) {
    for (const NetKind kind : kNetKinds) jobs.push_back({settings.batch, rate, kind});
  }
  for (const int batch : settings.batches) {
    for (const NetKind kind : kNetKinds) jobs.push_back({batch, settings.batch_rate, kind});
  }
  return jobs;
}

// gamma or beta, of all layers.
std::pair<double, double> range_of(const Parameters& parameters, std::string_view name) {
  double least = INFINITY, most = -INFINITY;
  for (const auto& [key, value] : parameters) {
    if (!key.starts_with(name)) continue;
    const auto [low, high] = std::minmax_element(value.view().begin(), value.view().end());
    least = std::min(least, *low);
    most = std::max(most, *high);
  }
  return {least, most};
}

void fill(Parameters& parameters, std::string_view name, double number) {
  for (auto& [key, value] : parameters) {
    if (key.starts_with(name)) std::fill(value.view().begin(), value.view().end(), number);
  }
}

Learnt learnt(const Data& data, const Settings& settings, std::size_t seed) {
  const NetShape shape = shape_of(NetKind::kWith, {});
  train::Trainer trainer(shape, options_for(settings, settings.batch, settings.rate, seed));
  trainer.fit(data.training);
  Parameters parameters = trainer.parameters();
  Learnt result;
  std::tie(result.gamma_least, result.gamma_most) = range_of(parameters, "gamma");
  std::tie(result.beta_least, result.beta_most) = range_of(parameters, "beta");
  result.loss = train::mean_loss(shape, parameters, data.validation);
  fill(parameters, "gamma", 1);
  fill(parameters, "beta", 0);
  result.reset_loss = train::mean_loss(shape, parameters, data.validation);
  return result;
}

// Batch norm over the batches of the validation set itself, as if it still trained.
double loss_by_own_batches(const NetShape& shape, const Parameters& parameters, const Dataset& data,
                           int batch) {
  const train::NetGraph net = train::training_graph(shape, batch);
  Plan plan(net.graph, std::span(&net.loss, 1), {.compile = false});
  for (const NodeId leaf : net.parameters) plan.set(leaf, parameters.at(net.graph.name(leaf)));
  double total = 0;
  const int batches = data.size() / batch;
  for (int i = 0; i < batches; ++i) {
    const Dataset part = train::slice(data, i * batch, (i + 1) * batch);
    Tensor y({batch, kClasses});
    for (int row = 0; row < batch; ++row) y(row, part.labels[static_cast<std::size_t>(row)]) = 1;
    plan.set(net.x, part.x);
    plan.set(net.y, y);
    plan.run();
    total += plan.value(net.loss)(0, 0);
  }
  return total / batches;
}

// One way to keep the statistics of the two hidden layers.
class Keeper {
 public:
  explicit Keeper(const Parameters& parameters) : parameters_(parameters) {}

  // running = kept * running + (1 - kept) * batch.
  void follow(const train::Trainer& trainer, double kept) {
    for (const char* layer : {"1", "2"}) {
      mix(std::string("running_mean") + layer, trainer.value(std::string("mu") + layer), kept);
      mix(std::string("running_var") + layer, trainer.value(std::string("var") + layer), kept);
    }
  }
  const Parameters& parameters() const { return parameters_; }

 private:
  void mix(const std::string& name, ConstView batch, double kept) {
    Tensor& running = parameters_.at(name);
    for (int col = 0; col < batch.shape.cols(); ++col) {
      running(0, col) = kept * running(0, col) + (1 - kept) * batch(0, col);
    }
  }

  Parameters parameters_;
};

// The net stands still (rate 0) and the mini-batches of an epoch pass by; statistics that were
// followed from the start of the training are as good as those, once they forgot it.
Kept kept(const Data& data, const Settings& settings, std::size_t seed) {
  const NetShape shape = shape_of(NetKind::kWith, {});
  train::TrainOptions options = options_for(settings, settings.small_batch, settings.rate, seed);
  train::Trainer trainer(shape, options);
  trainer.fit(data.training);
  options.optimizer = train::Sgd{0, 0, 0};
  options.epochs = 1;
  options.watched = {"mu1", "var1", "mu2", "var2"};
  train::Trainer still(shape, options, trainer.parameters());
  const Parameters trained = trainer.parameters();
  Keeper average(trained), exponential(trained), swapped(trained), single(trained);
  still.fit(data.training, {}, [&](const train::Progress& now) {
    const double before = static_cast<double>(now.step - 1);
    average.follow(still, before / (before + 1));
    exponential.follow(still, 0.9);
    swapped.follow(still, 0.1);
    single.follow(still, 0);
    return true;
  });
  const auto judged = [&](const Keeper& keeper) {
    return train::mean_loss(shape, keeper.parameters(), data.validation);
  };
  return {loss_by_own_batches(shape, trained, data.validation, 2),
          loss_by_own_batches(shape, trained, data.validation, settings.small_batch),
          judged(single),
          judged(exponential),
          judged(swapped),
          judged(average)};
}

}  // namespace

Settings settings(bool quick, std::uint32_t seed) {
  Settings result;
  result.seed = seed;
  if (!quick) return result;
  result.seeds = 2;
  result.samples = 500;
  result.validation = 300;
  result.epochs = 2;
  return result;
}

double guessing() { return std::log(static_cast<double>(kClasses)); }

Results measure(const Settings& settings, const std::optional<OwnNormaliser>& own,
                std::string_view what) {
  const Data data = data_for(settings);
  const std::vector<Job> jobs = jobs_of(settings);
  std::vector<std::vector<Outcome>> outcomes(jobs.size(), std::vector<Outcome>(settings.seeds));
  Results results;
  results.learnt.resize(settings.seeds);
  results.kept.resize(settings.seeds);
  constexpr std::size_t kMore = 2;
  write::Progress progress(what, (jobs.size() + kMore) * settings.seeds);
  const auto one_seed = [&](std::size_t seed) {
    const auto work = [&](std::size_t i) {
      if (i == 0) {
        results.kept[seed] = kept(data, settings, seed);
      } else if (i == 1) {
        results.learnt[seed] = learnt(data, settings, seed);
      } else {
        const Job& job = jobs[i - kMore];
        outcomes[i - kMore][seed] = outcome(data, shape_of(job.kind, own),
                                            options_for(settings, job.batch, job.rate, seed));
      }
    };
    return on_all_cores(jobs.size() + kMore, work, &progress);
  };
  const std::size_t seeds = seed_by_seed(settings.seeds, one_seed);
  progress.done();

  results.seeds = seeds;
  results.learnt.resize(seeds);
  results.kept.resize(seeds);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const bool is_rate = i < settings.rates.size() * std::size(kNetKinds);
    auto& table = is_rate ? results.by_rate : results.by_batch;
    if (i % std::size(kNetKinds) == 0) table.emplace_back();
    outcomes[i].resize(seeds);
    table.back().push_back(group_of(outcomes[i]));
  }
  return results;
}

}  // namespace backstep::lessons
