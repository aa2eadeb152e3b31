// Dictionaries of constants, and branches on what is known while a function is read.
#include <doctest/doctest.h>

#include <string>

#include "engine/read/circuit_reader.h"

namespace backstep::read {
namespace {

Circuit read(const std::string& body) {
  Module module = parse_module("my.py", "def f(x):\n" + body);
  return read_circuit({std::move(module), "f"}, {});
}

std::string error_of(const std::string& body) {
  try {
    read(body);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("the first arm whose condition holds is read, and no other") {
  const Circuit circuit = read(
      "    mode = 'train'\n"
      "    if mode == 'test':\n"
      "        for i in range(3): pass\n"
      "    elif mode == 'train':\n"
      "        if 2 > 1: y = x * 2\n"
      "        z = y + 1\n"
      "    else:\n"
      "        raise ValueError(mode)\n"
      "    return z\n");
  CHECK(circuit.graph.find("z") != kNoNode);
}

TEST_CASE("an arm that is taken must be readable") {
  CHECK(error_of("    if 1 == 1:\n        raise ValueError(x)\n    return x\n")
            .starts_with("my.py:3:9: this line is reached: raise ValueError(x)"));
  CHECK(error_of("    if x > 0:\n        y = x\n    return y\n")
            .starts_with(
                "my.py:2:8: x > 0 (4, 3) has no truth of its own: Python raises ValueError"));
  CHECK(error_of("    if 1 == 1:\n    return x\n")
            .starts_with("my.py:2:5: an indented block is expected below this line"));
}

TEST_CASE("a dictionary has entries by name, and says which it lacks") {
  const Circuit circuit = read(
      "    param = {'eps': 1e-3, 'w': x}\n"
      "    param['y'] = param['w'] * param.get('factor', 3.0)\n"
      "    out = param['y'] + param['eps']\n"
      "    return out\n");
  CHECK(circuit.graph.find("y") != kNoNode);
  CHECK(circuit.graph.find("out") != kNoNode);
  CHECK(error_of("    d = {'width': x}\n    return d['wdith']\n")
            .starts_with("my.py:3:14: d has no entry 'wdith'"));
  CHECK(error_of("    d = {}\n    d['d'] = d\n    return x\n")
            .starts_with("my.py:3:5: what holds itself is not read"));
  CHECK(error_of("    x['a'] = 1\n    return x\n")
            .starts_with("my.py:2:7: 'a', which is a text, is no index"));
}

}  // namespace
}  // namespace backstep::read
