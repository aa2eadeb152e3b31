// The scale of the gradient-flow picture.
#include "engine/write/flow_scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace backstep::write {

double largest(ConstView value) {
  double most = 0;
  for (const double x : value) {
    if (std::isnan(x)) return x;
    most = std::max(most, std::abs(x));
  }
  return most;
}

// What is left of a sum that cancels, 1e-17 of 1, says nothing about how gradients flow: it does
// not stretch the scale.
FlowScale::FlowScale(const std::vector<double>& sizes) {
  constexpr double kMostSpan = 1e9;
  for (const double size : sizes) {
    if (std::isfinite(size)) top_ = std::max(top_, size);
  }
  double least = top_;
  for (const double size : sizes) {
    if (size >= top_ / kMostSpan) least = std::min(least, size);
  }
  if (least * 10 < top_) bottom_ = least;
}

double FlowScale::fraction(double size) const {
  if (!std::isfinite(size)) return 1;
  if (size == 0 || top_ == 0) return 0;
  if (!is_logarithmic()) return size / top_;
  return std::clamp(std::log(size / bottom_) / std::log(top_ / bottom_), 0.0, 1.0);
}

double FlowScale::size(double fraction) const {
  return is_logarithmic() ? bottom_ * std::pow(top_ / bottom_, fraction) : top_ * fraction;
}

std::string FlowScale::colour(double fraction) {
  struct Rgb {
    double red, green, blue;
  };
  constexpr Rgb kPale = {240, 165, 140};
  constexpr Rgb kDeep = {150, 0, 24};
  const auto mix = [&](double a, double b) { return static_cast<int>(a + fraction * (b - a)); };
  return fmt::format("#{:02x}{:02x}{:02x}", mix(kPale.red, kDeep.red),
                     mix(kPale.green, kDeep.green), mix(kPale.blue, kDeep.blue));
}

}  // namespace backstep::write
