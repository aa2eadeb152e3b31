// Printable text with the escapes of DOT and HTML.
#include "engine/write/dot_text.h"

#include <algorithm>
#include <cstddef>

namespace backstep::write {
namespace {

double width_in_em(char32_t code) {
  constexpr std::u32string_view kNarrow = U" .,:;'!|()[]{}ijlIftr-/\\\"";
  constexpr std::u32string_view kBroad = U"mwMWOQGDNHU@%+=<>−×±…";
  if (terminal_width(code) == 2) return 1;
  if (kNarrow.find(code) != std::u32string_view::npos) return 0.42;
  return kBroad.find(code) != std::u32string_view::npos ? 0.95 : 0.66;
}

}  // namespace

std::string dot_quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : printable(text)) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
    if (c == '&') result += "amp;";
  }
  return result + '"';
}

std::string html_text(std::string_view text) {
  std::string result;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string label_text(std::string_view text) {
  std::string result;
  for (const char c : html_text(text)) {
    if (c == '\\') result += '\\';
    result += c;
  }
  return result;
}

std::string middle_cut(std::string_view text, std::size_t most) {
  std::vector<std::string> characters;
  for (Cells cells(text); !cells.at_end();) characters.push_back(cells.next().text);
  std::string result;
  const std::size_t tail = most / 3;
  const bool is_cut = characters.size() > most;
  for (std::size_t i = 0; i < characters.size(); ++i) {
    if (is_cut && i == most - tail - 1) {
      result += "…";
      i = characters.size() - tail;
    }
    result += characters[i];
  }
  return result;
}

double text_width(std::string_view text, double points) {
  double em = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    em += width_in_em(character.code);
    at += character.bytes;
  }
  return em * points;
}

std::vector<std::string> wrapped(std::string_view text, double points, double width) {
  std::vector<std::string> lines;
  std::string line;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string longer = line.empty() ? std::string(word) : line + " " + std::string(word);
    if (!line.empty() && text_width(longer, points) > width) {
      lines.push_back(std::move(line));
      line = word;
    } else {
      line = longer;
    }
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

}  // namespace backstep::write
