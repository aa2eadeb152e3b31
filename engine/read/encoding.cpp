// PEP 263: a comment in the first or second line names the encoding of a file.
#include "engine/read/encoding.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace backstep::read {
namespace {

bool is_ascii(unsigned char c) { return c < 0x80; }

}  // namespace

std::string encoding_in(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t\f");
  if (begin == std::string_view::npos || line[begin] != '#') return {};
  constexpr std::string_view kWord = "coding";
  for (std::size_t at = line.find(kWord); at != std::string_view::npos;
       at = line.find(kWord, at + 1)) {
    const std::string_view rest = line.substr(at + kWord.size());
    if (rest.empty() || (rest[0] != ':' && rest[0] != '=')) continue;
    const std::size_t name = std::min(rest.find_first_not_of(" \t", 1), rest.size());
    const auto is_of_name = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
    };
    std::size_t end = name;
    while (end < rest.size() && is_of_name(rest[end])) ++end;
    if (end == name) continue;
    std::string encoding(rest.substr(name, end - name));
    std::transform(encoding.begin(), encoding.end(), encoding.begin(), [](unsigned char c) {
      return c == '_' ? '-' : static_cast<char>(std::tolower(c));
    });
    return encoding;
  }
  return {};
}

bool is_latin_1(std::string_view encoding) {
  constexpr std::array<std::string_view, 6> kNames = {"latin-1",    "latin1",      "l1",
                                                      "iso-8859-1", "iso-latin-1", "iso8859-1"};
  return std::find(kNames.begin(), kNames.end(), encoding) != kNames.end();
}

std::string as_utf8(std::string bytes) {
  if (std::all_of(bytes.begin(), bytes.end(), is_ascii)) return bytes;
  std::string encoding;
  std::size_t begin = 0;
  for (int line = 0; line < 2 && encoding.empty() && begin < bytes.size(); ++line) {
    const std::size_t end = std::min(bytes.find_first_of("\r\n", begin), bytes.size());
    const std::string_view text = std::string_view(bytes).substr(begin, end - begin);
    const std::size_t first = text.find_first_not_of(" \t\f");
    if (first != std::string_view::npos && text[first] != '#') break;
    encoding = encoding_in(text);
    begin = end + (bytes.compare(end, 2, "\r\n") == 0 ? 2 : 1);
  }
  if (!is_latin_1(encoding)) return bytes;
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xc0 | byte >> 6);
      text += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return text;
}

}  // namespace backstep::read
