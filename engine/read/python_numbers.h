// Python's arithmetic on numbers that are known while a function is read.
#pragma once

#include "engine/read/python_syntax.h"
#include "engine/read/value.h"

namespace backstep::read {

// From 2**53 on, not every integer is a double.
inline constexpr double kIntegerLimit = 9007199254740992.0;

// `a op b`, with Python's types: integers stay integers, and are exact. Throws Error where Python
// raises, where NumPy does if one of them is NumPy's, and where the result is an integer that no
// double holds.
Scalar arithmetic(Operator op, const Scalar& a, const Scalar& b);

// + - * / and ** of two doubles.
double of_floats(Operator op, double a, double b);

// `-a` and `+a`: of True and False, integers. Throws Error for those of NumPy, which has none.
Scalar with_sign(const Scalar& a, bool minus);

// An integer below that limit. Throws Error for others.
Scalar integer(double value);

}  // namespace backstep::read
