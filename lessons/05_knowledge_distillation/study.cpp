// Trains the teachers and the students, and counts how often they are right.
#include "study.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <span>

#include "engine/number_text.h"
#include "engine/train/evaluation.h"
#include "engine/train/trainer.h"

namespace backstep::lessons {
namespace {

using train::Dataset;
using train::Distillation;

constexpr int kPixels = 64;
constexpr int kClasses = 10;
constexpr double kRate = 0.1;

// A student, by what it learns from.
struct Student {
  std::string name;  // of its figure
  int samples = 0;
  int hidden = kStudentHidden;
  std::optional<Distillation> distillation = {};  // without: labels alone
  bool one_teacher = false;                       // the first member in place of the ensemble
};

// A member of the ensemble after its training.
struct Judged {
  Tensor training_scores;
  Tensor held_out_scores;
};

// What all students of one seed share.
struct School {
  Dataset by_ensemble;     // the training digits in this seed's order
  Dataset by_one;          // the same with the scores of the first member alone
  Tensor ensemble_scores;  // of the held-out digits
};

Distillation weighed(double temperature, double alpha) { return {temperature, alpha, 1 - alpha}; }

std::vector<Student> students(const Settings& settings) {
  const double t = settings.temperature, alpha = settings.alpha;
  const Distillation both = weighed(t, alpha), soft_alone = weighed(t, 1);
  Distillation no_square = both, class_mean = both;
  no_square.soft /= t * t;
  class_mean.soft /= kClasses;
  std::vector<Student> all = {
      {"student_8000.hard", settings.training},
      {"student_8000.soft", settings.training, kStudentHidden, both},
      {"unlabelled_8000", settings.training, kStudentHidden, soft_alone},
      {"one_teacher", settings.few, kStudentHidden, both, true},
      {"no_square", settings.few, kStudentHidden, no_square},
      {"class_mean", settings.few, kStudentHidden, class_mean},
      {"tiny_500.hard", settings.few, kTinyHidden},
      {"tiny_500.soft", settings.few, kTinyHidden, both},
  };
  for (const double tried : kTemperatures) {
    all.push_back({temperature_name(tried), settings.few, kStudentHidden, weighed(tried, alpha)});
  }
  for (const double tried : kAlphas) {
    all.push_back({alpha_name(tried), settings.few, kStudentHidden, weighed(t, tried)});
    if (tried == 0) all.back().distillation.reset();
  }
  return all;
}

train::TrainOptions options(int samples, int epochs, std::int64_t seed) {
  constexpr int kFew = 1000;
  train::TrainOptions options;
  options.batch = samples < kFew ? 20 : 64;
  options.epochs = epochs;
  options.seed = seed;
  options.optimizer = train::Sgd{kRate, 0.9, 1e-4};
  options.schedule = train::cosine_decay(kRate, epochs);
  return options;
}

Judged teacher(const Settings& settings, const Digits& digits, std::size_t seed,
               std::size_t member) {
  const train::NetShape shape{widths(members()[member])};
  train::Trainer trainer(shape, options(digits.training.size(), settings.teacher_epochs,
                                        net_seed(settings.seed, seed, member)));
  trainer.fit(digits.training);
  const train::Parameters parameters = trainer.parameters();
  return {train::scores(shape, parameters, digits.training.x),
          train::scores(shape, parameters, digits.held_out.x)};
}

// The mean of the members' scores, which is the logarithm of a product of their probabilities.
Tensor mean_of(std::span<const Judged> judged, Tensor Judged::*scores) {
  Tensor mean((judged[0].*scores).shape());
  for (const Judged& member : judged) {
    const ConstView from = (member.*scores).view();
    for (std::size_t i = 0; i < from.size(); ++i) {
      mean.view().data[i] += from.data[i] / static_cast<double>(judged.size());
    }
  }
  return mean;
}

double share_right(const Tensor& scores, const std::vector<int>& labels) {
  int right = 0;
  for (int row = 0; row < scores.shape().rows(); ++row) {
    const double* begin = scores.view().begin() + static_cast<std::ptrdiff_t>(row) * kClasses;
    const std::ptrdiff_t found = std::max_element(begin, begin + kClasses) - begin;
    right += found == labels[static_cast<std::size_t>(row)] ? 1 : 0;
  }
  return static_cast<double>(right) / scores.shape().rows();
}

// The probability that a row's first choice gets at T = 1, on average.
double sureness(const Tensor& scores) {
  const Tensor probabilities = train::softmax(scores);
  double total = 0;
  for (int row = 0; row < scores.shape().rows(); ++row) {
    const double* begin =
        probabilities.view().begin() + static_cast<std::ptrdiff_t>(row) * kClasses;
    total += *std::max_element(begin, begin + kClasses);
  }
  return total / scores.shape().rows();
}

School school(const Digits& digits, std::span<const Judged> judged, std::int64_t order) {
  Dataset by_ensemble = digits.training, by_one = digits.training;
  by_ensemble.teacher = mean_of(judged, &Judged::training_scores);
  by_one.teacher = judged[0].training_scores;
  return {shuffled(by_ensemble, order), shuffled(by_one, order),
          mean_of(judged, &Judged::held_out_scores)};
}

train::NetShape student_shape(int hidden) { return {widths({hidden}), false}; }

double taught(const Settings& settings, const Student& student, const School& school,
              const Dataset& held_out, std::int64_t seed) {
  const bool many = student.samples > settings.few;
  train::TrainOptions chosen =
      options(student.samples, many ? settings.many_epochs : settings.few_epochs, seed);
  chosen.distillation = student.distillation;
  // Loops for so small a net take longer to compile than to run.
  chosen.compile = false;
  const train::NetShape shape = student_shape(student.hidden);
  train::Trainer trainer(shape, chosen);
  const Dataset& data = student.one_teacher ? school.by_one : school.by_ensemble;
  trainer.fit(train::slice(data, 0, student.samples));
  return train::accuracy(shape, trainer.parameters(), held_out);
}

// Of all seeds, by the name of the figure.
using Accuracies = std::map<std::string, std::vector<double>>;

void add_teachers(const Digits& digits, std::span<const Judged> judged, const School& school,
                  Accuracies& measured) {
  double total = 0;
  for (std::size_t i = 0; i < judged.size(); ++i) {
    const double right = share_right(judged[i].held_out_scores, digits.held_out.labels);
    measured[fmt::format("member.{}", i + 1)].push_back(right);
    total += right;
  }
  measured["teacher"].push_back(total / static_cast<double>(judged.size()));
  measured["ensemble"].push_back(share_right(school.ensemble_scores, digits.held_out.labels));
  measured["ensemble_on_training"].push_back(
      share_right(*school.by_ensemble.teacher, school.by_ensemble.labels));
  measured["ensemble_sureness"].push_back(sureness(*school.by_ensemble.teacher));
}

// The names under which the lesson is known to claim them, where a sweep has measured them.
void add_aliases(const Settings& settings, Accuracies& measured) {
  measured["student_500.hard"] = measured.at(alpha_name(0));
  measured["student_500.soft"] = measured.at(alpha_name(settings.alpha));
  measured["student_500.soft_alone"] = measured.at(alpha_name(1));
}

}  // namespace

Settings settings(bool quick, std::uint32_t seed) {
  Settings settings;
  settings.seed = seed;
  if (quick) {
    settings.seeds = 2;
    settings.training = 2000;
    settings.teacher_epochs = 2;
    settings.few_epochs = 10;
    settings.many_epochs = 2;
  }
  return settings;
}

const std::vector<std::vector<int>>& members() {
  static const std::vector<std::vector<int>> all = {
      {128, 128}, {128, 128}, {128, 128}, {256}, {96, 96, 96}};
  return all;
}

std::vector<int> widths(const std::vector<int>& hidden) {
  std::vector<int> widths = {kPixels};
  widths.insert(widths.end(), hidden.begin(), hidden.end());
  widths.push_back(kClasses);
  return widths;
}

std::size_t multiply_adds(const std::vector<int>& widths) {
  std::size_t total = 0;
  for (std::size_t i = 1; i < widths.size(); ++i) {
    total += static_cast<std::size_t>(widths[i - 1]) * static_cast<std::size_t>(widths[i]);
  }
  return total;
}

std::string temperature_name(double temperature) {
  return "temperature." + number_text(temperature);
}

std::string alpha_name(double alpha) { return "alpha." + number_text(alpha); }

Results measure(const Settings& settings, std::string_view what) {
  Digits digits = mnist_digits();
  digits.training = train::slice(digits.training, 0, settings.training);
  const std::vector<Student> kinds = students(settings);
  const std::size_t size = members().size();
  write::Progress progress(what, settings.seeds * (size + kinds.size()));
  Results results;
  Accuracies measured;
  const auto one_seed = [&](std::size_t seed) {
    std::vector<Judged> judged(size);
    const auto teach = [&](std::size_t i) { judged[i] = teacher(settings, digits, seed, i); };
    if (!on_all_cores(size, teach, &progress)) return false;
    const School own = school(digits, judged, net_seed(settings.seed, seed, 0));
    std::vector<double> accuracies(kinds.size());
    const auto learn = [&](std::size_t i) {
      // Students of one seed begin with the same weights: what differs is what they learn from.
      accuracies[i] =
          taught(settings, kinds[i], own, digits.held_out, net_seed(settings.seed, seed, size));
    };
    if (!on_all_cores(kinds.size(), learn, &progress)) return false;
    add_teachers(digits, judged, own, measured);
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      measured[kinds[i].name].push_back(accuracies[i]);
    }
    if (seed == 0) digits.held_out.teacher = own.ensemble_scores;
    return true;
  };
  results.seeds = seed_by_seed(settings.seeds, one_seed);
  progress.done();
  add_aliases(settings, measured);
  for (const auto& [name, values] : measured) results.figures.set(name, figure_of(values));
  const train::NetShape shape = student_shape(kStudentHidden);
  const train::Parameters fresh =
      train::initial_parameters(shape, net_seed(settings.seed, 0, size));
  results.student_scores = train::scores(shape, fresh, digits.held_out.x);
  results.digits = std::move(digits);
  return results;
}

}  // namespace backstep::lessons
