// What a leaf is called in what is written: the same word in the values and in the page.
#pragma once

#include <string_view>

#include "engine/graph.h"

namespace backstep::write {

// "input", "parameter" or "constant"; of an operation, `operation`.
constexpr std::string_view role_name(Role role, std::string_view operation) {
  switch (role) {
    case Role::kInput:
      return "input";
    case Role::kParameter:
      return "parameter";
    case Role::kConstant:
      return "constant";
    case Role::kOperation:
      break;
  }
  return operation;
}

}  // namespace backstep::write
