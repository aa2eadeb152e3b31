// Names in NFKC, by utf8proc, and the escapes of strings.
#include "engine/read/python_text.h"

#include <fmt/core.h>
#include <utf8proc.h>

#include <algorithm>
#include <charconv>

#include "engine/text.h"

namespace backstep::read {
namespace {

struct Escape {
  char letter;
  char meaning;
};

constexpr Escape kEscapes[] = {{'\\', '\\'}, {'\'', '\''}, {'"', '"'},  {'a', '\a'}, {'b', '\b'},
                               {'f', '\f'},  {'n', '\n'},  {'r', '\r'}, {'t', '\t'}, {'v', '\v'}};

class Unescaper {
 public:
  Unescaper(const Source& source, std::size_t byte, std::string_view text)
      : source_(source), byte_(byte), text_(text) {}

  std::string result() {
    while (at_ < text_.size()) {
      if (text_[at_] == '\\') {
        escape();
      } else if (!end_of_line("\n")) {
        result_ += text_[at_++];
      }
    }
    return std::move(result_);
  }

 private:
  // Every end of a line is one character in Python, however the file writes it.
  bool end_of_line(std::string_view meaning) {
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    if (c != '\n' && c != '\r') return false;
    at_ += text_.substr(at_, 2) == "\r\n" ? 2 : 1;
    result_ += meaning;
    return true;
  }

  void escape() {
    const std::size_t begin = at_++;
    if (end_of_line("")) return;
    const char letter = text_[at_];
    for (const Escape& known : kEscapes) {
      if (known.letter != letter) continue;
      result_ += known.meaning;
      ++at_;
      return;
    }
    if (letter >= '0' && letter <= '7') return code(begin, octal_digits(), 8);
    ++at_;
    if (letter == 'x') return code(begin, 2, 16);
    if (letter == 'u') return code(begin, 4, 16);
    if (letter == 'U') return code(begin, 8, 16);
    if (letter == 'N') {
      refuse(begin, "a character by its Unicode name is not read", "the character itself");
    }
    // Python keeps the backslash before a letter that means nothing.
    result_ += '\\';
    result_ += letter;
  }

  std::size_t octal_digits() const {
    constexpr std::size_t kMost = 3;
    const std::string_view rest = text_.substr(at_, kMost);
    const std::size_t end = rest.find_first_not_of("01234567");
    return std::min(end, rest.size());
  }

  void code(std::size_t begin, std::size_t digits, int base) {
    const std::string_view written = text_.substr(at_, digits);
    std::uint32_t code = 0;
    const auto [end, error] =
        std::from_chars(written.data(), written.data() + written.size(), code, base);
    if (error != std::errc() || end != written.data() + digits) {
      refuse(begin, fmt::format("{} digits are expected behind this escape", digits), "");
    }
    utf8proc_uint8_t bytes[4] = {};
    const bool is_character = utf8proc_codepoint_valid(static_cast<utf8proc_int32_t>(code));
    if (!is_character || code == 0) refuse(begin, "this escape is no character", "");
    const auto count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes);
    result_.append(bytes, bytes + count);
    at_ += digits;
  }

  [[noreturn]] void refuse(std::size_t at, std::string_view message,
                           std::string_view instead) const {
    throw ReadError(source_, byte_ + at, message, instead);
  }

  const Source& source_;
  std::size_t byte_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::string result_;
};

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

std::string normalised_name(std::string_view name) {
  if (is_ascii(name)) return std::string(name);
  const std::string form = normal_form(name);
  return form.empty() ? std::string(name) : form;
}

char32_t foreign_character(std::string_view name) {
  for (std::size_t at = 0; at < name.size();) {
    const Character character = character_at(name, at);
    const bool is_allowed = at == 0 ? begins_name(character.code) : continues_name(character.code);
    if (!is_allowed) return character.code;
    at += character.bytes;
  }
  return 0;
}

std::string unescaped(const Source& source, std::size_t byte, std::string_view text) {
  return Unescaper(source, byte, text).result();
}

std::string raw_text(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\r') {
      result += text[at];
    } else if (text.substr(at, 2) != "\r\n") {
      result += '\n';
    }
  }
  return result;
}

}  // namespace backstep::read
