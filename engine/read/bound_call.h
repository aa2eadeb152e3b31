// A call of a NumPy function whose arguments are sorted by its parameters, and what handlers of
// such calls share.
#pragma once

#include <cstdint>
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
