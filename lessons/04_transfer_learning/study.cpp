// Trains on the big set, goes on with the small one in several ways, and counts.
#include "study.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <utility>

#include "engine/train/trainer.h"

namespace backstep::lessons {
namespace {

using train::Dataset;
using train::Frozen;
using train::NetShape;
using train::Parameters;

constexpr double kSourceRate = 0.05;
constexpr int kHiddenLayers = static_cast<int>(kHidden.size());
constexpr int kSmallBatch = 10;

NetShape shape_for(const Digits& digits, int hidden_layers = kHiddenLayers) {
  NetShape shape{{digits.training.x.shape().cols()}};
  shape.widths.insert(shape.widths.end(), kHidden.begin(), kHidden.begin() + hidden_layers);
  shape.widths.push_back(classes_of(digits));
  return shape;
}

train::TrainOptions options(int batch, int epochs, double rate, std::int64_t seed) {
  train::TrainOptions options;
  options.batch = batch;
  options.epochs = epochs;
  options.seed = seed;
  options.optimizer = train::Sgd{rate, 0.9, 1e-4};
  options.schedule = train::cosine_decay(rate, epochs);
  options.compile = false;  // short runs: a compiler would take longer than they do
  return options;
}

// One training on the target. Those of one name differ in their rate.
struct Task {
  std::string name;
  const Digits* target = nullptr;
  int amount = 0;
  int batch = 0;
  double rate = 0;
  bool scratch = false;
  bool new_head = false;
  int hidden_layers = kHiddenLayers;
  Frozen frozen = {};
  bool asks_source = false;  // how well the layers below still serve the source
};

struct Outcome {
  double target = 0;
  double source = 0;
};

// Small batches, so that few samples make many steps an epoch.
int batch_for(int amount) {
  constexpr int kLargest = 32, kShare = 20;
  return std::min(amount / 2, std::clamp(amount / kShare, kSmallBatch, kLargest));
}

Frozen frozen_in(Way way) {
  if (way == Way::kLower) return {1, 1};
  if (way == Way::kHead) return {kHiddenLayers, kHiddenLayers};
  return {};
}

void add_ways(const Settings& settings, const Sets& sets, std::vector<Task>& tasks) {
  for (const bool similar : {true, false}) {
    for (const int amount : settings.amounts) {
      for (const Way way : kWays) {
        for (const double rate : settings.rates) {
          Task task{.name = group_name(similar, amount) + "." + name_of(way),
                    .target = similar ? &sets.similar : &sets.different,
                    .amount = amount,
                    .batch = batch_for(amount),
                    .rate = rate};
          task.scratch = way == Way::kScratch;
          task.new_head = way == Way::kHead;
          task.frozen = frozen_in(way);
          tasks.push_back(task);
        }
      }
    }
  }
}

// All goes on but the old head: what is left if the classes are others.
void add_new_head(const Settings& settings, const Sets& sets, std::vector<Task>& tasks) {
  const int amount = settings.small();
  for (const double rate : settings.rates) {
    tasks.push_back({.name = group_name(true, amount) + ".new_head",
                     .target = &sets.similar,
                     .amount = amount,
                     .batch = batch_for(amount),
                     .rate = rate,
                     .new_head = true});
  }
}

void add_early(const Settings& settings, const Sets& sets, std::vector<Task>& tasks) {
  for (const int amount : settings.amounts) {
    if (is_large(amount)) continue;
    for (const double rate : settings.rates) {
      tasks.push_back({.name = fmt::format("{}.{}", group_name(false, amount), kEarly),
                       .target = &sets.different,
                       .amount = amount,
                       .batch = batch_for(amount),
                       .rate = rate,
                       .new_head = true,
                       .hidden_layers = 1,
                       .frozen = {1, 1}});
    }
  }
}

// A new head on frozen layers, with the second switch off and on.
void add_switches(const Settings& settings, const Sets& sets, std::vector<Task>& tasks) {
  for (const int batch : settings.switch_batches()) {
    for (const bool follows : {false, true}) {
      tasks.push_back({.name = fmt::format("{}_{}", follows ? "following" : "frozen", batch),
                       .target = &sets.similar,
                       .amount = settings.switch_amount(),
                       .batch = batch,
                       .rate = settings.switch_rate(),
                       .new_head = true,
                       .frozen = {kHiddenLayers, follows ? 0 : kHiddenLayers},
                       .asks_source = true});
    }
  }
}

// Those from scratch first: they need no trained net.
std::vector<Task> tasks_of(const Settings& settings, const Sets& sets) {
  std::vector<Task> tasks;
  add_ways(settings, sets, tasks);
  add_new_head(settings, sets, tasks);
  add_early(settings, sets, tasks);
  add_switches(settings, sets, tasks);
  std::stable_partition(tasks.begin(), tasks.end(), [](const Task& task) { return task.scratch; });
  return tasks;
}

// The last layer has the highest number.
bool is_of_head(const std::string& name, const NetShape& shape) {
  return name.ends_with(fmt::format("{}", shape.layers()));
}

// Copies from `trained` what has the same shape, but the last layer only if it is asked for.
void take_over(Parameters& parameters, const NetShape& shape, const Parameters& trained,
               bool with_head) {
  for (auto& [name, value] : parameters) {
    if (is_of_head(name, shape) && !with_head) continue;
    const Tensor& old = trained.at(name);
    if (old.shape() == value.shape()) value = old;
  }
}

// If a number becomes infinite, the net keeps what it had before.
Parameters fitted(train::Trainer& trainer, const Dataset& data) {
  try {
    trainer.fit(data);
  } catch (const train::NotFinite&) {
  }
  return trainer.parameters();
}

Parameters source_net(const Settings& settings, const Sets& sets, std::size_t seed) {
  const int batch = step_batch(sets);
  const int batches = sets.source.training.size() / batch;
  const int epochs = std::max(settings.source_epochs, settings.source_steps / batches);
  train::Trainer trainer(shape_for(sets.source),
                         options(batch, epochs, kSourceRate, net_seed(settings.seed, seed, 0)));
  return fitted(trainer, sets.source.training);
}

// `now` below the head, and the head of old.
double accuracy_on_source(const Sets& sets, const Parameters& trained, const Parameters& now) {
  const NetShape shape = shape_for(sets.source);
  Parameters mixed = trained;
  for (auto& [name, value] : mixed) {
    if (!is_of_head(name, shape)) value = now.at(name);
  }
  return train::accuracy(shape, mixed, sets.source.held_out);
}

Outcome outcome(const Settings& settings, const Sets& sets, const Task& task,
                const Parameters& trained, std::int64_t seed) {
  const NetShape shape = shape_for(*task.target, task.hidden_layers);
  const int epochs = std::max(1, settings.target_steps / (task.amount / task.batch));
  train::TrainOptions chosen = options(task.batch, epochs, task.rate, seed);
  chosen.frozen = task.frozen;
  Parameters parameters = train::initial_parameters(shape, seed);
  if (!task.scratch) take_over(parameters, shape, trained, !task.new_head);
  train::Trainer trainer(shape, chosen, parameters);
  parameters = fitted(trainer, train::slice(shuffled(task.target->training, seed), 0, task.amount));
  Outcome result{train::accuracy(shape, parameters, task.target->held_out), 0};
  if (task.asks_source) result.source = accuracy_on_source(sets, trained, parameters);
  return result;
}

// Of two rates, the one with the higher mean.
void keep_better(Measurements& measured, const std::string& name, std::vector<double> values) {
  const auto [found, is_new] = measured.try_emplace(name, values);
  if (!is_new && figure_of(values).mean > figure_of(found->second).mean) {
    found->second = std::move(values);
  }
}

// The fastest of so many steps: what else the machine does only adds to the time.
double microseconds_of(train::Trainer& trainer, const Dataset& batch, int steps) {
  double fastest = INFINITY;
  for (int i = 0; i < steps; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    trainer.step(batch.x, batch.labels);
    const std::chrono::duration<double, std::micro> taken =
        std::chrono::steady_clock::now() - begin;
    fastest = std::min(fastest, taken.count());
  }
  return fastest;
}

// The nets take turns, so that what else the machine does falls on all of them.
std::vector<StepCost> step_costs(const Settings& settings, const Sets& sets) {
  const NetShape shape = shape_for(sets.source);
  const int size = step_batch(sets);
  const Dataset batch = train::slice(sets.source.training, 0, size);
  std::vector<std::unique_ptr<train::Trainer>> trainers;
  std::vector<StepCost> costs;
  for (int layers = 0; layers <= kHiddenLayers; ++layers) {
    train::TrainOptions chosen = options(size, 1, settings.switch_rate(), 0);
    chosen.frozen = {layers, layers};
    trainers.push_back(std::make_unique<train::Trainer>(shape, chosen));
    const PlanSummary& summary = trainers.back()->plan().summary();
    costs.push_back({static_cast<double>(summary.nodes_before), summary.multiply_adds, {}});
  }
  for (std::size_t round = 0; round < settings.seeds; ++round) {
    for (std::size_t i = 0; i < trainers.size(); ++i) {
      costs[i].microseconds.push_back(microseconds_of(*trainers[i], batch, settings.timed_steps));
    }
  }
  return costs;
}

// What all seeds gave, by task or by seed.
struct Records {
  std::vector<std::vector<Outcome>> outcomes;
  std::vector<double> source, similar, different;  // the source's net as it is
};

Measurements measurements(const std::vector<Task>& tasks, const Records& records,
                          std::size_t seeds) {
  const auto first = [seeds](std::vector<double> values) {
    values.resize(seeds);
    return values;
  };
  Measurements measured = {{"source", first(records.source)},
                           {"as_it_is.similar", first(records.similar)},
                           {"as_it_is.different", first(records.different)}};
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    std::vector<double> target, source;
    for (std::size_t seed = 0; seed < seeds; ++seed) {
      target.push_back(records.outcomes[i][seed].target);
      source.push_back(records.outcomes[i][seed].source);
    }
    const Task& task = tasks[i];
    keep_better(measured, task.asks_source ? task.name + ".target" : task.name, std::move(target));
    if (task.asks_source) keep_better(measured, task.name + ".source", std::move(source));
  }
  return measured;
}

}  // namespace

std::vector<int> Settings::switch_batches() const {
  constexpr int kLeast = 2;
  const int larger = std::min(kSmallBatch, switch_amount() / 2);
  if (larger == kLeast) return {kLeast};
  return {larger, kLeast};
}

Settings settings(bool quick, std::uint32_t seed, const Sets& sets) {
  Settings settings;
  settings.seed = seed;
  const int most = sets.similar.training.size();
  for (const int amount : {20, 100}) {
    if (amount < most) settings.amounts.push_back(amount);
  }
  settings.amounts.push_back(most);
  if (!quick) return settings;
  settings.seeds = 2;
  settings.source_epochs = 1;
  settings.source_steps = 100;
  settings.target_steps = 60;
  settings.timed_steps = 10;
  return settings;
}

int step_batch(const Sets& sets) {
  constexpr int kMost = 64;
  return std::min(kMost, sets.source.training.size());
}

std::string name_of(Way way) {
  constexpr std::array kNames = {"scratch", "finetune", "lower", "head"};
  return kNames[static_cast<std::size_t>(way)];
}

bool is_large(int amount) {
  constexpr int kLarge = 500;
  return amount >= kLarge;
}

std::string group_name(bool similar, int amount) {
  return fmt::format("{}_{}", similar ? "similar" : "different", amount);
}

Results measure(const Settings& settings, const Sets& sets, std::string_view what) {
  const std::vector<Task> tasks = tasks_of(settings, sets);
  const auto first_trained = static_cast<std::size_t>(
      std::count_if(tasks.begin(), tasks.end(), [](const Task& task) { return task.scratch; }));
  const std::vector<double> by_seed(settings.seeds);
  Records records{{}, by_seed, by_seed, by_seed};
  records.outcomes.assign(tasks.size(), std::vector<Outcome>(settings.seeds));
  write::Progress progress(what, settings.seeds * (tasks.size() + 1));
  const auto one_seed = [&](std::size_t seed) {
    Parameters trained;
    const auto run = [&](std::size_t i) {
      records.outcomes[i][seed] =
          outcome(settings, sets, tasks[i], trained, net_seed(settings.seed, seed, 1));
    };
    const auto before = [&](std::size_t i) {
      if (i > 0) return run(i - 1);
      const Parameters net = source_net(settings, sets, seed);
      const NetShape shape = shape_for(sets.source);
      records.source[seed] = train::accuracy(shape, net, sets.source.held_out);
      records.similar[seed] = train::accuracy(shape, net, sets.similar.held_out);
      records.different[seed] = train::accuracy(shape, net, sets.different.held_out);
      trained = net;
    };
    return on_all_cores(first_trained + 1, before, &progress) &&
           on_all_cores(
               tasks.size() - first_trained, [&](std::size_t i) { run(first_trained + i); },
               &progress);
  };
  Results results;
  results.seeds = seed_by_seed(settings.seeds, one_seed);
  progress.done();
  results.measured = measurements(tasks, records, results.seeds);
  results.costs = step_costs(settings, sets);
  return results;
}

}  // namespace backstep::lessons
