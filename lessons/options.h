// The options that every lesson takes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "engine/describe.h"

namespace CLI {
class App;
}

namespace backstep::lessons {

// What Ctrl-C ends a program with.
inline constexpr int kInterrupted = 130;

struct Options {
  Language language;
  std::filesystem::path out;   // the folder for pictures and values; empty: none are made
  std::filesystem::path json;  // the file for the numbers of the lesson; empty: none
  std::filesystem::path page;  // the file for the stepper with the lesson's words; empty: none
  bool step = false;           // walk in the terminal instead of printing the words
  std::uint32_t seed = 50;
  bool ask = false;    // wait for the learner's own answer before telling ours
  bool quick = false;  // fewer seeds and steps: to see that all runs, not to believe the figures
};

// Adds the options of one lesson to those of all.
using MoreOptions = std::function<void(CLI::App&, Options&)>;

// Adds --quick, for lessons that train.
void add_quick(CLI::App& app, Options& options);

// Adds --norm, for lessons where a learner's own normaliser may stand: see lessons/normaliser.h.
void add_norm(CLI::App& app, std::string& norm);

// What CLI11 asks of a name: "" if it is one, else what is wrong.
std::string not_empty(const std::string& text);

// Reads the command line. A status means that the program ends with it: 0 after --help, 2 after a
// mistake, whose words are on standard error.
std::optional<int> read_options(int argc, const char* const* argv, const std::string& about,
                                Options& options, const MoreOptions& more = {});

// A lesson's whole main(): reads the options, then calls `lesson`, which gives the exit status. An
// Error ends with its words on standard error and 2, or 130 if Ctrl-C was the reason.
int lesson_main(int argc, const char* const* argv, const std::string& about,
                const std::function<int(const Options&)>& lesson, const MoreOptions& more = {});

}  // namespace backstep::lessons
