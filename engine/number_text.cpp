// The one number formatter: rounds first, then chooses between "0.001" and "1e-04".
#include "engine/number_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace backstep {
namespace {

// "0.5000" to "0.5" and "50.00" to "50"; text without a point stays.
std::string without_trailing_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

// The number after the 'e' of "1.235e+06".
int exponent_of(const std::string& scientific, std::size_t e) {
  const bool negative = scientific[e + 1] == '-';
  int exponent = 0;
  std::from_chars(scientific.data() + e + 2, scientific.data() + scientific.size(), exponent);
  return negative ? -exponent : exponent;
}

}  // namespace

std::string number_text(double value, int significant) {
  constexpr int kLeastPlain = -3;      // 1e-3 is "0.001"
  constexpr int kLeastScientific = 6;  // 1e6 is "1e+06"
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  if (value == 0) return "0";
  const bool is_whole = std::abs(value) < 1e6 && value == std::trunc(value);
  if (is_whole) return fmt::format("{:.0f}", value);

  const int digits = std::clamp(significant, 1, 17);
  const std::string rounded = fmt::format("{:.{}e}", value, digits - 1);
  const std::size_t e = rounded.find('e');
  const int exponent = exponent_of(rounded, e);
  if (exponent < kLeastPlain || exponent >= kLeastScientific) {
    return without_trailing_zeros(rounded.substr(0, e)) + rounded.substr(e);
  }
  return without_trailing_zeros(fmt::format("{:.{}f}", value, std::max(0, digits - 1 - exponent)));
}

std::string exact_number_text(double value) {
  if (std::isnan(value)) return "np.nan";
  if (std::isinf(value)) return value < 0 ? "-np.inf" : "np.inf";
  if (value == 0) return std::signbit(value) ? "-0.0" : "0";
  return fmt::format("{}", value);
}

std::string fraction_text(double value) {
  const double whole = std::round(1.0 / value);
  if (whole >= 2 && whole <= 1e6 && 1.0 / whole == value) return fmt::format("1/{:.0f}", whole);
  return exact_number_text(value);
}

std::string signed_as(const SignForm& form, std::string_view number) {
  if (number[0] == '-') return fmt::format("{}{}{}", form.minus, number.substr(1), form.behind);
  const bool is_bare = number == "0" || number == "nan";
  return fmt::format("{}{}", is_bare ? form.zero : form.plus, number);
}

}  // namespace backstep
