// The words of a lesson: finding the places, and filling them.
#include "lessons/lesson_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "engine/number_text.h"
#include "engine/read/builtin.h"
#include "engine/write/json_text.h"

namespace backstep::lessons {
namespace {

bool is_name(std::string_view text) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

// Calls text(piece) and place(name) in the order in which they stand in `words`.
template <typename Text, typename Place>
void walk(std::string_view words, Text text, Place place) {
  for (std::size_t open = words.find("{{"); open != words.npos; open = words.find("{{")) {
    const std::size_t close = words.find("}}", open);
    if (close == words.npos) {
      throw Error(fmt::format("a place has no end: {}", words.substr(open, 40)));
    }
    const std::string_view name = words.substr(open + 2, close - open - 2);
    if (!is_name(name)) throw Error(fmt::format("this is no name of a place: {{{{{}}}}}", name));
    text(words.substr(0, open));
    place(std::string(name));
    words.remove_prefix(close + 2);
  }
  text(words);
}

// The labels of the pictures and tables end the file; they stand in the catalogue by now (see
// engine/words/compile.cmake).
std::string without_labels(std::string_view words) {
  return std::string(words.substr(0, words.find("\n<!-- labels\n")));
}

void refuse(std::string_view what, const std::vector<std::string>& names) {
  if (!names.empty()) throw Error(fmt::format("{}: {}", what, fmt::join(names, ", ")));
}

}  // namespace

void Places::text(const std::string& name, std::string value) {
  if (!texts_.emplace(name, std::move(value)).second) {
    throw Error(fmt::format("the place {} is filled twice", name));
  }
}

void Places::number(const std::string& name, double value, int significant) {
  text(name, number_text(value, significant));
  numbers_[name] = value;
}

void Places::count(const std::string& name, std::size_t value) {
  text(name, fmt::format("{}", value));
  numbers_[name] = static_cast<double>(value);
}

std::set<std::string> places_in(std::string_view words) {
  std::set<std::string> names;
  walk(
      words, [](std::string_view) {}, [&](std::string name) { names.insert(std::move(name)); });
  return names;
}

std::string filled_text(std::string_view words, const Places& places) {
  const std::set<std::string> names = places_in(words);
  std::vector<std::string> without_value, without_place;
  for (const std::string& name : names) {
    if (!places.texts().contains(name)) without_value.push_back(name);
  }
  for (const auto& [name, value] : places.texts()) {
    if (!names.contains(name)) without_place.push_back(name);
  }
  refuse("places of the lesson without a value", without_value);
  refuse("values that no place of the lesson uses", without_place);

  std::string result;
  walk(
      words, [&](std::string_view text) { result += text; },
      [&](const std::string& name) { result += places.texts().at(name); });
  return result;
}

std::string lesson_words(std::string_view folder, Language language) {
  for (const std::string_view code : {language.code(), Language().code()}) {
    const std::string name = fmt::format("lessons/{}/lesson.{}.md", folder, code);
    if (std::string added = added_words(name); !added.empty()) return without_labels(added);
    for (const EmbeddedFile& file : read::builtin_files()) {
      if (file.name == name) return without_labels(file.text);
    }
  }
  throw Error(fmt::format("there is no lessons/{}/lesson.en.md", folder));
}

std::string numbers_json(const Places& places) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const auto& [name, value] : places.numbers()) {
    if (std::isfinite(value)) {
      const bool is_count = value == std::trunc(value) && std::abs(value) < 1e15;
      json[name] =
          is_count ? nlohmann::json(static_cast<std::int64_t>(value)) : nlohmann::json(value);
    } else {
      json[name] = number_text(value);
    }
  }
  return write::json_text(json, 2) + "\n";
}

}  // namespace backstep::lessons
