// Integers are worked out as integers, so that no step of a sum is rounded unseen.
#include "engine/read/python_numbers.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>

namespace backstep::read {
namespace {

struct Sign {
  Operator op;
  std::string_view text;
};

constexpr std::array kSigns = {
    Sign{Operator::kAdd, "+"},          Sign{Operator::kSubtract, "-"},
    Sign{Operator::kMultiply, "*"},     Sign{Operator::kDivide, "/"},
    Sign{Operator::kMatmul, "@"},       Sign{Operator::kPower, "**"},
    Sign{Operator::kLess, "<"},         Sign{Operator::kLessEqual, "<="},
    Sign{Operator::kGreater, ">"},      Sign{Operator::kGreaterEqual, ">="},
    Sign{Operator::kEqual, "=="},       Sign{Operator::kNotEqual, "!="},
    Sign{Operator::kFloorDivide, "//"}, Sign{Operator::kModulo, "%"},
    Sign{Operator::kBitAnd, "&"},       Sign{Operator::kBitXor, "^"},
    Sign{Operator::kBitOr, "|"},
};

std::string_view text_of(Operator op) {
  return std::find_if(kSigns.begin(), kSigns.end(),
                      [op](const Sign& sign) { return sign.op == op; })
      ->text;
}

// Null where `op` compares nothing.
std::optional<bool> compared(Operator op, double a, double b) {
  switch (op) {
    case Operator::kLess:
      return a < b;
    case Operator::kLessEqual:
      return a <= b;
    case Operator::kGreater:
      return a > b;
    case Operator::kGreaterEqual:
      return a >= b;
    case Operator::kEqual:
      return a == b;
    case Operator::kNotEqual:
      return a != b;
    default:
      return std::nullopt;
  }
}

// By repeated products, all of them exact or the last one refused.
Scalar whole_power(double base, double exponent) {
  if (base == 0 || base == 1) return integer(exponent == 0 ? 1 : base);
  if (base == -1) return integer(std::fmod(exponent, 2) == 0 ? 1 : -1);
  Scalar result = integer(1);
  for (double i = 0; i < exponent; ++i) result = integer(result.value * base);
  return result;
}

// np.bool_ and np.int64 are not bool and int.
void check_numpy(Operator op, const Scalar& a, const Scalar& b) {
  if (a.type == NumberType::kFloat || b.type == NumberType::kFloat || op == Operator::kDivide) {
    return;
  }
  if (a.type == NumberType::kBool && b.type == NumberType::kBool) {
    throw Error(
        fmt::format("`{}` of True and False is no arithmetic in NumPy: write the numbers 1 "
                    "and 0",
                    text_of(op)));
  }
  if (op == Operator::kPower && b.value < 0) {
    throw Error(
        "NumPy raises integers to integer powers of 0 and above only: write a base with a "
        "point, as 2.0");
  }
}

// A product that leaves the range of exact integers is out of it after rounding too.
Scalar of_integers(Operator op, double a, double b) {
  if (op == Operator::kAdd) return integer(a + b);
  if (op == Operator::kSubtract) return integer(a - b);
  if (op == Operator::kMultiply) return integer(a * b);
  return whole_power(a, b);
}

}  // namespace

double of_floats(Operator op, double a, double b) {
  switch (op) {
    case Operator::kAdd:
      return a + b;
    case Operator::kSubtract:
      return a - b;
    case Operator::kMultiply:
      return a * b;
    case Operator::kDivide:
      return a / b;
    default:
      return std::pow(a, b);
  }
}

// The limit itself is left out: it is what 2**53 + 1 is rounded to.
Scalar integer(double value) {
  if (std::fabs(value) < kIntegerLimit) return {value + 0.0, NumberType::kInteger};  // no -0
  throw Error(
      "this integer reaches 2**53, from where on not every integer is a double: write it with a "
      "decimal point, as in 2.0**53");
}

Scalar with_sign(const Scalar& a, bool minus) {
  if (a.is_numpy && a.type == NumberType::kBool) {
    throw Error("NumPy has no sign for True and False: write -1 or 0");
  }
  const bool is_float = a.type == NumberType::kFloat;
  // There is no integer -0.
  const double value = minus && (is_float || a.value != 0) ? -a.value : a.value;
  return {value, is_float ? NumberType::kFloat : NumberType::kInteger, a.is_numpy};
}

namespace {

bool is_bitwise(Operator op) {
  return op == Operator::kBitAnd || op == Operator::kBitXor || op == Operator::kBitOr;
}

// Of True and False, and of whole numbers.
Scalar bits(Operator op, const Scalar& a, const Scalar& b) {
  if (a.type == NumberType::kFloat || b.type == NumberType::kFloat) {
    throw Error(
        fmt::format("`{}` takes integers, not numbers with a decimal point: a power is "
                    "written `**`",
                    text_of(op)));
  }
  const auto left = static_cast<std::int64_t>(a.value);
  const auto right = static_cast<std::int64_t>(b.value);
  const std::int64_t both = op == Operator::kBitAnd   ? left & right
                            : op == Operator::kBitXor ? left ^ right
                                                      : left | right;
  const bool is_bool = a.type == NumberType::kBool && b.type == NumberType::kBool;
  return {static_cast<double>(both), is_bool ? NumberType::kBool : NumberType::kInteger};
}

// a // b and a % b, as CPython and NumPy work them out: the rest has the sign of the divisor.
Scalar divided(Operator op, const Scalar& a, const Scalar& b) {
  if (b.value == 0) throw Error("a number is divided by 0");
  double rest = std::fmod(a.value, b.value);
  double quotient = (a.value - rest) / b.value;
  if (rest == 0) {
    rest = std::copysign(0.0, b.value);
  } else if ((b.value < 0) != (rest < 0)) {
    rest += b.value;
    quotient -= 1;
  }
  if (quotient == 0) {
    quotient = std::copysign(0.0, a.value / b.value);
  } else {
    const double below = std::floor(quotient);
    quotient = quotient - below > 0.5 ? below + 1 : below;
  }
  const double result = op == Operator::kModulo ? rest : quotient;
  const bool is_whole = a.type != NumberType::kFloat && b.type != NumberType::kFloat;
  return is_whole ? integer(result) : Scalar{result, NumberType::kFloat};
}

Scalar result_of(Operator op, const Scalar& a, const Scalar& b) {
  if (op == Operator::kMatmul) throw Error("`@` takes arrays, not two numbers");
  if (is_bitwise(op)) return bits(op, a, b);
  if (op == Operator::kFloorDivide || op == Operator::kModulo) {
    if (a.is_numpy || b.is_numpy) check_numpy(op, a, b);
    return divided(op, a, b);
  }
  if (const std::optional<bool> holds = compared(op, a.value, b.value)) {
    return {*holds ? 1.0 : 0.0, NumberType::kBool};
  }
  if (a.is_numpy || b.is_numpy) check_numpy(op, a, b);
  if (op == Operator::kDivide && b.value == 0) throw Error("a number is divided by 0");
  const bool whole = a.type != NumberType::kFloat && b.type != NumberType::kFloat;
  const bool stays_whole =
      whole && op != Operator::kDivide && !(op == Operator::kPower && b.value < 0);
  if (stays_whole) return of_integers(op, a.value, b.value);
  const double result = of_floats(op, a.value, b.value);
  const bool was_finite = std::isfinite(a.value) && std::isfinite(b.value);
  if (was_finite && !std::isfinite(result)) {
    throw Error(
        fmt::format("{} {} {} is no number that a double can be", a.value, text_of(op), b.value));
  }
  return {result, NumberType::kFloat};
}

}  // namespace

Scalar arithmetic(Operator op, const Scalar& a, const Scalar& b) {
  Scalar result = result_of(op, a, b);
  result.is_numpy = a.is_numpy || b.is_numpy;
  return result;
}

}  // namespace backstep::read
