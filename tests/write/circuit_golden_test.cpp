// The diagrams beside the circuits: graphs/NAME.dot shows graphs/NAME.py.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/draw/graphviz.h"
#include "engine/read/run.h"
#include "engine/write/circuit_dot.h"
#include "tests/golden.h"

namespace backstep::write {
namespace {

using draw::svg;

std::vector<std::string> circuits() {
  std::vector<std::string> names;
  const std::filesystem::path folder = std::filesystem::path(BACKSTEP_ROOT) / "graphs";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".py") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST_CASE("each circuit's diagram is the one beside it, and Graphviz can draw it") {
  for (const std::string& name : circuits()) {
    CAPTURE(name);
    const read::Run run = read::run_circuit(name, {});
    DotOptions options;
    options.values = false;  // shapes and names belong to the circuit, numbers to one run of it
    options.title = name;
    options.outputs = run.outputs;
    const std::string dot = circuit_dot(run.trace, options);
    tests::check_golden("../../graphs/" + name + ".dot", dot);
    CHECK(svg(dot).find("</svg>") != std::string::npos);
  }
}

TEST_CASE("each circuit is drawn with positions, as flow and unfolded") {
  for (const std::string& name : circuits()) {
    CAPTURE(name);
    const read::Run run = read::run_circuit(name, {});
    DotOptions options;
    options.outputs = run.outputs;
    for (const bool flow : {false, true}) {
      options.flow = flow;
      options.unfold = flow;
      const std::string dot = circuit_dot(run.trace, options, CircuitLayout(run.trace, options));
      CHECK(svg(dot).find("</svg>") != std::string::npos);
    }
  }
}

}  // namespace
}  // namespace backstep::write
