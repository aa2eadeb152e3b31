// What people are told, in the language that they chose. English stands in the code and is the key;
// every other language is a catalogue in gettext's format (engine/words/). Nobody else asks which
// language it is. Adding a language: docs/adding-a-language.md.
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/embedded.h"

namespace backstep {

// English that is said in every language. Written `Words("...")`, so that the catalogues can be
// held against the code. A context tells apart what is one text in English only.
class Words {
 public:
  constexpr Words() = default;
  consteval explicit Words(const char* english, const char* context = nullptr)
      : english_(english), context_(context) {}

  constexpr std::string_view english() const { return english_; }
  constexpr const char* context() const { return context_; }
  constexpr bool is_empty() const { return english().empty(); }

 private:
  friend class Language;
  const char* english_ = "";
  const char* context_ = nullptr;
};

// A language, as a small value. English if nobody chose another.
class Language {
 public:
  constexpr Language() = default;

  // "en", "ko": as it is called on the command line and in names of files.
  std::string_view code() const;
  // The text in this language, its places not filled; English where the catalogue lacks it.
  std::string_view of(Words text) const;

  friend constexpr bool operator==(Language, Language) = default;

 private:
  friend const std::vector<Language>& languages();
  explicit constexpr Language(std::uint8_t number) : number_(number) {}

  std::uint8_t number_ = 0;  // in languages()
};

// Every language there is: English, then those of the catalogues that are compiled in, by their
// codes. Beside them those in the folder that the environment's BACKSTEP_WORDS names, so that a
// translator sees a catalogue at once: XX.mo in it is language XX.
const std::vector<Language>& languages();

// The language of this code.
std::optional<Language> language_of(std::string_view code);

// "en and ko": the codes of all, for a sentence.
std::string language_codes(std::string_view joint);

// Why there is no language of this code; empty if there is one.
std::string language_fault(const std::string& code);

// A file of that name in the folder BACKSTEP_WORDS. Empty if there is none.
std::string added_words(const std::string& name);

// The text in that language, with its places filled as fmt does: {0}, {name}.
std::string filled_text(Language language, Words text, fmt::format_args places);

template <typename... Values>
std::string say(Language language, Words text, const Values&... values) {
  return filled_text(language, text, fmt::make_format_args(values...));
}

// Words with what goes into their places, to be said later in whatever language.
class Saying {
 public:
  Saying() = default;
  Saying(Words words, std::vector<Saying> places = {});
  Saying(std::string text);  // a name or a number: the same in every language

  std::string in(Language language) const;
  bool is_empty() const { return words_.is_empty() && text_.empty(); }

 private:
  Words words_;
  std::vector<Saying> places_;
  std::string text_;
};

// The catalogues that are compiled in: "ko.mo". The build writes this function.
std::span<const EmbeddedFile> catalogues();

}  // namespace backstep
