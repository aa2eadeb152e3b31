// `name += value`: NumPy changes an array itself, under every name that it has.
#include <fmt/core.h>

#include <utility>

#include "engine/read/interpreter.h"
#include "engine/read/operations.h"
#include "engine/read/views.h"

namespace backstep::read {

void Interpreter::run_augmented(const Augmented& augmented, std::size_t byte) {
  if (std::holds_alternative<Subscript>(augmented.target.kind)) {
    return run_augmented_part(augmented, byte);
  }
  const std::string name = first_name(augmented.target);
  scope_->target = name;
  if (const auto* field = std::get_if<Attribute>(&augmented.target.kind)) {
    const Value before = evaluate(augmented.target);
    return set_field(*field, changed(augmented, name, before, byte));
  }
  const Value before = evaluate_name(augmented.target.range, name);
  set_name(name, changed(augmented, name, before, byte));
}

Value Interpreter::changed(const Augmented& augmented, const std::string& name, const Value& value,
                           std::size_t byte) {
  if (augmented.op == Operator::kMatmul) {
    refuse(augmented.target.range, "NumPy below 1.25 has no `@=`",
           fmt::format("{0} = {0} @ ...", name));
  }
  const Operand change = operand(augmented.value);
  const Operand before{current(value), &source(), augmented.target.range};
  const std::size_t target = augmented.target.range.begin;
  const Tuple* const list = before.value.tuple();
  if (list != nullptr && list->is_list && !list->is_range) {
    change_list(augmented.op, target, before, change);
    return before.value;
  }
  Value after = as_new(apply(augmented.op, target, before, change));
  const Array* const array = before.value.array();
  const bool is_in_place = array != nullptr && !array->memory->is_number;
  if (is_in_place) check_in_place(augmented.target.range, name, *array, after);
  const auto outside = array == nullptr ? given_.end() : given_.find(array->var.id());
  const bool grows =
      array != nullptr && after.array() != nullptr && !(after.array()->shape() == array->shape());
  if (!is_in_place && outside != given_.end() && grows) {
    refuse(augmented.target.range,
           fmt::format("{} comes from outside as one number, and NumPy would not make an array of "
                       "it in place",
                       quoted(name)),
           fmt::format("{0} = {0} + ..., which makes a new array", name));
  }
  if (after.array() != nullptr) {
    after = as_object(watched({.name = name,
                               .module = &scope_->module,
                               .byte = static_cast<std::uint32_t>(byte),
                               .value = augmented.value.range,
                               .is_inner = is_inner(),
                               .is_field = std::holds_alternative<Attribute>(augmented.target.kind),
                               .key = {}},
                              std::move(after)));
  }
  name_node(after, name);
  if (!is_in_place) return after;
  write_whole(array->memory, after.array()->var, after.array()->most);
  if (array->memory->base != nullptr) {
    Array whole = *array;
    whole.var = array->memory->base->var;
    name_node({whole}, name_of(*array->memory, name));
  }
  return current(before.value);
}

// `grads['W'] += dW`, `caches[t] += d`: the entry is changed in place, or gets another value.
void Interpreter::run_augmented_item(const Augmented& augmented, const Operand& base,
                                     std::size_t byte) {
  const auto& part = std::get<Subscript>(augmented.target.kind);
  const Operand key = operand(*part.index);
  const bool is_list = base.value.tuple() != nullptr;
  const Value before =
      is_list ? current((*base.value.tuple()->items)[place_in(base, key)]) : entry_of(base, key);
  std::string name = first_name(augmented.target);
  if (const std::string* text = key.value.text()) name = *text;
  scope_->target = name;
  const Value after = changed(augmented, name, before, byte);
  if (is_list) {
    set_item(base, key, after);
  } else {
    set_entry(base, key, after);
  }
}

// Where an array shares its numbers with one whose places are not followed, no change is read.
void Interpreter::check_sharing(Range target, std::string_view name, const Memory& memory) {
  const std::string instead = fmt::format("{0} = {0} + ..., which makes a new array", name);
  if (memory.base != nullptr && memory.places == nullptr) {
    refuse(target,
           fmt::format("{} may share its numbers with another array, as reshape and broadcast_to "
                       "do: NumPy changes them in both",
                       quoted(name)),
           instead);
  }
  const Memory& whole = memory.base != nullptr ? *memory.base : memory;
  if (whole.has_other_views()) {
    refuse(target,
           fmt::format("another array may share the numbers of {}, made by reshape or "
                       "broadcast_to: NumPy changes them in both",
                       quoted(name)),
           instead);
  }
}

// NumPy changes the array itself, under every name that it has: within its shape and its type.
void Interpreter::check_in_place(Range target, std::string_view name, const Array& before,
                                 const Value& after) {
  const std::string instead = fmt::format("{0} = {0} + ..., which makes a new array", name);
  const auto refuse_change = [&](const std::string& message) { refuse(target, message, instead); };
  check_sharing(target, name, *before.memory);
  const Shape shape = before.var.shape();
  const Shape result = after.array()->var.shape();
  if (!(shape == result)) {
    refuse_change(fmt::format("{} is {} and cannot become {} in place", quoted(name),
                              to_string(shape), to_string(result)));
  }
  if (after.array()->type > before.type) {
    refuse_change(
        fmt::format("{} holds {} and the result is {}: NumPy raises, for an array keeps "
                    "its kind of numbers",
                    quoted(name), dtype_of(before), dtype_of(*after.array())));
  }
}

}  // namespace backstep::read
