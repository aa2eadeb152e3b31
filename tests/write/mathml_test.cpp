// Formulas as MathML: what is drawn for each NumPy pattern, brackets, and names that try to be
// tags.
#include "engine/write/mathml.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/differentiate.h"
#include "engine/primitives/primitives.h"
#include "engine/write/dot_text.h"

namespace backstep::write {
namespace {

Var named(Var var, std::string_view name) {
  var.graph().set_name(var.id(), name);
  return var;
}

struct Leaves {
  Graph graph;
  Var a = graph.leaf(Role::kInput, {4, 3}, "a");
  Var b = graph.leaf(Role::kInput, {4, 3}, "b");
};

std::string of(Var var) { return formula_mathml(var.graph(), var.id()); }

// Whether every tag is closed by its own, in order.
bool is_balanced(std::string_view xml) {
  std::vector<std::string> open;
  for (std::size_t at = xml.find('<'); at != std::string_view::npos; at = xml.find('<', at + 1)) {
    const std::string tag(xml.substr(at + 1, xml.find('>', at) - at - 1));
    if (tag[0] != '/') {
      open.push_back(tag);
    } else if (open.empty() || open.back() != tag.substr(1)) {
      return false;
    } else {
      open.pop_back();
    }
  }
  return open.empty();
}

TEST_CASE("A sum, a product and a fraction") {
  Leaves is;
  CHECK_EQ(of(named(is.a + is.b, "y")),
           "<math><mi>y</mi><mo>=</mo><mi>a</mi><mo>+</mo><mi>b</mi></math>");
  CHECK_EQ(of(named(is.a * is.b, "p")),
           "<math><mi>p</mi><mo>=</mo><mi>a</mi><mo>·</mo><mi>b</mi></math>");
  CHECK_EQ(of(named(is.a / is.b, "q")),
           "<math><mi>q</mi><mo>=</mo><mfrac><mi>a</mi><mi>b</mi></mfrac></math>");
}

TEST_CASE("A mean runs over the rows and says how many") {
  Leaves is;
  const std::string text = of(named(mean(is.a, {0}), "mu"));
  CHECK(text.find("<mfrac><mn>1</mn><mn>4</mn></mfrac>") != std::string::npos);
  CHECK(text.find("<mo>∑</mo><mrow><mi>n</mi><mo>=</mo><mn>1</mn></mrow><mn>4</mn>") !=
        std::string::npos);
}

TEST_CASE("Roots, powers and curves have their signs") {
  Leaves is;
  CHECK(of(sqrt(is.a)).find("<msqrt><mi>a</mi></msqrt>") != std::string::npos);
  CHECK(of(square(is.a)).find("<msup><mi>a</mi><mn>2</mn></msup>") != std::string::npos);
  CHECK(of(exp(is.a)).find("<msup><mi>e</mi>") != std::string::npos);
  CHECK(of(abs(is.a)).find("<mo>|</mo><mi>a</mi><mo>|</mo>") != std::string::npos);
  CHECK(of(transpose(is.a)).find("<msup><mi>a</mi><mi>T</mi></msup>") != std::string::npos);
  const Var stack = is.graph.leaf(Role::kInput, {2, 4, 3}, "stack");
  CHECK(of(transpose(stack)).find("<msup><mi>stack</mi><mi>T</mi></msup>") != std::string::npos);
  CHECK(of(transpose(stack, {0, 2, 1}))
            .find("<msup><mi>stack</mi><mrow><mo>(</mo><mn>0</mn><mo>,</mo><mn>2</mn><mo>,</mo>"
                  "<mn>1</mn><mo>)</mo></mrow></msup>") != std::string::npos);
  CHECK(of(greater(is.a, is.b)).find("<mo>&gt;</mo>") != std::string::npos);
  CHECK(of(relu(is.a)).find("<mi>max</mi><mo>(</mo><mi>a</mi><mo>,</mo><mn>0</mn>") !=
        std::string::npos);
}

TEST_CASE("A rule is printed from the nodes that run, steps inside it written out") {
  Leaves is;
  const Var y = named(square(is.a), "y");
  const Var dy = upstream_leaf(is.graph, y.id());
  const NodeId wrt[] = {is.a.id()};
  const NodeId da = differentiate(is.graph, y.id(), dy, wrt).gradient[is.a.id()];
  CHECK_EQ(formula_mathml(is.graph, da),
           "<math><mi>da</mi><mo>=</mo><mrow><mn>2</mn><mo>·</mo><mi>a</mi></mrow><mo>·</mo>"
           "<mi>dy</mi></math>");
  CHECK_EQ(local_mathml(is.graph, da), formula_mathml(is.graph, da));
}

TEST_CASE("A local rule has letters for sizes") {
  Leaves is;
  const Var y = named(mean(is.a, {0}), "y");
  CHECK(local_mathml(is.graph, y.id()).find("<mi>N</mi>") != std::string::npos);
  CHECK_EQ(local_mathml(is.graph, is.a.id()), "");
}

TEST_CASE("A group is written out, with a product by 1 / x as a fraction") {
  Leaves is;
  const Var root = named(sqrt(is.b), "root");
  const Var inverse = named(invert(root), "inverse");
  const Var y = named(is.a * inverse, "y");
  CHECK_EQ(group_mathml(is.graph, y.id(), {root.id(), inverse.id(), y.id()}),
           "<math><mi>y</mi><mo>=</mo><mfrac><mi>a</mi><msqrt><mi>b</mi></msqrt></mfrac>"
           "</math>");
}

TEST_CASE("Brackets stand where they must") {
  Leaves is;
  const Var sum = is.a + is.b;
  const Var product = named(sum * is.b, "p");
  const std::string text = group_mathml(is.graph, product.id(), {sum.id(), product.id()});
  CHECK(text.find("<mo>(</mo><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mo>)</mo>") !=
        std::string::npos);
}

TEST_CASE("Every primitive's rules are balanced MathML") {
  Leaves is;
  const Var w = is.graph.leaf(Role::kParameter, {3, 2}, "w");
  const Var mask = greater(is.a, is.b);
  const Var last = sum(
      mean(max(matmul(where(mask, maximum(is.a, is.b), minimum(is.a, tanh(is.b))), w), {1}, true)));
  const Var seed = upstream_leaf(is.graph, last.id());
  differentiate(is.graph, last.id(), seed, differentiable_leaves(is.graph));
  for (NodeId id = 0; id < is.graph.size(); ++id) {
    CHECK(is_balanced(formula_mathml(is.graph, id)));
    CHECK(is_balanced(local_mathml(is.graph, id)));
  }
}

TEST_CASE("Text stays text, whatever it holds") {
  CHECK(html_text("</math><img onerror=1>&\"'") ==
        "&lt;/math&gt;&lt;img onerror=1&gt;&amp;&quot;&#39;");
  CHECK(html_text("bad\x01\xff\\ \u202e") == "bad\\x01\\xff\\ \\u202e");
  CHECK(label_text("a\\N<\x01") == "a\\\\N&lt;\\\\x01");
}

}  // namespace
}  // namespace backstep::write
