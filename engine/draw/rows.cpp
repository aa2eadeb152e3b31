// Breaks boxes into rows as a paragraph is broken into lines: of all ways to do it the one that
// takes the least height, cuts the fewest lines and leaves groups whole.
#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

#include "engine/draw/row.h"

namespace backstep::draw {
namespace {

constexpr double kCutLine = 16;
constexpr double kCutGroup = 14;
constexpr double kCutSmallGroup = 60;  // of one that would fit a row
constexpr double kRowBase = 26;
constexpr double kBetween = 12;  // one box below another
constexpr double kFrame = 32;

class Breaker {
 public:
  Breaker(const Parts& parts, std::span<const std::size_t> ways, double width)
      : parts_(parts), ways_(ways), width_(width), order_(parts.boxes.size()) {
    std::iota(order_.begin(), order_.end(), std::size_t{0});
  }

  std::vector<Row> rows() {
    const std::size_t count = order_.size();
    if (count == 0) return {};
    if (parts_.is_plain || row(0, count).width() <= width_) return {row(0, count)};
    find_groups();
    std::vector<double> cost(count + 1, std::numeric_limits<double>::infinity());
    std::vector<std::size_t> start(count + 1, 0);
    cost[0] = 0;
    for (std::size_t first = 0; first < count; ++first) {
      for (std::size_t last = first + 1; last <= count; ++last) {
        if (!may_cut(last)) continue;
        const Row candidate = row(first, last);
        if (candidate.width() > width_ && last > first + 1) break;
        const double total = cost[first] + height(candidate) + kRowBase + cost_of_cut(last);
        if (total < cost[last]) {
          cost[last] = total;
          start[last] = first;
        }
      }
    }
    std::vector<Row> rows;
    for (std::size_t last = count; last > 0; last = start[last]) {
      rows.push_back(row(start[last], last));
    }
    std::reverse(rows.begin(), rows.end());
    return rows;
  }

 private:
  struct Extent {
    std::size_t first = static_cast<std::size_t>(-1);
    std::size_t last = 0;
    bool fits = false;

    bool is_empty() const { return first > last; }
    void include(std::size_t place) {
      first = std::min(first, place);
      last = std::max(last, place);
    }
  };

  Row row(std::size_t first, std::size_t last) const {
    return row_of(parts_, ways_, std::span(order_).subspan(first, last - first));
  }

  void find_groups() {
    groups_.resize(parts_.parents.size());
    for (const std::size_t box : order_) {
      for (std::size_t g = parts_.boxes[box].group; g != 0; g = parts_.parents[g]) {
        groups_[g].include(box);
      }
    }
    for (Extent& group : groups_) {
      if (group.is_empty()) continue;
      group.fits = row(group.first, group.last + 1).width() <= width_;
    }
  }

  // A leaf stands in the row of what it leads to first, and a result in that of what leads to it.
  bool may_cut(std::size_t at) const {
    if (at == order_.size()) return true;
    const auto is = [&](std::size_t box, std::size_t Link::*end) {
      return std::any_of(parts_.links.begin(), parts_.links.end(),
                         [&](const Link& link) { return link.*end == box; });
    };
    const bool is_leaf = !parts_.boxes[at - 1].turn && !is(at - 1, &Link::to);
    const bool is_result = !parts_.boxes[at].turn && !is(at, &Link::from);
    return !is_leaf && !is_result;
  }

  // About how high a row will be: what stands in one column stands one below the other, and nothing
  // else stands in the columns of a group at its height.
  double height(const Row& row) const {
    std::vector<Extent> columns(parts_.parents.size());
    std::vector<std::vector<double>> stacks(parts_.parents.size(),
                                            std::vector<double>(row.widths.size(), 0));
    for (const std::size_t box : row.boxes) {
      const std::size_t column = row.column.at(box);
      stacks[parts_.boxes[box].group][column] += parts_.boxes[box].height + kBetween;
      for (std::size_t g = parts_.boxes[box].group; g != 0; g = parts_.parents[g]) {
        columns[g].include(column);
      }
    }
    // A group stands behind its parent.
    for (std::size_t g = columns.size(); g-- > 1;) {
      if (columns[g].is_empty()) continue;
      const double inside = *std::max_element(stacks[g].begin(), stacks[g].end()) + kFrame;
      std::vector<double>& around = stacks[parts_.parents[g]];
      for (std::size_t i = columns[g].first; i <= columns[g].last; ++i) around[i] += inside;
    }
    return *std::max_element(stacks[0].begin(), stacks[0].end());
  }

  double cost_of_cut(std::size_t at) const {
    if (at == order_.size()) return 0;
    double cost = 0;
    std::set<std::size_t> cut;
    for (std::size_t i = 0; i < parts_.links.size(); ++i) {
      const Link& link = parts_.links[i];
      if ((link.from < at) != (link.to < at)) cut.insert(ways_[i]);
    }
    cost += kCutLine * static_cast<double>(cut.size());
    for (const Extent& group : groups_) {
      const bool is_cut = group.first < at && at <= group.last;
      if (is_cut) cost += group.fits ? kCutSmallGroup : kCutGroup;
    }
    return cost;
  }

  const Parts& parts_;
  std::span<const std::size_t> ways_;
  double width_;
  std::vector<std::size_t> order_;
  std::vector<Extent> groups_;
};

}  // namespace

std::vector<Row> rows_of(const Parts& parts, std::span<const std::size_t> ways, double width) {
  return Breaker(parts, ways, width).rows();
}

}  // namespace backstep::draw
