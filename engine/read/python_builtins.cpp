// One function each for the built-in functions of Python, and the table of them.
#include "engine/read/python_builtins.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include "engine/read/operations.h"
#include "engine/read/python_numbers.h"
#include "engine/text.h"

namespace backstep::read {
namespace {

using Arguments = std::vector<Operand>;

Value whole(const Operand& operand, double value) {
  try {
    return {integer(value)};
  } catch (const Error& error) {
    operand.refuse(error.what());
  }
}

const Scalar& number(const CallSite& site, const Operand& operand, std::string_view instead = {}) {
  if (const Scalar* scalar = operand.value.scalar()) return *scalar;
  refuse_unknown(operand,
                 fmt::format("{}() takes numbers that are known as the function is read, not {}",
                             site.name, described(operand)),
                 instead);
}

Value absolute(const CallSite& site, const Arguments& arguments) {
  if (arguments[0].value.array() != nullptr) return call_numpy(site, "abs", {arguments, {}});
  const Scalar& a = number(site, arguments[0]);
  return {with_sign(a, std::signbit(a.value))};
}

Value length(const CallSite& site, const Arguments& arguments) {
  const Operand& of = arguments[0];
  if (const Tuple* tuple = of.value.tuple()) {
    return whole(of, static_cast<double>(tuple->items->size()));
  }
  if (const Dictionary* dictionary = of.value.dictionary()) {
    return whole(of, static_cast<double>(dictionary->items->size()));
  }
  if (const Word* word = of.value.word(); word != nullptr && word->kind == Word::Kind::kText) {
    double characters = 0;
    for (std::size_t at = 0; at < word->text.size(); ++characters) {
      at += character_at(word->text, at).bytes;
    }
    return whole(of, characters);
  }
  const Array* array = of.value.array();
  if (array == nullptr || array->shape().ndim() == 0) {
    of.refuse(array == nullptr ? fmt::format("{}() of {} is not read", site.name, described(of))
                               : "a single number has no length");
  }
  return whole(of, array->shape()[0]);
}

Value to_float(const CallSite& site, const Arguments& arguments) {
  const Operand& of = arguments[0];
  const Array* array = of.value.array();
  if (array != nullptr && array->shape().ndim() == 0) return {Array{array->var}};
  if (const Word* word = of.value.word(); word != nullptr && word->kind == Word::Kind::kText) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    if (word->text == "inf") return scalar(kInfinity);
    if (word->text == "-inf") return scalar(-kInfinity);
    if (word->text == "nan") return scalar(std::numeric_limits<double>::quiet_NaN());
  }
  return scalar(number(site, of).value);
}

Value to_int(const CallSite& site, const Arguments& arguments) {
  return whole(arguments[0], std::trunc(number(site, arguments[0]).value));
}

Value to_bool(const CallSite& site, const Arguments& arguments) {
  return scalar(number(site, arguments[0]).value != 0 ? 1 : 0, NumberType::kBool);
}

// Half to even, as in Python; with digits, by the decimal digits of the number.
Value rounded(const CallSite& site, const Arguments& arguments) {
  const Scalar& a = number(site, arguments[0]);
  if (a.is_numpy && (arguments.size() > 1 || a.type == NumberType::kBool)) {
    arguments[0].refuse("NumPy rounds its own numbers by rules of its own", "round(float(x), 2)");
  }
  if (arguments.size() == 1) return whole(arguments[0], std::nearbyint(a.value));
  constexpr double kMostDigits = 300;
  const Scalar& digits = number(site, arguments[1]);
  const bool fits = digits.type == NumberType::kInteger && digits.value >= 0;
  if (!fits || digits.value > kMostDigits) {
    arguments[1].refuse("round() to such a number of digits is not read");
  }
  if (a.type != NumberType::kFloat || !std::isfinite(a.value)) {
    return {a.type == NumberType::kFloat ? a : with_sign(a, false)};
  }
  const std::string text = fmt::format("{:.{}f}", a.value, static_cast<int>(digits.value));
  return scalar(std::strtod(text.c_str(), nullptr));
}

// The numbers of max(1, 2) or of max((1, 2)).
Arguments numbers_among(const Arguments& arguments) {
  const Tuple* tuple = arguments.size() == 1 ? arguments[0].value.tuple() : nullptr;
  if (tuple == nullptr) return arguments;
  Arguments items;
  for (const Value& item : *tuple->items) {
    items.push_back({item, arguments[0].source, arguments[0].range});
  }
  return items;
}

Value extreme(const CallSite& site, const Arguments& arguments, Operator better,
              std::string_view instead) {
  const Arguments items = numbers_among(arguments);
  if (items.empty()) arguments[0].refuse(fmt::format("{}() of nothing", site.name));
  if (arguments.size() == 1 && arguments[0].value.tuple() == nullptr) {
    arguments[0].refuse(fmt::format("{}() goes over rows here: that is not read", site.name),
                        instead);
  }
  Scalar best = number(site, items[0], instead);
  for (const Operand& item : items) {
    const Scalar& next = number(site, item, instead);
    if (arithmetic(better, next, best).value != 0) best = next;
  }
  return {best};
}

Value largest(const CallSite& site, const Arguments& arguments) {
  return extreme(site, arguments, Operator::kGreater,
                 arguments.size() == 1 ? "np.max(x)" : "np.maximum(a, b)");
}

Value smallest(const CallSite& site, const Arguments& arguments) {
  return extreme(site, arguments, Operator::kLess,
                 arguments.size() == 1 ? "np.min(x)" : "np.minimum(a, b)");
}

Value total(const CallSite& site, const Arguments& arguments) {
  if (arguments[0].value.tuple() == nullptr) {
    arguments[0].refuse(fmt::format("{}() goes over rows here: that is not read", site.name),
                        "np.sum(x, axis=0)");
  }
  Scalar sum = arguments.size() == 2 ? number(site, arguments[1]) : integer(0);
  for (const Operand& item : numbers_among({arguments[0]})) {
    sum = arithmetic(Operator::kAdd, sum, number(site, item, "a + b"));
  }
  return {sum};
}

// Its numbers are known, and it is the list of them.
Value counted(const CallSite& site, const Arguments& arguments) {
  constexpr double kMost = 1'000'000;
  std::array<double, 3> bounds = {0, 0, 1};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const Scalar& bound = number(site, arguments[i]);
    if (bound.type == NumberType::kFloat) {
      arguments[i].refuse("range() takes integers, not a number with a decimal point");
    }
    bounds[arguments.size() == 1 ? 1 : i] = bound.value;
  }
  const auto [start, stop, step] = bounds;
  if (step == 0) site.refuse("the step of range() cannot be 0");
  const double count = std::max(0.0, std::ceil((stop - start) / step));
  if (count > kMost) site.refuse("range() of more than a million numbers is not read");
  std::vector<Value> numbers;
  for (double i = 0; i < count; ++i) numbers.push_back(whole(arguments[0], start + i * step));
  Value list = tuple(std::move(numbers), true);
  std::get<Tuple>(list.kind).is_range = true;
  return list;
}

struct Builtin {
  std::string_view name;
  std::size_t least;
  std::size_t most;
  Value (*call)(const CallSite& site, const Arguments& arguments);
};

constexpr std::size_t kAny = 1000;

constexpr std::array kBuiltins = {
    Builtin{"abs", 1, 1, absolute},    Builtin{"bool", 1, 1, to_bool},
    Builtin{"float", 1, 1, to_float},  Builtin{"int", 1, 1, to_int},
    Builtin{"len", 1, 1, length},      Builtin{"max", 1, kAny, largest},
    Builtin{"min", 1, kAny, smallest}, Builtin{"range", 1, 3, counted},
    Builtin{"round", 1, 2, rounded},   Builtin{"sum", 1, 2, total},
};

// Those that go over items are run by the interpreter, which knows how.
constexpr std::array<std::string_view, 11> kOverItems = {"all",   "any", "dict",      "enumerate",
                                                         "list",  "map", "reversed",  "str",
                                                         "tuple", "zip", "isinstance"};

const Builtin* find(std::string_view name) {
  const auto* const found =
      std::find_if(kBuiltins.begin(), kBuiltins.end(),
                   [name](const Builtin& known) { return known.name == name; });
  return found == kBuiltins.end() ? nullptr : found;
}

}  // namespace

bool is_python_builtin(std::string_view name) {
  return find(name) != nullptr ||
         std::find(kOverItems.begin(), kOverItems.end(), name) != kOverItems.end();
}

Value call_builtin(const CallSite& site, std::string_view name, const CallArguments& arguments) {
  const Builtin* const found = find(name);
  if (found == nullptr) site.refuse(fmt::format("{}() is not read with these arguments", name));
  const Builtin& builtin = *found;
  const std::size_t count = arguments.positional.size();
  if (!arguments.keywords.empty()) {
    site.refuse(fmt::format("{}() is not read with {}=...", name,
                            shortened(arguments.keywords.front().name)));
  }
  if (count < builtin.least || count > builtin.most) {
    site.refuse(builtin.most == 1 ? fmt::format("{}() takes one argument", name)
                                  : fmt::format("{}() is not read with {} arguments", name, count));
  }
  try {
    return builtin.call(site, arguments.positional);
  } catch (const ReadError&) {
    throw;
  } catch (const Error& error) {
    site.refuse(error.what());
  }
}

}  // namespace backstep::read
