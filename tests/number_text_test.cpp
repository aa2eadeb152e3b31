// The texts of numbers: for reading, for Python, as fractions.
#include "engine/number_text.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

namespace backstep {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST_CASE("a number is shown to four digits, without trailing zeros") {
  CHECK(number_text(0.49460165) == "0.4946");
  CHECK(number_text(0.5) == "0.5");
  CHECK(number_text(-0.3) == "-0.3");
  CHECK(number_text(9.99996) == "10");
  CHECK(number_text(12.3456) == "12.35");
  CHECK(number_text(12345.678) == "12346");
  CHECK(number_text(0.00123456) == "0.001235");
}

TEST_CASE("whole numbers are plain below a million") {
  CHECK(number_text(1) == "1");
  CHECK(number_text(50) == "50");
  CHECK(number_text(-2500) == "-2500");
  CHECK(number_text(999999) == "999999");
}

TEST_CASE("very small and very large numbers are scientific, after rounding") {
  CHECK(number_text(1.234e-5) == "1.234e-05");
  CHECK(number_text(1e-6) == "1e-06");
  CHECK(number_text(-1e-9) == "-1e-09");
  CHECK(number_text(0.001) == "0.001");
  CHECK(number_text(0.00099996) == "0.001");
  CHECK(number_text(0.0009994) == "9.994e-04");
  CHECK(number_text(1e6) == "1e+06");
  CHECK(number_text(1234567) == "1.235e+06");
  CHECK(number_text(999999.9) == "1e+06");
  CHECK(number_text(1e300) == "1e+300");
  CHECK(number_text(5e-324) == "4.941e-324");
}

TEST_CASE("zero has no sign, and what is no number has one name") {
  CHECK(number_text(0.0) == "0");
  CHECK(number_text(-0.0) == "0");
  CHECK(number_text(kInfinity) == "inf");
  CHECK(number_text(-kInfinity) == "-inf");
  CHECK(number_text(kNan) == "nan");
  CHECK(number_text(std::copysign(kNan, -1.0)) == "nan");
}

TEST_CASE("the number of digits can be chosen") {
  CHECK(number_text(1.0 / 3, 1) == "0.3");
  CHECK(number_text(1.0 / 3, 8) == "0.33333333");
  CHECK(number_text(1.0 / 3, 0) == "0.3");
  CHECK(number_text(0.1, 17) == "0.10000000000000001");
  CHECK(number_text(0.1, 99) == "0.10000000000000001");
}

TEST_CASE("exact texts are what Python reads") {
  CHECK(exact_number_text(1) == "1");
  CHECK(exact_number_text(0.1) == "0.1");
  CHECK(exact_number_text(1e-6) == "1e-06");
  CHECK(exact_number_text(1e16) == "1e+16");
  CHECK(exact_number_text(0) == "0");
  CHECK(exact_number_text(-0.0) == "-0.0");
  CHECK(exact_number_text(kInfinity) == "np.inf");
  CHECK(exact_number_text(-kInfinity) == "-np.inf");
  CHECK(exact_number_text(kNan) == "np.nan");
}

TEST_CASE("exact texts lead back to the same number") {
  std::mt19937_64 words(1);
  for (int i = 0; i < 1000; ++i) {
    const double number = std::ldexp(static_cast<double>(words()), static_cast<int>(i - 500));
    CHECK(std::strtod(exact_number_text(number).c_str(), nullptr) == number);
  }
}

TEST_CASE("one over a whole number is a fraction") {
  CHECK(fraction_text(0.02) == "1/50");
  CHECK(fraction_text(0.5) == "1/2");
  CHECK(fraction_text(1.0 / 3) == "1/3");
  CHECK(fraction_text(1.0 / 999999) == "1/999999");
  CHECK(fraction_text(1e-6) == "1/1000000");
  CHECK(fraction_text(1.0 / 1000001) == exact_number_text(1.0 / 1000001));
  CHECK(fraction_text(std::nextafter(0.02, 1)) == "0.020000000000000004");
  CHECK(fraction_text(1) == "1");
  CHECK(fraction_text(0) == "0");
  CHECK(fraction_text(-0.5) == "-0.5");
  CHECK(fraction_text(kInfinity) == "np.inf");
  CHECK(fraction_text(kNan) == "np.nan");
}

}  // namespace
}  // namespace backstep
