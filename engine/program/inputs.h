// What every command takes: the circuit, and the values of its inputs.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "engine/describe.h"
#include "engine/read/run.h"

namespace backstep::program {

struct Inputs {
  std::string circuit;
  std::vector<std::string> set;  // "NAME=EXPR"
  read::RunOptions options;
};

// Adds CIRCUIT, --set, --seed, --upstream and --of to a command.
void add_inputs(CLI::App& command, Inputs& inputs);

// Adds --set, --seed and --upstream alone.
void add_values(CLI::App& command, Inputs& inputs);

// Of an option that names a file or a folder to write: it must not be empty.
CLI::Validator file_name();

// Adds --lang en|ko.
void add_language(CLI::App& command, Language& language);

// The options with what --set says.
read::RunOptions run_options(const Inputs& inputs);

// As run() below, without a word.
read::Run run_quietly(const Inputs& inputs);

// Reads, differentiates and runs the circuit; its notes go to standard error. Throws Error.
read::Run run(const Inputs& inputs);

}  // namespace backstep::program
