// NumPy's rules of indexing: from the parts of `x[1:3, None, rows]` to the places that they name.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/read/draft.h"
#include "engine/read/source.h"
#include "engine/read/value.h"

namespace backstep::read {

// One part of an index, as Python has evaluated it.
struct IndexPart {
  enum class Kind : std::uint8_t { kPlace, kSlice, kNewSide, kEllipsis, kList, kMask };

  Kind kind = Kind::kPlace;
  Range range;                             // as written, for errors
  std::int64_t place = 0;                  // of kPlace
  std::optional<std::int64_t> start = {};  // of kSlice...
  std::optional<std::int64_t> stop = {};
  std::optional<std::int64_t> step = {};
  Shape shape = {};                        // of kList and kMask...
  std::vector<std::int64_t> numbers = {};  // ... with their elements, a mask's 1 and 0
};

// A part that is no slice: an integer, None, or a list or an array, whose elements are to be known;
// of parameters that are not, `draft` notes that they are wanted as integers below `below`. Throws
// ReadError.
IndexPart part_of(Draft& draft, const Operand& part, std::int64_t below);

// The places along one side that a slice takes.
struct Line {
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::int64_t count = 0;
};

// Python's slice.indices(length).
Line line_of(const IndexPart& slice, std::int64_t length);

// What an index picks of an array.
struct Picked {
  Shape shape;
  std::vector<std::int32_t> places;
  bool is_view = false;    // of slices and places alone: NumPy gives no copy
  bool is_number = false;  // of places alone, one for each side
  bool in_order = true;    // no list of more than one side, whose order NumPy leaves open
};

// Throws ReadError with what NumPy's IndexError says; `array` is its text.
Picked pick(const Source& source, Range array, const Shape& shape,
            const std::vector<IndexPart>& index);

}  // namespace backstep::read
