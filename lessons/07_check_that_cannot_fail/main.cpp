// The lesson on gradient checks that pass whatever is wrong, and on one that can fail.
#include <CLI/CLI.hpp>

#include "lessons/measured_lesson.h"
#include "words.h"

namespace backstep::lessons {
namespace {

constexpr std::size_t kSeeds = 5, kQuickSeeds = 2;

int run(const Options& options) {
  MeasuredLesson lesson;
  lesson.folder = "07_check_that_cannot_fail";
  lesson.circuit = "batch_norm";
  lesson.run = walked(UpstreamIs::kOnes);
  lesson.tells_of = {"", "", "backward", "", ""};
  lesson.measure = [&]() -> Measured {
    const Study study = measure(options.seed, options.quick ? kQuickSeeds : kSeeds);
    const std::uint32_t seed = options.seed;
    return {figures(study), false, [=](Language language) { return tell(study, seed, language); }};
  };
  return give(lesson, options);
}

}  // namespace
}  // namespace backstep::lessons

int main(int argc, char** argv) {
  using namespace backstep::lessons;
  return lesson_main(argc, argv,
                     "Gradient checks that pass whatever is wrong, and one that can fail.", run,
                     add_quick);
}
