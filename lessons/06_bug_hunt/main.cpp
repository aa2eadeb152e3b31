// The bug hunt: wrong backward passes to find, one by one.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "engine/read/run.h"
#include "engine/write/file.h"
#include "lessons/lesson_text.h"
#include "lessons/options.h"
#include "lessons/steppers.h"
#include "lessons/telling.h"
#include "zoo.h"

namespace backstep::lessons {
namespace {

struct Hunt {
  std::size_t bug = 0;    // 0: the lesson itself
  std::size_t guess = 0;  // 0: none
  int hint = 0;           // 0: none
  bool answer = false;
};

constexpr int kWrongGuess = 1;

std::string words_in(Language language, const Places& places) {
  return filled_text(lesson_words("06_bug_hunt", language), places);
}

// The right backward pass, which the wrong ones are held against.
read::Run right_run(const Options& options) {
  read::RunOptions settings;
  settings.seed = options.seed;
  return read::run_circuit("batch_norm", settings);
}

void write_right_page(const std::vector<Bug>& bugs, const Options& options) {
  LessonWords words;
  for (const Language language : languages()) {
    words.in.push_back(words_in(language, figures(bugs, language)));
  }
  words.tells_of = {"backward", "dx dgamma"};
  write_page(right_run(options), words, options);
}

void print_lesson(const std::vector<Bug>& bugs, const Options& options) {
  if (options.step) return step_through(right_run(options), options);
  if (!options.page.empty()) write_right_page(bugs, options);
  const Places places = figures(bugs, options.language);
  const std::string words = words_in(options.language, places);
  if (!options.json.empty()) write::write_file(options.json, numbers_json(places));
  if (!options.out.empty()) write::write_file(options.out / "lesson.md", words);
  tell(words, options);
}

void print_code(std::string_view text) {
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    fmt::print("{:>3}  {}\n", line, text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

int judge_guess(const Bug& bug, std::size_t guess, Language language) {
  const bool right = bug.judgement.findings.front().line == guess;
  fmt::print("{}\n", right ? say(language, Words("Yes, that is the line."))
                           : say(language, Words("No, line {0} is as it should be."), guess));
  return right ? 0 : kWrongGuess;
}

int hunt(const std::vector<Bug>& bugs, const Hunt& hunt, const Options& options) {
  if (hunt.bug > bugs.size()) {
    throw Error(fmt::format("--bug {}: there are {}", hunt.bug, bugs.size()));
  }
  const Bug& bug = bugs[hunt.bug - 1];
  if (hunt.guess > 0) return judge_guess(bug, hunt.guess, options.language);
  if (hunt.answer) {
    fmt::print("{}", check::report(bug.judgement, options.language));
  } else if (hunt.hint == 1) {
    fmt::print("{}\n", probe_hint(bug, options.language));
  } else if (hunt.hint > 1) {
    fmt::print("{}\n", station_hint(bug, options.language));
  } else {
    print_code(bug.text);
  }
  return 0;
}

}  // namespace
}  // namespace backstep::lessons

int main(int argc, char** argv) {
  using namespace backstep::lessons;
  Hunt chosen;
  const auto more = [&chosen](CLI::App& app, Options&) {
    auto* bug = app.add_option("--bug", chosen.bug, "Which one: its code, or what follows")
                    ->check(CLI::PositiveNumber);
    app.add_option("--guess", chosen.guess, "Is it this line?")
        ->check(CLI::PositiveNumber)
        ->needs(bug);
    app.add_option("--hint", chosen.hint, "The first or the second hint")
        ->check(CLI::Range(1, 2))
        ->needs(bug);
    app.add_flag("--answer", chosen.answer, "The line and the cause")->needs(bug);
  };
  const auto lesson = [&chosen](const Options& options) {
    const std::vector<Bug> bugs = zoo(options.seed, chosen.bug);
    if (chosen.bug > 0) return hunt(bugs, chosen, options);
    print_lesson(bugs, options);
    return 0;
  };
  return lesson_main(argc, argv, "Wrong backward passes: find the line.", lesson, more);
}
