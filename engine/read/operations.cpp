// Python's operators: a table of what each does to two numbers, and to arrays.
#include "engine/read/operations.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "engine/primitives/primitives.h"

namespace backstep::read {
namespace {

using FoldNumbers = double (*)(double, double);
using OfArrays = Var (*)(Var, Var);
using OfArrayAndNumber = Var (*)(Var, double);

struct OperatorRule {
  Operator op;
  std::string_view text;
  FoldNumbers numbers;  // null where Python has none
  OfArrays arrays;      // null where the reader has none
  // With a number on one side; null where the number becomes a leaf.
  OfArrayAndNumber number_right;
  OfArrayAndNumber number_left;
};

Var divided_by(Var a, double number) { return 1 / number * a; }
Var divide_number(Var a, double number) { return number == 1 ? invert(a) : number * invert(a); }

Var raised(Var a, double exponent) {
  if (exponent == 2) return square(a);
  if (exponent == -1) return invert(a);
  if (exponent == 0.5) return sqrt(a);
  return power(a, exponent);
}

double truth(bool holds) { return holds ? 1 : 0; }

const std::array kRules = {
    OperatorRule{Operator::kAdd, "+", [](double a, double b) { return a + b; },
                 [](Var a, Var b) { return a + b; }, [](Var a, double n) { return a + n; },
                 [](Var a, double n) { return a + n; }},
    OperatorRule{Operator::kSubtract, "-", [](double a, double b) { return a - b; },
                 [](Var a, Var b) { return a - b; }, [](Var a, double n) { return a + -n; },
                 [](Var a, double n) { return n - a; }},
    OperatorRule{Operator::kMultiply, "*", [](double a, double b) { return a * b; },
                 [](Var a, Var b) { return a * b; }, [](Var a, double n) { return n * a; },
                 [](Var a, double n) { return n * a; }},
    OperatorRule{Operator::kDivide, "/", [](double a, double b) { return a / b; },
                 [](Var a, Var b) { return a / b; }, divided_by, divide_number},
    OperatorRule{Operator::kMatmul, "@", nullptr, [](Var a, Var b) { return matmul(a, b); },
                 nullptr, nullptr},
    OperatorRule{Operator::kPower, "**", [](double a, double b) { return std::pow(a, b); }, nullptr,
                 raised, [](Var a, double n) { return exp(std::log(n) * a); }},
    OperatorRule{Operator::kLess, "<", [](double a, double b) { return truth(a < b); }, less,
                 nullptr, nullptr},
    OperatorRule{Operator::kLessEqual, "<=", [](double a, double b) { return truth(a <= b); },
                 less_equal, nullptr, nullptr},
    OperatorRule{Operator::kGreater, ">", [](double a, double b) { return truth(a > b); }, greater,
                 nullptr, nullptr},
    OperatorRule{Operator::kGreaterEqual, ">=", [](double a, double b) { return truth(a >= b); },
                 greater_equal, nullptr, nullptr},
    OperatorRule{Operator::kEqual, "==", [](double a, double b) { return truth(a == b); }, equal,
                 nullptr, nullptr},
    OperatorRule{Operator::kNotEqual, "!=", [](double a, double b) { return truth(a != b); },
                 not_equal, nullptr, nullptr},
};

const OperatorRule& rule_of(Operator op) {
  return *std::find_if(kRules.begin(), kRules.end(),
                       [op](const OperatorRule& rule) { return rule.op == op; });
}

bool is_comparison(Operator op) { return op >= Operator::kLess; }

NumberType type_of_result(Operator op, const Scalar& a, const Scalar& b) {
  if (is_comparison(op)) return NumberType::kBool;
  const bool whole = a.type != NumberType::kFloat && b.type != NumberType::kFloat;
  const bool broken = op == Operator::kDivide || (op == Operator::kPower && b.value < 0);
  return whole && !broken ? NumberType::kInteger : NumberType::kFloat;
}

Value fold(const OperatorRule& rule, std::size_t byte, const Operand& left, const Operand& right) {
  const Scalar& a = *left.value.scalar();
  const Scalar& b = *right.value.scalar();
  const auto refuse = [&](std::string_view message) {
    throw ReadError(*left.source, byte, message);
  };
  if (rule.numbers == nullptr) {
    refuse(fmt::format("`{}` takes arrays, not two numbers", rule.text));
  }
  if (rule.op == Operator::kDivide && b.value == 0) refuse("a number is divided by 0");
  const double result = rule.numbers(a.value, b.value);
  const bool was_finite = std::isfinite(a.value) && std::isfinite(b.value);
  if (was_finite && !std::isfinite(result)) {
    refuse(fmt::format("{} {} {} is no number that a double can be", a.value, rule.text, b.value));
  }
  return scalar(result, type_of_result(rule.op, a, b));
}

void check_masks(const OperatorRule& rule, std::size_t byte, const Operand& a, const Operand& b) {
  const Array* left = a.value.array();
  const Array* right = b.value.array();
  const bool two_masks = left != nullptr && right != nullptr && left->is_mask && right->is_mask;
  if (!two_masks) return;
  if (rule.op == Operator::kAdd) {
    throw ReadError(*a.source, byte, "the sum of two masks is their `or` in NumPy, not a sum",
                    "np.maximum(a, b) for `or`, 1.0 * a + b for a sum");
  }
  if (rule.op == Operator::kSubtract || rule.op == Operator::kDivide) {
    throw ReadError(*a.source, byte,
                    fmt::format("NumPy has no `{}` for two masks of True and False", rule.text),
                    fmt::format("1.0 * a {} b", rule.text));
  }
}

void check_product(std::size_t byte, const Operand& a, const Operand& b) {
  const int left = a.value.array()->dimensions;
  const int right = b.value.array()->dimensions;
  if (left == 0 || right == 0) {
    throw ReadError(
        *a.source, byte,
        fmt::format("`@` takes matrices, and {} is a single number", described(left == 0 ? a : b)),
        "`*`");
  }
  if (right == 1) {
    throw ReadError(*a.source, byte,
                    fmt::format("{} is a vector here, as NumPy's sums along axis=0 are: `@` with "
                                "a vector on the right is not read",
                                described(b)),
                    "a column: np.sum(x, axis=0, keepdims=True).T");
  }
}

Value of_arrays(Draft& draft, const OperatorRule& rule, std::size_t byte, const Operand& a,
                const Operand& b) {
  if (rule.op == Operator::kPower) {
    throw ReadError(*a.source, byte,
                    fmt::format("the exponent {} is an array: `**` takes a number", described(b)),
                    "np.exp(b * np.log(a)), or an exponent that is a number");
  }
  if (rule.op == Operator::kMatmul) check_product(byte, a, b);
  const Array left = *a.value.array();
  const Array right = *b.value.array();
  Array result;
  result.var = draft.make({&a, &b}, byte, [&] { return rule.arrays(left.var, right.var); });
  result.dimensions =
      rule.op == Operator::kMatmul ? left.dimensions : std::max(left.dimensions, right.dimensions);
  result.is_mask = is_comparison(rule.op) || (left.is_mask && right.is_mask);
  return {result};
}

Value with_number(Draft& draft, const OperatorRule& rule, std::size_t byte, const Operand& array,
                  double number, OfArrayAndNumber apply) {
  const bool root_of_sign = rule.op == Operator::kPower && apply != raised && !(number > 0);
  if (root_of_sign) {
    throw ReadError(*array.source, byte,
                    fmt::format("{} to the power of an array is read for numbers above 0", number));
  }
  const Array& from = *array.value.array();
  const Var var = draft.make({&array}, byte, [&] { return apply(from.var, number); });
  return {Array{var, from.dimensions, false}};
}

bool is_constant_scalar(const Value& value) {
  const Array* array = value.array();
  if (array == nullptr) return false;
  const Node& node = array->var.graph().node(array->var.id());
  return node.role == Role::kConstant && node.primitive == nullptr && node.shape.is_scalar();
}

std::string_view kind_of(const Value& value) {
  if (value.is_none()) return "None";
  if (value.tuple() != nullptr) return "a tuple";
  if (value.dictionary() != nullptr) return "a dictionary";
  return "a text";
}

}  // namespace

std::string described(const Operand& operand) {
  const std::string text = shortened(operand.text());
  if (const Array* array = operand.value.array()) {
    return fmt::format("{} {}", text, to_string(array->var.shape()));
  }
  if (operand.value.scalar() != nullptr) return fmt::format("the number {}", text);
  const std::string_view kind = kind_of(operand.value);
  return text == kind ? text : fmt::format("{}, which is {},", text, kind);
}

Array as_array(Draft& draft, const Operand& operand) {
  if (const Array* array = operand.value.array()) return *array;
  if (const Scalar* number = operand.value.scalar()) {
    return {draft.graph.leaf(Role::kConstant, {1, 1}, {}, number->value), 0,
            number->type == NumberType::kBool};
  }
  if (operand.value.is_none()) {
    operand.refuse(fmt::format("{} has no value yet: it is None here", shortened(operand.text())),
                   "the line that sets it above this one");
  }
  operand.refuse(fmt::format("an array or a number is expected, not {}", described(operand)));
}

double number_of(const Operand& operand, std::string_view use) {
  if (const Scalar* number = operand.value.scalar()) return number->value;
  operand.refuse(fmt::format("{} is to be a number that is known as the function is read, not {}",
                             use, described(operand)));
}

Value apply_operator(Draft& draft, Operator op, std::size_t byte, const Operand& a,
                     const Operand& b) {
  const OperatorRule& rule = rule_of(op);
  const Scalar* left = a.value.scalar();
  const Scalar* right = b.value.scalar();
  if (left != nullptr && right != nullptr) return fold(rule, byte, a, b);
  check_masks(rule, byte, a, b);
  if (right != nullptr && a.value.array() != nullptr && rule.number_right != nullptr) {
    return with_number(draft, rule, byte, a, right->value, rule.number_right);
  }
  if (left != nullptr && b.value.array() != nullptr && rule.number_left != nullptr) {
    return with_number(draft, rule, byte, b, left->value, rule.number_left);
  }
  const Operand first{{as_array(draft, a)}, a.source, a.range};
  const Operand second{{as_array(draft, b)}, b.source, b.range};
  return of_arrays(draft, rule, byte, first, second);
}

Value negative(Draft& draft, const Operand& a) {
  if (const Scalar* number = a.value.scalar()) {
    const NumberType type = number->type == NumberType::kBool ? NumberType::kInteger : number->type;
    return scalar(-number->value, type);
  }
  const Array array = as_array(draft, a);
  if (array.is_mask) {
    a.refuse("NumPy has no sign for a mask of True and False", "-1.0 * mask");
  }
  const Var var = draft.make({&a}, a.range.begin, [&] { return -array.var; });
  return {Array{var, array.dimensions, false}};
}

const Array* variance_of_deviation(const Operand& variance, const Operand& epsilon) {
  const bool is_epsilon = epsilon.value.scalar() != nullptr || is_constant_scalar(epsilon.value);
  return is_epsilon && !is_constant_scalar(variance.value) ? variance.value.array() : nullptr;
}

Value deviation(Draft& draft, std::size_t byte, const Operand& variance, const Operand& epsilon) {
  const Array& under_root = *variance.value.array();
  const Array e = as_array(draft, epsilon);
  const Var var =
      draft.make({&variance, &epsilon}, byte, [&] { return sqrt_eps(under_root.var, e.var); });
  return {Array{var, under_root.dimensions, false}};
}

}  // namespace backstep::read
