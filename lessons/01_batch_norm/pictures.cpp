// What the lesson writes with --out: circuits by Graphviz, histograms by gnuplot, values as npz.
#include "pictures.h"

#include <fmt/format.h>

#include <array>
#include <map>
#include <string>
#include <vector>

#include "engine/draw/graphviz.h"
#include "engine/write/circuit_dot.h"
#include "engine/write/file.h"
#include "engine/write/npz.h"
#include "engine/write/picture.h"
#include "engine/write/progress.h"
#include "engine/write/values.h"
#include "lessons/histogram.h"
#include "lessons/rerun.h"

namespace backstep::lessons {
namespace {

using write::CircuitLayout;
using write::DotOptions;
using write::PictureFormat;

constexpr std::array kFormats = {PictureFormat::kDot, PictureFormat::kSvg, PictureFormat::kPng};
constexpr int kBins = 25;
constexpr std::size_t kOtherPictures = 4;

namespace label {

constexpr auto kDrawing = Words("drawing");
constexpr auto kTraining = Words("training");
constexpr auto kEvaluation = Words("evaluation");
constexpr auto kUpstreamOut = Words("upstream gradient = out");
constexpr auto kUpstreamRandom = Words("random upstream gradient");
constexpr auto kCount = Words("how many");

}  // namespace label

std::string circuit(const Trace& trace, DotOptions options, Language language) {
  options.language = language;
  return write::circuit_dot(trace, options, CircuitLayout(trace, options));
}

// Lanes as wide as what they carry.
std::string flow(const Trace& trace, std::string_view title, Language language) {
  DotOptions options;
  options.flow = true;
  options.title = title;
  return circuit(trace, options, language);
}

std::string modes(const Lesson& lesson, Language language) {
  DotOptions options;
  options.values = false;
  options.language = language;
  return write::side_by_side_dot(lesson.exercise.run.trace, lesson.evaluation,
                                 language.of(label::kTraining), language.of(label::kEvaluation),
                                 options);
}

// The DOT text of the pictures in the words that compare, by their stem.
std::map<std::string, std::string> comparisons(const Lesson& lesson, Language language) {
  return {{"flow", flow(lesson.exercise.run.trace, language.of(label::kUpstreamOut), language)},
          {"flow_random",
           flow(lesson.exercise.random.trace, language.of(label::kUpstreamRandom), language)},
          {"train_eval", modes(lesson, language)}};
}

class Writer {
 public:
  Writer(const Lesson& lesson, Language language, const std::filesystem::path& folder)
      : lesson_(lesson),
        training_(lesson.exercise.run.trace),
        language_(language),
        folder_(folder),
        progress_(language.of(label::kDrawing), training_.events().size() + kOtherPictures) {}

  // What needs another program is drawn first, and the words are written first: if gnuplot is
  // missing nothing is written, and if the folder cannot be written to no circuit is drawn.
  void write(std::string_view words) {
    const std::map<std::string, std::string> histograms = drawn_histograms();
    write::write_file(folder_ / "lesson.md", words);
    for (const auto& [name, svg] : histograms) write::write_file(folder_ / name, svg);
    const std::vector<write::NamedTensor> values = write::named_values(training_);
    write::write_npz(folder_ / "values.npz", values);
    picture("circuit", circuit(training_, {}, language_));
    for (const auto& [stem, dot] : comparisons(lesson_, language_)) picture(stem, dot);
    write_steps();
    progress_.done();
  }

 private:
  void picture(const std::string& stem, const std::string& dot) {
    write::write_pictures(folder_, stem, dot, kFormats);
    progress_.advance();
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

  // By the name of the file.
  std::map<std::string, std::string> drawn_histograms() const {
    return {
        {"histogram_x.svg", drawn_histogram("x", value(training_, "x"))},
        {"histogram_dx.svg", drawn_histogram("dx", value(training_, "dx"))},
        {"histogram_relu_out.svg", drawn_histogram("ReLU(out)", relu_of(value(training_, "out")))},
        {"histogram_relu_gamma.svg",
         drawn_histogram("ReLU(gamma)", relu_of(value(training_, "gamma")))},
    };
  }

  std::string drawn_histogram(std::string_view name, ConstView numbers) const {
    const std::string title = fmt::format("{} {}", name, to_string(numbers.shape));
    return histogram_svg(histogram(numbers, kBins), title, name, language_.of(label::kCount));
  }

  const Lesson& lesson_;
  const Trace& training_;
  Language language_;
  std::filesystem::path folder_;
  write::Progress progress_;
};

}  // namespace

void write_all(const Lesson& lesson, std::string_view words, Language language,
               const std::filesystem::path& folder) {
  Writer(lesson, language, folder).write(words);
}

std::map<std::string, std::string> page_pictures(const Lesson& lesson, Language language) {
  std::map<std::string, std::string> pictures;
  for (const auto& [stem, dot] : comparisons(lesson, language)) {
    pictures.emplace(stem + ".svg", draw::svg(dot));
  }
  return pictures;
}

}  // namespace backstep::lessons
