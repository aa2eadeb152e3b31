// The words and the pictures of the lesson.
#include "words.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine/number_text.h"
#include "lessons/chart.h"
#include "lessons/circuits.h"

namespace backstep::lessons {
namespace {

namespace label {

constexpr auto kRate = Words("learning rate");
constexpr auto kBatch = Words("batch size");
constexpr auto kEpoch = Words("epoch");
constexpr auto kLoss = Words("validation loss");
constexpr auto kBroken = Words("{0} of {1} broke");
constexpr auto kTraining = Words("training");
constexpr auto kEvaluation = Words("evaluation");
constexpr auto kAtRate = Words("learning rate {0}");
constexpr auto kCurves = Words("validation loss by epoch, at a rate of {0}");
constexpr auto kOwnNote = Words(
    "\n**In this run `{0}` stands in place of batch norm** in the tables of rates and of batch "
    "sizes. {1} The other sections speak of batch norm itself.\n");
constexpr auto kMixes = Words(
    "It mixes the samples of a batch, and keeps no statistics: at validation its batch is the "
    "whole validation set.");
constexpr auto kBySample =
    Words("It treats each sample by itself, so it does the same in training and in use.");
constexpr auto kBeyondSpread = Words("a difference beyond the spread of the seeds");
constexpr auto kWithinSpread =
    Words("a difference within the spread of the seeds, which may be chance");

}  // namespace label

std::string cell(Language language, const Group& group) {
  std::string text = figure_text(group.loss.back());
  if (group.broken > 0) {
    text += fmt::format(" ({})", say(language, label::kBroken, group.broken, group.accuracy.seeds));
  }
  return text;
}

// A line for each rate or batch size, a column for each kind.
std::string table(std::string_view what, const std::vector<std::string>& settings,
                  const std::vector<std::vector<Group>>& groups,
                  const std::optional<OwnNormaliser>& own, Language language) {
  std::string text = fmt::format("| {} |", what);
  for (const NetKind kind : kNetKinds) text += fmt::format(" {} |", written(kind, own, language));
  text += "\n|--:|--:|--:|--:|\n";
  for (std::size_t i = 0; i < settings.size(); ++i) {
    text += fmt::format("| {} |", settings[i]);
    for (const Group& group : groups[i]) text += fmt::format(" {} |", cell(language, group));
    text += "\n";
  }
  text.pop_back();
  return text;
}

std::vector<std::string> rate_texts(const Settings& settings) {
  std::vector<std::string> texts;
  for (const double rate : settings.rates) texts.push_back(number_text(rate));
  return texts;
}

std::vector<std::string> batch_texts(const Settings& settings) {
  std::vector<std::string> texts;
  for (const int batch : settings.batches) texts.push_back(fmt::format("{}", batch));
  return texts;
}

template <typename Item, typename Member>
Figure over_seeds(const std::vector<Item>& items, Member member) {
  std::vector<double> values;
  for (const Item& item : items) values.push_back(item.*member);
  return figure_of(values);
}

void add_modes(Places& places) {
  const Trace training = circuit("batch_norm");
  const Trace evaluation = circuit("batch_norm_eval");
  places.count("training_stations", count(training, EventKind::kForward));
  places.count("evaluation_stations", count(evaluation, EventKind::kForward));
  places.count("training_red", count(training, EventKind::kContribution));
  places.count("evaluation_red", count(evaluation, EventKind::kContribution));
}

Chart line_chart(Language language, std::string_view x_name) {
  Chart chart;
  chart.x_name = x_name;
  chart.y_name = language.of(label::kLoss);
  return chart;
}

// Every picture of the losses by epoch, named.
std::string curves_text(const Settings& settings, Language language) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < settings.rates.size(); ++i) {
    lines.push_back(fmt::format("![{}](curves_{}.svg)",
                                say(language, label::kCurves, number_text(settings.rates[i])),
                                i + 1));
  }
  return fmt::format("{}", fmt::join(lines, "  \n"));
}

// The last losses of one kind, by rate or by batch size.
Series last_losses(const std::string& name, const std::vector<double>& x,
                   const std::vector<std::vector<Group>>& groups, std::size_t kind) {
  Series series{name, x, {}, {}};
  for (const std::vector<Group>& row : groups) {
    series.y.push_back(row[kind].loss.back().mean);
    series.spread.push_back(row[kind].loss.back().spread);
  }
  return series;
}

Series by_epoch(const std::string& name, const Group& group) {
  Series series{name, {}, {}, {}};
  for (std::size_t i = 0; i < group.loss.size(); ++i) {
    series.x.push_back(static_cast<double>(i + 1));
    series.y.push_back(group.loss[i].mean);
    series.spread.push_back(group.loss[i].spread);
  }
  return series;
}

std::vector<NamedChart> charts(const Settings& settings, const Results& results,
                               const std::optional<OwnNormaliser>& own, Language language) {
  std::vector<NamedChart> all = {{"rates", line_chart(language, language.of(label::kRate))},
                                 {"batches", line_chart(language, language.of(label::kBatch))}};
  all[0].chart.log_x = all[1].chart.log_x = true;
  all[1].chart.high = 1.2 * guessing();  // what is far worse than guessing leaves the picture
  const std::vector<double> batches(settings.batches.begin(), settings.batches.end());
  for (std::size_t k = 0; k < std::size(kNetKinds); ++k) {
    const std::string name = title_of(kNetKinds[k], own, language);
    all[0].chart.series.push_back(last_losses(name, settings.rates, results.by_rate, k));
    all[1].chart.series.push_back(last_losses(name, batches, results.by_batch, k));
  }
  for (std::size_t i = 0; i < settings.rates.size(); ++i) {
    NamedChart curves{fmt::format("curves_{}", i + 1),
                      line_chart(language, language.of(label::kEpoch))};
    curves.chart.title = say(language, label::kAtRate, number_text(settings.rates[i]));
    for (std::size_t k = 0; k < std::size(kNetKinds); ++k) {
      curves.chart.series.push_back(
          by_epoch(title_of(kNetKinds[k], own, language), results.by_rate[i][k]));
    }
    all.push_back(std::move(curves));
  }
  return all;
}

Places places(const Settings& settings, const Results& results, const Figures& figures,
              const std::optional<OwnNormaliser>& own, Language language) {
  Places places;
  places.count("seeds", results.seeds);
  places.count("samples", static_cast<std::size_t>(settings.samples));
  places.count("validation", static_cast<std::size_t>(settings.validation));
  places.count("epochs", static_cast<std::size_t>(settings.epochs));
  places.count("batch", static_cast<std::size_t>(settings.batch));
  places.count("small_batch", static_cast<std::size_t>(settings.small_batch));
  places.number("rate", settings.rate);
  places.number("batch_rate", settings.batch_rate);
  places.number("high_rate", settings.high_rate());
  places.number("guessing", guessing());
  places.text("own_note", own ? say(language, label::kOwnNote, own->name,
                                    own->mixes_samples ? language.of(label::kMixes)
                                                       : language.of(label::kBySample))
                              : "");
  places.text("norm", written(NetKind::kWith, own, language));
  places.text("table_rates", table(language.of(label::kRate), rate_texts(settings), results.by_rate,
                                   own, language));
  places.text("table_batches", table(language.of(label::kBatch), batch_texts(settings),
                                     results.by_batch, own, language));
  for (const NetKind kind : kNetKinds) {
    if (kind == NetKind::kLayer) continue;
    const std::string name(name_of(kind));
    places.text("high_" + name, figure_text(figures["high_rate." + name]));
    places.text("high_accuracy_" + name, percent_text(figures["high_rate_accuracy." + name]));
  }
  for (const char* name : {"gamma.least", "gamma.most", "beta.least", "beta.most", "learnt.loss",
                           "learnt.reset", "kept.pair", "kept.batch", "kept.single",
                           "kept.exponential", "kept.swapped", "kept.average"}) {
    std::string place = name;
    std::replace(place.begin(), place.end(), '.', '_');
    places.text(place, figure_text(figures[name]));
  }
  places.text("curves", curves_text(settings, language));
  const bool differs = is_beyond_spread(figures["learnt.reset"], figures["learnt.loss"]);
  places.text("reset_verdict", std::string(differs ? language.of(label::kBeyondSpread)
                                                   : language.of(label::kWithinSpread)));
  add_modes(places);
  return places;
}

NamedCircuit modes(Language language) {
  return side_by_side("modes", {"batch_norm", language.of(label::kTraining)},
                      {"batch_norm_eval", language.of(label::kEvaluation)}, language);
}

}  // namespace

Figures figures(const Settings& settings, const Results& results) {
  Figures all;
  for (std::size_t k = 0; k < std::size(kNetKinds); ++k) {
    const std::string kind(name_of(kNetKinds[k]));
    for (std::size_t i = 0; i < settings.rates.size(); ++i) {
      const Group& group = results.by_rate[i][k];
      all.set(fmt::format("rate_{}.{}", number_text(settings.rates[i]), kind), group.loss.back());
    }
    for (std::size_t i = 0; i < settings.batches.size(); ++i) {
      const Group& group = results.by_batch[i][k];
      all.set(fmt::format("batch_{}.{}", settings.batches[i], kind), group.loss.back());
    }
    all.set("high_rate." + kind, results.by_rate.back()[k].loss.back());
    all.set("high_rate_accuracy." + kind, results.by_rate.back()[k].accuracy);
  }
  all.set("gamma.least", over_seeds(results.learnt, &Learnt::gamma_least));
  all.set("gamma.most", over_seeds(results.learnt, &Learnt::gamma_most));
  all.set("beta.least", over_seeds(results.learnt, &Learnt::beta_least));
  all.set("beta.most", over_seeds(results.learnt, &Learnt::beta_most));
  all.set("learnt.loss", over_seeds(results.learnt, &Learnt::loss));
  all.set("learnt.reset", over_seeds(results.learnt, &Learnt::reset_loss));
  all.set("kept.pair", over_seeds(results.kept, &Kept::pair));
  all.set("kept.batch", over_seeds(results.kept, &Kept::batch));
  all.set("kept.single", over_seeds(results.kept, &Kept::single));
  all.set("kept.exponential", over_seeds(results.kept, &Kept::exponential));
  all.set("kept.swapped", over_seeds(results.kept, &Kept::swapped));
  all.set("kept.average", over_seeds(results.kept, &Kept::average));
  return all;
}

Telling tell(const Settings& settings, const Results& results, const Figures& figures,
             const std::optional<OwnNormaliser>& own, Language language) {
  return {places(settings, results, figures, own, language),
          charts(settings, results, own, language),
          {modes(language)}};
}

}  // namespace backstep::lessons
