// The syntax of a class: its methods and what its other lines set.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/read/python_syntax.h"

namespace backstep::read {

// What a decorator makes of a def in a class.
enum class MethodKind : std::uint8_t { kPlain, kStatic, kClass, kProperty };

struct Method {
  Function function;
  MethodKind kind = MethodKind::kPlain;
};

struct Class {
  std::string name;
  std::uint32_t byte = 0;
  std::vector<Expression> bases;
  std::string docstring;
  std::vector<Method> methods;
  std::vector<Statement> attributes;  // `scale = 2`: what the class itself has
  // Why its first line cannot be read.
  std::optional<ReadError> error;
  // Why a line in it that is no method cannot: what it would set is not known.
  std::optional<ReadError> unread;

  // The last of this name, as in Python; null if there is none.
  const Method* find(std::string_view method) const {
    for (auto at = methods.rbegin(); at != methods.rend(); ++at) {
      if (at->function.name == method) return &*at;
    }
    return nullptr;
  }
};

}  // namespace backstep::read
