// What stands in the places of the lesson, part by part.
#include "words.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "engine/number_text.h"
#include "engine/read/builtin.h"
#include "engine/write/circuit_dot.h"
#include "lessons/measure.h"
#include "lessons/rerun.h"

namespace backstep::lessons {
namespace {

namespace label {

constexpr auto kSeen = Words("seen");
constexpr auto kSometimes = Words("{0} of {1}");
constexpr auto kOnes = Words("upstream gradient = ones");
constexpr auto kRandom = Words("random upstream gradient");

}  // namespace label

// What the places call each check, in the order of checks().
constexpr std::string_view kNames[] = {"random", "ones", "squares", "gamma", "two", "one", "first"};

// A row for each wrong pass, a column for each check.
std::string table(const Study& study, Language language) {
  std::string rows;
  for (const Pass& pass : study.wrong) {
    rows += fmt::format("{}| {} |", rows.empty() ? "" : "\n", pass.title.in(language));
    for (const Check& check : checks()) {
      const std::size_t seen = study.seen(pass.key, check.key);
      rows += seen == study.seeds ? fmt::format(" {} |", say(language, label::kSeen))
              : seen == 0
                  ? std::string(" - |")
                  : fmt::format(" {} |", say(language, label::kSometimes, seen, study.seeds));
    }
  }
  return rows;
}

void add_checks(const Study& study, Places& places) {
  const std::vector<Check> all = checks();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string name(kNames[i]), &key = all[i].key;
    places.count(name + "_hides", study.hidden(study.wrong, key));
    places.count(name + "_misses", study.hidden(study.sabotaged, key));
    if (all[i].looks_at_x) places.number(name + "_dx", study.most_size(key, "dx"), 2);
    places.number(name + "_dgamma", study.most_size(key, "dgamma"), 2);
    places.number(name + "_dbeta", study.most_size(key, "dbeta"), 2);
  }
  places.count("checks", all.size());
  places.count("seeds", study.seeds);
  places.count("wrong", study.wrong.size());
  places.count("zoo", static_cast<std::size_t>(std::ranges::count_if(
                          study.wrong, [](const Pass& pass) { return pass.is_of_zoo; })));
  places.count("lines", study.sabotaged.size());
  places.count("right_seen", study.seen("right", "random"));
}

// The pass of the question at the beginning.
void add_question(const Study& study, Places& places) {
  constexpr auto kPass = "03_variance_branch_dropped";
  places.number("agrees_to", study.most_off(kPass, "sum(out)"), 1);
  places.number("off_percent", 100 * study.most_off(kPass, "random"), 2);
  constexpr auto kZero = "dx_is_zero", kLuck = "N=2";
  std::vector<std::string> seen_by;
  for (const Check& check : checks()) {
    const bool is_seen = study.seen(kZero, check.key) == study.seeds;
    if (is_seen && check.key != kLuck) seen_by.push_back(fmt::format("`{}`", check.key));
  }
  places.text("zero_seen_by", fmt::format("{}", fmt::join(seen_by, ", ")));
  places.count("zero_at_two", study.seen(kZero, kLuck));
}

// A net with batch norm inside, on one sample.
void add_net_of_one(std::uint32_t seed, Places& places) {
  read::RunOptions options;
  options.seed = seed;
  options.set = {{"x", "randn(1, 3)"}};
  const Trace trace = read::run_circuit("two_layer_net", options).trace;
  places.number("net_dW1", largest(value(trace, "dW1")));
  places.number("net_dgamma", largest(value(trace, "dgamma")));
}

void add_program(const Study& study, Places& places) {
  constexpr std::string_view kName = "lessons/07_check_that_cannot_fail/program/check.py";
  for (const EmbeddedFile& file : read::builtin_files()) {
    if (file.name == kName) places.text("program", std::string(file.text));
  }
  const std::size_t lines = study.sabotaged.size();
  const std::size_t caught = lines - study.hidden(study.sabotaged, "random");
  places.text("program_says",
              fmt::format("right, and of {} lines, each doubled, {} are caught", lines, caught));
}

NamedCircuit picture(const std::string& stem, UpstreamIs upstream, std::uint32_t seed, Words title,
                     Language language) {
  read::RunOptions run = walked(upstream);
  run.seed = seed;
  const Trace trace = read::run_circuit("batch_norm", run).trace;
  write::DotOptions options;
  options.flow = true;
  options.language = language;
  options.title = language.of(title);
  return {stem, write::circuit_dot(trace, options, write::CircuitLayout(trace, options))};
}

}  // namespace

read::RunOptions walked(UpstreamIs upstream) {
  read::RunOptions options;
  options.set = {{"x", "randn(4, 3)"}, {"gamma", "randn(3)"}, {"beta", "randn(3)"}};
  if (upstream == UpstreamIs::kOnes) options.upstream = "1";
  return options;
}

Telling tell(const Study& study, std::uint32_t seed, Language language) {
  Telling telling;
  telling.places.text("table", table(study, language));
  add_checks(study, telling.places);
  add_question(study, telling.places);
  add_net_of_one(seed, telling.places);
  add_program(study, telling.places);
  telling.circuits = {picture("ones", UpstreamIs::kOnes, seed, label::kOnes, language),
                      picture("random", UpstreamIs::kRandom, seed, label::kRandom, language)};
  return telling;
}

}  // namespace backstep::lessons
