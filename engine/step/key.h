// Keys: what the stepper understands, and how a script names them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace backstep::step {

struct Key {
  enum Code : std::uint8_t {
    kText,  // a character
    kLeft,
    kRight,
    kUp,
    kDown,
    kHome,
    kEnd,
    kTab,
    kBackTab,
    kEnter,
    kEscape,
    kBackspace,
  };

  Code code = kText;
  std::string text = {};  // of kText: one character in UTF-8

  friend bool operator==(const Key&, const Key&) = default;
};

// One word of a script: "n", "Right", "n*5" for five times; with what is typed and entered behind
// it: "g=dxmu", "/=sqrt", "p=4x3", "p=sign:+". "p" alone asks and reveals, "/" searches again.
struct ScriptWord {
  std::string word;  // as written
  Key key;
  int times = 1;
  std::string typed = {};     // behind the "="
  std::string question = {};  // of p: "shape", "sign", "value" or "formula", where one is chosen
};

// The words of a script, which spaces part. Throws Error for one that is no key, and for "g" with
// nothing behind it.
std::vector<ScriptWord> parse_script(std::string_view script);

}  // namespace backstep::step
