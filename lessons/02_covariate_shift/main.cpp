// The lesson on covariate shift: what moves inside a net while it learns, and what must stand
// inside the graph.
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
  lesson.folder = "02_covariate_shift";
  lesson.circuit = circuit_of(MeanIs::kInside);
  lesson.run.set = centring_numbers(MeanIs::kInside);
  lesson.tells_of = {"", "", "", "", "forward backward", "", ""};
  lesson.measure = [&]() -> Measured {
    const Settings chosen = settings(options.quick, options.seed);
    const std::vector<OneSeed> seeds = measure(chosen, own, options.language.of(kProgress));
    const Figures claims = figures(chosen, seeds);
    const auto told = [=](Language language) { return tell(chosen, seeds, claims, own, language); };
    return {claims, seeds.size() < chosen.seeds, told};
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
      argc, argv, "What moves inside a net while it learns, on real digits.",
      [&norm](const Options& options) { return run(options, norm); }, more);
}
