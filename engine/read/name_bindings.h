// What the lines of a Python text give names to: found by their words, without reading what they
// do, so that no line goes unseen.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/read/source.h"

namespace backstep::read {

enum class Binds : std::uint8_t { kFunction, kClass, kImport, kValue, kNothing, kGlobal, kField };

// One name of a statement: set, imported, deleted (nothing is left), declared global, or given a
// field, as in np.exp = mine.
struct NameBinding {
  std::string name;  // "*" of `from math import *`
  Binds what = Binds::kValue;
  std::string path;        // of an import: "numpy", "math.pi"
  std::uint32_t byte = 0;  // of the name
  bool is_certain = true;  // false for what hangs on an `if`, a loop, a `with`
};

// The names that the text of a logical line binds, in order; `byte` is where it begins. Of a def or
// class, its name alone.
std::vector<NameBinding> names_bound_by(std::string_view text, std::uint32_t byte);

// A call in this text that could change a value, or an assignment within it; "" if there is none.
// What the functions of the file itself do is not known.
std::string effect_in(std::string_view text, const std::function<bool(const std::string&)>& is_own);

// The names that this text asks for, but for Python's own and, in a text with a comprehension or a
// lambda, which have names of their own, none.
std::vector<std::string> names_asked_for(std::string_view text);

// Every name that this text uses for a value: those of Python itself aside, and those that a
// comprehension or a lambda in it has for itself. One that it sets is among them.
std::vector<std::string> names_used_in(std::string_view text);

// The names whose value the text of a logical line changes in place: x of `x += 1`, of `x[0] = 1`,
// of `x.add_(1)` and of `np.add.at(x, i, 1)`. What PyTorch alone looks at (x.grad) is no change.
std::vector<std::string> names_changed_by(std::string_view text);

// Where the condition of an `assert` begins and ends in its text.
struct TextRange {
  std::size_t begin = 0;
  std::size_t end = 0;
};
TextRange condition_of_assert(std::string_view text);

}  // namespace backstep::read
