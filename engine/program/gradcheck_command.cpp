// backstep gradcheck: every gradient of a circuit against central differences.
#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "engine/check/finite_differences.h"
#include "engine/number_text.h"
#include "engine/program/commands.h"
#include "engine/program/inputs.h"
#include "engine/read/probes.h"
#include "engine/write/progress.h"

namespace backstep::program {
namespace {

// How the error of plain differences falls with their width, and rises again.
void explain(const read::Run& run, const check::GradientCheck& one, Language language) {
  const auto errors = check::errors_by_width(run.trace, run.output, run.seed, one);
  if (errors.empty()) return;
  const auto best = std::min_element(
      errors.begin(), errors.end(), [](const auto& a, const auto& b) { return a.error < b.error; });
  std::string widths, shares;
  for (const check::WidthError& error : errors) {
    widths += fmt::format("{:>9}", fmt::format("{:.0e}", error.width));
    shares += fmt::format("{:>9}", number_text(error.error, 2));
  }
  fmt::print("    {:<5}{}\n    {:<5}{}\n    {}\n", say(language, Words("width")), widths,
             say(language, Words("error")), shares,
             say(language, Words("best at width {0}: {1}"), fmt::format("{:.0e}", best->width),
                 number_text(best->error, 2)));
  if (check::is_degenerate(run.trace, one.gradient)) {
    fmt::print("    {}\n",
               say(language,
                   Words("warning: {0} is 0 everywhere up to rounding: with this probe wrong code "
                         "may give 0 too; take random numbers for the upstream gradient"),
                   run.trace.graph().name(one.gradient)));
  }
}

// Whether not one element was right or wrong.
bool is_unjudged(const check::GradientCheck& one) {
  return one.elements > 0 && one.worst.verdict == check::Verdict::kUnclear;
}

// What to set where nothing was judged, or where one sample cannot show a mistake. Whether there is
// such a thing.
bool ask_for_more(const read::Run& run, const std::vector<check::GradientCheck>& checks,
                  Language language) {
  const Graph& graph = run.trace.graph();
  bool is_more = checks.empty();
  if (checks.empty()) {
    fmt::print("{}\n", say(language, Words("nothing was judged: no input has a gradient")));
  }
  for (const check::GradientCheck& one : checks) {
    if (!is_unjudged(one)) continue;
    is_more = true;
    const std::string& leaf = graph.name(one.node);
    fmt::print("{}\n",
               say(language,
                   Words("{0} was not judged at any element: give {1} other numbers, such as "
                         "--set '{1}=0.5+rand{2}'"),
                   graph.name(one.gradient), leaf, to_string(graph.node(one.node).shape)));
  }
  const read::MeanOfBatch mean = read::first_mean_of_batch(graph);
  if (mean.samples != 1) return is_more;
  const NodeId first = run.parameters.front();
  Shape shape = graph.node(first).shape;
  if (shape.ndim() > 0) shape[0] = 4;
  fmt::print(
      "{}\n",
      say(language,
          Words("{0} is the mean of one row, with which nothing can be told: take more rows, "
                "such as --set '{1}=randn{2}'"),
          graph.name(mean.node), graph.name(first), to_string(shape)));
  return true;
}

int check(const Inputs& inputs, check::CheckOptions options, Language language) {
  const read::Run run = program::run(inputs);
  std::optional<write::Progress> progress;
  options.on_checked = [&](std::size_t, std::size_t total) {
    if (!progress) progress.emplace("gradcheck", total);
    progress->advance();
  };
  const std::vector<check::GradientCheck> checks =
      check::check_gradients(run.trace, run.output, options);
  if (progress) progress->done();
  std::size_t wrong = 0;
  std::size_t unjudged = 0;
  for (const check::GradientCheck& one : checks) {
    fmt::print("{}\n", check::in_words(run.trace.graph(), one, language));
    explain(run, one, language);
    wrong += one.passed() ? 0 : 1;
    unjudged += is_unjudged(one) ? 1 : 0;
  }
  fmt::print("{}\n", say(language,
                         Words("{0} of {1} gradients agree with central differences, to a relative "
                               "error of {2}"),
                         checks.size() - wrong - unjudged, checks.size(), options.tolerance));
  if (wrong > 0) return kWrongGradient;
  const bool is_more = ask_for_more(run, checks, language);
  return is_more ? kBadInput : kDone;
}

}  // namespace

void add_gradcheck(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("gradcheck", "every gradient against central differences");
  const auto inputs = std::make_shared<Inputs>();
  const auto options = std::make_shared<check::CheckOptions>();
  add_inputs(*command, *inputs);
  command->add_option("--tolerance", options->tolerance, "the largest relative error that passes")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  const auto language = std::make_shared<Language>();
  add_language(*command, *language);
  command->callback(
      [inputs, options, language, &status] { status = check(*inputs, *options, *language); });
}

}  // namespace backstep::program
