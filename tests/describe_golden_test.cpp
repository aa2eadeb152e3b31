// Every sentence, reason and formula of the batch-norm circuit, in both languages.
#include <doctest/doctest.h>

#include <string>

#include "engine/describe.h"
#include "engine/expression.h"
#include "engine/primitives/primitives.h"
#include "tests/circuits.h"
#include "tests/golden.h"

namespace backstep {
namespace {

using tests::Circuit;

Trace batch_norm_run() {
  Circuit circuit = tests::batch_norm({6, 3});
  tests::differentiate_all(circuit);
  return tests::run(circuit);
}

// Several contributions, masks, numbers, other axes, a division: what batch norm does not have.
Trace mixed_run() {
  Circuit circuit;
  Graph& graph = circuit.graph;
  const Var x = graph.leaf(Role::kInput, {4, 3}, "x");
  const Var w = graph.leaf(Role::kParameter, {3, 2}, "w");
  const Var b = graph.leaf(Role::kParameter, {2}, "b");
  const Var xw = tests::named(matmul(x, w), "xw");
  const Var z = tests::named(xw + b, "z");
  const Var h = tests::named(relu(z), "h");
  const Var top = tests::named(max(h, {1}, true), "top");
  const Var shifted = tests::named(h - top, "shifted");
  const Var e = tests::named(exp(shifted), "e");
  const Var total = tests::named(sum(e, {1}, true), "total");
  const Var p = tests::named(e / total, "p");
  const Var q = tests::named(0.5 * p, "q");
  const Var r = tests::named(p * p, "r");
  const Var s = tests::named(q + r, "s");
  const Var penalty = tests::named(mean(square(w)), "penalty");
  const Var loss = tests::named(mean(s), "loss");
  const Var out = tests::named(loss + penalty, "out");
  graph.number_stations();
  circuit.output = out.id();
  std::mt19937_64 random(4);
  for (const Var leaf : {x, w, b}) {
    circuit.values[leaf.id()] = tests::random_tensor(leaf.shape(), random);
  }
  const Var upstream = upstream_leaf(graph, out.id());
  differentiate(graph, out.id(), upstream, differentiable_leaves(graph));
  return tests::run(circuit);
}

std::string sentences(const Trace& trace, Language language) {
  std::string text;
  for (const Event& event : trace.events()) {
    text += sentence(trace.graph(), event, language) + "\n";
    const std::string reason = why(trace.graph(), event, language);
    if (!reason.empty()) text += "    " + reason + "\n";
  }
  return text;
}

std::string formulas(const Trace& trace) {
  std::string text;
  for (const Event& event : trace.events()) {
    const Graph& graph = trace.graph();
    const std::string local = local_formula(graph, event.node);
    text += formula(graph, event.node) + "\n";
    if (!local.empty()) text += "    rule:    " + local + "\n";
    text += "    numbers: " + graph.name(event.node) +
            "[0, 0] = " + expression_with_numbers(trace, event.node, 0, 0) + "\n";
  }
  return text;
}

TEST_CASE("the sentences and reasons of batch norm") {
  const Trace trace = batch_norm_run();
  tests::check_golden("batch_norm_sentences.en.txt", sentences(trace, Language()));
  tests::check_golden("batch_norm_sentences.ko.txt", sentences(trace, *language_of("ko")));
}

TEST_CASE("the formulas of batch norm: with names, the rule, and with numbers") {
  tests::check_golden("batch_norm_formulas.txt", formulas(batch_norm_run()));
}

TEST_CASE("the sentences and formulas of a circuit with masks, axes and several contributions") {
  const Trace trace = mixed_run();
  tests::check_golden("mixed_sentences.en.txt", sentences(trace, Language()));
  tests::check_golden("mixed_sentences.ko.txt", sentences(trace, *language_of("ko")));
  tests::check_golden("mixed_formulas.txt", formulas(trace));
}

}  // namespace
}  // namespace backstep
