// The lesson on knowledge distillation: a small net that learns from an ensemble.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "engine/write/file.h"
#include "lessons/lesson_text.h"
#include "lessons/options.h"
#include "lessons/terminal_text.h"
#include "words.h"

namespace backstep::lessons {
namespace {

void run(const Options& options) {
  const Settings chosen = settings(options.quick, options.seed);
  const bool english = options.language == Language::kEnglish;
  const Results results = measure(chosen, english ? "training" : "학습 중");
  const std::string words = filled_text(lesson_words("05_knowledge_distillation", options.language),
                                        places(chosen, results, options.language));
  if (!options.out.empty()) write_all(chosen, results, words, options.language, options.out);
  if (!options.json.empty()) write::write_file(options.json, results.figures.json());
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
    const auto status =
        read_options(argc, argv, "A small net learns from an ensemble, on real digits.", options,
                     [&](CLI::App& app) { add_quick(app, options); });
    if (status) return *status;
    run(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return kBadInput;
  }
  return 0;
}
