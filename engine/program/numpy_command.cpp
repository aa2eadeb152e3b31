// backstep numpy: the forward and backward pass as a NumPy module.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <vector>

#include "engine/program/commands.h"
#include "engine/program/inputs.h"
#include "engine/read/library.h"
#include "engine/read/sides.h"
#include "engine/write/file.h"
#include "engine/write/numpy_source.h"

namespace backstep::program {
namespace {

struct Settings {
  Inputs inputs;
  bool closed_form = false;
  std::string out;
};

// Sides by which the letters of a docstring can be told again in the formulas: primes, none of
// which, and no product of two of which, stands in the text as a number of its own.
std::vector<int> sides_beside(std::string_view text) {
  constexpr std::array kPrimes = {101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157,
                                  163, 167, 173, 179, 181, 191, 193, 197, 199, 211, 223, 227};
  constexpr std::size_t kMost = 8;
  const auto stands = [text](int number) {
    return text.find(std::to_string(number)) != std::string_view::npos;
  };
  std::vector<int> sides;
  for (const int prime : kPrimes) {
    const bool is_taken =
        stands(prime) || stands(prime * prime) ||
        std::any_of(sides.begin(), sides.end(), [&](int other) { return stands(other * prime); });
    if (!is_taken && sides.size() < kMost) sides.push_back(prime);
  }
  return sides;
}

// Sets every parameter whose sides the docstring names to an array with sides of its own.
read::ChosenSides chosen_sides(const std::string& circuit) {
  const read::CircuitSource source = read::find_circuit(circuit);
  read::ChosenSides chosen = read::set_sides(*source.module.find(source.function),
                                             sides_beside(source.module.source->text()));
  // Arrays of such sides would be very large, and products of three sides are not told again.
  const bool has_many_sides =
      std::any_of(chosen.set.begin(), chosen.set.end(), [](const auto& setting) {
        return std::count(setting.second.begin(), setting.second.end(), ',') > 1;
      });
  return has_many_sides ? read::ChosenSides{} : chosen;
}

// What picks by places is written with them, and they are those of one shape.
bool picks_by_places(const Graph& graph) {
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (graph.node(id).attributes.map != nullptr) return true;
  }
  return false;
}

read::Run run_for_letters(const Inputs& inputs, read::ChosenSides& sides) {
  if (inputs.set.empty()) sides = chosen_sides(inputs.circuit);
  if (sides.set.empty()) return program::run(inputs);
  Inputs chosen = inputs;
  for (const auto& setting : sides.set) chosen.options.set.push_back(setting);
  read::Run run = run_quietly(chosen);
  if (!picks_by_places(run.trace.graph())) return run;
  sides = {};
  return program::run(inputs);
}

void execute(const Settings& settings) {
  read::ChosenSides sides;
  const read::Run run = run_for_letters(settings.inputs, sides);
  const std::string text =
      write::numpy_module({&run.trace, run.circuit, run.output, run.seed, run.parameters,
                           std::move(sides.letters), settings.closed_form});
  if (settings.out.empty()) {
    fmt::print("{}", text);
  } else {
    write::write_file(settings.out, text);
  }
}

}  // namespace

void add_numpy(CLI::App& app, int& status) {
  CLI::App* command = app.add_subcommand("numpy", "the forward and backward pass as NumPy source");
  const auto settings = std::make_shared<Settings>();
  add_inputs(*command, settings->inputs);
  command->add_flag("--closed-form", settings->closed_form,
                    "one line for what has a compact formula, as a normalisation has");
  command->add_option("--out", settings->out, "write to FILE")->check(file_name());
  command->callback([settings, &status] {
    execute(*settings);
    status = kDone;
  });
}

}  // namespace backstep::program
