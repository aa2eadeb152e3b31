// The functions that Python itself has, of numbers and tuples that are known: len, abs, max, round.
#pragma once

#include <string_view>

#include "engine/read/numpy_functions.h"
#include "engine/read/value.h"

namespace backstep::read {

bool is_python_builtin(std::string_view name);

// name(arguments). Throws ReadError where Python raises, and for what is not read.
Value call_builtin(const CallSite& site, std::string_view name, const CallArguments& arguments);

}  // namespace backstep::read
