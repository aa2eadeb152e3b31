// What stands in the places of the lesson, part by part, in the order of its words.
#include "words.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/read/builtin.h"
#include "engine/write/circuit_dot.h"
#include "lessons/circuits.h"
#include "lessons/measure.h"
#include "lessons/rerun.h"
#include "runs.h"

namespace backstep::lessons {
namespace {

constexpr int kDigits = 3;
constexpr double kStep = 0.01;

constexpr auto kSample = Words("sample {0}");

double number(const Trace& trace, const std::string& name) { return value(trace, name)(0, 0); }

// "-1, -2", row by row.
std::string numbers_text(ConstView values) {
  std::string text;
  for (const double each : values) {
    text += (text.empty() ? "" : ", ") + number_text(each, kDigits);
  }
  return text;
}

std::string formula_of(const Trace& trace, const std::string& name) {
  return formula(trace.graph(), trace.graph().find(name));
}

// f where x is larger by kStep.
double f_with_x_moved(const Trace& trace) {
  return number(rerun(trace, {{"x", Tensor({}, number(trace, "x") + kStep)}}), "f");
}

// The rows of a table: each red edge of a circuit of numbers, and what it carries.
std::string edges(const read::Run& run) {
  const Trace& trace = run.trace;
  const Graph& graph = trace.graph();
  const Ledger ledger(trace);
  std::string rows;
  for (const Event& event : trace.events()) {
    if (event.kind != EventKind::kContribution) continue;
    const NodeId user = use_of(graph, event.node).user;
    const NodeId in = user == run.output ? run.seed : ledger.gradient(user);
    const double comes_in = trace.value(in)(0, 0), sent = trace.value(event.node)(0, 0);
    rows += fmt::format("{}| {} → {} | {} = {} | {} | `{}` = {} |", rows.empty() ? "" : "\n",
                        graph.name(user), graph.name(graph.place(event.node).of), graph.name(in),
                        number_text(comes_in), number_text(sent / comes_in),
                        formula(graph, event.node), number_text(sent));
  }
  return rows;
}

// The values that a reader sees, each with its gradient.
std::vector<std::pair<NodeId, NodeId>> values_with_gradients(const read::Run& run) {
  const Graph& graph = run.trace.graph();
  const Ledger ledger(run.trace);
  std::vector<std::pair<NodeId, NodeId>> pairs;
  for (NodeId node = 0; node <= run.output; ++node) {
    const NodeId gradient = node == run.output ? run.seed : ledger.gradient(node);
    if (!graph.place(node).folded && gradient != kNoNode) pairs.emplace_back(node, gradient);
  }
  return pairs;
}

void add_first(Places& places) {
  const read::Run run = run_of("warm_up");
  const Trace& trace = run.trace;
  for (const std::string name : {"x", "y", "z", "q", "f", "dx", "df"}) {
    places.number(name, number(trace, name));
  }
  const double moved = f_with_x_moved(trace);
  places.number("step", kStep);
  places.number("f_moved", moved, 4);
  places.number("f_by", moved - number(trace, "f"));
  places.text("f_edges", edges(run));
}

void add_fork(Places& places) {
  const read::Run run = run_of("fork");
  for (const std::string name : {"dx1", "dx2", "dx"}) {
    places.number("fork_" + name, number(run.trace, name));
  }
  places.number("fork_by", f_with_x_moved(run.trace) - number(run.trace, "f"));
  places.text("fork_dx1_formula", formula_of(run.trace, "dx1"));
  places.text("fork_dx2_formula", formula_of(run.trace, "dx2"));
}

void add_neuron(Places& places) {
  const read::Run run = run_of("neuron");
  const Trace& trace = run.trace;
  const double out = number(trace, "out");
  std::string rows;
  for (const auto& [node, gradient] : values_with_gradients(run)) {
    const ConstView value = trace.value(node);
    rows += fmt::format("{}| `{}` | {} | {} | {} |", rows.empty() ? "" : "\n",
                        formula(trace.graph(), node), to_string(value.shape), numbers_text(value),
                        numbers_text(trace.value(gradient)));
  }
  places.text("neuron_rows", rows);
  places.number("neuron_dout", number(trace, "dout"));
  places.number("sigmoid_slope", out * (1 - out));
  places.count("D", value(trace, "x").size());
}

// All but what happens inside the sigmoid, and but what is a matrix.
std::string rows_of_batch(const read::Run& run) {
  const Graph& graph = run.trace.graph();
  std::string rows;
  for (const auto& [node, gradient] : values_with_gradients(run)) {
    const bool is_out = node == run.output;
    if (graph.place(node).group != 0 && !is_out) continue;
    const ConstView slopes = run.trace.value(gradient);
    const bool is_short = slopes.shape.ndim() < 2;
    rows += fmt::format("{}| `{}` | {} | {} |", rows.empty() ? "" : "\n",
                        is_out ? graph.name(node) : formula(graph, node), to_string(slopes.shape),
                        is_short ? numbers_text(slopes) : "…");
  }
  return rows;
}

void add_neurons(Language language, Places& places) {
  const read::Run run = run_of("neurons");
  const Trace& trace = run.trace;
  const Tensor to_w = product(value(trace, "dwx"), value(trace, "x"));
  const ConstView dw = value(trace, "dw");
  std::string rows;
  for (int row = 0; row < to_w.shape().rows(); ++row) {
    rows += fmt::format("{}| {} | {} | {} |", row == 0 ? "" : "\n", say(language, kSample, row + 1),
                        number_text(to_w(row, 0), kDigits), number_text(to_w(row, 1), kDigits));
  }
  places.text("dw_rows", rows);
  places.number("dw_0", dw(0, 0));
  places.number("dw_1", dw(0, 1));
  places.count("N", static_cast<std::size_t>(to_w.shape().rows()));
  places.text("x_shape", to_string(to_w.shape()));
  places.text("w_shape", to_string(dw.shape));
  places.text("dout", numbers_text(value(trace, "dout")));
  places.text("neurons_rows", rows_of_batch(run));
}

std::string program(std::string_view ending) {
  const std::string name = fmt::format("lessons/00_first_circuit/program/first_circuit.{}", ending);
  for (const EmbeddedFile& file : read::builtin_files()) {
    if (file.name == name) return std::string(file.text);
  }
  throw Error(fmt::format("there is no {}", name));
}

constexpr std::string_view kMain = "int main() {\n";

// Between the braces of main().
std::size_t lines_of_main(std::string_view text) {
  const std::string_view body = text.substr(text.find(kMain));
  return static_cast<std::size_t>(std::count(body.begin(), body.end(), '\n')) - 2;
}

void add_programs(Places& places) {
  const std::string cpp = program("cpp");
  const Trace trace = run_of("warm_up").trace;
  std::string output;
  for (const char* name : {"f", "dx", "dy", "dz"}) {
    output += fmt::format("{}`{} = {}`", output.empty() ? "" : ", ", name,
                          number_text(number(trace, name)));
  }
  places.text("numpy_program", program("py"));
  places.text("cpp_program", cpp.substr(cpp.find(kMain)));
  places.count("cpp_lines", lines_of_main(cpp));
  places.text("program_output", output);
}

void add_measured(const Checked& checked, Places& places) {
  places.count("seeds", checked.seeds);
  places.count("circuits", walked().size());
  places.number("measured_most", checked.most, 1);
}

// What the next lesson walks. A setting such as eps is repeated too, but gets no gradient.
void add_batch_norm(Places& places) {
  const Trace trace = circuit("batch_norm");
  std::size_t repeats = 0;
  for (NodeId node = 0; node < trace.graph().size(); ++node) {
    const Place& place = trace.graph().place(node);
    if (!place.folded || place.part != Part::kForward) continue;
    const NodeId of = trace.graph().input(node, 0);
    if (trace.graph().node(of).role != Role::kConstant) ++repeats;
  }
  places.count("next_nodes", count(trace, EventKind::kForward));
  places.count("next_forks", count(trace, EventKind::kFinal));
  places.count("next_repeats", repeats);
}

NamedCircuit picture(const Walked& circuit, Language language) {
  const Trace trace = run_of(circuit.name).trace;
  write::DotOptions options;
  options.language = language;
  options.unfold = true;
  return {std::string(circuit.file),
          write::circuit_dot(trace, options, write::CircuitLayout(trace, options))};
}

}  // namespace

Checked check_gradients(std::uint32_t seed, std::size_t seeds) {
  Checked checked;
  checked.seeds = seeds;
  for (const Walked& circuit : walked()) {
    const std::vector<double> differences = measured_differences(circuit, seed, seeds);
    checked.most = std::max(checked.most, std::ranges::max(differences));
    checked.figures.set(fmt::format("measured.{}", circuit.name), figure_of(differences));
  }
  return checked;
}

Telling tell(const Checked& checked, Language language) {
  Telling telling;
  add_first(telling.places);
  add_fork(telling.places);
  add_neuron(telling.places);
  add_neurons(language, telling.places);
  add_programs(telling.places);
  add_measured(checked, telling.places);
  add_batch_norm(telling.places);
  for (const Walked& circuit : walked()) telling.circuits.push_back(picture(circuit, language));
  return telling;
}

}  // namespace backstep::lessons
