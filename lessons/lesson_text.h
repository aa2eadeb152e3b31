// The words of a lesson: Markdown with named places such as {{dx_max}}, which a run fills. No
// number in a lesson is typed by hand, so none can be stale.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "engine/describe.h"

namespace backstep::lessons {

// What goes into the places of a lesson. Setting a name twice is a mistake of ours: Error.
class Places {
 public:
  // Any Markdown: a word, a formula, a whole table.
  void text(const std::string& name, std::string value);
  // To so many significant digits in the words, and whole in the JSON.
  void number(const std::string& name, double value, int significant = 3);
  void count(const std::string& name, std::size_t value);

  const std::map<std::string, std::string>& texts() const { return texts_; }
  const std::map<std::string, double>& numbers() const { return numbers_; }

 private:
  std::map<std::string, std::string> texts_;
  std::map<std::string, double> numbers_;
};

// The names of the places in `words`. Throws Error for {{ without }} and for a name that is not
// made of letters, digits and _.
std::set<std::string> places_in(std::string_view words);

// `words` with every place filled. Throws Error, with the names, for a place without a value and
// for a value that no place uses.
std::string filled_text(std::string_view words, const Places& places);

// The words of the lesson in `folder` ("01_batch_norm"), as compiled in; in English where that
// language has none. Throws Error if there are none at all.
std::string lesson_words(std::string_view folder, Language language);

// The numbers, as a JSON object: {"dx_max": 0.00012, ...}. NaN and infinities are strings.
std::string numbers_json(const Places& places);

}  // namespace backstep::lessons
