// The values of --set: constructors, arithmetic, lists, and what is refused before it is made.
#include "engine/read/values.h"

#include <doctest/doctest.h>

#include <cmath>

namespace backstep::read {
namespace {

Tensor value_of(const std::string& text, std::int64_t seed = 50) {
  LegacyRandom random(seed);
  return evaluate_input("--set x", text, random).numbers;
}

std::vector<double> numbers_of(const std::string& text) { return value_of(text).data(); }

// The message alone.
std::string error_of_value(const std::string& text) {
  try {
    value_of(text);
  } catch (const Error& error) {
    const std::string what = error.what();
    const std::size_t begin = what.find(": ");
    return what.substr(begin + 2, what.find('\n') - begin - 2);
  }
  return "";
}

using Numbers = std::vector<double>;

TEST_CASE("numbers and lists") {
  CHECK(numbers_of("3") == Numbers{3});
  CHECK(numbers_of(" -1e-6 ") == Numbers{-1e-6});
  CHECK(numbers_of("inf") == Numbers{std::numeric_limits<double>::infinity()});
  CHECK(value_of("3").shape() == Shape{});
  CHECK(numbers_of("[1, 2, -3]") == Numbers{1, 2, -3});
  CHECK(value_of("[1, 2, 3]").shape() == Shape{3});
  CHECK(value_of("[[1, 2, 3]]").shape() == Shape{1, 3});
  CHECK(value_of("[[[1], [2]]]").shape() == Shape{1, 2, 1});
  CHECK(value_of("[[1, 2], [3, 4]]").shape() == Shape{2, 2});
  CHECK(numbers_of("np.array([[1, 2], [3, 4]]).T") == Numbers{1, 3, 2, 4});
}

TEST_CASE("constructors, with NumPy's names") {
  CHECK(value_of("zeros(1,3)").shape() == Shape{1, 3});
  CHECK(value_of("zeros(3)").shape() == Shape{3});
  CHECK(value_of("zeros((3,))").shape() == Shape{3});
  CHECK(value_of("zeros(())").shape() == Shape{});
  CHECK(value_of("ones((2, 3, 4, 5))").shape() == Shape{2, 3, 4, 5});
  CHECK(value_of("arange(4)").shape() == Shape{4});
  CHECK(value_of("linspace(0, 1, 3)").shape() == Shape{3});
  CHECK(value_of("rand()").shape() == Shape{});
  CHECK(value_of("randn(2, 3, 4)").shape() == Shape{2, 3, 4});
  CHECK(value_of("one_hot(5, 3)").shape() == Shape{5, 3});
  CHECK(value_of("arange(24).reshape(2, 3, 4).T").shape() == Shape{4, 3, 2});
  CHECK(value_of("arange(3).T").shape() == Shape{3});
  CHECK(value_of("ones(3) * ones((2, 1))").shape() == Shape{2, 3});
  CHECK(numbers_of("np.zeros((1, 3))") == Numbers{0, 0, 0});
  CHECK(numbers_of("numpy.ones(2)") == Numbers{1, 1});
  CHECK(numbers_of("full((1,3),2)") == Numbers{2, 2, 2});
  CHECK(numbers_of("arange(6).reshape(2,3)") == Numbers{0, 1, 2, 3, 4, 5});
  CHECK(value_of("arange(6).reshape((3,-1))").shape() == Shape{3, 2});
  CHECK(numbers_of("arange(1, 2, 0.5)") == Numbers{1, 1.5});
  CHECK(numbers_of("linspace(0, 1, 3)") == Numbers{0, 0.5, 1});
  CHECK(numbers_of("eye(2)") == Numbers{1, 0, 0, 1});
  CHECK(numbers_of("2*ones(1,2)+1") == Numbers{3, 3});
  CHECK(numbers_of("-ones(1,2) / 2 ** 2 ** 1") == Numbers{-0.25, -0.25});
  CHECK(numbers_of("[1, 2] * [[1], [10]]") == Numbers{1, 2, 10, 20});
}

TEST_CASE("numbers are Python's: its precedence, and integers that are exact") {
  CHECK(numbers_of("2**-2**2") == Numbers{0.0625});
  CHECK(numbers_of("-2**-2") == Numbers{-0.25});
  CHECK(numbers_of("2**3**2") == Numbers{512});
  CHECK(numbers_of("(-3)**3 + 0x10 + 7 / 2") == Numbers{-27 + 16 + 3.5});
  CHECK(numbers_of("2**52 + (2**52 - 1)") == Numbers{9007199254740991});
  const std::string limit =
      "this integer reaches 2**53, from where on not every integer is a double: write it with a "
      "decimal point, as in 2.0**53";
  CHECK(error_of_value("2**53 + 1 - 2**53") == limit);
  CHECK(error_of_value("2**52 + 2**52") == limit);
  CHECK(numbers_of("2.0**53 + 1 - 2.0**53") == Numbers{0});
  CHECK(error_of_value("1 / 0") == "a number is divided by 0");
  CHECK(error_of_value("0 ** -1") == "0 ** -1 is no number that a double can be");
  CHECK(error_of_value("(-8) ** (1 / 3)") ==
        "-8 ** 0.3333333333333333 is no number that a double can be");
  CHECK(error_of_value("1 @ 2") == "only + - * / and ** are read in a value that is set");
}

TEST_CASE("operands are evaluated from the left, powers too") {
  LegacyRandom random(50);
  const Tensor base = random.rand(Shape{1, 2});
  const Tensor exponent = random.rand(Shape{1, 2});
  CHECK(numbers_of("rand(1, 2) ** rand(1, 2)") ==
        Numbers{std::pow(base(0, 0), exponent(0, 0)), std::pow(base(0, 1), exponent(0, 1))});
}

TEST_CASE("random numbers are those of NumPy, from one stream") {
  LegacyRandom random(50);
  const Tensor first = random.rand(Shape{2, 3});
  CHECK(numbers_of("rand(2,3)") == first.data());
  CHECK(numbers_of("np.random.rand(2,3)") == first.data());
  LegacyRandom normal(50);
  CHECK(numbers_of("random.randn(4, 3)") == normal.randn(Shape{4, 3}).data());
  const Tensor classes = value_of("one_hot(5, 3)");
  for (int row = 0; row < 5; ++row) {
    CHECK(classes(row, 0) + classes(row, 1) + classes(row, 2) == 1);
  }
}

TEST_CASE("what is no value is refused, before it is made") {
  const std::string most = ": more than 134217728 elements, the most one tensor may hold";
  CHECK(error_of_value("rand(10**9, 10**9)") == "shape (1000000000, 1000000000)" + most);
  CHECK(error_of_value("rand(10**10**10, 2)") ==
        "this integer reaches 2**53, from where on not every integer is a double: write it with a "
        "decimal point, as in 2.0**53");
  CHECK(error_of_value("rand(2**33, 2**31)") == "shape (8589934592, 2147483648)" + most);
  CHECK(error_of_value("arange(10**15)") == "shape (1000000000000000,)" + most);
  CHECK(error_of_value("ones(1, 20000) * ones(20000, 1)") == "shape (20000, 20000)" + most);
  CHECK(error_of_value("rand(-1, 3)") == "shape (-1, 3): each side must be at least 1");
  CHECK(error_of_value("rand(0, 3)") == "shape (0, 3): each side must be at least 1");
  CHECK(error_of_value("rand(1.5, 3)") == "a whole number is expected, not 1.5");
  CHECK(error_of_value("rand(1, 1, 1, 1, 1, 1, 1)") ==
        "shape (1, 1, 1, 1, 1, 1, 1): 7 sides, where an array may have 6");
  CHECK(error_of_value("normal(3, 3)") ==
        "normal makes no value here: rand, randn, zeros, ones, full, arange, linspace, eye, "
        "one_hot, array, random_sample do");
  CHECK(error_of_value("") == "the line ends where a value is expected");
  CHECK(error_of_value("rand(4, 3") == "'(' is never closed");
  CHECK(error_of_value("arange(6).reshape(4,2)") == "6 numbers do not fill the shape (4, 2)");
  CHECK(error_of_value("__import__('os').system('touch left')").find("makes no value") !=
        std::string::npos);
  CHECK(error_of_value("[[1, 2], [3]]") ==
        "(1,) stands in a list of (2,): all are to have one shape");
  CHECK(error_of_value("[[1], 2]") == "() stands in a list of (1,): all are to have one shape");
  CHECK(error_of_value("ones(2, 3) + ones(3, 2)") ==
        "shapes (2, 3) and (3, 2) do not fit together");
  CHECK(error_of_value("randn") ==
        "randn is no value: a number, a .npy file, a list or a constructor is expected");
  CHECK(error_of_value("rand(shape=3)") == "arguments with names are not read here");
  CHECK(error_of_value(std::string(10'000, '(') + "1").find("nested more than 64") !=
        std::string::npos);
  CHECK(error_of_value(std::string(100'000, '9')) == "a number of more than 1000 characters");
  CHECK(error_of_value("nowhere.npy").find("nowhere.npy") == std::string::npos);
  CHECK_THROWS_AS(value_of("nowhere.npy"), Error);
}

}  // namespace
}  // namespace backstep::read
