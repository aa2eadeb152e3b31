// Stands the rows below each other, and leads the lines on from one to another: each leaves its row
// to the channel below, runs along it, and down into the row below; to a row further down it runs
// beside the rows, at the left.
#include "engine/draw/layout.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "engine/draw/lanes.h"
#include "engine/draw/reading_order.h"
#include "engine/draw/row_place.h"

namespace backstep::draw {
namespace {

constexpr double kChannel = 17;  // between two rows, with no line in it
constexpr double kCorner = 8;

// A way's part in one channel, which lies above the row of the same number.
struct Stretch {
  std::size_t way;
  std::vector<double> above;  // where it comes from the row above
  std::vector<double> below;  // where it leads on to the row below
  bool is_open = false;       // at the left it leads on to another channel
  std::size_t track = 0;

  double low() const { return is_open ? -1e9 : std::min(least(above, 1e9), least(below, 1e9)); }
  double high() const { return std::max(most(above), most(below)); }
  bool covers(double x) const { return low() < x && x < high(); }

 private:
  static double least(const std::vector<double>& all, double none) {
    return all.empty() ? none : *std::min_element(all.begin(), all.end());
  }
  static double most(const std::vector<double>& all) {
    return all.empty() ? -1e9 : *std::max_element(all.begin(), all.end());
  }
};

// What it costs if `a` runs above `b`: lines that cross, and worse, lines that run in each other.
int cost(const Stretch& a, const Stretch& b) {
  constexpr int kOneInTheOther = 100;
  int cost = 0;
  for (const double x : b.above) cost += a.covers(x) ? 1 : 0;
  for (const double x : a.below) {
    cost += b.covers(x) ? 1 : 0;
    for (const double other : b.above)
      cost += std::abs(x - other) < kTrack - 2 ? kOneInTheOther : 0;
  }
  return cost;
}

class Layouter {
 public:
  Layouter(const Parts& parts, double row_width)
      : parts_(parts), ways_(ways_of(parts)), rows_(rows_of(parts, ways_, row_width)) {
    result_.boxes.resize(parts.boxes.size());
    result_.rows.resize(parts.boxes.size());
    result_.links.resize(parts.links.size());
  }

  Layout lay_out() {
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      placed_.push_back(placed(parts_, rows_[r]));
      for (const std::size_t box : rows_[r].boxes) result_.rows[box] = r;
      near_.insert(rows_[r].near.begin(), rows_[r].near.end());
    }
    spread_ends();
    choose_tracks_in_gaps();
    collect_stretches();
    choose_tracks_in_channels();
    choose_trunks();
    stand_rows();
    for (std::size_t i = 0; i < parts_.links.size(); ++i) place_link(i);
    return std::move(result_);
  }

 private:
  bool is_far(std::size_t link) const { return near_.count(link) == 0; }
  std::size_t row_from(std::size_t link) const { return result_.rows[parts_.links[link].from]; }
  std::size_t row_to(std::size_t link) const { return result_.rows[parts_.links[link].to]; }

  // ---- ends ----

  struct End {
    double height;  // of where it comes from
    std::size_t link;
    Spline* line;  // null: it comes from another row
  };

  // Lines that meet at one side of a box are set apart, in the order in which they come.
  void spread_ends() {
    std::vector<std::vector<End>> left(parts_.boxes.size()), right(parts_.boxes.size());
    for (std::size_t i = 0; i < parts_.links.size(); ++i) {
      const Link& link = parts_.links[i];
      if (!is_far(i)) {
        Spline& line = placed_[row_from(i)].links.at(i).line;
        right[link.from].push_back({far_height(line, false), i, &line});
        left[link.to].push_back({far_height(line, true), i, &line});
        continue;
      }
      left[link.to].push_back({-1e9 + static_cast<double>(i), i, nullptr});
    }
    for (PlacedRow& row : placed_) {
      for (auto& [way, head] : row.heads) {
        right[parts_.links[way].from].push_back({far_height(head.line, false), way, &head.line});
      }
    }
    for (std::size_t box = 0; box < parts_.boxes.size(); ++box) {
      spread(right[box], false);
      spread(left[box], true);
    }
  }

  void spread(std::vector<End>& ends, bool at_end) {
    std::stable_sort(ends.begin(), ends.end(),
                     [](const End& a, const End& b) { return a.height < b.height; });
    const double gap = std::min(14.0, 40.0 / static_cast<double>(ends.size()));
    for (std::size_t i = 0; i < ends.size(); ++i) {
      const double middle = (static_cast<double>(ends.size()) - 1) / 2;
      const double by = gap * (static_cast<double>(i) - middle);
      if (at_end && ends[i].line == nullptr) port_[ends[i].link] = by;
      if (ends[i].line != nullptr && parts_.has_ports) shift_end(*ends[i].line, at_end, by);
    }
  }

  static double far_height(const Spline& s, bool at_end) {
    const std::size_t middle = s.size() / 2;
    return at_end ? s[std::min(middle, s.size() - 3)].y + s[0].y * 1e-3
                  : s[std::max<std::size_t>(middle, 2)].y + s.back().y * 1e-3;
  }

  static void shift_end(Spline& spline, bool at_end, double by) {
    const std::size_t end = at_end ? spline.size() - 1 : 0;
    const std::size_t next = at_end ? end - 1 : 1;
    spline[end].y += by;
    spline[next].y += by;
  }

  // ---- tracks ----

  // Up and down in the gaps between columns: what leaves lowest leaves first, so that it crosses
  // nothing; what arrives highest arrives last.
  void choose_tracks_in_gaps() {
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      for (std::size_t g = 0; g < rows_[r].gaps.size(); ++g) {
        const Gap& gap = rows_[r].gaps[g];
        std::vector<std::pair<double, std::size_t>> leaving, arriving;
        for (const std::size_t way : gap.leaving) {
          leaving.emplace_back(-placed_[r].heads.at(way).line.back().y, way);
        }
        for (const std::size_t way : gap.arriving) {
          arriving.emplace_back(highest_end(way, r, g), way);
        }
        std::sort(leaving.begin(), leaving.end());
        std::sort(arriving.begin(), arriving.end());
        for (std::size_t k = 0; k < leaving.size(); ++k) {
          leaves_at_[leaving[k].second] = placed_[r].leaving[g] + kTrack * static_cast<double>(k);
        }
        for (std::size_t k = 0; k < arriving.size(); ++k) {
          arrives_at_[{arriving[k].second, r, g}] =
              placed_[r].arriving[g] - kTrack * static_cast<double>(k);
        }
      }
    }
  }

  double highest_end(std::size_t way, std::size_t row, std::size_t gap) const {
    double highest = 1e9;
    for (std::size_t i = 0; i < parts_.links.size(); ++i) {
      const std::size_t to = parts_.links[i].to;
      const bool is_here = ways_[i] == way && is_far(i) && result_.rows[to] == row &&
                           rows_[row].column.at(to) == gap;
      if (is_here) highest = std::min(highest, placed_[row].boxes.at(to).y + port_.at(i));
    }
    return highest;
  }

  double arrives_at(std::size_t link) const {
    const std::size_t row = row_to(link);
    const std::size_t gap = rows_[row].column.at(parts_.links[link].to);
    return arrives_at_.at({ways_[link], row, gap});
  }

  // x as it is in the rows themselves, which all begin at 0.
  void collect_stretches() {
    channels_.resize(rows_.size() + 1);
    for (std::size_t i = 0; i < parts_.links.size(); ++i) {
      if (!is_far(i)) continue;
      const std::size_t first = row_from(i) + 1;
      const std::size_t last = row_to(i);
      Stretch& leaving = stretch(first, ways_[i]);
      if (leaving.above.empty()) leaving.above.push_back(leaves_at_.at(ways_[i]));
      stretch(last, ways_[i]).below.push_back(arrives_at(i));
      if (first == last) continue;
      stretch(first, ways_[i]).is_open = true;
      stretch(last, ways_[i]).is_open = true;
    }
  }

  Stretch& stretch(std::size_t channel, std::size_t way) {
    std::vector<Stretch>& all = channels_[channel];
    for (Stretch& found : all) {
      if (found.way == way) return found;
    }
    all.push_back({.way = way, .above = {}, .below = {}});
    return all.back();
  }

  // The order that costs least, each pair for itself; what does not meet shares a track.
  void choose_tracks_in_channels() {
    for (std::vector<Stretch>& all : channels_) {
      std::vector<std::pair<int, std::size_t>> wins;
      for (std::size_t i = 0; i < all.size(); ++i) {
        int sum = 0;
        for (const Stretch& other : all) {
          if (other.way != all[i].way) sum += cost(all[i], other) - cost(other, all[i]);
        }
        wins.emplace_back(sum, i);
      }
      std::stable_sort(wins.begin(), wins.end());
      std::vector<std::size_t> done;
      for (const auto& [sum, i] : wins) {
        for (const std::size_t other : done) {
          const bool meet = all[i].low() < all[other].high() + kTrack &&
                            all[other].low() < all[i].high() + kTrack;
          if (meet) all[i].track = std::max(all[i].track, all[other].track + 1);
        }
        done.push_back(i);
      }
    }
  }

  // Beside the rows: the shortest stands nearest to them.
  void choose_trunks() {
    struct Trunk {
      std::size_t way, first, last;
    };
    std::map<std::size_t, Trunk> all;
    for (std::size_t c = 0; c < channels_.size(); ++c) {
      for (const Stretch& stretch : channels_[c]) {
        if (!stretch.is_open) continue;
        const auto [found, is_new] = all.try_emplace(stretch.way, Trunk{stretch.way, c, c});
        found->second.last = c;
      }
    }
    std::vector<Trunk> order;
    for (const auto& [way, trunk] : all) order.push_back(trunk);
    std::stable_sort(order.begin(), order.end(), [](const Trunk& a, const Trunk& b) {
      return a.last - a.first < b.last - b.first;
    });
    std::vector<Trunk> done;
    for (const Trunk& trunk : order) {
      std::size_t track = 0;
      for (const Trunk& other : done) {
        const bool meet = trunk.first <= other.last && other.first <= trunk.last;
        if (meet) track = std::max(track, trunk_.at(other.way) + 1);
      }
      trunk_[trunk.way] = track;
      trunks_ = std::max(trunks_, track + 1);
      done.push_back(trunk);
    }
  }

  // ---- places ----

  void stand_rows() {
    double widest = 0;
    double y = 0;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      const Gap& first = rows_[r].gaps[0];
      margin_ = std::max(margin_, first.outer_room());
      widest = std::max(widest, placed_[r].width);
    }
    left_ = margin_ + kTrack * static_cast<double>(trunks_);
    for (std::size_t r = 0; r <= rows_.size(); ++r) {
      channel_top_.push_back(y);
      std::size_t tracks = 0;
      for (const Stretch& stretch : channels_[r]) tracks = std::max(tracks, stretch.track + 1);
      const bool is_outer = r == 0 || r == rows_.size();
      if (tracks > 0 || !is_outer) y += kChannel + kTrack * (static_cast<double>(tracks) - 1);
      row_top_.push_back(y);
      if (r < rows_.size()) y += placed_[r].height;
    }
    result_.width = left_ + widest;
    result_.height = y;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      for (const auto& [box, centre] : placed_[r].boxes) result_.boxes[box] = moved(centre, r);
    }
  }

  Point moved(Point point, std::size_t row) const {
    return {point.x + left_, point.y + row_top_[row]};
  }

  double track_y(std::size_t channel, std::size_t way) const {
    for (const Stretch& stretch : channels_[channel]) {
      if (stretch.way != way) continue;
      return channel_top_[channel] + kChannel / 2 + kTrack * static_cast<double>(stretch.track);
    }
    return channel_top_[channel];
  }

  void place_link(std::size_t index) {
    const std::size_t row = row_from(index);
    const std::size_t way = ways_[index];
    const PlacedLink& here =
        is_far(index) ? placed_[row].heads.at(way) : placed_[row].links.at(index);
    PlacedLink& link = result_.links[index];
    link.line = draw::moved(here.line, {left_, row_top_[row]});
    link.label = moved(here.label, row);
    if (!is_far(index)) return;
    const std::size_t first = row + 1;
    const std::size_t last = row_to(index);
    const double out = leaves_at_.at(way) + left_;
    double in = arrives_at(index) + left_;
    if (first == last && std::abs(in - out) < kTrack) in = out;  // straight down
    const Point end = end_of(index);
    std::vector<Point> corners = {link.line.back(), {out, link.line.back().y}};
    corners.push_back({out, track_y(first, way)});
    if (first != last) {
      const double beside = left_ - margin_ - kTrack * (static_cast<double>(trunk_.at(way)) + 0.5);
      corners.push_back({beside, track_y(first, way)});
      corners.push_back({beside, track_y(last, way)});
    }
    corners.push_back({in, track_y(last, way)});
    corners.push_back({in, end.y});
    corners.push_back(end);
    const Spline rest = rounded(corners, kCorner);
    link.line.insert(link.line.end(), rest.begin() + 1, rest.end());
  }

  Point end_of(std::size_t index) const {
    const std::size_t to = parts_.links[index].to;
    const Box& box = parts_.boxes[to];
    const Point centre = result_.boxes[to];
    const double by = port_.at(index);
    const double half = box.width / 2;
    const double reach = box.is_round ? std::sqrt(std::max(0.0, half * half - by * by)) : half;
    return {centre.x - reach, centre.y + by};
  }

  const Parts& parts_;
  std::vector<std::size_t> ways_;
  std::vector<Row> rows_;
  std::vector<PlacedRow> placed_;
  std::set<std::size_t> near_;
  std::map<std::size_t, double> port_;  // of far links: how far from the middle of the box they end
  std::map<std::size_t, double> leaves_at_;  // of ways
  std::map<std::tuple<std::size_t, std::size_t, std::size_t>, double> arrives_at_;
  std::vector<std::vector<Stretch>> channels_;
  std::map<std::size_t, std::size_t> trunk_;
  std::size_t trunks_ = 0;
  std::vector<double> channel_top_;
  std::vector<double> row_top_;
  double margin_ = 0;
  double left_ = 0;
  Layout result_;
};

}  // namespace

Layout layout(const Parts& parts) {
  const std::vector<std::size_t> order = reading_order(parts);
  std::vector<std::size_t> at(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) at[order[i]] = i;
  Parts read = parts;
  for (std::size_t i = 0; i < order.size(); ++i) read.boxes[i] = parts.boxes[order[i]];
  for (Link& link : read.links) link.from = at[link.from], link.to = at[link.to];
  // Lines beside the rows take of the width; how many there are is seen when the rows are there.
  double row_width = parts.width;
  Layout layout = Layouter(read, row_width).lay_out();
  for (int tries = 0; tries < 6 && layout.width > parts.width + 1; ++tries) {
    row_width -= std::max(12.0, layout.width - parts.width);
    Layout other = Layouter(read, row_width).lay_out();
    if (other.width < layout.width) layout = std::move(other);
  }
  Layout result = layout;
  for (std::size_t i = 0; i < order.size(); ++i) {
    result.boxes[order[i]] = layout.boxes[i];
    result.rows[order[i]] = layout.rows[i];
  }
  return result;
}

}  // namespace backstep::draw
