// The parser: what it takes, what it refuses and with which words, and inputs that are hostile.
#include "engine/read/python_parser.h"

#include <doctest/doctest.h>
#include <fmt/core.h>

namespace backstep::read {
namespace {

// A tree as text, every operation in brackets: "(a + (b * c))".
std::string text_of(const Expression& expression);

std::string text_of(const std::vector<Expression>& items) {
  std::string text;
  for (const Expression& item : items) text += (text.empty() ? "" : ", ") + text_of(item);
  return text;
}

std::string text_of(const Chain& chain) {
  constexpr std::string_view kTexts[] = {
      "+",  "-",  "*",  "/",  "//",     "%",  "@",      "**", "<", "<=", ">",
      ">=", "==", "!=", "in", "not in", "is", "is not", "&",  "^", "|"};
  std::string text = "(" + text_of(*chain.first);
  for (const Term& term : chain.rest) {
    text += fmt::format(" {} {}", kTexts[static_cast<int>(term.op)], text_of(term.operand));
  }
  return text + ")";
}

std::string text_of(const Call& call) {
  std::string text = text_of(*call.function) + "(";
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    if (i > 0) text += ", ";
    if (i >= call.positional()) {
      const std::string& name = call.keywords[i - call.positional()].name;
      text += name.empty() ? "**" : name + "=";
    }
    text += text_of(call.arguments[i]);
  }
  return text + ")";
}

std::string text_of(const Expression& expression) {
  struct Visitor {
    std::string operator()(const Number& number) const {
      return fmt::format("{}{}", number.value, number.is_integer ? "" : "f");
    }
    std::string operator()(const Text& text) const { return "'" + text.value + "'"; }
    std::string operator()(const Constant& constant) const {
      if (constant == Constant::kEllipsis) return "...";
      return constant == Constant::kNone ? "None" : constant == Constant::kTrue ? "True" : "False";
    }
    std::string operator()(const Name& name) const { return name.id; }
    std::string operator()(const Sequence& sequence) const {
      return (sequence.is_list ? "[" : "<") + text_of(sequence.items) +
             (sequence.is_list ? "]" : ">");
    }
    std::string operator()(const Attribute& attribute) const {
      return text_of(*attribute.base) + "." + attribute.name;
    }
    std::string operator()(const Call& call) const { return text_of(call); }
    std::string operator()(const Subscript& subscript) const {
      return text_of(*subscript.base) + "[" + text_of(*subscript.index) + "]";
    }
    std::string operator()(const Slicing& slicing) const {
      const auto bound = [](const std::unique_ptr<Expression>& part) {
        return part == nullptr ? std::string("_") : text_of(*part);
      };
      return bound(slicing.start) + ":" + bound(slicing.stop) + ":" + bound(slicing.step);
    }
    std::string operator()(const Pairs& pairs) const { return "{" + text_of(pairs.items) + "}"; }
    std::string operator()(const Signs& signs) const {
      return "(" + signs.signs + text_of(*signs.operand) + ")";
    }
    std::string operator()(const Chain& chain) const { return text_of(chain); }
    std::string operator()(const Formatted& formatted) const {
      std::string text;
      for (const FormatPart& part : formatted.parts) {
        text += part.value == nullptr ? part.text : "{" + text_of(*part.value) + part.style + "}";
      }
      return "f'" + text + "'";
    }
    std::string operator()(const Starred& starred) const { return "*" + text_of(*starred.operand); }
    std::string operator()(const Conditional& conditional) const {
      return "?(" + text_of(conditional.parts) + ")";
    }
    std::string operator()(const Logic& logic) const {
      return (logic.is_and ? "and(" : "or(") + text_of(logic.operands) + ")";
    }
    std::string operator()(const Negation& negation) const {
      return (negation.is_odd ? "not(" : "truth(") + text_of(*negation.operand) + ")";
    }
    std::string operator()(const Lambda& lambda) const {
      std::string text = "lambda";
      for (const Parameter& parameter : lambda.function->parameters) {
        text += " " + std::string(static_cast<std::size_t>(parameter.stars), '*') + parameter.name;
        if (parameter.default_value) text += "=" + text_of(*parameter.default_value);
      }
      return text + ": " + text_of(*std::get<Return>(lambda.function->body[0].kind).value);
    }
    std::string operator()(const Comprehension& comprehension) const {
      std::string text = text_of(comprehension.element);
      for (const Clause& clause : comprehension.clauses) {
        text += " for " + text_of(clause.target) + " in " + text_of(clause.iterable);
        for (const Expression& condition : clause.conditions) text += " if " + text_of(condition);
      }
      return "[" + text + "]";
    }
  };
  return std::visit(Visitor{}, expression.kind);
}

std::string parsed(const std::string& text) {
  return text_of(parse_expression(Source("my.py", text)));
}

std::string parse_error(const std::string& text) {
  try {
    const Module module = parse_module("my.py", text);
    for (const Function& function : module.functions) {
      if (function.error) return function.error->what();
    }
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// The error of one statement in a function, without the place.
std::string statement_error(const std::string& statement) {
  const std::string error = parse_error("def f(x):\n    " + statement + "\n");
  const std::size_t begin = error.find(": ");
  const std::size_t end = error.find('\n');
  const std::size_t instead = error.find("  write instead: ");
  if (error.empty()) return "";
  return error.substr(begin + 2, end - begin - 2) +
         (instead == std::string::npos ? "" : " | " + error.substr(instead + 17));
}

TEST_CASE("an index has slices, None and an ellipsis") {
  CHECK(parsed("x[:]") == "x[_:_:_]");
  CHECK(parsed("x[1:2]") == "x[1:2:_]");
  CHECK(parsed("x[ a + 1 : -b : 2 ]") == "x[(a + 1):(-b):2]");
  CHECK(parsed("x[::-1]") == "x[_:_:(-1)]");
  CHECK(parsed("x[::]") == "x[_:_:_]");
  CHECK(parsed("x[:, None]") == "x[<_:_:_, None>]");
  CHECK(parsed("x[..., 0]") == "x[<..., 0>]");
  CHECK(parsed("x[0,]") == "x[<0>]");
  CHECK(parsed("x[y[1:], [0, 1]][2]") == "x[<y[1:_:_], [0, 1]>][2]");
}

TEST_CASE("what Python's words join has Python's precedence") {
  CHECK(parsed("a if b else c") == "?(a, b, c)");
  CHECK(parsed("a if b else c if d else e") == "?(a, b, c, d, e)");
  CHECK(parsed("(a if b else c) + 1") == "(?(a, b, c) + 1)");
  CHECK(parsed("a or b and not c == d or e") == "or(a, and(b, not((c == d))), e)");
  CHECK(parsed("not not a") == "truth(a)");
  CHECK(parsed("not a in b") == "not((a in b))");
  CHECK(parsed("a not in b is not None") == "(a not in b is not None)");
  CHECK(parsed("a is b") == "(a is b)");
  CHECK(parsed("0 < a <= b < 1") == "(0 < a <= b < 1)");
  CHECK(parsed("(0 < a) < 1") == "((0 < a) < 1)");
  CHECK(parsed("a | b & c ^ d == e") == "((a | ((b & c) ^ d)) == e)");
  CHECK(parsed("~a & -b") == "((~a) & (-b))");
  CHECK(parsed("a // b % c * d") == "(a // b % c * d)");
  CHECK(parsed("lambda: 1") == "lambda: 1");
  CHECK(parsed("lambda x, y=2, *z, **k: x if y else z") == "lambda x y=2 *z **k: ?(x, y, z)");
  CHECK(parsed("f(lambda a: a, b)") == "f(lambda a: a, b)");
  CHECK(parsed("notes is inside") == "(notes is inside)");
}

TEST_CASE("comprehensions, stars and f-strings are read") {
  CHECK(parsed("[a for a in b]") == "[a for a in b]");
  CHECK(parsed("[a + c for a, c in b if a if c for d in a]") ==
        "[(a + c) for <a, c> in b if a if c for d in a]");
  CHECK(parsed("f(a for a in b)") == "f([a for a in b])");
  CHECK(parsed("tuple((a, 1) for a in b or c)") == "tuple([<a, 1> for a in or(b, c)])");
  CHECK(parsed("{k: v for k, v in d}") == "[k, v for <k, v> in d]");
  CHECK(parsed("f(*a, b, c=1, **d)") == "f(*a, b, c=1, **d)");
  CHECK(parsed("(*a, b)") == "<*a, b>");
  CHECK(parsed("[*a]") == "[*a]");
  CHECK(parsed("f'W{i}'") == "f'W{i}'");
  CHECK(parsed("f'{{{a!r:>{w}}}}' 'b'") == "f'{{a!r:>{w}}}b'");
  CHECK(parsed("f'{d[\"k\"]} {x != y}'") == "f'{d['k']} {(x != y)}'");
  CHECK(parsed("rf'\\d'") == "f'\\d'");
}

TEST_CASE("expressions have Python's precedence") {
  CHECK(parsed("a + b * c - d") == "(a + (b * c) - d)");
  CHECK(parsed("(a + b) * c / d @ e") == "((a + b) * c / d @ e)");
  CHECK(parsed("(a + b) + c") == "((a + b) + c)");
  CHECK(parsed("-a ** 2") == "(-(a ** 2))");
  CHECK(parsed("a ** -b ** c") == "(a ** (-(b ** c)))");
  CHECK(parsed("a ** b ** c") == "(a ** b ** c)");
  CHECK(parsed("a ** b ** -c ** - -d ** e") == "(a ** b ** (-(c ** (--(d ** e)))))");
  CHECK(parsed("-a ** -b * c") == "((-(a ** (-b))) * c)");
  CHECK(parsed("a ** (-b) ** c") == "(a ** (-b) ** c)");
  CHECK(parsed("(a ** b) ** c") == "((a ** b) ** c)");
  CHECK(parsed("- + -a * b") == "((-+-a) * b)");
  CHECK(parsed("a + b < c * d") == "((a + b) < (c * d))");
  CHECK(parsed("a==b") == "(a == b)");
  CHECK(parsed("-.5*x**2") == "((-0.5f) * (x ** 2))");
}

TEST_CASE("numbers, names, constants and strings") {
  CHECK(parsed("1_000") == "1000");
  CHECK(parsed("10e-7") == "1e-06f");
  CHECK(parsed("0x1F + 0b_101 + 0O17 + 00 + 0_0") == "(31 + 5 + 15 + 0 + 0)");
  CHECK(parsed("010.5 + 09e1") == "(10.5f + 90f)");
  CHECK(parsed("1.") == "1f");
  CHECK(parsed(".5E+1") == "5f");
  CHECK(parsed("(None, True, False)") == "<None, True, False>");
  CHECK(parsed("'a' \"b\" r'c'") == "'abc'");
  CHECK(parsed(R"('tr\x61in' '\164\u0061\U00000069' r'\n')") == R"('traintai\n')");
  CHECK(parsed(R"('\n\t\\\'\"\d')") == "'\n\t\\'\"\\d'");
  CHECK(parsed("'a\\\nb' '''c\r\nd'''") == "'abc\nd'");
  CHECK(parsed("평균 + γ") == "(평균 + γ)");
  CHECK(parsed("None_ + Truth") == "(None_ + Truth)");
  // The micro sign is the Greek letter in NFKC, and fi in one letter is two.
  CHECK(parsed("\xc2\xb5 + x.\xef\xac\x81") == "(\xce\xbc + x.fi)");
}

TEST_CASE("calls, attributes, tuples and places in them") {
  CHECK(parsed("np.sum(x, axis = 0, keepdims=True)") == "np.sum(x, axis=0, keepdims=True)");
  CHECK(parsed("f()") == "f()");
  CHECK(parsed("f(a,)") == "f(a)");
  CHECK(parsed("x . shape [ 0 ] . T") == "x.shape[0].T");
  CHECK(parsed("x.sum(0).mean(axis=1)") == "x.sum(0).mean(axis=1)");
  CHECK(parsed("()") == "<>");
  CHECK(parsed("(a,)") == "<a>");
  CHECK(parsed("a, (b, c), [d, e]") == "<a, <b, c>, [d, e]>");
  CHECK(parsed("f(a == b)") == "f((a == b))");
  CHECK(parsed("(a +  # one\n  b)") == "(a + b)");
}

TEST_CASE("a module is its functions, and notes of the rest") {
  const Module module = parse_module("my.py",
                                     "import numpy as nn, math\n"
                                     "x = 3\n"
                                     "def f(x: np.ndarray, *, eps: float = 1e-5) -> Dict[a, b]:\n"
                                     "    '''Doc.'''\n"
                                     "    y: float = x; z = y\n"
                                     "    return z\n"
                                     "class A:\n"
                                     "    def g(self): pass\n"
                                     "def h(x): return x  # one line\n"
                                     "for i in range(3):\n"
                                     "    print(i)\n");
  REQUIRE(module.functions.size() == 2);
  const Function& f = module.functions[0];
  CHECK(f.name == "f");
  CHECK(f.docstring == "Doc.");
  CHECK(f.parameters.size() == 2);
  CHECK(f.parameters[1].name == "eps");
  CHECK(text_of(*f.parameters[1].default_value) == "1e-05f");
  CHECK(f.body.size() == 4);
  CHECK(module.functions[1].body.size() == 1);
  CHECK(module.find("h") == &module.functions[1]);
  CHECK(module.find("g") == nullptr);
  CHECK(module.name("nn")->binding.path == "numpy");
  CHECK(module.name("math")->binding.path == "math");
  CHECK(module.name("x")->binding.what == Binds::kValue);
  CHECK(module.name("A")->is_certain);
  REQUIRE(module.find_class("A") != nullptr);
  CHECK(module.find_class("A")->find("g") != nullptr);
  CHECK_FALSE(module.name("i")->is_certain);
  CHECK(module.name("g") == nullptr);
  CHECK(module.notes == std::vector<std::string>{"passed over: import numpy as nn, math (line 1)",
                                                 "passed over: x = 3 (line 2)",
                                                 "passed over: for i in range(3): (line 10)"});
}

TEST_CASE("statements") {
  const Module module = parse_module("my.py",
                                     "def f(x):\n"
                                     "\ta = b = x\n"
                                     "\t(c, [d, e]), g = x\n"
                                     "\ta **= 2\n"
                                     "\tprint('a;b', x); print(\"(\") # ; c\n"
                                     "\tassert x.shape == (1, 2), f'no'\n"
                                     "\tpass\n"
                                     "\treturn\n");
  REQUIRE(module.functions.size() == 1);
  const std::vector<Statement>& body = module.functions[0].body;
  REQUIRE_FALSE(module.functions[0].error);
  REQUIRE(body.size() == 8);
  const auto& chained = std::get<Assignment>(body[0].kind);
  CHECK(text_of(chained.targets) == "a, b");
  CHECK(text_of(std::get<Assignment>(body[1].kind).targets) == "<<c, [d, e]>, g>");
  CHECK(std::get<Augmented>(body[2].kind).op == Operator::kPower);
  CHECK(std::get<Skipped>(body[3].kind).text == "print('a;b', x)");
  CHECK(std::get<Skipped>(body[5].kind).text == "assert x.shape == (1, 2), f'no'");
  CHECK_FALSE(std::get<Return>(body[7].kind).value);
}

TEST_CASE("a function that cannot be read does not stand in the way of others") {
  const Module module = parse_module("my.py",
                                     "def train(x):\n"
                                     "    class A:\n"
                                     "        x = x + 1\n"
                                     "    return x\n"
                                     "@jit\n"
                                     "def fast(x): return x\n"
                                     "def broken(x: return x)\n"
                                     "def good(x):\n"
                                     "    return x\n");
  REQUIRE(module.functions.size() == 4);
  CHECK(std::string(module.find("train")->error->what()) ==
        "my.py:2:5: classes are not read: the reader takes straight-line NumPy\n"
        "   2 |     class A:\n"
        "     |     ^\n"
        "  write instead: a def for each method, with the fields of self as parameters");
  CHECK(std::string(module.find("fast")->error->what()) ==
        "my.py:5:1: decorators are not read: the reader takes straight-line NumPy\n"
        "   5 | @jit\n"
        "     | ^\n"
        "  write instead: the def without its @ line");
  CHECK(module.find("broken")->error);
  CHECK_FALSE(module.find("good")->error);
}

TEST_CASE("each construct that is not read has words of its own") {
  const std::string straight = " are not read: the reader takes straight-line NumPy | ";
  const std::string is_straight = " is not read: the reader takes straight-line NumPy | ";

  CHECK(statement_error("y = 1; for i in x: pass") ==
        "a block begins on a line of its own | the for line by itself");
  CHECK(statement_error("else: pass") ==
        "this line continues no block above it | an if line above it, indented as it is");
  CHECK(statement_error("except E:") ==
        "this line continues no block above it | a try line above it, indented as it is");
  CHECK(statement_error("for i in x:") == "an indented block is expected below this line");
  CHECK(statement_error("try: pass") == "this try has neither except nor finally");
  CHECK(statement_error("class A:") ==
        "classes" + straight + "a def for each method, with the fields of self as parameters");
  CHECK(statement_error("global x") ==
        "global variables" + straight + "a parameter of the function");
  CHECK(statement_error("nonlocal x") ==
        "variables of an outer def are not set here | a parameter of the function, and return it");
  CHECK(statement_error("@jit") == "decorators" + straight + "the def without its @ line");
  CHECK(statement_error("yield x") ==
        "yield" + is_straight + "one return with all results: return out, cache");
  CHECK(statement_error("y = (*x)") ==
        "a star has no meaning here: it stands before an argument or an item, as in f(*x) and "
        "(*x, y)");
  CHECK(statement_error("y = (**x)") ==
        "two stars have no meaning here: they stand before the last arguments of a call, as in "
        "f(**settings)");
  CHECK(statement_error("y = (a := x)") ==
        "`:=`" + is_straight + "the assignment on a line of its own, above this one");
  CHECK(statement_error("y = x[0:1:2:3]") ==
        "`:` stands in an index alone, and there twice at most: x[start:stop:step]");
  CHECK(statement_error("y = (0:2)") ==
        "`:` stands in an index alone, and there twice at most: x[start:stop:step]");
  CHECK(statement_error("y = x[1, [:]]") == "`:` stands in an index alone: x[1:3]");
  CHECK(statement_error("y = ...") == "`...` stands in an index alone: x[..., 0]");
  CHECK(statement_error("y = x[]") == "']' stands where a value is expected");
  CHECK(statement_error("y = {x, 1}") == "sets" + straight + "a tuple, such as cache = (x, gamma)");
  CHECK(statement_error("f(x).a = 1") ==
        "a field is set of what has a name: an object | a name for it on a line above: layer = "
        "..., and layer.x = value");
  CHECK(statement_error("f(x) = 1") == "only a name can be set | name = value, or a, b = values");
  CHECK(statement_error("y = (a = b)") == "`=` sets a name, it does not compare here | `==`");
}

TEST_CASE("what is no Python is refused at its place") {
  CHECK(statement_error("y = x +") == "the line ends where a value is expected");
  CHECK(statement_error("y = x y") ==
        "'y' stands where an operator or the end of the expression is expected");
  CHECK(statement_error("y = 3x") == "'3x' stands where a value is expected");
  CHECK(statement_error("y = * 3").substr(0, 6) == "a star");
  CHECK(statement_error("y = x . 3") == "'3' stands where a value is expected");
  CHECK(statement_error("y = import") == "'import' stands where a value is expected");
  CHECK(statement_error("y = f(a=1, 2)") ==
        "a=... stands before an argument that has no name | the arguments without a name first");
  CHECK(statement_error("y = x \xe2\x88\x92 1") ==
        "the character U+2212 has no meaning in Python | `-`");
  CHECK(statement_error("y = x\xc2\xa0+ 1") ==
        "the character U+00A0 has no meaning in Python | a space");
  CHECK(statement_error("y = x \x1b") == "the character U+001B has no meaning in Python");
  CHECK(statement_error("y = x\xe2\x81\xb0") ==
        "the character U+2070 has no place in a name of Python");
  CHECK(statement_error("print x") ==
        "'x' stands where an operator or the end of the expression is expected");
  CHECK(statement_error("y = 010") == "a number does not begin with 0 in Python | 10");
  CHECK(statement_error("y = 0b12") == "'2' is no digit of this number");
  CHECK(statement_error("y = 1__0") == "'1__0' stands where a value is expected");
  CHECK(statement_error("y = 1_") == "'1_' stands where a value is expected");
  CHECK(statement_error("y = 2j") == "'2j' stands where a value is expected");
  CHECK(statement_error("y = 9007199254740993") ==
        "an integer from 2**53 on is not read: not every one of them is a double | "
        "9007199254740993.0");
  CHECK(statement_error(R"(y = '\xg1')") == "2 digits are expected behind this escape");
  CHECK(statement_error(R"(y = '\ud800')") == "this escape is no character");
  CHECK(statement_error(R"(y = '\N{DASH}')") ==
        "a character by its Unicode name is not read | the character itself");
  CHECK(statement_error("y = 1e999") == "this number is larger than a double can be");
  CHECK(statement_error("y = x $ 1") ==
        "'$' stands where an operator or the end of the expression is expected");
  CHECK(parse_error("def f(x, x):\n    return x\n") ==
        "my.py:1:10: there are two parameters 'x'\n"
        "   1 | def f(x, x):\n"
        "     |          ^");
  CHECK(parse_error("def f(\xc2\xb5, \xce\xbc):\n    return x\n")
            .find("my.py:1:10: there are two parameters") == 0);
  CHECK(parse_error("def f(x=1, y):\n    return x\n")
            .find("my.py:1:12: 'y' has no default, and stands behind a parameter that has one") ==
        0);
  CHECK(parse_error("def f(x=1, *, y): return x\n").empty());
  CHECK(parse_error("def f(x, *): return x\n")
            .find("my.py:1:10: parameters are expected behind this `*`") == 0);
  CHECK(parse_error("def f(x, *, y, /): return x\n")
            .find("my.py:1:16: a `/` cannot stand here in a def line") == 0);
  CHECK(parse_error("def f(x):\n") ==
        "my.py:1:5: 'f' has no lines: an indented block is expected below it\n"
        "   1 | def f(x):\n"
        "     |     ^");
  CHECK(parse_error("def f(x):\n    y = x\n      z = y\n    return z\n") ==
        "my.py:3:7: this line is indented, but nothing above it opens a block\n"
        "   3 |       z = y\n"
        "     |       ^");
  CHECK(parse_error("def f(x):\n    if x:\n        y = x\n      z = y\n") ==
        "my.py:4:7: this line is indented by 6 columns, as no block above it is\n"
        "   4 |       z = y\n"
        "     |       ^\n"
        "  write instead: the indentation of a line above, with spaces alone");
  CHECK(parse_error("def f(x):\n    if x:\n        y = x\n\tz = y\n") ==
        "my.py:4:2: tabs and spaces are mixed: how deep this line is depends on the width of a "
        "tab\n"
        "   4 |     z = y\n"
        "     |     ^\n"
        "  write instead: spaces alone");
  CHECK(parse_error("  x = 1\n") ==
        "my.py:1:3: this line is indented, but nothing above it opens a block\n"
        "   1 |   x = 1\n"
        "     |   ^");
}

TEST_CASE("empty texts have no functions") {
  CHECK(parse_module("my.py", "").functions.empty());
  CHECK(parse_module("my.py", " \n\t\n\xef\xbb\xbf").notes.size() == 1);
  CHECK(parse_module("my.py",
                     "\xef\xbb\xbf"
                     "def f(x): return x\r\n")
            .functions.size() == 1);
}

std::string repeated(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

TEST_CASE("long lines and deep nesting are read or refused, in linear time") {
  const std::string head = "def f(x): return ";
  CHECK(parse_error(head + repeated("x + ", 200'000) + "x").empty());
  CHECK(parse_error(head + repeated("-", 1'000'000) + "x").empty());
  CHECK(parse_error(head + "x" + repeated(" ** 1", 100'000)).empty());
  CHECK(parse_error(head + "(" + repeated("\n", 1'000'000) + "x)").empty());
  CHECK(parse_error(head + repeated("x + ", 1'000'000))
            .find("more than 1000000 names, numbers and operations are not read") !=
        std::string::npos);
  CHECK(parse_error(head + repeated("(", 10'000) + "x" + repeated(")", 10'000))
            .find("my.py:1:82: brackets are nested more than 64 deep") == 0);
  CHECK(parse_error(repeated("(", 10'000'000)).find("my.py:1:65: brackets") == 0);
  CHECK(parse_error(head + "x" + repeated(".T", 10'000)).find("nested too deep") !=
        std::string::npos);
  CHECK(parse_error(head + "x" + repeated("()", 10'000)).find("nested too deep") !=
        std::string::npos);
  CHECK(
      parse_error(head + repeated("9", 10'000'000)).find("a number of more than 1000 characters") !=
      std::string::npos);
  CHECK(parse_error(head + repeated("a", 10'000'000)).find("a name of more than 200 bytes") !=
        std::string::npos);
  CHECK(
      parse_error("def f(x):\n    '''" + repeated("a", 10'000'000) + "'''\n    return x").empty());
  CHECK(parse_error("# " + repeated("a", 10'000'000) + "\n").empty());
  CHECK(parse_module("my.py", repeated("x = 1\n", 100'000)).notes.back() ==
        "passed over: 99900 more lines");
}

}  // namespace
}  // namespace backstep::read
