// Finding a place in a record.
#include "engine/step/find.h"

#include <algorithm>
#include <charconv>

#include "engine/expression.h"
#include "engine/step/model.h"
#include "engine/step/text.h"
#include "engine/step/words.h"

namespace backstep::step {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::optional<std::size_t> as_number(std::string_view typed) {
  if (typed.starts_with('#')) typed.remove_prefix(1);
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(typed.data(), typed.data() + typed.size(), number);
  const bool digits_only = end == typed.data() + typed.size() && !typed.empty();
  if (error == std::errc::result_out_of_range && digits_only) return Ledger::kNever;
  if (error != std::errc() || !digits_only) return {};
  return number;
}

Found by_number(const Record& record, std::size_t number, Language language) {
  if (number > record.events()) {
    return {{}, say(language, words::kNoSuchNumber, record.events())};
  }
  return {number, ""};
}

// The event that wrote the value of this name; kNever if none did.
std::size_t event_called(const Record& record, std::string_view name) {
  const NodeId node = record.graph().find(name);
  if (node != kNoNode) return record.ledger.written_by(node);
  const std::vector<Event>& events = record.trace.events();
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (record.graph().name(events[i].node) == name) return i;
  }
  return Ledger::kNever;
}

Found where_not_finite(const Record& record, Language language) {
  const NodeId node = first_not_finite(record.trace);
  if (node == kNoNode) return {{}, say(language, words::kAllFinite)};
  const std::size_t event = walk::event_of(record.trace, node);
  if (event == record.events()) return {{}, say(language, words::kAllFinite)};
  const std::string name = printable(record.graph().name(record.trace.events()[event].node));
  return {event + 1, say(language, words::kNotFinite, name)};
}

// "dxmu1, dxmu2, dxmu": a few names that begin as typed.
std::string names_beginning(const Record& record, std::string_view typed) {
  constexpr int kMost = 6;
  const std::string start = lower(typed);
  std::string names;
  int count = 0;
  for (const Event& event : record.trace.events()) {
    const std::string name = record.graph().name(event.node);
    if (!lower(name).starts_with(start)) continue;
    if (count++ == kMost) return names + ", …";
    names += (names.empty() ? "" : ", ") + printable(name);
  }
  return names;
}

Found not_found(const Record& record, std::string_view typed, Language language) {
  const std::string shown = printable(typed);
  const NodeId leaf = record.graph().find(typed);
  if (leaf != kNoNode) return {{}, say(language, words::kGiven, shown)};
  const std::string names = names_beginning(record, typed);
  if (names.empty()) return {{}, say(language, words::kNoSuchName, shown)};
  return {{}, say(language, words::kNamesBeginning, shown, names)};
}

bool holds(const Record& record, std::size_t event, const std::string& text, Language language) {
  const Event& it = record.trace.events()[event];
  return lower(formula(record.graph(), it.node)).find(text) != std::string::npos ||
         lower(sentence(record.graph(), it, language)).find(text) != std::string::npos;
}

}  // namespace

Found find_place(const Record& record, std::string_view typed, Language language) {
  while (!typed.empty() && typed.front() == ' ') typed.remove_prefix(1);
  while (!typed.empty() && typed.back() == ' ') typed.remove_suffix(1);
  if (typed.empty()) return {{}, say(language, words::kTypeAPlace)};
  if (const auto number = as_number(typed)) return by_number(record, *number, language);
  const std::size_t event = event_called(record, typed);
  if (event != Ledger::kNever) return {event + 1, ""};
  if (lower(typed) == "nan" || lower(typed) == "inf") return where_not_finite(record, language);
  return not_found(record, typed, language);
}

Found find_text(const Record& record, std::string_view text, std::size_t done, Language language) {
  const std::string wanted = lower(text);
  if (wanted.empty()) return {{}, say(language, words::kTypeAText)};
  const std::size_t count = record.events();
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t event = (done + i) % count;
    if (!holds(record, event, wanted, language)) continue;
    const bool wrapped = event < done;
    return {event + 1, wrapped ? say(language, words::kFoundFromStart) : ""};
  }
  return {{}, say(language, words::kNotFound, printable(text))};
}

}  // namespace backstep::step
