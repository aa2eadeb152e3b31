// The stepper: chooses between the full screen and plain lines.
#include "engine/step/stepper.h"

#include <cstdio>
#include <iostream>

#include "engine/step/plain.h"
#include "engine/step/terminal.h"

namespace backstep::step {
namespace {

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void play(Player& player, const std::vector<ScriptWord>& words) {
  for (const ScriptWord& word : words) {
    if (player.has_quit()) return;
    print(player.play(word));
  }
}

// A person at a line, or a program at the other end of a pipe: a mistake is told, and the walk goes
// on.
void play_standard_input(Player& player) {
  std::string line;
  while (!player.has_quit() && std::getline(std::cin, line)) {
    try {
      play(player, parse_script(line));
    } catch (const Error& error) {
      print(std::string(error.what()) + "\n");
    }
  }
}

void play_all(Player& player) {
  while (!player.model().cursor.at_end()) print(player.play({"n", {Key::kRight}}));
}

}  // namespace

void run(const Trace& trace, const Options& options) {
  const Record record(trace, options.title, options.notes, options.judge_formula);
  const Model model(record, options.language);
  if (!options.script && has_full_screen()) return walk_in_terminal(model);
  // A script with a mistake prints nothing but the mistake.
  const bool reads_input = options.script == "-";
  std::vector<ScriptWord> words;
  if (options.script && !reads_input) words = parse_script(*options.script);
  Player player(model);
  print(plain_text(player.model()));
  if (reads_input) return play_standard_input(player);
  if (!options.script) return play_all(player);
  play(player, words);
}

}  // namespace backstep::step
