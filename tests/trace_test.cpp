// The record of a run: its events, the ledger of its gradients, and the cursor that walks it.
#include "engine/trace.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "engine/primitives/primitives.h"
#include "tests/circuits.h"

namespace backstep {
namespace {

using tests::Circuit;
using tests::named;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Trace batch_norm_run() {
  Circuit circuit = tests::batch_norm({4, 3});
  tests::differentiate_all(circuit);
  return tests::run(circuit);
}

std::string in_one_word(EventKind kind) {
  switch (kind) {
    case EventKind::kForward:
      return "forward";
    case EventKind::kSeed:
      return "seed";
    case EventKind::kContribution:
      return "contribution";
    case EventKind::kPartial:
      return "partial";
    case EventKind::kFinal:
      return "final";
  }
  return {};
}

// "9 contribution dbeta": the station, the kind and the name of each event.
std::vector<std::string> lines(const Trace& trace) {
  std::vector<std::string> result;
  for (const Event& event : trace.events()) {
    const Graph& graph = trace.graph();
    result.push_back(std::to_string(graph.place(event.node).station) + " " +
                     in_one_word(event.kind) + " " + graph.name(event.node));
  }
  return result;
}

// ---- events -------------------------------------------------------------------------------------

TEST_CASE("batch norm runs through stations 1 to 9, then 9 to 1 and 0") {
  const std::vector<std::string> expected = {"1 forward mu",
                                             "2 forward xmu",
                                             "3 forward sq",
                                             "4 forward var",
                                             "5 forward sqrtvar",
                                             "6 forward ivar",
                                             "7 forward xhat",
                                             "8 forward gammax",
                                             "9 forward out",
                                             "9 seed dout",
                                             "9 contribution dgammax",
                                             "9 contribution dbeta",
                                             "8 contribution dxhat",
                                             "8 contribution dgamma",
                                             "7 contribution dxmu1",
                                             "7 contribution divar",
                                             "6 contribution dsqrtvar",
                                             "5 contribution dvar",
                                             "4 contribution dsq",
                                             "3 contribution dxmu2",
                                             "2 final dxmu",
                                             "2 contribution dx1",
                                             "2 contribution dmu",
                                             "1 contribution dx2",
                                             "0 final dx"};
  CHECK(lines(batch_norm_run()) == expected);
}

TEST_CASE("of three or more contributions, each sum on the way is an event") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  const Var a = named(x * x, "a");
  const Var y = named(a * x, "y");
  graph.number_stations();
  const Var seed = upstream_leaf(graph, y.id());
  differentiate(graph, y.id(), seed, differentiable_leaves(graph));
  const Trace trace = evaluate(std::move(graph), {{x.id(), Tensor(Shape{}, 2)}});
  CHECK(lines(trace) == std::vector<std::string>{"1 forward a", "2 forward y", "2 seed dy",
                                                 "2 contribution da", "2 contribution dx1",
                                                 "1 contribution dx2", "0 partial dx_2of3",
                                                 "1 contribution dx3", "0 final dx"});
}

TEST_CASE("folded broadcasts and steps inside a rule have values but no event") {
  const Trace trace = batch_norm_run();
  const Ledger ledger(trace);
  std::size_t without_event = 0;
  for (NodeId id = 0; id < trace.graph().size(); ++id) {
    const Place& place = trace.graph().place(id);
    const bool leaf = trace.graph().node(id).primitive == nullptr && place.part != Part::kSeed;
    const bool hidden = place.folded || place.part == Part::kInside ||
                        (place.of != kNoNode && trace.graph().place(place.of).folded);
    CHECK((ledger.written_by(id) == Ledger::kNever) == (leaf || hidden));
    without_event += hidden ? 1 : 0;
    for (const double value : trace.value(id)) CHECK(std::isfinite(value));
  }
  CHECK(without_event > 0);
}

// ---- ledger -------------------------------------------------------------------------------------

TEST_CASE("the ledger says how far a gradient is at each event") {
  const Trace trace = batch_norm_run();
  const Ledger ledger(trace);
  const Graph& graph = trace.graph();
  const NodeId xmu = graph.find("xmu");
  const std::size_t first = ledger.written_by(graph.find("dxmu1"));
  const std::size_t second = ledger.written_by(graph.find("dxmu2"));
  const std::size_t sum = ledger.written_by(graph.find("dxmu"));
  REQUIRE(first < second);
  REQUIRE(second + 1 == sum);
  for (std::size_t done = 0; done <= trace.events().size(); ++done) {
    CAPTURE(done);
    const GradientState state = ledger.state(xmu, done);
    CHECK(state.expected == 2);
    CHECK(state.pending() == (done <= first));
    CHECK(state.partial() == (done > first && done <= sum));
    CHECK(state.final() == (done > sum));
    CHECK(state.arrived == (done <= first ? 0 : done <= sum ? 1 : 2));
  }
}

TEST_CASE("a gradient of one contribution is final as soon as that arrives") {
  const Trace trace = batch_norm_run();
  const Ledger ledger(trace);
  const NodeId xhat = trace.graph().find("xhat");
  const std::size_t at = ledger.written_by(trace.graph().find("dxhat"));
  CHECK(ledger.state(xhat, at).pending());
  CHECK(ledger.state(xhat, at + 1).final());
  CHECK(ledger.state(xhat, trace.events().size()).final());
}

TEST_CASE("the gradient of the output is final once the upstream gradient entered") {
  const Trace trace = batch_norm_run();
  const Ledger ledger(trace);
  const NodeId out = trace.graph().find("out");
  CHECK(ledger.state(out, 9).pending());
  CHECK(ledger.state(out, 10).final());
  CHECK(ledger.gradient(out) == trace.graph().find("dout"));
  CHECK(ledger.contributions(out).empty());
}

TEST_CASE("what gets no gradient is neither pending, partial nor final") {
  const Trace trace = batch_norm_run();
  const Ledger ledger(trace);
  const NodeId eps = trace.graph().find("eps");
  for (std::size_t done = 0; done <= trace.events().size(); ++done) {
    const GradientState state = ledger.state(eps, done);
    CHECK(!state.pending());
    CHECK(!state.partial());
    CHECK(!state.final());
  }
  CHECK(ledger.gradient(eps) == kNoNode);
}

TEST_CASE("the ledger lists contributions in the order of their arrival") {
  const Trace trace = batch_norm_run();
  const Ledger ledger(trace);
  const Graph& graph = trace.graph();
  const auto sent = ledger.contributions(graph.find("x"));
  REQUIRE(sent.size() == 2);
  CHECK(graph.name(sent[0]) == "dx1");
  CHECK(graph.name(sent[1]) == "dx2");
  CHECK(ledger.gradient(graph.find("x")) == graph.find("dx"));
  CHECK(ledger.gradient(graph.find("gamma")) == graph.find("dgamma"));
}

// ---- cursor -------------------------------------------------------------------------------------

TEST_CASE("the cursor walks the record in both directions, and stops at its ends") {
  const Trace trace = batch_norm_run();
  Cursor cursor(trace);
  CHECK(cursor.at_start());
  CHECK(cursor.just_done() == nullptr);
  CHECK(!cursor.step_back());
  std::vector<NodeId> forwards;
  while (cursor.next() != nullptr) {
    forwards.push_back(cursor.next()->node);
    CHECK(cursor.step_forward());
    CHECK(cursor.just_done()->node == forwards.back());
  }
  CHECK(cursor.at_end());
  CHECK(!cursor.step_forward());
  CHECK(cursor.done() == trace.events().size());
  std::vector<NodeId> backwards;
  while (cursor.just_done() != nullptr) {
    backwards.push_back(cursor.just_done()->node);
    CHECK(cursor.step_back());
  }
  CHECK(cursor.done() == 0);
  CHECK(std::vector<NodeId>(backwards.rbegin(), backwards.rend()) == forwards);
}

TEST_CASE("the cursor jumps to a number and to the writer of a value") {
  const Trace trace = batch_norm_run();
  const Ledger ledger(trace);
  Cursor cursor(trace);
  cursor.go_to(10);
  CHECK(trace.graph().name(cursor.just_done()->node) == "dout");
  cursor.go_to(1000);
  CHECK(cursor.at_end());
  cursor.go_to(0);
  CHECK(cursor.at_start());
  for (const char* name : {"mu", "out", "dout", "dxmu1", "dxmu", "dx"}) {
    CHECK(cursor.go_to_writer(trace.graph().find(name), ledger));
    CHECK(trace.graph().name(cursor.just_done()->node) == name);
  }
  const std::size_t before = cursor.done();
  CHECK(!cursor.go_to_writer(trace.graph().find("gamma"), ledger));
  CHECK(cursor.done() == before);
}

TEST_CASE("a trace can move: its cursor and values stay good") {
  Trace trace = batch_norm_run();
  const double out = trace.value(trace.graph().find("out"))(0, 0);
  const Trace moved = std::move(trace);
  Cursor cursor(moved);
  CHECK(cursor.next()->node == moved.graph().find("mu"));
  CHECK(moved.value(moved.graph().find("out"))(0, 0) == out);
}

// ---- where a NaN arose --------------------------------------------------------------------------

TEST_CASE("the first value that is not finite is found where it arose") {
  Circuit circuit = tests::batch_norm({4, 2}, 0);
  Tensor& x = circuit.values[circuit.graph.find("x")];
  for (int row = 0; row < 4; ++row) x(row, 1) = 3;  // a constant column, eps = 0
  tests::differentiate_all(circuit);
  const Trace trace = tests::run(circuit);
  const NodeId first = first_not_finite(trace);
  REQUIRE(first != kNoNode);
  CHECK(trace.graph().name(first) == "ivar");
  CHECK(trace.value(first)(0, 1) == kInfinity);
  CHECK(first_not_finite(batch_norm_run()) == kNoNode);
}

TEST_CASE("a leaf may itself hold what is not finite") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {}, "x");
  exp(x);
  const Trace trace = evaluate(std::move(graph), {{x.id(), Tensor(Shape{}, -kInfinity)}});
  CHECK(first_not_finite(trace) == x.id());
}

}  // namespace
}  // namespace backstep
