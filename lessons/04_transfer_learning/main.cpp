// The lesson on transfer learning: what to take along, and what to freeze.
#include <CLI/CLI.hpp>
#include <filesystem>

#include "lessons/measured_lesson.h"
#include "words.h"

namespace backstep::lessons {
namespace {

// The learner's own data; empty: the digits.
struct Own {
  std::filesystem::path source, target;
};

int run(const Options& options, const Own& own) {
  MeasuredLesson lesson;
  lesson.folder = "04_transfer_learning";
  lesson.circuit = "frozen_net";
  lesson.tells_of = {"", "forward", "", "backward", "normed_xmu normed_sqrtvar", ""};
  lesson.measure = [&]() -> Measured {
    const Sets data = sets(own.source, own.target);
    const Settings chosen = settings(options.quick, options.seed, data);
    const Results results = measure(chosen, data, options.language.of(kProgress));
    const Figures claims = figures(chosen, results);
    const auto told = [=](Language language) {
      return tell(chosen, data, results, claims, language);
    };
    return {claims, results.seeds < chosen.seeds, told};
  };
  return give(lesson, options);
}

}  // namespace
}  // namespace backstep::lessons

int main(int argc, char** argv) {
  using namespace backstep::lessons;
  Own own;
  const auto more = [&own](CLI::App& app, Options& options) {
    add_quick(app, options);
    app.add_option("--target", own.target,
                   "Your own small set: CSV with the label last, or IDX images beside their labels")
        ->type_name("FILE")
        ->check(not_empty);
    app.add_option("--source", own.source, "Your own big set, in the same formats")
        ->type_name("FILE")
        ->check(not_empty);
  };
  return lesson_main(
      argc, argv, "Transfer learning: what to take along, and what to freeze.",
      [&own](const Options& options) { return run(options, own); }, more);
}
