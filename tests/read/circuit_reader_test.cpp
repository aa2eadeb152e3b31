// Functions become circuits: every construct that is read, and the words where one is not.
#include "engine/read/circuit_reader.h"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "tests/read/reading.h"

namespace backstep::read {
namespace {

using Strings = std::vector<std::string>;

// The names of the steps that a diagram shows, in order.
Strings steps_of(const Graph& graph) {
  Strings names;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const bool is_step = graph.node(id).primitive != nullptr && !graph.place(id).folded;
    if (is_step) names.push_back(graph.name(id));
  }
  return names;
}

Strings outputs_of(const Circuit& circuit) {
  Strings names;
  for (const NodeId id : circuit.outputs) names.push_back(circuit.graph.name(id));
  return names;
}

// What the expression becomes: each step as "name = primitive(arguments)".
std::string read_expression(const std::string& expression) {
  const Circuit circuit = read_text(
      "import numpy as np\ndef f(x, w, eps=1e-6):\n    y = " + expression + "\n    return y\n",
      {{"x", {{4, 3}}}, {"w", {{1, 3}}}});
  std::string text;
  for (const std::string& name : steps_of(circuit.graph)) {
    text += (text.empty() ? "" : "; ") + name + " = " + formula_of(circuit.graph, name);
  }
  return text;
}

// The message of the error, and what to write instead, without place and line.
std::string message_of(const std::string& body,
                       const std::string& head = "def f(x, w, eps=1e-6):") {
  const std::string error = error_of("import numpy as np\n" + head + "\n    " + body + "\n",
                                     {{"x", {{4, 3}}}, {"w", {{1, 3}}}});
  if (error.empty()) return "";
  const std::size_t begin = error.find(": ");
  const std::size_t end = error.find('\n');
  const std::size_t instead = error.find("  write instead: ");
  return error.substr(begin + 2, end - begin - 2) +
         (instead == std::string::npos ? "" : " | " + error.substr(instead + 17));
}

double number_in(const Circuit& circuit, const std::string& node) {
  return circuit.graph.node(circuit.graph.find(node)).attributes.number;
}

TEST_CASE("batch norm has its nine stations") {
  const Circuit circuit = read_circuit(find_circuit("batch_norm"), {{"x", {{50, 7}}}});
  const Graph& graph = circuit.graph;
  CHECK(circuit.name == "batch_norm");
  CHECK(steps_of(graph) ==
        Strings{"mu", "xmu", "sq", "var", "sqrtvar", "ivar", "xhat", "gammax", "out"});
  const Strings formulas = {"mean(x)",
                            "subtract(x, mu)",
                            "square(xmu)",
                            "mean(sq)",
                            "sqrt with epsilon(var, eps)",
                            "invert(sqrtvar)",
                            "multiply(xmu, ivar)",
                            "multiply(gamma, xhat)",
                            "add(gammax, beta)"};
  for (std::uint16_t i = 0; i < 9; ++i) {
    const std::string name = steps_of(graph)[i];
    CHECK(formula_of(graph, name) == formulas[i]);
    CHECK(graph.place(graph.find(name)).station == i + 1);
  }
  CHECK(outputs_of(circuit) == Strings{"out"});
  CHECK(graph.node(graph.find("gamma")).shape == Shape{7});
  CHECK(graph.node(graph.find("gamma")).role == Role::kParameter);
  CHECK(graph.node(graph.find("eps")).role == Role::kConstant);
  CHECK(number_in(circuit, "eps") == 1e-6);
  CHECK(graph.place(graph.find("mu")).line == 13);
  CHECK(circuit.parameters[1].fill == "rand(7)");
  CHECK(circuit.parameters[3].fill == "1e-06");
  CHECK(circuit.parameters[3].default_text == "1e-6");
  CHECK(circuit.notes == Strings{"gamma is not set: rand(7)", "beta is not set: randn(7)"});
}

TEST_CASE("every built-in circuit is read") {
  CHECK(builtin_names().size() >= 13);
  for (const std::string& name : builtin_names()) {
    const Circuit circuit = read_circuit(find_circuit(name), {});
    CHECK(circuit.name == name);
    CHECK_FALSE(circuit.outputs.empty());
  }
}

std::string error_of_default(const std::string& value, const std::map<std::string, Given>& given) {
  return error_of("import numpy as np\ndef f(x, w=" + value + "):\n    return w * x\n", given);
}

TEST_CASE("an array as a default is refused, at its place") {
  CHECK(error_of_default("np.ones((1, 3))", {}) ==
        "my.py:2:12: the default of 'w' is an array (1, 3); a default is a number, None, a text, "
        "or a tuple or dictionary of them\n"
        "   2 | def f(x, w=np.ones((1, 3))):\n"
        "     |            ^\n"
        "  write instead: w without a default: make it inside the function, or give it with "
        "--set w=...");
  for (const char* array : {"np.ones((1, 3)) * 3", "3 * np.ones((1, 3))"}) {
    CHECK(error_of_default(array, {}).find("my.py:2:12: the default of 'w' is an array (1, 3);") ==
          0);
  }
  CHECK(error_of_default("(2, np.zeros((4, 3)))", {}) ==
        "my.py:2:12: the default of 'w' holds an array (4, 3); a default is a number, None, a "
        "text, or a tuple or dictionary of them\n"
        "   2 | def f(x, w=(2, np.zeros((4, 3)))):\n"
        "     |            ^\n"
        "  write instead: a parameter for each array, or make them inside the function");
  CHECK(error_of_default("{'a': np.ones((1, 3))}", {})
            .find("my.py:2:12: the default of 'w' holds an array (1, 3);") == 0);
  // What is set takes its place.
  CHECK(error_of_default("np.ones((1, 3))", {{"w", {{1, 3}}}}).empty());
}

TEST_CASE("a function that is called may have an array as a default") {
  const Circuit circuit = read_text(
      "import numpy as np\ndef g(x, w=np.ones((1, 3)) * 3):\n    y = w * x\n    return y\n"
      "def f(x):\n    return g(x)\n");
  CHECK(steps_of(circuit.graph).size() == 2);
}

TEST_CASE("a dictionary as a default is empty each time that shapes are tried") {
  const std::string body =
      "    if c:\n        y = c['a']\n    else:\n        y = np.exp(x)\n"
      "    c['a'] = y\n    z = x @ v\n    return (z @ x) * y\n";
  const Circuit circuit = read_text("import numpy as np\ndef f(x, v, c={}):\n" + body);
  CHECK(formula_of(circuit.graph, "y") == "exp(x)");
  const Circuit in_tuple =
      read_text("import numpy as np\ndef f(x, v, t=({}, 1)):\n    c = t[0]\n" + body);
  CHECK(formula_of(in_tuple.graph, "y") == "exp(x)");
}

TEST_CASE("both edges of x * x are there") {
  const Circuit circuit = read_text("def f(x):\n    y = x * x\n    return y\n");
  const NodeId y = circuit.graph.find("y");
  CHECK(circuit.graph.arity(y) == 2);
  CHECK(circuit.graph.input(y, 0) == circuit.graph.input(y, 1));
}

TEST_CASE("operators become primitives") {
  CHECK(read_expression("x + w") == "y = add(x, w)");
  CHECK(read_expression("x / w") == "y = divide(x, w)");
  CHECK(read_expression("2 * x") == "y = times(x)");
  CHECK(read_expression("x / 2") == "y = divide by(x)");
  CHECK(read_expression("x + 1") == "y = plus(x)");
  CHECK(read_expression("x - 1") == "y = plus(x)");
  CHECK(read_expression("1 - x") == "y = minus from(x)");
  CHECK(read_expression("-x") == "y = negate(x)");
  CHECK(read_expression("- - -x") == "y = negate(x)");
  CHECK(read_expression("1 / x") == "y = invert(x)");
  CHECK(read_expression("1.0/x") == "y = invert(x)");
  CHECK(read_expression("x**-1") == "y = invert(x)");
  CHECK(read_expression("3 / x") == "y = divide(_3, x)");
  CHECK(read_expression("x ** 2") == "y = square(x)");
  CHECK(read_expression("x ** 2.") == "y = square(x)");
  CHECK(read_expression("x ** 0.5") == "y = sqrt(x)");
  CHECK(read_expression("x ** -1.5") == "y = power(x)");
  CHECK(read_expression("x ** 2 ** 3") == "y = power(x)");
  CHECK(read_expression("2 ** x") == "y = exponentiate(x)");
  CHECK(read_expression("x @ w.T") == "y_1 = transpose(w); y = matmul(x, y_1)");
  CHECK(read_expression("x > w") == "y = greater(x, w)");
  CHECK(read_expression("(x <= 0) * x") == "y_1 = less equal(x, _3); y = multiply(y_1, x)");
}

TEST_CASE("functions of NumPy and methods become primitives") {
  CHECK(read_expression("np.sqrt(x)") == "y = sqrt(x)");
  CHECK(read_expression("np.exp(np.abs(x))") == "y_1 = abs(x); y = exp(y_1)");
  CHECK(read_expression("np.log(x) + np.tanh(x)") ==
        "y_1 = log(x); y_2 = tanh(x); y = add(y_1, y_2)");
  CHECK(read_expression("np.square(x)") == "y = square(x)");
  CHECK(read_expression("np.power(x, 3)") == "y = power(x)");
  CHECK(read_expression("np.maximum(x, 0)") == "y = relu(x)");
  CHECK(read_expression("np.maximum(0.0, x)") == "y = relu(x)");
  for (const char* nan : {"np.maximum(np.nan, 1)", "np.maximum(1, np.nan)", "np.minimum(np.nan, 1)",
                          "np.minimum(1, np.nan)"}) {
    CHECK(read_expression(std::string("x * ") + nan) == read_expression("x * np.nan"));
  }
  CHECK(read_expression("np.maximum(x, w)") == "y = maximum(x, w)");
  CHECK(read_expression("np.minimum(x, 2)") == "y = minimum(x, _3)");
  CHECK(read_expression("np.where(x > 0, x, w)") == "y_1 = greater(x, _3); y = where(y_1, x, w)");
  CHECK(read_expression("np.dot(x, w.T)") == "y_1 = transpose(w); y = matmul(x, y_1)");
  CHECK(read_expression("np.dot(2, x)") == "y = times(x)");
  CHECK(read_expression("x.dot(np.transpose(w))") == "y_1 = transpose(w); y = matmul(x, y_1)");
  CHECK(read_expression("np.multiply(x, w)") == "y = multiply(x, w)");
  CHECK(read_expression("np.subtract(np.add(x, w), 1)") == "y_1 = add(x, w); y = plus(y_1)");
  CHECK(read_expression("np.negative(np.divide(x, w))") == "y_1 = divide(x, w); y = negate(y_1)");
  CHECK(read_expression("x.copy()") == "y = copy(x)");
  CHECK(read_expression("np.clip(x, -1, w)") == "y = clip(x, _3, w)");
  CHECK(read_expression("np.float64(x) * np.ones((4, 3))") == "y = multiply(x, ones)");
  CHECK(read_expression("x.reshape(x.shape[0], -1) + x").find("add(x, x)") != std::string::npos);
}

TEST_CASE("logsumexp is SciPy's, and NumPy's reduce over the first side where none is named") {
  const Circuit circuit = read_text(
      "from scipy.special import logsumexp\n"
      "import scipy.special as special\n"
      "def f(x):\n"
      "    a = logsumexp(x)\n"
      "    b = special.logsumexp(x, axis=1, keepdims=True)\n"
      "    c = np.logaddexp.reduce(x)\n"
      "    d = np.logaddexp.reduce(x, axis=None)\n"
      "    return a, b, c, d\n",
      {{"x", {{4, 3}}}});
  const Graph& graph = circuit.graph;
  CHECK(graph.node(graph.find("a")).shape == Shape{});
  CHECK(graph.node(graph.find("b")).shape == Shape{4, 1});
  CHECK(graph.node(graph.find("c")).shape == Shape{3});
  CHECK(graph.node(graph.find("d")).shape == Shape{});
  for (const char* name : {"a", "b", "c", "d"}) {
    CHECK(graph.node(graph.find(name)).primitive == primitive_named("logsumexp"));
  }
}

TEST_CASE("sums and means") {
  CHECK(read_expression("np.sum(x)") == "y = sum(x)");
  CHECK(read_expression("np.mean(x, axis=0)") == "y = mean(x)");
  CHECK(read_expression("x.max(-1, keepdims=True)") == "y = max(x)");
  CHECK(read_expression("np.amin(x) + x.min(axis=1, keepdims=True)").find("min(x)") !=
        std::string::npos);
  CHECK(read_expression("x.prod(0)") == "y = prod(x)");
  CHECK(read_expression("1. / 4 * np.sum(x, axis = 0)") == "y_1 = sum(x); y = times(y_1)");
  const Circuit circuit = read_text(
      "def f(x):\n"
      "    a = np.sum(x)\n"
      "    b = x.sum(0)\n"
      "    c = np.mean(x, 1, keepdims=True)\n"
      "    d = x.max(axis=(0, 1))\n"
      "    e = b.sum(axis=0)\n"
      "    g = np.sum(x, axis=-2, keepdims=True)\n"
      "    return a, b, c, d, e, g\n",
      {{"x", {{4, 3}}}});
  const Graph& graph = circuit.graph;
  CHECK(graph.node(graph.find("a")).shape == Shape{});
  CHECK(graph.node(graph.find("b")).shape == Shape{3});
  CHECK(graph.node(graph.find("c")).shape == Shape{4, 1});
  CHECK(graph.node(graph.find("d")).shape == Shape{});
  CHECK(graph.node(graph.find("e")).shape == Shape{});
  CHECK(graph.node(graph.find("g")).shape == Shape{1, 3});
}

TEST_CASE("variance and deviation are made of steps, in a group") {
  CHECK(read_expression("np.var(x, axis=0)") ==
        "y_1 = mean(x); y_2 = subtract(x, y_1); y_3 = square(y_2); y = mean(y_3)");
  CHECK(read_expression("x.std()") ==
        "y_1 = mean(x); y_2 = subtract(x, y_1); y_3 = square(y_2); y_4 = mean(y_3); "
        "y = sqrt(y_4)");
  CHECK(read_expression("np.var(x, axis=0, ddof=1)") ==
        "y_1 = mean(x); y_2 = subtract(x, y_1); y_3 = square(y_2); y_4 = sum(y_3); "
        "y = divide by(y_4)");
  const Circuit circuit = read_text("def f(x):\n    v = np.var(x)\n    return v\n");
  CHECK(circuit.graph.groups().size() == 2);
  CHECK(circuit.graph.groups()[1].name == "var");
  CHECK(circuit.graph.place(circuit.graph.find("v")).group == 1);
}

TEST_CASE("a root over a variance and a small number is one step") {
  CHECK(read_expression("np.sqrt(w + eps)") == "y = sqrt with epsilon(w, eps)");
  CHECK(read_expression("np.sqrt(eps + w)") == "y = sqrt with epsilon(w, eps)");
  CHECK(read_expression("np.sqrt(w + 1e-5)") == "y = sqrt with epsilon(w, _3)");
  CHECK(read_expression("np.sqrt(w + w + eps)") ==
        "y_1 = add(w, w); y = sqrt with epsilon(y_1, eps)");
  CHECK(read_expression("np.sqrt(w + x)") == "y_1 = add(w, x); y = sqrt(y_1)");
}

TEST_CASE("numbers that are known are worked out") {
  const Circuit circuit = read_text(
      "import math\n"
      "def f(x, k=3, axis=None, flag=True):\n"
      "    N, D = x.shape\n"
      "    M = float(len(x)) + int(2.7) - x.size\n"
      "    y = (N * 10 + D ** 2 - M) * x\n"
      "    z = np.sqrt(4.0) * np.pi / math.pi * k * x\n"
      "    s = x.shape[-1] * np.sum(x, axis=axis) * flag\n"
      "    return y, z, s\n",
      {{"x", {{4, 3}}}});
  CHECK(number_in(circuit, "y") == 4 * 10 + 9 - (4 + 2 - 12));
  CHECK(number_in(circuit, "z") == 6);
  CHECK(formula_of(circuit.graph, "s") == "times(s_2)");
  CHECK(number_in(circuit, "s_2") == 3);
  CHECK(circuit.parameters[1].node == kNoNode);
}

TEST_CASE("a number that is known can be set") {
  const Circuit circuit = read_text("def f(x, k=3):\n    return k * x\n", {{"k", {{}, 7}}});
  CHECK(number_in(circuit, "out") == 7);
}

TEST_CASE("tuples are packed and unpacked, placeholders filled") {
  const Circuit circuit = read_text(
      "def f(x, gamma):\n"
      "    dx, dgamma = None, None\n"
      "    cache = (x, (gamma, 2.0))\n"
      "    a, [b, n] = cache\n"
      "    dx = n * a\n"
      "    dgamma = dx * b\n"
      "    return dx, dgamma, cache, None\n");
  CHECK(steps_of(circuit.graph) == Strings{"dx", "dgamma"});
  CHECK(outputs_of(circuit) == Strings{"dx", "dgamma"});
  CHECK(circuit.notes.back() == "result 4 is no array: it has no gradient");
}

TEST_CASE("a name that is set again gets a number") {
  const Circuit circuit = read_text(
      "def f(x):\n"
      "    y = x * 2\n"
      "    y = y + 1\n"
      "    y += x\n"
      "    y *= 3\n"
      "    y_3 = x + y\n"
      "    return y_3\n");
  CHECK(steps_of(circuit.graph) == Strings{"y", "y_2", "y_3", "y_4", "y_3_2"});
  CHECK(formula_of(circuit.graph, "y_3") == "add(y_2, x)");
  CHECK(formula_of(circuit.graph, "y_3_2") == "add(x, y_4)");
}

TEST_CASE("names go to the node that a statement makes") {
  const Circuit circuit = read_text(
      "def f(x, w):\n"
      "    a = b = x * w\n"
      "    c = a\n"
      "    return x * c + 1, b\n");
  CHECK(steps_of(circuit.graph) == Strings{"a", "out_1", "out"});
  CHECK(outputs_of(circuit) == Strings{"out", "a"});
}

TEST_CASE("an output may be an input") {
  CHECK(outputs_of(read_text("def f(x):\n    return x\n")) == Strings{"x"});
}

TEST_CASE("calls of other functions stand in the graph, in a group and with a prefix") {
  const Circuit circuit = read_text(
      "from linear import linear\n"
      "def scale(a, by, shift=0.5):\n"
      "    t = a * by\n"
      "    return t + shift, t\n"
      "def f(x, W, b):\n"
      "    h = linear(x, W, b=b)\n"
      "    s, t = scale(h, 2, shift=3.0)\n"
      "    return scale(s, by=t)[0]\n");
  const Graph& graph = circuit.graph;
  CHECK(steps_of(graph) == Strings{"h_xW", "h", "t", "s", "scale_t", "out"});
  CHECK(formula_of(graph, "s") == "add(t, s_shift)");
  CHECK(number_in(circuit, "s_shift") == 3);
  CHECK(graph.groups().size() == 4);
  CHECK(graph.groups()[1].name == "linear");
  CHECK(graph.groups()[graph.place(graph.find("s")).group].name == "scale");
  CHECK(graph.place(graph.find("h_xW")).line == 6);  // the call: its text is in another file
  CHECK(graph.place(graph.find("t")).line == 3);
}

TEST_CASE("roles and shapes come from the docstring") {
  const Circuit circuit = read_text(
      "def f(x, m, k, y=2.0):\n"
      "    '''\n"
      "    x: input (N, D), rand\n"
      "    m: constant (1, D), ones\n"
      "    - k: Scale parameter of shape (D,)\n"
      "    y: input (1, 1), -2\n"
      "    Returns: the sum\n"
      "    '''\n"
      "    return x * m * k + y\n",
      {{"x", {{6, 5}}}});
  const Graph& graph = circuit.graph;
  CHECK(graph.node(graph.find("m")).shape == Shape{1, 5});
  CHECK(graph.node(graph.find("m")).role == Role::kConstant);
  CHECK(graph.node(graph.find("k")).shape == Shape{5});
  CHECK(graph.node(graph.find("y")).role == Role::kInput);
  CHECK(circuit.parameters[1].fill == "ones(1, 5)");
  CHECK(circuit.parameters[3].fill == "-2");
}

TEST_CASE("where nothing tells the shapes, some are found that fit") {
  const Circuit linear = read_text("def f(x, W, b):\n    return x @ W + b\n");
  CHECK(linear.parameters[0].fill == "randn(4, 3)");
  CHECK(linear.parameters[1].fill == "randn(3, 3)");
  CHECK(linear.parameters[2].fill == "randn(3)");
  CHECK(linear.parameters[1].role == Role::kParameter);
  const Circuit scaled = read_text("def f(x, w):\n    return x * w\n");
  CHECK(scaled.parameters[1].fill == "randn(3)");
  const Circuit turned = read_text("def f(x, a):\n    return x.T @ a @ x\n");
  CHECK(turned.parameters[1].fill == "randn(4, 4)");
  const Circuit other =
      read_text("def f(x, gamma, eps):\n    return gamma * x + eps\n", {{"x", {{6, 2}}}});
  CHECK(other.parameters[1].fill == "rand(2)");
  CHECK(other.parameters[2].fill == "1e-06");
  CHECK(other.parameters[2].role == Role::kConstant);
}

TEST_CASE("lines that change nothing are passed over, with a word") {
  const Circuit circuit = read_text(
      "import numpy as np\n"
      "np.random.seed(0)\n"
      "def f(x):\n"
      "    '''Doc.'''\n"
      "    import math\n"
      "    print(f'{x.shape}', x[0])\n"
      "    assert not np.isnan(x).any(), 'no'\n"
      "    np.set_printoptions(precision=3)\n"
      "    'a comment'\n"
      "    pass\n"
      "    return x\n");
  CHECK(circuit.notes == Strings{"passed over: import numpy as np (line 1)",
                                 "passed over: np.random.seed(0) (line 2)",
                                 "x is not set: randn(4, 3)", "passed over: import math (line 5)",
                                 "passed over: print(f'{x.shape}', x[0]) (line 6)",
                                 "passed over: assert not np.isnan(x).any(), 'no' (line 7)",
                                 "passed over: np.set_printoptions(precision=3) (line 8)"});
}

TEST_CASE("shapes that do not fit are told with names, shapes and the usual cause") {
  CHECK(error_of("def f(x, w):\n    return x + w\n", {{"x", {{4, 3}}}, {"w", {{1, 5}}}}) ==
        "my.py:2:14: x (4, 3) and w (1, 5) cannot be added: columns 3 and 5 differ; was a sum or "
        "mean taken along the other axis, or a keepdims lost?\n"
        "   2 |     return x + w\n"
        "     |              ^");
  CHECK(error_of("def f(x, w):\n    return x * 2 - np.exp(w)\n",
                 {{"x", {{4, 3}}}, {"w", {{3, 4}}}}) ==
        "my.py:2:18: x * 2 (4, 3) and np.exp(w) (3, 4) cannot be subtracted: rows 4 and 3 differ; "
        "is a .T missing?\n"
        "   2 |     return x * 2 - np.exp(w)\n"
        "     |                  ^");
  CHECK(error_of("def f(x, W):\n    return x @ W\n", {{"x", {{4, 3}}}, {"W", {{4, 3}}}}) ==
        "my.py:2:14: x (4, 3) @ W (4, 3): the left has 3 columns and the right 4 rows, which must "
        "be equal; is a .T missing?\n"
        "   2 |     return x @ W\n"
        "     |              ^");
  const std::string error = error_of("def f(x, w):\n    return (x + w) @ np.ones((7, 7))\n");
  CHECK(error.find("my.py:2:20: (x + w) (4, 3) @ ones (7, 7): the left has 3 columns") == 0);
  CHECK(
      error.find("tried x (4, 3), w (3,), and others; give yours with --set NAME='randn(4, 3)'") !=
      std::string::npos);
}

TEST_CASE("a reduction along axis 1 asks for keepdims") {
  CHECK(error_of("def f(x):\n    return x - np.mean(x, axis=1)\n", {{"x", {{4, 3}}}}) ==
        "my.py:2:14: x (4, 3) and np.mean(x, axis=1) (4,) cannot be subtracted: columns 3 and 4 "
        "differ; NumPy lines shapes up from the last side; was keepdims=True lost in a sum or "
        "mean?\n"
        "   2 |     return x - np.mean(x, axis=1)\n"
        "     |              ^");
  CHECK(message_of("return x - np.mean(x, axis=1, keepdims=True)").empty());
  CHECK(message_of("return x.sum(-1)").empty());
  CHECK(message_of("return np.sum(x, axis=2)") ==
        "axis=2 is not there: an array here has axis 0 (the rows) and axis 1 (the columns)");
  CHECK(message_of("return np.sum(np.sum(x, axis=0), axis=1)") ==
        "axis=1 is not there: a vector has axis 0 only");
}

TEST_CASE("unknown names come with the nearest known one") {
  CHECK(error_of("def f(width):\n    return 2 * wdith\n") ==
        "my.py:2:16: there is no value 'wdith' here: a parameter or a line above is to set it\n"
        "   2 |     return 2 * wdith\n"
        "     |                ^\n"
        "  write instead: width");
  CHECK(message_of("y = z + x\n    z = x\n    return y") ==
        "'z' has no value yet: line 4 sets it | that line above this one");
  CHECK(message_of("return np.meen(x)") ==
        "np.meen is not read: it is none of the functions that have a gradient here | np.mean");
  CHECK(message_of("return np.linalg.norm(x)") ==
        "np.linalg.norm is not read: it is none of the functions that have a gradient here | "
        "np.sqrt(np.sum(x**2, axis=1, keepdims=True))");
  CHECK(message_of("return np.tanh(x).exp()") ==
        ".exp is not read: it is none of the functions that have a gradient here | np.exp(x)");
  CHECK(message_of("return sqrt(x)") ==
        "there is no function 'sqrt': neither in this file nor among the built-in circuits | "
        "np.sqrt");
  CHECK(message_of("return batch_nrm(x)") ==
        "there is no function 'batch_nrm': neither in this file nor among the built-in circuits | "
        "batch_norm");
  CHECK(message_of("return linear") ==
        "'linear' is a function, and stands here without its (arguments) | linear(x)");
  CHECK(message_of("return np.exp * x") ==
        "an array or a number is expected, not np.exp, which is a function,");
  CHECK(message_of("plt.plot(x)\n    return x") ==
        "there is no value 'plt' here: a parameter or a line above is to set it");
  CHECK(message_of("return x.foo") ==
        ".foo of an array is not read | .shape, .size, .T, or a call such as .sum(axis=0)");
}

TEST_CASE("calls with the wrong arguments") {
  CHECK(message_of("return np.sum(x, axes=0)") == "np.sum has no argument 'axes' | axis=");
  CHECK(message_of("return np.exp(x, x, x)") == "np.exp takes at most 2 arguments, not 3");
  CHECK(message_of("return np.exp()") == "np.exp takes at least 1 arguments, not 0");
  CHECK(message_of("return np.sum(x, 0, axis=0)") == "np.sum is given 'axis' twice");
  CHECK(message_of("return np.exp(x, out=x)") ==
        "out=... is not read: it changes an array in place | name = the call");
  CHECK(message_of("return x.astype(int)") ==
        "a float as an integer is cut off: such a step has no gradient | the numbers as they are");
  CHECK(message_of("return linear(x, w)") == "linear() lacks its argument 'b': it takes 3");
  CHECK(message_of("return relu(x, w)") == "relu() takes 1 arguments, not 2");
  CHECK(message_of("return relu(y=x)") == "relu() has no argument 'y'");
  CHECK(message_of("return np.ones((2, 3, 4)) * x") ==
        "ones (2, 3, 4) and x (4, 3) cannot be multiplied: along axis 1, 3 and 4 differ; do both "
        "come from the same batch and the same features?");
  CHECK(message_of("return np.ones((1, 1, 1, 1, 1, 1, 1)) * x") ==
        "shape (1, 1, 1, 1, 1, 1, 1): 7 sides, where an array may have 6");
  CHECK(message_of("return np.ones((10**9, 10**9)) * x") ==
        "shape (1000000000, 1000000000): more than 134217728 elements, the most one tensor may "
        "hold");
}

TEST_CASE("values that are no arrays") {
  CHECK(message_of("y = None\n    return y * x") ==
        "y has no value yet: it is None here | the line that sets it above this one");
  CHECK(message_of("return x + 'a'") ==
        "an array or a number is expected, not 'a', which is a text,");
  CHECK(message_of("return (x, w) * x") ==
        "an array or a number is expected, not (x, w), which is a tuple,");
  CHECK(message_of("a, b, c = x, x\n    return a") == "2 values for 3 names: x, x");
  CHECK(message_of("a, b = x.sum()\n    return a") ==
        "x.sum() is no tuple: it cannot be taken apart to 2 names | each part as a parameter of "
        "its own: "
        "def f(dout, xhat, gamma)");
  CHECK(message_of("return x.shape[2] * x") == "x.shape has 2 values: there is none at [2]");
  CHECK(message_of("return x ** w") ==
        "the exponent w (1, 3) is an array: `**` takes a number | np.exp(b * np.log(a)), or an "
        "exponent that is a number");
  CHECK(message_of("return x * (1 / 0)") == "a number is divided by 0");
  CHECK(message_of("return x * 10 ** 400") ==
        "this integer reaches 2**53, from where on not every integer is a double: write it with a "
        "decimal point, as in 2.0**53");
  CHECK(message_of("return x * 10.0 ** 400") == "10 ** 400 is no number that a double can be");
  CHECK(message_of("return x @ np.sum(x)") ==
        "`@` takes matrices and vectors, and np.sum(x) () is a single number | `*`");
  CHECK(message_of("return (x > 0) + (w > 0)") ==
        "the sum of two masks is their `or` in NumPy, not a sum | np.maximum(a, b) for `or`, 1.0 * "
        "a + b for a sum");
}

TEST_CASE("a function has to return an array") {
  CHECK(message_of("y = x") ==
        "'f' has no return: nothing comes out of it | return, with its results, as the last line "
        "of the function");
  CHECK(message_of("return") == "this return gives nothing back | return out");
  CHECK(message_of("return None") ==
        "'f' returns no array, so nothing in it has a gradient | return, with an array that is "
        "made of the parameters");
  CHECK(message_of("return x.shape").find("returns no array") != std::string::npos);
}

TEST_CASE("a change in place is seen under every name that the array has") {
  const auto result = [](const std::string& body, const std::string& head = "") {
    const Circuit circuit = read_text(head + "def f(x):\n" + body);
    return formula_of(circuit.graph, "out") + " of " + formula_of(circuit.graph, "h_2");
  };
  CHECK(result("    h = x * 2\n    k = h\n    h += 1\n    return k * x\n") ==
        "multiply(h_2, x) of plus(h)");
  CHECK(result("    h = x * 2\n    t = (1, (h, x))\n    h += 1\n    return t[1][0] * x\n") ==
        "multiply(h_2, x) of plus(h)");
  CHECK(result("    h = x * 2\n    d = {'k': h}\n    h += 1\n    return d['k'] * x\n") ==
        "multiply(h_2, x) of plus(h)");
  CHECK(result("    h = x * 2\n    u = g(h)\n    return h * x\n",
               "def g(h):\n    h += 1\n    return 0\n")
            .find("multiply(u_h, x)") == 0);
  // A copy, and the result of an operation, are arrays of their own.
  CHECK(result("    h = x * 2\n    k = h.copy()\n    h += 1\n    return k * x\n") ==
        "multiply(k, x) of plus(h)");
  CHECK(result("    h = x * 2\n    k = +h\n    h += 1\n    return k * x\n") ==
        "multiply(h, x) of plus(h)");
  CHECK(message_of("x += 1\n    return x").empty());
  CHECK(message_of("s = np.sum(x)\n    t = s\n    s += x\n    return s + t").empty());
}

TEST_CASE("a change in place that is not followed, or that NumPy does not make, is refused") {
  const std::string instead = " | h = h + ..., which makes a new array";
  CHECK(message_of("h = x.T.reshape(4, 3)\n    h += 1\n    return x") ==
        "'h' may share its numbers with another array, as reshape and broadcast_to do: NumPy "
        "changes them in both" +
            instead);
  CHECK(message_of("h = x * 2\n    k = np.broadcast_to(h, (4, 3))\n    h += 1\n    return k") ==
        "another array may share the numbers of 'h', made by reshape or broadcast_to: NumPy "
        "changes them in both" +
            instead);
  // Nothing holds this view any more.
  CHECK(message_of("h = x * 2\n    k = h.T @ x\n    h += 1\n    return h @ k").empty());
  CHECK(message_of("h = w * 2\n    h += x\n    return h") ==
        "'h' is (1, 3) and cannot become (4, 3) in place" + instead);
  CHECK(message_of("h = x > 0\n    h *= 2.0\n    return h * x") ==
        "'h' holds bool and the result is float64: NumPy raises, for an array keeps its kind of "
        "numbers" +
            instead);
  CHECK(message_of("h = x * 2\n    h @= w\n    return h") ==
        "NumPy below 1.25 has no `@=` | h = h @ ...");
}

TEST_CASE("functions that call themselves or each other without end") {
  CHECK(error_of("def f(x):\n    return f(x)\n") ==
        "my.py:2:12: 'f' calls itself: the reader takes straight-line NumPy\n"
        "   2 |     return f(x)\n"
        "     |            ^\n"
        "  write instead: the steps one below the other, as often as they run");
  CHECK(error_of("def f(x):\n    return g(x)\n\ndef g(x):\n    return f(x)\n") ==
        "my.py:2:12: 'g' calls itself by way of 'f': the reader takes straight-line NumPy\n"
        "   2 |     return g(x)\n"
        "     |            ^\n"
        "  write instead: the steps one below the other, as often as they run\n"
        "  called from my.py:5");
}

TEST_CASE("an error within a call tells where the call is") {
  CHECK(error_of("def g(a, b):\n    return a + b\ndef f(x, w):\n    return g(x, w)\n",
                 {{"x", {{4, 3}}}, {"w", {{2, 5}}}}) ==
        "my.py:2:14: x (4, 3) and w (2, 5) cannot be added: rows 4 and 2 differ; do both come from "
        "the same batch and the same features?\n"
        "   2 |     return a + b\n"
        "     |              ^\n"
        "  called from my.py:4");
}

TEST_CASE("of very many parameters only the first are listed") {
  std::string parameters = "p0";
  for (int i = 1; i < 5000; ++i) parameters += fmt::format(", p{}", i);
  const Circuit circuit = read_text("def f(" + parameters + "):\n    return p0\n");
  CHECK(circuit.parameters.size() == 5000);
  CHECK(circuit.notes.size() == 51);
  CHECK(circuit.notes.back() == "4950 more are not set");
}

TEST_CASE("a column that meets a vector is noted: each number meets every other") {
  const Circuit circuit = read_text(
      "def f(x):\n"
      "    m = x.mean(axis=1)\n"
      "    out = m - m.reshape(-1, 1)\n"
      "    return out\n",
      {{"x", {{4, 3}}}});
  CHECK(circuit.graph.node(circuit.outputs[0]).shape == Shape{4, 4});
  CHECK(circuit.notes ==
        Strings{"line 3: m (4,) - m.reshape(-1, 1) (4, 1) is (4, 4), every number of the one with "
                "every number of the other; if each was to meet its own, keepdims=True or "
                ".reshape(-1, 1) gives both one shape"});
}

TEST_CASE("only parameters can be set") {
  CHECK_THROWS_WITH_AS(
      read_circuit(find_circuit("batch_norm"), {{"gama", {{1, 3}}}}),
      "batch_norm has no parameter 'gama': did you mean gamma?; what can be set is x, gamma, beta, "
      "eps",
      Error);
}

std::string repeated(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

TEST_CASE("large functions are read in time, or refused") {
  CHECK(read_text("def f(x):\n    y = x" + repeated(" + x", 50'000) + "\n    return y\n")
            .graph.size() == 50'001);
  CHECK(read_text("def f(x):\n" + repeated("    x = x * 1.0001\n", 20'000) + "    return x\n")
            .graph.size() == 20'001);
  CHECK(read_text("def f(x):\n    return " + repeated("-", 100'000) + "x\n").graph.size() == 1);
  CHECK(read_text("def f(x):\n    return x" + repeated(" ** 1", 10'000) + "\n").graph.size() == 2);
  std::string text = "def f0(x):\n    return x * 2\n";
  for (int i = 0; i < 60; ++i) {
    text += fmt::format("def f{}(x):\n    y = f{}(x)\n    return f{}(y)\n", i + 1, i, i);
  }
  CHECK(error_of(text).find("a circuit holds at most 65,534 calls of other circuits") !=
        std::string::npos);
  std::string chain = "def f0(x):\n    return x * 2\n";
  for (int i = 0; i < 200; ++i) {
    chain += fmt::format("def f{}(x):\n    return f{}(x)\n", i + 1, i);
  }
  CHECK(error_of(chain).find("the functions call each other too deep") != std::string::npos);
  CHECK(
      error_of("def f(x):\n    c = (x, x)\n" + repeated("    c = (c, c)\n", 60) + "    return c\n")
          .find("a tuple of more than 100000 values") != std::string::npos);
}

}  // namespace
}  // namespace backstep::read
