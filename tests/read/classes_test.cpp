// Classes of a file: what Python's objects do, and what is refused.
#include <doctest/doctest.h>

#include <string>

#include "tests/read/reading.h"

namespace backstep::read {
namespace {

const std::string kAffine =
    "class Layer:\n"
    "    scale = 2.0\n"
    "    def __init__(self, W):\n"
    "        self.W = W\n"
    "        self.count = 0\n"
    "    def __call__(self, x):\n"
    "        return self.forward(x)\n"
    "    def set(self, W):\n"
    "        self.W = W\n"
    "class Affine(Layer):\n"
    "    def __init__(self, W, b=1.0):\n"
    "        super().__init__(W)\n"
    "        self.b = b\n"
    "    def forward(self, x):\n"
    "        self.count += 1\n"
    "        return self.__go(x) * self.scale\n"
    "    def __go(self, x):\n"
    "        return np.dot(x, self.W) + self.b\n"
    "    @staticmethod\n"
    "    def half(x):\n"
    "        return x / 2\n"
    "    @classmethod\n"
    "    def double(cls, x):\n"
    "        return x * cls.scale\n"
    "    @property\n"
    "    def rows(self):\n"
    "        return self.W.shape[0]\n";

Graph graph_of(const std::string& body) {
  return read_text(kAffine + "def f(x, W, b):\n" + body).graph;
}

std::string error_in(const std::string& body) {
  return error_of(kAffine + "def f(x, W, b):\n" + body);
}

}  // namespace

TEST_CASE("an object has its fields, its methods and those of the classes above it") {
  const Graph graph = graph_of(
      "    layer = Affine(W, b)\n"
      "    y = layer(x)\n"
      "    return y * layer.count\n");
  CHECK(formula_of(graph, "y_out_1") == "matmul(x, W)");
  CHECK(graph.find("y") != kNoNode);
}

TEST_CASE("an object is one thing under all of its names") {
  const Graph graph = graph_of(
      "    layer = Affine(W)\n"
      "    same = layer\n"
      "    same.W = W * 2\n"
      "    layer.set(layer.W + b)\n"
      "    out = same.W @ x.T\n"
      "    return out\n");
  CHECK(formula_of(graph, "out").substr(0, 6) == "matmul");
  CHECK(formula_of(graph, "same_W") == "no node same_W");
}

TEST_CASE("methods without an object, and fields that are worked out") {
  const Graph graph = graph_of(
      "    half = Affine.half(x)\n"
      "    double = Affine.double(x)\n"
      "    rows = Affine(W).rows\n"
      "    out = half * double * rows\n"
      "    return out\n");
  CHECK(graph.find("half") != kNoNode);
  CHECK(graph.find("double") != kNoNode);
}

TEST_CASE("a field that no line has set") {
  CHECK(error_in("    layer = Affine(W)\n    return layer.cuont * x\n") ==
        "my.py:30:12: layer, which is an object, has no .cuont here: neither a line of 'Affine' "
        "that has run nor its class sets it\n"
        "  30 |     return layer.cuont * x\n"
        "     |            ^\n"
        "  write instead: count");
}

TEST_CASE("an object that is no function") {
  CHECK(error_of("class A:\n    def forward(self, x):\n        return x\n"
                 "def f(x):\n    a = A()\n    return a(x)\n") ==
        "my.py:6:12: a, which is an object, cannot be called: its class 'A' has no __call__\n"
        "   6 |     return a(x)\n"
        "     |            ^\n"
        "  write instead: a.forward(...)");
}

TEST_CASE("a class that another file has") {
  CHECK(error_of("from layers import Base\n"
                 "class A(Base):\n    def forward(self, x):\n        return x\n"
                 "def f(x):\n    return A(3).forward(x)\n") ==
        "my.py:6:12: 'A' is made from 'Base', which is not read: what its __init__ does is not "
        "known\n"
        "   6 |     return A(3).forward(x)\n"
        "     |            ^\n"
        "  write instead: class Base in this file, above this one");
}

TEST_CASE("an object that holds itself") {
  CHECK(error_in("    layer = Affine(W)\n    layer.me = layer\n    return x\n") ==
        "my.py:30:5: what holds itself is not read\n"
        "  30 |     layer.me = layer\n"
        "     |     ^");
  CHECK(error_in("    layer = Affine(W)\n    d = {}\n    layer.d = d\n    d['a'] = layer\n"
                 "    return x\n") ==
        "my.py:32:5: what holds itself is not read\n"
        "  32 |     d['a'] = layer\n"
        "     |     ^");
}

TEST_CASE("what a class cannot be asked for") {
  CHECK(error_in("    x.scale = 2\n    return x\n") ==
        "my.py:29:5: x (4, 3) is no object of a class of this file: setting a field of it is not "
        "read\n"
        "  29 |     x.scale = 2\n"
        "     |     ^\n"
        "  write instead: a name of its own, and return it with the result");
  CHECK(error_in("    layer = Affine(W)\n    layer.rows = 3\n    return x\n") ==
        "my.py:30:5: 'rows' is a property, and setting it is not read\n"
        "  30 |     layer.rows = 3\n"
        "     |     ^\n"
        "  write instead: a field of another name");
  CHECK(error_in("    return Affine(W, W, W).forward(x)\n") ==
        "my.py:29:12: __init__() takes 3 arguments, not 4\n"
        "  29 |     return Affine(W, W, W).forward(x)\n"
        "     |            ^");
}

TEST_CASE("a line of a class that cannot be read is asked for by what it would set") {
  const std::string text =
      "class A:\n    with open('x') as f:\n        size = 3\n"
      "    def forward(self, x):\n        return x * 2\n"
      "def f(x):\n    return A().forward(x)";
  CHECK(error_of(text + "\n") == "");
  CHECK(error_of(text + " * A().size\n") ==
        "my.py:2:10: what open('x') does to the lines below it is not known\n"
        "   2 |     with open('x') as f:\n"
        "     |          ^\n"
        "  write instead: the lines of the block alone");
}

namespace {

Circuit circuit_of(const std::string& text, const std::string& name,
                   const std::map<std::string, Given>& given = {}) {
  Module module = parse_module("my.py", text);
  REQUIRE(add_class_circuit(module, name));
  return read_circuit({std::move(module), name}, given);
}

std::string parameters_of(const Circuit& circuit) {
  std::string text;
  for (const CircuitParameter& parameter : circuit.parameters) {
    text += text.empty() ? "" : ", ";
    text += parameter.name;
    if (parameter.node != kNoNode) {
      text += " " + to_string(circuit.graph.node(parameter.node).shape);
      if (parameter.role == Role::kParameter) text += " parameter";
    }
  }
  return text;
}

}  // namespace

TEST_CASE("a class is a circuit: its method's parameters, then those of __init__") {
  const Circuit circuit = circuit_of(kAffine, "Affine");
  CHECK(circuit.name == "Affine");
  CHECK(parameters_of(circuit) == "x (4, 3), W (3, 3) parameter, b ()");
  CHECK(formula_of(circuit.graph, "out_1") == "matmul(x, W)");
  REQUIRE(circuit.outputs.size() == 1);
  CHECK(parameters_of(circuit_of(kAffine, "Affine.half")) == "x (4, 3), W (3, 3) parameter, b ()");
}

TEST_CASE("arrays that __init__ makes are leaves with its numbers; what no result needs is not") {
  const std::string text =
      "class Linear:\n"
      "    def __init__(self, in_features, out_features):\n"
      "        self.params = {'W': np.ones((in_features, out_features)) * 0.5}\n"
      "        self.params['b'] = np.zeros(out_features)\n"
      "        self.scale = np.ones(out_features)\n"
      "        self.W = self.params['W']\n"
      "        self.grads = [np.zeros_like(self.W)]\n"
      "        self.running_mean = np.zeros(out_features)\n"
      "    def forward(self, x):\n"
      "        self.running_mean += x.sum()\n"
      "        return (x @ self.W + self.params['b']) * self.scale\n";
  const Circuit circuit = circuit_of(text, "Linear");
  CHECK(parameters_of(circuit) ==
        "x (4, 3), in_features, out_features, W (3, 2) parameter, scale (2,), b (2,) parameter");
  CHECK(circuit.parameters[3].numbers->data() == std::vector<double>(6, 0.5));
  CHECK(circuit.parameters[1].fill == "3");
  const Circuit set = circuit_of(text, "Linear", {{"out_features", {Shape{}, 7}}});
  CHECK(parameters_of(set) ==
        "x (4, 3), in_features, out_features, W (3, 7) parameter, scale (7,), b (7,) parameter");
  CHECK_THROWS_WITH_AS(circuit_of(text, "Linear", {{"scael", {Shape{2}, 0}}}),
                       "Linear has no parameter 'scael': did you mean scale?; what can be set is "
                       "W, scale, b, x, in_features, out_features",
                       Error);
}

}  // namespace backstep::read
