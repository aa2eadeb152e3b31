// The lesson on training with batch norm: what it buys, and what it costs.
#include <optional>
#include <string>

#include "lessons/measured_lesson.h"
#include "words.h"

namespace backstep::lessons {
namespace {

int run(const Options& options, const std::string& norm) {
  std::optional<OwnNormaliser> own;
  if (!norm.empty()) own = read_normaliser(norm);
  MeasuredLesson lesson;
  lesson.folder = "03_batch_norm_training";
  lesson.circuit = "batch_norm";
  lesson.tells_of = {"", "forward", "mu var", "dgamma dbeta", "mu var dmu dvar", ""};
  lesson.measure = [&]() -> Measured {
    const Settings chosen = settings(options.quick, options.seed);
    const Results results = measure(chosen, own, options.language.of(kProgress));
    const Figures claims = figures(chosen, results);
    const auto told = [=](Language language) {
      return tell(chosen, results, claims, own, language);
    };
    return {claims, results.seeds < chosen.seeds, told};
  };
  return give(lesson, options);
}

}  // namespace
}  // namespace backstep::lessons

int main(int argc, char** argv) {
  using namespace backstep::lessons;
  std::string norm;
  const auto more = [&norm](CLI::App& app, Options& options) {
    add_quick(app, options);
    add_norm(app, norm);
  };
  return lesson_main(
      argc, argv, "Training with and without batch norm, on real digits.",
      [&norm](const Options& options) { return run(options, norm); }, more);
}
