// What the lesson writes with --out: circuits by Graphviz, histograms by gnuplot, values as npz.
#include "pictures.h"

#include <fmt/format.h>

#include <array>

#include "engine/write/circuit_dot.h"
#include "engine/write/file.h"
#include "engine/write/npz.h"
#include "engine/write/picture.h"
#include "engine/write/values.h"
#include "lessons/histogram.h"
#include "lessons/progress.h"
#include "lessons/rerun.h"

namespace backstep::lessons {
namespace {

using write::CircuitLayout;
using write::DotOptions;
using write::PictureFormat;

constexpr std::array kFormats = {PictureFormat::kDot, PictureFormat::kSvg, PictureFormat::kPng};
constexpr int kBins = 25;
constexpr std::size_t kOtherPictures = 4;

struct Labels {
  std::string_view drawing, training, evaluation, upstream_out, upstream_random, count;
};

constexpr Labels kEnglish = {.drawing = "drawing",
                             .training = "training",
                             .evaluation = "evaluation",
                             .upstream_out = "upstream gradient = out",
                             .upstream_random = "random upstream gradient",
                             .count = "how many"};
constexpr Labels kKorean = {.drawing = "그리는 중",
                            .training = "학습",
                            .evaluation = "평가",
                            .upstream_out = "상류 기울기 = out",
                            .upstream_random = "무작위 상류 기울기",
                            .count = "개수"};

class Writer {
 public:
  Writer(const Lesson& lesson, Language language, const std::filesystem::path& folder)
      : lesson_(lesson),
        training_(lesson.exercise.run.trace),
        language_(language),
        labels_(language == Language::kEnglish ? kEnglish : kKorean),
        folder_(folder),
        progress_(labels_.drawing, training_.events().size() + kOtherPictures) {}

  void write() {
    const std::vector<write::NamedTensor> values = write::named_values(training_);
    write::write_npz(folder_ / "values.npz", values);
    write_histograms();
    write_circuit("circuit", training_, {});
    write_circuit("flow", training_, flow(labels_.upstream_out));
    write_circuit("flow_random", lesson_.exercise.random.trace, flow(labels_.upstream_random));
    write_modes();
    write_steps();
    progress_.done();
  }

 private:
  DotOptions flow(std::string_view title) const {
    DotOptions options;
    options.flow = true;
    options.title = title;
    return options;
  }

  void picture(const std::string& stem, const std::string& dot) {
    write::write_pictures(folder_, stem, dot, kFormats);
    progress_.advance();
  }

  void write_circuit(const std::string& stem, const Trace& trace, DotOptions options) {
    options.language = language_;
    picture(stem, write::circuit_dot(trace, options, CircuitLayout(trace, options)));
  }

  void write_modes() {
    DotOptions options;
    options.values = false;
    options.language = language_;
    picture("train_eval", write::side_by_side_dot(training_, lesson_.evaluation, labels_.training,
                                                  labels_.evaluation, options));
  }

  // One picture an event, in a folder of its own: step_01 shows the first event just done.
  void write_steps() {
    DotOptions options;
    options.step = true;
    options.language = language_;
    const CircuitLayout layout(training_, options);
    for (options.done = 1; options.done <= training_.events().size(); ++options.done) {
      picture(fmt::format("steps/step_{:02}", options.done),
              write::circuit_dot(training_, options, layout));
    }
  }

  void write_histograms() const {
    write_histogram("x", "x", value(training_, "x"));
    write_histogram("dx", "dx", value(training_, "dx"));
    write_histogram("relu_out", "ReLU(out)", relu_of(value(training_, "out")));
    write_histogram("relu_gamma", "ReLU(gamma)", relu_of(value(training_, "gamma")));
  }

  void write_histogram(std::string_view stem, std::string_view name, ConstView numbers) const {
    const std::string title = fmt::format("{} {}", name, to_string(numbers.shape));
    write::write_file(folder_ / fmt::format("histogram_{}.svg", stem),
                      histogram_svg(histogram(numbers, kBins), title, name, labels_.count));
  }

  const Lesson& lesson_;
  const Trace& training_;
  Language language_;
  const Labels& labels_;
  std::filesystem::path folder_;
  Progress progress_;
};

}  // namespace

void write_all(const Lesson& lesson, std::string_view words, Language language,
               const std::filesystem::path& folder) {
  write::write_file(folder / "lesson.md", words);
  Writer(lesson, language, folder).write();
}

}  // namespace backstep::lessons
