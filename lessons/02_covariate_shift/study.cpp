// Every seed's measurements, side by side on all cores; then their figures.
#include "study.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <iterator>
#include <numeric>
#include <utility>

#include "engine/number_text.h"
#include "lessons/digits.h"

namespace backstep::lessons {
namespace {

// In the middle of the image, and white or grey in most.
Clouds clouds_of(const train::Dataset& digits, int count) {
  constexpr int kPixel = 4 * 8 + 3;
  Tensor raw({count, 2});
  for (int row = 0; row < count; ++row) {
    for (int col = 0; col < 2; ++col) raw(row, col) = digits.x(row, kPixel + col);
  }
  return {raw, standardised(raw), whitened(raw)};
}

// The part of a seed that takes no time, or whose time is measured: alone, before the rest.
void measure_alone(const Settings& settings, const Digits& mnist, const train::Dataset& uci,
                   std::size_t number, OneSeed& seed) {
  const std::int64_t random = net_seed(settings.seed, number, 0);
  const train::Dataset digits = shuffled(uci, random);
  seed.inside = descend(MeanIs::kInside, digits, settings.bias_steps, settings.bias_rate);
  seed.outside = descend(MeanIs::kOutside, digits, settings.bias_steps, settings.bias_rate);
  seed.clouds = clouds_of(shuffled(mnist.training, random), settings.cloud);
  for (const int features : settings.features) {
    seed.seconds.push_back(measured_seconds(settings.batch, features, random));
  }
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

using OfSeed = std::function<double(const OneSeed&)>;

Figure over(const std::vector<OneSeed>& seeds, const OfSeed& of_seed) {
  std::vector<double> values;
  for (const OneSeed& seed : seeds) values.push_back(of_seed(seed));
  return figure_of(values);
}

void set_layer(Figures& all, const std::vector<OneSeed>& seeds, std::size_t kind,
               std::size_t layer) {
  using OfPath = std::function<double(const Path&)>;
  const auto set = [&](std::string_view what, const OfPath& of_path) {
    all.set(fmt::format("layer_{}.{}.{}", layer + 1, what, name_of(kNetKinds[kind])),
            over(seeds, [&](const OneSeed& seed) {
              return of_path(seed.shifts[kind].layers[layer].relu);
            }));
  };
  set("mean_first", [](const Path& path) { return path.mean.front(); });
  set("mean_last", [](const Path& path) { return path.mean.back(); });
  set("deviation_first", [](const Path& path) { return path.deviation.front(); });
  set("deviation_last", [](const Path& path) { return path.deviation.back(); });
  set("moved", [](const Path& path) { return mean_of(path.moved); });
  set("far", [](const Path& path) { return path.far; });
}

void set_shift(Figures& all, const std::vector<OneSeed>& seeds) {
  for (std::size_t kind = 0; kind < std::size(kNetKinds); ++kind) {
    const std::string_view name = name_of(kNetKinds[kind]);
    for (std::size_t layer = 0; layer < kHiddenLayers; ++layer) set_layer(all, seeds, kind, layer);
    for (std::size_t layer = 1; layer <= kHiddenLayers; ++layer) {
      all.set(fmt::format("layer_{}.turned.{}", layer + 1, name),
              over(seeds, [&](const OneSeed& seed) {
                return mean_of(seed.shifts[kind].layers[layer].turned);
              }));
    }
    all.set(fmt::format("accuracy.{}", name),
            over(seeds, [&](const OneSeed& seed) { return seed.shifts[kind].accuracy; }));
  }
  all.set(fmt::format("layer_{}.far_before.with", kHiddenLayers),
          over(seeds, [](const OneSeed& seed) {
            return seed.shifts[1].layers[kHiddenLayers - 1].linear.far;
          }));
}

void set_whitening(Figures& all, const Settings& settings, const std::vector<OneSeed>& seeds) {
  all.set("correlation.raw",
          over(seeds, [](const OneSeed& s) { return correlation(s.clouds.raw); }));
  all.set("correlation.standardised",
          over(seeds, [](const OneSeed& s) { return correlation(s.clouds.standardised); }));
  all.set("correlation.whitened",
          over(seeds, [](const OneSeed& s) { return correlation(s.clouds.whitened); }));
  const std::size_t samples = static_cast<std::size_t>(settings.batch);
  for (std::size_t i = 0; i < settings.features.size(); ++i) {
    const std::size_t features = static_cast<std::size_t>(settings.features[i]);
    const std::string name = fmt::format("features_{}.", features);
    const auto counted = [&](std::size_t operations) {
      return over(seeds, [&](const OneSeed&) { return static_cast<double>(operations); });
    };
    all.set(name + "batch_norm_operations", counted(standardising_operations(samples, features)));
    all.set(name + "whitening_operations", counted(whitening_operations(samples, features)));
    all.set(name + "batch_norm_seconds",
            over(seeds, [&](const OneSeed& s) { return s.seconds[i].standardising; }));
    all.set(name + "whitening_seconds",
            over(seeds, [&](const OneSeed& s) { return s.seconds[i].whitening; }));
  }
}

void set_bias(Figures& all, const std::vector<OneSeed>& seeds) {
  const std::pair<std::string_view, BiasPath OneSeed::*> ways[] = {{"outside", &OneSeed::outside},
                                                                   {"inside", &OneSeed::inside}};
  for (const auto& [name, member] : ways) {
    const auto path = [at = member](const OneSeed& seed) -> const BiasPath& { return seed.*at; };
    all.set(fmt::format("bias.{}", name),
            over(seeds, [&](const OneSeed& seed) { return path(seed).growth(); }));
    all.set(fmt::format("bias.{}_loss_change", name), over(seeds, [&](const OneSeed& seed) {
              return path(seed).loss.back() - path(seed).loss.front();
            }));
  }
  all.set("bias.loss", over(seeds, [](const OneSeed& seed) { return seed.outside.loss.front(); }));
}

using OfStack = double DepthResult::*;

struct StackMeasure {
  std::string_view name;
  OfStack member;
};
constexpr StackMeasure kStackMeasures[] = {{"deviation", &DepthResult::deviation},
                                           {"gradient", &DepthResult::gradient},
                                           {"accuracy", &DepthResult::accuracy}};

void set_stack(Figures& all, const Settings& settings, const std::vector<OneSeed>& seeds,
               std::size_t scale, std::size_t kind) {
  const std::size_t last = settings.depths.size() - 1;
  const double between = settings.depths.back() - settings.depths.front();
  for (const auto& [name, member] : kStackMeasures) {
    const auto of = [&, at = member](const OneSeed& seed, std::size_t depth) {
      return seed.stacks[stack_number(settings, scale, depth, kind)].*at;
    };
    for (std::size_t depth = 0; depth <= last; ++depth) {
      all.set(stack_name(settings.depths[depth], settings.scales[scale], kDepthKinds[kind], name),
              over(seeds, [&](const OneSeed& seed) { return of(seed, depth); }));
    }
    if (member == &DepthResult::accuracy) continue;
    all.set(layer_factor_name(settings.scales[scale], kDepthKinds[kind], name),
            over(seeds, [&](const OneSeed& seed) {
              return std::pow(of(seed, last) / of(seed, 0), 1 / between);
            }));
  }
}

}  // namespace

Settings settings(bool quick, std::uint32_t seed) {
  Settings result;
  result.seed = seed;
  if (!quick) return result;
  result.seeds = 2;
  result.shift.steps = 30;
  result.shift.probe = 64;
  result.depths = {1, 5, 15};
  result.depth_steps = 30;
  return result;
}

std::size_t stack_number(const Settings& settings, std::size_t scale, std::size_t depth,
                         std::size_t kind) {
  return (scale * settings.depths.size() + depth) * std::size(kDepthKinds) + kind;
}

std::vector<OneSeed> measure(const Settings& settings, const std::optional<OwnNormaliser>& own,
                             std::string_view what) {
  const Digits mnist = mnist_digits();
  const train::Dataset uci = uci_digits().training;
  const std::size_t stacks =
      stack_number(settings, settings.scales.size() - 1, settings.depths.size(), 0);
  const std::size_t jobs = stacks + std::size(kNetKinds);
  std::vector<OneSeed> seeds(settings.seeds);
  write::Progress progress(what, jobs * settings.seeds);
  const auto one_seed = [&](std::size_t number) {
    OneSeed& seed = seeds[number];
    const std::int64_t random = net_seed(settings.seed, number, 0);
    measure_alone(settings, mnist, uci, number, seed);
    seed.stacks.resize(stacks);
    seed.shifts.resize(std::size(kNetKinds));
    // The deepest first: the last to end keeps no core waiting.
    const auto work = [&](std::size_t job) {
      if (job >= stacks) {
        const std::vector<int> widths(std::begin(kShiftWidths), std::end(kShiftWidths));
        const train::NetShape shape = net_of(kNetKinds[job - stacks], own, widths);
        seed.shifts[job - stacks] = follow(mnist, shape, settings.shift, random);
        return;
      }
      const std::size_t kind = job % std::size(kDepthKinds);
      const std::size_t scale = job / std::size(kDepthKinds) % settings.scales.size();
      const std::size_t depth =
          settings.depths.size() - 1 - job / std::size(kDepthKinds) / settings.scales.size();
      const train::NetShape shape =
          net_of(kDepthKinds[kind], own, stack_widths(settings.depths[depth]));
      seed.stacks[stack_number(settings, scale, depth, kind)] =
          stack(mnist, shape, settings.scales[scale], settings.depth_steps, random);
    };
    return on_all_cores(jobs, work, &progress);
  };
  seeds.resize(seed_by_seed(settings.seeds, one_seed));
  progress.done();
  return seeds;
}

Figures figures(const Settings& settings, const std::vector<OneSeed>& seeds) {
  Figures all;
  set_shift(all, seeds);
  set_whitening(all, settings, seeds);
  set_bias(all, seeds);
  for (std::size_t scale = 0; scale < settings.scales.size(); ++scale) {
    for (std::size_t kind = 0; kind < std::size(kDepthKinds); ++kind) {
      set_stack(all, settings, seeds, scale, kind);
    }
  }
  return all;
}

std::string stack_name(int depth, double scale, NetKind kind, std::string_view what) {
  return fmt::format("depth_{}.x{}.{}.{}", depth, number_text(scale), name_of(kind), what);
}

std::string layer_factor_name(double scale, NetKind kind, std::string_view what) {
  return fmt::format("a_layer.x{}.{}.{}", number_text(scale), name_of(kind), what);
}

}  // namespace backstep::lessons
