// Lines, points or bars with their spread as a picture, drawn by gnuplot.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace backstep::lessons {

// "it's" in single quotes, as gnuplot reads it. In double quotes it would run what stands in
// backquotes.
std::string gnuplot_quoted(std::string_view text);

struct Series {
  std::string name;
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> spread = {};  // of y; empty: none is drawn
};

enum class ChartKind {
  kLines,   // a line from point to point, with bars of error
  kPoints,  // scattered points
  kBars,    // bars beside each other: x counts the groups from 0, `groups` names them
  kRidges,  // each series a filled line above its own base, the first at the bottom; y from 0 on
};

struct Chart {
  ChartKind kind = ChartKind::kLines;
  std::string title;
  std::string x_name;
  std::string y_name;
  std::vector<Series> series = {};
  std::vector<std::string> groups = {};  // of bars
  bool log_x = false;
  bool log_y = false;
  bool equal_axes = false;  // one unit is as long in x as in y
  double low = 0;           // y from low to high, if high is larger
  double high = 0;
};

// The same chart gives the same bytes. Numbers that are not finite are left out. Throws Error if
// gnuplot is missing.
std::string chart_svg(const Chart& chart);
std::string chart_png(const Chart& chart);

}  // namespace backstep::lessons
