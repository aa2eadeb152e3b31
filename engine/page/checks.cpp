// Which sums must vanish follows from the graph: a value whose mean is taken away cannot be moved
// by a shift of all of it, and one that is divided by its own size cannot be moved by stretching
// it.
#include "engine/page/checks.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/reads.h"
#include "engine/structure/normalisation.h"

namespace backstep::page {
namespace {

// Rounding of a sum, relative to the sizes of its terms.
constexpr double kRounding = 1e-10;
// Finite differences are right to about so much.
constexpr double kSlopeTolerance = 1e-6;

class Checks {
 public:
  Checks(const Trace& trace, const Ledger& ledger)
      : trace_(trace), graph_(trace.graph()), ledger_(ledger), stations_(graph_) {}

  std::vector<PageCheck> check(const std::map<NodeId, Tensor>& slopes) {
    const auto normalisations = structure::normalisations(stations_);
    for (NodeId node = 0; node < graph_.size(); ++node) {
      check_shift(node);
      const auto found = normalisations.find(node);
      if (found != normalisations.end()) check_stretch(found->second);
    }
    check_slopes(slopes);
    check_finite();
    return std::move(checks_);
  }

 private:
  bool used_only_by(NodeId node, NodeId a, NodeId b) const {
    const std::vector<NodeId>& users = stations_.users(node);
    return std::all_of(users.begin(), users.end(),
                       [&](NodeId user) { return user == a || user == b; });
  }

  // The value that `centred` is without its mean, if nothing else uses that value.
  std::optional<NodeId> centred_from(NodeId centred) const {
    const auto is = structure::centred(stations_, centred);
    if (!is) return std::nullopt;
    const auto [value, mean] = *is;
    const bool its_mean =
        stations_.argument(mean, 0) == value && used_only_by(mean, centred, centred);
    if (!its_mean || !used_only_by(value, mean, centred)) return std::nullopt;
    return value;
  }

  // The sums of `term` along an axis, the largest of them, and how large their terms are in all.
  struct Sums {
    std::vector<double> sums;
    std::vector<double> sizes;
  };
  template <typename Term>
  static Sums sums_along(Along axis, Shape shape, Term term) {
    const int count = axis == Along::kRows      ? shape.cols()
                      : axis == Along::kColumns ? shape.rows()
                                                : 1;
    Sums result{std::vector<double>(count), std::vector<double>(count)};
    for (int row = 0; row < shape.rows(); ++row) {
      for (int col = 0; col < shape.cols(); ++col) {
        const int at = axis == Along::kRows ? col : axis == Along::kColumns ? row : 0;
        result.sums[at] += term(row, col);
        result.sizes[at] += std::fabs(term(row, col));
      }
    }
    return result;
  }

  // How large the contributions to a gradient are: what a sum of them is rounded to.
  double contribution_size(NodeId node) const {
    double size = 0;
    for (const NodeId contribution : ledger_.contributions(node)) {
      for (const double value : trace_.value(contribution)) size += std::fabs(value);
    }
    return size;
  }

  void check_shift(NodeId centred) {
    const auto value = centred_from(centred);
    if (!value || ledger_.gradient(*value) == kNoNode) return;
    const ConstView dx = trace_.value(ledger_.gradient(*value));
    const Along axis = along(graph_, stations_.argument(centred, 1));
    if (axis == Along::kOther) return;
    const Sums sums = sums_along(axis, dx.shape, [&](int r, int c) { return dx(r, c); });
    double largest = 0;
    for (const double sum : sums.sums) largest = std::fmax(largest, std::fabs(sum));
    const std::string gradient = graph_.name(ledger_.gradient(*value));
    const std::string name = graph_.name(*value);
    const bool passed = largest <= kRounding * contribution_size(*value);
    checks_.push_back(
        {passed,
         {Words("The sum of {0} {1} is 0: a shift of {2} goes into its mean and away again."),
          {gradient, over(axis), name}},
         {Words("max |sum| = {0}"), {number_text(largest, 3)}}});
  }

  static Words over(Along axis) {
    if (axis == Along::kRows) return Words("over the batch");
    if (axis == Along::kColumns) return Words("over the features");
    return Words("over all elements");
  }

  // xhat = s / sqrt(mean(s ** 2) + eps): stretching s moves xhat by no more than epsilon lets it.
  void check_stretch(const structure::Normalisation& normalisation) {
    const NodeId xhat = normalisation.out;
    if (!normalisation.under || stations_.argument(xhat, 1) != normalisation.inverse) return;
    const auto [s, square, mean] = *normalisation.under;
    const bool serves_alone = stations_.users(mean).size() == 1 && used_only_by(s, square, xhat);
    if (stations_.argument(xhat, 0) != s || along(graph_, mean) == Along::kOther || !serves_alone) {
      return;
    }
    const NodeId value = centred_from(s).value_or(s);
    const NodeId gradient = ledger_.gradient(value);
    if (gradient == kNoNode || ledger_.gradient(xhat) == kNoNode) return;
    compare_stretch(xhat, gradient, value, normalisation.inverse, normalisation.epsilon,
                    along(graph_, mean));
  }

  void compare_stretch(NodeId xhat, NodeId gradient, NodeId value, NodeId inverse, NodeId epsilon,
                       Along axis) {
    const ConstView y = trace_.value(xhat);
    const ConstView dx = trace_.value(gradient);
    const ConstView dy = trace_.value(ledger_.gradient(xhat));
    const ConstView r = trace_.value(inverse);
    const double eps = epsilon == kNoNode ? 0 : trace_.value(epsilon)(0, 0);
    const Sums sums = sums_along(axis, y.shape, [&](int i, int j) { return y(i, j) * dx(i, j); });
    const Sums sent = sums_along(axis, y.shape, [&](int i, int j) { return y(i, j) * dy(i, j); });
    double largest = 0;
    double beyond = 0;
    for (std::size_t i = 0; i < sums.sums.size(); ++i) {
      const double each = r.data[std::min(i, r.size() - 1)];
      const double share = eps * each * each;  // eps / (variance + eps)
      const double left = sent.sums[i] * each * share;
      largest = std::fmax(largest, std::fabs(sums.sums[i]));
      beyond = std::fmax(beyond, std::fabs(sums.sums[i] - left));
    }
    const std::string product = fmt::format("{} * {}", graph_.name(xhat), graph_.name(gradient));
    const std::string name = graph_.name(value);
    const bool passed = beyond <= kRounding * contribution_size(value);
    checks_.push_back(
        {passed,
         {Words("The sum of {0} {1} is 0 up to epsilon: to stretch {2} is to stretch its deviation "
                "too."),
          {product, over(axis), name}},
         {Words("max |sum| = {0}; without epsilon's part {1}"),
          {number_text(largest, 3), number_text(beyond, 3)}}});
  }

  void check_slopes(const std::map<NodeId, Tensor>& slopes) {
    std::size_t compared = 0;
    double worst = 0;
    for (const auto& [node, measured] : slopes) {
      if (ledger_.gradient(node) == kNoNode) continue;
      const ConstView ours = trace_.value(ledger_.gradient(node));
      double size = 0;
      for (const double value : ours) size = std::fmax(size, std::fabs(value));
      for (std::size_t i = 0; i < ours.size(); ++i) {
        const double slope = measured.data()[i];
        if (!std::isfinite(slope) || !std::isfinite(ours.data[i])) continue;
        ++compared;
        const double off = std::fabs(slope - ours.data[i]);
        if (off > 0) worst = std::fmax(worst, off / std::fmax(size, 1e-3));
      }
    }
    if (compared == 0) return;
    checks_.push_back(
        {worst <= kSlopeTolerance,
         {Words("{0} elements were moved a little: the output moves as their gradients say."),
          {std::to_string(compared)}},
         {Words("max difference = {0} of the largest"), {number_text(worst, 2)}}});
  }

  void check_finite() {
    const NodeId first = first_not_finite(trace_);
    const bool passed = first == kNoNode;
    if (passed) {
      checks_.push_back({passed, Words("Every number of the run is finite."), {}});
    } else {
      checks_.push_back(
          {passed,
           {Words("A number that is not finite arises at {0}."), {graph_.name(first)}},
           {}});
    }
  }

  const Trace& trace_;
  const Graph& graph_;
  const Ledger& ledger_;
  Stations stations_;
  std::vector<PageCheck> checks_;
};

}  // namespace

std::vector<PageCheck> page_checks(const Trace& trace, const Ledger& ledger,
                                   const std::map<NodeId, Tensor>& slopes) {
  return Checks(trace, ledger).check(slopes);
}

}  // namespace backstep::page
