// Numbers for a page: a window of what is large, texts, and statistics.
#include "engine/page/values.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "engine/number_text.h"
#include "engine/page/page.h"
#include "engine/page/record.h"

namespace backstep::page {
namespace {

using Json = nlohmann::ordered_json;

// The numbers that a page holds: some megabytes, which a browser opens in a moment.
constexpr std::size_t kMostNumbers = 400'000;
// No window is smaller, so that what the page shows of a matrix is in it.
constexpr int kSmallestWindow = 16;

std::size_t numbers_within(const Trace& trace, int window) {
  std::size_t numbers = 0;
  for (NodeId id = 0; id < trace.graph().size(); ++id) {
    const Shape& shape = trace.graph().node(id).shape;
    if (is_alias(trace.graph(), id)) continue;
    numbers += static_cast<std::size_t>(std::min(shape.rows(), window)) *
               static_cast<std::size_t>(std::min(shape.cols(), window));
  }
  return numbers;
}

std::vector<int> kept(int count, int window) {
  std::vector<int> places(static_cast<std::size_t>(window > 0 ? std::min(count, window) : count));
  std::iota(places.begin(), places.end(), 0);
  places.back() = count - 1;
  return places;
}

}  // namespace

bool is_alias(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (node.primitive == nullptr) return false;
  return node.primitive->reads == Reads::kRepeat || node.primitive->numpy == "{a}";
}

int page_window(const Trace& trace) {
  if (numbers_within(trace, std::numeric_limits<int>::max()) <= kMostNumbers) return 0;
  int fits = kSmallestWindow;
  for (int step = 1 << 20; step > 0; step /= 2) {
    if (numbers_within(trace, fits + step) <= kMostNumbers) fits += step;
  }
  return fits;
}

bool Values::is_cut(NodeId id) const {
  const Shape& shape = trace_.graph().node(id).shape;
  return window_ > 0 && (shape.rows() > window_ || shape.cols() > window_);
}

template <typename Visit>
void Values::for_each_held(NodeId id, Visit visit) const {
  const ConstView value = trace_.value(id);
  const std::vector<int> cols = kept(value.shape.cols(), window_);
  for (const int row : kept(value.shape.rows(), window_)) {
    for (const int col : cols) visit(value(row, col));
  }
}

std::string Values::texts(NodeId id) const {
  std::string texts;
  for_each_held(id, [&](double value) {
    if (!texts.empty()) texts += ' ';
    texts += number_text(value);
  });
  return texts;
}

std::size_t Values::keep(NodeId id) {
  const std::size_t begin = numbers_.size();
  for_each_held(id, [&](double value) { numbers_.push_back(value); });
  return begin;
}

Json Values::of_all(NodeId id) const {
  const ConstView value = trace_.value(id);
  double least = value.data[0], most = value.data[0];
  double sum = 0, squares = 0;
  for (const double x : value) {
    least = std::min(least, x);
    most = std::max(most, x);
    sum += x;
    squares += x * x;
  }
  return {{"least", number_text(least)},
          {"most", number_text(most)},
          {"mean", number_text(sum / static_cast<double>(value.size()))},
          {"norm", number_text(std::sqrt(squares))}};
}

Json Values::spread(NodeId id) const {
  constexpr double kBins = 24;
  constexpr double kRounding = 1e-9;
  constexpr int kDigits = 3;
  double low = 0, high = 0;
  std::size_t odd = 0;
  for (const double x : trace_.value(id)) {
    if (!std::isfinite(x)) {
      ++odd;
      continue;
    }
    low = std::min(low, x);
    high = std::max(high, x);
  }
  // By the half, so that the range of the largest numbers does not overflow.
  const double half = (high / 2 - low / 2) / kBins;
  const double width = half > 0 ? 2 * half : 1;
  const double below = std::ceil(-low / width - kRounding);
  const double above = std::max(1.0, std::ceil(high / width - kRounding));
  std::vector<std::size_t> counts(static_cast<std::size_t>(below + above));
  for (const double x : trace_.value(id)) {
    if (!std::isfinite(x)) continue;
    const double bin = std::clamp(std::floor(x / width) + below, 0.0, below + above - 1);
    ++counts[static_cast<std::size_t>(bin)];
  }
  Json json = {{"low", number_text(-below * width, kDigits)},
               {"high", number_text(above * width, kDigits)},
               {"below", static_cast<std::size_t>(below)},
               {"counts", counts}};
  if (odd > 0) json["odd"] = odd;
  return json;
}

std::string Values::exact() const { return base64(std::span<const double>(numbers_)); }

}  // namespace backstep::page
