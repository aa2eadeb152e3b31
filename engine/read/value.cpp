// The memory of arrays: what is one array under several names, and what its numbers are now.
#include "engine/read/value.h"

#include <algorithm>
#include <cstdlib>

#include "engine/primitives/primitives.h"
#include "engine/reads.h"

namespace backstep::read {
namespace {

bool is_stale(const Value& value) {
  if (const Array* array = value.array()) {
    if (array->memory != nullptr) array->memory->refresh();
    return array->memory != nullptr && array->memory->var.id() != array->var.id();
  }
  const Tuple* tuple = value.tuple();
  return tuple != nullptr && std::any_of(tuple->items->begin(), tuple->items->end(), is_stale);
}

// Whether the numbers of `var` are those of its one argument, in other places.
bool only_moves(Var var) {
  const Node& node = var.graph().node(var.id());
  if (node.primitive == nullptr || var.graph().arity(var.id()) != 1) return false;
  if (node.primitive->reads == Reads::kGather) return !node.attributes.map->has_none();
  const Shape& from = var.graph().node(var.graph().input(var.id(), 0)).shape;
  return node.primitive->reads == Reads::kTurn ||
         (node.primitive->reads == Reads::kElementwise && !(node.shape == from));
}

// Whether the numbers lie one behind the other, so that a reshape of them is no copy.
bool are_in_line(const std::vector<std::int32_t>& places) {
  for (std::size_t i = 1; i < places.size(); ++i) {
    if (places[i] != places[i - 1] + 1) return false;
  }
  return true;
}

bool go_up(const PlaceMap& map) { return std::is_sorted(map.places().begin(), map.places().end()); }

// Whether NumPy has the numbers of an array of its own row by row. What it makes element by element
// lies as its arguments do, by columns where they are turned.
bool lies_by_rows(Var array) {
  if (array.shape().ndim() < 2) return true;
  const Graph& graph = array.graph();
  std::vector<bool> by_rows(array.id() + std::size_t{1}, true);
  for (NodeId id = 0; id <= array.id(); ++id) {
    const Node& node = graph.node(id);
    if (node.primitive == nullptr || node.shape.ndim() < 2) continue;
    const Reads reads = node.primitive->reads;
    if (reads == Reads::kProduct || reads == Reads::kScatter) continue;
    bool is_plain = reads != Reads::kTurn;
    if (reads == Reads::kGather && graph.arity(id) == 1) is_plain = go_up(*node.attributes.map);
    for (std::size_t i = 0; i < graph.arity(id); ++i) {
      is_plain = is_plain && by_rows[graph.input(id, i)];
    }
    by_rows[id] = is_plain;
  }
  return by_rows[array.id()];
}

// Whether only sides of 1 come or go, which is never a copy.
bool differ_in_ones(const Shape& a, const Shape& b) {
  const auto longer = [](const Shape& shape) {
    Shape sides;
    for (const std::int32_t side : shape) {
      if (side != 1) sides.add(side);
    }
    return sides;
  };
  return longer(a) == longer(b);
}

// The places that the numbers of a view have in the array that it is of, where `from`, whose own
// places are `places`, was moved about; null where NumPy may have made a copy on the way.
SharedMap places_in(Var view, Var from, const SharedMap& places, bool by_rows) {
  std::vector<Var> steps;
  for (Var at = view; at.id() != from.id(); at = {&at.graph(), at.graph().input(at.id(), 0)}) {
    if (!only_moves(at)) return nullptr;
    steps.push_back(at);
  }
  std::vector<std::int32_t> now(from.shape().size());
  for (std::size_t i = 0; i < now.size(); ++i) {
    now[i] = places != nullptr ? (*places)[i] : static_cast<std::int32_t>(i);
  }
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    const Graph& graph = step->graph();
    const Shape& before = graph.node(graph.input(step->id(), 0)).shape;
    const bool is_reshape = graph.node(step->id()).primitive->reads == Reads::kElementwise &&
                            !differ_in_ones(before, step->shape());
    if (is_reshape && !(are_in_line(now) && by_rows)) return nullptr;
    std::vector<std::int32_t> next(step->shape().size());
    for (std::size_t i = 0; i < next.size(); ++i) {
      next[i] = now[read_place(graph, step->id(), 0, i)];
    }
    now = std::move(next);
  }
  return share(std::move(now));
}

}  // namespace

bool Memory::has_other_views() const {
  return std::any_of(views.begin(), views.end(), [](const std::weak_ptr<Memory>& view) {
    const std::shared_ptr<Memory> held = view.lock();
    return held != nullptr && held->places == nullptr;
  });
}

void Memory::refresh() {
  if (base == nullptr || places == nullptr || base->var.id() == seen) return;
  var = gather(base->var, places, var.shape());
  most = base->most;
  seen = base->var.id();
}

void Memory::set(Var now, double most_now) {
  var = now;
  most = most_now;
}

Value as_object(Value value) {
  auto* array = std::get_if<Array>(&value.kind);
  if (array != nullptr && array->memory == nullptr) {
    array->memory = std::make_shared<Memory>();
    array->memory->var = array->var;
    array->memory->most = array->most;
    array->memory->is_number = array->shape().ndim() == 0;
  }
  return value;
}

Value as_new(Value value) {
  if (auto* array = std::get_if<Array>(&value.kind)) array->memory = nullptr;
  return as_object(std::move(value));
}

Value as_view(Value value, const Value& of, bool is_followed) {
  value = as_new(std::move(value));
  auto* array = std::get_if<Array>(&value.kind);
  if (array == nullptr || of.array() == nullptr || of.array()->memory == nullptr) return value;
  const std::shared_ptr<Memory>& from = of.array()->memory;
  if (from->is_number) return value;  // a number is copied
  Memory& view = *array->memory;
  view.base = from->base != nullptr ? from->base : from;
  view.base->views.push_back(array->memory);
  view.is_number = false;
  const bool has_places = from->base == nullptr || from->places != nullptr;
  if (is_followed && has_places && array->type == of.array()->type) {
    view.places = places_in(array->var, from->var, from->places, lies_by_rows(view.base->var));
    view.seen = view.base->var.id();
  }
  return value;
}

Value as_line(Value value, const Value& of) {
  const Array* array = of.array();
  if (array == nullptr || array->memory == nullptr) return as_new(std::move(value));
  const Memory& from = *array->memory;
  const bool is_followed = from.base == nullptr || from.places != nullptr;
  const Var whole = from.base != nullptr ? from.base->var : from.var;
  const bool is_copy = is_followed && from.places != nullptr && lies_by_rows(whole) &&
                       !are_in_line(from.places->places());
  if (is_copy) return as_new(std::move(value));
  const bool is_sure = is_followed && lies_by_rows(whole);
  return as_view(std::move(value), of, is_sure);
}

Value current(const Value& value) {
  if (!is_stale(value)) return value;
  if (const Array* array = value.array()) {
    Array now = *array;
    now.var = array->memory->var;
    now.most = array->memory->most;
    return {now};
  }
  // The tuple itself is what its names hold, and stays the same one.
  for (Value& item : *value.tuple()->items) item = current(item);
  return value;
}

std::vector<Entries::Entry>::iterator Entries::begin() { return order_.begin(); }
std::vector<Entries::Entry>::iterator Entries::end() { return order_.end(); }
std::vector<Entries::Entry>::const_iterator Entries::begin() const { return order_.begin(); }
std::vector<Entries::Entry>::const_iterator Entries::end() const { return order_.end(); }

std::vector<Entries::Entry>::iterator Entries::find(const Key& key) {
  const auto place = places_.find(key);
  return place == places_.end() ? end() : begin() + static_cast<std::ptrdiff_t>(place->second);
}

Value& Entries::operator[](const Key& key) {
  const auto [place, is_new] = places_.emplace(key, order_.size());
  if (is_new) order_.emplace_back(key, Value{});
  return order_[place->second].second;
}

void Entries::erase(std::vector<Entry>::iterator entry) {
  const auto at = static_cast<std::size_t>(entry - begin());
  places_.erase(entry->first);
  order_.erase(entry);
  for (auto& [key, place] : places_) {
    if (place > at) --place;
  }
}

Value value_of_key(const Key& key) {
  if (!key.is_number) return {Word{key.text}};
  const double number = std::strtod(key.text.c_str(), nullptr);
  const bool is_whole = key.text.find_first_of(".einf") == std::string::npos;
  return scalar(number, is_whole ? NumberType::kInteger : NumberType::kFloat);
}

std::size_t count_values(const Value& value) {
  constexpr std::size_t kEnough = 1'000'000;
  std::size_t count = 1;
  if (const Tuple* tuple = value.tuple()) {
    for (const Value& item : *tuple->items) {
      count += count_values(item);
      if (count > kEnough) break;
    }
  } else if (const Dictionary* dictionary = value.dictionary()) {
    for (const auto& [key, item] : *dictionary->items) {
      count += count_values(item);
      if (count > kEnough) break;
    }
  } else if (const Object* object = value.object()) {
    for (const auto& [name, item] : object->instance->fields) {
      count += count_values(item);
      if (count > kEnough) break;
    }
  }
  return count;
}

bool holds(const Value& value, const void* container) {
  if (const Tuple* tuple = value.tuple()) {
    return tuple->items.get() == container ||
           std::any_of(tuple->items->begin(), tuple->items->end(),
                       [container](const Value& item) { return holds(item, container); });
  }
  const auto any = [container](const auto& entries) {
    return std::any_of(entries.begin(), entries.end(),
                       [container](const auto& entry) { return holds(entry.second, container); });
  };
  const Instance* instance = nullptr;
  if (const Object* object = value.object()) instance = object->instance.get();
  if (const BoundMethod* method = value.method()) instance = method->self.get();
  if (instance != nullptr) return instance == container || any(instance->fields);
  const Dictionary* dictionary = value.dictionary();
  return dictionary != nullptr && (dictionary->items.get() == container || any(*dictionary->items));
}

}  // namespace backstep::read
