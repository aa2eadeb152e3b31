// How wide and how red a lane is by the size of the gradient that it carries.
#pragma once

#include <string>
#include <vector>

#include "engine/tensor.h"

namespace backstep::write {

// The largest |element|; NaN if there is one.
double largest(ConstView value);

class FlowScale {
 public:
  // From the sizes of all lanes. Logarithmic if they span more than a factor of ten, where what is
  // below a billionth of the largest does not count; else linear from 0.
  explicit FlowScale(const std::vector<double>& sizes);

  bool is_logarithmic() const { return bottom_ > 0; }
  double top() const { return top_; }
  double bottom() const { return bottom_; }

  // From 0 to 1; what is not finite counts as the largest.
  double fraction(double size) const;
  // The size at a fraction.
  double size(double fraction) const;

  static double width(double fraction) { return 1 + 5 * fraction; }
  static std::string colour(double fraction);

 private:
  double top_ = 0;
  double bottom_ = 0;
};

}  // namespace backstep::write
