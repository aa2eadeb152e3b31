// Catalogues read by Boost.Locale from bytes in memory: no locale need be installed.
#include "engine/say.h"

#include <fmt/args.h>
#include <fmt/format.h>

#include <algorithm>
#include <boost/locale/gnu_gettext.hpp>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <locale>
#include <utility>

#include "engine/tensor.h"
#include "engine/text.h"

namespace backstep {
namespace {

namespace gettext = boost::locale::gnu_gettext;
using Messages = boost::locale::message_format<char>;

constexpr std::string_view kEnding = ".mo";

// The texts of one language.
class Catalogue {
 public:
  explicit Catalogue(std::string code) : code_(std::move(code)) {}  // of English: the key itself

  Catalogue(std::string code, std::string_view bytes) : code_(std::move(code)) {
    gettext::messages_info info;
    info.language = code_;
    info.encoding = "UTF-8";
    info.domains = {gettext::messages_info::domain("words")};
    info.paths = {""};
    info.callback = [bytes](const std::string&, const std::string&) {
      return std::vector<char>(bytes.begin(), bytes.end());
    };
    try {
      locale_ = std::locale(locale_, gettext::create_messages_facet<char>(info));
      messages_ = &std::use_facet<Messages>(locale_);
    } catch (const std::exception& error) {
      throw Error(fmt::format("the catalogue {}{} cannot be read ({}); msgfmt makes it anew", code_,
                              kEnding, error.what()));
    }
  }

  const std::string& code() const { return code_; }

  std::string_view text(const char* english, const char* context) const {
    const char* found = messages_ == nullptr ? nullptr : messages_->get(0, context, english);
    return found == nullptr ? english : found;
  }

 private:
  std::string code_;
  std::locale locale_ = std::locale::classic();
  const Messages* messages_ = nullptr;  // owned by the locale
};

std::string code_of(const std::string& file) {
  return file.substr(0, file.size() - kEnding.size());
}

const char* added_folder() {
  const char* folder = std::getenv("BACKSTEP_WORDS");
  return folder == nullptr || *folder == '\0' ? nullptr : folder;
}

std::vector<std::string> added_codes() {
  std::vector<std::string> codes;
  if (added_folder() == nullptr) return codes;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(added_folder(), error)) {
    const std::string file = entry.path().filename().string();
    if (file.ends_with(kEnding)) codes.push_back(code_of(file));
  }
  std::sort(codes.begin(), codes.end());
  return codes;
}

std::vector<Catalogue> read_catalogues() {
  std::vector<Catalogue> all;
  all.emplace_back("en");
  for (const EmbeddedFile& file : catalogues()) {
    all.emplace_back(code_of(std::string(file.name)), file.text);
  }
  for (const std::string& code : added_codes()) {
    const std::string bytes = added_words(code + std::string(kEnding));
    const auto same = std::find_if(all.begin(), all.end(),
                                   [&](const Catalogue& known) { return known.code() == code; });
    if (same == all.end()) {
      all.emplace_back(code, bytes);
    } else {
      *same = Catalogue(code, bytes);
    }
  }
  return all;
}

const std::vector<Catalogue>& all_catalogues() {
  static const std::vector<Catalogue> all = read_catalogues();
  return all;
}

}  // namespace

std::string_view Language::code() const { return all_catalogues()[number_].code(); }

std::string_view Language::of(Words text) const {
  if (number_ == 0 || text.is_empty()) return text.english_;
  return all_catalogues()[number_].text(text.english_, text.context_);
}

const std::vector<Language>& languages() {
  static const std::vector<Language> all = [] {
    std::vector<Language> numbered;
    for (std::size_t i = 0; i < all_catalogues().size(); ++i) {
      numbered.push_back(Language(static_cast<std::uint8_t>(i)));
    }
    return numbered;
  }();
  return all;
}

std::optional<Language> language_of(std::string_view code) {
  for (const Language language : languages()) {
    if (language.code() == code) return language;
  }
  return std::nullopt;
}

std::string language_codes(std::string_view joint) {
  std::string codes;
  for (const Language language : languages()) {
    if (language != languages().front()) codes += language == languages().back() ? joint : ", ";
    codes += language.code();
  }
  return codes;
}

std::string language_fault(const std::string& code) {
  if (language_of(code)) return {};
  return fmt::format("{} is no language of these words; {} are", backstep::quoted(code),
                     language_codes(" and "));
}

std::string added_words(const std::string& name) {
  if (added_folder() == nullptr) return {};
  std::ifstream file(std::filesystem::path(added_folder()) / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string filled_text(Language language, Words text, fmt::format_args places) {
  try {
    return fmt::vformat(fmt::string_view(language.of(text)), places);
  } catch (const fmt::format_error& error) {
    throw Error(fmt::format("in the language {} this cannot be filled in ({}): {}", language.code(),
                            error.what(), language.of(text)));
  }
}

Saying::Saying(Words words, std::vector<Saying> places)
    : words_(words), places_(std::move(places)) {}

Saying::Saying(std::string text) : text_(std::move(text)) {}

std::string Saying::in(Language language) const {
  if (words_.is_empty()) return text_;
  fmt::dynamic_format_arg_store<fmt::format_context> places;
  for (const Saying& place : places_) places.push_back(place.in(language));
  return filled_text(language, words_, places);
}

}  // namespace backstep
