// What a function or method makes of an array: another one, a view of it, or a number.
#pragma once

#include <string>
#include <string_view>

#include "engine/read/value.h"

namespace backstep::read {

// What a method makes of an array: another one, or a view of it, unless its numbers are of another
// kind. A copy of a number is a number, and one of an array of no sides is such an array.
Value of_method(std::string_view method, Value result, const Value& of);

// Whether this function of NumPy gives an array of no sides where others give a number: unlike a
// number, it can be changed in place.
bool makes_array_of_no_sides(std::string_view function);

// "float64", "int64" or "bool".
std::string dtype_of(const Array& array);

}  // namespace backstep::read
