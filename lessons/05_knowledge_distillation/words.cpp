// From what was measured to the words and the pictures of the lesson.
#include "words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "engine/number_text.h"
#include "engine/train/evaluation.h"
#include "engine/write/circuit_dot.h"
#include "lessons/chart.h"
#include "loss.h"

namespace backstep::lessons {
namespace {

constexpr int kClasses = 10;
constexpr int kSide = 8;
constexpr std::size_t kLookalikes = 3;
constexpr std::string_view kTemperature = "T";
// The temperatures at which a digit is looked at.
constexpr double kShown[] = {1, 2, 4, 8};

namespace label {

constexpr auto kAlpha = Words("alpha, the weight of the teacher's part");
constexpr auto kAccuracy = Words("accuracy, %");
constexpr auto kSoft = Words("with the ensemble");
constexpr auto kHard = Words("labels alone");
constexpr auto kPlain = Words("without T**2");
constexpr auto kScaled = Words("with T**2");
constexpr auto kLabels = Words("of the labels");
constexpr auto kSize = Words("size of dscores");
constexpr auto kProbability = Words("probability in %");
constexpr auto kDigit = Words("class");
constexpr auto kLooksLike = Words("{0}, or is it {1}?");
constexpr auto kMember = Words("hidden layers of {0}");
constexpr auto kRight = Words("accuracy, %");
constexpr auto kCost = Words("cost");
constexpr auto kWithinSpread = Words("within spread");

}  // namespace label

// A held-out digit, and the two classes that the ensemble sees in it.
struct Lookalike {
  int row = 0;
  int first = 0;
  int second = 0;
  double second_probability = 0;
};

Lookalike look_at(const Tensor& probabilities, int row) {
  std::array<int, kClasses> order{};
  for (int c = 0; c < kClasses; ++c) order[static_cast<std::size_t>(c)] = c;
  std::partial_sort(order.begin(), order.begin() + 2, order.end(),
                    [&](int a, int b) { return probabilities(row, a) > probabilities(row, b); });
  return {row, order[0], order[1], probabilities(row, order[1])};
}

// The most doubtful that are rightly named, each of other classes.
std::vector<Lookalike> lookalikes(const Results& results) {
  const train::Dataset& digits = results.digits.held_out;
  const Tensor probabilities = train::softmax(*digits.teacher);
  std::vector<Lookalike> all;
  for (int row = 0; row < digits.size(); ++row) {
    const Lookalike seen = look_at(probabilities, row);
    if (seen.first == digits.labels[static_cast<std::size_t>(row)]) all.push_back(seen);
  }
  std::stable_sort(all.begin(), all.end(), [](const Lookalike& a, const Lookalike& b) {
    return a.second_probability > b.second_probability;
  });
  std::vector<Lookalike> chosen;
  std::set<int> classes;
  for (const Lookalike& seen : all) {
    if (chosen.size() == kLookalikes) break;
    if (classes.contains(seen.first) || classes.contains(seen.second)) continue;
    classes.insert({seen.first, seen.second});
    chosen.push_back(seen);
  }
  return chosen;
}

// The probabilities of all classes of one digit, at one temperature.
std::vector<double> softened(const Results& results, int row, double temperature) {
  const Tensor all = train::softmax(*results.digits.held_out.teacher, temperature);
  const double* begin = all.view().begin() + static_cast<std::ptrdiff_t>(row) * kClasses;
  return {begin, begin + kClasses};
}

// Eight lines of shades, two columns a pixel.
std::vector<std::string> drawn(const Tensor& pixels, int row) {
  constexpr std::array<std::string_view, 5> kShades = {"  ", "░░", "▒▒", "▓▓", "██"};
  std::vector<std::string> lines(kSide);
  for (int i = 0; i < kSide * kSide; ++i) {
    const double ink = std::clamp(pixels(row, i), 0.0, 1.0);
    const std::size_t shade = std::min(kShades.size() - 1, static_cast<std::size_t>(ink * 5));
    lines[static_cast<std::size_t>(i / kSide)] += kShades[shade];
  }
  return lines;
}

std::string title_of(Language language, const Lookalike& seen) {
  return say(language, label::kLooksLike, seen.first, seen.second);
}

// The digit as it is, and its probabilities beside it.
std::string lookalike_text(const Results& results, Language language, const Lookalike& seen) {
  std::vector<std::string> right = {title_of(language, seen), ""};
  std::string head = fmt::format("{:>4}", kTemperature);
  for (int c = 0; c < kClasses; ++c) head += fmt::format("{:>5}", c);
  right.push_back(head);
  for (const double t : kShown) {
    std::string line = fmt::format("{:>4}", t);
    for (const double p : softened(results, seen.row, t)) line += fmt::format("{:>5.1f}", 100 * p);
    right.push_back(line);
  }
  const std::vector<std::string> left = drawn(results.digits.held_out.x, seen.row);
  std::string text;
  for (std::size_t i = 0; i < left.size(); ++i) {
    text += left[i] + (i < right.size() && !right[i].empty() ? "  " + right[i] : "") + "\n";
  }
  return text;
}

std::string lookalikes_text(const Results& results, Language language) {
  std::string text;
  for (const Lookalike& seen : lookalikes(results)) {
    text += (text.empty() ? "" : "\n") + lookalike_text(results, language, seen);
  }
  return text;
}

std::string members_table(const Results& results, Language language) {
  std::string text = fmt::format("| | {} | {} |\n|---|--:|--:|", language.of(label::kRight),
                                 language.of(label::kCost));
  for (std::size_t i = 0; i < members().size(); ++i) {
    text += fmt::format("\n| {} | {} | {} |",
                        say(language, label::kMember, fmt::join(members()[i], ", ")),
                        percent_text(results.figures[fmt::format("member.{}", i + 1)]),
                        multiply_adds(widths(members()[i])));
  }
  return text;
}

template <typename Name>
std::string sweep_table(const Results& results, std::string_view what, std::string_view right,
                        std::span<const double> tried, Name name) {
  std::string text = fmt::format("| {} |", what), sides = "|---|", figures;
  for (const double value : tried) {
    text += fmt::format(" {} |", number_text(value));
    sides += "--:|";
    figures += fmt::format(" {} |", percent_text(results.figures[name(value)]));
  }
  text += fmt::format("\n{}\n| {} |{}", sides, right, figures);
  return text;
}

std::string gradient_table(const Results& results, Language language) {
  std::string text = fmt::format("| {} | {} | {} |\n|--:|--:|--:|", kTemperature,
                                 language.of(label::kPlain), language.of(label::kScaled));
  for (const GradientSizes& sizes : gradient_sizes(results)) {
    text += fmt::format("\n| {} | {} | {} |", number_text(sizes.temperature),
                        number_text(sizes.plain, 2), number_text(sizes.scaled, 2));
  }
  return text;
}

// "student_500.hard" as the place student_500_hard.
void add_figures(const Results& results, std::span<const std::string_view> names, Places& places) {
  for (const std::string_view name : names) {
    std::string place(name);
    std::replace(place.begin(), place.end(), '.', '_');
    places.text(place, percent_text(results.figures[std::string(name)]));
  }
}

// By how many points the first is better: the difference of two means, and whether the seeds alone
// may have made it.
std::string gain(const Results& results, Language language, const std::string& first,
                 const std::string& second) {
  const Figure& a = results.figures[first];
  const Figure& b = results.figures[second];
  const std::string text = fmt::format("{:+.1f}", 100 * (a.mean - b.mean));
  if (is_beyond_spread(a, b)) return text;
  return fmt::format("{} ({})", text, language.of(label::kWithinSpread));
}

template <typename Name>
double best(const Results& results, std::span<const double> tried, Name name) {
  return *std::max_element(tried.begin(), tried.end(), [&](double a, double b) {
    return results.figures[name(a)].mean < results.figures[name(b)].mean;
  });
}

void add_costs(Places& places) {
  std::size_t ensemble = 0;
  for (const std::vector<int>& hidden : members()) ensemble += multiply_adds(widths(hidden));
  const std::size_t student = multiply_adds(widths({kStudentHidden}));
  places.count("ensemble_cost", ensemble);
  places.count("student_cost", student);
  places.count("cost_ratio", ensemble / student);
  places.count("members", members().size());
}

// How many times the largest of them is the smallest.
double factor(const std::vector<GradientSizes>& sizes, double GradientSizes::*size) {
  const auto less = [size](const GradientSizes& a, const GradientSizes& b) {
    return a.*size < b.*size;
  };
  const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end(), less);
  return *most.*size / (*least.*size);
}

void add_loss(const Results& results, Places& places) {
  const std::vector<GradientSizes> sizes = gradient_sizes(results);
  places.number("plain_factor", factor(sizes, &GradientSizes::plain), 2);
  places.number("scaled_factor", factor(sizes, &GradientSizes::scaled), 2);
  const TwoLogarithms logarithms = two_logarithms();
  places.number("label_gradient", label_gradient(results), 2);
  places.number("gap", logarithms.gap);
  places.number("naive_logarithm", logarithms.naive);
  places.number("safe_logarithm", logarithms.safe);
}

Series sweep(const Results& results, std::string_view name, std::span<const double> tried,
             std::string (*figure)(double)) {
  Series series{std::string(name), {}, {}, {}};
  for (const double value : tried) {
    const Figure& found = results.figures[figure(value)];
    series.x.push_back(value);
    series.y.push_back(100 * found.mean);
    series.spread.push_back(100 * found.spread);
  }
  return series;
}

// The same figure all along, to compare with.
Series level(const Results& results, std::string_view name, std::span<const double> along,
             const std::string& figure) {
  Series series{std::string(name), {}, {}, {}};
  series.x.assign(along.begin(), along.end());
  series.y.assign(along.size(), 100 * results.figures[figure].mean);
  return series;
}

Chart temperature_chart(const Results& results, Language language) {
  Chart chart;
  chart.x_name = kTemperature;
  chart.y_name = language.of(label::kAccuracy);
  chart.log_x = true;
  chart.series = {sweep(results, language.of(label::kSoft), kTemperatures, temperature_name),
                  level(results, language.of(label::kHard), kTemperatures, "student_500.hard")};
  return chart;
}

Chart alpha_chart(const Results& results, Language language) {
  Chart chart;
  chart.x_name = language.of(label::kAlpha);
  chart.y_name = language.of(label::kAccuracy);
  chart.series = {sweep(results, language.of(label::kSoft), kAlphas, alpha_name)};
  return chart;
}

Chart gradient_chart(const Results& results, Language language) {
  Chart chart;
  chart.x_name = kTemperature;
  chart.y_name = language.of(label::kSize);
  chart.log_x = chart.log_y = true;
  chart.series = {{std::string(language.of(label::kPlain)), {}, {}, {}},
                  {std::string(language.of(label::kScaled)), {}, {}, {}},
                  {std::string(language.of(label::kLabels)), {}, {}, {}}};
  const double of_labels = label_gradient(results);
  for (const GradientSizes& sizes : gradient_sizes(results)) {
    for (Series& series : chart.series) series.x.push_back(sizes.temperature);
    chart.series[0].y.push_back(sizes.plain);
    chart.series[1].y.push_back(sizes.scaled);
    chart.series[2].y.push_back(of_labels);
  }
  return chart;
}

Chart lookalike_chart(const Results& results, Language language, const Lookalike& seen) {
  Chart chart;
  chart.kind = ChartKind::kBars;
  chart.title = title_of(language, seen);
  chart.x_name = language.of(label::kDigit);
  chart.y_name = language.of(label::kProbability);
  for (int c = 0; c < kClasses; ++c) chart.groups.push_back(fmt::format("{}", c));
  for (const double t : kShown) {
    Series series{fmt::format("{} = {}", kTemperature, t), {}, {}, {}};
    for (const double p : softened(results, seen.row, t)) {
      series.x.push_back(static_cast<double>(series.x.size()));
      series.y.push_back(100 * p);
    }
    chart.series.push_back(std::move(series));
  }
  return chart;
}

Places places(const Settings& settings, const Results& results, Language language) {
  constexpr std::array<std::string_view, 15> kNames = {
      "teacher",           "ensemble",          "ensemble_on_training",
      "ensemble_sureness", "student_500.hard",  "student_500.soft",
      "student_8000.hard", "student_8000.soft", "student_500.soft_alone",
      "unlabelled_8000",   "one_teacher",       "no_square",
      "class_mean",        "tiny_500.hard",     "tiny_500.soft"};
  Places places;
  add_figures(results, kNames, places);
  add_costs(places);
  add_loss(results, places);
  places.count("seeds", results.seeds);
  places.count("training", static_cast<std::size_t>(settings.training));
  places.count("few", static_cast<std::size_t>(settings.few));
  places.count("held_out", static_cast<std::size_t>(results.digits.held_out.size()));
  places.count("hidden", kStudentHidden);
  places.count("tiny_hidden", kTinyHidden);
  places.count("classes", kClasses);
  places.number("T", settings.temperature);
  places.number("T_squared", settings.temperature * settings.temperature);
  places.number("alpha", settings.alpha);
  places.text("few_gain", gain(results, language, "student_500.soft", "student_500.hard"));
  places.text("many_gain", gain(results, language, "student_8000.soft", "student_8000.hard"));
  places.text("tiny_gain", gain(results, language, "tiny_500.soft", "tiny_500.hard"));
  places.number("best_temperature", best(results, kTemperatures, temperature_name));
  places.number("best_alpha", best(results, kAlphas, alpha_name));
  places.text("members_table", members_table(results, language));
  places.text("lookalikes", lookalikes_text(results, language));
  places.text("temperature_table", sweep_table(results, kTemperature, language.of(label::kRight),
                                               kTemperatures, temperature_name));
  places.text("alpha_table",
              sweep_table(results, "alpha", language.of(label::kRight), kAlphas, alpha_name));
  places.text("gradient_table", gradient_table(results, language));
  return places;
}

std::vector<NamedChart> charts(const Results& results, Language language) {
  std::vector<NamedChart> all = {{"temperature", temperature_chart(results, language)},
                                 {"alpha", alpha_chart(results, language)},
                                 {"gradient", gradient_chart(results, language)}};
  std::size_t number = 0;
  for (const Lookalike& seen : lookalikes(results)) {
    all.push_back(
        {fmt::format("lookalike_{}", ++number), lookalike_chart(results, language, seen)});
  }
  return all;
}

std::vector<NamedCircuit> circuits(const Settings& settings, const Results& results,
                                   Language language) {
  write::DotOptions options;
  options.language = language;
  const Trace trace = distillation_circuit(results, settings.temperature, settings.alpha);
  return {{"circuit", write::circuit_dot(trace, options, write::CircuitLayout(trace, options))}};
}

}  // namespace

Telling tell(const Settings& settings, const Results& results, Language language) {
  return {places(settings, results, language), charts(results, language),
          circuits(settings, results, language)};
}

}  // namespace backstep::lessons
