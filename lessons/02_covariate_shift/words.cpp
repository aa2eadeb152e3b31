// The words of the lesson: its numbers, its tables, and what they say.
#include "words.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>

#include "engine/number_text.h"
#include "engine/read/run.h"
#include "engine/write/circuit_dot.h"
#include "labels.h"
#include "pictures.h"

namespace backstep::lessons {
namespace {

constexpr std::size_t kLast = kHiddenLayers;  // the number of the highest hidden layer

std::string layer_figure(std::size_t layer, std::string_view what, NetKind kind) {
  return fmt::format("layer_{}.{}.{}", layer, what, name_of(kind));
}

// Whether the first is above the second (1) or below it (-1) by more than the seeds differ.
int compared(const Figure& first, const Figure& second) {
  if (!is_beyond_spread(first, second)) return 0;
  return first.mean > second.mean ? 1 : -1;
}

std::string_view comparison(Language language, const Figure& first, const Figure& second) {
  const int order = compared(first, second);
  return language.of(order == 0 ? label::kAsMuch : order > 0 ? label::kMore : label::kLess);
}

// One line of a table: what it is, then a figure for each kind.
std::string row(std::string_view what, const Figures& figures,
                const std::function<std::string(NetKind)>& name,
                const std::function<std::string(const Figure&)>& text) {
  std::string line = fmt::format("\n| {} |", what);
  for (const NetKind kind : kNetKinds) line += fmt::format(" {} |", text(figures[name(kind)]));
  return line;
}

std::string shift_table(Language language, const Figures& figures,
                        const std::optional<OwnNormaliser>& own) {
  std::string text = fmt::format("| {} |", language.of(label::kWhatReluGets));
  for (const NetKind kind : kNetKinds) text += fmt::format(" {} |", written(kind, own, language));
  text += "\n|---|--:|--:|--:|";
  const auto add = [&](Words what, std::size_t layer, std::string_view figure,
                       std::string (*in_words)(const Figure&)) {
    text += row(
        say(language, what, layer), figures,
        [&](NetKind kind) { return layer_figure(layer, figure, kind); }, in_words);
  };
  for (std::size_t layer = 1; layer <= kLast; ++layer) {
    add(label::kByOneStep, layer, "moved", percent_text);
  }
  add(label::kByAllSteps, kLast, "far", percent_text);
  add(label::kDeviationLast, kLast, "deviation_last", figure_text);
  add(label::kMeanLast, kLast, "mean_last", figure_text);
  text += row(
      language.of(label::kRight), figures,
      [](NetKind kind) { return fmt::format("accuracy.{}", name_of(kind)); }, percent_text);
  return text;
}

std::string cost_table(const Settings& settings, Language language, const Figures& figures) {
  std::string text = fmt::format(
      "| D | {} | {} | {} | {} |\n|--:|--:|--:|--:|--:|", language.of(label::kBatchNormOperations),
      language.of(label::kWhiteningOperations),
      say(language, label::kMilliseconds, language.of(label::kBatchNormOperations)),
      say(language, label::kMilliseconds, language.of(label::kWhiteningOperations)));
  for (const int features : settings.features) {
    const auto mean = [&](std::string_view what) {
      return figures[fmt::format("features_{}.{}", features, what)].mean;
    };
    text += fmt::format("\n| {} | {:.0f} | {:.0f} | {:.3f} | {:.3f} |", features,
                        mean("batch_norm_operations"), mean("whitening_operations"),
                        1000 * mean("batch_norm_seconds"), 1000 * mean("whitening_seconds"));
  }
  return text;
}

// The deepest net, counted from the shallowest, up to which all learn to name half of the digits.
std::string deepest(const Settings& settings, Language language, const Figures& figures,
                    double scale, NetKind kind) {
  constexpr double kLearns = 0.5;
  std::string text(language.of(label::kNone));
  for (const int depth : settings.depths) {
    if (figures[stack_name(depth, scale, kind, "accuracy")].mean < kLearns) break;
    text = fmt::format("{}", depth);
  }
  return text;
}

std::string depth_table(const Settings& settings, Language language, const Figures& figures,
                        const std::optional<OwnNormaliser>& own) {
  const int deepest_tried = settings.depths.back();
  std::string text =
      fmt::format("| {} | {} | {} | {} | {} |\n|---|--:|--:|--:|--:|", language.of(label::kWeights),
                  language.of(label::kDeviationFactor), language.of(label::kGradientFactor),
                  say(language, label::kRightAt, deepest_tried), language.of(label::kLearnsTo));
  for (const NetKind kind : kDepthKinds) {
    for (const double scale : settings.scales) {
      text += fmt::format("\n| {}, x {} | {} | {} | {} | {} |", written(kind, own, language),
                          number_text(scale),
                          figure_text(figures[layer_factor_name(scale, kind, "deviation")]),
                          figure_text(figures[layer_factor_name(scale, kind, "gradient")]),
                          percent_text(figures[stack_name(deepest_tried, scale, kind, "accuracy")]),
                          deepest(settings, language, figures, scale, kind));
    }
  }
  return text;
}

// A 0 without any rounding is told as such.
std::string exact_text(const Figure& figure) {
  return figure.mean == 0 && figure.spread == 0 ? "0" : figure_text(figure);
}

void add_settings(Places& places, const Settings& settings, const std::vector<OneSeed>& seeds) {
  const auto count = [&](const std::string& name, int number) {
    places.count(name, static_cast<std::size_t>(number));
  };
  places.count("seeds", seeds.size());
  places.text("widths", fmt::format("{}", fmt::join(kShiftWidths, "-")));
  count("hidden_layers", kHiddenLayers);
  count("steps", settings.shift.steps);
  count("probe", settings.shift.probe);
  places.number("rate", settings.shift.rate);
  count("batch", settings.batch);
  count("bias_batch", kBiasBatch);
  count("bias_steps", settings.bias_steps);
  count("shallowest", settings.depths.front());
  count("deepest", settings.depths.back());
  count("stack_width", kStackWidth);
  count("depth_steps", settings.depth_steps);
}

void add_shift(Places& places, Language language, const Figures& figures) {
  const auto both = [&](const std::string& place, const std::string& first,
                        const std::string& second) {
    places.text(place, percent_text(figures[first]));
    places.text(place + "_without", percent_text(figures[second]));
    places.text(place + "_word",
                std::string(comparison(language, figures[first], figures[second])));
  };
  both("layer_norm_moved", layer_figure(kLast, "moved", NetKind::kLayer),
       layer_figure(kLast, "moved", NetKind::kWithout));
  both("layer_norm_right", "accuracy.layer_norm", "accuracy.without");
  both("turned", layer_figure(2, "turned", NetKind::kWith),
       layer_figure(2, "turned", NetKind::kWithout));
  both("turned_last", layer_figure(kLast + 1, "turned", NetKind::kWith),
       layer_figure(kLast + 1, "turned", NetKind::kWithout));
  // Layer norm moves no less than nothing does, and learns better.
  const Figure& moved = figures[layer_figure(kLast, "moved", NetKind::kLayer)];
  const Figure& moved_without = figures[layer_figure(kLast, "moved", NetKind::kWithout)];
  const Figure& right = figures["accuracy.layer_norm"];
  const Figure& right_without = figures["accuracy.without"];
  const bool apart = compared(moved, moved_without) >= 0 && compared(right, right_without) > 0;
  places.text("verdict", say(language, apart ? label::kApart : label::kNotApart));
}

void add_bias(Places& places, const Figures& figures, Language language) {
  for (const char* name :
       {"outside", "inside", "outside_loss_change", "inside_loss_change", "loss"}) {
    places.text(fmt::format("bias_{}", name), exact_text(figures[fmt::format("bias.{}", name)]));
  }
  const SimplifyStep proof = proof_of_zero();
  places.text("proof_rule", say(language, proof.rule));
  places.text("proof_before", proof.formulas.back().before);
  places.text("proof_after", proof.formulas.back().after);
}

void add_depth(Places& places, const Settings& settings, const Figures& figures) {
  constexpr double kScale = 1;
  const auto gradient = [&](int depth) {
    return figures[stack_name(depth, kScale, NetKind::kWith, "gradient")].mean;
  };
  places.text("gradient_factor",
              figure_text(figures[layer_factor_name(kScale, NetKind::kWith, "gradient")]));
  places.number("gradient_ratio",
                gradient(settings.depths.back()) / gradient(settings.depths.front()), 2);
}

Places places(const Settings& settings, const std::vector<OneSeed>& seeds, const Figures& figures,
              const std::optional<OwnNormaliser>& own, Language language) {
  Places places;
  add_settings(places, settings, seeds);
  places.text("own_note", own ? say(language, label::kOwnNote, own->name,
                                    own->mixes_samples ? language.of(label::kMixes)
                                                       : language.of(label::kBySample))
                              : "");
  places.text("norm", written(NetKind::kWith, own, language));
  places.text("table_shift", shift_table(language, figures, own));
  add_shift(places, language, figures);
  for (const char* name : {"raw", "standardised", "whitened"}) {
    places.text(fmt::format("correlation_{}", name),
                figure_text(figures[fmt::format("correlation.{}", name)]));
  }
  places.text("table_cost", cost_table(settings, language, figures));
  add_bias(places, figures, language);
  places.text("table_depth", depth_table(settings, language, figures, own));
  add_depth(places, settings, figures);
  return places;
}

std::vector<NamedCircuit> circuits(Language language) {
  write::DotOptions options;
  options.values = false;
  options.language = language;
  const auto circuit = [](MeanIs mean) {
    read::RunOptions run;
    run.set = centring_numbers(mean);
    return read::run_circuit(circuit_of(mean), run).trace;
  };
  return {{"centring", write::side_by_side_dot(circuit(MeanIs::kInside), circuit(MeanIs::kOutside),
                                               language.of(label::kInside),
                                               language.of(label::kOutside), options)}};
}

}  // namespace

Telling tell(const Settings& settings, const std::vector<OneSeed>& seeds, const Figures& figures,
             const std::optional<OwnNormaliser>& own, Language language) {
  return {places(settings, seeds, figures, own, language),
          charts(settings, seeds, figures, own, language), circuits(language)};
}

}  // namespace backstep::lessons
