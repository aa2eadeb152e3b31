// Where circuits come from: those that are compiled in, and files.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/read/python_parser.h"

namespace backstep::read {

// The built-in circuits, parsed when they are asked for.
class Library {
 public:
  // The function of a built-in circuit, and the file that it stands in. Null if there is none.
  struct Entry {
    const Module* module = nullptr;
    const Function* function = nullptr;
  };
  Entry find(std::string_view name);
  // What `from MODULE import FUNCTION` in a file gives. Throws Error if the file lies beside
  // another MODULE.py, which Python would take.
  Entry find_imported(const Source& file, const std::string& module, std::string_view function);
  // The file that `import MODULE` in a file finds beside it, or in a folder above: "common.layers"
  // is common/layers.py there, ".layers" layers.py. Null if there is none. Throws Error if there
  // are several, of which Python would take one or the other.
  const Module* find_beside(const Source& file, const std::string& module);
  // The module of a built-in circuit. Null if there is none.
  const Module* find_module(std::string_view name);

 private:
  std::map<std::string, std::unique_ptr<Module>, std::less<>> modules_;
  std::map<std::string, std::unique_ptr<Module>, std::less<>> beside_;
};

// The names of all built-in circuits: "batch_norm".
std::vector<std::string> builtin_names();

// A file, and the function of it that is the circuit.
struct CircuitSource {
  Module module;
  std::string function;
};

// `circuit` is the name of a built-in one, FILE.py (its last function) or FILE.py:name. Throws
// Error if there is no such thing, if it cannot be read, or if it is no Python.
CircuitSource find_circuit(std::string_view circuit);

// The file at `path`, a notebook or a Python file. Throws Error.
Module open_module(const std::string& path);

// The text of the file that `circuit` stands in, to show beside it; empty if there is none.
std::string source_text(std::string_view circuit);

}  // namespace backstep::read
