// Python's operators: a table of what each does to two numbers, and to arrays.
#include "engine/read/operations.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "engine/primitives/primitives.h"
#include "engine/read/python_numbers.h"

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

Var divided_by(Var a, double number) { return a / number; }

Var raised(Var a, double exponent) {
  if (exponent == 2) return square(a);
  if (exponent == -1) return invert(a);
  if (exponent == 0.5) return sqrt(a);
  return power(a, exponent);
}

Var one_over(Var a, double) { return invert(a); }

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
                 [](Var a, Var b) { return a / b; }, divided_by, nullptr},
    OperatorRule{Operator::kMatmul, "@", nullptr, [](Var a, Var b) { return matmul(a, b); },
                 nullptr, nullptr},
    OperatorRule{Operator::kPower, "**", [](double a, double b) { return std::pow(a, b); }, nullptr,
                 raised, [](Var a, double n) { return exponentiate(n, a); }},
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

Value fold(const OperatorRule& rule, std::size_t byte, const Operand& left, const Operand& right) {
  const Scalar& a = *left.value.scalar();
  const Scalar& b = *right.value.scalar();
  const auto refuse = [&](std::string_view message) {
    throw ReadError(*left.source, byte, message);
  };
  if (rule.numbers == nullptr) {
    refuse(fmt::format("`{}` takes arrays, not two numbers", rule.text));
  }
  if (is_comparison(rule.op)) return scalar(rule.numbers(a.value, b.value), NumberType::kBool);
  try {
    return {arithmetic(rule.op, a, b)};
  } catch (const Error& error) {
    refuse(error.what());
  }
  return {};
}

void check_masks(const OperatorRule& rule, std::size_t byte, const Operand& a) {
  if (rule.op == Operator::kAdd) {
    throw ReadError(*a.source, byte, "the sum of two masks is their `or` in NumPy, not a sum",
                    "np.maximum(a, b) for `or`, 1.0 * a + b for a sum");
  }
  if (rule.op == Operator::kSubtract) {
    throw ReadError(*a.source, byte,
                    fmt::format("NumPy has no `{}` for two masks of True and False", rule.text),
                    fmt::format("1.0 * a {} b", rule.text));
  }
  if (rule.op == Operator::kMatmul) {
    throw ReadError(*a.source, byte,
                    "the product of two matrices of True and False is True and "
                    "False in NumPy, not a sum",
                    "(1.0 * a) @ b");
  }
}

// Powers of whole numbers stay whole numbers, and those of True and False are 8 bits wide.
void check_power(std::size_t byte, const Operand& a, const Operand& b, const Array& base,
                 const Array& exponent) {
  if (base.type == NumberType::kFloat || exponent.type == NumberType::kFloat) return;
  if (base.is_mask()) {
    throw ReadError(*a.source, byte, "a power of True and False is an integer of 8 bits in NumPy",
                    "1.0 * a, and then the power");
  }
  const Scalar* number = b.value.scalar();
  if (number == nullptr || number->value < 0) {
    throw ReadError(*a.source, byte, "NumPy raises integers to integer powers of 0 and above only",
                    "1.0 * a, and then the power");
  }
}

// How large an element of an integer result may be.
double most_of(Operator op, const Array& a, const Array& b, double terms) {
  switch (op) {
    case Operator::kAdd:
    case Operator::kSubtract:
      return a.most + b.most;
    case Operator::kMultiply:
      return a.most * b.most;
    case Operator::kMatmul:
      return a.most * b.most * terms;
    case Operator::kPower:
      return std::pow(a.most, b.most);
    default:
      return 1;
  }
}

// What the result of an operator holds, as NumPy has it. Throws ReadError where NumPy raises, and
// where its numbers would not be exact here.
Array kind_of_result(const OperatorRule& rule, std::size_t byte, const Operand& left,
                     const Operand& right) {
  const Array a = kind_of(left.value);
  const Array b = kind_of(right.value);
  if (is_comparison(rule.op)) return {{}, NumberType::kBool, 1};
  if (a.is_mask() && b.is_mask()) check_masks(rule, byte, left);
  if (rule.op == Operator::kPower) check_power(byte, left, right, a, b);
  if (rule.op == Operator::kDivide) return {};
  Array result;
  result.type = std::max(a.type, b.type);
  if (result.type == NumberType::kFloat) return result;
  const double terms = left.value.array() != nullptr ? left.value.array()->shape().cols() : 1;
  result.most = most_of(rule.op, a, b, terms);
  check_exact(left, byte, result);
  return result;
}

// Of integers there is no -0, which a product of doubles gives, and a division by it shows.
Var without_minus_zero(Var var) { return var + 0; }

bool may_be_minus_zero(Operator op, const Array& result, const Scalar* number) {
  const bool is_product = op == Operator::kMultiply && result.type == NumberType::kInteger;
  return is_product && (number == nullptr || number->value <= 0);
}

void check_product(std::size_t byte, const Operand& a, const Operand& b) {
  const bool left = a.value.array()->shape().ndim() == 0;
  if (left || b.value.array()->shape().ndim() == 0) {
    throw ReadError(*a.source, byte,
                    fmt::format("`@` takes matrices and vectors, and {} is a single number",
                                described(left ? a : b)),
                    "`*`")
        .about_shapes();
  }
}

// (N, 1) with (N,): NumPy makes an (N, N) of them without a word.
void note_outer(Draft& draft, const OperatorRule& rule, std::size_t byte, const Operand& a,
                const Operand& b) {
  const Shape left = a.value.array()->shape();
  const Shape right = b.value.array()->shape();
  const auto is_column_and_row = [](const Shape& column, const Shape& row) {
    return column.ndim() == 2 && row.ndim() == 1 && column[1] == 1 && column[0] == row[0] &&
           row[0] > 1;
  };
  if (!is_column_and_row(left, right) && !is_column_and_row(right, left)) return;
  draft.notes.push_back(
      fmt::format("line {}: {} {} {} is {}, every number of the one with every number of the "
                  "other; if each was "
                  "to meet its own, keepdims=True or .reshape(-1, 1) gives both one shape",
                  a.source->line(byte), described(a), rule.text, described(b),
                  to_string(common_shape(left, right))));
}

Value of_arrays(Draft& draft, const OperatorRule& rule, std::size_t byte, const Operand& a,
                const Operand& b, Array result) {
  if (rule.op == Operator::kPower) {
    throw ReadError(*a.source, byte,
                    fmt::format("the exponent {} is an array: `**` takes a number", described(b)),
                    "np.exp(b * np.log(a)), or an exponent that is a number");
  }
  if (rule.op == Operator::kMatmul) {
    check_product(byte, a, b);
  } else {
    note_outer(draft, rule, byte, a, b);
  }
  const Var left = a.value.array()->var;
  const Var right = b.value.array()->var;
  const bool is_cleared = may_be_minus_zero(rule.op, result, nullptr);
  result.var = draft.make({&a, &b}, byte, [&] {
    const Var made = rule.arrays(left, right);
    return is_cleared ? without_minus_zero(made) : made;
  });
  return {result};
}

Value with_number(Draft& draft, const OperatorRule& rule, std::size_t byte, const Operand& array,
                  const Scalar& scalar, OfArrayAndNumber apply, Array result) {
  const double number = scalar.value;
  const bool root_of_sign = rule.op == Operator::kPower && apply != raised && !(number > 0);
  if (root_of_sign) {
    throw ReadError(*array.source, byte,
                    fmt::format("{} to the power of an array is read for numbers above 0", number));
  }
  const Var from = array.value.array()->var;
  const bool is_cleared = may_be_minus_zero(rule.op, result, &scalar);
  result.var = draft.make({&array}, byte, [&] {
    const Var made = apply(from, number);
    return is_cleared ? without_minus_zero(made) : made;
  });
  return {result};
}

bool is_constant_scalar(const Value& value) {
  const Array* array = value.array();
  if (array == nullptr) return false;
  const Node& node = array->var.graph().node(array->var.id());
  return node.role == Role::kConstant && node.primitive == nullptr && node.shape.ndim() == 0;
}

std::string_view word_for(const Value& value) {
  if (value.is_none()) return "None";
  if (value.tuple() != nullptr) return value.tuple()->is_list ? "a list" : "a tuple";
  if (value.dictionary() != nullptr) return "a dictionary";
  if (value.object() != nullptr) return "an object";
  if (value.type() != nullptr) return "a class";
  if (value.method() != nullptr) return "a method";
  if (value.callable() != nullptr) return "a function";
  if (value.iterator() != nullptr) return "an iterator";
  return "a text";
}

}  // namespace

Array kind_of(const Value& value) {
  if (const Array* array = value.array()) return {{}, array->type, array->most};
  const Scalar* number = value.scalar();
  if (number == nullptr) return {};
  return {{}, number->type, std::fabs(number->value)};
}

std::string described(const Operand& operand) {
  const std::string text = shortened(operand.text());
  if (const Array* array = operand.value.array()) {
    return fmt::format("{} {}", text, to_string(array->shape()));
  }
  if (operand.value.scalar() != nullptr) return fmt::format("the number {}", text);
  const std::string_view kind = word_for(operand.value);
  return text == kind ? text : fmt::format("{}, which is {},", text, kind);
}

// Throws ReadError for what is neither an array nor a number.
void as_operand(const Operand& operand) {
  if (operand.value.array() != nullptr || operand.value.scalar() != nullptr) return;
  if (operand.value.is_none()) {
    operand.refuse(fmt::format("{} has no value yet: it is None here", shortened(operand.text())),
                   "the line that sets it above this one");
  }
  operand.refuse(fmt::format("an array or a number is expected, not {}", described(operand)));
}

Array as_array(Draft& draft, const Operand& operand) {
  as_operand(operand);
  if (const Array* array = operand.value.array()) return *array;
  const Scalar& number = *operand.value.scalar();
  Array array = kind_of(operand.value);
  array.var = draft.graph.leaf(Role::kConstant, {}, {}, number.value);
  return array;
}

namespace {

// Adds the numbers of a list, row by row, and gives its shape; all lists within are to be alike.
Shape take_list(const Operand& list, const Value& value, std::vector<double>& numbers,
                NumberType& type) {
  if (const Scalar* number = value.scalar()) {
    numbers.push_back(number->value);
    type = std::max(type, number->type);
    return {};
  }
  const Tuple* items = value.tuple();
  if (items == nullptr) {
    list.refuse(fmt::format("a list of arrays or texts is not read here, and {} holds such",
                            shortened(list.text())),
                "np.stack((a, b)) for arrays");
  }
  std::vector<std::int64_t> sides = {static_cast<std::int64_t>(items->items->size())};
  for (std::size_t i = 0; i < items->items->size(); ++i) {
    const Shape inner = take_list(list, (*items->items)[i], numbers, type);
    const std::vector<std::int64_t> all(inner.begin(), inner.end());
    if (i == 0) sides.insert(sides.end(), all.begin(), all.end());
    if (!std::equal(all.begin(), all.end(), sides.begin() + 1, sides.end())) {
      list.refuse(fmt::format("the lists in {} differ in length", shortened(list.text())));
    }
  }
  try {
    return checked_shape(sides);
  } catch (const Error& error) {
    list.refuse(error.what());
  }
}

}  // namespace

Array array_of_list(Draft& draft, const Operand& list) {
  std::vector<double> numbers;
  Array array{{}, NumberType::kBool};
  const Shape shape = take_list(list, list.value, numbers, array.type);
  for (const double number : numbers) array.most = std::max(array.most, std::fabs(number));
  array.var = draft.graph.constant(shape, std::move(numbers));
  draft.name_step(array.var.id(), "array");
  return array;
}

double number_of(const Operand& operand, std::string_view use) {
  if (const Scalar* number = operand.value.scalar()) return number->value;
  refuse_unknown(operand,
                 fmt::format("{} is to be a number that is known as the function is read, not {}",
                             use, described(operand)));
}

void refuse_unknown(const Operand& operand, std::string_view message, std::string_view instead) {
  const ReadError error(*operand.source, operand.range.begin, message, instead);
  const Array* array = operand.value.array();
  throw array == nullptr ? error : error.wanting(array->var.id());
}

namespace {

// `&`, `|` and `^` of masks; `//` and `%` of arrays have no gradient.
Value of_masks(Draft& draft, Operator op, std::size_t byte, const Operand& a, const Operand& b) {
  const bool is_division = op == Operator::kFloorDivide || op == Operator::kModulo;
  if (is_division) {
    throw ReadError(*a.source, byte,
                    fmt::format("`{}` of an array is not read: it has no gradient",
                                op == Operator::kModulo ? "%" : "//"),
                    "`/`, or numbers that are worked out already");
  }
  const std::string_view sign = op == Operator::kBitAnd ? "&" : op == Operator::kBitOr ? "|" : "^";
  if (kind_of(a.value).type != NumberType::kBool || kind_of(b.value).type != NumberType::kBool) {
    throw ReadError(*a.source, byte,
                    fmt::format("`{}` takes masks of True and False, not {}", sign,
                                described(kind_of(a.value).is_mask() ? b : a)),
                    op == Operator::kBitXor ? "`**` for a power" : "masks: (x > 0) & (x < 1)");
  }
  const Array left = as_array(draft, a);
  const Array right = as_array(draft, b);
  Array result{{}, NumberType::kBool, 1};
  result.var = draft.make({&a, &b}, byte, [&] {
    if (op == Operator::kBitAnd) return left.var * right.var;
    return op == Operator::kBitOr ? maximum(left.var, right.var) : not_equal(left.var, right.var);
  });
  return {result};
}

}  // namespace

Value apply_operator(Draft& draft, Operator op, std::size_t byte, const Operand& a,
                     const Operand& b) {
  const bool has_rule = std::any_of(kRules.begin(), kRules.end(),
                                    [op](const OperatorRule& rule) { return rule.op == op; });
  if (!has_rule) {
    as_operand(a);
    as_operand(b);
    return of_masks(draft, op, byte, a, b);
  }
  const OperatorRule& rule = rule_of(op);
  const Scalar* left = a.value.scalar();
  const Scalar* right = b.value.scalar();
  if (left != nullptr && right != nullptr) return fold(rule, byte, a, b);
  if (left == nullptr) as_operand(a);
  if (right == nullptr) as_operand(b);
  const Array result = kind_of_result(rule, byte, a, b);
  if (right != nullptr && a.value.array() != nullptr && rule.number_right != nullptr) {
    return with_number(draft, rule, byte, a, *right, rule.number_right, result);
  }
  const bool is_one_over = rule.op == Operator::kDivide && left != nullptr && left->value == 1;
  const OfArrayAndNumber of_left = is_one_over ? one_over : rule.number_left;
  if (left != nullptr && b.value.array() != nullptr && of_left != nullptr) {
    return with_number(draft, rule, byte, b, *left, of_left, result);
  }
  const Operand first{{as_array(draft, a)}, a.source, a.range};
  const Operand second{{as_array(draft, b)}, b.source, b.range};
  return of_arrays(draft, rule, byte, first, second, result);
}

void check_exact(const Operand& operand, std::size_t byte, const Array& result) {
  if (result.type == NumberType::kFloat || result.most < kIntegerLimit) return;
  throw ReadError(*operand.source, byte,
                  "these integers may pass 2**53, beyond which not each is a number here",
                  "1.0 * the array, to go on with floats");
}

Value with_sign(Draft& draft, const Operand& a, bool minus) {
  if (const Scalar* number = a.value.scalar()) {
    try {
      return {with_sign(*number, minus)};
    } catch (const Error& error) {
      a.refuse(error.what());
    }
  }
  Array array = as_array(draft, a);
  if (array.is_mask()) {
    a.refuse("NumPy has no sign for a mask of True and False",
             minus ? "-1.0 * mask" : "1.0 * mask");
  }
  if (!minus) return {array};
  array.var = draft.make({&a}, a.range.begin, [&] {
    return array.type == NumberType::kInteger ? without_minus_zero(-array.var) : -array.var;
  });
  return {array};
}

Value inverted(Draft& draft, const Operand& a) {
  if (const Scalar* number = a.value.scalar()) {
    if (number->type == NumberType::kFloat) {
      a.refuse("`~` takes a mask or an integer, not a number with a decimal point");
    }
    const bool is_mask = number->is_numpy && number->type == NumberType::kBool;
    if (is_mask) return {Scalar{1 - number->value, NumberType::kBool, true}};
    return {Scalar{-number->value - 1, NumberType::kInteger, number->is_numpy}};
  }
  Array array = as_array(draft, a);
  if (!array.is_mask()) {
    a.refuse(fmt::format("`~` takes a mask of True and False, not {}", described(a)),
             "1 - x for numbers of 0 and 1");
  }
  array.var = draft.make({&a}, a.range.begin, [&] {
    return equal(array.var, draft.graph.leaf(Role::kConstant, {}, {}, 0));
  });
  return {array};
}

const Array* variance_of_deviation(const Operand& variance, const Operand& epsilon) {
  const bool is_epsilon = epsilon.value.scalar() != nullptr || is_constant_scalar(epsilon.value);
  return is_epsilon && !is_constant_scalar(variance.value) ? variance.value.array() : nullptr;
}

Value deviation(Draft& draft, std::size_t byte, const Operand& variance, const Operand& epsilon) {
  const Var under_root = variance.value.array()->var;
  const Array e = as_array(draft, epsilon);
  const Var var =
      draft.make({&variance, &epsilon}, byte, [&] { return sqrt_eps(under_root, e.var); });
  return {Array{var}};
}

}  // namespace backstep::read
