// A call of a NumPy function whose arguments are sorted by its parameters, and what handlers of
// such calls share.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/read/numpy_functions.h"

namespace backstep::read {

struct BoundCall {
  const CallSite& site;
  std::vector<const Operand*> arguments;  // null where the text gives none

  const Operand& operator[](std::size_t i) const { return *arguments[i]; }
  const Operand* optional(std::size_t i) const {
    return i < arguments.size() ? arguments[i] : nullptr;
  }
};

using Handler = Value (*)(const BoundCall& call);

// A function as a table of them has it.
struct NumpyFunction {
  std::string_view name;
  std::string_view parameters;  // in order; `*` takes what is left over
  std::size_t required = 1;
  bool is_method = false;  // x.name(...) too
  Handler handler = nullptr;
};

// Sorts the arguments by the parameters and calls the handler. Throws ReadError where they do not
// fit.
Value call_function(const CallSite& site, const NumpyFunction& function,
                    const CallArguments& arguments);

// One side of a shape, as it is written: -1 too.
std::int64_t whole_side(const Operand& operand, const Value& value);
// A side that is counted from the front, or from the end if it is below 0.
int written_side(const Operand& axis, const Value& value, int ndim);
// The kind that a dtype names; nothing for None, or where there is none.
std::optional<NumberType> written_type(const Operand* type);
// The kind that holds both.
Array common_kind(const Array& a, const Array& b);
// Whether the text gives this argument, and not as None.
inline bool is_given(const Operand* operand) {
  return operand != nullptr && !operand->value.is_none();
}

}  // namespace backstep::read
