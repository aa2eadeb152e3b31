// Text that anybody may have written, made safe for DOT: UTF-8 first, then the escapes.
#include "engine/write/dot_text.h"

#include <algorithm>
#include <cstddef>

namespace backstep::write {
namespace {

constexpr char32_t kReplacement = 0xfffd;

// The characters of a text, one after the other.
class Characters {
 public:
  explicit Characters(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }

  // U+FFFD for each byte that begins no valid character.
  char32_t next() {
    const auto first = static_cast<unsigned char>(text_[at_++]);
    if (first < 0x80) return first;
    const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || text_.size() - at_ < static_cast<std::size_t>(more)) {
      return kReplacement;
    }
    char32_t code = first & (0x3f >> more);
    for (int i = 0; i < more; ++i) {
      const auto byte = static_cast<unsigned char>(text_[at_ + i]);
      if ((byte & 0xc0) != 0x80) return kReplacement;
      code = code << 6 | (byte & 0x3f);
    }
    if (!is_shortest(code, more) || code > 0x10ffff) return kReplacement;
    at_ += more;
    return code;
  }

 private:
  static bool is_shortest(char32_t code, int more) {
    return more == 1 || (more == 2 && code >= 0x800) || (more == 3 && code >= 0x10000);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void append(std::string& text, char32_t code) {
  const auto byte = [&](char32_t bits) { text += static_cast<char>(bits); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xc0 | code >> 6);
  } else {
    if (code < 0x10000) {
      byte(0xe0 | code >> 12);
    } else {
      byte(0xf0 | code >> 18);
      byte(0x80 | (code >> 12 & 0x3f));
    }
    byte(0x80 | (code >> 6 & 0x3f));
  }
  byte(0x80 | (code & 0x3f));
}

bool turns_direction(char32_t code) {
  return code == 0x200e || code == 0x200f || code == 0x061c || (code >= 0x202a && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

char32_t shown(char32_t code) {
  if (code < 0x20) return 0x2400 + code;
  if (code == 0x7f) return 0x2421;
  const bool separates_lines = code == 0x2028 || code == 0x2029;
  const bool is_no_text = (code >= 0x80 && code < 0xa0) || (code >= 0xd800 && code < 0xe000) ||
                          (code >= 0xfdd0 && code < 0xfdf0) || (code & 0xfffe) == 0xfffe;
  return is_no_text || separates_lines || turns_direction(code) ? kReplacement : code;
}

bool is_wide(char32_t code) {
  return (code >= 0x1100 && code < 0x1200) || (code >= 0x2e80 && code < 0xa4d0) ||
         (code >= 0xac00 && code < 0xd7b0) || (code >= 0xf900 && code < 0xfb00) ||
         (code >= 0xff00 && code < 0xff61) || code >= 0x1f000;
}

double width_in_em(char32_t code) {
  constexpr std::u32string_view kNarrow = U" .,:;'!|()[]{}ijlIftr-/\\\"";
  constexpr std::u32string_view kBroad = U"mwMWOQGDNHU@%+=<>−×±…";
  if (is_wide(code)) return 1;
  if (kNarrow.find(code) != std::u32string_view::npos) return 0.42;
  return kBroad.find(code) != std::u32string_view::npos ? 0.95 : 0.66;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  for (Characters characters(text); !characters.at_end();) {
    append(result, shown(characters.next()));
  }
  return result;
}

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
      case '\\':
        result += "\\\\";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string shortened(std::string_view text, std::size_t most) {
  std::u32string codes;
  for (Characters characters(text); !characters.at_end();) codes += shown(characters.next());
  if (codes.size() > most) {
    const std::size_t tail = most / 3;
    codes.replace(most - tail - 1, codes.size() - most + 1, U"…");
  }
  std::string result;
  for (const char32_t code : codes) append(result, code);
  return result;
}

double text_width(std::string_view text, double points) {
  double em = 0;
  for (Characters characters(text); !characters.at_end();) em += width_in_em(characters.next());
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
