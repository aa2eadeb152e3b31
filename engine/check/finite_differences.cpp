// Central differences at ever smaller widths, extrapolated to width 0.
#include "engine/check/finite_differences.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "engine/evaluate.h"
#include "engine/look.h"
#include "engine/number_text.h"

namespace backstep::check {
namespace {

constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
// The numbers that the checks of one run may compute, and how often the run is done for one slope.
constexpr double kMostWork = 1.2e10;
constexpr double kRuns = 20;

// Runs again what hangs on one node, up to the output, with one element of that node moved.
class Rerun {
 public:
  Rerun(const Trace& trace, NodeId moved, NodeId output)
      : trace_(trace), where_(output + std::size_t{1}, kUnmoved) {
    const Graph& graph = trace.graph();
    const std::vector<bool> reaches_output = needed_by(graph, std::span(&output, 1));
    for (NodeId node = moved; node <= output; ++node) {
      bool moves = node == moved;
      for (std::size_t i = 0; i < graph.arity(node); ++i) {
        moves = moves || where_[graph.input(node, i)] != kUnmoved;
      }
      // What is held constant has no slope.
      const bool is_held = node != moved && is(graph, node, primitives::detach());
      if (!moves || is_held || !reaches_output[node]) continue;
      where_[node] = size_;
      size_ += graph.node(node).shape.size();
      nodes_.push_back(node);
    }
  }

  // The nodes that move, in the order of the run.
  const std::vector<NodeId>& nodes() const { return nodes_; }
  // How many numbers one run computes.
  std::size_t size() const { return size_; }
  bool moves(NodeId node) const { return where_[node] != kUnmoved; }

  // Writes into `values` what the nodes that move become.
  void run(std::size_t element, double x, std::vector<double>& values) const {
    const Graph& graph = trace_.graph();
    values.resize(size_);
    for (const NodeId id : nodes_) {
      const View out{values.data() + where_[id], graph.node(id).shape};
      if (id == nodes_.front()) {
        std::copy(trace_.value(id).begin(), trace_.value(id).end(), out.begin());
        out.data[element] = x;
        continue;
      }
      run_node(
          graph, id, [&](std::size_t i) { return value(graph.input(id, i), values); }, out);
    }
  }

  ConstView value(NodeId node, const std::vector<double>& values) const {
    if (!moves(node)) return trace_.value(node);
    return {values.data() + where_[node], trace_.graph().node(node).shape};
  }

 private:
  static constexpr std::size_t kUnmoved = static_cast<std::size_t>(-1);

  const Trace& trace_;
  std::vector<std::size_t> where_;  // where the values of a node begin, if it moves
  std::vector<NodeId> nodes_;
  std::size_t size_ = 0;
};

// What the output did when one element moved by `width` to either side.
struct Differences {
  double width = 0;
  double slope = 0;  // of sum(upstream * output), across both sides
  double left = 0;   // ... and to each side alone
  double right = 0;
  double largest_term = 0;  // of the sum that `slope` is
  double blur = 0;          // the rounding of a node on the way, relative to how far it moved
  double rounding = 0;      // how far rounding can have moved `slope`

  bool finite() const { return std::isfinite(slope) && std::isfinite(left - right); }
  double gap() const { return std::fabs(right - left); }
};

// The slope at width 0, extrapolated, and how far it may be off.
struct Slope {
  double value = 0;
  double uncertainty = kInfinity;
  double width = 0;
  double largest_term = 0;
  Differences last;       // at the smallest width that was tried...
  double gap_before = 0;  // ... and the gap between its sides one width earlier
};

// The largest of the terms that the last step of a gradient adds up; 0 if it adds up none. Factors
// are no terms: a small product of a large gradient must still be right to the last digits.
double largest_sent(const Trace& trace, NodeId gradient) {
  const Graph& graph = trace.graph();
  const Primitive* primitive = graph.node(gradient).primitive;
  const bool adds_up =
      graph.place(gradient).part == Part::kGradient || primitive == &primitives::sum();
  double largest = 0;
  if (!adds_up) return largest;
  for (std::size_t i = 0; i < graph.arity(gradient); ++i) {
    const NodeId input = graph.input(gradient, i);
    if (graph.place(input).part == Part::kForward) continue;
    for (const double value : trace.value(input)) largest = std::max(largest, std::fabs(value));
  }
  return largest;
}

class Checker {
 public:
  Checker(const Trace& trace, NodeId output, NodeId upstream, NodeId node, NodeId gradient,
          const CheckOptions& options)
      : trace_(trace),
        output_(output),
        upstream_(trace.value(upstream)),
        x_(trace.value(node)),
        ours_(trace.value(gradient)),
        largest_sent_(largest_sent(trace, gradient)),
        options_(options),
        rerun_(trace, node, output) {
    double squares = 0;
    for (const double x : x_) squares += std::isfinite(x) ? x * x : 0;
    usual_size_ = std::sqrt(squares / static_cast<double>(x_.size()));
    if (!(usual_size_ > 0 && std::isfinite(usual_size_))) usual_size_ = 1;
  }

  Element check(std::size_t i) {
    Element element;
    element.row = static_cast<int>(i / static_cast<std::size_t>(x_.shape.cols()));
    element.col = static_cast<int>(i % static_cast<std::size_t>(x_.shape.cols()));
    element.ours = ours_.data[i];
    const Slope slope = extrapolate(i, element.ours);
    element.numeric = slope.value;
    element.width = slope.width;
    element.left = slope.last.left;
    element.right = slope.last.right;
    judge(i, slope, element);
    return element;
  }

  // How many numbers it takes to move one element once.
  std::size_t run_size() const { return rerun_.size(); }

  // Without extrapolation.
  double slope_at(std::size_t i, double width) { return measure(i, width).slope; }

 private:
  // What an error is relative to: see kSmallestShare.
  double scale_of(double ours, const Slope& slope) const {
    const double largest_term = std::max(slope.largest_term, largest_sent_);
    return std::max({std::fabs(ours), std::fabs(slope.value), kSmallestShare * largest_term});
  }

  // Halving a width that is a power of two keeps x + width and x - width free of rounding.
  static constexpr int kLevels = 26;
  static constexpr int kColumns = 7;
  static constexpr double kMostBlur = 1e-3;

  void judge(std::size_t i, const Slope& slope, Element& element) {
    if (slope.width == 0) {
      element.verdict = Verdict::kUnclear;
      return;
    }
    const double scale = scale_of(element.ours, slope);
    const double difference = std::fabs(element.ours - element.numeric);
    element.error = difference == 0 ? 0 : difference / scale;
    if (!std::isfinite(element.ours)) {
      element.error = kInfinity;
      const bool settled = slope.uncertainty <= 1e-3 * std::fabs(slope.value);
      element.verdict = settled ? Verdict::kWrong : Verdict::kUnclear;
      return;
    }
    const bool within = element.error <= options_.tolerance;
    const bool gap_stays = slope.last.gap() > 0.75 * slope.gap_before &&
                           slope.last.gap() > 1e-5 * std::max(scale, slope.largest_term);
    if (!within || gap_stays) {
      if (const std::optional<NodeId> kink = find_kink(i, slope.width, element)) {
        element.verdict = Verdict::kKink;
        element.kink = *kink;
        return;
      }
    }
    if (within) return;
    element.verdict = difference > 10 * slope.uncertainty ? Verdict::kWrong : Verdict::kUnclear;
  }

  // A power of two near the size of the element, or of the whole leaf if that is larger.
  double size_of(std::size_t i) const {
    return std::exp2(std::floor(std::log2(std::max(std::fabs(x_.data[i]), usual_size_))));
  }

  Differences measure(std::size_t i, double width) {
    const double x = x_.data[i];
    const double up = x + width;
    const double down = x - width;
    rerun_.run(i, up, plus_);
    rerun_.run(i, down, minus_);
    const ConstView before = trace_.value(output_);
    const ConstView above = rerun_.value(output_, plus_);
    const ConstView below = rerun_.value(output_, minus_);
    Differences is;
    is.width = width;
    double magnitude = 0;
    for (std::size_t k = 0; k < before.size(); ++k) {
      const double u = upstream_.data[k];
      const double term = u * (above.data[k] - below.data[k]);
      is.slope += term;
      is.right += u * (above.data[k] - before.data[k]);
      is.left += u * (before.data[k] - below.data[k]);
      is.largest_term = std::max(is.largest_term, std::fabs(term));
      if (term != 0) magnitude += std::fabs(u * above.data[k]);
    }
    is.slope /= up - down;
    is.right /= up - x;
    is.left /= x - down;
    is.largest_term /= up - down;
    is.blur = blur();
    is.rounding = std::max(kEpsilon * magnitude / width, is.blur * std::fabs(is.slope));
    return is;
  }

  // Where 1e9 was added to a value and is taken away again, what is left of the value is rough: on
  // the way it moved by a few roundings only. The largest such share; the moved node itself is
  // exact.
  double blur() const {
    double worst = 0;
    for (std::size_t n = 1; n < rerun_.nodes().size(); ++n) {
      const NodeId node = rerun_.nodes()[n];
      const ConstView before = trace_.value(node);
      const double* above = rerun_.value(node, plus_).data;
      const double* below = rerun_.value(node, minus_).data;
      double size = 0;
      double move = 0;
      for (std::size_t k = 0; k < before.size(); ++k) {
        size = std::max(size, std::fabs(before.data[k]));
        move = std::max(
            {move, std::fabs(above[k] - before.data[k]), std::fabs(before.data[k] - below[k])});
      }
      if (move > 0) worst = std::max(worst, kEpsilon * size / move);
    }
    return worst;
  }

  // Richardson's extrapolation of central differences, where the error is a series in width². The
  // entry of the tableau that differs least from its neighbours is the best: Ridders, "Accurate
  // computation of F'(x) and F'(x) F''(x)", Advances in Engineering Software 4 (1982).
  Slope extrapolate(std::size_t i, double ours) {
    Slope best;
    std::array<double, kColumns> row{};
    int columns = 0;  // how many entries of the row above are good
    int worse = 0;    // how many widths in a row brought nothing better
    double width = size_of(i) / 8;
    for (int level = 0; level < kLevels; ++level, width /= 2) {
      const Differences is = measure(i, width);
      if (!is.finite()) {  // beyond the edge of log, say
        columns = 0;
        continue;
      }
      if (is.blur > kMostBlur && best.width > 0) break;  // every smaller width is worse
      best.gap_before = columns > 0 ? best.last.gap() : 0;
      best.last = is;
      const double before = best.uncertainty;
      extend(row, columns, is, best);
      worse = best.uncertainty < before ? 0 : worse + 1;
      const double scale = scale_of(std::isfinite(ours) ? ours : 0, best);
      if (level >= 2 && best.uncertainty <= 1e-3 * options_.tolerance * scale) break;
      if (worse >= 3 && best.uncertainty <= 0.1 * options_.tolerance * scale) break;
    }
    return best;
  }

  // Adds a row to the tableau. `row` holds the last one, of so many columns, and becomes the next.
  static void extend(std::array<double, kColumns>& row, int& columns, const Differences& is,
                     Slope& best) {
    const int reached = std::min(columns, kColumns - 1);
    double entry = is.slope;
    double power = 4;
    for (int k = 0; k < reached; ++k, power *= 4) {
      const double above = std::exchange(row[k], entry);
      const double next = (power * entry - above) / (power - 1);
      const double off =
          std::max({std::fabs(next - entry), std::fabs(next - above), 2 * is.rounding});
      if (off < best.uncertainty) {
        best.value = next;
        best.uncertainty = off;
        best.width = is.width;
        best.largest_term = is.largest_term;
      }
      entry = next;
    }
    row[reached] = entry;
    columns = reached + 1;
  }

  // The first node on the way whose slopes to the left and to the right stay apart as the width
  // falls. Those of a smooth curve close up in step with it.
  std::optional<NodeId> find_kink(std::size_t i, double width, Element& element) {
    const double wide = std::min(width, size_of(i) * 0x1p-13);
    const double narrow = wide / 16;
    if (!measure(i, wide).finite()) return std::nullopt;
    std::vector<double> wide_bends;
    for (const NodeId node : rerun_.nodes()) append_bends(node, wide_bends);
    const Differences is = measure(i, narrow);
    if (!is.finite()) return std::nullopt;
    element.left = is.left;
    element.right = is.right;

    std::vector<double> narrow_bends;
    double largest_value = 0;
    for (const NodeId node : rerun_.nodes()) {
      const std::size_t first = narrow_bends.size();
      append_bends(node, narrow_bends);
      const ConstView before = trace_.value(node);
      double steepest = 0;
      for (std::size_t k = 0; k < before.size(); ++k) {
        largest_value = std::max(largest_value, std::fabs(before.data[k]));
        const double up = rerun_.value(node, plus_).data[k] - before.data[k];
        const double down = before.data[k] - rerun_.value(node, minus_).data[k];
        steepest = std::max({steepest, std::fabs(up) / narrow, std::fabs(down) / narrow});
      }
      for (std::size_t k = first; k < narrow_bends.size(); ++k) {
        const double gap = narrow_bends[k] / narrow;
        const bool stays = gap > 0.5 * wide_bends[k] / wide;
        const bool beyond_rounding = narrow_bends[k] > 1000 * kEpsilon * largest_value;
        if (stays && beyond_rounding && gap > 1e-3 * steepest) return node;
      }
    }
    return std::nullopt;
  }

  // How far each element of `node` lies off the line through its neighbours at the last width.
  void append_bends(NodeId node, std::vector<double>& bends) const {
    const ConstView before = trace_.value(node);
    const ConstView above = rerun_.value(node, plus_);
    const ConstView below = rerun_.value(node, minus_);
    for (std::size_t k = 0; k < before.size(); ++k) {
      bends.push_back(std::fabs(above.data[k] - 2 * before.data[k] + below.data[k]));
    }
  }

  const Trace& trace_;
  NodeId output_;
  ConstView upstream_;
  ConstView x_;
  ConstView ours_;
  double largest_sent_;
  CheckOptions options_;
  Rerun rerun_;
  double usual_size_ = 1;
  std::vector<double> plus_;
  std::vector<double> minus_;
};

// The element to look at as number `k` of `count`: all of them, or steps of the golden ratio, which
// spread over rows and columns alike.
std::size_t element_number(std::size_t k, std::size_t count, std::size_t elements) {
  if (count == elements) return k;
  constexpr double kGoldenRatio = 0.6180339887498949;
  const double at = static_cast<double>(k) * kGoldenRatio;
  return static_cast<std::size_t>((at - std::floor(at)) * static_cast<double>(elements));
}

std::string place_text(const Graph& graph, NodeId node, const Element& element) {
  return graph.name(node) + backstep::place_text(graph.node(node).shape, element.row, element.col);
}

}  // namespace

GradientCheck check_gradient(const Trace& trace, NodeId output, NodeId upstream, NodeId node,
                             NodeId gradient, const CheckOptions& options) {
  GradientCheck result;
  result.node = node;
  result.gradient = gradient;
  result.elements = trace.value(node).size();
  result.checked = std::min(result.elements, options.most_elements);
  result.worst.verdict = Verdict::kUnclear;
  Checker checker(trace, output, upstream, node, gradient, options);
  for (std::size_t k = 0; k < result.checked; ++k) {
    const Element element = checker.check(element_number(k, result.checked, result.elements));
    if (options.on_checked) options.on_checked(k + 1, result.checked);
    switch (element.verdict) {
      case Verdict::kKink:
        if (result.kinks++ == 0) result.first_kink = element;
        continue;
      case Verdict::kUnclear:
        if (result.unclear++ == 0) result.first_unclear = element;
        continue;
      case Verdict::kWrong:
        ++result.wrong;
        break;
      case Verdict::kRight:
        break;
    }
    const bool first = result.worst.verdict == Verdict::kUnclear;
    if (first || element.error > result.worst.error) result.worst = element;
  }
  return result;
}

Tensor measured_slopes(const Trace& trace, NodeId output, NodeId upstream, NodeId node,
                       NodeId gradient, const CheckOptions& options) {
  Tensor slopes(trace.value(node).shape, std::numeric_limits<double>::quiet_NaN());
  const std::size_t elements = slopes.data().size();
  const std::size_t count = std::min(elements, options.most_elements);
  Checker checker(trace, output, upstream, node, gradient, options);
  for (std::size_t k = 0; k < count; ++k) {
    const Element element = checker.check(element_number(k, count, elements));
    const bool told = element.verdict == Verdict::kRight || element.verdict == Verdict::kWrong;
    if (told) slopes(element.row, element.col) = element.numeric;
  }
  return slopes;
}

std::vector<WidthError> errors_by_width(const Trace& trace, NodeId output, NodeId upstream,
                                        const GradientCheck& check) {
  Checker checker(trace, output, upstream, check.node, check.gradient, {});
  constexpr double kMostForWidths = kMostWork / 20;
  if (kRuns * static_cast<double>(checker.run_size()) > kMostForWidths) return {};
  const ConstView ours = trace.value(check.gradient);
  const std::size_t element =
      static_cast<std::size_t>(check.worst.row) * ours.shape.cols() + check.worst.col;
  std::vector<WidthError> errors;
  constexpr int kWidths = 10;
  for (int k = 1; k <= kWidths; ++k) {
    WidthError one{std::pow(10.0, -k), 0, kInfinity};
    one.slope = checker.slope_at(element, one.width);
    const double scale = std::max(std::fabs(one.slope), std::fabs(ours.data[element]));
    const double off = std::fabs(one.slope - ours.data[element]);
    if (std::isfinite(off)) one.error = off == 0 ? 0 : off / scale;
    errors.push_back(one);
  }
  return errors;
}

bool is_degenerate(const Trace& trace, NodeId gradient) {
  constexpr double kRounding = 1e-12;
  const ConstView value = trace.value(gradient);
  return std::all_of(value.begin(), value.end(),
                     [](double element) { return std::fabs(element) < kRounding; });
}

std::vector<GradientCheck> check_gradients(const Trace& trace, NodeId output,
                                           const CheckOptions& options) {
  const Ledger ledger(trace);
  const NodeId upstream = ledger.gradient(output);
  if (upstream == kNoNode || trace.graph().place(upstream).part != Part::kSeed) {
    throw Error(fmt::format("{} has no upstream gradient in this run, so there is nothing to check",
                            trace.graph().name(output)));
  }
  std::vector<NodeId> leaves;
  std::vector<std::size_t> counts;
  for (NodeId leaf = 0; leaf <= output; ++leaf) {
    const bool is_leaf = trace.graph().node(leaf).primitive == nullptr;
    if (is_leaf && ledger.gradient(leaf) != kNoNode) leaves.push_back(leaf);
  }
  for (const NodeId leaf : leaves) {
    const double affordable = kMostWork / static_cast<double>(leaves.size()) / kRuns /
                              static_cast<double>(Rerun(trace, leaf, output).size());
    const std::size_t most = std::min(options.most_elements, trace.value(leaf).size());
    counts.push_back(affordable >= static_cast<double>(most)
                         ? most
                         : std::max<std::size_t>(1, static_cast<std::size_t>(affordable)));
  }
  const std::size_t total = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
  std::vector<GradientCheck> checks;
  std::size_t done = 0;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    CheckOptions one = options;
    one.most_elements = counts[i];
    if (options.on_checked) {
      one.on_checked = [&](std::size_t, std::size_t) { options.on_checked(++done, total); };
    }
    const NodeId gradient = ledger.gradient(leaves[i]);
    checks.push_back(check_gradient(trace, output, upstream, leaves[i], gradient, one));
  }
  return checks;
}

std::string in_words(const Graph& graph, const GradientCheck& check, Language language) {
  const std::size_t compared = check.checked - check.kinks - check.unclear;
  std::string text = say(language, Words("{0}: {1} of {2} elements agree"),
                         graph.name(check.gradient), compared - check.wrong, check.checked);
  if (check.checked < check.elements) {
    text += " " + say(language, Words("(of {0} in all)"), check.elements);
  }
  const Element& worst = check.worst;
  if (compared > 0) {
    text += "; " + say(language, Words("largest relative error {0} at {1}"),
                       number_text(worst.error, 2), place_text(graph, check.node, worst));
  }
  if (check.wrong > 0) {
    text += ": " + say(language, Words("the gradient says {0}, differences of width {1} say {2}"),
                       number_text(worst.ours, 8), number_text(worst.width, 2),
                       number_text(worst.numeric, 8));
  }
  text += ".";
  if (check.kinks > 0) {
    const Element& kink = check.first_kink;
    text += " " + say(language,
                      Words("{0} at a kink, where there is no one slope: {1} at {2}, with slope "
                            "{3} to the left and {4} to the right; differences give the mean of "
                            "both, the gradient takes {5}."),
                      check.kinks, place_text(graph, check.node, kink), graph.name(kink.kink),
                      number_text(kink.left), number_text(kink.right), number_text(kink.ours));
  }
  if (check.unclear > 0) {
    text += " " + say(language,
                      Words("{0} could not be judged, the first of them {1}: no finite, steady "
                            "slope."),
                      check.unclear, place_text(graph, check.node, check.first_unclear));
  }
  return text;
}

}  // namespace backstep::check
