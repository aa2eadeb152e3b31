// Works out which elements an index names.
#include "engine/read/indices.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "engine/primitives/primitives.h"
#include "engine/read/operations.h"
#include "engine/reads.h"

namespace backstep::read {
namespace {

using Kind = IndexPart::Kind;

std::size_t of(int side) { return static_cast<std::size_t>(side); }

bool is_list(const IndexPart& part) { return part.kind == Kind::kList || part.kind == Kind::kMask; }

class Picker {
 public:
  Picker(const Source& source, Range array, const Shape& shape)
      : source_(source), array_(array), shape_(shape) {}

  Picked pick(const std::vector<IndexPart>& index) {
    take_apart(index);
    const bool by_list = std::any_of(parts_.begin(), parts_.end(), is_list);
    if (by_list) {
      for (IndexPart& part : parts_) {
        if (part.kind != Kind::kPlace) continue;
        part.kind = Kind::kList;
        part.numbers = {part.place};
      }
    }
    find_common_list();
    lay_out_sides(by_list);
    Picked picked;
    picked.is_view = !by_list;
    picked.is_number = !by_list && std::all_of(parts_.begin(), parts_.end(), [](const auto& part) {
      return part.kind == Kind::kPlace;
    });
    picked.is_number = picked.is_number && !has_ellipsis_;
    picked.in_order = list_.ndim() <= 1;
    for (const OutSide& side : out_) add_side(picked.shape, side.count);
    check_size(picked.shape);
    fill(picked);
    return picked;
  }

 private:
  // A side of the result: a slice of a side, a new one, or one of the lists' own.
  struct OutSide {
    std::int64_t count = 1;
    int from = -1;       // the side that a slice is of
    int list_side = -1;  // ... or the side of the lists
    std::int64_t start = 0;
    std::int64_t step = 1;
  };

  [[noreturn]] void refuse(Range at, const std::string& message, const std::string& instead = {}) {
    // Other shapes may do, where they are not given.
    throw ReadError(source_, at.begin, message, instead).about_shapes();
  }

  std::string text(Range range) const {
    return shortened(source_.text().substr(range.begin, range.end - range.begin));
  }

  static int sides_of(const IndexPart& part) {
    switch (part.kind) {
      case Kind::kNewSide:
      case Kind::kEllipsis:
        return 0;
      case Kind::kMask:
        return part.shape.ndim();
      default:
        return 1;
    }
  }

  // Each part beside the side of the array that it is of; a mask becomes a list for each side, and
  // what is not named is taken whole.
  void take_apart(const std::vector<IndexPart>& index) {
    int named = 0;
    int ellipses = 0;
    for (const IndexPart& part : index) {
      named += sides_of(part);
      if (part.kind == Kind::kEllipsis && ++ellipses > 1) {
        refuse(part.range, "an index can have only one `...`");
      }
    }
    if (named > shape_.ndim()) {
      refuse(array_,
             fmt::format("{} {} has {} side{}, and its index names {}: NumPy raises IndexError",
                         text(array_), to_string(shape_), shape_.ndim(),
                         shape_.ndim() == 1 ? "" : "s", named));
    }
    has_ellipsis_ = ellipses > 0;
    int side = 0;
    for (const IndexPart& part : index) {
      if (part.kind == Kind::kEllipsis) {
        // It stands between lists even where it is of no side.
        if (named == shape_.ndim()) add({.kind = Kind::kEllipsis, .range = {}}, -1);
        take_whole(side, side + shape_.ndim() - named);
        side += shape_.ndim() - named;
      } else if (part.kind == Kind::kMask) {
        add_mask(part, side);
        side += part.shape.ndim();
      } else {
        const bool is_new = part.kind == Kind::kNewSide;
        add(part, is_new ? -1 : side);
        if (!is_new) check(parts_.back(), side++);
      }
    }
    take_whole(side, shape_.ndim());
  }

  void add(IndexPart part, int side) {
    parts_.push_back(std::move(part));
    sides_.push_back(side);
  }

  void take_whole(int begin, int end) {
    for (int side = begin; side < end; ++side) add({.kind = Kind::kSlice, .range = {}}, side);
  }

  void add_mask(const IndexPart& mask, int side) {
    for (int i = 0; i < mask.shape.ndim(); ++i) {
      if (mask.shape[i] == shape_[side + i]) continue;
      refuse(mask.range,
             fmt::format("the mask {} is {}, and {} is {}: axis {} of the one is {} and of the "
                         "other {}, so NumPy raises IndexError",
                         text(mask.range), to_string(mask.shape), text(array_), to_string(shape_),
                         side + i, mask.shape[i], shape_[side + i]));
    }
    std::vector<IndexPart> lists(of(mask.shape.ndim()));
    for (std::size_t at = 0; at < mask.numbers.size(); ++at) {
      if (mask.numbers[at] == 0) continue;
      std::size_t left = at;
      for (int i = mask.shape.ndim() - 1; i >= 0; --i) {
        const auto length = static_cast<std::size_t>(mask.shape[i]);
        lists[of(i)].numbers.push_back(static_cast<std::int64_t>(left % length));
        left /= length;
      }
    }
    for (IndexPart& list : lists) {
      list.kind = Kind::kList;
      list.range = mask.range;
      if (list.numbers.empty()) refuse_empty(mask.range);
      list.shape = {static_cast<std::int32_t>(list.numbers.size())};
      add(std::move(list), side++);
    }
  }

  [[noreturn]] void refuse_empty(Range at) {
    refuse(at, fmt::format("{} picks nothing of {}: no side of an array is 0 here", text(at),
                           text(array_)));
  }

  // Counts places below 0 from the end.
  void check(IndexPart& part, int side) {
    const std::int64_t length = shape_[side];
    const auto counted = [&](std::int64_t place) {
      if (place >= -length && place < length) return place < 0 ? place + length : place;
      refuse(part.range,
             fmt::format("index {} is out of bounds for axis {} of {} {}, which has {}: "
                         "NumPy raises IndexError",
                         place, side, text(array_), to_string(shape_), length));
    };
    if (part.kind == Kind::kPlace) part.place = counted(part.place);
    for (std::int64_t& number : part.numbers) number = counted(number);
    if (part.kind == Kind::kSlice && part.step == 0) {
      refuse(part.range, "the step of a slice cannot be 0");
    }
  }

  // The shape that all lists repeat to.
  void find_common_list() {
    for (const IndexPart& part : parts_) {
      if (!is_list(part)) continue;
      const Shape common = common_shape(list_, part.shape);
      if (!repeats_to(list_, common) || !repeats_to(part.shape, common)) {
        refuse(part.range,
               fmt::format("the lists of an index are {} and {}, which do not fit together: NumPy "
                           "raises IndexError",
                           to_string(list_), to_string(part.shape)),
               "lists of one length, or x[rows][:, columns] for all pairs");
      }
      list_ = common;
    }
  }

  // The sides of the lists stand where the first list does; in front if something stands between
  // them.
  void lay_out_sides(bool by_list) {
    bool is_apart = false;
    int runs = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const bool begins = is_list(parts_[i]) && (i == 0 || !is_list(parts_[i - 1]));
      if (begins) is_apart = ++runs > 1;
    }
    bool is_due = by_list;
    const auto add_lists = [&] {
      for (int side = 0; is_due && side < list_.ndim(); ++side) {
        out_.push_back({list_[side], -1, side});
      }
      is_due = false;
    };
    if (is_apart) add_lists();
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const IndexPart& part = parts_[i];
      if (is_list(part)) {
        add_lists();
      } else if (part.kind == Kind::kNewSide) {
        out_.push_back({});
      } else if (part.kind == Kind::kSlice) {
        const Line line = line_of(part, shape_[sides_[i]]);
        if (line.count == 0) refuse_empty(part.range);
        out_.push_back({line.count, sides_[i], -1, line.start, line.step});
      }
    }
  }

  void add_side(Shape& shape, std::int64_t count) {
    if (shape.ndim() == Shape::kMostSides) refuse(array_, "an array has six sides at most here");
    shape.add(static_cast<std::int32_t>(count));
  }

  void check_size(const Shape& shape) {
    try {
      checked_shape(std::vector<std::int64_t>(shape.begin(), shape.end()));
    } catch (const Error& error) {
      refuse(array_, error.what());
    }
  }

  void fill(Picked& picked) const {
    std::array<std::int64_t, Shape::kMostSides> stride = {};
    std::int64_t step = 1;
    for (int side = shape_.ndim() - 1; side >= 0; --side) {
      stride[of(side)] = step;
      step *= shape_[side];
    }
    std::int64_t fixed = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      if (parts_[i].kind == Kind::kPlace) fixed += parts_[i].place * stride[of(sides_[i])];
    }
    picked.places.resize(picked.shape.size());
    std::array<std::int64_t, Shape::kMostSides> at = {};
    for (std::int32_t& place : picked.places) {
      std::int64_t sum = fixed;
      std::size_t in_list = 0;
      for (std::size_t k = 0; k < out_.size(); ++k) {
        const OutSide& side = out_[k];
        if (side.from >= 0) sum += (side.start + side.step * at[k]) * stride[of(side.from)];
        if (side.list_side >= 0) {
          in_list =
              in_list * static_cast<std::size_t>(side.count) + static_cast<std::size_t>(at[k]);
        }
      }
      place = static_cast<std::int32_t>(sum + of_lists(in_list, stride));
      for (std::size_t k = out_.size(); k-- > 0;) {
        if (++at[k] < out_[k].count) break;
        at[k] = 0;
      }
    }
  }

  std::int64_t of_lists(std::size_t at,
                        const std::array<std::int64_t, Shape::kMostSides>& stride) const {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      const IndexPart& part = parts_[i];
      if (!is_list(part)) continue;
      sum += part.numbers[repeated_place(part.shape, list_, at)] * stride[of(sides_[i])];
    }
    return sum;
  }

  const Source& source_;
  Range array_;
  const Shape& shape_;
  std::vector<IndexPart> parts_;
  std::vector<int> sides_;  // of the array, that each part is of
  bool has_ellipsis_ = false;
  Shape list_;
  std::vector<OutSide> out_;
};

}  // namespace

Line line_of(const IndexPart& slice, std::int64_t length) {
  const std::int64_t step = slice.step.value_or(1);
  const std::int64_t first = step > 0 ? 0 : -1;
  const std::int64_t last = step > 0 ? length : length - 1;
  const auto bound = [&](const std::optional<std::int64_t>& written, std::int64_t none) {
    if (!written) return none;
    const std::int64_t from_front = *written < 0 ? *written + length : *written;
    return std::clamp(from_front, first, last);
  };
  const std::int64_t start = bound(slice.start, step > 0 ? first : last);
  const std::int64_t stop = bound(slice.stop, step > 0 ? last : first);
  const std::int64_t way = step > 0 ? stop - start : start - stop;
  const std::int64_t width = step > 0 ? step : -step;
  return {start, step, way <= 0 ? 0 : (way + width - 1) / width};
}

namespace {

// An array as an index: its elements are to be known.
IndexPart list_part(Draft& draft, const Operand& part, const Array& list, std::int64_t below) {
  const NodeId node = list.var.id();
  const std::vector<NodeId> unknown = draft.unknown_leaves(node);
  for (const NodeId leaf : unknown) {
    std::int64_t& least = draft.wanted.try_emplace(leaf, below).first->second;
    least = std::min(least, below);
  }
  if (!unknown.empty() && list.is_mask()) {
    part.refuse(fmt::format("which elements of {} are True hangs on values, and so would the shape "
                            "of what it picks",
                            described(part)),
                "np.where(mask, x, 0), which keeps the shape");
  }
  if (list.type == NumberType::kFloat) {
    part.refuse(fmt::format("{} holds floats: NumPy raises IndexError, for an index is of integers "
                            "or of True and False",
                            described(part)),
                "an array of integers");
  }
  if (!unknown.empty()) {
    part.refuse(fmt::format("{} is not known while the function is read, and an index is to be",
                            described(part)),
                "--set with the integers themselves, as in --set y='[0, 2, 1]'");
  }
  const Tensor numbers = *draft.numbers_of(node);
  draft.indices.push_back(node);
  IndexPart result{.kind = list.is_mask() ? IndexPart::Kind::kMask : IndexPart::Kind::kList,
                   .range = part.range};
  result.shape = numbers.shape();
  for (const double number : numbers.data()) {
    result.numbers.push_back(static_cast<std::int64_t>(number));
  }
  if (result.shape.ndim() > 0) return result;
  if (list.is_mask()) part.refuse("True and False alone as an index are not read");
  result.kind = IndexPart::Kind::kPlace;
  result.place = result.numbers.front();
  result.numbers.clear();
  return result;
}

}  // namespace

IndexPart part_of(Draft& draft, const Operand& part, std::int64_t below) {
  IndexPart result{.kind = IndexPart::Kind::kPlace, .range = part.range};
  if (part.value.is_none()) {
    result.kind = IndexPart::Kind::kNewSide;
    return result;
  }
  if (const Scalar* number = part.value.scalar()) {
    if (number->type == NumberType::kBool) {
      part.refuse("True and False alone as an index are not read", "1 or 0, or a mask of a side");
    }
    if (number->type == NumberType::kFloat) {
      part.refuse(fmt::format("{} is no integer: NumPy raises IndexError for an index with a "
                              "decimal point",
                              shortened(part.text())),
                  "an integer, such as N // 2 worked out");
    }
    result.place = static_cast<std::int64_t>(number->value);
    return result;
  }
  if (part.value.tuple() != nullptr) {
    const Array list = array_of_list(draft, part);
    return list_part(draft, part, list, below);
  }
  if (const Array* array = part.value.array()) return list_part(draft, part, *array, below);
  part.refuse(fmt::format("{} is no index", described(part)),
              "integers, slices, None, `...`, or lists and arrays of integers");
}

Picked pick(const Source& source, Range array, const Shape& shape,
            const std::vector<IndexPart>& index) {
  return Picker(source, array, shape).pick(index);
}

}  // namespace backstep::read
