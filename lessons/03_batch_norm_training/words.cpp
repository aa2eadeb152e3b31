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

struct Labels {
  std::string_view rate, batch, epoch, loss, broken, training, evaluation, at_rate, curves,
      own_note, mixes, by_sample, beyond_spread, within_spread;
};

constexpr Labels kEnglish = {
    .rate = "learning rate",
    .batch = "batch size",
    .epoch = "epoch",
    .loss = "validation loss",
    .broken = "{} of {} broke",
    .training = "training",
    .evaluation = "evaluation",
    .at_rate = "learning rate {}",
    .curves = "validation loss by epoch, at a rate of {}",
    .own_note =
        "\n**In this run `{}` stands in place of batch norm** in the tables of rates and of "
        "batch sizes. {} The other sections speak of batch norm itself.\n",
    .mixes =
        "It mixes the samples of a batch, and keeps no statistics: at validation its batch is "
        "the whole validation set.",
    .by_sample = "It treats each sample by itself, so it does the same in training and in use.",
    .beyond_spread = "a difference beyond the spread of the seeds",
    .within_spread = "a difference within the spread of the seeds, which may be chance"};
constexpr Labels kKorean = {
    .rate = "학습률",
    .batch = "배치 크기",
    .epoch = "에폭",
    .loss = "검증 손실",
    .broken = "{1}번 중 {0}번 발산",
    .training = "학습",
    .evaluation = "평가",
    .at_rate = "학습률 {}",
    .curves = "학습률 {}에서 에폭에 따른 검증 손실",
    .own_note =
        "\n**이번 실행의 학습률 표와 배치 크기 표에서는 배치 정규화 자리에 `{}`를 넣었습니다.** {} "
        "나머지 절은 배치 정규화 자체를 다룹니다.\n",
    .mixes =
        "이 함수는 배치 안의 표본을 서로 섞고 통계를 모아 두지 않으므로, 검증할 때는 검증 집합 "
        "전체가 한 "
        "배치가 됩니다.",
    .by_sample = "이 함수는 표본을 하나씩 따로 다루므로 학습할 때와 쓸 때 하는 일이 같습니다.",
    .beyond_spread = "시드 사이의 표준편차를 넘는 차이입니다",
    .within_spread = "시드 사이의 표준편차 안에 드는 차이이므로 우연일 수 있습니다"};

const Labels& labels_of(Language language) {
  return language == Language::kEnglish ? kEnglish : kKorean;
}

std::string cell(const Labels& labels, const Group& group) {
  std::string text = figure_text(group.loss.back());
  if (group.broken > 0) {
    text += fmt::format(
        " ({})", fmt::format(fmt::runtime(labels.broken), group.broken, group.accuracy.seeds));
  }
  return text;
}

// A line for each rate or batch size, a column for each kind.
std::string table(const Labels& labels, std::string_view what,
                  const std::vector<std::string>& settings,
                  const std::vector<std::vector<Group>>& groups,
                  const std::optional<OwnNormaliser>& own, Language language) {
  std::string text = fmt::format("| {} |", what);
  for (const NetKind kind : kNetKinds) text += fmt::format(" {} |", written(kind, own, language));
  text += "\n|--:|--:|--:|--:|\n";
  for (std::size_t i = 0; i < settings.size(); ++i) {
    text += fmt::format("| {} |", settings[i]);
    for (const Group& group : groups[i]) text += fmt::format(" {} |", cell(labels, group));
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

Chart line_chart(const Labels& labels, std::string_view x_name) {
  Chart chart;
  chart.x_name = x_name;
  chart.y_name = labels.loss;
  return chart;
}

// Every picture of the losses by epoch, named.
std::string curves_text(const Settings& settings, const Labels& labels) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < settings.rates.size(); ++i) {
    lines.push_back(fmt::format(
        "![{}](curves_{}.svg)",
        fmt::format(fmt::runtime(labels.curves), number_text(settings.rates[i])), i + 1));
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
  const Labels& labels = labels_of(language);
  std::vector<NamedChart> all = {{"rates", line_chart(labels, labels.rate)},
                                 {"batches", line_chart(labels, labels.batch)}};
  all[0].chart.log_x = all[1].chart.log_x = true;
  all[1].chart.high = 1.2 * guessing();  // what is far worse than guessing leaves the picture
  const std::vector<double> batches(settings.batches.begin(), settings.batches.end());
  for (std::size_t k = 0; k < std::size(kNetKinds); ++k) {
    const std::string name = title_of(kNetKinds[k], own, language);
    all[0].chart.series.push_back(last_losses(name, settings.rates, results.by_rate, k));
    all[1].chart.series.push_back(last_losses(name, batches, results.by_batch, k));
  }
  for (std::size_t i = 0; i < settings.rates.size(); ++i) {
    NamedChart curves{fmt::format("curves_{}", i + 1), line_chart(labels, labels.epoch)};
    curves.chart.title = fmt::format(fmt::runtime(labels.at_rate), number_text(settings.rates[i]));
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
  const Labels& labels = labels_of(language);
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
  places.text("own_note", own ? fmt::format(fmt::runtime(labels.own_note), own->name,
                                            own->mixes_samples ? labels.mixes : labels.by_sample)
                              : "");
  places.text("norm", written(NetKind::kWith, own, language));
  places.text("table_rates",
              table(labels, labels.rate, rate_texts(settings), results.by_rate, own, language));
  places.text("table_batches",
              table(labels, labels.batch, batch_texts(settings), results.by_batch, own, language));
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
  places.text("curves", curves_text(settings, labels));
  const bool differs = is_beyond_spread(figures["learnt.reset"], figures["learnt.loss"]);
  places.text("reset_verdict", std::string(differs ? labels.beyond_spread : labels.within_spread));
  add_modes(places);
  return places;
}

NamedCircuit modes(const Labels& labels, Language language) {
  return side_by_side("modes", {"batch_norm", labels.training},
                      {"batch_norm_eval", labels.evaluation}, language);
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
          {modes(labels_of(language), language)}};
}

}  // namespace backstep::lessons
