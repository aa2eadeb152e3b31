// The lesson on knowledge distillation: a small net that learns from an ensemble.
#include <CLI/CLI.hpp>

#include "lessons/measured_lesson.h"
#include "words.h"

namespace backstep::lessons {
namespace {

int run(const Options& options) {
  MeasuredLesson lesson;
  lesson.folder = "05_knowledge_distillation";
  lesson.circuit = "distillation";
  lesson.tells_of = {"", "", "teacher_T target", "loss", "scores_T dscores", ""};
  lesson.measure = [&]() -> Measured {
    const Settings chosen = settings(options.quick, options.seed);
    const Results results = measure(chosen, options.language.of(kProgress));
    const auto told = [=](Language language) { return tell(chosen, results, language); };
    return {results.figures, results.seeds < chosen.seeds, told};
  };
  return give(lesson, options);
}

}  // namespace
}  // namespace backstep::lessons

int main(int argc, char** argv) {
  using namespace backstep::lessons;
  return lesson_main(argc, argv, "A small net learns from an ensemble, on real digits.", run,
                     add_quick);
}
