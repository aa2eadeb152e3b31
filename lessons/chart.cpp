// Charts: gnuplot's commands.
#include "lessons/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/write/file.h"
#include "lessons/subprocess.h"

namespace backstep::lessons {
namespace {

// Told apart in grey and by those who see few colours, too: Okabe & Ito's, dark before light.
constexpr std::array kColours = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"};

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

std::string lines(const Chart& chart, std::size_t number) {
  const std::string name = gnuplot_quoted(chart.series[number].name);
  const std::string look = fmt::format("linecolor rgb '{}' linewidth 2 dashtype {}", colour(number),
                                       number % kColours.size() + 1);
  std::string text = fmt::format(
      "$data{} using 1:2 with linespoints {} pointtype {} pointsize 0.5 "
      "title {}",
      number, look, number + 5, name);
  if (!chart.series[number].spread.empty()) {
    text += fmt::format(
        ", $data{} using 1:2:3 with yerrorbars linecolor rgb '{}' pointtype 0 "
        "notitle",
        number, colour(number));
  }
  return text;
}

std::string points(const Chart& chart, std::size_t number) {
  return fmt::format(
      "$data{} using 1:2 with points linecolor rgb '{}' pointtype {} pointsize 0.5 "
      "title {}",
      number, colour(number), number + 6, gnuplot_quoted(chart.series[number].name));
}

std::string bars(const Chart& chart, std::size_t number) {
  const double width = 0.8 / static_cast<double>(chart.series.size());
  const double shift = (static_cast<double>(number) + 0.5) * width - 0.4;
  return fmt::format(
      "$data{0} using ($1 + {1}):2:({2}) with boxes fillcolor rgb '{3}' title {4}, "
      "$data{0} using ($1 + {1}):2:3 with yerrorbars linecolor rgb '#202020' "
      "pointtype 0 notitle",
      number, shift, width, colour(number), gnuplot_quoted(chart.series[number].name));
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
      "set pointintervalbox 0.001\n",  // no white disc where an error bar has its middle
      terminal, gnuplot_quoted(chart.title), gnuplot_quoted(chart.x_name),
      gnuplot_quoted(chart.y_name));
  if (chart.log_x) text += "set logscale x\n";
  if (chart.log_y) text += "set logscale y\n";
  if (chart.equal_axes) text += "set size ratio -1\n";
  if (chart.high > chart.low) text += fmt::format("set yrange [{}:{}]\n", chart.low, chart.high);
  if (chart.kind == ChartKind::kBars && chart.high <= chart.low) text += "set yrange [0:*]\n";
  text += named_ticks(chart);
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
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return result + "'";
}

std::string chart_svg(const Chart& chart) {
  return drawn(chart, "svg noenhanced size 640,400 font 'sans-serif,13' background '#ffffff'");
}

std::string chart_png(const Chart& chart) {
  return drawn(chart, "pngcairo noenhanced size 960,600 font 'sans-serif,15' background '#ffffff'");
}

void write_chart(const std::filesystem::path& folder, std::string_view stem, const Chart& chart) {
  const std::string svg = chart_svg(chart);
  const std::string png = chart_png(chart);
  write::write_file(folder / fmt::format("{}.svg", stem), svg);
  write::write_file(folder / fmt::format("{}.png", stem), png);
}

}  // namespace backstep::lessons
