// The pictures of circuits: what is in them, what is not yet, and that nothing moves.
#include "engine/write/circuit_dot.h"

#include <doctest/doctest.h>

#include <chrono>
#include <limits>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "engine/draw/graphviz.h"
#include "engine/draw/lanes.h"
#include "engine/write/circuit_label.h"
#include "engine/write/flow_scale.h"
#include "tests/circuits.h"

namespace backstep::write {
namespace {

using draw::beside;
using draw::Lane;
using draw::Placement;
using draw::placement;
using draw::Point;
using draw::Spline;
using draw::svg;
using draw::with_arrow;

using tests::Circuit;
using tests::named;

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

Trace batch_norm_run() {
  Circuit circuit = tests::batch_norm({4, 3});
  tests::differentiate_all(circuit);
  return tests::run(circuit);
}

// A circuit of one input, made by `build` from it.
template <typename Build>
Trace run_of(Tensor value, Build build, std::string_view name = "x") {
  Circuit circuit;
  const Var x = circuit.graph.leaf(Role::kInput, value.shape(), name);
  circuit.values[x.id()] = std::move(value);
  circuit.output = build(x).id();
  circuit.graph.number_stations();
  tests::differentiate_all(circuit);
  return tests::run(circuit);
}

// Everything in the text that says where something stands.
std::vector<std::string> positions(const std::string& dot) {
  static const std::regex pattern("(pos|lp|bb|width|height)=\"?[-0-9e,. ]+\"?");
  std::vector<std::string> found;
  // Sizes of letters and lines are no positions.
  for (std::sregex_iterator it(dot.begin(), dot.end(), pattern), end; it != end; ++it) {
    if (dot.compare(static_cast<std::size_t>(it->position()) - 3, 3, "pen") != 0) {
      found.push_back(it->str());
    }
  }
  return found;
}

TEST_CASE("batch norm: stations, lanes, names and sums") {
  const Trace trace = batch_norm_run();
  const std::string dot = circuit_dot(trace);
  CHECK(count(dot, "class=\"station\"") == 9);
  CHECK(count(dot, "class=\"leaf\"") == 4);
  CHECK(count(dot, "class=\"output\"") == 1);
  CHECK(count(dot, "class=\"junction\"") == 1);
  CHECK(count(dot, "class=\"value\"") == 16);
  CHECK(count(dot, "class=\"gradient\"") == 15);  // eps, a constant, gets none
  for (const char* name : {"dxmu1", "dxmu2", "dx1", "dx2", "dgamma", "dbeta", "dsqrtvar", "dout"}) {
    CAPTURE(name);
    CHECK(has(dot, ">" + std::string(name) + "<"));
  }
  CHECK(has(dot, "(3,)</FONT>"));
  CHECK(has(dot, "→ (4, 3)</FONT>"));
  CHECK(has(svg(dot), "</svg>"));
}

TEST_CASE("the same input gives the same bytes") {
  CHECK((circuit_dot(batch_norm_run()) == circuit_dot(batch_norm_run())));
  const Trace trace = batch_norm_run();
  const auto placed = [&] { return circuit_dot(trace, {}, CircuitLayout(trace, {})); };
  CHECK((placed() == placed()));
  CHECK((svg(placed()) == svg(placed())));
}

TEST_CASE("broadcasts are folded onto their edge, or unfolded as circles") {
  const Trace trace = batch_norm_run();
  DotOptions options;
  CHECK_FALSE(has(circuit_dot(trace, options), "⇉"));
  options.unfold = true;
  const std::string unfolded = circuit_dot(trace, options);
  CHECK(count(unfolded, "class=\"station\"") == 14);
  CHECK(has(unfolded, ">mu⇉<"));
  CHECK(has(unfolded, ">dmu⇉<"));
  CHECK_FALSE(has(unfolded, "→ (4, 3)</FONT>"));
  CHECK(has(svg(circuit_dot(trace, options, CircuitLayout(trace, options))), "</svg>"));
}

TEST_CASE("at the start every lane is empty, and no gradient has a number") {
  const Trace trace = batch_norm_run();
  DotOptions options;
  options.done = 0;
  const std::string dot = circuit_dot(trace, options);
  const std::string before_caption = dot.substr(dot.find("  n0"));
  CHECK_FALSE(has(before_caption, colour::kRed));
  // All but the five lanes that leave a leaf.
  CHECK(count(before_caption, "style=dotted") == 16 + 15 - 5);
  CHECK_FALSE(has(before_caption, ">0</FONT>"));
  CHECK_FALSE(has(before_caption, "style=dashed"));
}

TEST_CASE("a sum shows which of its contributions are there") {
  const Trace trace = batch_norm_run();
  const Ledger ledger(trace);
  const NodeId xmu = trace.graph().find("xmu");
  DotOptions options;
  options.done = ledger.written_by(ledger.contributions(xmu)[0]) + 1;
  const std::string dot = circuit_dot(trace, options);
  CHECK(has(dot, "COLOR=\"" + std::string(colour::kRed) + "\">= <I>dxmu1</I>"));
  CHECK(has(dot, "COLOR=\"" + std::string(colour::kEmpty) + "\">+ <I>dxmu2</I>"));
  CHECK(has(dot, "COLOR=\"" + std::string(colour::kEmpty) + "\"><B><I>dxmu</I></B>"));
}

TEST_CASE("from step to step nothing moves, and every step is drawn") {
  const Trace trace = batch_norm_run();
  DotOptions options;
  options.step = true;
  options.title = "batch_norm";
  const CircuitLayout layout(trace, options);
  options.done = 0;
  const std::vector<std::string> expected = positions(circuit_dot(trace, options, layout));
  CHECK(expected.size() > 60);
  for (options.done = 0; options.done <= trace.events().size(); ++options.done) {
    CAPTURE(options.done);
    const std::string dot = circuit_dot(trace, options, layout);
    CHECK((positions(dot) == expected));
    CHECK(has(svg(dot), "</svg>"));
    if (options.done > 0) CHECK(has(dot, colour::kJustDone));
    if (options.done < trace.events().size()) CHECK(has(dot, colour::kNext));
  }
}

TEST_CASE("a step's caption is the sentence and the formula of its event, in each language") {
  const Trace trace = batch_norm_run();
  DotOptions options;
  options.step = true;
  options.done = 2;
  const std::string english = circuit_dot(trace, options);
  CHECK(has(english, "Step 2 of 25"));
  CHECK(has(english, "Station 2, subtract"));
  CHECK(has(english, "xmu = x - mu"));
  options.language = *language_of("ko");
  CHECK(has(circuit_dot(trace, options), "25단계 가운데 2단계"));
}

TEST_CASE("x * x keeps both of its lanes, each way") {
  const Trace trace = run_of(Tensor({2, 2}, 3), [](Var x) { return named(x * x, "y"); });
  const std::string dot = circuit_dot(trace);
  CHECK(count(dot, "  n0 -> n1 [") == 2);
  CHECK(count(dot, "  n1 -> n0 [") == 2);
  const std::string placed = circuit_dot(trace, {}, CircuitLayout(trace, {}));
  const std::vector<std::string> places = positions(placed);
  CHECK(std::set<std::string>(places.begin(), places.end()).size() >= 8);
  CHECK(count(svg(placed), "class=\"edge gradient\"") == 3);
}

TEST_CASE("what the gradient does not reach has no red lane") {
  const Trace trace = run_of(Tensor({2, 2}, 3), [](Var x) {
    named(exp(x), "unused");
    return named(x + x, "y");
  });
  const std::string dot = circuit_dot(trace);
  CHECK(count(dot, "class=\"output\"") == 2);
  CHECK(count(dot, "class=\"gradient\"") == 3);
  CHECK_FALSE(has(dot, "dunused"));
}

TEST_CASE("an output that is an input, a leaf used five times, a long sum") {
  const Trace same = run_of(Tensor({1, 2}, 1), [](Var x) { return x; });
  CHECK(count(circuit_dot(same), "class=\"gradient\"") == 1);
  CHECK(has(svg(circuit_dot(same, {}, CircuitLayout(same, {}))), "</svg>"));
  const Trace often = run_of(Tensor({}, 2), [](Var x) {
    const Var a = x + x;
    const Var b = a + x;
    const Var c = b + x;
    return c + x;
  });
  const std::string dot = circuit_dot(often);
  CHECK(has(dot, "= <I>dx1</I>"));
  CHECK(has(dot, "+ …"));
  CHECK(has(dot, "+ <I>dx5</I>"));
}

TEST_CASE("NaN and infinity are shown wherever they stand") {
  const double infinity = std::numeric_limits<double>::infinity();
  Tensor value({1, 4}, 1);
  CHECK(first_numbers(value) == std::vector<std::string>{"1", "1 …"});
  value(0, 3) = -infinity;
  CHECK(first_numbers(value) == std::vector<std::string>{"1", "1 … -inf"});
  value(0, 0) = std::numeric_limits<double>::quiet_NaN();
  CHECK(first_numbers(value)[0] == "nan");
  const Trace trace = run_of(value, [](Var x) { return named(x * x, "y"); });
  DotOptions options;
  CHECK(has(circuit_dot(trace, options), "<B>nan</B>"));
  options.flow = true;
  CHECK(has(svg(circuit_dot(trace, options, CircuitLayout(trace, options))), "nan"));
}

TEST_CASE("any name stays text in DOT and in SVG") {
  for (const char* name :
       {"a\"b]; evil [x=\"", "</script><script>", "<b>{|}", "\\N\\", "two\nlines", "\xff", "&lt;",
        "a_name_that_is_much_longer_than_any_edge_has_room_for"}) {
    CAPTURE(name);
    const Trace trace = run_of(
        Tensor({2, 2}, 0.5), [&](Var x) { return named(exp(named(x * x, "inner")), "y"); }, name);
    DotOptions options;
    options.step = true;
    options.done = 3;
    options.title = name;
    for (const std::string& dot :
         {circuit_dot(trace, options), circuit_dot(trace, options, CircuitLayout(trace, options)),
          side_by_side_dot(trace, trace, name, name)}) {
      const std::string picture = svg(dot);
      CHECK_FALSE(has(picture, "<script"));
      CHECK_FALSE(has(picture, "<b>"));
      CHECK_FALSE(has(picture, "evil</title>"));
    }
  }
}

TEST_CASE("the flow picture: size by width and colour, on a scale that its legend names") {
  CHECK_FALSE(FlowScale({1, 0.5, 0.2}).is_logarithmic());
  CHECK(FlowScale({1, 0.5, 0.2}).fraction(0.5) == doctest::Approx(0.5));
  const FlowScale wide({1, 1e-2, 1e-4, 1e-17, 0});
  CHECK(wide.is_logarithmic());
  CHECK(wide.bottom() == 1e-4);
  CHECK(wide.fraction(1e-2) == doctest::Approx(0.5));
  CHECK(wide.fraction(1e-17) == 0);
  CHECK(wide.fraction(std::numeric_limits<double>::infinity()) == 1);
  CHECK(FlowScale({0, 0}).fraction(0) == 0);
  const Trace trace = batch_norm_run();
  DotOptions options;
  options.flow = true;
  const std::string dot = circuit_dot(trace, options, CircuitLayout(trace, options));
  CHECK(has(dot, "width and colour of a red lane"));
  CHECK(has(svg(dot), "</svg>"));
}

TEST_CASE("two circuits stand in one picture, under their titles") {
  const Trace first = batch_norm_run();
  const Trace second = run_of(Tensor({2, 2}, 3), [](Var x) { return named(x * x, "y"); });
  const std::string dot = side_by_side_dot(first, second, "Training", "Evaluation");
  CHECK(has(dot, "<B>Training</B>"));
  CHECK(has(dot, "<B>Evaluation</B>"));
  CHECK(count(dot, "class=\"station\"") == 10);
  CHECK(has(svg(dot), "</svg>"));
}

TEST_CASE("a wide circuit is broken into rows") {
  const Trace chain = run_of(Tensor({}, 0.5), [](Var x) {
    for (int i = 0; i < 30; ++i) x = named(tanh(x), "value_" + std::to_string(i));
    return x;
  });
  const Placement place = placement(circuit_dot(chain, {}, CircuitLayout(chain, {})));
  CHECK(place.width < 1700);
  CHECK(place.height > 300);
  CHECK(place.nodes.at("n30").centre.y < place.nodes.at("n1").centre.y);
}

TEST_CASE("large circuits are drawn in seconds, however far their edges reach") {
  Circuit circuit;
  std::mt19937_64 random(1);
  std::vector<Var> vars = {circuit.graph.leaf(Role::kInput, {}, "x")};
  circuit.values[vars[0].id()] = Tensor({}, 0.5);
  for (int i = 0; i < 600; ++i) {
    const Var a = vars[random() % vars.size()];
    const Var sum = a + vars.back();
    vars.push_back(tanh(sum));
  }
  circuit.output = vars.back().id();
  circuit.graph.number_stations();
  tests::differentiate_all(circuit);
  const Trace trace = tests::run(circuit);
  const auto start = std::chrono::steady_clock::now();
  const std::string picture = svg(circuit_dot(trace, {}, CircuitLayout(trace, {})));
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  CHECK(has(picture, "</svg>"));
  CHECK(seconds.count() < 30);
}

TEST_CASE("lanes run beside their road and leave room for an arrow") {
  const Spline road = {{0, 0}, {10, 0}, {20, 0}, {30, 0}};
  const Spline left = beside(road, 3);
  for (const Point& point : left) CHECK(point.y == doctest::Approx(3));
  const Lane lane = with_arrow(reversed(road), 7, 2);
  CHECK(lane.curve.front().x == 30);
  CHECK(lane.curve.back().x == doctest::Approx(9));
  CHECK(lane.tip.x == doctest::Approx(2));
  const Spline points_together = {{0, 0}, {0, 0}, {0, 0}, {0, 0}};
  CHECK(beside(points_together, 3).size() == 4);
  CHECK(joined(road, moved(road, {60, 0})).size() == 10);
}

}  // namespace
}  // namespace backstep::write
