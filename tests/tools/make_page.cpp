// Pages that no NumPy function gives, for tests in a browser: make_page hostile|chain N OUT.html
#include <fmt/core.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "engine/differentiate.h"
#include "engine/evaluate.h"
#include "engine/page/page.h"
#include "engine/primitives/primitives.h"
#include "engine/write/file.h"

namespace backstep {
namespace {

Tensor waves(Shape shape, double start) {
  Tensor tensor(shape);
  double k = start;
  for (double& value : tensor.view()) value = std::sin(k += 1.7);
  return tensor;
}

std::string page_of(Graph graph, Values values, NodeId output, page::PageOptions options) {
  graph.number_stations();
  const Var seed = upstream_leaf(graph, output);
  values[seed.id()] = waves(graph.node(output).shape, 3);
  differentiate(graph, output, seed, differentiable_leaves(graph));
  options.outputs = {output};
  return page::page_html(evaluate(std::move(graph), values), options);
}

// Names that try to leave the text they stand in; a NaN and an infinity.
std::string hostile() {
  Graph graph;
  const std::string name = "</script><img src=x onerror=\"window.broken=1\">";
  const Var x = graph.leaf(Role::kInput, {3, 2}, name);
  const Var w = graph.leaf(Role::kParameter, {1, 2}, "<!--<script>&amp;'\"`${1}");
  const Var scaled = x * w;
  graph.set_name(scaled.id(), "]]>\x01\xff</title></style><svg/onload=window.broken=1>");
  const Var root = sqrt(scaled);
  graph.set_name(root.id(), "javascript:window.broken=1");
  const Var out = invert(root);
  graph.set_name(out.id(), "한글 <b>굵게</b>");
  Values values;
  values[x.id()] = Tensor({3, 2}, {-1, 0, 2, 3, 4, std::numeric_limits<double>::infinity()});
  values[w.id()] = Tensor({1, 2}, {1, 2});
  page::PageOptions options;
  options.circuit = name;
  options.notes = {name};
  options.source = name;
  options.slopes[x.id()] = Tensor({3, 2}, std::numeric_limits<double>::quiet_NaN());
  return page_of(std::move(graph), values, out.id(), options);
}

// `stations` in a row without any call in it, one in three with an edge from the input.
std::string chain(int stations) {
  Graph graph;
  const Var x = graph.leaf(Role::kInput, {2, 2}, "x");
  Var last = x;
  for (int i = 0; i < stations; ++i) {
    const Var next = i % 3 == 0 ? tanh(last) : i % 3 == 1 ? last + x : 0.5 * last;
    graph.set_name(next.id(), fmt::format("h{}", i + 1));
    last = next;
  }
  Values values;
  values[x.id()] = waves({2, 2}, 0);
  page::PageOptions options;
  options.circuit = fmt::format("chain_{}", stations);
  return page_of(std::move(graph), values, last.id(), options);
}

int run(int argc, char** argv) {
  const std::string kind = argc > 1 ? argv[1] : "";
  if (kind == "hostile" && argc == 3) {
    write::write_file(argv[2], hostile());
  } else if (kind == "chain" && argc == 4) {
    write::write_file(argv[3], chain(std::atoi(argv[2])));
  } else {
    fmt::print(stderr, "make_page hostile OUT.html | make_page chain N OUT.html\n");
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace backstep

int main(int argc, char** argv) { return backstep::run(argc, argv); }
