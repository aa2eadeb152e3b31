// Splits a Python text to logical lines: one pass over the bytes.
#include "engine/read/logical_lines.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <utility>

#include "engine/read/encoding.h"

namespace backstep::read {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
constexpr int kTabStop = 8;

// Whether bytes below 128 are ASCII in it, of the encodings that people name.
bool holds_ascii(std::string_view encoding) {
  constexpr std::array<std::string_view, 10> kBegins = {
      "latin", "iso-8859", "iso8859", "cp125", "windows-125",
      "ascii", "us-ascii", "euc",     "cp949", "koi8"};
  return std::any_of(kBegins.begin(), kBegins.end(),
                     [&](std::string_view begin) { return encoding.starts_with(begin); });
}

// Python reads the file in the encoding that one of its first two lines names.
void check_encoding(const Source& source, bool has_mark) {
  const std::string_view text = source.text();
  std::size_t begin = has_mark ? kByteOrderMark.size() : 0;
  for (int line = 0; line < 2 && begin < text.size(); ++line) {
    const std::size_t end = std::min(text.find_first_of("\r\n", begin), text.size());
    const std::string_view written = text.substr(begin, end - begin);
    const std::size_t first = written.find_first_not_of(" \t\f");
    const bool is_code = first != std::string_view::npos && written[first] != '#';
    const std::string name = encoding_in(written);
    if (is_code) return;
    const bool is_utf8 = name.empty() || name.starts_with("utf-8") || name.starts_with("utf8");
    const bool is_plain =
        std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
    const bool is_decoded = is_latin_1(name) && !has_mark;
    if (!is_utf8 && !is_decoded && (has_mark || !is_plain || !holds_ascii(name))) {
      throw ReadError(
          source, begin,
          fmt::format("this line says that the file is in {}, and UTF-8 is read", quoted(name)),
          "# coding: utf-8, where the file is saved so");
    }
    if (!name.empty()) return;
    begin = end + (text.substr(end, 2) == "\r\n" ? 2 : 1);
  }
}

class Splitter {
 public:
  explicit Splitter(const Source& source) : source_(source), text_(source.text()) {
    const bool has_mark = text_.substr(0, kByteOrderMark.size()) == kByteOrderMark;
    if (has_mark) at_ = kByteOrderMark.size();
    check_encoding(source, has_mark);
  }

  std::vector<LogicalLine> split() {
    while (at_ < text_.size()) {
      const Indentation indentation = skip_indentation();
      if (at_ == text_.size()) break;
      if (at_end_of_line()) {
        skip_end_of_line();
      } else if (text_[at_] == '#') {
        skip_comment();
      } else {
        lines_.push_back(logical_line(indentation));
      }
    }
    return std::move(lines_);
  }

 private:
  struct Indentation {
    int columns = 0;
    int characters = 0;
  };

  Indentation skip_indentation() {
    Indentation result;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == ' ') {
        ++result.columns;
      } else if (c == '\t') {
        result.columns = (result.columns / kTabStop + 1) * kTabStop;
      } else if (c == '\f') {
        result = {};
        continue;
      } else {
        break;
      }
      ++result.characters;
    }
    return result;
  }

  LogicalLine logical_line(Indentation indentation) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !(at_end_of_line() && open_.empty())) step();
    if (!open_.empty()) {
      throw ReadError(source_, open_.back(),
                      fmt::format("'{}' is never closed", text_[open_.back()]));
    }
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_), indentation.columns,
            indentation.characters};
  }

  void step() {
    const char c = text_[at_];
    if (c == '#') {
      skip_comment();
    } else if (c == '\'' || c == '"') {
      skip_string();
    } else if (c == '\\') {
      join_lines();
    } else if (c == '(' || c == '[' || c == '{') {
      open_bracket();
    } else if (c == ')' || c == ']' || c == '}') {
      close_bracket();
    } else {
      ++at_;
    }
  }

  void open_bracket() {
    if (open_.size() == kMostBrackets) {
      throw ReadError(source_, at_,
                      fmt::format("brackets are nested more than {} deep", kMostBrackets),
                      "the inner part on a line of its own, under a name");
    }
    open_.push_back(at_++);
  }

  void close_bracket() {
    const char close = text_[at_];
    if (open_.empty()) {
      throw ReadError(source_, at_, fmt::format("'{}' closes nothing", close));
    }
    const char open = text_[open_.back()];
    const bool fits = (open == '(' && close == ')') || (open == '[' && close == ']') ||
                      (open == '{' && close == '}');
    if (!fits) {
      throw ReadError(source_, at_,
                      fmt::format("'{}' stands where the '{}' of line {} is to be closed", close,
                                  open, source_.line(open_.back())));
    }
    open_.pop_back();
    ++at_;
  }

  void join_lines() {
    const std::size_t backslash = at_++;
    if (at_ < text_.size() && at_end_of_line()) {
      skip_end_of_line();
    } else {
      throw ReadError(source_, backslash,
                      "nothing may stand behind a '\\' but the end of its line");
    }
  }

  void skip_string() {
    const std::size_t begin = at_;
    const char quote = text_[at_];
    const bool triple =
        at_ + 2 < text_.size() && text_[at_ + 1] == quote && text_[at_ + 2] == quote;
    at_ += triple ? 3 : 1;
    while (at_ < text_.size() && (triple || !at_end_of_line())) {
      if (text_[at_] == '\\') {
        skip_escaped();
      } else if (text_[at_] != quote) {
        ++at_;
      } else if (!triple) {
        ++at_;
        return;
      } else if (text_.substr(at_, 3) == text_.substr(begin, 3)) {
        at_ += 3;
        return;
      } else {
        ++at_;
      }
    }
    throw ReadError(source_, begin,
                    triple ? "this string is never closed: three quotes are missing at its end"
                           : "this string does not end on its line: a quote is missing");
  }

  // A backslash and what it escapes, which may be the end of a line.
  void skip_escaped() {
    ++at_;
    if (at_ == text_.size()) return;
    if (at_end_of_line()) {
      skip_end_of_line();
    } else {
      ++at_;
    }
  }

  void skip_comment() {
    while (at_ < text_.size() && !at_end_of_line()) ++at_;
  }

  bool at_end_of_line() const { return text_[at_] == '\n' || text_[at_] == '\r'; }

  void skip_end_of_line() { at_ += text_.substr(at_, 2) == "\r\n" ? 2 : 1; }

  const Source& source_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::size_t> open_;
  std::vector<LogicalLine> lines_;
};

// A line that ends in a colon, a comment behind it aside.
bool opens_block(std::string_view line) {
  std::size_t end = 0;
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] == '#') {
      at = std::min(line.find_first_of("\r\n", at), line.size());
    } else if (line[at] == '"' || line[at] == '\'') {
      // A quote ends no block line, and what stands in it does not matter: it cannot be a colon at
      // the end.
      const std::string_view three = line.substr(at, 3);
      const bool triple = three == "\"\"\"" || three == "'''";
      const std::string_view quotes = three.substr(0, triple ? 3 : 1);
      at += quotes.size();
      while (at < line.size() && line.substr(at, quotes.size()) != quotes) {
        at += line[at] == '\\' ? 2 : 1;
      }
      at = std::min(at + quotes.size(), line.size());
      end = at;
    } else {
      if (line[at] != ' ' && line[at] != '\t' && line[at] != '\f') end = at + 1;
      ++at;
    }
  }
  return end > 0 && line[end - 1] == ':';
}

}  // namespace

void check_indentation(const Source& source, const std::vector<LogicalLine>& lines) {
  struct Block {
    int columns;
    int characters;
  };
  std::vector<Block> open = {{0, 0}};
  bool may_open = false;
  for (const LogicalLine& line : lines) {
    const bool is_deeper = line.indentation > open.back().columns;
    if (is_deeper && !may_open) {
      throw ReadError(source, line.begin,
                      "this line is indented, but nothing above it opens a block");
    }
    while (line.indentation < open.back().columns) open.pop_back();
    if (!is_deeper && line.indentation != open.back().columns) {
      throw ReadError(source, line.begin,
                      fmt::format("this line is indented by {} columns, as no block above it is",
                                  line.indentation),
                      "the indentation of a line above, with spaces alone");
    }
    const bool is_mixed = is_deeper ? line.characters <= open.back().characters
                                    : line.characters != open.back().characters;
    if (is_mixed) {
      throw ReadError(source, line.begin,
                      "tabs and spaces are mixed: how deep this line is depends on the width of a "
                      "tab",
                      "spaces alone");
    }
    if (is_deeper) open.push_back({line.indentation, line.characters});
    may_open = opens_block(source.text().substr(line.begin, line.end - line.begin));
  }
}

std::vector<LogicalLine> split_lines(const Source& source) { return Splitter(source).split(); }

}  // namespace backstep::read
