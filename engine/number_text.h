// The one number formatter: every view, table, picture and sentence prints its numbers by it.
#pragma once

#include <string>
#include <string_view>

namespace backstep {

// For reading: `value` to so many significant digits (1 to 17), without trailing zeros.
// "0.4946", "0.5", "-0.3", "12346"; "50" and "123456" for whole numbers; "1.234e-05" below 1e-3 and
// "1.235e+06" from 1e6 on; "inf", "-inf", "nan". Zero is "0" whatever its sign.
std::string number_text(double value, int significant = 4);

// For programs: the shortest text that Python reads back as the same number. Whole numbers up to
// 1e16 have no point ("1"), "-0.0" keeps its sign, and the rest is "np.inf", "-np.inf", "np.nan".
std::string exact_number_text(double value);

// For formulas: "1/50" where `value` is the very double of 1.0 / k for a whole k in 2 .. 1e6, else
// exact_number_text. Inside an expression it may need parentheses.
std::string fraction_text(double value);

// How a number stands among others: what goes before one above 0, before 0 and nan, before one
// below 0 in place of its own sign; and what goes behind one below 0.
struct SignForm {
  std::string_view plus, zero, minus, behind;
};
inline constexpr SignForm kPlain = {"", "", "-", ""};
inline constexpr SignForm kBracketed = {"", "", "(-", ")"};    // "2 * (-0.5)"
inline constexpr SignForm kAdded = {" + ", " + ", " - ", ""};  // "0.1 + 0.2 - 0.5"
inline constexpr SignForm kSigned = {"+", "", "-", ""};        // "+0.5", "-0.5", "0", "nan", "+inf"
inline constexpr SignForm kListed = {", ", ", ", ", -", ""};   // "max(0.1, 0.2, -0.5)"

// `number` is a text of number_text.
std::string signed_as(const SignForm& form, std::string_view number);

}  // namespace backstep
