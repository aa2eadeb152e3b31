// The general program: backstep COMMAND CIRCUIT [inputs].
#include <fmt/core.h>

#include <exception>
#include <iostream>
#include <new>
#include <sstream>
#include <string>

#include "engine/program/commands.h"
#include "engine/read/source.h"
#include "engine/tensor.h"
#include "engine/text.h"
#include "engine/write/streams.h"

namespace backstep::program {
namespace {

// CLI11 would only say that a command is required.
void check_command(const CLI::App& app, const std::string& name) {
  std::string names;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == name) return;
    names += " " + command->get_name();
  }
  throw Error(
      fmt::format("there is no command {}; the commands are{}", backstep::quoted(name), names));
}

int run_program(int argc, char** argv) {
  CLI::App app("Walk the backward pass of any NumPy function, node by node, in both directions.",
               "backstep");
  app.require_subcommand(1);
  int status = kDone;
  add_run(app, status);
  add_render(app, status);
  add_page(app, status);
  add_gradcheck(app, status);
  add_plan(app, status);
  add_simplify(app, status);
  add_c(app, status);
  add_step(app, status);
  add_check(app, status);
  add_derive(app, status);
  add_jacobian(app, status);
  add_numpy(app, status);
  if (argc > 1 && argv[1][0] != '-') check_command(app, argv[1]);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // CLI11 has a number of its own for each mistake; here every wrong usage is 2.
    std::ostringstream words;
    status = app.exit(error, std::cout, words) == 0 ? kDone : kBadInput;
    write::say_now(printable_lines(words.str()));
  }
  write::flush_output();
  return status;
}

}  // namespace
}  // namespace backstep::program

int main(int argc, char** argv) {
  using namespace backstep;
  write::prepare_streams();
  try {
    return program::run_program(argc, argv);
  } catch (const read::ReadError& error) {
    // It begins with file:line:column, as editors look for it.
    write::say(error.what());
  } catch (const Error& error) {
    write::say(fmt::format("backstep: {}", error.what()));
  } catch (const std::bad_alloc&) {
    write::say("backstep: not enough memory for this run; a smaller batch shows the same");
  } catch (const std::exception& error) {
    write::say(fmt::format("backstep: {}", error.what()));
  }
  return program::kBadInput;
}
