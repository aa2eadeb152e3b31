// backstep numpy: the forward and backward pass as a NumPy module.
#include <fmt/core.h>

#include <array>
#include <map>
#include <memory>
#include <optional>

#include "engine/program/commands.h"
#include "engine/program/inputs.h"
#include "engine/read/docstring.h"
#include "engine/read/library.h"
#include "engine/write/file.h"
#include "engine/write/numpy_source.h"

namespace backstep::program {
namespace {

struct Settings {
  Inputs inputs;
  bool closed_form = false;
  std::string out;
};

using Letters = std::vector<std::pair<int, std::string>>;

// Sides by which the letters of a docstring can be told again in the formulas.
constexpr std::array kSides = {101, 103, 107, 109, 113, 127, 131, 137};

// Sets every parameter whose sides the docstring names to an array with sides of its own.
Letters set_sides(Inputs& inputs) {
  const read::CircuitSource source = read::find_circuit(inputs.circuit);
  const read::Function& function = *source.module.find(source.function);
  const auto lines = read::parameter_lines(function.docstring);
  std::map<std::string, int> sides;
  Letters letters;
  std::vector<std::string> set;
  for (const read::Parameter& parameter : function.parameters) {
    const auto line = lines.find(parameter.name);
    if (line == lines.end() || line->second.sides.size() != 2) continue;
    std::array<std::string, 2> text;
    for (std::size_t i = 0; i < 2; ++i) {
      const std::string& side = line->second.sides[i];
      const bool is_letter = side.find_first_of("0123456789") == std::string::npos;
      if (is_letter && sides.count(side) == 0) {
        if (letters.size() == kSides.size()) return {};
        sides[side] = kSides[letters.size()];
        letters.emplace_back(kSides[letters.size()], side);
      }
      text[i] = is_letter ? std::to_string(sides[side]) : side;
    }
    const std::string& fill = line->second.fill;
    const std::string kind = fill == "one_hot" || fill == "rand" ? fill : "randn";
    set.push_back(fmt::format("{}={}({},{})", parameter.name, kind, text[0], text[1]));
  }
  inputs.set = std::move(set);
  return letters;
}

void execute(Settings settings) {
  Letters letters;
  if (settings.inputs.set.empty()) letters = set_sides(settings.inputs);
  const read::Run run =
      letters.empty() ? program::run(settings.inputs) : run_quietly(settings.inputs);
  const std::string text =
      write::numpy_module({&run.trace, run.circuit, run.output, run.seed, run.parameters,
                           std::move(letters), settings.closed_form});
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
