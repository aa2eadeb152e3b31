// Words in bold or colour, and the breaking of lines.
#include "lessons/styled_text.h"

#include <algorithm>

#include "engine/text.h"

namespace backstep::lessons {
namespace {

// Letters without a space between them, in one or more styles.
struct Word {
  std::vector<Run> runs;
  int width = 0;
  bool ends_line = false;

  void append(std::string_view text, unsigned style) {
    if (text.empty()) return;
    runs.push_back({std::string(text), style});
    width += columns(text);
  }
};

// Splits runs at their spaces; runs without one between them share a word.
class Splitter {
 public:
  std::vector<Word> split(const std::vector<Run>& runs) {
    for (const Run& run : runs) take(run);
    end_word();
    return std::move(words_);
  }

 private:
  void take(const Run& run) {
    if (run.text == "\n") {
      end_word();
      if (!words_.empty()) words_.back().ends_line = true;
    } else if (run.solid) {
      word_.append(run.text, run.style);
    } else {
      take_loose(run);
    }
  }

  void take_loose(const Run& run) {
    std::string_view rest = run.text;
    for (std::size_t space = rest.find(' '); space != rest.npos; space = rest.find(' ')) {
      word_.append(rest.substr(0, space), run.style);
      end_word();
      rest.remove_prefix(space + 1);
    }
    word_.append(rest, run.style);
  }

  void end_word() {
    if (!word_.runs.empty()) words_.push_back(std::move(word_));
    word_ = {};
  }

  std::vector<Word> words_;
  Word word_;
};

}  // namespace

std::string styled(std::string_view text, unsigned style) {
  std::string codes;
  if (style & kBold) codes += ";1";
  if (style & kDim) codes += ";2";
  if (style & kItalic) codes += ";3";
  if (style & kCode) codes += ";36";
  if (codes.empty()) return std::string(text);
  return "\x1b[" + codes.substr(1) + "m" + std::string(text) + "\x1b[0m";
}

std::vector<std::string> wrapped(const std::vector<Run>& runs, int width, bool colour) {
  std::vector<std::string> lines;
  int used = width + 1;  // the first word begins the first line
  bool line_is_open = false;
  for (const Word& word : Splitter().split(runs)) {
    if (!line_is_open || used + 1 + word.width > width) {
      lines.emplace_back();
      used = 0;
    } else {
      lines.back() += ' ';
      ++used;
    }
    for (const Run& run : word.runs) {
      lines.back() += colour ? styled(run.text, run.style) : run.text;
    }
    used += word.width;
    line_is_open = !word.ends_line;
  }
  return lines;
}

int columns_of(const std::vector<Run>& runs) {
  int width = 0;
  for (const Run& run : runs) width += columns(run.text);
  return width;
}

int columns_of_line(std::string_view line) {
  std::string letters;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\x1b') {
      i = std::min(line.find('m', i), line.size() - 1);
    } else {
      letters += line[i];
    }
  }
  return columns(letters);
}

}  // namespace backstep::lessons
