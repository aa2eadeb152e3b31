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

struct Labels {
  std::array<std::string_view, kWays.size()> ways;
  std::string_view early, mnist, uci, own_set, similar, different, row, gain, data, rule, measured,
      best, same, frozen, nodes, multiply_adds, microseconds, batch, statistics, target, source,
      right, wrong, amount, accuracy, title, whole_title, frozen_title, change, old_head,
      other_classes;
};

constexpr Labels kEnglish = {
    .ways = {"scratch", "finetune", "lower", "head"},
    .early = "early head",
    .mnist = "{} MNIST digits of 8 x 8 pixels",
    .uci = "digits of the UCI set, from other writers and made small in another way",
    .own_set = "`{}`, with {} samples to learn from",
    .similar = "similar",
    .different = "different",
    .row = "{}, {}",
    .gain = "gain",
    .data = "target",
    .rule = "the rule says",
    .measured = "measured",
    .best = "best",
    .same = "no difference",
    .frozen = "frozen layers",
    .nodes = "nodes",
    .multiply_adds = "multiply-adds",
    .microseconds = "microseconds",
    .batch = "batch size",
    .statistics = "running statistics",
    .target = "target, %",
    .source = "source, old head, %",
    .right = "frozen: right",
    .wrong = "follow: wrong",
    .amount = "target samples",
    .accuracy = "accuracy, %",
    .title = "{} target",
    .whole_title = "the whole net learns",
    .frozen_title = "only the head learns",
    .change = "{} points with batches of {}",
    .old_head =
        "The old head counts, too: with a new one, which you need when your classes are others, "
        "finetune has {2}% on {0} similar samples instead of {1}%. Compare *head* with that, for "
        "its head is new as well.",
    .other_classes =
        "The target has {} classes and the source {}, so the head is new in every way."};
constexpr Labels kKorean = {
    .ways = {"처음부터", "미세조정", "아래층 동결", "새 헤드만"},
    .early = "첫 층 헤드",
    .mnist = "8 x 8 픽셀의 MNIST 숫자 {}개",
    .uci = "쓴 사람도, 8 x 8로 줄인 방법도 다른 UCI 숫자",
    .own_set = "`{}`의 학습 표본 {}개",
    .similar = "비슷함",
    .different = "다름",
    .row = "{}, {}",
    .gain = "이득",
    .data = "목표",
    .rule = "경험칙",
    .measured = "측정값",
    .best = "최고",
    .same = "차이 없음",
    .frozen = "동결한 층",
    .nodes = "노드",
    .multiply_adds = "곱셈·덧셈",
    .microseconds = "마이크로초",
    .batch = "배치 크기",
    .statistics = "이동 통계",
    .target = "목표(%)",
    .source = "원천, 옛 헤드(%)",
    .right = "동결: 옳음",
    .wrong = "따라감: 틀림",
    .amount = "목표 표본 수",
    .accuracy = "정확도, %",
    .title = "목표: {}",
    .whole_title = "신경망 전체가 학습",
    .frozen_title = "헤드만 학습",
    .change = "배치 크기 {1}일 때 {0}%p",
    .old_head =
        "옛 헤드도 한몫합니다. 클래스가 달라지면 헤드를 새로 만들어야 하는데, 그렇게 미세조정하면 "
        "비슷한 표본 {0}개에서 정확도가 {1}%가 아니라 {2}%입니다. *새 헤드만*은 이 수와 견주어야 "
        "합니다. 그쪽도 헤드가 새것이니까요.",
    .other_classes =
        "목표의 클래스는 {}개, 원천의 클래스는 {}개이므로 어느 방법에서나 헤드는 새것입니다."};

const Labels& labels_of(Language language) {
  return language == Language::kEnglish ? kEnglish : kKorean;
}

std::string in_words(std::string_view pattern, const auto&... values) {
  return fmt::format(fmt::runtime(pattern), values...);
}

std::string_view label_of(const Labels& labels, Way way) {
  return labels.ways[static_cast<std::size_t>(way)];
}

std::string_view likeness(const Labels& labels, bool similar) {
  return similar ? labels.similar : labels.different;
}

std::string row_name(const Labels& labels, bool similar, int amount) {
  return in_words(labels.row, likeness(labels, similar), amount);
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

std::string ways_table(const Settings& settings, const Figures& figures, const Labels& labels) {
  std::vector<std::string> names = {std::string(labels.data)};
  for (const Way way : kWays) names.emplace_back(label_of(labels, way));
  names.emplace_back(labels.gain);
  std::string text = header(names, "lrrrrr");
  for (const bool similar : {true, false}) {
    for (const int amount : settings.amounts) {
      std::vector<std::string> cells = {row_name(labels, similar, amount)};
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

Rule rule_for(const Figures& figures, const Labels& labels, const Quadrant& one) {
  const auto rule = [&](Way way) -> Rule {
    return {std::string(label_of(labels, way)), figures[one.figure(way)]};
  };
  if (!is_large(one.amount)) {
    if (one.similar) return rule(Way::kHead);
    return {std::string(labels.early),
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

std::string names_of(const Labels& labels, const std::vector<Way>& ways) {
  if (ways.size() == kWays.size()) return std::string(labels.same);
  std::vector<std::string_view> names;
  for (const Way way : ways) names.push_back(label_of(labels, way));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string rule_table(const Settings& settings, const Figures& figures, const Labels& labels) {
  std::string text =
      header({std::string(labels.data), std::string(labels.rule), std::string(labels.measured),
              std::string(labels.best), std::string(labels.measured)},
             "llrlr");
  for (const Quadrant& one : quadrants(settings)) {
    const Rule rule = rule_for(figures, labels, one);
    const std::vector<Way> best = best_ways(figures, one);
    text += line({row_name(labels, one.similar, one.amount), rule.names, percent_text(rule.figure),
                  names_of(labels, best), percent_text(figures[one.figure(best.front())])});
  }
  return table(text);
}

// In how many quadrants what the rule says is not behind the best of the four.
std::size_t agreed(const Settings& settings, const Figures& figures, const Labels& labels) {
  const std::vector<Quadrant> all = quadrants(settings);
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const Quadrant& one) {
    const Way best = best_ways(figures, one).front();
    return !is_behind(rule_for(figures, labels, one).figure, figures[one.figure(best)]);
  }));
}

// What following statistics change on the target, batch by batch.
std::string changes(const Settings& settings, const Figures& figures, const Labels& labels) {
  std::vector<std::string> texts;
  for (const int batch : settings.switch_batches()) {
    const Figure& change = figures[fmt::format("following_{}.change", batch)];
    texts.push_back(in_words(labels.change, percent_text(change), batch));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string cost_name(std::size_t layers, std::string_view what) {
  return fmt::format("step_{}.{}", layers, what);
}

std::string cost_table(const Results& results, const Figures& figures, const Labels& labels) {
  std::string text = header({std::string(labels.frozen), std::string(labels.nodes),
                             std::string(labels.multiply_adds), std::string(labels.microseconds)},
                            "rrrr");
  for (std::size_t i = 0; i < results.costs.size(); ++i) {
    text += line({fmt::format("{}", i), fmt::format("{:.0f}", results.costs[i].nodes),
                  fmt::format("{:.0f}", results.costs[i].multiply_adds),
                  figure_text(figures[cost_name(i, "microseconds")])});
  }
  return table(text);
}

std::string switch_table(const Settings& settings, const Figures& figures, const Labels& labels) {
  std::string text = header({std::string(labels.batch), std::string(labels.statistics),
                             std::string(labels.target), std::string(labels.source)},
                            "rlrr");
  for (const int batch : settings.switch_batches()) {
    for (const auto& [name, said] :
         {std::pair{"frozen", labels.right}, std::pair{"following", labels.wrong}}) {
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

std::string set_text(const Labels& labels, const std::string& name, std::string_view digits,
                     int size) {
  return name.empty() ? in_words(digits, size) : in_words(labels.own_set, file_name(name), size);
}

// What the head is worth, or that there was none to keep.
std::string head_note(const Settings& settings, const Sets& sets, const Figures& figures,
                      const Labels& labels) {
  const int classes = classes_of(sets.similar);
  const int old_classes = classes_of(sets.source);
  if (classes != old_classes) return in_words(labels.other_classes, classes, old_classes);
  const std::string small = group_name(true, settings.small());
  return in_words(labels.old_head, settings.small(), percent_text(figures[small + ".finetune"]),
                  percent_text(figures[small + ".new_head"]));
}

Places places(const Settings& settings, const Sets& sets, const Results& results,
              const Figures& figures, const Labels& labels) {
  Places places;
  places.text("source_set",
              set_text(labels, sets.source_name, labels.mnist, sets.source.training.size()));
  places.text("target_set",
              set_text(labels, sets.target_name, labels.uci, sets.similar.training.size()));
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
  places.text("head_note", head_note(settings, sets, figures, labels));
  places.text("table_ways", ways_table(settings, figures, labels));
  const auto change = [&](bool similar, int amount) {
    return percent_text(figures[lower_change_name(similar, amount)]);
  };
  places.text("lower_similar", change(true, settings.small()));
  places.text("lower_different", change(false, settings.large()));
  places.count("small", static_cast<std::size_t>(settings.small()));
  places.count("large", static_cast<std::size_t>(settings.large()));
  places.text("table_rule", rule_table(settings, figures, labels));
  places.count("agreed", agreed(settings, figures, labels));
  places.count("quadrants", quadrants(settings).size());
  places.text("table_costs", cost_table(results, figures, labels));
  places.text("table_switches", switch_table(settings, figures, labels));
  places.text("changes", changes(settings, figures, labels));
  const Trace whole = circuit("whole_net");
  const Trace frozen = circuit("frozen_net");
  places.count("whole_stations", count(whole, EventKind::kForward));
  places.count("frozen_stations", count(frozen, EventKind::kForward));
  places.count("whole_red", count(whole, EventKind::kContribution));
  places.count("frozen_red", count(frozen, EventKind::kContribution));
  return places;
}

// A group of bars for each amount.
Chart bars(const Settings& settings, const Figures& figures, const Labels& labels, bool similar) {
  constexpr double kPercent = 100;
  Chart chart;
  chart.kind = ChartKind::kBars;
  chart.title = in_words(labels.title, likeness(labels, similar));
  chart.x_name = labels.amount;
  chart.y_name = labels.accuracy;
  chart.high = kPercent;
  for (const int amount : settings.amounts) chart.groups.push_back(fmt::format("{}", amount));
  for (const Way way : kWays) {
    Series series{std::string(label_of(labels, way)), {}, {}, {}};
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

NamedCircuit frozen(const Labels& labels, Language language) {
  return side_by_side("frozen", {"whole_net", labels.whole_title},
                      {"frozen_net", labels.frozen_title}, language);
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
  const Labels& labels = labels_of(language);
  return {places(settings, sets, results, figures, labels),
          {{"similar", bars(settings, figures, labels, true)},
           {"different", bars(settings, figures, labels, false)}},
          {frozen(labels_of(language), language)}};
}

}  // namespace backstep::lessons
