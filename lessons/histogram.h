// How often the numbers of a tensor fall where: counted, drawn as SVG, and drawn with letters.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/tensor.h"

namespace backstep::lessons {

struct Histogram {
  double low = 0;   // where the first bin begins
  double high = 0;  // where the last one ends; it belongs to that bin
  std::vector<std::size_t> counts;

  double bin_width() const { return (high - low) / static_cast<double>(counts.size()); }
};

// From the smallest number to the largest. Numbers that are all equal get a range of 1 around them.
// NaN and infinities are left out. Throws Error if that leaves nothing.
Histogram histogram(ConstView values, int bins);

// As SVG, by gnuplot. The same histogram gives the same bytes. Throws Error if gnuplot is missing.
std::string histogram_svg(const Histogram& histogram, std::string_view title,
                          std::string_view value_name, std::string_view count_name);

// For a terminal: a title, then a line a bin: where it begins, and a bar. The longest line has
// `width` columns.
std::vector<std::string> histogram_text(const Histogram& histogram, std::string_view title,
                                        int width);

// Two texts beside each other, the second from column `at` on.
std::string side_by_side(const std::vector<std::string>& left,
                         const std::vector<std::string>& right, int at);

}  // namespace backstep::lessons
