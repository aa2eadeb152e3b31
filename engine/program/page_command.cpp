// backstep page: the stepper as one self-contained page.
#include <fmt/core.h>

#include <memory>

#include "engine/check/slopes.h"
#include "engine/page/page.h"
#include "engine/program/commands.h"
#include "engine/program/inputs.h"
#include "engine/read/library.h"
#include "engine/text.h"
#include "engine/write/file.h"
#include "engine/write/streams.h"

namespace backstep::program {
namespace {

struct Settings {
  Inputs inputs;
  std::string out;
  Language language;
};

void execute(const Settings& settings) {
  const read::Run run = program::run(settings.inputs);
  page::PageOptions options;
  options.circuit = run.circuit;
  options.outputs = run.outputs;
  options.language = settings.language;
  options.notes = run.notes;
  if (const int window = page::page_window(run.trace); window > 0) {
    options.notes.push_back(
        fmt::format("the page holds at most {} rows and columns of each value, the first and the "
                    "last, with the "
                    "statistics of all elements; a smaller batch shows the same",
                    window));
    write::say("note: " + options.notes.back());
  }
  options.source = read::source_text(settings.inputs.circuit);
  options.slopes = check::all_measured_slopes(run.trace, run.output, run.seed);
  write::write_file(settings.out, page::page_html(run.trace, options));
  fmt::print("{}\n", printable(settings.out));
}

}  // namespace

void add_page(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("page", "the stepper as one self-contained page");
  const auto settings = std::make_shared<Settings>();
  add_inputs(*command, settings->inputs);
  command->add_option("--out", settings->out, "the file to write, FILE.html")->required();
  add_language(*command, settings->language);
  command->callback([settings, &status] {
    execute(*settings);
    status = kDone;
  });
}

}  // namespace backstep::program
