// Recorded runs that the tests of the stepper walk through, and keys by their names.
#pragma once

#include <string>
#include <string_view>

#include "engine/step/model.h"
#include "tests/circuits.h"

namespace backstep::step {

// Batch norm of 4 samples with 3 features.
inline Trace batch_norm_run(Shape shape = {4, 3}) {
  tests::Circuit circuit = tests::batch_norm(shape);
  tests::differentiate_all(circuit);
  return tests::run(circuit);
}

// y = x / (x - 1) at an element where that is 1 / 0: infinities, then NaNs.
inline Trace run_with_nan() {
  tests::Circuit circuit;
  Graph& graph = circuit.graph;
  const Var x = graph.leaf(Role::kInput, {2, 2}, "x");
  const Var below = tests::named(x + -1.0, "below");
  const Var ratio = tests::named(x / below, "ratio");
  const Var y = tests::named(ratio - ratio, "y");
  graph.number_stations();
  circuit.output = y.id();
  circuit.values[x.id()] = Tensor({2, 2}, {1, 2, 3, -4});
  tests::differentiate_all(circuit);
  return tests::run(circuit);
}

// Names that would steer a terminal, turn the line, or break a frame.
inline Trace run_with_hostile_names() {
  tests::Circuit circuit;
  Graph& graph = circuit.graph;
  const Var x = graph.leaf(Role::kInput, {2, 2}, "\x1b[2Jx\nnew line");
  const Var y = tests::named(square(x), "\xe2\x80\xae</script><img onerror=alert(1)>");
  const Var z = tests::named(y + x,
                             "\xff\x9b"
                             "31m한글이름");
  graph.number_stations();
  circuit.output = z.id();
  circuit.values[x.id()] = Tensor({2, 2}, {1, 2, 3, 4});
  tests::differentiate_all(circuit);
  return tests::run(circuit);
}

// The state after the keys of a script, pressed as a person would.
inline Model after(Model model, std::string_view keys) {
  for (const ScriptWord& word : parse_script(keys)) {
    for (int i = 0; i < word.times; ++i) model = apply(std::move(model), word.key);
  }
  return model;
}

// ... and with text typed behind them.
inline Model typed(Model model, std::string_view text) {
  for (const char c : text) model = apply(std::move(model), Key{Key::kText, std::string(1, c)});
  return model;
}

inline Model entered(Model model, std::string_view text) {
  return apply(typed(std::move(model), text), Key{Key::kEnter});
}

// Presses a key that asks for text; parse_script wants the text with it.
inline Model press(Model model, std::string_view key) {
  return apply(std::move(model), Key{Key::kText, std::string(key)});
}

}  // namespace backstep::step
