// backstep gradcheck: every gradient of a circuit against central differences.
#include <fmt/core.h>

#include <memory>

#include "engine/check/finite_differences.h"
#include "engine/program/commands.h"
#include "engine/program/inputs.h"

namespace backstep::program {
namespace {

int check(const Inputs& inputs, const check::CheckOptions& options) {
  const read::Run run = program::run(inputs);
  const std::vector<check::GradientCheck> checks =
      check::check_gradients(run.trace, run.output, options);
  std::size_t wrong = 0;
  for (const check::GradientCheck& one : checks) {
    fmt::print("{}\n", check::in_words(run.trace.graph(), one));
    if (!one.passed()) ++wrong;
  }
  fmt::print("{} of {} gradients agree with central differences, to a relative error of {}\n",
             checks.size() - wrong, checks.size(), options.tolerance);
  return wrong == 0 ? kDone : kWrongGradient;
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
  command->callback([inputs, options, &status] { status = check(*inputs, *options); });
}

}  // namespace backstep::program
