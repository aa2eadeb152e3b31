// Parses a Python file to the functions that the reader can take, without running anything.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/read/logical_lines.h"
#include "engine/read/python_class.h"
#include "engine/read/python_syntax.h"
#include "engine/read/source.h"
#include "engine/read/value.h"

namespace backstep::read {

// What a name is at the top level once the whole file has run.
struct ModuleName {
  NameBinding binding;     // the last one
  bool is_certain = true;  // false within an `if`, a loop, a `try`, or by a function's `global`
  int times = 1;           // how often it is bound
};

// A statement of the top level that is no def, with the lines that are indented below it.
struct TopBlock {
  std::uint32_t begin = 0;  // its bytes...
  std::uint32_t end = 0;
  std::size_t first_line = 0;  // ... and its logical lines
  std::size_t end_line = 0;
};

// A parsed file.
struct Module {
  std::shared_ptr<const Source> source;
  std::shared_ptr<const std::vector<LogicalLine>> lines;
  std::vector<Function> functions;
  std::vector<TopBlock> blocks;
  std::vector<Class> classes;
  std::vector<std::string> stars;  // modules that every name is imported from, in their order
  std::map<std::string, Expression> constants;  // `GPU = False`: the last literal of a name
  std::list<Function> circuits;                 // what classes are as circuits
  std::map<std::string, ModuleName> names;
  std::vector<std::string> notes;  // "passed over: import numpy as np (line 1)"

  // Null if there is none. As in Python, the last of several with one name; then those of classes.
  const Function* find(std::string_view name) const;
  const Class* find_class(std::string_view name) const;
  // Null for a name that the file does not bind.
  const ModuleName* name(const std::string& name) const;
};

// Throws Error or ReadError for a text that is no Python. An error inside a function is kept in it.
Module parse_module(std::string name, std::string text);
Module parse_module(std::shared_ptr<const Source> source);

// The statements of these blocks as the body of a function that has no name and no parameters.
// Throws ReadError for what is not read.
Function parse_blocks(const Module& module, std::span<const TopBlock> blocks);

// Makes a circuit of a class, to be found by `name`: "Affine", which parse_module() has made, or
// "Affine.loss" for a method of it. False if there is no such class, or no such method.
bool add_class_circuit(Module& module, std::string_view name);

// The method that a class is run by where nobody names one: forward, __call__, loss. "" for none.
std::string running_method(const Type& type);

// One expression, as in `--set x=EXPR`.
Expression parse_expression(const Source& source);

// What a note says of a line that is passed over, or the empty string where nothing is to be said.
std::string passed_over_note(const Source& source, std::size_t byte, std::string_view text);

}  // namespace backstep::read
