// The numbers that a user gives to a parameter: `--set x='2*randn(4,3)+1'`.
#pragma once

#include <string>
#include <string_view>

#include "engine/read/numpy_random.h"
#include "engine/read/value.h"
#include "engine/tensor.h"

namespace backstep::read {

// What stands behind --set: numbers, and what kind of numbers they are in a .npy file.
struct InputValue {
  Tensor numbers;
  NumberType type = NumberType::kFloat;
  bool is_file = false;
};

// The value of `text`: a number, the path of a .npy file, a constructor with or without np. or
// np.random. before it, a list of numbers or of lists, or arithmetic of these. Constructors are
// rand, randn, zeros, ones, full, arange, linspace, eye, with .reshape() and .T behind them, and
// one_hot(N, C), whose N classes are drawn at random. `where` stands for the file in errors.
//
// Throws Error. Too many elements are refused before anything is allocated.
InputValue evaluate_input(const std::string& where, std::string_view text, LegacyRandom& random);

}  // namespace backstep::read
