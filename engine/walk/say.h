// A sentence in the chosen language, with its places filled in.
#pragma once

#include <fmt/core.h>

#include <string>

#include "engine/describe.h"
#include "engine/primitive.h"

namespace backstep::walk {

// The places of `words` are those of fmt: {0}, {1}, ...
template <typename... Values>
std::string say(Language language, Words words, const Values&... values) {
  const std::string_view text = language == Language::kEnglish ? words.en : words.ko;
  return fmt::format(fmt::runtime(text), values...);
}

}  // namespace backstep::walk
