// Keys: the words of a script.
#include "engine/step/key.h"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "engine/step/text.h"
#include "engine/tensor.h"

namespace backstep::step {
namespace {

std::optional<Key> named_key(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, Key::Code>, 13> kNames = {
      {{"Left", Key::kLeft},
       {"Right", Key::kRight},
       {"Up", Key::kUp},
       {"Down", Key::kDown},
       {"Home", Key::kHome},
       {"End", Key::kEnd},
       {"Tab", Key::kTab},
       {"BackTab", Key::kBackTab},
       {"Enter", Key::kEnter},
       {"Esc", Key::kEscape},
       {"Escape", Key::kEscape},
       {"Backspace", Key::kBackspace},
       {"Space", Key::kRight}}};
  for (const auto& [known, code] : kNames) {
    if (name == known) return Key{code};
  }
  constexpr std::string_view kLetters = "nNfFcCbBgGwWiIpPhjklq/?123456789";
  if (name.size() != 1 || kLetters.find(name) == std::string_view::npos) return {};
  return Key{Key::kText, std::string(name)};
}

bool takes_text(const Key& key) { return key.text == "g" || key.text == "/" || key.text == "p"; }

[[noreturn]] void refuse(std::string_view word, std::string_view expected) {
  throw Error(fmt::format("in --script, \"{}\" {}", printable(word), expected));
}

// "n*5": five times; 0 if the text is no such number.
int read_times(std::string_view text) {
  constexpr int kMost = 1'000'000;
  int times = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), times);
  const bool good = error == std::errc() && end == text.data() + text.size();
  return good && times >= 1 && times <= kMost ? times : 0;
}

void read_question(ScriptWord& word) {
  for (const std::string_view question : {"shape", "sign", "value", "formula"}) {
    const std::string start = fmt::format("{}:", question);
    if (!word.typed.starts_with(start)) continue;
    word.question = question;
    word.typed.erase(0, start.size());
  }
}

ScriptWord parse_word(std::string_view text) {
  ScriptWord word;
  word.word = text;
  std::string_view name = text;
  const std::size_t equals = text.find('=');
  const std::size_t star = text.find('*');
  if (equals != std::string_view::npos) {
    name = text.substr(0, equals);
    word.typed = text.substr(equals + 1);
  } else if (star != std::string_view::npos) {
    name = text.substr(0, star);
    word.times = read_times(text.substr(star + 1));
    if (word.times == 0) refuse(text, "needs a whole number from 1 to 1000000 behind the *: n*5");
  }
  const std::optional<Key> key = named_key(name);
  if (!key) refuse(text, "is no key; expected n, N, f, b, g=dx, ... (the help key ? lists all)");
  word.key = *key;
  if (equals != std::string_view::npos && !takes_text(word.key)) refuse(text, "takes no text");
  const bool needs_text = word.key.text == "g" && word.typed.empty();
  if (needs_text) refuse(text, "needs a place behind it: g=17, g=dx");
  if (word.key.text == "p") read_question(word);
  return word;
}

}  // namespace

std::vector<ScriptWord> parse_script(std::string_view script) {
  constexpr std::string_view kSpaces = " \t\r\n,";
  constexpr std::string_view kBlank = " \t\r\n";
  std::vector<ScriptWord> words;
  for (std::size_t begin = script.find_first_not_of(kSpaces); begin != std::string_view::npos;) {
    const std::size_t end = std::min(script.find_first_of(kBlank, begin), script.size());
    words.push_back(parse_word(script.substr(begin, end - begin)));
    begin = script.find_first_not_of(kSpaces, end);
  }
  return words;
}

}  // namespace backstep::step
