// Questions of a lesson: what answers one waits, as <details> in its Markdown, until the learner
// has tried.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace backstep::lessons {

// A piece of a lesson's Markdown: what is told at once, or the answer to the question before it.
struct Piece {
  std::string_view label;  // "Answer"; empty of what is told at once
  std::string_view markdown;

  bool is_answer() const { return !label.empty(); }
};

// `markdown` cut at its answers, each between the lines "<details><summary>LABEL</summary>" and
// "</details>", beginning with a paragraph. Throws Error for one without an end, or an end without
// a beginning.
std::vector<Piece> pieces_of(std::string_view markdown);

}  // namespace backstep::lessons
