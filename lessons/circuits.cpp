// Built-in circuits: run, counted, drawn side by side.
#include "lessons/circuits.h"

#include <algorithm>

#include "engine/read/run.h"
#include "engine/write/circuit_dot.h"

namespace backstep::lessons {

Trace circuit(std::string_view name) { return read::run_circuit(name, {}).trace; }

std::size_t count(const Trace& trace, EventKind kind) {
  return static_cast<std::size_t>(
      std::count_if(trace.events().begin(), trace.events().end(),
                    [kind](const Event& event) { return event.kind == kind; }));
}

NamedCircuit side_by_side(const std::string& stem, const TitledCircuit& first,
                          const TitledCircuit& second, Language language) {
  write::DotOptions options;
  options.values = false;
  options.language = language;
  return {stem, write::side_by_side_dot(circuit(first.name), circuit(second.name), first.title,
                                        second.title, options)};
}

}  // namespace backstep::lessons
