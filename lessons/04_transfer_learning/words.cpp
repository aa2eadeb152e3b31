// The words and the pictures of the lesson.
#include "words.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "engine/number_text.h"
#include "engine/text.h"
#include "lessons/circuits.h"

namespace backstep::lessons {
namespace {

namespace label {

constexpr std::array<Words, 4> kWays = {Words("scratch"), Words("finetune"), Words("lower"),
                                        Words("head")};
constexpr auto kEarly = Words("early head");
constexpr auto kMnist = Words("{0} MNIST digits of 8 x 8 pixels");
constexpr auto kUci =
    Words("digits of the UCI set, from other writers and made small in another way");
constexpr auto kOwnSet = Words("`{0}`, with {1} samples to learn from");
constexpr auto kSimilar = Words("similar");
constexpr auto kDifferent = Words("different");
constexpr auto kGain = Words("gain");
constexpr auto kData = Words("target");
constexpr auto kRule = Words("the rule says");
constexpr auto kMeasured = Words("measured");
constexpr auto kBest = Words("best");
constexpr auto kSame = Words("no difference");
constexpr auto kFrozen = Words("frozen layers");
constexpr auto kNodes = Words("nodes");
constexpr auto kMultiplyAdds = Words("multiply-adds");
constexpr auto kMicroseconds = Words("microseconds");
constexpr auto kBatch = Words("batch size");
constexpr auto kStatistics = Words("running statistics");
constexpr auto kTarget = Words("target, %");
constexpr auto kSource = Words("source, old head, %");
constexpr auto kRight = Words("frozen: right");
constexpr auto kWrong = Words("follow: wrong");
constexpr auto kAmount = Words("target samples");
constexpr auto kAccuracy = Words("accuracy, %");
constexpr auto kTitle = Words("{0} target");
constexpr auto kWholeTitle = Words("the whole net learns");
constexpr auto kFrozenTitle = Words("only the head learns");
constexpr auto kChange = Words("{0} points with batches of {1}");
constexpr auto kOldHead = Words(
    "The old head counts, too: with a new one, which you need when your classes are others, "
    "finetune has {2}% on {0} similar samples instead of {1}%. Compare *head* with that, for its "
    "head is new as well.");
constexpr auto kOtherClasses =
    Words("The target has {0} classes and the source {1}, so the head is new in every way.");

}  // namespace label

std::string_view label_of(Language language, Way way) {
  return language.of(label::kWays[static_cast<std::size_t>(way)]);
}

std::string_view likeness(Language language, bool similar) {
  return similar ? language.of(label::kSimilar) : language.of(label::kDifferent);
}

std::string row_name(Language language, bool similar, int amount) {
  return fmt::format("{}, {}", likeness(language, similar), amount);
}

std::string figure_name(bool similar, int amount, Way way) {
  return group_name(similar, amount) + "." + name_of(way);
}

// What freezing the first layer changes.
std::string lower_change_name(bool similar, int amount) {
  return group_name(similar, amount) + ".lower_change";
}

// "| a | b |"
std::string line(const std::vector<std::string>& cells) {
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

// `sides` has an l or an r for each column.
std::string header(const std::vector<std::string>& names, std::string_view sides) {
  std::string text = line(names) + "|";
  for (const char side : sides) text += side == 'l' ? "---|" : "--:|";
  return text + "\n";
}

// Without the last end of line: the words have their own.
std::string table(std::string text) {
  text.pop_back();
  return text;
}

std::string ways_table(const Settings& settings, const Figures& figures, Language language) {
  std::vector<std::string> names = {std::string(language.of(label::kData))};
  for (const Way way : kWays) names.emplace_back(label_of(language, way));
  names.emplace_back(language.of(label::kGain));
  std::string text = header(names, "lrrrrr");
  for (const bool similar : {true, false}) {
    for (const int amount : settings.amounts) {
      std::vector<std::string> cells = {row_name(language, similar, amount)};
      for (const Way way : kWays) {
        cells.push_back(percent_text(figures[figure_name(similar, amount, way)]));
      }
      cells.push_back(percent_text(figures[group_name(similar, amount) + ".gain"]));
      text += line(cells);
    }
  }
  return table(text);
}

// Whether `one` falls short by more than the spread of either.
bool is_behind(const Figure& one, const Figure& best) {
  return best.mean > one.mean && is_beyond_spread(best, one);
}

// One line of the rule of thumb.
struct Quadrant {
  bool similar;
  int amount;

  std::string figure(Way way) const { return figure_name(similar, amount, way); }
};

std::vector<Quadrant> quadrants(const Settings& settings) {
  std::vector<Quadrant> all;
  for (const bool similar : {true, false}) {
    all.push_back({similar, settings.small()});
    if (settings.large() != settings.small()) all.push_back({similar, settings.large()});
  }
  return all;
}

// What the rule of thumb says. Source: the notes of CS231n, "Transfer Learning".
struct Rule {
  std::string names;
  Figure figure;  // of the better, if it names two ways
};

Rule rule_for(const Figures& figures, Language language, const Quadrant& one) {
  const auto rule = [&](Way way) -> Rule {
    return {std::string(label_of(language, way)), figures[one.figure(way)]};
  };
  if (!is_large(one.amount)) {
    if (one.similar) return rule(Way::kHead);
    return {std::string(language.of(label::kEarly)),
            figures[fmt::format("{}.{}", group_name(false, one.amount), kEarly)]};
  }
  const Rule finetune = rule(Way::kFinetune);
  if (one.similar) return finetune;
  const Rule scratch = rule(Way::kScratch);
  const bool scratch_is_better = scratch.figure.mean > finetune.figure.mean;
  return {fmt::format("{}, {}", finetune.names, scratch.names),
          scratch_is_better ? scratch.figure : finetune.figure};
}

// The best of the four first, then those that are not behind it.
std::vector<Way> best_ways(const Figures& figures, const Quadrant& one) {
  const Way best = *std::max_element(kWays.begin(), kWays.end(), [&](Way a, Way b) {
    return figures[one.figure(a)].mean < figures[one.figure(b)].mean;
  });
  std::vector<Way> ways = {best};
  for (const Way way : kWays) {
    const bool is_as_good = !is_behind(figures[one.figure(way)], figures[one.figure(best)]);
    if (way != best && is_as_good) ways.push_back(way);
  }
  return ways;
}

std::string names_of(Language language, const std::vector<Way>& ways) {
  if (ways.size() == kWays.size()) return std::string(language.of(label::kSame));
  std::vector<std::string_view> names;
  for (const Way way : ways) names.push_back(label_of(language, way));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string rule_table(const Settings& settings, const Figures& figures, Language language) {
  std::string text =
      header({std::string(language.of(label::kData)), std::string(language.of(label::kRule)),
              std::string(language.of(label::kMeasured)), std::string(language.of(label::kBest)),
              std::string(language.of(label::kMeasured))},
             "llrlr");
  for (const Quadrant& one : quadrants(settings)) {
    const Rule rule = rule_for(figures, language, one);
    const std::vector<Way> best = best_ways(figures, one);
    text +=
        line({row_name(language, one.similar, one.amount), rule.names, percent_text(rule.figure),
              names_of(language, best), percent_text(figures[one.figure(best.front())])});
  }
  return table(text);
}

// In how many quadrants what the rule says is not behind the best of the four.
std::size_t agreed(const Settings& settings, const Figures& figures, Language language) {
  const std::vector<Quadrant> all = quadrants(settings);
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const Quadrant& one) {
    const Way best = best_ways(figures, one).front();
    return !is_behind(rule_for(figures, language, one).figure, figures[one.figure(best)]);
  }));
}

// What following statistics change on the target, batch by batch.
std::string changes(const Settings& settings, const Figures& figures, Language language) {
  std::vector<std::string> texts;
  for (const int batch : settings.switch_batches()) {
    const Figure& change = figures[fmt::format("following_{}.change", batch)];
    texts.push_back(say(language, label::kChange, percent_text(change), batch));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string cost_name(std::size_t layers, std::string_view what) {
  return fmt::format("step_{}.{}", layers, what);
}

std::string cost_table(const Results& results, const Figures& figures, Language language) {
  std::string text =
      header({std::string(language.of(label::kFrozen)), std::string(language.of(label::kNodes)),
              std::string(language.of(label::kMultiplyAdds)),
              std::string(language.of(label::kMicroseconds))},
             "rrrr");
  for (std::size_t i = 0; i < results.costs.size(); ++i) {
    text += line({fmt::format("{}", i), fmt::format("{:.0f}", results.costs[i].nodes),
                  fmt::format("{:.0f}", results.costs[i].multiply_adds),
                  figure_text(figures[cost_name(i, "microseconds")])});
  }
  return table(text);
}

std::string switch_table(const Settings& settings, const Figures& figures, Language language) {
  std::string text =
      header({std::string(language.of(label::kBatch)), std::string(language.of(label::kStatistics)),
              std::string(language.of(label::kTarget)), std::string(language.of(label::kSource))},
             "rlrr");
  for (const int batch : settings.switch_batches()) {
    for (const auto& [name, said] : {std::pair{"frozen", language.of(label::kRight)},
                                     std::pair{"following", language.of(label::kWrong)}}) {
      const std::string figure = fmt::format("{}_{}", name, batch);
      text += line({fmt::format("{}", batch), std::string(said),
                    percent_text(figures[figure + ".target"]),
                    percent_text(figures[figure + ".source"])});
    }
  }
  return table(text);
}

// In a code span, which a ` would end, in a cell of a table, which a | would end.
std::string file_name(std::string_view name) {
  std::string text = shortened(name, 80);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '`' || c == '|'; }, '?');
  return text;
}

std::string set_text(Language language, const std::string& name, Words digits, int size) {
  return name.empty() ? say(language, digits, size)
                      : say(language, label::kOwnSet, file_name(name), size);
}

// What the head is worth, or that there was none to keep.
std::string head_note(const Settings& settings, const Sets& sets, const Figures& figures,
                      Language language) {
  const int classes = classes_of(sets.similar);
  const int old_classes = classes_of(sets.source);
  if (classes != old_classes) return say(language, label::kOtherClasses, classes, old_classes);
  const std::string small = group_name(true, settings.small());
  return say(language, label::kOldHead, settings.small(),
             percent_text(figures[small + ".finetune"]),
             percent_text(figures[small + ".new_head"]));
}

Places places(const Settings& settings, const Sets& sets, const Results& results,
              const Figures& figures, Language language) {
  Places places;
  places.text("source_set",
              set_text(language, sets.source_name, label::kMnist, sets.source.training.size()));
  places.text("target_set",
              set_text(language, sets.target_name, label::kUci, sets.similar.training.size()));
  places.text("widths", fmt::format("{}-{}-{}-{}", sets.source.training.x.shape().cols(),
                                    kHidden[0], kHidden[1], classes_of(sets.source)));
  places.count("seeds", results.seeds);
  places.count("held_out", static_cast<std::size_t>(sets.similar.held_out.size()));
  places.count("switch_amount", static_cast<std::size_t>(settings.switch_amount()));
  places.count("step_batch", static_cast<std::size_t>(step_batch(sets)));
  places.number("low_rate", settings.rates.front());
  places.number("high_rate", settings.rates.back());
  places.text("source", percent_text(figures["source"]));
  places.text("as_it_is_similar", percent_text(figures["as_it_is.similar"]));
  places.text("as_it_is_different", percent_text(figures["as_it_is.different"]));
  places.text("head_note", head_note(settings, sets, figures, language));
  places.text("table_ways", ways_table(settings, figures, language));
  const auto change = [&](bool similar, int amount) {
    return percent_text(figures[lower_change_name(similar, amount)]);
  };
  places.text("lower_similar", change(true, settings.small()));
  places.text("lower_different", change(false, settings.large()));
  places.count("small", static_cast<std::size_t>(settings.small()));
  places.count("large", static_cast<std::size_t>(settings.large()));
  places.text("table_rule", rule_table(settings, figures, language));
  places.count("agreed", agreed(settings, figures, language));
  places.count("quadrants", quadrants(settings).size());
  places.text("table_costs", cost_table(results, figures, language));
  places.text("table_switches", switch_table(settings, figures, language));
  places.text("changes", changes(settings, figures, language));
  const Trace whole = circuit("whole_net");
  const Trace frozen = circuit("frozen_net");
  places.count("whole_stations", count(whole, EventKind::kForward));
  places.count("frozen_stations", count(frozen, EventKind::kForward));
  places.count("whole_red", count(whole, EventKind::kContribution));
  places.count("frozen_red", count(frozen, EventKind::kContribution));
  return places;
}

// A group of bars for each amount.
Chart bars(const Settings& settings, const Figures& figures, Language language, bool similar) {
  constexpr double kPercent = 100;
  Chart chart;
  chart.kind = ChartKind::kBars;
  chart.title = say(language, label::kTitle, likeness(language, similar));
  chart.x_name = language.of(label::kAmount);
  chart.y_name = language.of(label::kAccuracy);
  chart.high = kPercent;
  for (const int amount : settings.amounts) chart.groups.push_back(fmt::format("{}", amount));
  for (const Way way : kWays) {
    Series series{std::string(label_of(language, way)), {}, {}, {}};
    for (std::size_t i = 0; i < settings.amounts.size(); ++i) {
      const Figure& figure = figures[figure_name(similar, settings.amounts[i], way)];
      series.x.push_back(static_cast<double>(i));
      series.y.push_back(kPercent * figure.mean);
      series.spread.push_back(kPercent * figure.spread);
    }
    chart.series.push_back(std::move(series));
  }
  return chart;
}

NamedCircuit frozen(Language language) {
  return side_by_side("frozen", {"whole_net", language.of(label::kWholeTitle)},
                      {"frozen_net", language.of(label::kFrozenTitle)}, language);
}

}  // namespace

Figures figures(const Settings& settings, const Results& results) {
  Figures all;
  for (const auto& [name, values] : results.measured) all.set(name, figure_of(values));
  for (const bool similar : {true, false}) {
    for (const int amount : settings.amounts) {
      all.set(group_name(similar, amount) + ".gain",
              difference(results.measured.at(figure_name(similar, amount, Way::kScratch)),
                         results.measured.at(figure_name(similar, amount, Way::kFinetune))));
      all.set(lower_change_name(similar, amount),
              difference(results.measured.at(figure_name(similar, amount, Way::kFinetune)),
                         results.measured.at(figure_name(similar, amount, Way::kLower))));
    }
  }
  for (const int batch : settings.switch_batches()) {
    const auto target = [&](std::string_view name) {
      return results.measured.at(fmt::format("{}_{}.target", name, batch));
    };
    all.set(fmt::format("following_{}.change", batch),
            difference(target("frozen"), target("following")));
  }
  for (std::size_t i = 0; i < results.costs.size(); ++i) {
    const StepCost& cost = results.costs[i];
    all.set(cost_name(i, "nodes"), {cost.nodes, 0, results.seeds});
    all.set(cost_name(i, "multiply_adds"), {cost.multiply_adds, 0, results.seeds});
    all.set(cost_name(i, "microseconds"), figure_of(cost.microseconds));
  }
  return all;
}

Telling tell(const Settings& settings, const Sets& sets, const Results& results,
             const Figures& figures, Language language) {
  return {places(settings, sets, results, figures, language),
          {{"similar", bars(settings, figures, language, true)},
           {"different", bars(settings, figures, language, false)}},
          {frozen(language)}};
}

}  // namespace backstep::lessons
