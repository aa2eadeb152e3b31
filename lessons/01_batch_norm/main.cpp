// The batch-norm lesson: the notebook exercise, forward and back, and the question that it hides.
#include "engine/write/file.h"
#include "figures.h"
#include "lessons/lesson_text.h"
#include "lessons/options.h"
#include "lessons/steppers.h"
#include "lessons/telling.h"
#include "pictures.h"

namespace backstep::lessons {
namespace {

std::string words_of(const Lesson& lesson, Language language) {
  return filled_text(lesson_words("01_batch_norm", language), figures(lesson, language));
}

void write_page(const Lesson& lesson, const Options& options) {
  LessonWords words;
  for (const Language language : languages()) words.in.push_back(words_of(lesson, language));
  words.tells_of = {"dx",
                    "forward",
                    "backward",
                    "dout dxhat dxmu1 divar dsqrtvar dvar dsq dxmu2 dxmu dx",
                    "dx dgamma dbeta",
                    "dx",
                    "mu var dmu dvar",
                    "out",
                    ""};
  words.pictures = page_pictures(lesson, options.language);
  lessons::write_page(lesson.exercise.run, words, options);
}

int run(const Options& options) {
  const Lesson lesson(options.seed);
  if (options.step) {
    step_through(lesson.exercise.run, options);
    return 0;
  }
  const Places places = figures(lesson, options.language);
  const std::string words = filled_text(lesson_words("01_batch_norm", options.language), places);
  if (!options.page.empty()) write_page(lesson, options);
  if (!options.out.empty()) write_all(lesson, words, options.language, options.out);
  if (!options.json.empty()) write::write_file(options.json, numbers_json(places));
  tell(words, options);
  return 0;
}

}  // namespace
}  // namespace backstep::lessons

int main(int argc, char** argv) {
  using namespace backstep::lessons;
  return lesson_main(argc, argv,
                     "Batch normalisation, walked forward and back, station by station.", run);
}
