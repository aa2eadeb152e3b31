// The batch-norm lesson: the notebook exercise, forward and back, and the question that it hides.
#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "engine/write/file.h"
#include "figures.h"
#include "lessons/lesson_text.h"
#include "lessons/options.h"
#include "lessons/terminal_text.h"
#include "pictures.h"

namespace backstep::lessons {
namespace {

void run(const Options& options) {
  const Lesson lesson(options.seed);
  const Places places = figures(lesson, options.language);
  const std::string words = filled_text(lesson_words("01_batch_norm", options.language), places);
  if (!options.out.empty()) write_all(lesson, words, options.language, options.out);
  if (!options.json.empty()) write::write_file(options.json, numbers_json(places));
  fmt::print("{}", terminal_text(words, terminal_style()));
  std::fflush(stdout);
}

}  // namespace
}  // namespace backstep::lessons

int main(int argc, char** argv) {
  using namespace backstep::lessons;
  constexpr int kBadInput = 2;
  try {
    Options options;
    const auto status = read_options(
        argc, argv, "Batch normalisation, walked forward and back, station by station.", options);
    if (status) return *status;
    run(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return kBadInput;
  }
  return 0;
}
