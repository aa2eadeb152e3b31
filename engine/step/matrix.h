// One value as lines of numbers: heat as background, the sign by glyph, what does not fit left out
// in the middle.
#pragma once

#include <vector>

#include "engine/step/frame.h"
#include "engine/step/model.h"

namespace backstep::step {

struct MatrixLook {
  int rows = 8;      // at most so many lines
  int columns = 40;  // of at most so many columns
  bool written = true;
  bool focused = false;               // marks `element` with brackets
  Element element = {};               // stays in sight
  double range = 1;                   // the size of number that gets the full colour
  std::vector<walk::Block> lit = {};  // these elements are underlined
  Language language = {};
};

// The elements as lines. A value that is not written yet is drawn as empty, never as 0.
std::vector<Line> matrix_lines(ConstView value, const MatrixLook& look);

// Which of `count` rows or columns show where only `room` fit: the first, the last, the one at
// `keep` and its neighbours; -1 stands for those that are left out.
std::vector<int> shown_indices(int count, int room, int keep);

// A number with its sign, in three or four digits: "+0.5", "-1.204", "0", "nan", "+inf".
std::string signed_text(double value, int digits);

}  // namespace backstep::step
