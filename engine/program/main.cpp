// The general program: backstep COMMAND CIRCUIT [inputs].
#include <fmt/core.h>

#include <exception>
#include <new>

#include "engine/program/commands.h"
#include "engine/read/source.h"
#include "engine/tensor.h"

int main(int argc, char** argv) {
  using namespace backstep::program;
  CLI::App app("Walk the backward pass of any NumPy function, node by node, in both directions.",
               "backstep");
  app.require_subcommand(1);
  int status = kDone;
  add_run(app, status);
  add_render(app, status);
  add_gradcheck(app, status);
  add_plan(app, status);
  add_simplify(app, status);
  add_c(app, status);
  try {
    app.parse(argc, argv);
    return status;
  } catch (const CLI::ParseError& error) {
    // CLI11 has a number of its own for each mistake; here every wrong usage is 2.
    return app.exit(error) == 0 ? kDone : kBadInput;
  } catch (const backstep::read::ReadError& error) {
    // It begins with file:line:column, as editors look for it.
    fmt::print(stderr, "{}\n", error.what());
  } catch (const backstep::Error& error) {
    fmt::print(stderr, "backstep: {}\n", error.what());
  } catch (const std::bad_alloc&) {
    fmt::print(stderr,
               "backstep: not enough memory for this run; a smaller batch shows the same\n");
  } catch (const std::exception& error) {
    fmt::print(stderr, "backstep: {}\n", error.what());
  }
  return kBadInput;
}
