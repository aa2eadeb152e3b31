// The same circuit with other numbers: what is read and differentiated once runs many times.
#pragma once

#include <map>
#include <string>

#include "engine/trace.h"

namespace backstep::lessons {

// The circuit of `trace` once more, forward and backward. Leaves that `values` names get these
// values, which must have their shapes; all others keep theirs. Throws Error for a name that is no
// leaf, or another shape.
Trace rerun(const Trace& trace, const std::map<std::string, Tensor>& values);

// The value of the node that is called `name`. Throws Error if there is none.
ConstView value(const Trace& trace, const std::string& name);

// "rand(50,3)": random numbers of a shape, as --set takes them.
std::string rand_text(const Shape& shape);

}  // namespace backstep::lessons
