// What every command takes: the circuit, and the values of its inputs.
#include "engine/program/inputs.h"

#include <fmt/core.h>

#include <cstdint>
#include <limits>

#include "engine/text.h"
#include "engine/write/streams.h"

namespace backstep::program {
namespace {

std::pair<std::string, std::string> name_and_expression(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == 0 || equals == std::string::npos) {
    throw Error(
        fmt::format("--set {}: expected NAME=EXPR, such as --set 'x=randn(4,3)'", shortened(text)));
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace

void add_inputs(CLI::App& command, Inputs& inputs) {
  command
      .add_option("CIRCUIT", inputs.circuit,
                  "a built-in circuit, FILE.py (its last function), or FILE.py:name")
      ->required();
  add_values(command, inputs);
  command.add_option("--of", inputs.options.of, "the result to differentiate (default: the first)");
}

void add_values(CLI::App& command, Inputs& inputs) {
  command
      .add_option("--set", inputs.set,
                  "NAME=EXPR: a number, a .npy file, or rand(4,3), randn, zeros, ones, full, "
                  "arange(6).reshape(2,3), one_hot(4,3), [[1,2],[3,4]]")
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--seed", inputs.options.seed, "of every random value, as np.random.seed")
      ->check(CLI::Range(std::numeric_limits<std::uint32_t>::max()))
      ->capture_default_str();
  command.add_option("--upstream", inputs.options.upstream,
                     "the upstream gradient: the name of a node, or an EXPR");
}

CLI::Validator file_name() {
  return {[](const std::string& text) { return text.empty() ? "a file name is missing" : ""; },
          "FILE"};
}

void add_language(CLI::App& command, Language& language) {
  command
      .add_option_function<std::string>(
          "--lang", [&language](const std::string& code) { language = *language_of(code); },
          language_codes(" or "))
      ->check(language_fault)
      ->default_str(std::string(language.code()));
}

read::RunOptions run_options(const Inputs& inputs) {
  read::RunOptions options = inputs.options;
  for (const std::string& text : inputs.set) options.set.push_back(name_and_expression(text));
  return options;
}

read::Run run_quietly(const Inputs& inputs) {
  return read::run_circuit(inputs.circuit, run_options(inputs));
}

read::Run run(const Inputs& inputs) {
  read::Run run = run_quietly(inputs);
  for (const std::string& note : run.notes) write::say("note: " + note);
  return run;
}

}  // namespace backstep::program
