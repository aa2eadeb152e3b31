// The options of every lesson: what they set, and what a mistake ends with.
#include "lessons/options.h"

#include <doctest/doctest.h>

#include <CLI/CLI.hpp>
#include <initializer_list>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace backstep::lessons {
namespace {

// What the parser did, and what it said.
struct Parsed {
  Options options;
  std::optional<int> status;
  std::string out;
  std::string err;
};

Parsed parse(std::initializer_list<const char*> words, const MoreOptions& more = {}) {
  std::vector<const char*> arguments = {"lesson"};
  arguments.insert(arguments.end(), words);
  std::ostringstream out, err;
  std::streambuf* old_out = std::cout.rdbuf(out.rdbuf());
  std::streambuf* old_err = std::cerr.rdbuf(err.rdbuf());
  Parsed parsed;
  parsed.status = read_options(static_cast<int>(arguments.size()), arguments.data(), "A lesson.",
                               parsed.options, more);
  std::cout.rdbuf(old_out);
  std::cerr.rdbuf(old_err);
  parsed.out = out.str();
  parsed.err = err.str();
  return parsed;
}

TEST_CASE("without options a lesson is in English, from the seed of the exercise") {
  const Parsed parsed = parse({});
  CHECK(!parsed.status);
  CHECK(parsed.options.language == Language());
  CHECK(parsed.options.out.empty());
  CHECK(parsed.options.json.empty());
  CHECK(parsed.options.page.empty());
  CHECK(!parsed.options.step);
  CHECK(!parsed.options.ask);
  CHECK(parsed.options.seed == 50);
}

TEST_CASE("each option sets what it says") {
  const Parsed parsed = parse({"--lang", "ko", "--out", "a dir", "--json=n.json", "--page",
                               "p.html", "--step", "--ask", "--seed", "4294967295"});
  CHECK(!parsed.status);
  CHECK(parsed.options.language == *language_of("ko"));
  CHECK(parsed.options.out == "a dir");
  CHECK(parsed.options.json == "n.json");
  CHECK(parsed.options.page == "p.html");
  CHECK(parsed.options.step);
  CHECK(parsed.options.ask);
  CHECK(parsed.options.seed == 4294967295u);
}

TEST_CASE("--help ends with 0 and names every option") {
  const Parsed parsed = parse({"--help"});
  CHECK(parsed.status == 0);
  for (const char* option : {"--lang", "--out", "--json", "--page", "--step", "--ask", "--seed"}) {
    CHECK(parsed.out.find(option) != std::string::npos);
  }
}

TEST_CASE("a mistake ends with 2 and says what is wrong") {
  const Parsed language = parse({"--lang", "fr"});
  CHECK(language.status == 2);
  CHECK(language.err.find("'fr' is no language of these words; en and ko are") !=
        std::string::npos);
  for (const auto& words : {std::initializer_list<const char*>{"--lang"},
                            {"--seed", "-1"},
                            {"--seed", "4294967296"},
                            {"--seed", "x"},
                            {"--out", ""},
                            {"--page", ""},
                            {"--nothing"},
                            {"word"}}) {
    const Parsed parsed = parse(words);
    CHECK(parsed.status == 2);
    CHECK(!parsed.err.empty());
  }
}

TEST_CASE("a lesson adds options of its own") {
  bool quick = false;
  const Parsed parsed = parse(
      {"--quick"}, [&](CLI::App& app, Options&) { app.add_flag("--quick", quick, "Less of all"); });
  CHECK(!parsed.status);
  CHECK(quick);
}

}  // namespace
}  // namespace backstep::lessons
