// One value as lines of numbers.
#include "engine/step/matrix.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/number_text.h"
#include "engine/step/text.h"
#include "engine/step/words.h"

namespace backstep::step {
namespace {

std::int8_t heat_of(double value, double range) {
  constexpr double kFaintest = 0.02;  // of the range; below it a number is as good as 0
  constexpr double kLevels = 3;
  if (range == 0 || std::abs(value) < kFaintest * range) return 0;
  const double level = std::clamp(std::ceil(std::abs(value) / range * kLevels), 1.0, kLevels);
  return static_cast<std::int8_t>(value < 0 ? -level : level);
}

// How many columns or rows the shown indices take; a gap counts as one.
int taken(const std::set<int>& indices) {
  int count = 0;
  int before = -1;
  for (const int index : indices) {
    count += index > before + 1 ? 2 : 1;
    before = index;
  }
  return count;
}

class Table {
 public:
  Table(ConstView value, const MatrixLook& look) : value_(value), look_(look) {
    label_ = value.shape.rows() > 1
                 ? static_cast<int>(fmt::format("{}", value.shape.rows() - 1).size())
                 : 0;
    rows_ = shown_indices(value.shape.rows(), look.rows, look.element.row);
    for (digits_ = 4; digits_ > 3 && !all_columns_fit(); --digits_) {
    }
    choose_columns();
  }

  std::vector<Line> lines() const {
    std::vector<Line> lines;
    for (const int row : rows_) lines.push_back(row < 0 ? gap_line() : row_line(row));
    return lines;
  }

  std::vector<Line> empty_lines() const {
    std::vector<Line> lines;
    const std::string word = say(look_.language, words::kNotYet);
    const int inner = std::max(width(word) + 2, std::min(look_.columns - label_ - 2, 24));
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const std::string text = i == 0 ? " " + word : "";
      const std::string blank(static_cast<std::size_t>(std::max(0, inner - width(text))), ' ');
      lines.push_back({{"[" + text + blank + "]", {Ink::kFaint}}});
    }
    return lines;
  }

 private:
  static constexpr int kGap = 3;  // the columns of " … "

  int cell_width(int col) const {
    int widest = 1;
    for (const int row : rows_) {
      if (row >= 0) widest = std::max(widest, width(signed_text(value_(row, col), digits_)));
    }
    return widest;
  }

  int width_of(const std::vector<int>& cols) const {
    int total = label_;
    for (const int col : cols) total += col < 0 ? kGap : cell_width(col) + 2;
    return total;
  }

  bool all_columns_fit() const {
    constexpr int kMostColumns = 64;  // no terminal is wider than these
    if (value_.shape.cols() > kMostColumns) return false;
    return width_of(shown_indices(value_.shape.cols(), value_.shape.cols(), 0)) <= look_.columns;
  }

  void choose_columns() {
    constexpr int kNarrowest = 3;
    const int most = std::min(value_.shape.cols(), std::max(1, look_.columns / kNarrowest));
    for (int room = most; room >= 1; --room) {
      cols_ = shown_indices(value_.shape.cols(), room, look_.element.col);
      if (width_of(cols_) <= look_.columns) return;
    }
  }

  Line row_line(int row) const {
    Line line;
    if (label_ > 0) line.push_back({fmt::format("{:>{}}", row, label_), {Ink::kFaint}});
    for (const int col : cols_) {
      if (col < 0) {
        line.push_back({" … ", {Ink::kFaint}});
      } else {
        add_cell(line, row, col);
      }
    }
    return line;
  }

  Line gap_line() const {
    return {{std::string(static_cast<std::size_t>(label_), ' ') + " …", {Ink::kFaint}}};
  }

  void add_cell(Line& line, int row, int col) const {
    const double value = value_(row, col);
    const std::string text = signed_text(value, digits_);
    const bool chosen = look_.focused && row == look_.element.row && col == look_.element.col;
    Style style;
    if (!std::isfinite(value)) {
      style = {.ink = Ink::kWrong, .bold = true, .reverse = true};
    } else {
      style.heat = heat_of(value, look_.range);
    }
    style.bold = style.bold || chosen;
    style.underline = is_lit(row, col);
    const std::size_t pad = static_cast<std::size_t>(std::max(0, cell_width(col) - width(text)));
    line.push_back({std::string(pad, ' ') + (chosen ? "[" : " "), {.bold = chosen}});
    line.push_back({text, style});
    line.push_back({chosen ? "]" : " ", {.bold = chosen}});
  }

  bool is_lit(int row, int col) const {
    return std::any_of(look_.lit.begin(), look_.lit.end(),
                       [&](const walk::Block& block) { return block.holds(row, col); });
  }

  ConstView value_;
  const MatrixLook& look_;
  int label_ = 0;
  int digits_ = 4;
  std::vector<int> rows_, cols_;
};

}  // namespace

std::string signed_text(double value, int digits) {
  return signed_as(kSigned, number_text(value, digits));
}

std::vector<int> shown_indices(int count, int room, int keep) {
  std::set<int> chosen;
  const auto add = [&](int index) {
    if (index < 0 || index >= count) return true;
    std::set<int> more = chosen;
    more.insert(index);
    if (taken(more) > room) return false;
    chosen = std::move(more);
    return true;
  };
  if (room < 2) return {std::clamp(keep, 0, count - 1)};
  if (count > room) {
    add(std::clamp(keep, 0, count - 1));
    add(0);
    add(count - 1);
    for (int i = 1; i < count && static_cast<int>(chosen.size()) < room; ++i) {
      const bool grew = add(i) || add(keep + i) || add(keep - i);
      if (!grew) break;
      add(count - 1 - (i + 1) / 2);
    }
  } else {
    for (int i = 0; i < count; ++i) chosen.insert(i);
  }
  std::vector<int> shown;
  for (const int index : chosen) {
    if (index > (shown.empty() ? 0 : shown.back() + 1)) shown.push_back(-1);
    shown.push_back(index);
  }
  const bool cut_off = !shown.empty() && shown.back() < count - 1;
  if (cut_off && static_cast<int>(shown.size()) < room) shown.push_back(-1);
  return shown;
}

std::vector<Line> matrix_lines(ConstView value, const MatrixLook& look) {
  const Table table(value, look);
  return look.written ? table.lines() : table.empty_lines();
}

}  // namespace backstep::step
