// Tells a lesson in the terminal, and waits for the learner where it asks.
#include "lessons/telling.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <string>

#include "lessons/asked.h"
#include "lessons/terminal_text.h"

namespace backstep::lessons {
namespace {

constexpr auto kPrompt = Words("Your answer, then Enter:");

// What is typed is the learner's own; that something was tried is what counts. At the end of the
// input the lesson goes on.
void wait_for_answer(Language language) {
  fmt::print("\n{} ", say(language, kPrompt));
  std::fflush(stdout);
  std::string answer;
  std::getline(std::cin, answer);
  if (::isatty(STDIN_FILENO) == 0) fmt::print("{}\n", answer);  // a terminal shows it itself
}

}  // namespace

void tell(std::string_view markdown, const Options& options) {
  const TerminalStyle style = terminal_style();
  if (!options.ask) {
    fmt::print("{}", terminal_text(markdown, style));
    return;
  }
  std::string gap;
  for (const Piece& piece : pieces_of(markdown)) {
    if (piece.is_answer()) wait_for_answer(options.language);
    fmt::print("{}{}", gap, terminal_text(piece, style));
    gap = "\n";
  }
}

}  // namespace backstep::lessons
