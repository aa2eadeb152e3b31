// The same walk as plain lines, for pipes, tests and screen readers.
#pragma once

#include <string>

#include "engine/step/key.h"
#include "engine/step/model.h"

namespace backstep::step {

// What stands at the model's place, as lines: "step 14 of 37: ..." with the very sentence of
// describe.h, then why, rule, formula, numbers, ledger and values, indented.
std::string plain_text(const Model& model);

// Plays a script word by word.
class Player {
 public:
  explicit Player(Model model) : model_(std::move(model)) {}

  // What the keys of a word print: the place where they lead, and what they have to say.
  std::string play(const ScriptWord& word);
  bool has_quit() const { return model_.quit; }
  const Model& model() const { return model_; }

 private:
  std::string press(const Key& key);
  std::string enter_typed(const ScriptWord& word);
  void choose_question(const std::string& name);

  Model model_;
};

}  // namespace backstep::step
