// Python's rules of names: what a file binds, where a name belongs, and what stands for it.
#include <doctest/doctest.h>

#include "tests/read/reading.h"

namespace backstep::read {
namespace {

// The first line of the error, without its place.
std::string message_of(const std::string& text) {
  const std::string error = error_of(text);
  if (error.empty()) return "";
  const std::size_t begin = error.find(": ");
  return error.substr(begin + 2, error.find('\n') - begin - 2);
}

std::string names_in(const std::string& line) {
  std::string text;
  for (const NameBinding& binding : names_bound_by(line, 0)) {
    text += (text.empty() ? "" : ", ") + binding.name;
    if (!binding.path.empty()) text += "=" + binding.path;
    if (!binding.is_certain) text += "?";
  }
  return text;
}

TEST_CASE("every statement of Python that binds a name is seen") {
  CHECK(names_in("a = b = c") == "a, b");
  CHECK(names_in("a, (b, [c, *d]) = e") == "a, b, c, d");
  CHECK(names_in("a.b = c[d] = e(f).g = 3") == "a");
  CHECK(names_in("match = 3") == "match");
  CHECK(names_in("a[b == c], d = 1") == "d");
  CHECK(names_in("a += b; c @= d; e //= 2; f == 3") == "a, c, e");
  CHECK(names_in("a: int = b") == "a");
  CHECK(names_in("a: int") == "a");
  CHECK(names_in("f(a=b, c=lambda d=1: d)") == "");
  CHECK(names_in("print(a := 1)") == "a");
  CHECK(names_in("for a, b in c: d = a") == "a?, b?, d?");
  CHECK(names_in("with a as b, c() as (d, e): pass") == "b?, d?, e?");
  CHECK(names_in("except A as b:") == "b?");
  CHECK(names_in("if a == b: c = 3") == "c?");
  CHECK(names_in("import a.b, c.d as e, f") == "a=a, e=c.d, f=f");
  CHECK(names_in("from a.b import (c, d as e)") == "c=a.b.c, e=a.b.d");
  CHECK(names_in("from a import *") == "*=a");
  CHECK(names_in("def f(a, b=c): d = 3") == "f");
  CHECK(names_in("class A(B): c = 3") == "A");
  CHECK(names_in("del a, b[0], c.d, (e)") == "a, e");
  CHECK(names_in("x = 'a = b'  # c = d") == "x");
}

TEST_CASE("a call that could change a value is found in what is passed over") {
  const auto none = [](const std::string&) { return false; };
  CHECK(effect_in("print('x', x.shape, np.sum(x), 'f(x)')", none).empty());
  CHECK(effect_in("print(f'{x.sum():.3f} {len(y)}')", none).empty());
  CHECK(effect_in("assert not (a and b)", none).empty());
  CHECK(effect_in("print(d.pop('a'))", none) == "pop()");
  CHECK(effect_in("print(f'{d.pop(1)}')", none) == "pop()");
  CHECK(effect_in("print(np.exp(x, out=x))", none) == "out=...");
  CHECK(effect_in("print(x := 3)", none) == "x := ...");
  CHECK(effect_in("print(norm(x))", none).empty());
  CHECK(effect_in("print(norm(x))", [](const std::string& name) { return name == "norm"; }) ==
        "norm()");
}

TEST_CASE("the names that a text asks for are found in what is passed over") {
  const auto asked = [](const std::string& text) {
    std::string all;
    for (const std::string& name : names_asked_for(text)) all += name + " ";
    return all;
  };
  CHECK(asked("print('a', b, c.d, e(f=g), len(h), None)") == "b c e g h ");
  CHECK(asked("print(f'{a:d} b {c!r}')") == "a c ");
  CHECK(asked("assert a and not b, 'c'") == "a b ");
  CHECK(asked("print([a for a in b])").empty());
}

TEST_CASE("what a file binds otherwise is neither a def nor a built-in circuit") {
  const std::string use = "def f(x):\n    return relu(x)\n";
  CHECK(message_of("relu = lambda a: a\n" + use) ==
        "'relu' is set in line 1, at the top level of the file: of that, only defs and imports are "
        "read");
  CHECK(message_of("def relu(a):\n    return a\nrelu = 3\n" + use) ==
        "'relu' is set in line 3, at the top level of the file: of that, only defs and imports are "
        "read");
  CHECK(message_of("if a:\n    def relu(b):\n        return b\n" + use) ==
        "what 'relu' is hangs on line 2, which may run or not");
  CHECK(message_of("from mylib import relu\n" + use) ==
        "'mylib.relu' is not read: of what is imported, NumPy, some of Python's math and the "
        "built-in circuits are");
  CHECK(message_of("from mylib import *\n" + use) ==
        "'relu' may be one of the names that line 1 imports from mylib");
  CHECK(message_of("def relu(a):\n    return a\ndel relu\n" + use) ==
        "'relu' is deleted in line 3");
  CHECK(message_of("def g():\n    global relu\n" + use) ==
        "what 'relu' is hangs on line 2, which may run or not");
  CHECK(message_of("import numpy as np\nnp.exp = np.tanh\ndef f(x):\n    return np.exp(x)\n") ==
        "what 'np' is hangs on line 2, which may run or not");
  CHECK(error_of("from relu import relu\n" + use).empty());
  CHECK(error_of("def relu(a):\n    return a\n" + use).empty());
}

TEST_CASE("a circuit that its file binds anew is refused there") {
  CHECK(error_of("def f(x):\n    return x\nf = 3\n") ==
        "my.py:3:1: 'f' is bound anew here: the def in line 1 is not what it is when the file has "
        "run\n"
        "   3 | f = 3\n"
        "     | ^\n"
        "  write instead: another name here");
}

TEST_CASE("a name that a function sets anywhere is its own in all of it") {
  CHECK(message_of("def f(x):\n    y = relu(x)\n    relu = 3\n    return y\n") ==
        "'relu' has no value yet: line 3 sets it");
  CHECK(
      message_of("def f(x):\n    if 1 == 2:\n        for np in x: pass\n    return np.exp(x)\n") ==
      "'np' has no value yet: line 3 sets it");
  CHECK(error_of("def f(x):\n    import numpy as foo\n    return foo.exp(x)\n").empty());
  CHECK(message_of("def f(x):\n    import os as np\n    return np.exp(x)\n") ==
        "'os.exp' is not read: of what is imported, NumPy, some of Python's math and the built-in "
        "circuits are");
  CHECK(message_of("def f(x):\n    return x * np\n") ==
        "'numpy' is a module, and stands here without a name of it");
}

TEST_CASE("arguments by place and by name, as the def line says") {
  CHECK(message_of("def g(a, *, k):\n    return a * k\ndef f(x):\n    return g(x, 2)\n") ==
        "g() takes 'k' by its name alone");
  CHECK(message_of("def g(a, /):\n    return a\ndef f(x):\n    return g(a=x)\n") ==
        "g() has no argument 'a'");
  CHECK(
      error_of("def g(a, /, *, k):\n    return a * k\ndef f(x):\n    return g(x, k=2)\n").empty());
}

TEST_CASE("an assert that is known to fail is refused, and so is one with an effect") {
  CHECK(message_of("def f(x):\n    assert x.shape == (9, 9)\n    return x\n") ==
        "this assert fails");
  CHECK(error_of("def f(x):\n    assert x.ndim == 2 and x.any(), 'no'\n    return x\n").empty());
  CHECK(message_of("def f(x):\n    d = {'a': x}\n    print(d.pop('a'))\n    return x\n") ==
        "pop() stands in a line that is passed over, and could change a value");
}

TEST_CASE("a name that is nowhere is refused in what is passed over too") {
  CHECK(message_of("def f(x):\n    print(undefined)\n    return x\n") ==
        "there is no value 'undefined' here: a parameter or a line above is to set it");
  CHECK(message_of("def f(x):\n    print(y)\n    y = x * 2\n    return y\n") ==
        "there is no value 'y' here: a parameter or a line above is to set it");
  CHECK(error_of("def f(x):\n    print(x, f, np.sum(x), f'{x}', sep=' ')\n    return x\n").empty());
}

TEST_CASE("an entry that a dictionary lacks has no usual value") {
  CHECK(error_of("def f(x, p={}):\n    return x * p['eps']\n") ==
        "my.py:2:18: p has no entry 'eps'\n"
        "   2 |     return x * p['eps']\n"
        "     |                  ^\n"
        "  write instead: p.get('eps', VALUE), or the entry where the dictionary is made");
}

}  // namespace
}  // namespace backstep::read
