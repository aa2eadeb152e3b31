// backstep run: every value and gradient of a circuit, as a table, an npz or JSON.
#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/program/commands.h"
#include "engine/program/inputs.h"
#include "engine/text.h"
#include "engine/write/file.h"
#include "engine/write/values.h"

namespace backstep::program {
namespace {

constexpr int kShownNumbers = 4;

std::string first_numbers(ConstView value) {
  std::string text;
  const int shown = std::min<int>(kShownNumbers, static_cast<int>(value.size()));
  for (int i = 0; i < shown; ++i) {
    text += fmt::format("{:>11}", number_text(value.data[i]));
  }
  return text + (value.size() > kShownNumbers ? "  ..." : "");
}

struct Row {
  std::string station, formula, shape, numbers;
};

class Table {
 public:
  void add(const Trace& trace, NodeId id) {
    const Graph& graph = trace.graph();
    const int station = graph.place(id).station;
    const bool operation = graph.node(id).primitive != nullptr;
    rows_.push_back({operation ? fmt::format("{}", station) : "", formula(graph, id),
                     to_string(graph.node(id).shape), first_numbers(trace.value(id))});
  }

  std::size_t formula_width() const {
    std::size_t width = 0;
    for (const Row& row : rows_) width = std::max(width, width_of(row.formula));
    return width;
  }

  void print(std::string_view heading, std::size_t width) const {
    fmt::print("{}\n", heading);
    for (const Row& row : rows_) {
      const std::string gap(width - width_of(row.formula), ' ');
      fmt::print("{:>4}  {}{}  {:<10}{}\n", row.station, row.formula, gap, row.shape, row.numbers);
    }
  }

 private:
  static std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(columns(text));
  }

  std::vector<Row> rows_;
};

void print_tables(const read::Run& run, Language language) {
  const Graph& graph = run.trace.graph();
  Table leaves, forward, backward;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    const bool named_leaf = node.primitive == nullptr && !node.name.empty();
    if (named_leaf && node.place.part == Part::kForward) leaves.add(run.trace, id);
  }
  for (const Event& event : run.trace.events()) {
    (event.kind == EventKind::kForward ? forward : backward).add(run.trace, event.node);
  }
  const std::size_t width =
      std::max({leaves.formula_width(), forward.formula_width(), backward.formula_width()});
  leaves.print(say(language, Words("inputs")), width);
  forward.print("\n" + say(language, Words("forward")), width);
  backward.print("\n" + say(language, Words("backward")), width);
}

struct Settings {
  Inputs inputs;
  std::string npz, json;
  Language language;
};

void execute(const Settings& settings) {
  const read::Run run = program::run(settings.inputs);
  if (!settings.npz.empty()) write::write_npz(settings.npz, write::named_values(run.trace));
  if (!settings.json.empty()) {
    write::write_file(settings.json, write::run_json(run.trace, run.circuit));
  }
  print_tables(run, settings.language);
}

}  // namespace

void add_run(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("run", "every value and gradient, as a table");
  const auto settings = std::make_shared<Settings>();
  add_inputs(*command, settings->inputs);
  command->add_option("--npz", settings->npz, "write every named value to FILE")
      ->check(file_name());
  command->add_option("--json", settings->json, "write every named value and event to FILE")
      ->check(file_name());
  add_language(*command, settings->language);
  command->callback([settings, &status] {
    execute(*settings);
    status = kDone;
  });
}

}  // namespace backstep::program
