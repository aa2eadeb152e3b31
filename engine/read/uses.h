// How a function uses its parameters, as far as its text tells: which it takes apart, and by what.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>

#include "engine/read/python_syntax.h"

namespace backstep::read {

// The name, or the text, that an expression is; null for any other.
const std::string* name_of(const Expression& expression);
const std::string* text_of(const Expression& expression);

// How a function uses a parameter that is no array: taken apart, by place, or by key.
struct Uses {
  const Sequence* unpacked = nullptr;         // `a, b = cache`
  std::map<std::size_t, std::string> places;  // `a = cache[0]`
  std::set<std::string> keys;                 // cache['a'], cache.get('a')
  std::set<std::string> needed;               // cache['a'], where no line stores it

  bool is_tuple() const { return unpacked != nullptr || !places.empty(); }
  bool is_dictionary() const { return !keys.empty(); }
};

Uses uses_of(const Function& function, const std::string& parameter);

// Whether the function's lines have the name at all.
bool is_asked_for(const Function& function, const std::string& parameter);

}  // namespace backstep::read
