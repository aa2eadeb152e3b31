// Loops that are unrolled while a function is read: their names, their groups, and where they end.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/read/circuit_reader.h"

namespace backstep::read {
namespace {

Circuit read(const std::string& body, const std::map<std::string, Given>& given = {}) {
  Module module = parse_module("my.py", "def f(x):\n" + body);
  return read_circuit({std::move(module), "f"}, given);
}

std::string error_of(const std::string& body, const std::map<std::string, Given>& given = {}) {
  try {
    read(body, given);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::vector<std::string> groups_of(const Circuit& circuit) {
  std::vector<std::string> names;
  for (const Group& group : circuit.graph.groups()) {
    if (!group.name.empty()) names.push_back(group.name);
  }
  return names;
}

TEST_CASE("each turn is a group, and its values are versions of their names") {
  const Circuit circuit = read(
      "    h = x\n"
      "    for t in range(3):\n"
      "        h = h * x\n"
      "    return h + 1\n");
  CHECK(groups_of(circuit) == std::vector<std::string>{"t_0", "t_1", "t_2"});
  const std::vector<std::string> names = {"h", "h_2", "h_3"};
  for (std::size_t turn = 0; turn < names.size(); ++turn) {
    const NodeId node = circuit.graph.find(names[turn]);
    REQUIRE(node != kNoNode);
    CHECK(circuit.graph.place(node).group == turn + 1);
    CHECK(circuit.graph.place(node).line == 4);
  }
}

TEST_CASE("a turn that makes nothing has no group; one within another stands in it") {
  const Circuit circuit = read(
      "    y = x\n"
      "    for i in range(3):\n"
      "        if i == 1: continue\n"
      "        for j in range(2):\n"
      "            y = y * x\n"
      "    return y\n");
  CHECK(groups_of(circuit) == std::vector<std::string>{"i_0", "j_0", "j_1", "i_2", "j_0", "j_1"});
  CHECK(circuit.graph.groups()[3].parent == 1);
  CHECK(circuit.graph.groups()[5].parent == 4);
}

TEST_CASE("a comprehension's turns are groups, too") {
  const Circuit circuit = read("    return sum([row * 2 for row in x])\n");
  const std::vector<std::string> groups = groups_of(circuit);
  CHECK(groups.size() == 4);
  CHECK(groups.front() == "row_0");
}

TEST_CASE("a loop that is too long says how long it is, and what to make smaller") {
  const std::string loop =
      "    y = np.zeros(x.shape)\n"
      "    for i in range(x.shape[0]):\n"
      "        for j in range(x.shape[1]):\n"
      "            for k in range(100):\n"
      "                y[i, j] += x[i, j] * k\n"
      "    return y\n";
  Given given;
  given.shape = Shape{200, 50};
  CHECK(error_of(loop, {{"x", given}}) ==
        "my.py:3:5: this loop makes about 6020400 steps: 200000 are read in all, as each is a node "
        "to be looked at\n"
        "   3 |     for i in range(x.shape[0]):\n"
        "     |     ^\n"
        "  write instead: smaller arrays, as --set x='randn(2,50)' on the command line");
  CHECK(error_of("    while True:\n        x = x + 1\n    return x\n")
            .starts_with("my.py:2:5: this loop has made 200000 steps, and may not end: 200000 are "
                         "read in all"));
  CHECK(error_of("    for i in range(1000000): pass\n    return x\n")
            .starts_with("my.py:2:5: this loop makes about 1000000 steps"));
}

TEST_CASE("what has no items, or cannot be decided, says so") {
  CHECK(error_of("    for i in 3: x = x + 1\n    return x\n")
            .starts_with("my.py:2:14: the number 3 has no items to go over"));
  CHECK(error_of("    while x.sum() > 0:\n        x = x - 1\n    return x\n")
            .find("whether x.sum() > 0 holds hangs on the values of an array, "
                  "and the lines to read would hang on them, too"));
  CHECK(error_of("    break\n    return x\n")
            .starts_with("my.py:1:5: a break or continue of 'f' stands outside of every loop"));
  CHECK(error_of("    with open('a') as a:\n        x = x + 1\n    return x\n")
            .starts_with("my.py:2:10: what open('a') does to the lines below it is not known"));
  CHECK(error_of("    y = x // 2\n    return y\n")
            .starts_with("my.py:2:11: `//` of an array is not read: it has no gradient"));
  CHECK(error_of("    d = {f'{x.sum()}': x}\n    return d['a']\n")
            .starts_with("my.py:2:10: what the text f'{x.sum()}' says is not worked out"));
}

}  // namespace
}  // namespace backstep::read
