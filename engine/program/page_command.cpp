// backstep page: the stepper as one self-contained page.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "engine/check/finite_differences.h"
#include "engine/program/commands.h"
#include "engine/program/inputs.h"
#include "engine/read/builtin.h"
#include "engine/write/file.h"
#include "engine/write/page.h"

namespace backstep::program {
namespace {

struct Settings {
  Inputs inputs;
  std::string out;
  Language language = Language::kEnglish;
};

// The NumPy text of the circuit, to show on the page; nothing if it is long.
std::string source_of(const std::string& circuit) {
  constexpr std::size_t kMostShown = 20000;
  std::string text;
  for (const read::BuiltinFile& file : read::builtin_files()) {
    if (file.name == "graphs/" + circuit + ".py") text = file.text;
  }
  const std::size_t colon = circuit.rfind(".py:");
  std::ifstream file(circuit.substr(0, colon == std::string::npos ? colon : colon + 3));
  if (text.empty() && file) text.assign(std::istreambuf_iterator<char>(file), {});
  return text.size() > kMostShown ? "" : text;
}

// The slopes of every value that has a gradient, of as many elements as take a second or so.
std::map<NodeId, Tensor> measured_slopes(const read::Run& run) {
  constexpr double kMostWork = 2e8;  // elements computed
  constexpr double kRuns = 20;       // a slope takes about so many
  const Trace& trace = run.trace;
  const Ledger ledger(trace);
  double forward = 0;
  double slopes = 0;
  for (NodeId node = 0; node <= run.output; ++node) {
    const double size = static_cast<double>(trace.value(node).size());
    forward += size;
    if (ledger.gradient(node) != kNoNode) slopes += size;
  }
  const double share = std::min(1.0, kMostWork / (kRuns * forward * std::max(1.0, slopes)));
  std::map<NodeId, Tensor> measured;
  for (NodeId node = 0; node < run.output; ++node) {
    const bool drawn =
        trace.graph().place(node).part == Part::kForward && !trace.graph().place(node).folded;
    if (!drawn || ledger.gradient(node) == kNoNode) continue;
    check::CheckOptions options;
    options.most_elements =
        static_cast<std::size_t>(share * static_cast<double>(trace.value(node).size()));
    if (options.most_elements == 0) continue;
    measured.emplace(node, check::measured_slopes(trace, run.output, run.seed, node,
                                                  ledger.gradient(node), options));
  }
  return measured;
}

void execute(const Settings& settings) {
  const read::Run run = program::run(settings.inputs);
  write::PageOptions options;
  options.circuit = run.circuit;
  options.outputs = run.outputs;
  options.language = settings.language;
  options.notes = run.notes;
  options.source = source_of(settings.inputs.circuit);
  options.slopes = measured_slopes(run);
  write::write_file(settings.out, write::page_html(run.trace, options));
  fmt::print("{}\n", settings.out);
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
