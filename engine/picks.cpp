// Finds the slices, the rows and the borders that a map of places came from.
#include "engine/picks.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace backstep {
namespace {

using Index = std::array<std::int64_t, Shape::kMostSides>;

std::size_t of(int side) { return static_cast<std::size_t>(side); }

Index strides_of(const Shape& shape) {
  Index strides = {};
  std::int64_t step = 1;
  for (int side = shape.ndim() - 1; side >= 0; --side) {
    strides[of(side)] = step;
    step *= shape[side];
  }
  return strides;
}

Index index_of(const Shape& shape, std::int64_t at) {
  Index index = {};
  for (int side = shape.ndim() - 1; side >= 0; --side) {
    index[of(side)] = at % shape[side];
    at /= shape[side];
  }
  return index;
}

// ---- slices ----------------------------------------------------------------------------------

// What a basic index takes of one side.
struct Slice {
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::int64_t count = 1;
  bool is_kept = false;  // a slice; or one place, whose side is gone
};

// A basic index: what it takes of each side, and where it puts new ones.
struct BasicIndex {
  std::vector<Slice> sides;
  std::vector<std::string> items;  // as they are written
};

std::string slice_text(const Slice& slice, std::int64_t length) {
  const std::int64_t last = slice.start + slice.step * (slice.count - 1);
  const bool is_back = slice.step < 0;
  const bool from_end = slice.start == (is_back ? length - 1 : 0);
  const bool to_end = last + slice.step < 0 || last + slice.step >= length;
  std::string text = from_end ? ":" : fmt::format("{}:", slice.start);
  if (!to_end) text += fmt::format("{}", last + (is_back ? -1 : 1));
  if (slice.step != 1) text += fmt::format(":{}", slice.step);
  return text;
}

// Matches the sides of what was picked with those of what it was picked from, in their order.
class SliceFinder {
 public:
  SliceFinder(const Shape& from, const Shape& to, const PlaceMap& map)
      : from_(from), to_(to), map_(map), strides_(strides_of(from)) {}

  std::optional<BasicIndex> find() {
    if (map_.has_none() || map_.size() == 0 || !is_even()) return std::nullopt;
    start_ = index_of(from_, map_[0]);
    if (!match(0, 0)) return std::nullopt;
    return std::move(found_);
  }

 private:
  // Whether a step along a side of the result is the same everywhere.
  bool is_even() {
    const Index along = strides_of(to_);
    for (int side = 0; side < to_.ndim(); ++side) {
      if (to_[side] > 1) steps_[of(side)] = map_[of(static_cast<int>(along[of(side)]))] - map_[0];
    }
    for (std::size_t i = 0; i < map_.size(); ++i) {
      const Index index = index_of(to_, static_cast<std::int64_t>(i));
      std::int64_t place = map_[0];
      for (int side = 0; side < to_.ndim(); ++side) place += index[of(side)] * steps_[of(side)];
      if (place != map_[i]) return false;
    }
    return true;
  }

  bool match(int from, int to) {
    if (from == from_.ndim() && to == to_.ndim()) return true;
    return (from < from_.ndim() && to < to_.ndim() && match_slice(from, to)) ||
           (from < from_.ndim() && match_place(from, to)) ||
           (to < to_.ndim() && match_new_side(from, to));
  }

  bool match_slice(int from, int to) {
    Slice slice{start_[of(from)], 1, to_[to], true};
    if (slice.count > 1) {
      const std::int64_t step = steps_[of(to)];
      if (step == 0 || step % strides_[of(from)] != 0) return false;
      slice.step = step / strides_[of(from)];
      const std::int64_t last = slice.start + slice.step * (slice.count - 1);
      if (last < 0 || last >= from_[from]) return false;
    }
    return go_on(slice, slice_text(slice, from_[from]), from, to + 1);
  }

  bool match_place(int from, int to) {
    const Slice slice{start_[of(from)], 1, 1, false};
    return go_on(slice, fmt::format("{}", slice.start), from, to);
  }

  bool match_new_side(int from, int to) {
    if (to_[to] != 1) return false;
    found_.items.emplace_back("None");
    if (match(from, to + 1)) return true;
    found_.items.pop_back();
    return false;
  }

  bool go_on(const Slice& slice, std::string item, int from, int to) {
    found_.sides.push_back(slice);
    found_.items.push_back(std::move(item));
    if (match(from + 1, to)) return true;
    found_.sides.pop_back();
    found_.items.pop_back();
    return false;
  }

  const Shape& from_;
  const Shape& to_;
  const PlaceMap& map_;
  Index strides_;
  Index steps_ = {};
  Index start_ = {};
  BasicIndex found_;
};

// "[1:3, :, None]": whole sides at the end are left out.
std::string index_text(std::vector<std::string> items) {
  while (items.size() > 1 && items.back() == ":") items.pop_back();
  return fmt::format("[{}]", fmt::join(items, ", "));
}

// ---- lists of indices ------------------------------------------------------------------------

// "[0, 2, 1]", "np.arange(3)", "np.array([[0, 1], [2, 0]])".
class ListWriter {
 public:
  explicit ListWriter(Lists lists) : lists_(lists) {}

  std::string text(const Shape& shape, const std::vector<std::int64_t>& numbers) const {
    bool counts_up = shape.ndim() == 1 && numbers.size() > 1;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      counts_up = counts_up && numbers[i] == static_cast<std::int64_t>(i);
    }
    if (counts_up) return fmt::format("np.arange({})", numbers.size());
    std::size_t next = 0;
    const std::string list = nested(shape, 0, numbers, next);
    return shape.ndim() < 2 ? list : fmt::format("np.array({})", list);
  }

 private:
  std::string nested(const Shape& shape, int side, const std::vector<std::int64_t>& numbers,
                     std::size_t& next) const {
    constexpr int kMost = 8;
    constexpr int kFirst = 3;
    if (side == shape.ndim()) return fmt::format("{}", numbers[next++]);
    std::string text;
    for (int i = 0; i < shape[side]; ++i) {
      const std::string item = nested(shape, side + 1, numbers, next);
      const bool is_long = lists_ == Lists::kShort && shape[side] > kMost;
      if (is_long && i == kFirst) text += ", ...";
      if (is_long && i >= kFirst && i + 1 < shape[side]) continue;
      text += (i == 0 ? "" : ", ") + item;
    }
    return "[" + text + "]";
  }

  Lists lists_;
};

std::vector<std::int64_t> numbers_of(const PlaceMap& map, std::int64_t more = 0) {
  std::vector<std::int64_t> numbers;
  for (const std::int32_t place : map.places()) numbers.push_back(place + more);
  return numbers;
}

// Whole sides in front and behind, and a list for each of those between: "[:, [0, 2]]",
// "[np.arange(4), [0, 2, 1, 1]]".
std::optional<std::string> listed(const Shape& from, const Shape& to, const PlaceMap& map,
                                  int before, int behind, Lists lists) {
  const int sides = from.ndim() - before - behind;
  const int list_sides = to.ndim() - before - behind;
  if (sides < 1 || list_sides < 1) return std::nullopt;
  Shape list;
  for (int side = 0; side < to.ndim(); ++side) {
    const bool is_before = side < before;
    const bool is_behind = side >= to.ndim() - behind;
    if (!is_before && !is_behind) list.add(to[side]);
    const int same = is_before ? side : side - to.ndim() + from.ndim();
    if ((is_before || is_behind) && to[side] != from[same]) return std::nullopt;
  }
  std::vector<std::vector<std::int64_t>> numbers(of(sides));
  for (auto& of_side : numbers) of_side.resize(list.size(), -1);
  const Index list_strides = strides_of(list);
  for (std::size_t i = 0; i < map.size(); ++i) {
    const Index at = index_of(to, static_cast<std::int64_t>(i));
    const Index place = index_of(from, map[i]);
    for (int side = 0; side < before; ++side) {
      if (at[of(side)] != place[of(side)]) return std::nullopt;
    }
    for (int side = 1; side <= behind; ++side) {
      if (at[of(to.ndim() - side)] != place[of(from.ndim() - side)]) return std::nullopt;
    }
    std::int64_t in_list = 0;
    for (int side = 0; side < list_sides; ++side) {
      in_list += at[of(before + side)] * list_strides[of(side)];
    }
    for (int side = 0; side < sides; ++side) {
      std::int64_t& number = numbers[of(side)][static_cast<std::size_t>(in_list)];
      if (number != -1 && number != place[of(before + side)]) return std::nullopt;
      number = place[of(before + side)];
    }
  }
  std::vector<std::string> items(of(before), ":");
  for (const auto& of_side : numbers) items.push_back(ListWriter(lists).text(list, of_side));
  return index_text(std::move(items));
}

std::optional<std::string> listed(const Shape& from, const Shape& to, const PlaceMap& map,
                                  Lists lists) {
  // Without a whole side, lists of several sides say the same over and over.
  const bool may_be_all_lists = to.ndim() == 1 || from.ndim() == 1;
  for (int whole = from.ndim() - 1; whole >= (may_be_all_lists ? 0 : 1); --whole) {
    for (int before = 0; before <= whole; ++before) {
      auto text = listed(from, to, map, before, whole - before, lists);
      if (text) return text;
    }
  }
  return std::nullopt;
}

// ---- borders ---------------------------------------------------------------------------------

// An array of the shape `part` that stands whole within one of the shape `whole`, by where its
// first element stands.
std::string pad_text(std::string_view a, const std::vector<Slice>& sides, const Shape& whole) {
  std::vector<std::string> widths;
  for (int side = 0; side < whole.ndim(); ++side) {
    const Slice& slice = sides[of(side)];
    widths.push_back(fmt::format("({}, {})", slice.start, whole[side] - slice.start - slice.count));
  }
  return fmt::format("np.pad({}, ({}{}))", a, fmt::join(widths, ", "),
                     widths.size() == 1 ? "," : "");
}

bool has_gaps(const std::vector<Slice>& sides) {
  return std::any_of(sides.begin(), sides.end(),
                     [](const Slice& slice) { return slice.step != 1; });
}

// What a basic index of `whole` gave, put back among zeros; nothing where that has gaps.
std::optional<std::string> padded(const Shape& part, const Shape& whole, const PlaceMap& map) {
  const std::optional<BasicIndex> index = SliceFinder(whole, part, map).find();
  if (!index || whole.ndim() == 0 || has_gaps(index->sides)) return std::nullopt;
  Shape box;
  for (const Slice& slice : index->sides) box.add(static_cast<std::int32_t>(slice.count));
  const std::string a = box == part ? "{a}" : fmt::format("{{a}}.reshape({})", to_string(box));
  return pad_text(a, index->sides, whole);
}

// Where each of `count` elements stands in the result; nothing if one is not there, or twice.
std::optional<PlaceMap> way_back(const PlaceMap& map, std::size_t count) {
  if (map.repeats()) return std::nullopt;
  std::vector<std::int32_t> back(count, PlaceMap::kNone);
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (map[i] != PlaceMap::kNone) back[static_cast<std::size_t>(map[i])] = static_cast<int>(i);
  }
  if (std::find(back.begin(), back.end(), PlaceMap::kNone) != back.end()) return std::nullopt;
  return std::optional<PlaceMap>(std::in_place, std::move(back));
}

// ---- the three primitives --------------------------------------------------------------------

std::string gather_pattern(const Shape& from, const Shape& to, const PlaceMap& map, Lists lists) {
  if (map.has_none()) {
    if (const auto back = way_back(map, from.size())) {
      if (const auto text = padded(from, to, *back)) return *text;
    }
    return "np.append({a}, 0)[" + ListWriter(lists).text(to, numbers_of(map)) + "]";
  }
  if (const auto index = SliceFinder(from, to, map).find()) {
    return "{a}" + index_text(index->items);
  }
  if (const auto index = listed(from, to, map, lists)) return "{a}" + *index;
  return "{a}.ravel()[" + ListWriter(lists).text(to, numbers_of(map)) + "]";
}

std::string scatter_pattern(const Shape& from, const Shape& to, const PlaceMap& map, Lists lists) {
  if (const auto text = padded(from, to, map)) return *text;
  // bincount takes no place below 0, so nowhere is place 0 for a while, and is cut off.
  const bool has_none = map.has_none();
  const Shape line{static_cast<std::int32_t>(from.size())};
  std::string text = fmt::format(
      "np.bincount({}, {{a}}{}, {})", ListWriter(lists).text(line, numbers_of(map, has_none)),
      from.ndim() == 1 ? "" : ".ravel()", to.size() + (has_none ? 1 : 0));
  if (has_none) text += "[1:]";
  return to.ndim() == 1 ? text : text + fmt::format(".reshape({})", to_string(to));
}

// The side along which one array stands behind the other; -1 if it is no such join.
int joined_side(const Shape& a, const Shape& b, const Shape& to, const PlaceMap& map) {
  if (a.ndim() != b.ndim() || a.ndim() != to.ndim() || map.size() != a.size() + b.size()) return -1;
  int side = 0;
  while (side < to.ndim() && a[side] == to[side]) ++side;
  if (side == to.ndim() || a[side] + b[side] != to[side]) return -1;
  const Index a_strides = strides_of(a);
  const Index b_strides = strides_of(b);
  for (std::size_t i = 0; i < map.size(); ++i) {
    Index at = index_of(to, static_cast<std::int64_t>(i));
    const bool is_first = at[of(side)] < a[side];
    if (!is_first) at[of(side)] -= a[side];
    std::int64_t place = is_first ? 0 : static_cast<std::int64_t>(a.size());
    for (int k = 0; k < to.ndim(); ++k) {
      if (at[of(k)] >= (is_first ? a : b)[k]) return -1;
      place += at[of(k)] * (is_first ? a_strides : b_strides)[of(k)];
    }
    if (place != map[i]) return -1;
  }
  return side;
}

std::string join_pattern(const Shape& a, const Shape& b, const Shape& to, const PlaceMap& map,
                         Lists lists) {
  const int side = joined_side(a, b, to, map);
  if (side >= 0) return fmt::format("np.concatenate(({{a}}, {{b}}), axis={})", side);
  const std::string both =
      map.has_none() ? "np.append(np.append({a}, {b}), 0)" : "np.append({a}, {b})";
  return both + "[" + ListWriter(lists).text(to, numbers_of(map)) + "]";
}

}  // namespace

std::string numpy_pattern(const Graph& graph, NodeId id, Lists lists) {
  const Node& node = graph.node(id);
  if (node.attributes.map == nullptr) return std::string(node.primitive->numpy);
  const PlaceMap& map = *node.attributes.map;
  const Shape& from = graph.node(graph.input(id, 0)).shape;
  if (node.primitive->reads == Reads::kScatter) {
    return scatter_pattern(from, node.shape, map, lists);
  }
  if (graph.arity(id) == 1) return gather_pattern(from, node.shape, map, lists);
  return join_pattern(from, graph.node(graph.input(id, 1)).shape, node.shape, map, lists);
}

}  // namespace backstep
