// Cuts the Markdown of a lesson at the answers to its questions.
#include "lessons/asked.h"

#include <algorithm>

#include "engine/tensor.h"

namespace backstep::lessons {
namespace {

constexpr std::string_view kBegin = "<details><summary>", kBeginEnd = "</summary>";
constexpr std::string_view kEnd = "</details>";

bool is_blank(std::string_view text) { return text.find_first_not_of(" \r\n") == text.npos; }

}  // namespace

std::vector<Piece> pieces_of(std::string_view markdown) {
  std::vector<Piece> pieces;
  std::string_view label;
  std::size_t begin = 0;  // of the piece at hand
  bool in_code = false;
  const auto close = [&](std::size_t end, std::size_t next) {
    const std::string_view text = markdown.substr(begin, end - begin);
    if (!is_blank(text)) pieces.push_back({label, text});
    begin = next;
  };
  for (std::size_t at = 0, next; at < markdown.size(); at = next) {
    next = std::min(markdown.find('\n', at), markdown.size() - 1) + 1;
    std::string_view line = markdown.substr(at, next - at);
    line = line.substr(0, line.find_last_not_of(" \r\n") + 1);
    if (line.starts_with("```")) in_code = !in_code;
    if (in_code) continue;
    if (line.starts_with(kBegin) && line.ends_with(kBeginEnd)) {
      if (!label.empty()) throw Error("an answer of the lesson begins within another");
      close(at, next);
      label = line.substr(kBegin.size(), line.size() - kBegin.size() - kBeginEnd.size());
    } else if (line == kEnd) {
      if (label.empty()) throw Error("an answer of the lesson ends where none began");
      close(at, next);
      label = {};
    }
  }
  if (!label.empty()) throw Error("an answer of the lesson has no end");
  close(markdown.size(), markdown.size());
  return pieces;
}

}  // namespace backstep::lessons
