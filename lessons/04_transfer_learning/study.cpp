// Trains on the big set, goes on with the small one in four ways, and counts.
#include "study.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/read/csv.h"
#include "engine/read/numpy_random.h"
#include "engine/train/trainer.h"

namespace backstep::lessons {
namespace {

using train::Dataset;

constexpr double kRate = 0.05;
constexpr std::int64_t kRearranged = 1;  // the seed of the order of the pixels

std::int64_t net_seed(const Settings& settings, std::size_t seed, std::int64_t net) {
  constexpr std::int64_t kNets = 1000;
  constexpr std::int64_t kSeeds = std::int64_t{1} << 32;
  return ((settings.seed + static_cast<std::int64_t>(seed)) * kNets + net) % kSeeds;
}

int classes_of(const Digits& digits) {
  const auto most = [](const Dataset& data) {
    return *std::max_element(data.labels.begin(), data.labels.end());
  };
  return 1 + std::max(most(digits.training), most(digits.held_out));
}

train::NetShape shape_for(const Digits& digits) {
  return {{digits.training.x.shape().cols, kHidden[0], kHidden[1], classes_of(digits)}};
}

train::TrainOptions options(int samples, int epochs, std::int64_t seed) {
  constexpr int kMostBatch = 64;
  train::TrainOptions options;
  options.batch = std::min(samples / 2, kMostBatch);
  options.epochs = epochs;
  options.seed = seed;
  options.optimizer = train::Sgd{kRate, 0.9, 1e-4};
  options.schedule = train::cosine_decay(kRate, epochs);
  return options;
}

// So many layers of the net stay as they are, with what batch norm keeps of them.
train::Frozen frozen(Way way) {
  if (way == Way::kLower) return {1, 1};
  if (way == Way::kHead) return {2, 2};
  return {};
}

// The trained parameters; those of the last layer new, where it is to be, or where the classes are
// others.
train::Parameters beginning(const train::NetShape& shape, const train::Parameters& trained, Way way,
                            std::int64_t seed) {
  train::Parameters parameters = train::initial_parameters(shape, seed);
  if (way == Way::kScratch) return parameters;
  for (auto& [name, value] : parameters) {
    const bool of_head = name.ends_with(fmt::format("{}", shape.layers()));
    if (of_head && way == Way::kHead) continue;
    const Tensor& old = trained.at(name);
    if (old.shape() == value.shape()) value = old;
  }
  return parameters;
}

int epochs_for(const Settings& settings, int samples) {
  const int batches = samples / options(samples, 1, 0).batch;
  return std::max(1, settings.target_steps / batches);
}

double transferred(const Settings& settings, const Digits& target, const train::Parameters& trained,
                   int amount, Way way, std::int64_t seed) {
  const train::NetShape shape = shape_for(target);
  train::TrainOptions chosen = options(amount, epochs_for(settings, amount), seed);
  chosen.frozen = frozen(way);
  train::Trainer trainer(shape, chosen, beginning(shape, trained, way, seed));
  trainer.fit(train::slice(shuffled(target.training, seed), 0, amount));
  return train::accuracy(shape, trainer.parameters(), target.held_out);
}

Dataset rearranged(const Dataset& data) {
  const std::vector<int> order = read::LegacyRandom(kRearranged).permutation(data.x.shape().cols);
  Dataset result = data;
  for (int row = 0; row < data.size(); ++row) {
    for (std::size_t col = 0; col < order.size(); ++col) {
      result.x(row, static_cast<int>(col)) = data.x(row, order[col]);
    }
  }
  return result;
}

// "train-images-idx3-ubyte.gz" to "train-labels-idx1-ubyte.gz".
std::filesystem::path labels_beside(const std::filesystem::path& images) {
  std::string name = images.filename().string();
  for (const auto& [from, to] : {std::pair{"images", "labels"}, std::pair{"idx3", "idx1"}}) {
    const std::size_t at = name.find(from);
    if (at != name.npos) name.replace(at, std::string_view(from).size(), to);
  }
  return images.parent_path() / name;
}

bool is_csv(const std::filesystem::path& path) {
  return path.filename().string().find(".csv") != std::string::npos;
}

// From 0 to 1, as the digits are.
void scale(Tensor& x) {
  const auto [least, most] = std::minmax_element(x.view().begin(), x.view().end());
  const double low = *least, range = *most > *least ? *most - *least : 1;
  for (double& value : x.view()) value = (value - low) / range;
}

// Half of a small file is held out, and a fifth of a big one.
Digits from_file(const std::filesystem::path& path) {
  constexpr int kSmall = 2000;
  Dataset data;
  if (is_csv(path)) {
    read::CsvSamples samples = read::read_csv(path);
    data = {std::move(samples.x), std::move(samples.labels)};
  } else {
    data = {train::eight_by_eight(read::read_idx_images(path)),
            read::read_idx_labels(labels_beside(path))};
  }
  scale(data.x);
  data = shuffled(data, 0);
  return split(data, data.size() < kSmall ? data.size() / 2 : data.size() * 4 / 5);
}

using Measured = std::map<std::string, std::vector<double>>;

struct Task {
  bool similar = true;
  int amount = 0;
  Way way = Way::kScratch;
};

std::vector<Task> tasks(const Settings& settings) {
  std::vector<Task> all;
  for (const bool similar : {true, false}) {
    for (const int amount : settings.amounts) {
      for (const Way way : kWays) all.push_back({similar, amount, way});
    }
  }
  return all;
}

std::vector<StepCost> step_costs(const Sets& sets) {
  std::vector<StepCost> costs;
  for (const int layers : {0, 1, 2}) {
    train::TrainOptions chosen = options(sets.similar.training.size(), 1, 0);
    chosen.frozen = {layers, layers};
    costs.push_back({layers, train::Trainer(shape_for(sets.similar), chosen).plan().summary()});
  }
  return costs;
}

}  // namespace

Settings settings(bool quick, std::uint32_t seed) {
  Settings settings;
  settings.seed = seed;
  settings.quick = quick;
  if (quick) {
    settings.seeds = 2;
    settings.source_epochs = 1;
    settings.target_steps = 60;
  }
  return settings;
}

std::string_view name_of(Way way) {
  constexpr std::array<std::string_view, kWays.size()> kNames = {"scratch", "finetune", "lower",
                                                                 "head"};
  return kNames[static_cast<std::size_t>(way)];
}

std::string figure_name(bool similar, int amount, Way way) {
  return fmt::format("{}_{}.{}", similar ? "similar" : "different", amount, name_of(way));
}

Sets sets(const std::filesystem::path& source, const std::filesystem::path& target) {
  Sets sets;
  sets.source = source.empty() ? mnist_digits() : from_file(source);
  sets.similar = target.empty() ? uci_digits() : from_file(target);
  const int features = sets.source.training.x.shape().cols;
  if (sets.similar.training.x.shape().cols != features) {
    throw Error(fmt::format(
        "the target has {} features, but the source has {}: a net keeps the width of its inputs",
        sets.similar.training.x.shape().cols, features));
  }
  sets.different = {rearranged(sets.similar.training), rearranged(sets.similar.held_out)};
  return sets;
}

Results measure(const Settings& settings, const Sets& sets, std::string_view what) {
  const std::vector<Task> all = tasks(settings);
  const train::NetShape shape = shape_for(sets.source);
  Progress progress(what, settings.seeds * (1 + all.size()));
  std::vector<train::Parameters> trained(settings.seeds);
  on_all_cores(
      settings.seeds,
      [&](std::size_t seed) {
        train::Trainer trainer(shape, options(sets.source.training.size(), settings.source_epochs,
                                              net_seed(settings, seed, 0)));
        trainer.fit(sets.source.training);
        trained[seed] = trainer.parameters();
      },
      &progress);
  std::vector<double> accuracies(settings.seeds * all.size());
  on_all_cores(
      accuracies.size(),
      [&](std::size_t i) {
        const std::size_t seed = i / all.size();
        const Task& task = all[i % all.size()];
        accuracies[i] =
            transferred(settings, task.similar ? sets.similar : sets.different, trained[seed],
                        task.amount, task.way, net_seed(settings, seed, 1));
      },
      &progress);
  progress.done();

  Measured measured;
  for (std::size_t seed = 0; seed < settings.seeds; ++seed) {
    measured["source"].push_back(train::accuracy(shape, trained[seed], sets.source.held_out));
  }
  for (std::size_t i = 0; i < accuracies.size(); ++i) {
    const Task& task = all[i % all.size()];
    measured[figure_name(task.similar, task.amount, task.way)].push_back(accuracies[i]);
  }
  Results results;
  for (const auto& [name, values] : measured) results.figures.set(name, figure_of(values));
  results.costs = step_costs(sets);
  return results;
}

}  // namespace backstep::lessons
