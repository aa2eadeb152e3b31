// Parses a Python file to the functions that the reader can take, without running anything.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/read/python_syntax.h"
#include "engine/read/source.h"

namespace backstep::read {

// A parsed file.
struct Module {
  std::shared_ptr<const Source> source;
  std::vector<Function> functions;
  // What NumPy is called here: np and numpy, and what `import numpy as ...` says.
  std::vector<std::string> numpy_names;
  std::vector<std::string> notes;  // "passed over: import numpy as np (line 1)"

  // Null if there is none. As in Python, the last of several with one name.
  const Function* find(std::string_view name) const;
};

// Throws Error or ReadError for a text that is no Python. An error inside a function is kept in it.
Module parse_module(std::string name, std::string text);

// One expression, as in `--set x=EXPR`.
Expression parse_expression(const Source& source);

// What a note says of a line that is passed over, or the empty string where nothing is to be said.
std::string passed_over_note(const Source& source, std::size_t byte, std::string_view text);

}  // namespace backstep::read
