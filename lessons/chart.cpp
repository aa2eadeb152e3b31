// Charts: gnuplot's commands.
#include "lessons/chart.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "engine/text.h"
#include "lessons/subprocess.h"

namespace backstep::lessons {
namespace {

// Told apart in grey and by those who see few colours, too: Okabe & Ito's, dark before light.
constexpr std::array kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"};

// Disc, square, triangle, diamond, pentagon, triangle on its head: all filled.
constexpr std::array kPointTypes = {7, 5, 9, 13, 15, 11};

std::string_view colour(std::size_t series) { return kColours[series % kColours.size()]; }

// Of ridges, as a share of the highest: they may overlap a little.
constexpr double kRidgeStep = 0.6;

double highest(const Chart& chart) {
  double most = 0;
  for (const Series& series : chart.series) {
    for (const double y : series.y) most = std::isfinite(y) ? std::max(most, y) : most;
  }
  return most > 0 ? most : 1;
}

// One block of x, y and a third number, from top to bottom.
std::string block(const Chart& chart, std::size_t number) {
  const Series& series = chart.series[number];
  const double base = static_cast<double>(number) * kRidgeStep * highest(chart);
  std::string text = fmt::format("$data{} << END_OF_DATA\n", number);
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    if (!std::isfinite(series.x[i]) || !std::isfinite(series.y[i])) continue;
    if (chart.kind == ChartKind::kRidges) {
      text += fmt::format("{} {} {}\n", series.x[i], base, base + series.y[i]);
    } else {
      const double spread = series.spread.empty() ? 0 : series.spread[i];
      text += fmt::format("{} {} {}\n", series.x[i], series.y[i], spread);
    }
  }
  return text + "END_OF_DATA\n";
}

// Without a point: one whose size is written as 0.00 is an error to some that draw SVG.
std::string error_bars(const Chart& chart, std::size_t number, std::string_view x,
                       std::string_view bar_colour) {
  if (chart.series[number].spread.empty()) return "";
  return fmt::format(
      "$data{} using {}:2:3 with yerrorbars linecolor rgb '{}' pointtype -1 "
      "notitle",
      number, x, bar_colour);
}

std::string lines(const Chart& chart, std::size_t number) {
  const std::string line = fmt::format(
      "$data{} using 1:2 with linespoints linecolor rgb '{}' linewidth 2 dashtype {} pointtype {} "
      "pointsize 0.7 title {}",
      number, colour(number), number % kColours.size() + 1,
      kPointTypes[number % kPointTypes.size()], gnuplot_quoted(chart.series[number].name));
  const std::string errors = error_bars(chart, number, "1", colour(number));
  return errors.empty() ? line : errors + ", " + line;
}

std::string points(const Chart& chart, std::size_t number) {
  return fmt::format(
      "$data{} using 1:2 with points linecolor rgb '{}' pointtype {} pointsize 0.5 "
      "title {}",
      number, colour(number), kPointTypes[number % kPointTypes.size()],
      gnuplot_quoted(chart.series[number].name));
}

std::string bars(const Chart& chart, std::size_t number) {
  const double width = 0.8 / static_cast<double>(chart.series.size());
  const double shift = (static_cast<double>(number) + 0.5) * width - 0.4;
  const std::string x = fmt::format("($1 + {})", shift);
  const std::string box =
      fmt::format("$data{} using {}:2:({}) with boxes fillcolor rgb '{}' title {}", number, x,
                  width, colour(number), gnuplot_quoted(chart.series[number].name));
  const std::string errors = error_bars(chart, number, x, "#202020");
  return errors.empty() ? box : box + ", " + errors;
}

// Drawn from the top one down, so that a lower ridge hides what lies behind it.
std::string ridge(std::size_t number) {
  return fmt::format(
      "$data{0} using 1:2:3 with filledcurves fillcolor rgb '{1}' notitle, "
      "$data{0} using 1:3 with lines linecolor rgb '#202020' notitle",
      number, colour(0));
}

std::string plotted(const Chart& chart, std::size_t number) {
  switch (chart.kind) {
    case ChartKind::kLines:
      return lines(chart, number);
    case ChartKind::kPoints:
      return points(chart, number);
    case ChartKind::kBars:
      return bars(chart, number);
    case ChartKind::kRidges:
      break;
  }
  return ridge(chart.series.size() - 1 - number);
}

std::string named_ticks(const Chart& chart) {
  std::vector<std::string> ticks;
  if (chart.kind == ChartKind::kBars) {
    for (std::size_t i = 0; i < chart.groups.size(); ++i) {
      ticks.push_back(fmt::format("{} {}", gnuplot_quoted(chart.groups[i]), i));
    }
    return fmt::format("set xtics ({})\nset xrange [-0.6:{}]\n", fmt::join(ticks, ", "),
                       static_cast<double>(chart.groups.size()) - 0.4);
  }
  if (chart.kind == ChartKind::kRidges) {
    for (std::size_t i = 0; i < chart.series.size(); ++i) {
      ticks.push_back(fmt::format("{} {}", gnuplot_quoted(chart.series[i].name),
                                  static_cast<double>(i) * kRidgeStep * highest(chart)));
    }
    return fmt::format("set ytics ({})\n", fmt::join(ticks, ", "));
  }
  return "";
}

// From the least to the largest x with a little room. Where x has few values, they are the ticks.
std::string x_axis(const Chart& chart) {
  constexpr std::size_t kFew = 8;
  constexpr double kRoom = 0.03;
  std::set<double> values;
  for (const Series& series : chart.series) values.insert(series.x.begin(), series.x.end());
  if (chart.kind != ChartKind::kLines || values.size() < 2) return "";
  const double least = *values.begin(), most = *values.rbegin();
  const double factor = std::pow(most / least, kRoom), room = kRoom * (most - least);
  std::string text = chart.log_x
                         ? fmt::format("set xrange [{}:{}]\n", least / factor, most * factor)
                         : fmt::format("set xrange [{}:{}]\n", least - room, most + room);
  if (values.size() <= kFew) {
    text += fmt::format("set xtics ({})\nset mxtics 1\n", fmt::join(values, ", "));
  }
  return text;
}

std::string script(const Chart& chart, std::string_view terminal) {
  std::string text = fmt::format(
      "set terminal {}\n"
      "set encoding utf8\n"
      "set title {}\n"
      "set xlabel {}\n"
      "set ylabel {}\n"
      "set format '%g'\n"
      "set border 3\n"
      "set tics nomirror out\n"
      "set key outside top center horizontal\n"
      "set style fill solid 0.85 border rgb '#ffffff'\n"
      "set pointintervalbox 0.01\n",  // a white disc of no size to speak of in an error bar
      terminal, gnuplot_quoted(chart.title), gnuplot_quoted(chart.x_name),
      gnuplot_quoted(chart.y_name));
  if (chart.log_x) text += "set logscale x\n";
  if (chart.log_y) text += "set logscale y\n";
  if (chart.equal_axes) text += "set size ratio -1\n";
  if (chart.high > chart.low) text += fmt::format("set yrange [{}:{}]\n", chart.low, chart.high);
  if (chart.kind == ChartKind::kBars && chart.high <= chart.low) text += "set yrange [0:*]\n";
  text += x_axis(chart) + named_ticks(chart);
  std::vector<std::string> plots;
  for (std::size_t i = 0; i < chart.series.size(); ++i) {
    text += block(chart, i);
    plots.push_back(plotted(chart, i));
  }
  return text + fmt::format("plot {}\n", fmt::join(plots, ", "));
}

std::string drawn(const Chart& chart, std::string_view terminal) {
  return output_of({"gnuplot", "--default-settings", "-"}, script(chart, terminal), "gnuplot-nox");
}

}  // namespace

std::string gnuplot_quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : printable(text)) {
    if (c == '\'') result += '\'';
    result += c;
  }
  return result + "'";
}

std::string chart_svg(const Chart& chart) {
  return drawn(chart, "svg noenhanced size 640,400 font 'sans-serif,13' background '#ffffff'");
}

std::string chart_png(const Chart& chart) {
  return drawn(chart, "pngcairo noenhanced size 960,600 font 'sans-serif,15' background '#ffffff'");
}

}  // namespace backstep::lessons
