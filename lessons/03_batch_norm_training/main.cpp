// The lesson on training with batch norm: what it buys, and what it costs.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>

#include "engine/write/file.h"
#include "lessons/lesson_text.h"
#include "lessons/options.h"
#include "lessons/terminal_text.h"
#include "words.h"

namespace backstep::lessons {
namespace {

void run(const Options& options, const std::string& norm) {
  std::optional<OwnNormaliser> own;
  if (!norm.empty()) own = read_normaliser(norm);
  const Settings chosen = settings(options.quick, options.seed);
  const bool english = options.language == Language::kEnglish;
  const Results results = measure(chosen, own, english ? "training" : "학습 중");
  const Figures claims = figures(chosen, results);
  const std::string words = filled_text(lesson_words("03_batch_norm_training", options.language),
                                        places(chosen, results, claims, own, options.language));
  if (!options.out.empty()) {
    write_all(chosen, results, own, words, options.language, options.out);
  }
  if (!options.json.empty()) write::write_file(options.json, claims.json());
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
    std::string norm;
    const auto more = [&](CLI::App& app) {
      add_quick(app, options);
      app.add_option("--norm", norm, "Your own normaliser in place of batch norm")
          ->type_name("FILE.py");
    };
    const auto status = read_options(
        argc, argv, "Training with and without batch norm, on real digits.", options, more);
    if (status) return *status;
    run(options, norm);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return kBadInput;
  }
  return 0;
}
