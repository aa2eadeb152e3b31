// JSON by nlohmann/json, which escapes what JSON forbids; the rest that no eye can see here.
#include "engine/write/json_text.h"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>
#include <nlohmann/json.hpp>

#include "engine/text.h"

namespace backstep::write {
namespace {

// As JSON writes a character that stands in a text: by its UTF-16 units.
void append_escape(std::string& text, char32_t code) {
  const auto unit = [&](std::uint32_t value) {
    fmt::format_to(std::back_inserter(text), "\\u{:04x}", value);
  };
  if (code < 0x10000) return unit(code);
  unit(0xd800 + ((code - 0x10000) >> 10));
  unit(0xdc00 + ((code - 0x10000) & 0x3ff));
}

}  // namespace

std::string json_text(const nlohmann::ordered_json& json, int indent) {
  const std::string dumped =
      json.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  std::string text;
  text.reserve(dumped.size());
  for (std::size_t at = 0; at < dumped.size();) {
    const auto byte = static_cast<unsigned char>(dumped[at]);
    const Character character =
        byte < 0x7f ? Character{byte, 1, true} : character_at(dumped, at);  // a line end is ours
    if (byte < 0x7f || is_printable(character.code)) {
      text.append(dumped, at, character.bytes);
    } else {
      append_escape(text, character.code);
    }
    at += character.bytes;
  }
  return text;
}

}  // namespace backstep::write
