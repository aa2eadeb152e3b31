// Parts of arrays: reads what an index picks, and stores into it as NumPy does.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/primitives/primitives.h"
#include "engine/read/interpreter.h"
#include "engine/read/operations.h"
#include "engine/read/python_numbers.h"
#include "engine/reads.h"

namespace backstep::read {
namespace {

bool is_identity(const std::vector<std::int32_t>& places, std::size_t count) {
  if (places.size() != count) return false;
  for (std::size_t i = 0; i < count; ++i) {
    if (places[i] != static_cast<std::int32_t>(i)) return false;
  }
  return true;
}

// Parts of `a`, by the least that says so.
Var picked_of(Var a, const Picked& picked) {
  if (!is_identity(picked.places, a.shape().size())) {
    return gather(a, share(picked.places), picked.shape);
  }
  return picked.shape == a.shape() ? a : reshape(a, picked.shape);
}

// A constant that the text fills with zeros, as np.zeros does.
bool is_zeros(Var var) {
  const Node& node = var.graph().node(var.id());
  return node.primitive == nullptr && node.role == Role::kConstant && node.shape.ndim() > 0 &&
         node.attributes.numbers == nullptr && node.attributes.number == 0 &&
         !std::signbit(node.attributes.number);
}

bool is_zero(const Value& value) {
  const Scalar* number = value.scalar();
  return number != nullptr && number->value == 0 && !std::signbit(number->value);
}

// NumPy leaves out sides of 1 in front of what is stored.
Shape without_leading_ones(const Shape& shape, int ndim) {
  Shape shorter;
  const int extra = std::max(0, shape.ndim() - ndim);
  for (int side = 0; side < shape.ndim(); ++side) {
    if (side >= extra || shape[side] != 1) shorter.add(shape[side]);
  }
  return shorter;
}

bool repeats(const std::vector<std::int32_t>& places) { return PlaceMap(places).repeats(); }

}  // namespace

// ---- the index -------------------------------------------------------------------------------

std::vector<IndexPart> Interpreter::index_of(const Expression& index, const Shape& shape) {
  const auto* sequence = std::get_if<Sequence>(&index.kind);
  if (sequence == nullptr || sequence->is_list) {
    if (const auto* slicing = std::get_if<Slicing>(&index.kind)) {
      return {slice_of(*slicing, index.range)};
    }
    const auto* constant = std::get_if<Constant>(&index.kind);
    if (constant != nullptr && *constant == Constant::kEllipsis) {
      return {{.kind = IndexPart::Kind::kEllipsis, .range = index.range}};
    }
    return index_of(operand(index), shape);
  }
  std::vector<IndexPart> parts;
  int side = 0;
  int sides_left = static_cast<int>(sequence->items.size());
  for (const Expression& item : sequence->items) {
    --sides_left;
    const auto* constant = std::get_if<Constant>(&item.kind);
    if (const auto* slicing = std::get_if<Slicing>(&item.kind)) {
      parts.push_back(slice_of(*slicing, item.range));
      ++side;
    } else if (constant != nullptr && *constant == Constant::kEllipsis) {
      parts.push_back({.kind = IndexPart::Kind::kEllipsis, .range = item.range});
      side = std::max(side, shape.ndim() - sides_left);
    } else {
      const std::int64_t below = side < shape.ndim() ? shape[side] : 1;
      parts.push_back(part_of(draft_, operand(item), below));
      if (parts.back().kind != IndexPart::Kind::kNewSide) ++side;
    }
  }
  return parts;
}

// Of an index that is a value: a tuple of places, or one.
std::vector<IndexPart> Interpreter::index_of(const Operand& index, const Shape& shape) {
  const Tuple* tuple = index.value.tuple();
  if (tuple == nullptr || tuple->is_list) {
    return {part_of(draft_, index, shape.ndim() > 0 ? shape[0] : 1)};
  }
  std::vector<IndexPart> parts;
  int side = 0;
  for (const Value& item : *tuple->items) {
    const std::int64_t below = side < shape.ndim() ? shape[side] : 1;
    parts.push_back(part_of(draft_, {current(item), index.source, index.range}, below));
    ++side;
  }
  return parts;
}

std::optional<std::int64_t> Interpreter::bound_of(const std::unique_ptr<Expression>& bound) {
  if (bound == nullptr) return std::nullopt;
  const Operand written = operand(*bound);
  if (written.value.is_none()) return std::nullopt;
  const IndexPart part = part_of(draft_, written, kMaxElements);
  if (part.kind == IndexPart::Kind::kPlace) return part.place;
  written.refuse(fmt::format("a bound of a slice is an integer, not {}", described(written)));
}

IndexPart Interpreter::slice_of(const Slicing& slicing, Range range) {
  IndexPart part{.kind = IndexPart::Kind::kSlice, .range = range};
  part.start = bound_of(slicing.start);
  part.stop = bound_of(slicing.stop);
  part.step = bound_of(slicing.step);
  return part;
}

// ---- what it picks ---------------------------------------------------------------------------

Value Interpreter::part_of_array(const Operand& base, const std::vector<IndexPart>& index) {
  Array part = *base.value.array();
  const Picked picked = pick(source(), base.range, part.shape(), index);
  part.memory = nullptr;
  part.var = draft_.make({&base}, base.range.begin, [&] { return picked_of(part.var, picked); });
  const bool of_number = base.value.array()->memory->is_number;
  if (picked.is_view && !picked.is_number && !of_number) return as_view({part}, base.value, true);
  const Value value = as_new({part});
  value.array()->memory->is_number = picked.is_number;
  return value;
}

Value Interpreter::part_of_tuple(const Operand& base, const Expression& index) {
  const Tuple& tuple = *base.value.tuple();
  const auto count = static_cast<std::int64_t>(tuple.items->size());
  if (const auto* slicing = std::get_if<Slicing>(&index.kind)) {
    const IndexPart slice = slice_of(*slicing, index.range);
    const Line line = line_of(slice, count);
    std::vector<Value> items;
    for (std::int64_t i = 0; i < line.count; ++i) {
      const auto at = static_cast<std::size_t>(line.start + line.step * i);
      items.push_back(current((*tuple.items)[at]));
    }
    return tuple_like(tuple, std::move(items));
  }
  return current((*tuple.items)[place_in(base, operand(index))]);
}

// Where in a tuple or list that is, counted from the front.
std::size_t Interpreter::place_in(const Operand& base, const Operand& place) {
  const double size = static_cast<double>(base.value.tuple()->items->size());
  double written = 0;
  if (place.value.array() != nullptr) {
    const IndexPart part = part_of(draft_, place, static_cast<std::int64_t>(size));
    if (part.kind != IndexPart::Kind::kPlace) place.refuse("a place in a tuple is one integer");
    written = static_cast<double>(part.place);
  } else {
    written = number_of(place, "the place in a tuple");
    if (place.value.scalar()->type == NumberType::kFloat) {
      place.refuse("a place in a tuple is an integer, not a number with a decimal point");
    }
  }
  const double at = written < 0 ? written + size : written;
  if (!(at >= 0 && at < size)) {
    throw ReadError(*place.source, place.range.begin,
                    fmt::format("{} has {} values: there is none at [{}]", shortened(base.text()),
                                size, written))
        .about_shapes();
  }
  return static_cast<std::size_t>(at);
}

// A character of a text, or several.
Value Interpreter::part_of_text(const Operand& base, const Expression& index) {
  const std::string& text = *base.value.text();
  const bool is_plain =
      std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
  if (!is_plain) base.refuse("parts of a text are read of one in ASCII");
  std::vector<Value> letters;
  for (const char letter : text) letters.push_back({Word{std::string(1, letter)}});
  const Value picked = part_of_tuple({tuple(std::move(letters)), base.source, base.range}, index);
  if (picked.tuple() == nullptr) return picked;
  std::string part;
  for (const Value& letter : *picked.tuple()->items) part += *letter.text();
  return {Word{part}};
}

// ---- stores ----------------------------------------------------------------------------------

// A mask whose elements are not known stands alone in an index.
Interpreter::StoreIndex Interpreter::store_index(const Expression& index, const Shape& shape) {
  const bool is_value = !std::holds_alternative<Slicing>(index.kind) &&
                        !std::holds_alternative<Sequence>(index.kind) &&
                        !std::holds_alternative<Constant>(index.kind);
  if (!is_value) return {std::nullopt, index_of(index, shape)};
  const Operand value = operand(index);
  const Array* array = value.value.array();
  const bool is_open = array != nullptr && array->is_mask() && !draft_.is_known(array->var.id());
  if (is_open) return {value, {}};
  return {std::nullopt, index_of(value, shape)};
}

void Interpreter::store(const Expression& target, Operand base, const Operand& value,
                        std::size_t byte) {
  const auto& part = std::get<Subscript>(target.kind);
  if (base.value.array() == nullptr) {
    refuse(target.range, fmt::format("no part of {} can be set", described(base)));
  }
  scope_->target = first_name(target);
  const Shape shape = base.value.array()->shape();
  const StoreIndex index = store_index(*part.index, shape);
  base.value = current(base.value);
  if (index.mask) {
    store_through_mask(target, base, *index.mask, current(value.value), value.range);
  } else {
    const Picked picked = pick(source(), base.range, shape, index.parts);
    write_part(target, base, picked, {current(value.value), value.source, value.range});
  }
  show_change(target, base, value.range, byte);
}

// x[mask] = number: which elements that are hangs on values, but the shape does not.
void Interpreter::store_through_mask(const Expression& target, const Operand& base,
                                     const Operand& mask, const Value& value, Range written) {
  const Operand operand{value, &source(), written};
  const Array number = as_array(draft_, operand);
  if (number.shape().ndim() > 0) {
    refuse(
        written,
        fmt::format("how many elements {} has hangs on values: what is stored there is to be one "
                    "number, not {}",
                    described(mask), described(operand)),
        "x = np.where(mask, values, x), with values of the shape of x");
  }
  store_chosen(target, base, mask, {{number}, &source(), written});
}

// `value`, a number or an array of the shape of the array itself, where the mask holds.
void Interpreter::store_chosen(const Expression& target, const Operand& base, const Operand& mask,
                               const Operand& value) {
  const Array array = *base.value.array();
  const Array chosen = *mask.value.array();
  const Array number = *value.value.array();
  const Shape shape = array.shape();
  if (array.memory->is_number) refuse(target.range, "a number has no parts to set");
  check_sharing(target.range, first_name(target), *array.memory);
  check_kept_kind(value, array, number);
  Shape wide;
  for (int side = 0; side < shape.ndim(); ++side) {
    const bool is_named = side < chosen.shape().ndim();
    if (is_named && chosen.shape()[side] != shape[side]) break;
    wide.add(is_named ? shape[side] : 1);
  }
  if (wide.ndim() != shape.ndim() || chosen.shape().ndim() > shape.ndim() || shape.ndim() == 0) {
    mask.refuse(fmt::format("the mask {} is {}, and {} is {}: NumPy raises IndexError",
                            shortened(mask.text()), to_string(chosen.shape()),
                            shortened(base.text()), to_string(shape)));
  }
  const Var now = draft_.make({&base, &mask}, target.range.begin, [&] {
    const Var all = wide == chosen.shape() ? chosen.var : reshape(chosen.var, wide);
    return where(all, number.var, array.var);
  });
  write_whole(array.memory, now, std::max(array.most, number.most));
}

void Interpreter::run_augmented_part(const Augmented& augmented, std::size_t byte) {
  const auto& part = std::get<Subscript>(augmented.target.kind);
  scope_->target = first_name(augmented.target);
  const std::size_t at = augmented.target.range.begin;
  Operand base = operand(*part.base);
  if (base.value.dictionary() != nullptr || base.value.tuple() != nullptr) {
    return run_augmented_item(augmented, base, byte);
  }
  if (base.value.array() == nullptr) {
    refuse(augmented.target.range,
           fmt::format("no part of {} can be changed in place", described(base)),
           "a name for it, changed on a line of its own");
  }
  const Shape shape = base.value.array()->shape();
  const StoreIndex index = store_index(*part.index, shape);
  if (index.mask) {
    const Operand change = operand(augmented.value);
    base.value = current(base.value);
    const bool is_number =
        change.value.scalar() != nullptr ||
        (change.value.array() != nullptr && change.value.array()->shape().ndim() == 0);
    if (!is_number) {
      refuse(change.range,
             fmt::format("how many elements {} has hangs on values: it is changed by one number, "
                         "not by {}",
                         described(*index.mask), described(change)),
             "x = np.where(mask, x + values, x), with values of the shape of x");
    }
    const Value changed = apply(augmented.op, at, base, change);
    store_chosen(augmented.target, base, *index.mask, {changed, &source(), augmented.value.range});
  } else {
    base.value = current(base.value);
    const Operand before{part_of_array(base, index.parts), &source(), augmented.target.range};
    const Operand change = operand(augmented.value);
    const Operand after{apply(augmented.op, at, before, change), &source(), augmented.value.range};
    base.value = current(base.value);
    const Picked picked = pick(source(), base.range, shape, index.parts);
    if (!(after.value.array()->shape() == picked.shape)) {
      refuse(augmented.target.range,
             fmt::format("{} is {} and cannot become {} in place", shortened(before.text()),
                         to_string(picked.shape), to_string(after.value.array()->shape())));
    }
    write_part(augmented.target, base, picked, after);
  }
  show_change(augmented.target, base, augmented.value.range, byte);
}

// np.add.at(x, index, values): where a place comes twice, both are added.
void Interpreter::run_add_at(const Call& call, std::size_t byte) {
  scope_->target = "unused";
  const CallArguments arguments = arguments_of(call);
  const Range range = call.function->range;
  if (arguments.positional.size() != 3 || !arguments.keywords.empty()) {
    refuse(range, "np.add.at takes an array, an index and what is added", "np.add.at(dC, ix, d)");
  }
  scope_->target = first_name(call.arguments.front());
  const Operand& base = arguments.positional[0];
  const Operand& value = arguments.positional[2];
  if (base.value.array() == nullptr || base.value.array()->memory->is_number) {
    refuse(range, fmt::format("np.add.at changes an array, not {}", described(base)));
  }
  const Array array = *base.value.array();
  const Picked picked =
      pick(source(), base.range, array.shape(), index_of(arguments.positional[1], array.shape()));
  const Array added = as_array(draft_, value);
  check_sharing(range, first_name(call.arguments.front()), *array.memory);
  check_kept_kind(value, array, added);
  const double most =
      array.most +
      added.most * static_cast<double>(repeats(picked.places) ? picked.places.size() : 1);
  check_exact(value, range.begin, {{}, array.type, most});
  const Var now = draft_.make({&base, &value}, range.begin, [&] {
    if (!repeats_to(added.shape(), picked.shape)) {
      throw Error(fmt::format("{} picks {}, and {} does not fit there", shortened(base.text()),
                              to_string(picked.shape), described(value)));
    }
    const Var all = fit(added.var, picked.shape);
    const Var sum = scatter_add(all, share(picked.places), array.shape());
    return array.var + sum;
  });
  write_whole(array.memory, now, most);
  show_change(call.arguments.front(), base, range, byte);
}

// ---- the memory ------------------------------------------------------------------------------

// An array keeps its kind of numbers: what is stored is cut off to it.
void Interpreter::check_kept_kind(const Operand& value, const Array& into, const Array& stored) {
  if (stored.type <= into.type) return;
  value.refuse(fmt::format("{} would be cut off to the kind of numbers that the array has",
                           described(value)),
               "an array of floats: np.zeros(shape), or .astype(float)");
}

void Interpreter::write_part(const Expression& target, const Operand& base, const Picked& picked,
                             const Operand& value) {
  const Array array = *base.value.array();
  if (array.memory->is_number) refuse(target.range, "a number has no parts to set");
  check_sharing(target.range, first_name(target), *array.memory);
  Operand stored = value;
  if (value.value.tuple() != nullptr) stored.value = {array_of_list(draft_, value)};
  const bool is_number = stored.value.scalar() != nullptr;
  const Array number = as_array(draft_, stored);
  check_kept_kind(stored, array, number);
  const Shape shape = without_leading_ones(number.shape(), picked.shape.ndim());
  if (!repeats_to(shape, picked.shape)) {
    throw ReadError(source(), target.range.begin,
                    fmt::format("{} is {}, and {} does not fit there: NumPy raises ValueError",
                                shortened(source().text().substr(
                                    target.range.begin, target.range.end - target.range.begin)),
                                to_string(picked.shape), described(stored)))
        .about_shapes();
  }
  if (!picked.in_order && number.shape().size() > 1 && repeats(picked.places)) {
    refuse(target.range,
           "this index names a place twice, and which number stays there NumPy leaves open",
           "np.add.at to add them up, or an index without repeats");
  }
  const double most = std::max(array.most, number.most);
  if (is_number && is_zero(stored.value)) {
    write_zeros(array.memory, picked.places, most);
    return;
  }
  write_places(array.memory, picked.places, picked.shape, number.var, shape, most);
}

// The places of a part of a view in the array that it is of.
std::vector<std::int32_t> Interpreter::in_base(const Memory& memory,
                                               std::vector<std::int32_t> places) {
  if (memory.base == nullptr) return places;
  for (std::int32_t& place : places) place = (*memory.places)[static_cast<std::size_t>(place)];
  return places;
}

void Interpreter::write_zeros(const std::shared_ptr<Memory>& memory,
                              const std::vector<std::int32_t>& places, double most) {
  const std::shared_ptr<Memory>& whole = memory->base != nullptr ? memory->base : memory;
  if (is_zeros(whole->var)) return;
  const Shape shape = whole->var.shape();
  std::vector<std::int32_t> kept(shape.size());
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = static_cast<std::int32_t>(i);
  for (const std::int32_t place : in_base(*memory, places)) {
    kept[static_cast<std::size_t>(place)] = PlaceMap::kNone;
  }
  const bool is_all = std::all_of(kept.begin(), kept.end(),
                                  [](std::int32_t place) { return place == PlaceMap::kNone; });
  const Var now = is_all ? draft_.graph.leaf(Role::kConstant, shape, {}, 0)
                         : gather(whole->var, share(std::move(kept)), shape);
  if (is_all) draft_.name_step(now.id(), "zeros");
  whole->set(now, most);
}

void Interpreter::write_places(const std::shared_ptr<Memory>& memory,
                               const std::vector<std::int32_t>& places, const Shape& shape,
                               Var value, const Shape& value_shape, double most) {
  const std::shared_ptr<Memory>& whole = memory->base != nullptr ? memory->base : memory;
  const Shape all = whole->var.shape();
  const auto size = static_cast<std::int32_t>(all.size());
  const bool onto_zeros = is_zeros(whole->var);
  std::vector<std::int32_t> map(all.size());
  for (std::int32_t i = 0; i < size; ++i) {
    map[static_cast<std::size_t>(i)] = onto_zeros ? PlaceMap::kNone : i;
  }
  const std::vector<std::int32_t> own = in_base(*memory, places);
  for (std::size_t i = 0; i < own.size(); ++i) {
    const auto from = static_cast<std::int32_t>(repeated_place(value_shape, shape, i));
    map[static_cast<std::size_t>(own[i])] = onto_zeros ? from : size + from;
  }
  const bool is_all_new =
      !onto_zeros && std::all_of(map.begin(), map.end(), [size](auto at) { return at >= size; });
  if (is_all_new) {
    for (std::int32_t& place : map) place -= size;
  }
  const bool of_value_alone = onto_zeros || is_all_new;
  if (of_value_alone && is_identity(map, value.shape().size())) {
    whole->set(value.shape() == all ? copy(value) : reshape(value, all), most);
  } else if (of_value_alone) {
    whole->set(gather(value, share(std::move(map)), all), most);
  } else {
    whole->set(join(whole->var, value, share(std::move(map)), all), most);
  }
}

// Every element of the array, or of the view, is new.
void Interpreter::write_whole(const std::shared_ptr<Memory>& memory, Var now, double most) {
  if (memory->base == nullptr) return memory->set(now, most);
  std::vector<std::int32_t> places(now.shape().size());
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = static_cast<std::int32_t>(i);
  write_places(memory, places, now.shape(), now, now.shape(), most);
}

// What the array is called that `memory` is, or is a view of.
std::string Interpreter::name_of(const Memory& memory, const std::string& otherwise) const {
  if (memory.base == nullptr) return otherwise;
  for (const auto& [name, value] : scope_->env->names) {
    const Array* array = value.array();
    if (array != nullptr && array->memory == memory.base) return name;
  }
  return otherwise;
}

// Names the array after its change, and shows it to the watch, which may put another in its place.
void Interpreter::show_change(const Expression& target, const Operand& base, Range value,
                              std::size_t byte) {
  const std::string name = first_name(target);
  const std::shared_ptr<Memory>& memory = base.value.array()->memory;
  Array whole = *base.value.array();
  whole.var = memory->base != nullptr ? memory->base->var : memory->var;
  name_node({whole}, name_of(*memory, name));
  if (!watch_) return;
  const Value now = current(base.value);
  const Value shown = watched({.name = name,
                               .module = &scope_->module,
                               .byte = static_cast<std::uint32_t>(byte),
                               .value = value,
                               .is_inner = is_inner(),
                               .key = {}},
                              now);
  if (shown.array()->var.id() == now.array()->var.id()) return;
  write_whole(memory, shown.array()->var, shown.array()->most);
}

}  // namespace backstep::read
