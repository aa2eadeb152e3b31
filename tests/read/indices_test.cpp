// Parts of arrays: what an index picks, what a store makes, and the words where NumPy would raise.
#include "engine/read/indices.h"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "engine/expression.h"
#include "tests/read/reading.h"

namespace backstep::read {
namespace {

using Strings = std::vector<std::string>;

Given whole_numbers(const Shape& shape, std::vector<double> numbers) {
  Given given{shape};
  given.type = NumberType::kInteger;
  given.most = 9;
  given.numbers = std::make_shared<const Tensor>(shape, std::move(numbers));
  return given;
}

Circuit read_body(const std::string& body) {
  return read_text("import numpy as np\ndef f(x, t, v, y, b):\n    " + body + "\n",
                   {{"x", {{4, 3}}},
                    {"t", {{2, 4, 3}}},
                    {"v", {{3}}},
                    {"b", {{4, 3}}},
                    {"y", whole_numbers({4}, {0, 2, 1, 1})}});
}

// The steps that the lines become, each as a line of NumPy.
Strings lines_of(const std::string& body) {
  const Circuit circuit = read_body(body);
  Strings lines;
  for (NodeId id = 0; id < circuit.graph.size(); ++id) {
    const bool is_step =
        circuit.graph.node(id).primitive != nullptr && !circuit.graph.place(id).folded;
    if (is_step) lines.push_back(formula(circuit.graph, id));
  }
  return lines;
}

// What `out = x[...]` becomes, and its shape.
std::string picked(const std::string& expression) {
  const Circuit circuit = read_body("out = " + expression + "\n    return out");
  const NodeId out = circuit.outputs.front();
  const std::string shape = to_string(circuit.graph.node(out).shape);
  if (circuit.graph.node(out).primitive == nullptr) return circuit.graph.name(out) + " " + shape;
  return backstep::expression(circuit.graph, out) + " " + shape;
}

std::string message_of(const std::string& body) {
  try {
    read_body(body);
  } catch (const Error& error) {
    const std::string text = error.what();
    const std::size_t begin = text.find(": ");
    const std::size_t instead = text.find("  write instead: ");
    return text.substr(begin + 2, text.find('\n') - begin - 2) +
           (instead == std::string::npos ? "" : " | " + text.substr(instead + 17));
  }
  return "";
}

TEST_CASE("basic indices") {
  CHECK(picked("x[1]") == "x[1] (3,)");
  CHECK(picked("x[-1]") == "x[3] (3,)");
  CHECK(picked("x[1, 2]") == "x[1, 2] ()");
  CHECK(picked("x[1:3]") == "x[1:3] (2, 3)");
  CHECK(picked("x[::2, 1:]") == "x[::2, 1:] (2, 2)");
  CHECK(picked("x[::-1]") == "x[::-1] (4, 3)");
  CHECK(picked("x[3:0:-2, 0]") == "x[::-2, 0] (2,)");
  CHECK(picked("x[:, 0]") == "x[:, 0] (4,)");
  CHECK(picked("x[..., -1]") == "x[:, 2] (4,)");
  CHECK(picked("t[0, ..., 1]") == "t[0, :, 1] (4,)");
  CHECK(picked("x[:, None]") == "np.reshape(x, (4, 1, 3)) (4, 1, 3)");
  CHECK(picked("v[np.newaxis, 1:]") == "v[None, 1:] (1, 2)");
  CHECK(picked("x[-100:100]") == "x (4, 3)");
  CHECK(picked("x[()]") == "x (4, 3)");
}

TEST_CASE("lists, arrays and masks of known elements") {
  CHECK(picked("x[[0, 2]]") == "x[::2] (2, 3)");
  CHECK(picked("x[[0, 2, 3]]") == "x[[0, 2, 3]] (3, 3)");
  CHECK(picked("x[:, [2, 0]]") == "x[:, ::-2] (4, 2)");
  CHECK(picked("x[:, [2, 0, 0]]") == "x[:, [2, 0, 0]] (4, 3)");
  CHECK(picked("x[np.arange(4), [2, 0, 1, 1]]") == "x[np.arange(4), [2, 0, 1, 1]] (4,)");
  CHECK(picked("x[range(4), y]") == "x[np.arange(4), [0, 2, 1, 1]] (4,)");
  CHECK(picked("v[y]") == "v[[0, 2, 1, 1]] (4,)");
  CHECK(picked("v[y - 1]") == "v[[2, 1, 0, 0]] (4,)");
  CHECK(picked("x[[[0, 1], [2, 0]]]") == "x[np.array([[0, 1], [2, 0]])] (2, 2, 3)");
  CHECK(picked("x[[True, False, False, True]]") == "x[::3] (2, 3)");
  CHECK(picked("x[y == 1]") == "x[2:] (2, 3)");
  CHECK(picked("t[0, :, [2, 0, 0]]") ==
        "t.ravel()[np.array([[2, 5, 8, 11], [0, 3, 6, 9], [0, 3, "
        "6, 9]])] (3, 4)");
  CHECK(picked("t[:, 0, [2, 0, 0]]") == "t[:, [0, 0, 0], [2, 0, 0]] (2, 3)");
}

TEST_CASE("what made an index alone is no step of the circuit") {
  const Circuit circuit = read_body("n = np.arange(4)\n    k = y - 1\n    return x[n, k] * 2");
  CHECK(circuit.graph.find("n") == kNoNode);
  CHECK(circuit.graph.find("k") == kNoNode);
  CHECK(circuit.graph.find("y") != kNoNode);
  CHECK(circuit.graph.node(circuit.graph.find("y")).role == Role::kConstant);
  // What stands in a value too is one.
  CHECK(read_body("k = y - 1\n    return v[k] * k").graph.find("k") != kNoNode);
}

TEST_CASE("an index that nobody sets is drawn, and said") {
  const Circuit circuit =
      read_text("import numpy as np\ndef f(p, y):\n    return p[np.arange(4), y]\n", {});
  const CircuitParameter& y = circuit.parameters.back();
  CHECK(circuit.graph.node(y.node).shape == Shape{4});
  CHECK(y.fill == "[1, 0, 0, 1]");
  CHECK(circuit.notes.back() == "y is not set: [1, 0, 0, 1]");
}

TEST_CASE("a store makes a new version of the array") {
  CHECK(lines_of("out = x * 1\n    out[0] = 5\n    return out") ==
        Strings{"out = 1 * x",
                "out_2 = np.append(out, 5)[np.array([[12, 12, 12], [3, 4, 5], [6, 7, "
                "8], [9, 10, 11]])]"});
  CHECK(lines_of("out = x * 1\n    out[x <= 0] = 0\n    return out") ==
        Strings{"out = 1 * x", "out_1 = x <= 0", "out_2 = np.where(out_1, 0, out)"});
  CHECK(lines_of("out = np.zeros((5, 3))\n    out[1:] = x\n    return out") ==
        Strings{"out_2 = np.pad(x, ((1, 0), (0, 0)))"});
  CHECK(lines_of("np.add.at(v, y, x[:, 0])\n    return v") ==
        Strings{"v_1 = x[:, 0]", "v_2_2 = np.bincount([0, 2, 1, 1], v_1, 3)", "v_2 = v + v_2_2"});
}

TEST_CASE("a store is seen under every name and through every view") {
  CHECK(picked("x\n    h = x * 1\n    k = h[1]\n    h[1, 0] = 7\n    out = k * 1") ==
        "1 * k_2 (3,)");
  const Strings lines = lines_of("h = x * 1\n    k = h[1]\n    k[0] = 7\n    return h");
  CHECK(lines.back() ==
        "h_2 = np.append(h, 7)[np.array([[0, 1, 2], [12, 4, 5], [6, 7, 8], [9, 10, 11]])]");
}

TEST_CASE("where NumPy raises, the words say so") {
  CHECK(message_of("return x[4]") ==
        "index 4 is out of bounds for axis 0 of x (4, 3), which has 4: NumPy raises IndexError");
  CHECK(message_of("return x[0, -4]") ==
        "index -4 is out of bounds for axis 1 of x (4, 3), which has 3: NumPy raises IndexError");
  CHECK(message_of("return x[[0, 4]]") ==
        "index 4 is out of bounds for axis 0 of x (4, 3), which has 4: NumPy raises IndexError");
  CHECK(message_of("return x[0, 0, 0]") ==
        "x (4, 3) has 2 sides, and its index names 3: NumPy raises IndexError");
  CHECK(
      message_of("return x[1.0]") ==
      "1.0 is no integer: NumPy raises IndexError for an index with a decimal point | an integer, "
      "such as N // 2 worked out");
  CHECK(message_of("return x[y / 1]") ==
        "y / 1 (4,) holds floats: NumPy raises IndexError, for an index is of integers or of True "
        "and False | an array of integers");
  CHECK(message_of("return x[..., ...]") == "an index can have only one `...`");
  CHECK(message_of("return x[::0]") == "the step of a slice cannot be 0");
  CHECK(message_of("return x[[0, 1], [0, 1, 2]]") ==
        "the lists of an index are (2,) and (3,), which do not fit together: NumPy raises "
        "IndexError | lists of one length, or x[rows][:, columns] for all pairs");
  CHECK(message_of("return x[y > 0, y > 0]") ==
        "the mask y > 0 is (4,), and x is (4, 3): axis 1 of the one is 4 and of the other 3, so "
        "NumPy raises IndexError");
  CHECK(message_of("x[0] = x[:, 0]\n    return x") ==
        "x[0] is (3,), and x[:, 0] (4,) does not fit there: NumPy raises ValueError");
  CHECK(message_of("return x[0]['a']") ==
        "'a', which is a text, is no index | integers, slices, "
        "None, `...`, or lists and arrays of integers");
}

TEST_CASE("what is too long is refused with its own length") {
  CHECK(message_of("return np.arange(10**12) * 1") ==
        "shape (1000000000000,): more than 134217728 elements, the most one tensor may hold");
  CHECK(message_of("return np.arange(np.inf) * 1") ==
        "NumPy cannot compute the length of this np.arange");
  CHECK(message_of("return np.repeat(x, 2*10**9)") ==
        "the count of np.repeat is at most 1000000000 here | a smaller integer");
}

TEST_CASE("what cannot be followed is refused") {
  CHECK(
      message_of("return x[x > 0]") ==
      "which elements of x > 0 (4, 3) are True hangs on values, and so would the shape of what it "
      "picks | np.where(mask, x, 0), which keeps the shape");
  CHECK(message_of("x[x > 0] = v\n    return x") ==
        "how many elements x > 0 (4, 3) has hangs on values: what is stored there is to be one "
        "number, not v (3,) | x = np.where(mask, values, x), with values of the shape of x");
  CHECK(message_of("return x[1:1]") == "1:1 picks nothing of x: no side of an array is 0 here");
  CHECK(message_of("return x[True]") ==
        "True and False alone as an index are not read | 1 or 0, or a mask of a side");
  CHECK(message_of("k = np.arange(3)\n    k[0] = 1.5\n    return x * k") ==
        "the number 1.5 would be cut off to the kind of numbers that the array has | an array of "
        "floats: np.zeros(shape), or .astype(float)");
  CHECK(message_of("h = x * 1\n    h[[[0, 0], [1, 1]]] = t[:, :2]\n    return h") ==
        "this index names a place twice, and which number stays there NumPy leaves open | "
        "np.add.at to add them up, or an index without repeats");
  CHECK(message_of("s = np.sum(x)\n    s[()] = 1\n    return s") == "a number has no parts to set");
}

}  // namespace
}  // namespace backstep::read
