// The functions of NumPy that are read: a table of names, parameters and what each becomes.
#include "engine/read/numpy_functions.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/primitives/primitives.h"
#include "engine/read/nearest.h"
#include "engine/read/operations.h"

namespace backstep::read {
namespace {

// A call whose arguments are sorted by the parameters of its function.
struct BoundCall {
  const CallSite& site;
  std::vector<const Operand*> arguments;  // null where the text gives none

  const Operand& operator[](std::size_t i) const { return *arguments[i]; }
  const Operand* optional(std::size_t i) const {
    return i < arguments.size() ? arguments[i] : nullptr;
  }
};

using Handler = Value (*)(const BoundCall& call);

// ---- element by element ----------------------------------------------------------------------

template <auto kOfArray, auto kOfNumber>
Value elementwise(const BoundCall& call) {
  const Operand& a = call[0];
  if (const Scalar* number = a.value.scalar()) {
    const double result = kOfNumber(number->value);
    if (std::isfinite(result) || !std::isfinite(number->value)) return scalar(result);
    a.refuse(fmt::format("{} of {} is no number", call.site.name, number->value));
  }
  const Array array = as_array(call.site.draft, a);
  const Var var =
      call.site.draft.make({&a}, call.site.range.begin, [&] { return kOfArray(array.var); });
  return {Array{var, array.dimensions, false}};
}

template <Operator kOperator>
Value binary(const BoundCall& call) {
  return apply_operator(call.site.draft, kOperator, call.site.range.begin, call[0], call[1]);
}

Value negate(const BoundCall& call) { return negative(call.site.draft, call[0]); }

bool is_number(const Operand& operand, double number) {
  const Scalar* scalar = operand.value.scalar();
  return scalar != nullptr && scalar->value == number;
}

Value two_arrays(const BoundCall& call, Var (*make)(Var, Var)) {
  Draft& draft = call.site.draft;
  const Operand a{{as_array(draft, call[0])}, call[0].source, call[0].range};
  const Operand b{{as_array(draft, call[1])}, call[1].source, call[1].range};
  const Array& left = *a.value.array();
  const Array& right = *b.value.array();
  const Var var =
      draft.make({&a, &b}, call.site.range.begin, [&] { return make(left.var, right.var); });
  return {Array{var, std::max(left.dimensions, right.dimensions), left.is_mask && right.is_mask}};
}

Value rectified(const BoundCall& call, const Operand& a) {
  const Array array = as_array(call.site.draft, a);
  const Var var =
      call.site.draft.make({&a}, call.site.range.begin, [&] { return relu(array.var); });
  return {Array{var, array.dimensions, false}};
}

Value maximum_of(const BoundCall& call) {
  const Scalar* a = call[0].value.scalar();
  const Scalar* b = call[1].value.scalar();
  // A NaN on either side stays, as in NumPy.
  if (a != nullptr && b != nullptr) return {a->value >= b->value || std::isnan(a->value) ? *a : *b};
  if (is_number(call[1], 0)) return rectified(call, call[0]);
  if (is_number(call[0], 0)) return rectified(call, call[1]);
  return two_arrays(call, maximum);
}

Value minimum_of(const BoundCall& call) {
  const Scalar* a = call[0].value.scalar();
  const Scalar* b = call[1].value.scalar();
  if (a != nullptr && b != nullptr) return {a->value <= b->value || std::isnan(a->value) ? *a : *b};
  return two_arrays(call, minimum);
}

Value where_of(const BoundCall& call) {
  Draft& draft = call.site.draft;
  const Array mask = as_array(draft, call[0]);
  const Array a = as_array(draft, call[1]);
  const Array b = as_array(draft, call[2]);
  const Var var = draft.make({&call[0], &call[1], &call[2]}, call.site.range.begin,
                             [&] { return where(mask.var, a.var, b.var); });
  return {
      Array{var, std::max({mask.dimensions, a.dimensions, b.dimensions}), a.is_mask && b.is_mask}};
}

// ---- along an axis ---------------------------------------------------------------------------

struct Reduction {
  Axis axis = Axis::kAll;
  int dimensions = 0;  // of the result
};

bool is_true(const Operand* operand) {
  return operand != nullptr && number_of(*operand, "keepdims") != 0;
}

// The axes that the text names: none, or numbers.
std::vector<double> written_axes(const Operand* axis) {
  if (axis == nullptr || axis->value.is_none()) return {};
  if (const Tuple* tuple = axis->value.tuple()) {
    std::vector<double> axes;
    for (const Value& item : *tuple->items) {
      axes.push_back(number_of({item, axis->source, axis->range}, "each axis"));
    }
    return axes;
  }
  return {number_of(*axis, "axis")};
}

// `f(x, axis=1)` as `f(x, axis=1, keepdims=True)`.
std::string with_keepdims(const CallSite& site) {
  constexpr std::size_t kLongest = 60;
  const std::string_view text = site.text();
  const bool fits = text.size() <= kLongest && text.back() == ')' &&
                    text.find("keepdims") == std::string_view::npos;
  if (!fits) return "keepdims=True as its last argument";
  return fmt::format("{}, keepdims=True)", text.substr(0, text.size() - 1));
}

[[noreturn]] void refuse_axis(const Operand& axis, int dimensions) {
  constexpr std::array<std::string_view, 3> kHas = {
      "a single number has no axis", "a vector has axis 0 only",
      "an array here has axis 0 (the rows) and axis 1 (the columns)"};
  axis.refuse(fmt::format("axis={} is not there: {}", shortened(axis.text()),
                          kHas[static_cast<std::size_t>(dimensions)]));
}

Reduction reduction_of(const BoundCall& call, const Array& array, const Operand* axis,
                       const Operand* keepdims) {
  const bool keeps = is_true(keepdims);
  std::array<bool, 2> goes = {false, false};
  const std::vector<double> axes = written_axes(axis);
  for (const double written : axes) {
    const double from_start = written < 0 ? written + array.dimensions : written;
    if (!(from_start == 0 || from_start == 1) || from_start >= array.dimensions) {
      refuse_axis(*axis, array.dimensions);
    }
    goes[from_start == 0 ? 0 : 1] = true;
  }
  const bool all = axes.empty() || array.dimensions < 2 || (goes[0] && goes[1]);
  if (all) return {Axis::kAll, keeps ? array.dimensions : 0};
  if (goes[0]) return {Axis::kRows, keeps ? 2 : 1};
  if (!keeps) {
    call.site.refuse(
        fmt::format("{} along axis=1 needs keepdims=True: without it NumPy makes a vector of {} "
                    "numbers, which lines up with the columns and not with the rows",
                    call.site.name, array.var.shape().rows),
        with_keepdims(call.site));
  }
  return {Axis::kColumns, 2};
}

Value reduced_by(const BoundCall& call, const Operand* keepdims, Var (*make)(Var, Axis)) {
  const Operand& a = call[0];
  const Array array = as_array(call.site.draft, a);
  const Reduction reduction = reduction_of(call, array, call.optional(1), keepdims);
  const Var var = call.site.draft.make({&a}, call.site.range.begin,
                                       [&] { return make(array.var, reduction.axis); });
  return {Array{var, reduction.dimensions, false}};
}

// Of (a, axis, dtype, out, keepdims), and of (a, axis, out, keepdims).
Value sum_of(const BoundCall& call) { return reduced_by(call, call.optional(4), sum); }
Value mean_of(const BoundCall& call) { return reduced_by(call, call.optional(4), mean); }
Value max_of(const BoundCall& call) { return reduced_by(call, call.optional(3), max); }

// The variance in the steps that it is made of, which a diagram can close to one box.
Value spread(const BoundCall& call, bool root) {
  Draft& draft = call.site.draft;
  const Operand& a = call[0];
  const Array array = as_array(draft, a);
  const Reduction reduction = reduction_of(call, array, call.optional(1), call.optional(5));
  const double ddof = call.optional(4) == nullptr ? 0 : number_of(*call.optional(4), "ddof");
  const NodeId first = static_cast<NodeId>(draft.graph.size());
  const Var result = draft.make({&a}, call.site.range.begin, [&] {
    const Var centre = mean(array.var, reduction.axis);
    const Var squares = square(array.var - centre);
    const double count =
        static_cast<double>(array.var.shape().size()) / static_cast<double>(centre.shape().size());
    const Var variance = ddof == 0 ? mean(squares, reduction.axis)
                                   : 1 / (count - ddof) * sum(squares, reduction.axis);
    return root ? sqrt(variance) : variance;
  });
  const std::uint16_t group = draft.graph.add_group(root ? "std" : "var", draft.group);
  const NodeId end = static_cast<NodeId>(draft.graph.size());
  for (NodeId id = first; id < end; ++id) draft.graph.place(id).group = group;
  return {Array{result, reduction.dimensions, false}};
}

// Of (a, axis, dtype, out, ddof, keepdims).
Value var_of(const BoundCall& call) { return spread(call, false); }
Value std_of(const BoundCall& call) { return spread(call, true); }

// ---- matrices, shapes and constants ----------------------------------------------------------

Value dot(const BoundCall& call) {
  const auto is_single = [](const Operand& operand) {
    const Array* array = operand.value.array();
    return operand.value.scalar() != nullptr || (array != nullptr && array->dimensions == 0);
  };
  if (is_single(call[0]) || is_single(call[1])) return binary<Operator::kMultiply>(call);
  return binary<Operator::kMatmul>(call);
}

// NumPy leaves a vector as it is.
Value transposed(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  if (array.dimensions < 2) return {array};
  const Var var =
      call.site.draft.make({&call[0]}, call.site.range.begin, [&] { return transpose(array.var); });
  return {Array{var, 2, array.is_mask}};
}

Value copied(const BoundCall& call) {
  if (call[0].value.scalar() != nullptr) return call[0].value;
  const Array array = as_array(call.site.draft, call[0]);
  const Var var =
      call.site.draft.make({&call[0]}, call.site.range.begin, [&] { return copy(array.var); });
  return {Array{var, array.dimensions, array.is_mask}};
}

Value constant_array(const BoundCall& call, WrittenShape shape, double fill,
                     std::string_view name) {
  const Var var = call.site.draft.graph.leaf(Role::kConstant, shape.shape, {}, fill);
  call.site.draft.name_step(var.id(), name);
  return {Array{var, shape.dimensions, false}};
}

WrittenShape shape_like(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  return {array.var.shape(), array.dimensions};
}

Value ones(const BoundCall& call) {
  return constant_array(call, written_shape(call[0]), 1, "ones");
}
Value zeros(const BoundCall& call) {
  return constant_array(call, written_shape(call[0]), 0, "zeros");
}
Value full(const BoundCall& call) {
  const double fill = number_of(call[1], "the number that fills the array");
  return constant_array(call, written_shape(call[0]), fill, "full");
}
Value ones_like(const BoundCall& call) { return constant_array(call, shape_like(call), 1, "ones"); }
Value zeros_like(const BoundCall& call) {
  return constant_array(call, shape_like(call), 0, "zeros");
}
Value full_like(const BoundCall& call) {
  const double fill = number_of(call[1], "the number that fills the array");
  return constant_array(call, shape_like(call), fill, "full");
}

void check_float(const Operand& type) {
  const Word* word = type.value.word();
  const bool is_float = word != nullptr && (word->text.rfind("float", 0) == 0 ||
                                            word->text == "double" || word->text == "dtype");
  if (!is_float && !type.value.is_none()) {
    type.refuse(fmt::format("the type {} is not read: every number is a double here",
                            shortened(type.text())),
                "float, or no type");
  }
}

// `x.astype(float)`: the same numbers, and no mask any more.
Value as_float(const BoundCall& call) {
  if (call.optional(1) != nullptr) check_float(call[1]);
  if (const Scalar* number = call[0].value.scalar()) return scalar(number->value);
  Array array = as_array(call.site.draft, call[0]);
  array.is_mask = false;
  return {array};
}

Value clipped(const BoundCall& call) {
  Draft& draft = call.site.draft;
  const Array a = as_array(draft, call[0]);
  const Array low = as_array(draft, call[1]);
  const Array high = as_array(draft, call[2]);
  const Var var = draft.make({&call[0], &call[1], &call[2]}, call.site.range.begin,
                             [&] { return clip(a.var, low.var, high.var); });
  return {Array{var, std::max({a.dimensions, low.dimensions, high.dimensions}), false}};
}

Value broadcast_of(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const WrittenShape wanted = written_shape(call[1]);
  const Var var = call.site.draft.make({&call[0]}, call.site.range.begin,
                                       [&] { return broadcast(array.var, wanted.shape); });
  return {Array{var, wanted.dimensions, array.is_mask}};
}

// The sides of x.reshape(2, 3) or x.reshape((2, 3)), where -1 is what is left over.
std::vector<double> written_sides(const BoundCall& call) {
  std::vector<double> sides;
  if (const Tuple* tuple = call[1].value.tuple()) {
    for (const Value& item : *tuple->items) {
      sides.push_back(number_of({item, call[1].source, call[1].range}, "each side"));
    }
  } else {
    for (std::size_t i = 1; i < call.arguments.size(); ++i) {
      sides.push_back(number_of(call[i], "each side"));
    }
  }
  return sides;
}

// Only what moves no number within its row-major order: the same shape again, or a vector turned.
Value reshaped(const BoundCall& call) {
  const Array array = as_array(call.site.draft, call[0]);
  const double size = static_cast<double>(array.var.shape().size());
  std::vector<double> sides = written_sides(call);
  double known = 1;
  for (const double side : sides) known *= side < 0 ? 1 : side;
  for (double& side : sides) side = side < 0 ? size / known : side;
  const double rows = sides.size() == 2 ? sides[0] : 1;
  const double cols = sides.empty() || sides.size() > 2 ? 0 : sides.back();
  const Shape shape = array.var.shape();
  const int dimensions = static_cast<int>(sides.size());
  if (rows == shape.rows && cols == shape.cols) {
    return {Array{array.var, dimensions, array.is_mask}};
  }
  const bool is_line = shape.rows == 1 || shape.cols == 1;
  if (is_line && rows == shape.cols && cols == shape.rows) {
    const Var var = call.site.draft.make({&call[0]}, call.site.range.begin,
                                         [&] { return transpose(array.var); });
    return {Array{var, dimensions, array.is_mask}};
  }
  call.site.refuse(
      fmt::format("{} to another shape than its {} is not read", call.site.name, to_string(shape)),
      "the array in the shape that it is to have, as a parameter");
}

// ---- the table -------------------------------------------------------------------------------

struct NumpyFunction {
  std::string_view name;
  std::string_view parameters;  // in order; `*` takes what is left over
  std::size_t required = 1;
  bool is_method = false;  // x.name(...) too
  Handler handler = nullptr;
};

double sign_of(double a) { return a > 0 ? 1 : a < 0 ? -1 : a; }

constexpr std::string_view kUnary = "x out";
constexpr std::string_view kBinary = "x1 x2 out";
constexpr std::string_view kReduction = "a axis dtype out keepdims";
constexpr std::string_view kSpread = "a axis dtype out ddof keepdims";
constexpr std::string_view kMost = "a axis out keepdims";

template <auto kOfArray, auto kOfNumber>
constexpr NumpyFunction unary(std::string_view name) {
  return {name, kUnary, 1, false, elementwise<kOfArray, kOfNumber>};
}

constexpr std::array kFunctions = {
    unary<[](Var a) { return sqrt(a); }, [](double a) { return std::sqrt(a); }>("sqrt"),
    unary<[](Var a) { return square(a); }, [](double a) { return a * a; }>("square"),
    unary<[](Var a) { return exp(a); }, [](double a) { return std::exp(a); }>("exp"),
    unary<[](Var a) { return log(a); }, [](double a) { return std::log(a); }>("log"),
    unary<[](Var a) { return abs(a); }, [](double a) { return std::fabs(a); }>("abs"),
    unary<[](Var a) { return abs(a); }, [](double a) { return std::fabs(a); }>("absolute"),
    unary<[](Var a) { return abs(a); }, [](double a) { return std::fabs(a); }>("fabs"),
    unary<[](Var a) { return tanh(a); }, [](double a) { return std::tanh(a); }>("tanh"),
    unary<[](Var a) { return invert(a); }, [](double a) { return 1 / a; }>("reciprocal"),
    unary<[](Var a) { return sign(a); }, sign_of>("sign"),
    NumpyFunction{"negative", kUnary, 1, false, negate},
    NumpyFunction{"add", kBinary, 2, false, binary<Operator::kAdd>},
    NumpyFunction{"subtract", kBinary, 2, false, binary<Operator::kSubtract>},
    NumpyFunction{"multiply", kBinary, 2, false, binary<Operator::kMultiply>},
    NumpyFunction{"divide", kBinary, 2, false, binary<Operator::kDivide>},
    NumpyFunction{"true_divide", kBinary, 2, false, binary<Operator::kDivide>},
    NumpyFunction{"power", kBinary, 2, false, binary<Operator::kPower>},
    NumpyFunction{"float_power", kBinary, 2, false, binary<Operator::kPower>},
    NumpyFunction{"greater", kBinary, 2, false, binary<Operator::kGreater>},
    NumpyFunction{"greater_equal", kBinary, 2, false, binary<Operator::kGreaterEqual>},
    NumpyFunction{"less", kBinary, 2, false, binary<Operator::kLess>},
    NumpyFunction{"less_equal", kBinary, 2, false, binary<Operator::kLessEqual>},
    NumpyFunction{"equal", kBinary, 2, false, binary<Operator::kEqual>},
    NumpyFunction{"not_equal", kBinary, 2, false, binary<Operator::kNotEqual>},
    NumpyFunction{"maximum", kBinary, 2, false, maximum_of},
    NumpyFunction{"minimum", kBinary, 2, false, minimum_of},
    NumpyFunction{"where", "condition x y", 3, false, where_of},
    NumpyFunction{"clip", "a a_min a_max out", 3, true, clipped},
    NumpyFunction{"sum", kReduction, 1, true, sum_of},
    NumpyFunction{"mean", kReduction, 1, true, mean_of},
    NumpyFunction{"max", kMost, 1, true, max_of},
    NumpyFunction{"amax", kMost, 1, false, max_of},
    NumpyFunction{"var", kSpread, 1, true, var_of},
    NumpyFunction{"std", kSpread, 1, true, std_of},
    NumpyFunction{"dot", "a b out", 2, true, dot},
    NumpyFunction{"matmul", kBinary, 2, false, binary<Operator::kMatmul>},
    NumpyFunction{"transpose", "a", 1, true, transposed},
    NumpyFunction{"copy", "a", 1, true, copied},
    NumpyFunction{"ones", "shape dtype", 1, false, ones},
    NumpyFunction{"zeros", "shape dtype", 1, false, zeros},
    NumpyFunction{"full", "shape fill_value dtype", 2, false, full},
    NumpyFunction{"ones_like", "a dtype", 1, false, ones_like},
    NumpyFunction{"zeros_like", "a dtype", 1, false, zeros_like},
    NumpyFunction{"full_like", "a fill_value dtype", 2, false, full_like},
    NumpyFunction{"broadcast_to", "array shape", 2, false, broadcast_of},
    NumpyFunction{"reshape", "a *", 2, true, reshaped},
    NumpyFunction{"astype", "a dtype", 2, true, as_float},
    NumpyFunction{"array", "a dtype", 1, false, as_float},
    NumpyFunction{"asarray", "a dtype", 1, false, as_float},
    NumpyFunction{"float64", "a", 1, false, as_float},
    NumpyFunction{"float32", "a", 1, false, as_float},
    NumpyFunction{"double", "a", 1, false, as_float},
};

struct NotRead {
  std::string_view name;
  std::string_view instead;
};

// Functions that learners reach for, and what says the same in those that are read.
constexpr std::array kInstead = {
    NotRead{"min", "-np.max(-x)"},
    NotRead{"amin", "-np.max(-x)"},
    NotRead{"average", "np.mean(x, axis=0)"},
    NotRead{"norm", "np.sqrt(np.sum(x**2, axis=1, keepdims=True))"},
    NotRead{"log1p", "np.log(1 + x)"},
    NotRead{"expm1", "np.exp(x) - 1"},
    NotRead{"log2", "np.log(x) / np.log(2)"},
    NotRead{"log10", "np.log(x) / np.log(10)"},
    NotRead{"expand_dims", "keepdims=True in the sum or mean that lost the axis"},
    NotRead{"squeeze", "the array as it is, with both dimensions"},
    NotRead{"flatten", "the array as it is, with both dimensions"},
    NotRead{"ravel", "the array as it is, with both dimensions"},
    NotRead{"arange", "a one-hot matrix as a parameter, and a product with it"},
    NotRead{"argmax", "a one-hot matrix as a parameter"},
    NotRead{"eye", "a one-hot matrix as a parameter"},
    NotRead{"outer", "a @ b with a column and a row"},
    NotRead{"einsum", "`@`, `*`, .T and np.sum"},
    NotRead{"tile", "nothing: NumPy repeats it unasked"},
    NotRead{"repeat", "nothing: NumPy repeats it unasked"},
    NotRead{"logical_and", "a product of masks"},
    NotRead{"logical_or", "np.maximum of masks"},
    NotRead{"logical_not", "1 - mask"},
};

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

void check_count(const CallSite& site, const NumpyFunction& function, std::size_t given,
                 std::size_t most) {
  const std::size_t self = site.name.front() == '.' ? 1 : 0;
  if (given > most) {
    site.refuse(
        fmt::format("{} takes at most {} arguments, not {}", site.name, most - self, given - self));
  }
  if (given < function.required) {
    site.refuse(fmt::format("{} takes at least {} arguments, not {}", site.name,
                            function.required - self, given - self));
  }
}

void bind_keyword(BoundCall& call, const std::vector<std::string_view>& parameters,
                  const KeywordOperand& keyword) {
  const auto found = std::find(parameters.begin(), parameters.end(), keyword.name);
  if (found == parameters.end() || keyword.name == "*") {
    const std::string near = nearest(keyword.name, {parameters.begin(), parameters.end()});
    throw ReadError(*keyword.operand.source, keyword.byte,
                    fmt::format("{} has no argument {}", call.site.name, quoted(keyword.name)),
                    near.empty() ? "" : near + "=");
  }
  const auto i = static_cast<std::size_t>(found - parameters.begin());
  if (call.arguments[i] != nullptr) {
    throw ReadError(*keyword.operand.source, keyword.byte,
                    fmt::format("{} is given {} twice", call.site.name, quoted(keyword.name)));
  }
  call.arguments[i] = &keyword.operand;
}

// `dtype` may say float, and `out` nothing at all.
void check_side_arguments(const BoundCall& call, const std::vector<std::string_view>& parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Operand* argument = call.optional(i);
    if (argument == nullptr) continue;
    if (parameters[i] == "dtype") check_float(*argument);
    if (parameters[i] == "out" && !argument->value.is_none()) {
      argument->refuse("out=... is not read: it changes an array in place", "name = the call");
    }
  }
}

Value call_function(const CallSite& site, const NumpyFunction& function,
                    const CallArguments& arguments) {
  const std::vector<std::string_view> parameters = split(function.parameters);
  const bool takes_rest = parameters.back() == "*";
  BoundCall call{site, {}};
  for (const Operand& operand : arguments.positional) call.arguments.push_back(&operand);
  const std::size_t given = arguments.positional.size() + arguments.keywords.size();
  const std::size_t most = takes_rest ? given : parameters.size();
  check_count(site, function, given, most);
  if (!takes_rest) call.arguments.resize(parameters.size());
  for (const KeywordOperand& keyword : arguments.keywords) bind_keyword(call, parameters, keyword);
  for (std::size_t i = 0; i < function.required; ++i) {
    if (call.arguments[i] == nullptr) {
      site.refuse(fmt::format("{} lacks its argument {}", site.name, quoted(parameters[i])));
    }
  }
  check_side_arguments(call, parameters);
  try {
    return function.handler(call);
  } catch (const ReadError&) {
    throw;
  } catch (const Error& error) {
    site.refuse(error.what());
  }
}

const NumpyFunction* find(std::string_view name, bool as_method) {
  const auto found =
      std::find_if(kFunctions.begin(), kFunctions.end(), [&](const NumpyFunction& function) {
        return function.name == name && (!as_method || function.is_method);
      });
  return found == kFunctions.end() ? nullptr : &*found;
}

std::vector<std::string> known_names(bool methods) {
  std::vector<std::string> names;
  for (const NumpyFunction& function : kFunctions) {
    if (!methods || function.is_method) names.emplace_back(function.name);
  }
  return names;
}

[[noreturn]] void refuse_unknown(const CallSite& site, std::string_view name, bool as_method) {
  const std::string_view last = name.substr(name.rfind('.') + 1);
  const auto known =
      std::find_if(kInstead.begin(), kInstead.end(),
                   [last](const NotRead& not_read) { return not_read.name == last; });
  std::string instead;
  if (known != kInstead.end()) {
    instead = known->instead;
  } else if (name.rfind("random.", 0) == 0) {
    instead = "a parameter, and give it its numbers with --set x='randn(4,3)'";
  } else if (const std::string near = nearest(last, known_names(as_method)); !near.empty()) {
    instead = fmt::format("{}{}", as_method ? "." : "np.", near);
  } else if (as_method && find(name, false) != nullptr) {
    instead = fmt::format("np.{}(x)", name);
  }
  site.refuse(fmt::format("{} is not read: it is none of the functions that have a gradient here",
                          site.name),
              instead);
}

}  // namespace

Value call_numpy(const CallSite& site, std::string_view name, const CallArguments& arguments) {
  const NumpyFunction* function = find(name, false);
  if (function == nullptr || name == "astype") refuse_unknown(site, name, false);
  return call_function(site, *function, arguments);
}

Value call_method(const CallSite& site, std::string_view name, const CallArguments& arguments) {
  const NumpyFunction* function = find(name, true);
  if (function == nullptr) refuse_unknown(site, name, true);
  return call_function(site, *function, arguments);
}

Value numpy_constant(const CallSite& site, std::string_view name) {
  if (name == "pi") return scalar(3.14159265358979323846);
  if (name == "e") return scalar(2.71828182845904523536);
  if (name == "inf") return scalar(std::numeric_limits<double>::infinity());
  if (name == "nan") return scalar(std::numeric_limits<double>::quiet_NaN());
  if (name == "float64" || name == "float32" || name == "double") return {Word{std::string(name)}};
  if (name == "newaxis") {
    site.refuse("np.newaxis is not read", "keepdims=True in the sum or mean that lost the axis");
  }
  if (is_numpy_function(name)) {
    site.refuse(fmt::format("{} is a function, and stands here without its (arguments)", site.name),
                fmt::format("{}(x)", site.name));
  }
  refuse_unknown(site, name, false);
}

bool is_numpy_function(std::string_view name) {
  return name != "astype" && find(name, false) != nullptr;
}

WrittenShape written_shape(const Operand& operand) {
  std::vector<double> sides;
  if (const Tuple* tuple = operand.value.tuple()) {
    for (const Value& item : *tuple->items) {
      sides.push_back(number_of({item, operand.source, operand.range}, "each side of a shape"));
    }
  } else {
    sides.push_back(number_of(operand, "a shape"));
  }
  for (const double side : sides) {
    if (!(std::fabs(side) <= 9e15) || side != std::floor(side)) {
      operand.refuse(fmt::format("{} is no side of a shape: a whole number is expected", side));
    }
  }
  if (sides.size() > 2) {
    operand.refuse(
        fmt::format("{} dimensions: an array here has two, rows and columns", sides.size()));
  }
  const double rows = sides.size() == 2 ? sides[0] : 1;
  const double cols = sides.empty() ? 1 : sides.back();
  try {
    const Shape shape =
        checked_shape(static_cast<std::int64_t>(rows), static_cast<std::int64_t>(cols));
    return {shape, static_cast<int>(sides.size())};
  } catch (const Error& error) {
    operand.refuse(error.what());
  }
}

}  // namespace backstep::read
