// The charts of the lesson: what moves, whitening, the bias, and deep stacks.
#include "pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

#include "engine/number_text.h"
#include "lessons/measure.h"

namespace backstep::lessons {
namespace {

constexpr std::size_t kTop = kHiddenLayers - 1;  // the highest hidden layer, from 0

std::string layer_name(Language language, std::size_t layer) {
  return say(language, label::kLayerNumber, layer + 1);
}

class Charts {
 public:
  Charts(const Settings& settings, const std::vector<OneSeed>& seeds, const Figures& figures,
         const std::optional<OwnNormaliser>& own, Language language)
      : settings_(settings), seeds_(seeds), figures_(figures), own_(own), language_(language) {}

  std::vector<NamedChart> all() const {
    return {{"ridges_without", ridges(0)},
            {"ridges_with", ridges(1)},
            {"mean", by_step(language_.of(label::kMean), &Path::mean)},
            {"deviation", by_step(language_.of(label::kDeviation), &Path::deviation)},
            {"moved", by_layer(language_.of(label::kMoved), "moved", 0)},
            {"turned", by_layer(language_.of(label::kTurned), "turned", 1)},
            {"raw", cloud(language_.of(label::kRaw), seeds_.front().clouds.raw)},
            {"standardised",
             cloud(language_.of(label::kStandardised), seeds_.front().clouds.standardised)},
            {"whitened", cloud(language_.of(label::kWhitened), seeds_.front().clouds.whitened)},
            {"cost", cost()},
            {"bias", bias()},
            {"depth_deviation", by_depth(language_.of(label::kDeviation), "deviation")},
            {"depth_gradient", by_depth(language_.of(label::kGradient), "gradient")},
            {"depth_accuracy", by_depth(language_.of(label::kAccuracy), "accuracy")}};
  }

 private:
  std::string name(NetKind kind) const { return title_of(kind, own_, language_); }

  static Chart chart_of(ChartKind kind, std::string_view x_name, std::string_view y_name) {
    Chart chart;
    chart.kind = kind;
    chart.x_name = x_name;
    chart.y_name = y_name;
    return chart;
  }

  const std::vector<Tensor>& pictured(std::size_t kind) const {
    return seeds_.front().shifts[kind].layers[kTop].relu.pictures;
  }

  // So far do the ridges of both kinds reach, left and right of 0.
  double reach() const {
    constexpr double kDeviations = 3;
    double most = 0;
    for (const std::size_t kind : {0, 1}) {
      for (const Tensor& values : pictured(kind)) {
        most = std::max(most, std::abs(mean(values)) + kDeviations * deviation(values));
      }
    }
    return most;
  }

  // The share of the values about each place, smoothed by a bell of a fixed width.
  static Series density(std::string title, ConstView values, double reach) {
    constexpr int kPlaces = 121;
    const double width = 0.03 * reach;
    Series series{std::move(title), {}, {}, {}};
    for (int i = 0; i < kPlaces; ++i) {
      const double at = reach * (2.0 * i / (kPlaces - 1) - 1);
      double total = 0;
      for (const double value : values) {
        const double away = (value - at) / width;
        total += std::exp(-away * away / 2);
      }
      series.x.push_back(at);
      series.y.push_back(total / static_cast<double>(values.size()));
    }
    return series;
  }

  Chart ridges(std::size_t kind) const {
    Chart chart = chart_of(ChartKind::kRidges, language_.of(label::kValue), "");
    chart.title = fmt::format("{}, {}", name(kNetKinds[kind]), layer_name(language_, kTop));
    const std::vector<int> steps = settings_.shift.pictured();
    for (std::size_t i = 0; i < steps.size(); ++i) {
      chart.series.push_back(
          density(say(language_, label::kStepNumber, steps[i]), pictured(kind)[i], reach()));
    }
    return chart;
  }

  // Of each layer, without a normaliser and with one.
  Chart by_step(std::string_view y_name, std::vector<double> Path::*member) const {
    Chart chart = chart_of(ChartKind::kLines, language_.of(label::kStep), y_name);
    for (const std::size_t kind : {0, 1}) {
      for (std::size_t layer = 0; layer < kHiddenLayers; ++layer) {
        Series series{
            fmt::format("{}, {}", name(kNetKinds[kind]), layer_name(language_, layer)), {}, {}, {}};
        for (const int step : settings_.shift.pictured()) {
          std::vector<double> values;
          for (const OneSeed& seed : seeds_) {
            values.push_back(
                (seed.shifts[kind].layers[layer].relu.*member)[static_cast<std::size_t>(step)]);
          }
          add(series, step, figure_of(values));
        }
        chart.series.push_back(std::move(series));
      }
    }
    return chart;
  }

  static void add(Series& series, double x, const Figure& figure, double factor = 1) {
    series.x.push_back(x);
    series.y.push_back(factor * figure.mean);
    series.spread.push_back(factor * figure.spread);
  }

  // In %; three layers from the first that is named.
  Chart by_layer(std::string_view y_name, std::string_view figure, std::size_t first) const {
    Chart chart = chart_of(ChartKind::kBars, language_.of(label::kLayer), y_name);
    for (std::size_t layer = first; layer < first + kHiddenLayers; ++layer) {
      chart.groups.push_back(fmt::format("{}", layer + 1));
    }
    for (const NetKind kind : kNetKinds) {
      Series series{name(kind), {}, {}, {}};
      for (std::size_t i = 0; i < kHiddenLayers; ++i) {
        add(series, static_cast<double>(i),
            figures_[fmt::format("layer_{}.{}.{}", first + i + 1, figure, name_of(kind))], 100);
      }
      chart.series.push_back(std::move(series));
    }
    return chart;
  }

  Chart cloud(std::string_view title, const Tensor& points) const {
    Chart chart =
        chart_of(ChartKind::kPoints, language_.of(label::kPixel), language_.of(label::kNeighbour));
    chart.title = title;
    chart.equal_axes = true;
    Series series;
    for (int row = 0; row < points.shape().rows(); ++row) {
      series.x.push_back(points(row, 0));
      series.y.push_back(points(row, 1));
    }
    chart.series = {std::move(series)};
    return chart;
  }

  Chart cost() const {
    Chart chart = chart_of(ChartKind::kLines, language_.of(label::kFeatures), "");
    chart.y_name = say(language_, label::kOperations, settings_.batch);
    chart.log_x = chart.log_y = true;
    const std::pair<std::string_view, const char*> curves[] = {
        {language_.of(label::kBatchNormOperations), "batch_norm"},
        {language_.of(label::kWhitening), "whitening"}};
    for (const auto& [title, figure] : curves) {
      Series series{std::string(title), {}, {}, {}};
      for (const int features : settings_.features) {
        series.x.push_back(features);
        series.y.push_back(
            figures_[fmt::format("features_{}.{}_operations", features, figure)].mean);
      }
      chart.series.push_back(std::move(series));
    }
    return chart;
  }

  // Of the first seed.
  Chart bias() const {
    Chart chart = chart_of(ChartKind::kLines, language_.of(label::kStep), "");
    const OneSeed& seed = seeds_.front();
    const std::pair<std::string_view, const std::vector<double>*> curves[] = {
        {language_.of(label::kBiasOutside), &seed.outside.bias},
        {language_.of(label::kBiasInside), &seed.inside.bias},
        {language_.of(label::kLoss), &seed.outside.loss}};
    for (const auto& [title, values] : curves) {
      Series series{std::string(title), {}, {}, {}};
      constexpr std::size_t kEach = 5;
      for (std::size_t step = 0; step < values->size(); step += kEach) {
        series.x.push_back(static_cast<double>(step));
        series.y.push_back((*values)[step]);
      }
      chart.series.push_back(std::move(series));
    }
    return chart;
  }

  Chart by_depth(std::string_view y_name, std::string_view figure) const {
    Chart chart = chart_of(ChartKind::kLines, language_.of(label::kDepth), y_name);
    const bool is_share = figure == "accuracy";
    chart.log_y = !is_share;
    if (is_share) chart.high = 100;
    for (const NetKind kind : kDepthKinds) {
      for (const double scale : settings_.scales) {
        Series series{fmt::format("{}, x {}", name(kind), number_text(scale)), {}, {}, {}};
        for (const int depth : settings_.depths) {
          add(series, depth, figures_[stack_name(depth, scale, kind, figure)], is_share ? 100 : 1);
        }
        if (!is_share)
          series.spread.clear();  // it is as large as the mean, which no log axis shows
        chart.series.push_back(std::move(series));
      }
    }
    return chart;
  }

  const Settings& settings_;
  const std::vector<OneSeed>& seeds_;
  const Figures& figures_;
  const std::optional<OwnNormaliser>& own_;
  Language language_;
};

}  // namespace

std::vector<NamedChart> charts(const Settings& settings, const std::vector<OneSeed>& seeds,
                               const Figures& figures, const std::optional<OwnNormaliser>& own,
                               Language language) {
  return Charts(settings, seeds, figures, own, language).all();
}

}  // namespace backstep::lessons
