// What both steppers share: ledgers, questions, lines of numbers, and the ways down a formula.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/read/run.h"
#include "engine/walk/inside.h"
#include "engine/walk/numbers.h"
#include "engine/walk/question.h"
#include "engine/walk/sums.h"

namespace backstep::walk {
namespace {

read::Run batch_norm() {
  read::RunOptions options;
  options.set = {{"x", "randn(8,4)"}};
  return read::run_circuit("batch_norm", options);
}

std::size_t event_that_wrote(const Trace& trace, std::string_view name) {
  std::size_t event = 0;
  while (trace.graph().name(trace.events()[event].node) != name) ++event;
  return event;
}

TEST_CASE("a gradient grows through its first contribution to the whole") {
  const read::Run run = batch_norm();
  const Graph& graph = run.trace.graph();
  const auto sums = running_sums(run.trace, Ledger(run.trace));
  REQUIRE_EQ(sums[graph.find("xmu")].size(), 2);
  CHECK(graph.name(sums[graph.find("xmu")][0]) == "dxmu1");
  CHECK(graph.name(sums[graph.find("xmu")][1]) == "dxmu");
  REQUIRE_EQ(sums[graph.find("gamma")].size(), 1);
  CHECK(graph.name(sums[graph.find("gamma")][0]) == "dgamma");
  CHECK(sums[graph.find("eps")].empty());
}

TEST_CASE("the rows of a ledger say where each part came from, and how far the sum is") {
  const read::Run run = batch_norm();
  const Graph& graph = run.trace.graph();
  CHECK(ledger_title("xmu", 2, Language()) == "The gradient of xmu, from 2 uses:");
  CHECK(ledger_source(graph, graph.find("dxmu1"), Language()) == "through 7, multiply");
  CHECK(ledger_sum(0, 3, Language()) == "sum");
  CHECK(ledger_sum(1, 3, Language()) == "sum so far, 1 of 3");
  CHECK(ledger_sum(2, 3, *language_of("ko")) == "합, 3개 중 2개");
  CHECK(ledger_sum(3, 3, Language()) == "sum");
}

TEST_CASE("a line of numbers does not say a number twice, and tells what is given") {
  const read::Run run = batch_norm();
  const Graph& graph = run.trace.graph();
  const auto line = [&](std::string_view name) {
    return numbers_text(run.trace, graph.find(name), 0, 0, Language());
  };
  CHECK(line("dx1").starts_with("dx1[0, 0] = "));
  CHECK(line("dx1").find(" = ", 12) == std::string::npos);
  CHECK(line("eps") == "eps = 1e-06, given");
  CHECK(rule_text(graph, graph.find("dmu")) == "y = a - b  →  db = np.sum(-dy, axis=0)");
  CHECK(rule_text(graph, graph.find("dx")).empty());
}

TEST_CASE("shapes to choose from hold the right one and those of mistakes") {
  const read::Run run = batch_norm();
  const auto choices = shape_choices(run.trace, event_that_wrote(run.trace, "dgamma"));
  CHECK(choices == std::vector<std::string>{"(1, 1)", "(4, 1)", "(4,)", "(8, 4)"});
}

TEST_CASE("the least and the greatest right answer are what is judged by") {
  const auto range = [](double value) {
    const Range is = right_range(value);
    return is.least + " " + is.most;
  };
  CHECK(range(0.5) == "0.49 0.51");
  CHECK(range(-2) == "-2.04 -1.96");
  CHECK(range(0) == "-1e-12 1e-12");
  CHECK(range(1.0 / 0.0) == "inf inf");
  const read::Run run = batch_norm();
  const Question question = {Question::About::kValue, event_that_wrote(run.trace, "dxhat"), 2, 1};
  const double value = run.trace.value(run.trace.graph().find("dxhat"))(2, 1);
  const Range right = right_range(value);
  const auto kind = [&](const std::string& answer) {
    return judge(run.trace, question, answer, Language()).kind;
  };
  CHECK(kind(right.least) == Verdict::Kind::kRight);
  CHECK(kind(right.most) == Verdict::Kind::kRight);
  CHECK(kind(std::to_string(value * 1.03)) == Verdict::Kind::kWrong);
  CHECK(kind(std::to_string(value * 0.97)) == Verdict::Kind::kWrong);
}

TEST_CASE("the ways down a formula end at the values that it names") {
  const read::Run run = batch_norm();
  const Graph& graph = run.trace.graph();
  std::vector<std::string> ends;
  for (const std::vector<Read>& path : reads(graph, graph.find("dxmu2"))) {
    ends.push_back(graph.name(graph.input(path.back().node, path.back().argument)));
  }
  CHECK(ends == std::vector<std::string>{"xmu", "dsq"});
}

TEST_CASE("a step inside a rule shows in the event of the rule") {
  const read::Run run = batch_norm();
  const std::size_t event = event_that_wrote(run.trace, "dxmu2");
  const NodeId node = run.trace.events()[event].node;
  for (const NodeId step : steps_inside(run.trace.graph(), node)) {
    CHECK(event_of(run.trace, step) == event);
  }
}

}  // namespace
}  // namespace backstep::walk
