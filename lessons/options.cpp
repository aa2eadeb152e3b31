// The options that every lesson takes, read by CLI11.
#include "lessons/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <map>
#include <new>
#include <sstream>

#include "engine/text.h"
#include "engine/write/streams.h"
#include "lessons/seeds.h"

namespace backstep::lessons {
namespace {

constexpr int kWrongUsage = 2;  // and bad input

const std::map<std::string, Language> kLanguages = {{"en", Language::kEnglish},
                                                    {"ko", Language::kKorean}};

std::string known_language(const std::string& text) {
  return kLanguages.contains(text) ? ""
                                   : "'" + text + "' is no language of the lessons; en and ko are";
}

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
  std::string language = "en";
  app.add_option("--lang", language, "en for English, ko for Korean")
      ->type_name("en|ko")
      ->capture_default_str()
      ->check(known_language);
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
  options.language = kLanguages.at(language);
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
