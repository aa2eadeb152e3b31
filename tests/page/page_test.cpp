// The page: what it holds, what it must not hold, and its groups and checks.
#include "engine/page/page.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "engine/describe.h"
#include "engine/differentiate.h"
#include "engine/evaluate.h"
#include "engine/expression.h"
#include "engine/page/checks.h"
#include "engine/page/groups.h"
#include "engine/page/record.h"
#include "engine/primitives/primitives.h"
#include "engine/read/run.h"
#include "tests/circuits.h"

namespace backstep::page {
namespace {

using nlohmann::json;

read::Run batch_norm() {
  read::RunOptions options;
  options.set = {{"x", "randn(8,4)"}};
  return read::run_circuit("batch_norm", options);
}

std::string page_of(const read::Run& run) {
  PageOptions options;
  options.circuit = run.circuit;
  options.outputs = run.outputs;
  return page_html(run.trace, options);
}

json record_of(const std::string& page) {
  constexpr std::string_view kOpen = "type=\"application/json\">";
  const std::size_t begin = page.find(kOpen) + kOpen.size();
  return json::parse(page.substr(begin, page.find("</script>", begin) - begin));
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos;
       at = text.find(what, at + 1)) {
    ++found;
  }
  return found;
}

Trace one_step(std::string_view name, double value) {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {1, 2}, name);
  const Var y = log(x);
  graph.set_name(y.id(), "y");
  graph.number_stations();
  const Var seed = upstream_leaf(graph, y.id());
  differentiate(graph, y.id(), seed, differentiable_leaves(graph));
  return evaluate(std::move(graph), {{x.id(), Tensor({1, 2}, value)}});
}

TEST_CASE("The page is one file that asks for nothing") {
  const std::string page = page_of(batch_norm());
  CHECK(page.starts_with("<!doctype html>"));
  CHECK(count(page, "src=") == 0);
  CHECK(count(page, "<link ") == 1);  // the empty icon, so that no browser asks for one
  CHECK(count(page, "@import") == 0);
  CHECK(count(page, "url(") == 0);
  CHECK(count(page, "http") == count(page, "http://www.w3.org") + count(page, "http-equiv"));
  CHECK(page.find("default-src 'none'") != std::string::npos);
  CHECK(count(page, "<script") == 2);
}

TEST_CASE("The same run gives the same bytes, at most 120 KB for batch norm") {
  const std::string page = page_of(batch_norm());
  CHECK_EQ(page, page_of(batch_norm()));
  CHECK(page.size() <= 120 * 1024);
}

TEST_CASE("Every event has the engine's sentence, in both languages") {
  const read::Run run = batch_norm();
  const json record = record_of(page_of(run));
  const auto& events = run.trace.events();
  REQUIRE_EQ(record["events"].size(), events.size());
  for (std::size_t k = 0; k < events.size(); ++k) {
    const Graph& graph = run.trace.graph();
    const json& event = record["events"][k];
    CHECK_EQ(event["node"], events[k].node);
    CHECK_EQ(event["said"][0], sentence(graph, events[k], Language()));
    CHECK_EQ(event["said"][1], sentence(graph, events[k], *language_of("ko")));
    const std::string reason = why(graph, events[k], Language());
    CHECK_EQ(event.contains("why"), !reason.empty());
    if (reason.empty()) continue;
    CHECK_EQ(event["why"][0], reason);
    CHECK_EQ(event["why"][1], why(graph, events[k], *language_of("ko")));
  }
}

// The text of each element of a value, as the record has it.
std::vector<std::string> texts(const json& value) {
  std::vector<std::string> all;
  std::istringstream words(value["texts"].get<std::string>());
  for (std::string word; words >> word;) all.push_back(word);
  return all;
}

// Where a way leads to, and nothing else: no index runs.
std::size_t place(const json& record, const json& term, std::size_t at) {
  for (const json& number : term.value("way", json::array())) {
    const json& step = record["ways"][number.get<std::size_t>()];
    std::vector<std::size_t> index(step["from"].size());
    for (std::size_t side = index.size(); side-- > 0;) {
      index[side] = at % step["from"][side].get<std::size_t>();
      at /= step["from"][side].get<std::size_t>();
    }
    at = 0;
    for (std::size_t side = 0; side < step["to"].size(); ++side) {
      const json& by = step["by"][side];
      const std::size_t i =
          by.is_string() ? std::stoul(by.get<std::string>()) : index[by.get<std::size_t>()];
      at = at * step["to"][side].get<std::size_t>() + i;
    }
  }
  return at;
}

std::string text_at(const json& record, const json& term, std::size_t at) {
  at = place(record, term, at);
  const json& value = record["values"][term["node"].get<std::size_t>()];
  return value.contains("as") ? text_at(record, value["as"], at) : texts(value)[at];
}

std::string filled(const json& record, const json& terms, std::size_t at) {
  std::string line;
  for (const json& term : terms) {
    if (term.is_string()) {
      line += term.get<std::string>();
      continue;
    }
    const json& form = record["forms"][term.value("form", 0U)];
    const SignForm is = {
        form["plus"].get_ref<const std::string&>(), form["zero"].get_ref<const std::string&>(),
        form["minus"].get_ref<const std::string&>(), form["behind"].get_ref<const std::string&>()};
    line += signed_as(is, text_at(record, term, at));
  }
  return line;
}

// Of every element of every event.
void check_terms(const Trace& trace, const json& record) {
  for (const Event& event : trace.events()) {
    const Shape& shape = trace.graph().node(event.node).shape;
    const json& value = record["values"][event.node];
    if (!value.contains("formula")) continue;
    for (std::size_t at = 0; at < shape.size(); ++at) {
      const int row = static_cast<int>(at) / shape.cols();
      const int col = static_cast<int>(at) % shape.cols();
      CHECK_EQ(filled(record, value["formula"]["terms"], at),
               expression_with_numbers(trace, event.node, row, col));
    }
  }
}

TEST_CASE("The terms of the record, filled, are the engine's lines of numbers") {
  for (const char* circuit : {"batch_norm", "two_layer_net", "softmax_cross_entropy", "rms_norm"}) {
    const read::Run run = read::run_circuit(circuit, {});
    check_terms(run.trace, record_of(page_of(run)));
  }
}

TEST_CASE("What is read under other sides, and in another order, has a way") {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {2, 6}, "x");
  const Var m = graph.leaf(Role::kInput, {2, 4, 5}, "m");
  const Var turned = transpose(reshape(x, {3, 4}));
  graph.set_name(turned.id(), "turned");
  const Var low = max(matmul(fit(turned, {2, 4, 3}), matmul(transpose(turned), m)), {0, 2});
  graph.set_name(low.id(), "low");
  graph.number_stations();
  const Var seed = upstream_leaf(graph, low.id());
  differentiate(graph, low.id(), seed, differentiable_leaves(graph));
  Values values;
  std::mt19937_64 random(1);
  for (const Var leaf : {x, m, seed})
    values[leaf.id()] = tests::random_tensor(leaf.shape(), random);
  const Trace trace = evaluate(std::move(graph), values);
  const json record = record_of(page_html(trace, {}));
  CHECK(record["ways"].size() > 5);
  check_terms(trace, record);
}

TEST_CASE("Cards stand in topological order, and every lane names what it carries") {
  const read::Run run = batch_norm();
  const std::string page = page_of(run);
  const Graph& graph = run.trace.graph();
  std::size_t before = 0;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Place& place = graph.place(id);
    if (place.part != Part::kForward || place.folded) continue;
    const std::size_t at = page.find("data-card=\"" + std::to_string(id) + "\" ");
    REQUIRE(at != std::string::npos);
    CHECK(at > before);
    before = at;
  }
  const Ledger ledger(run.trace);
  for (const NodeId contribution : ledger.contributions(graph.find("xmu"))) {
    CHECK(count(page, "data-g=\"" + std::to_string(contribution) + "\"") == 1);
  }
}

TEST_CASE("The lane of a value that is repeated carries that value's own gradient") {
  const read::Run run = batch_norm();
  const std::string page = page_of(run);
  const Graph& graph = run.trace.graph();
  const Ledger ledger(run.trace);
  for (const char* name : {"gamma", "beta"}) {
    const NodeId value = graph.find(name);
    const std::string lane = "data-v=\"" + std::to_string(value) + "\" data-g=\"" +
                             std::to_string(ledger.gradient(value)) + "\"";
    CHECK(count(page, lane) == 1);
  }
}

TEST_CASE("Numbers are recorded exactly") {
  const double numbers[] = {0.0, 1.0, -2.0};
  CHECK_EQ(base64(std::span<const double>(numbers).subspan(1, 1)), "AAAAAAAA8D8=");
  CHECK_EQ(base64(std::span<const double>(numbers)), "AAAAAAAAAAAAAAAAAADwPwAAAAAAAADA");
  CHECK_EQ(base64(std::span<const double>()), "");
}

TEST_CASE("Names stay text in the record and around it") {
  const std::string name = "</script><img src=x onerror=alert(1)><!--<script>";
  PageOptions options;
  options.circuit = name;
  options.notes = {name};
  options.source = name;
  const std::string page = page_html(one_step(name, 2), options);
  CHECK(count(page, "<img") == count(page, "<\\/script><img"));  // within the JSON alone
  CHECK(count(page, "</script>") == 2);
  CHECK(count(page, "<!--") == 0);
  CHECK_EQ(record_of(page)["circuit"], name);
}

TEST_CASE("What turns or hides a part of the source is written out") {
  PageOptions options;
  options.notes = {"a\x1b\n"};
  options.source = "x\t= 1\r\ny = 2\rz # \u202e \xff";
  const std::string page = page_html(one_step("x", 2), options);
  CHECK(count(page, "<li>a\\x1b\\x0a</li>") == 1);
  CHECK(count(page, ">x    = 1\ny = 2\nz # \\u202e \\xff</pre>") == 1);
}

TEST_CASE("JSON cannot end its element") {
  CHECK_EQ(safe_in_script("\"</script>\""), "\"<\\/script>\"");
  CHECK_EQ(safe_in_script("\"<!--\""), "\"\\u003c!--\"");
  CHECK_EQ(safe_in_script("a < b"), "a < b");
}

TEST_CASE("A NaN is found and told") {
  const Trace trace = one_step("x", -1);
  const auto checks = page_checks(trace, Ledger(trace), {});
  REQUIRE_EQ(checks.size(), 1);
  CHECK_FALSE(checks[0].passed);
  CHECK_EQ(checks[0].says.in(Language()), "A number that is not finite arises at y.");
}

TEST_CASE("Batch norm: four groups, and two sums that vanish") {
  const read::Run run = batch_norm();
  const PageGroups groups = page_groups(run.trace.graph());
  REQUIRE_EQ(groups.groups.size(), 5);
  CHECK_EQ(groups.groups[1].name.in(Language()), "mean");
  CHECK_EQ(groups.groups[2].name.in(Language()), "variance");
  CHECK_EQ(groups.groups[3].name.in(Language()), "normalise");
  CHECK_EQ(groups.groups[4].name.in(Language()), "scale and shift");
  for (std::size_t g = 1; g < 5; ++g) CHECK_EQ(groups.groups[g].results.size(), 1);

  const auto checks = page_checks(run.trace, Ledger(run.trace), {});
  REQUIRE_EQ(checks.size(), 3);
  for (const PageCheck& check : checks) CHECK(check.passed);
  CHECK(checks[0].says.in(Language()).starts_with("The sum of dx over the batch is 0"));
  CHECK(checks[1]
            .says.in(Language())
            .starts_with("The sum of xhat * dx over the batch is 0 up to epsilon"));
}

TEST_CASE("Slopes that differ from the gradient fail") {
  const Trace trace = one_step("x", 2);
  const auto right = page_checks(trace, Ledger(trace), {{0, Tensor({1, 2}, 0.5)}});
  const auto wrong = page_checks(trace, Ledger(trace), {{0, Tensor({1, 2}, 0.4)}});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const auto none = page_checks(trace, Ledger(trace), {{0, Tensor({1, 2}, nan)}});
  CHECK(right[0].passed);
  CHECK_FALSE(wrong[0].passed);
  CHECK_EQ(none.size(), 1);
}

TEST_CASE("A circuit of 2,000 stations opens closed into groups") {
  Graph graph;
  Var last = graph.leaf(Role::kInput, {}, "x");
  for (int i = 0; i < 2000; ++i) last = tanh(last);
  graph.number_stations();
  const PageGroups groups = page_groups(graph);
  CHECK_EQ(groups.groups[0].size, 2000);
  CHECK(groups.groups[0].stations.empty());
  std::size_t stations = 0;
  for (std::size_t g = 1; g < groups.groups.size(); ++g) {
    CHECK(groups.groups[g].own_picture);
    CHECK(groups.groups[g].stations.size() <= kMostStations);
    stations += groups.groups[g].stations.size();
  }
  CHECK_EQ(stations, 2000);
}

TEST_CASE("Every built-in circuit makes a page") {
  for (const char* circuit :
       {"batch_norm", "batch_norm_eval", "batch_norm_closed_form", "diamond", "fork", "frozen_net",
        "layer_norm", "linear", "mean_squared_error", "neuron", "neurons", "relu", "rms_norm",
        "sigmoid", "softmax_cross_entropy", "two_layer_net", "warm_up", "whole_net"}) {
    CAPTURE(circuit);
    const read::Run run = read::run_circuit(circuit, {});
    CHECK_EQ(record_of(page_of(run))["events"].size(), run.trace.events().size());
    for (const PageCheck& check : page_checks(run.trace, Ledger(run.trace), {})) {
      CAPTURE(check.says.in(Language()));
      CHECK(check.passed);
    }
  }
}

}  // namespace
}  // namespace backstep::page
