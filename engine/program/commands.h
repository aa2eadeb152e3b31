// The commands of the general program: each adds itself to the command line, one file a command.
#pragma once

#include <CLI/CLI.hpp>

namespace backstep::program {

// What a command ends with, as the shell sees it.
enum ExitStatus { kDone = 0, kWrongGradient = 1, kBadInput = 2, kIncomplete = 3 };

// A command's callback leaves its exit status in `status`.
void add_run(CLI::App& app, int& status);
void add_render(CLI::App& app, int& status);
void add_page(CLI::App& app, int& status);
void add_gradcheck(CLI::App& app, int& status);
void add_plan(CLI::App& app, int& status);
void add_simplify(CLI::App& app, int& status);
void add_c(CLI::App& app, int& status);
void add_step(CLI::App& app, int& status);
void add_check(CLI::App& app, int& status);
void add_derive(CLI::App& app, int& status);
void add_jacobian(CLI::App& app, int& status);
void add_numpy(CLI::App& app, int& status);

}  // namespace backstep::program
