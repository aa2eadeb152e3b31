// What stands in the places of the lesson, part by part, in the order of its words.
#include "figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/read/builtin.h"
#include "lessons/histogram.h"
#include "lessons/measure.h"
#include "lessons/rerun.h"
#include "lessons/walk.h"

namespace backstep::lessons {
namespace {

constexpr int kTextBins = 8;
constexpr int kTextHistogramWidth = 34;

std::string two_histograms(ConstView left, std::string_view left_title, ConstView right,
                           std::string_view right_title) {
  return side_by_side(histogram_text(histogram(left, kTextBins), left_title, kTextHistogramWidth),
                      histogram_text(histogram(right, kTextBins), right_title, kTextHistogramWidth),
                      kTextHistogramWidth + 4);
}

void add_settings(const Lesson& lesson, Places& places) {
  places.count("seed", lesson.seed);
  places.count("N", Exercise::kSamples);
  places.count("D", Exercise::kFeatures);
  places.number("eps", Exercise::kEpsilon);
}

void add_stations(const Lesson& lesson, Language language, Places& places) {
  const Trace& trace = lesson.exercise.run.trace;
  places.text("forward_stations", forward_walk(trace, language));
  places.text("backward_stations", backward_walk(trace, language));
  places.number("dxmu1_max", largest(value(trace, "dxmu1")));
  places.number("dxmu2_max", largest(value(trace, "dxmu2")));
  places.number("dbeta_first", value(trace, "dbeta")(0, 0));
  places.number("dxmu2_sum", largest(column_sums(value(trace, "dxmu2"))));
}

// What batch norm's backward pass makes of the upstream gradient, by size.
struct Parts {
  Tensor mean;        // of each feature over the batch
  Tensor along_xhat;  // xhat * mean(xhat * dout)
  Tensor rest;        // what is left

  explicit Parts(const Trace& trace)
      : mean(column_means(value(trace, "dout"))),
        along_xhat(product(value(trace, "xhat"),
                           column_means(product(value(trace, "xhat"), value(trace, "dout"))))),
        rest(difference(difference(value(trace, "dout"), mean), along_xhat)) {}
};

void add_parts(const Trace& trace, const std::string& ending, Places& places) {
  const Parts parts(trace);
  places.number("dout_size" + ending, root_mean_square(value(trace, "dout")));
  places.number("mean_size" + ending, root_mean_square(parts.mean));
  places.number("along_size" + ending, root_mean_square(parts.along_xhat));
  places.number("rest_size" + ending, root_mean_square(parts.rest));
  places.number("dx_size" + ending, root_mean_square(value(trace, "dx")));
}

// dx = xhat * ivar * eps / (var + eps), if the upstream gradient is xhat.
Tensor predicted_dx(const Trace& trace) {
  const ConstView xhat = value(trace, "xhat"), ivar = value(trace, "ivar");
  const ConstView var = value(trace, "var");
  Tensor factor(var.shape);
  for (int col = 0; col < var.shape.cols(); ++col) {
    factor(0, col) = Exercise::kEpsilon / (var(0, col) + Exercise::kEpsilon) * ivar(0, col);
  }
  return product(xhat, factor);
}

void add_why_so_small(const Lesson& lesson, Places& places) {
  const Trace& run = lesson.exercise.run.trace;
  const Trace& random = lesson.exercise.random.trace;
  const ConstView dx = value(run, "dx");
  const Tensor predicted = predicted_dx(run);
  places.number("x_mean", mean(value(run, "x")));
  places.number("dx_max", largest(dx));
  add_parts(run, "", places);
  add_parts(random, "_random", places);
  places.text("dx_first", first_numbers(dx));
  places.text("predicted_first", first_numbers(predicted));
  places.number("prediction_error", largest_difference(dx, predicted) / largest(dx), 1);
  places.number("coarse_ratio", largest(value(lesson.exercise.coarse.trace, "dx")) / largest(dx));
  places.text("histogram_x_dx", two_histograms(value(run, "x"), "x", dx, "dx"));
}

// The lines of the circuit's own source that compute `names`.
std::string source_lines(std::string_view file, std::initializer_list<std::string_view> names) {
  std::string lines;
  for (const EmbeddedFile& builtin : read::builtin_files()) {
    if (builtin.name != file) continue;
    for (const std::string_view name : names) {
      const std::size_t begin = builtin.text.find(fmt::format("\n    {} = ", name)) + 5;
      const std::size_t end = builtin.text.find('\n', begin);
      lines += std::string(builtin.text.substr(begin, end - begin)) + "\n";
    }
  }
  return lines;
}

void add_closed_form(const Lesson& lesson, Places& places) {
  const Trace& probe = lesson.exercise.probe.trace;
  const Trace compact = closed_form(probe);
  places.text("closed_formulas",
              source_lines("graphs/batch_norm_closed_form.py", {"dbeta", "dgamma", "dx"}));
  for (const std::string name : {"dx", "dgamma", "dbeta"}) {
    places.number("closed_" + name, largest_difference(value(probe, name), value(compact, name)),
                  2);
  }
  const Work graph = work_of_backward_pass(lesson.exercise.run.trace);
  const Work closed = work_of_forward_pass(compact);
  const double size = Exercise::kSamples * Exercise::kFeatures;
  places.count("graph_nodes", graph.nodes);
  places.count("graph_operations", graph.operations);
  places.number("graph_per_number", static_cast<double>(graph.operations) / size);
  places.count("closed_nodes", closed.nodes);
  places.count("closed_operations", closed.operations);
  places.number("closed_per_number", static_cast<double>(closed.operations) / size);

  const ConstView gamma = value(probe, "gamma");
  const Trace forgotten = rerun(compact, {{"gamma", Tensor(gamma.shape, 1)}});
  places.number("gamma_forgotten", largest_difference(value(probe, "dx"), value(forgotten, "dx")));
}

void add_checks(const Lesson& lesson, Places& places) {
  const Trace& random = lesson.exercise.random.trace;
  const ConstView dx = value(random, "dx");
  const Tensor xhat_dx = product(value(random, "xhat"), dx);
  places.number("sum_dx", largest(column_sums(dx)), 2);
  places.number("sum_xhat_dx", largest(column_sums(xhat_dx)), 2);
  places.number("xhat_dx_max", largest(xhat_dx));
}

void add_small_batches(const Lesson& lesson, Places& places) {
  const Trace& single = lesson.single.trace;
  const Trace& pair = lesson.pair.trace;
  const ConstView xhat = value(pair, "xhat");
  const double upper = xhat(0, 0), lower = xhat(1, 0);
  places.number("single_out", largest(value(single, "out")));
  places.number("single_dx", largest(value(single, "dx")));
  places.number("pair_first", upper, 6);
  places.number("pair_second", lower, 6);
  places.number("pair_dx", std::abs(value(pair, "dx")(0, 0)), 2);
}

// Of uniform numbers from 0 to 1.
constexpr double kTrueMean = 0.5;
constexpr double kTrueVariance = 1.0 / 12;

void add_running(const std::string& name, const Running& running, Places& places) {
  const Tensor truth({}, kTrueMean);
  places.number(name + "_off", root_mean_square(difference(running.mean, truth)), 2);
  places.number(name + "_var", mean(running.variance), 4);
}

void add_modes(const Lesson& lesson, Places& places) {
  const Trace& training = lesson.exercise.run.trace;
  const Trace& evaluation = lesson.evaluation;
  const auto count = [&](const std::string& name, EventKind kind) {
    places.count("training_" + name, count_events(training, kind));
    places.count("evaluation_" + name, count_events(evaluation, kind));
  };
  count("stations", EventKind::kForward);
  count("red", EventKind::kContribution);
  count("sums", EventKind::kFinal);
  const std::vector<std::string> gone = vanished(training, evaluation);
  places.count("vanished_count", gone.size());
  places.text("vanished", fmt::format("`{}`", fmt::join(gone, "`, `")));
  const Tensor expected = product(product(value(evaluation, "dout"), value(evaluation, "gamma")),
                                  value(evaluation, "ivar"));
  places.number("evaluation_dx_differs", largest_difference(value(evaluation, "dx"), expected));
  places.number("modes_differ",
                largest_difference(value(training, "out"), value(evaluation, "out")));
}

void add_statistics(const Statistics& statistics, Places& places) {
  places.count("batches", Statistics::kBatches);
  places.number("kept", Statistics::kKept);
  places.number("taken", 1 - Statistics::kKept);
  places.number("true_mean", kTrueMean);
  places.number("true_var", kTrueVariance, 4);
  add_running("one", statistics.single_batch, places);
  add_running("average", statistics.average, places);
  add_running("exponential", statistics.exponential, places);
  add_running("swapped", statistics.swapped, places);
  places.number("biased_var", mean(statistics.biased.variance), 4);
}

void add_relu(const Lesson& lesson, Places& places) {
  const Trace& trace = lesson.exercise.run.trace;
  const Tensor right = relu_of(value(trace, "out"));
  const Tensor wrong = relu_of(value(trace, "gamma"));
  places.number("relu_zero_percent", 100 * share_of_zeros(right));
  places.text("histogram_relu", two_histograms(right, "ReLU(out)", wrong, "ReLU(gamma)"));
}

}  // namespace

Lesson::Lesson(std::uint32_t the_seed)
    : seed(the_seed),
      exercise(seed),
      statistics(exercise.run.trace, seed),
      evaluation(lessons::evaluation(exercise.run.trace, statistics.average)),
      single(small_batch(1, seed)),
      pair(small_batch(2, seed)) {}

Tensor relu_of(ConstView values) {
  Tensor result(values);
  for (double& number : result.view()) number = std::max(number, 0.0);
  return result;
}

Places figures(const Lesson& lesson, Language language) {
  Places places;
  add_settings(lesson, places);
  add_stations(lesson, language, places);
  add_why_so_small(lesson, places);
  add_closed_form(lesson, places);
  add_checks(lesson, places);
  add_small_batches(lesson, places);
  add_modes(lesson, places);
  add_statistics(lesson.statistics, places);
  add_relu(lesson, places);
  return places;
}

}  // namespace backstep::lessons
