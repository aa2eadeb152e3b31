// Charts by gnuplot: each kind is drawn, the same twice, and odd names do no harm.
#include "lessons/chart.h"

#include <doctest/doctest.h>

#include <limits>
#include <string>

namespace backstep::lessons {
namespace {

Chart chart_of(ChartKind kind) {
  Chart chart;
  chart.kind = kind;
  chart.title = "it's `ls`";
  chart.x_name = "rate";
  chart.y_name = "loss";
  const double nan = std::numeric_limits<double>::quiet_NaN();
  chart.series = {{"plain", {0, 1, 2}, {3, nan, 1}, {0.1, 0.1, 0.2}},
                  {"배치", {0, 1, 2}, {1, 2, 1}}};
  chart.groups = {"a", "b", "c"};
  return chart;
}

TEST_CASE("every kind of chart becomes an SVG with its names, the same bytes twice") {
  for (const ChartKind kind :
       {ChartKind::kLines, ChartKind::kPoints, ChartKind::kBars, ChartKind::kRidges}) {
    const std::string svg = chart_svg(chart_of(kind));
    CHECK(svg == chart_svg(chart_of(kind)));
    for (const char* name : {"배치", "`ls`", "rate", "loss", "</svg>"}) {
      CHECK_MESSAGE(svg.find(name) != svg.npos, name);
    }
    CHECK(svg.find("nan") == svg.npos);
    CHECK(svg.find("scale(0.00)") == svg.npos);  // a point of no size, which not all can draw
  }
}

TEST_CASE("a PNG begins as one") {
  CHECK(chart_png(chart_of(ChartKind::kBars)).substr(1, 3) == "PNG");
}

}  // namespace
}  // namespace backstep::lessons
