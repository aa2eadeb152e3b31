// Python's operators on the values of a function that is being read.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/read/draft.h"
#include "engine/read/value.h"

namespace backstep::read {

// `a op b`, at the place of the operator. Numbers are worked out; arrays become nodes.
Value apply_operator(Draft& draft, Operator op, std::size_t byte, const Operand& a,
                     const Operand& b);

// `-a` and `+a`.
Value with_sign(Draft& draft, const Operand& a, bool minus);

// What an array or a number holds, and no more of it.
Array kind_of(const Value& value);

// np.sqrt(variance + epsilon), where epsilon is a number or a constant: one step, not two. Null if
// these operands are no such pair.
const Array* variance_of_deviation(const Operand& variance, const Operand& epsilon);
Value deviation(Draft& draft, std::size_t byte, const Operand& variance, const Operand& epsilon);

// `~a`: not of a mask or of True and False, -a - 1 of an integer.
Value inverted(Draft& draft, const Operand& a);

// The operand as a node: a number becomes a constant leaf. Refuses everything else.
Array as_array(Draft& draft, const Operand& operand);
// np.array of a list, or of lists in it: of numbers that are known.
Array array_of_list(Draft& draft, const Operand& list);
// Throws ReadError for integers that may be too large to be exact here.
void check_exact(const Operand& operand, std::size_t byte, const Array& result);

// The number that the operand is, or a refusal that says what wants it.
double number_of(const Operand& operand, std::string_view use);
// Of an operand that was to be such a number, and is none.
[[noreturn]] void refuse_unknown(const Operand& operand, std::string_view message,
                                 std::string_view instead = {});

}  // namespace backstep::read
