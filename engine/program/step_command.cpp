// backstep step: walk a run forward and backward, full screen or as plain lines.
#include <memory>

#include "engine/check/derive.h"
#include "engine/program/commands.h"
#include "engine/program/inputs.h"
#include "engine/step/stepper.h"

namespace backstep::program {
namespace {

struct Settings {
  Inputs inputs;
  std::string script;
  Language language;
};

void execute(const Settings& settings, bool has_script) {
  const check::Reference reference(program::run(settings.inputs));
  const read::Run& run = reference.run;
  step::Options options;
  options.title = run.circuit;
  options.notes = run.notes;
  options.language = settings.language;
  options.judge_formula = check::formula_judge(reference);
  if (has_script) options.script = settings.script;
  step::run(run.trace, options);
}

}  // namespace

void add_step(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("step", "walk the run step by step, both ways");
  const auto settings = std::make_shared<Settings>();
  add_inputs(*command, settings->inputs);
  const CLI::Option* script = command->add_option(
      "--script", settings->script,
      "keys to press, \"n n i p q\": prints plain lines; - reads them from standard input");
  add_language(*command, settings->language);
  command->callback([settings, script, &status] {
    execute(*settings, script->count() > 0);
    status = kDone;
  });
}

}  // namespace backstep::program
