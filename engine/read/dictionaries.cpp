// Dictionaries: their entries, and the methods that read and fill them.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/read/interpreter.h"
#include "engine/read/nearest.h"
#include "engine/read/settings.h"

namespace backstep::read {
namespace {

bool holds_dictionary(const Value& value) {
  if (value.dictionary() != nullptr) return true;
  const Tuple* tuple = value.tuple();
  return tuple != nullptr &&
         std::any_of(tuple->items->begin(), tuple->items->end(), holds_dictionary);
}

}  // namespace

void Interpreter::set_entry(const Subscript& target, const Value& value) {
  const Operand base = operand(*target.base);
  const Dictionary* dictionary = base.value.dictionary();
  if (dictionary == nullptr) {
    refuse(target.base->range, fmt::format("{} is no dictionary", described(base)));
  }
  // One that held itself would never end.
  const bool is_nested = value.dictionary() != nullptr || holds_dictionary(value);
  if (is_nested) refuse(target.base->range, "a dictionary within a dictionary is not read");
  (*dictionary->items)[std::get<Text>(target.index->kind).value] = as_object(value);
}

Value Interpreter::evaluate_pairs(const Expression& expression, const Pairs& pairs) {
  Dictionary dictionary{scope_->target, std::make_shared<std::map<std::string, Value>>()};
  for (std::size_t i = 0; i + 1 < pairs.items.size(); i += 2) {
    const auto* key = std::get_if<Text>(&pairs.items[i].kind);
    if (key == nullptr) refuse(pairs.items[i].range, "a key that is no text is not read");
    Value value = evaluate(pairs.items[i + 1]);
    if (value.dictionary() != nullptr || holds_dictionary(value)) {
      refuse(expression.range, "a dictionary within a dictionary is not read");
    }
    (*dictionary.items)[key->value] = std::move(value);
  }
  return {std::move(dictionary)};
}

Value Interpreter::entry_of(const Operand& dictionary, const Expression& index) {
  const Operand key = operand(index);
  const Word* word = key.value.word();
  if (word == nullptr) refuse(index.range, "a key that is no text is not read");
  const Dictionary& entries = *dictionary.value.dictionary();
  const auto found = entries.items->find(word->text);
  if (found != entries.items->end()) return current(found->second);
  const bool is_given = watch_ || entries.is_given;
  const std::optional<Value> usual =
      is_given ? usual_setting(entries.name, word->text) : std::nullopt;
  if (usual) {
    std::string note = fmt::format("{}['{}'] is not set: {}", shortened(dictionary.text()),
                                   shortened(word->text), setting_text(*usual));
    if (std::find(assumed_.begin(), assumed_.end(), note) == assumed_.end()) {
      assumed_.push_back(std::move(note));
    }
    return *usual;
  }
  std::vector<std::string> known;
  for (const auto& [name, value] : *entries.items) known.push_back(name);
  const std::string near = nearest(word->text, known);
  refuse(index.range,
         fmt::format("{} has no entry {}", shortened(dictionary.text()), quoted(word->text)),
         !near.empty() ? fmt::format("'{}'", near)
         : is_given    ? fmt::format("--set {}.{}=VALUE on the command line",
                                     shortened(dictionary.text()), shortened(word->text))
                    : fmt::format("{}.get('{}', VALUE), or the entry where the dictionary is made",
                                  shortened(dictionary.text()), shortened(word->text)));
}

// .get(key), .get(key, default), pop, setdefault, copy, and update with another dictionary.
Value Interpreter::call_dictionary(const Expression& expression, const Operand& dictionary,
                                   const std::string& method, const CallArguments& arguments) {
  const bool is_read = method == "get" || method == "pop" || method == "setdefault";
  const std::size_t count = arguments.positional.size();
  if (method == "copy" && count == 0 && arguments.keywords.empty()) {
    const Dictionary& from = *dictionary.value.dictionary();
    return {Dictionary{from.name, std::make_shared<std::map<std::string, Value>>(*from.items),
                       from.is_given}};
  }
  Dictionary entries = *dictionary.value.dictionary();
  if (method == "update" && count == 1 && arguments.keywords.empty()) {
    const Dictionary* other = arguments.positional[0].value.dictionary();
    if (other == nullptr) arguments.positional[0].refuse("a dictionary is expected");
    const std::map<std::string, Value> added = *other->items;
    for (const auto& [key, value] : added) {
      (*entries.items)[key] = value;
    }
    return {};
  }
  if (!is_read || count < 1 || count > 2 || !arguments.keywords.empty()) {
    refuse(expression.range, fmt::format(".{}() of a dictionary is not read so", shortened(method)),
           ".get('key'), .get('key', 1.0), or ['key']");
  }
  const Operand& key = arguments.positional[0];
  const Word* word = key.value.word();
  if (word == nullptr) refuse(key.range, "a key that is no text is not read");
  const auto found = entries.items->find(word->text);
  if (found != entries.items->end()) {
    const Value value = current(found->second);
    if (method == "pop") entries.items->erase(found);
    return value;
  }
  if (method == "pop" && count == 1) {
    refuse(key.range,
           fmt::format("{} has no entry {}", shortened(dictionary.text()), quoted(word->text)),
           fmt::format(".pop('{}', VALUE)", shortened(word->text)));
  }
  Value value = count == 2 ? arguments.positional[1].value : Value{};
  if (method == "setdefault") {
    if (holds_dictionary(value)) {
      refuse(expression.range, "a dictionary within a dictionary is not read");
    }
    (*entries.items)[word->text] = value;
  }
  return value;
}

}  // namespace backstep::read
