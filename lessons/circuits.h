// Built-in circuits in the words and pictures of the lessons.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/trace.h"
#include "lessons/measured_lesson.h"

namespace backstep::lessons {

// A built-in circuit, run with its defaults.
Trace circuit(std::string_view name);

// How many events of the run are of this kind.
std::size_t count(const Trace& trace, EventKind kind);

struct TitledCircuit {
  std::string_view name;  // of a built-in one
  std::string_view title;
};

// Both in one picture, without their numbers.
NamedCircuit side_by_side(const std::string& stem, const TitledCircuit& first,
                          const TitledCircuit& second, Language language);

}  // namespace backstep::lessons
