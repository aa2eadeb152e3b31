// Dictionaries: their entries, and the methods that read and fill them.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/read/interpreter.h"
#include "engine/read/nearest.h"
#include "engine/read/settings.h"

namespace backstep::read {
// A text, or a number: 1, 1.0 and True are one key.
Key Interpreter::key_of(const Operand& operand) {
  if (const std::string* text = operand.value.text()) return {*text};
  if (const Scalar* number = operand.value.scalar()) {
    return {fmt::format("{}", number->value + 0.0), true};
  }
  const Word* word = operand.value.word();
  if (word != nullptr && word->kind == Word::Kind::kOpen) {
    operand.refuse(
        fmt::format("what the text {} says is not worked out", shortened(operand.text())),
        "f'W{i}', 'W' + str(i) or 'W%d' % i, with integers and texts");
  }
  operand.refuse("a key that is neither a text nor a number is not read");
}

// One that held itself would never end.
void Interpreter::check_nesting(Range range, const Value& value, const void* container) {
  if (read::holds(value, container)) {
    refuse(range, "what holds itself is not read",
           value.object() == nullptr ? "a copy of it: .copy()" : "");
  }
  if (count_values(value) > kMostValues) {
    refuse(range, fmt::format("more than {} values in each other", kMostValues));
  }
}

void Interpreter::set_entry(const Operand& dictionary, const Operand& key, const Value& value) {
  const Dictionary& entries = *dictionary.value.dictionary();
  const Key name = key_of(key);
  check_nesting(dictionary.range, value, entries.items.get());
  name_node(value, name.is_number ? "entry_" + name.text : name.text);
  const Object* object = value.object();
  if (object != nullptr && object->instance->label.empty()) object->instance->label = name.text;
  (*entries.items)[name] = as_object(value);
}

Value Interpreter::evaluate_pairs(const Expression& expression, const Pairs& pairs) {
  const Operand dictionary{
      {Dictionary{scope_->target, std::make_shared<Entries>()}}, &source(), expression.range};
  Entries& entries = *dictionary.value.dictionary()->items;
  for (std::size_t i = 0; i + 1 < pairs.items.size(); i += 2) {
    const Key key = key_of(operand(pairs.items[i]));
    Value value = evaluate(pairs.items[i + 1]);
    check_nesting(expression.range, value, &entries);
    entries[key] = std::move(value);
  }
  return dictionary.value;
}

Value Interpreter::entry_of(const Operand& dictionary, const Operand& key) {
  const Key name = key_of(key);
  const Dictionary& entries = *dictionary.value.dictionary();
  const auto found = entries.items->find(name);
  if (found != entries.items->end()) return current(found->second);
  const bool is_given = watch_ || entries.is_given;
  const std::optional<Value> usual =
      is_given ? usual_setting(entries.name, name.text) : std::nullopt;
  if (usual) {
    std::string note = fmt::format("{}['{}'] is not set: {}", shortened(dictionary.text()),
                                   shortened(name.text), setting_text(*usual));
    if (std::find(assumed_.begin(), assumed_.end(), note) == assumed_.end()) {
      assumed_.push_back(std::move(note));
    }
    return *usual;
  }
  std::vector<std::string> known;
  for (const auto& [other, value] : *entries.items) known.push_back(other.text);
  const std::string near = nearest(name.text, known);
  refuse(key.range,
         fmt::format("{} has no entry {}", shortened(dictionary.text()),
                     name.is_number ? name.text : quoted(name.text)),
         !near.empty() ? fmt::format("'{}'", near)
         : is_given    ? fmt::format("--set {}.{}=VALUE on the command line",
                                     shortened(dictionary.text()), shortened(name.text))
                    : fmt::format("{}.get('{}', VALUE), or the entry where the dictionary is made",
                                  shortened(dictionary.text()), shortened(name.text)));
}

namespace {

// The entries as Python's views show them: what the dictionary has when the loop comes to it.
Iterator view_of(const Operand& dictionary, const std::string& method) {
  const std::shared_ptr<Entries> entries = dictionary.value.dictionary()->items;
  auto state = std::make_shared<Iterator::State>();
  state->count = static_cast<double>(entries->size());
  state->next = [dictionary, entries, method, size = entries->size(),
                 at = std::size_t{0}]() mutable -> std::optional<Value> {
    if (entries->size() != size) {
      dictionary.refuse("a dictionary changes its size while a loop goes over it: Python raises");
    }
    if (at >= size) return std::nullopt;
    const Entries::Entry& entry = *(entries->begin() + static_cast<std::ptrdiff_t>(at++));
    const Value value = current(entry.second);
    if (method == "values") return value;
    return method == "keys" ? value_of_key(entry.first) : tuple({value_of_key(entry.first), value});
  };
  return {state};
}

}  // namespace

// .get(key), .get(key, default), pop, setdefault, copy, update with another dictionary, and
// keys, values and items.
Value Interpreter::call_dictionary(const Expression& expression, const Operand& dictionary,
                                   const std::string& method, const CallArguments& arguments) {
  const bool is_read = method == "get" || method == "pop" || method == "setdefault";
  const bool is_view = method == "keys" || method == "values" || method == "items";
  const std::size_t count = arguments.positional.size();
  const Dictionary& entries = *dictionary.value.dictionary();
  if (method == "copy" && count == 0 && arguments.keywords.empty()) {
    return {Dictionary{entries.name, std::make_shared<Entries>(*entries.items), entries.is_given}};
  }
  if (is_view && count == 0 && arguments.keywords.empty()) return {view_of(dictionary, method)};
  if (method == "update" && count <= 1) {
    update(dictionary, arguments);
    return {};
  }
  if (!is_read || count < 1 || count > 2 || !arguments.keywords.empty()) {
    refuse(expression.range, fmt::format(".{}() of a dictionary is not read so", shortened(method)),
           ".get('key'), .get('key', 1.0), or ['key']");
  }
  const Operand& key = arguments.positional[0];
  const Key name = key_of(key);
  const auto found = entries.items->find(name);
  if (found != entries.items->end()) {
    const Value value = current(found->second);
    if (method == "pop") entries.items->erase(found);
    return value;
  }
  if (method == "pop" && count == 1) {
    refuse(key.range,
           fmt::format("{} has no entry {}", shortened(dictionary.text()), quoted(name.text)),
           fmt::format(".pop('{}', VALUE)", shortened(name.text)));
  }
  Value value = count == 2 ? arguments.positional[1].value : Value{};
  if (method == "setdefault") {
    check_nesting(expression.range, value, entries.items.get());
    (*entries.items)[name] = value;
  }
  return value;
}

// .update(other), .update(key=value).
void Interpreter::update(const Operand& dictionary, const CallArguments& arguments) {
  Entries& entries = *dictionary.value.dictionary()->items;
  if (!arguments.positional.empty()) {
    const Dictionary* other = arguments.positional[0].value.dictionary();
    if (other == nullptr) arguments.positional[0].refuse("a dictionary is expected");
    const Entries added = *other->items;
    for (const auto& [key, value] : added) {
      check_nesting(dictionary.range, value, &entries);
      entries[key] = value;
    }
  }
  for (const KeywordOperand& keyword : arguments.keywords) {
    check_nesting(dictionary.range, keyword.operand.value, &entries);
    entries[keyword.name] = keyword.operand.value;
  }
}

}  // namespace backstep::read
