// The memory of arrays: what is one array under several names, and what its numbers are now.
#include "engine/read/value.h"

#include <algorithm>

namespace backstep::read {
namespace {

bool is_stale(const Value& value) {
  if (const Array* array = value.array()) {
    return array->memory != nullptr && array->memory->var.id() != array->var.id();
  }
  const Tuple* tuple = value.tuple();
  return tuple != nullptr && std::any_of(tuple->items->begin(), tuple->items->end(), is_stale);
}

}  // namespace

bool Memory::has_views() const {
  return std::any_of(views.begin(), views.end(),
                     [](const std::weak_ptr<Memory>& view) { return !view.expired(); });
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

Value as_view(Value value, const Value& of) {
  value = as_new(std::move(value));
  auto* array = std::get_if<Array>(&value.kind);
  if (array == nullptr || of.array() == nullptr || of.array()->memory == nullptr) return value;
  const std::shared_ptr<Memory>& base = of.array()->memory;
  array->memory->base = base->base != nullptr ? base->base : base;
  array->memory->base->views.push_back(array->memory);
  array->memory->is_number = false;
  return value;
}

Value current(const Value& value) {
  if (!is_stale(value)) return value;
  if (const Array* array = value.array()) {
    Array now = *array;
    now.var = array->memory->var;
    now.most = array->memory->most;
    return {now};
  }
  const Tuple& tuple = *value.tuple();
  std::vector<Value> items;
  for (const Value& item : *tuple.items) items.push_back(current(item));
  return {Tuple{std::make_shared<const std::vector<Value>>(std::move(items)), tuple.is_list}};
}

}  // namespace backstep::read
