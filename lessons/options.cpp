// The options that every lesson takes, read by CLI11.
#include "lessons/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <new>
#include <sstream>

#include "engine/text.h"
#include "engine/write/streams.h"
#include "lessons/seeds.h"

namespace backstep::lessons {
namespace {

constexpr int kWrongUsage = 2;  // and bad input

}  // namespace

std::string not_empty(const std::string& text) { return text.empty() ? "a name is missing" : ""; }

void add_quick(CLI::App& app, Options& options) {
  app.add_flag("--quick", options.quick, "Fewer seeds and shorter training, within 10 seconds");
}

void add_norm(CLI::App& app, std::string& norm) {
  app.add_option("--norm", norm, "Your own normaliser in place of batch norm")
      ->type_name("FILE.py")
      ->check(not_empty);
}

std::optional<int> read_options(int argc, const char* const* argv, const std::string& about,
                                Options& options, const MoreOptions& more) {
  CLI::App app(about);
  std::string language(options.language.code());
  app.add_option("--lang", language, "The language: " + language_codes(" or "))
      ->type_name(language_codes("|"))
      ->capture_default_str()
      ->check(language_fault);
  app.add_option("--out", options.out,
                 "Write the words, the pictures and what belongs to them into this folder")
      ->type_name("DIR")
      ->check(not_empty);
  app.add_option("--json", options.json, "Write every number of the lesson to this file")
      ->type_name("FILE")
      ->check(not_empty);
  app.add_option("--page", options.page,
                 "Write the stepper, with the words of the lesson, as one page to this file")
      ->type_name("FILE.html")
      ->check(not_empty);
  app.add_flag("--step", options.step, "Walk the run in the terminal, step by step, both ways");
  app.add_flag("--ask", options.ask, "Wait for your answer to each question before telling ours");
  app.add_option("--seed", options.seed,
                 "The seed of every random number, or the first where several are compared")
      ->type_name("N")
      ->capture_default_str();
  if (more) more(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream words;
    const int status = app.exit(error, std::cout, words);
    std::cerr << printable_lines(words.str());
    return status == 0 ? 0 : kWrongUsage;
  }
  options.language = *language_of(language);
  return std::nullopt;
}

int lesson_main(int argc, const char* const* argv, const std::string& about,
                const std::function<int(const Options&)>& lesson, const MoreOptions& more) {
  write::prepare_streams();
  try {
    Options options;
    const std::optional<int> done = read_options(argc, argv, about, options, more);
    const int status = done ? *done : lesson(options);
    write::flush_output();
    return status;
  } catch (const Stopped& stopped) {
    write::say(stopped.what());
    return kInterrupted;
  } catch (const std::bad_alloc&) {
    write::say("not enough memory for this lesson");
    return kWrongUsage;
  } catch (const std::exception& error) {
    write::say(error.what());
    return kWrongUsage;
  }
}

}  // namespace backstep::lessons
