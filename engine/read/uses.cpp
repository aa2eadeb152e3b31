// Looks for the places of a function where a parameter is taken apart.
#include "engine/read/uses.h"

#include "engine/read/python_walk.h"

namespace backstep::read {

const std::string* name_of(const Expression& expression) {
  const auto* name = std::get_if<Name>(&expression.kind);
  return name == nullptr ? nullptr : &name->id;
}

const std::string* text_of(const Expression& expression) {
  const auto* text = std::get_if<Text>(&expression.kind);
  return text == nullptr ? nullptr : &text->value;
}

Uses uses_of(const Function& function, const std::string& parameter) {
  Uses uses;
  std::multiset<std::string> looked_up;  // also where a line stores it
  std::multiset<std::string> stored;
  const auto is_it = [&](const Expression& expression) {
    const std::string* name = name_of(expression);
    return name != nullptr && *name == parameter;
  };
  walk(
      function.body,
      [&](const Expression& expression) {
        const auto* subscript = std::get_if<Subscript>(&expression.kind);
        if (subscript != nullptr && is_it(*subscript->base)) {
          if (const std::string* key = text_of(*subscript->index)) {
            looked_up.insert(*key);
          }
        }
        const auto* call = std::get_if<Call>(&expression.kind);
        const auto* method =
            call == nullptr ? nullptr : std::get_if<Attribute>(&call->function->kind);
        if (method != nullptr && is_it(*method->base) && !call->arguments.empty()) {
          if (const std::string* key = text_of(call->arguments[0])) uses.keys.insert(*key);
        }
      },
      [&](const Assignment& assignment) {
        const Expression& target = assignment.targets.front();
        const auto* entry = std::get_if<Subscript>(&target.kind);
        if (entry != nullptr && is_it(*entry->base)) {
          if (const std::string* key = text_of(*entry->index)) stored.insert(*key);
        }
        const auto* sequence = std::get_if<Sequence>(&target.kind);
        if (sequence != nullptr && is_it(assignment.value)) uses.unpacked = sequence;
        const auto* subscript = std::get_if<Subscript>(&assignment.value.kind);
        if (subscript == nullptr || !is_it(*subscript->base) || name_of(target) == nullptr) return;
        const auto* place = std::get_if<Number>(&subscript->index->kind);
        const bool is_place = place != nullptr && place->is_integer && place->value < 100;
        if (is_place) uses.places[static_cast<std::size_t>(place->value)] = *name_of(target);
      });
  for (const std::string& key : looked_up) {
    if (looked_up.count(key) > stored.count(key)) uses.keys.insert(key);
    if (stored.count(key) == 0) uses.needed.insert(key);
  }
  return uses;
}

bool is_asked_for(const Function& function, const std::string& parameter) {
  bool is_there = false;
  walk(
      function.body,
      [&](const Expression& expression) {
        const std::string* name = name_of(expression);
        is_there = is_there || (name != nullptr && *name == parameter);
      },
      [](const Assignment&) {});
  return is_there;
}

}  // namespace backstep::read
