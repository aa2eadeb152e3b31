// The words of a page, in every language that it speaks: they stand in its record.
#pragma once

#include <nlohmann/json.hpp>

#include "engine/describe.h"

namespace backstep::page {

// What `say` says in each language, in the order of languages().
template <typename Say>
nlohmann::ordered_json in_each_language(Say say) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const Language language : languages()) all.push_back(say(language));
  return all;
}

// The code of each language and what it calls itself.
nlohmann::ordered_json language_names();

// By the key that the script asks for. Places are {0}, {1}, ...
nlohmann::ordered_json page_words();

// The keys, and what each of them does.
nlohmann::ordered_json page_keys();

}  // namespace backstep::page
