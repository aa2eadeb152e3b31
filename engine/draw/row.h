// One row of a layout: which boxes stand in it, in which columns, and how much room it needs.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "engine/draw/layout.h"

namespace backstep::draw {

inline constexpr double kToTrack = 10;  // from a box to the first line that runs beside it
inline constexpr double kTrack = 11;    // from one line to the next where they run side by side

// Lines that lead out of the row, or into it, take a track each in the gap beside their box.
struct Gap {
  double label = 0;               // the width of the widest label in it
  std::set<std::size_t> leaving;  // ways
  std::set<std::size_t> arriving;
  double frames = 0;  // room for the sides of frames

  double room_for_tracks() const;  // between two columns
  double outer_room() const;       // before the first column, and behind the last
};

struct Row {
  std::vector<std::size_t> boxes;
  std::map<std::size_t, std::size_t> column;  // of each box
  std::vector<std::size_t> near;              // links within the row, from left to right
  std::vector<std::pair<std::size_t, std::size_t>> seams;  // boxes side by side without a link
  std::vector<double> widths;                              // of the columns
  std::vector<Gap> gaps;  // gaps[i] is left of column i; one more at the end

  double width() const;
};

// For each link the number of its way between the rows: links of one box share theirs, but for
// those that have something written at them.
std::vector<std::size_t> ways_of(const Parts& parts);

// The row that holds these boxes.
Row row_of(const Parts& parts, std::span<const std::size_t> ways,
           std::span<const std::size_t> boxes);

// All boxes in rows. Here and above, the boxes of the parts stand in the order in which they are
// read.
std::vector<Row> rows_of(const Parts& parts, std::span<const std::size_t> ways, double width);

}  // namespace backstep::draw
