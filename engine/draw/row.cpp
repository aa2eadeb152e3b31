// The columns of a row.
#include "engine/draw/row.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace backstep::draw {
namespace {

constexpr double kBesideLabel = 11.5;
constexpr double kFrameSide = 8;

class RowMaker {
 public:
  RowMaker(const Parts& parts, std::span<const std::size_t> ways,
           std::span<const std::size_t> boxes)
      : parts_(parts), ways_(ways) {
    row_.boxes.assign(boxes.begin(), boxes.end());
    for (const std::size_t box : boxes) row_.column[box] = 0;
  }

  Row row() {
    find_near();
    choose_columns();
    set_runs_apart();
    measure();
    return std::move(row_);
  }

 private:
  bool is_within(std::size_t group, std::size_t ancestor) const {
    while (group != ancestor && group != 0) group = parts_.parents[group];
    return group == ancestor;
  }

  std::size_t first_of(std::size_t group) const {
    const auto found = std::find_if(row_.boxes.begin(), row_.boxes.end(), [&](std::size_t box) {
      return is_within(parts_.boxes[box].group, group);
    });
    return *found;
  }

  bool has(std::size_t box) const { return row_.column.count(box) > 0; }

  void find_near() {
    for (std::size_t i = 0; i < parts_.links.size(); ++i) {
      const Link& link = parts_.links[i];
      if (link.from < link.to && has(link.from) && has(link.to)) row_.near.push_back(i);
    }
    std::stable_sort(row_.near.begin(), row_.near.end(), [&](std::size_t a, std::size_t b) {
      return parts_.links[a].to < parts_.links[b].to;
    });
  }

  // Each box stands right of all that lead to it, and a group right of the stations that lead into
  // it, so that both fit at one height; then what leads to more boxes than lead to it moves to the
  // right, to where it is used.
  void choose_columns() {
    std::map<std::size_t, int> pull;
    std::map<std::size_t, std::vector<std::size_t>> before_box, before_group;
    for (const std::size_t i : row_.near) {
      const Link& link = parts_.links[i];
      before_box[link.to].push_back(link.from);
      ++pull[link.from];
      --pull[link.to];
      if (!parts_.boxes[link.from].turn) continue;
      for (std::size_t g = parts_.boxes[link.to].group; g != 0; g = parts_.parents[g]) {
        if (link.from < first_of(g)) before_group[g].push_back(link.from);
      }
    }
    for (const std::size_t box : row_.boxes) {
      std::size_t& column = row_.column[box];
      const auto stand_behind = [&](const std::vector<std::size_t>& others) {
        for (const std::size_t other : others) column = std::max(column, row_.column[other] + 1);
      };
      stand_behind(before_box[box]);
      for (std::size_t g = parts_.boxes[box].group; g != 0; g = parts_.parents[g]) {
        stand_behind(before_group[g]);
      }
    }
    for (auto box = row_.boxes.rbegin(); box != row_.boxes.rend(); ++box) {
      if (pull[*box] <= 0) continue;
      std::size_t nearest = static_cast<std::size_t>(-1);
      for (const std::size_t i : row_.near) {
        const Link& link = parts_.links[i];
        if (link.from == *box) nearest = std::min(nearest, row_.column[link.to]);
      }
      row_.column[*box] = nearest - 1;
    }
  }

  // What does not hang together stands side by side, in the order in which it is read.
  void set_runs_apart() {
    std::map<std::size_t, std::size_t> piece;
    for (const std::size_t box : row_.boxes) piece[box] = box;
    const auto root = [&](std::size_t box) {
      while (piece[box] != box) box = piece[box];
      return box;
    };
    for (const std::size_t i : row_.near) {
      const std::size_t a = root(parts_.links[i].from);
      const std::size_t b = root(parts_.links[i].to);
      piece[std::max(a, b)] = std::min(a, b);
    }
    std::map<std::size_t, std::vector<std::size_t>> pieces;
    for (const std::size_t box : row_.boxes) pieces[root(box)].push_back(box);
    std::size_t free = 0;
    std::size_t last = 0;  // a box in the column before
    for (const auto& [root_of, boxes] : pieces) {
      const auto in_order = [&](std::size_t a, std::size_t b) {
        return row_.column[a] < row_.column[b];
      };
      const std::size_t first = *std::min_element(boxes.begin(), boxes.end(), in_order);
      const std::size_t least = row_.column[first];
      for (const std::size_t box : boxes) row_.column[box] += free - least;
      if (free > 0) row_.seams.emplace_back(last, first);
      last = *std::max_element(boxes.begin(), boxes.end(), in_order);
      free = row_.column[last] + 1;
    }
  }

  std::size_t depth(std::size_t group) const {
    std::size_t depth = 0;
    for (; group != 0; group = parts_.parents[group]) ++depth;
    return depth;
  }

  void measure() {
    for (const std::size_t box : row_.boxes) {
      const std::size_t column = row_.column[box];
      if (row_.widths.size() <= column) row_.widths.resize(column + 1);
      row_.widths[column] = std::max(row_.widths[column], parts_.boxes[box].width);
    }
    row_.gaps.resize(row_.widths.size() + 1);
    const std::set<std::size_t> near(row_.near.begin(), row_.near.end());
    for (std::size_t i = 0; i < parts_.links.size(); ++i) {
      const Link& link = parts_.links[i];
      if (has(link.from)) {
        Gap& gap = row_.gaps[row_.column[link.from] + 1];
        gap.label = std::max(gap.label, link.label_width);
        if (near.count(i) == 0) gap.leaving.insert(ways_[i]);
      }
      if (has(link.to) && near.count(i) == 0) {
        row_.gaps[row_.column[link.to]].arriving.insert(ways_[i]);
      }
    }
    for (const std::size_t box : row_.boxes) {
      const double room = kFrameSide * static_cast<double>(depth(parts_.boxes[box].group));
      for (const std::size_t side : {0, 1}) {
        Gap& gap = row_.gaps[row_.column[box] + side];
        gap.frames = std::max(gap.frames, room);
      }
    }
  }

  const Parts& parts_;
  std::span<const std::size_t> ways_;
  Row row_;
};

}  // namespace

double Gap::room_for_tracks() const {
  const std::size_t count = leaving.size() + arriving.size();
  if (count == 0) return 0;
  return 2 * frames + 2 * kToTrack + kTrack * static_cast<double>(count - 1);
}

double Gap::outer_room() const {
  const std::size_t count = leaving.size() + arriving.size();
  return frames + (count == 0 ? 0 : kToTrack + kTrack * (static_cast<double>(count) - 0.5));
}

double Row::width() const {
  double width = std::accumulate(widths.begin(), widths.end(), 0.0);
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    const Gap& gap = gaps[i];
    const bool is_outer = i == 0 || i + 1 == gaps.size();
    if (gap.label > 0) width += kBesideLabel + gap.label;
    const double least = gap.label > 0 ? kBesideLabel : 2 * kBesideLabel;
    width += is_outer ? gap.outer_room() : std::max(least, gap.room_for_tracks());
  }
  return width;
}

std::vector<std::size_t> ways_of(const Parts& parts) {
  std::vector<std::size_t> ways;
  std::map<std::size_t, std::size_t> first;
  for (std::size_t i = 0; i < parts.links.size(); ++i) {
    const Link& link = parts.links[i];
    ways.push_back(link.label_width > 0 ? i : first.try_emplace(link.from, i).first->second);
  }
  return ways;
}

Row row_of(const Parts& parts, std::span<const std::size_t> ways,
           std::span<const std::size_t> boxes) {
  return RowMaker(parts, ways, boxes).row();
}

}  // namespace backstep::draw
