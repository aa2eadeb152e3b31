// Evaluates the expressions of --set, with the parser of the reader and NumPy's random numbers.
#include "engine/read/values.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "engine/primitives/primitives.h"
#include "engine/read/nearest.h"
#include "engine/read/npy.h"
#include "engine/read/numpy_functions.h"
#include "engine/read/python_numbers.h"
#include "engine/read/python_parser.h"
#include "engine/reads.h"

namespace backstep::read {
namespace {

Tensor number_value(double number) { return Tensor(Shape{}, number); }

class Evaluator {
 public:
  Evaluator(const Source& source, LegacyRandom& random) : source_(source), random_(random) {}

  Tensor evaluate(const Expression& expression) {
    Item result = evaluate_item(expression);
    return result.number ? number_value(result.number->value) : std::move(result.array);
  }

 private:
  // A number of Python, or else an array.
  struct Item {
    std::optional<Scalar> number;
    Tensor array = {};
  };

  using Arguments = std::vector<Expression>;
  using Construct = Tensor (Evaluator::*)(const Expression& call, const Arguments& arguments);

  struct Constructor {
    std::string_view name;
    Construct make;
  };

  [[noreturn]] void refuse(const Expression& at, std::string_view message,
                           std::string_view instead = {}) const {
    throw ReadError(source_, at.range.begin, message, instead);
  }

  std::string text(const Expression& expression) const {
    const Range range = expression.range;
    return shortened(source_.text().substr(range.begin, range.end - range.begin));
  }

  // ---- arithmetic ----

  Item evaluate_item(const Expression& expression) {
    if (const auto* number = std::get_if<Number>(&expression.kind)) {
      return {
          Scalar{number->value, number->is_integer ? NumberType::kInteger : NumberType::kFloat}};
    }
    if (const auto* chain = std::get_if<Chain>(&expression.kind)) return evaluate_chain(*chain);
    if (const auto* signs = std::get_if<Signs>(&expression.kind)) return evaluate_signs(*signs);
    if (const auto* call = std::get_if<Call>(&expression.kind)) {
      return {std::nullopt, evaluate_call(expression, *call)};
    }
    if (const auto* sequence = std::get_if<Sequence>(&expression.kind)) {
      return {std::nullopt, evaluate_rows(expression, *sequence)};
    }
    if (const auto* attribute = std::get_if<Attribute>(&expression.kind);
        attribute != nullptr && attribute->name == "T") {
      return {std::nullopt, transposed(evaluate(*attribute->base))};
    }
    return {Scalar{named_number(expression), NumberType::kFloat}};
  }

  Item evaluate_signs(const Signs& signs) {
    Item result = evaluate_item(*signs.operand);
    const bool minus = std::count(signs.signs.begin(), signs.signs.end(), '-') % 2 != 0;
    if (result.number) return {with_sign(*result.number, minus)};
    if (!minus) return result;
    for (double& number : result.array.view()) number = -number;
    return result;
  }

  // Python evaluates the operands from the left, and applies powers from the right.
  Item evaluate_chain(const Chain& chain) {
    Item left = evaluate_item(*chain.first);
    if (chain.rest.front().op != Operator::kPower) {
      for (const Term& term : chain.rest) left = combine(term, left, evaluate_item(term.operand));
      return left;
    }
    std::vector<Item> operands;
    for (const Term& term : chain.rest) operands.push_back(evaluate_item(term.operand));
    Item right = std::move(operands.back());
    for (std::size_t i = chain.rest.size() - 1; i > 0; --i) {
      right = combine(chain.rest[i], operands[i - 1], right);
    }
    return combine(chain.rest.front(), left, right);
  }

  Item combine(const Term& term, const Item& a, const Item& b) const {
    if (term.op == Operator::kMatmul || term.op >= Operator::kLess) {
      throw ReadError(source_, term.byte, "only + - * / and ** are read in a value that is set");
    }
    if (!a.number || !b.number) {
      return {std::nullopt, combine_arrays(term, a.number ? number_value(a.number->value) : a.array,
                                           b.number ? number_value(b.number->value) : b.array)};
    }
    try {
      return {arithmetic(term.op, *a.number, *b.number)};
    } catch (const Error& error) {
      throw ReadError(source_, term.byte, error.what());
    }
  }

  Tensor combine_arrays(const Term& term, const Tensor& a, const Tensor& b) const {
    const Shape shape = common_shape(a.shape(), b.shape());
    if (!repeats_to(a.shape(), shape) || !repeats_to(b.shape(), shape)) {
      throw ReadError(source_, term.byte,
                      fmt::format("shapes {} and {} do not fit together", to_string(a.shape()),
                                  to_string(b.shape())));
    }
    Tensor result(checked(term.byte, {shape.begin(), shape.end()}));
    for (std::size_t i = 0; i < result.data().size(); ++i) {
      result.view().data[i] = of_floats(term.op, a.data()[repeated_place(a.shape(), shape, i)],
                                        b.data()[repeated_place(b.shape(), shape, i)]);
    }
    return result;
  }

  // ---- numbers and shapes ----

  Shape checked(std::size_t byte, const std::vector<std::int64_t>& sides) const {
    try {
      return checked_shape(sides);
    } catch (const Error& error) {
      throw ReadError(source_, byte, error.what());
    }
  }

  double number(const Expression& expression) {
    const Tensor value = evaluate(expression);
    if (value.shape().ndim() != 0) {
      refuse(expression, fmt::format("a number is expected, not an array of shape {}",
                                     to_string(value.shape())));
    }
    return value.data()[0];
  }

  std::int64_t whole(const Expression& expression) {
    const double value = number(expression);
    if (!(std::fabs(value) <= 9e15) || value != std::floor(value)) {
      refuse(expression, fmt::format("a whole number is expected, not {}", text(expression)));
    }
    return static_cast<std::int64_t>(value);
  }

  // The sides in (2, 3), in [2, 3] or in 3; or, of several arguments, each is a side.
  std::vector<std::int64_t> sides(const Arguments& arguments) {
    const auto* tuple = arguments.size() == 1 ? std::get_if<Sequence>(&arguments[0].kind) : nullptr;
    std::vector<std::int64_t> result;
    for (const Expression& side : tuple != nullptr ? tuple->items : arguments) {
      result.push_back(whole(side));
    }
    return result;
  }

  Shape size(const Expression& call, const Arguments& arguments) {
    return checked(call.range.begin, sides(arguments));
  }

  double named_number(const Expression& expression) const {
    const std::string path = bare_path(expression);
    if (path == "inf") return std::numeric_limits<double>::infinity();
    if (path == "nan") return std::numeric_limits<double>::quiet_NaN();
    if (path == "pi") return 3.14159265358979323846;
    if (path == "e") return 2.71828182845904523536;
    refuse(expression,
           fmt::format("{} is no value: a number, a .npy file, a list or a constructor "
                       "is expected",
                       text(expression)),
           "randn(4, 3)");
  }

  // Lists within lists, all of one length at each depth.
  Tensor evaluate_rows(const Expression& expression, const Sequence& sequence) {
    if (sequence.items.empty()) refuse(expression, "this list is empty");
    std::optional<Shape> inner;
    std::vector<double> data;
    for (const Expression& item : sequence.items) {
      const Tensor part = evaluate(item);
      if (!inner) inner = part.shape();
      if (!(part.shape() == *inner)) {
        refuse(item, fmt::format("{} stands in a list of {}: all are to have one shape",
                                 to_string(part.shape()), to_string(*inner)));
      }
      data.insert(data.end(), part.data().begin(), part.data().end());
    }
    std::vector<std::int64_t> wanted = {static_cast<std::int64_t>(sequence.items.size())};
    wanted.insert(wanted.end(), inner->begin(), inner->end());
    return Tensor(checked(expression.range.begin, wanted), std::move(data));
  }

  // ---- constructors ----

  Tensor rand(const Expression& call, const Arguments& arguments) {
    return random_.rand(size(call, arguments));
  }
  Tensor randn(const Expression& call, const Arguments& arguments) {
    return random_.randn(size(call, arguments));
  }
  Tensor zeros(const Expression& call, const Arguments& arguments) {
    return Tensor(size(call, arguments), 0);
  }
  Tensor ones(const Expression& call, const Arguments& arguments) {
    return Tensor(size(call, arguments), 1);
  }

  Tensor full(const Expression& call, const Arguments& arguments) {
    if (arguments.size() != 2) refuse(call, "full takes a shape and a number", "full((1, 3), 2)");
    const auto* shape = std::get_if<Sequence>(&arguments[0].kind);
    std::vector<std::int64_t> wanted;
    if (shape != nullptr) {
      for (const Expression& side : shape->items) wanted.push_back(whole(side));
    } else {
      wanted.push_back(whole(arguments[0]));
    }
    return Tensor(checked(call.range.begin, wanted), number(arguments[1]));
  }

  Tensor arange(const Expression& call, const Arguments& arguments) {
    if (arguments.empty() || arguments.size() > 3) {
      refuse(call, "arange takes one, two or three numbers", "arange(6)");
    }
    const double start = arguments.size() == 1 ? 0 : number(arguments[0]);
    const double stop = number(arguments[arguments.size() == 1 ? 0 : 1]);
    const double step = arguments.size() == 3 ? number(arguments[2]) : 1;
    const double count = std::ceil((stop - start) / step);
    if (!(count >= 1 && count <= 9e15)) refuse(call, "this arange has no numbers", "arange(6)");
    Tensor line(checked(call.range.begin, {static_cast<std::int64_t>(count)}));
    for (int i = 0; i < line.shape().cols(); ++i) line(0, i) = start + i * step;
    return line;
  }

  Tensor linspace(const Expression& call, const Arguments& arguments) {
    if (arguments.size() != 3) {
      refuse(call, "linspace takes a first number, a last one and how many", "linspace(0, 1, 5)");
    }
    const double first = number(arguments[0]);
    const double last = number(arguments[1]);
    Tensor line(checked(call.range.begin, {whole(arguments[2])}));
    const int count = line.shape().cols();
    const double step = count > 1 ? (last - first) / (count - 1) : 0;
    for (int i = 0; i < count; ++i) line(0, i) = i + 1 == count && i > 0 ? last : first + i * step;
    return line;
  }

  Tensor eye(const Expression& call, const Arguments& arguments) {
    if (arguments.empty() || arguments.size() > 2) refuse(call, "eye takes a size", "eye(3)");
    const std::int64_t rows = whole(arguments[0]);
    Tensor square(checked(call.range.begin, {rows, whole(arguments.back())}));
    const Shape shape = square.shape();
    for (int i = 0; i < std::min(shape.rows(), shape.cols()); ++i) square(i, i) = 1;
    return square;
  }

  Tensor one_hot(const Expression& call, const Arguments& arguments) {
    if (arguments.size() != 2) {
      refuse(call, "one_hot takes a number of samples and one of classes", "one_hot(4, 3)");
    }
    const std::int64_t samples = whole(arguments[0]);
    Tensor classes(checked(call.range.begin, {samples, whole(arguments[1])}));
    for (int row = 0; row < classes.shape().rows(); ++row) {
      classes(row, static_cast<int>(random_.randint(classes.shape().cols()))) = 1;
    }
    return classes;
  }

  Tensor list(const Expression& call, const Arguments& arguments) {
    if (arguments.size() != 1) refuse(call, "array takes one list", "array([[1, 2], [3, 4]])");
    return evaluate(arguments[0]);
  }

  static constexpr std::array kConstructors = {
      Constructor{"rand", &Evaluator::rand},          Constructor{"randn", &Evaluator::randn},
      Constructor{"zeros", &Evaluator::zeros},        Constructor{"ones", &Evaluator::ones},
      Constructor{"full", &Evaluator::full},          Constructor{"arange", &Evaluator::arange},
      Constructor{"linspace", &Evaluator::linspace},  Constructor{"eye", &Evaluator::eye},
      Constructor{"one_hot", &Evaluator::one_hot},    Constructor{"array", &Evaluator::list},
      Constructor{"random_sample", &Evaluator::rand},
  };

  // ---- calls ----

  // "rand" of rand, np.rand, numpy.random.rand. Empty if it is no such name.
  static std::string bare_path(const Expression& expression) {
    if (const auto* name = std::get_if<Name>(&expression.kind)) return name->id;
    const auto* attribute = std::get_if<Attribute>(&expression.kind);
    if (attribute == nullptr) return {};
    const std::string base = bare_path(*attribute->base);
    const bool is_module = base == "np" || base == "numpy" || base == "random";
    return is_module ? attribute->name : std::string();
  }

  Tensor evaluate_call(const Expression& expression, const Call& call) {
    if (!call.keywords.empty()) {
      refuse(expression, "arguments with names are not read here", "their values alone");
    }
    const std::string path = bare_path(*call.function);
    const auto* method = std::get_if<Attribute>(&call.function->kind);
    if (path.empty() && method != nullptr && method->name == "reshape") {
      return reshaped(expression, evaluate(*method->base), call.arguments);
    }
    const auto found = std::find_if(kConstructors.begin(), kConstructors.end(),
                                    [&](const Constructor& known) { return known.name == path; });
    if (found == kConstructors.end()) refuse_constructor(*call.function);
    return (this->*found->make)(expression, call.arguments);
  }

  [[noreturn]] void refuse_constructor(const Expression& function) const {
    std::vector<std::string> names;
    for (const Constructor& known : kConstructors) names.emplace_back(known.name);
    refuse(function,
           fmt::format("{} makes no value here: {} do", text(function), fmt::join(names, ", ")),
           nearest(bare_path(function), names));
  }

  Tensor reshaped(const Expression& call, const Tensor& value, const Arguments& arguments) {
    try {
      return Tensor(shape_of_sides(value.data().size(), sides(arguments)), value.data());
    } catch (const ReadError&) {
      throw;
    } catch (const Error& error) {
      refuse(call, error.what());
    }
  }

  static Tensor transposed(const Tensor& value) {
    Graph graph;
    const Var turned = transpose(graph.leaf(Role::kInput, value.shape()));
    Tensor result(turned.shape());
    for (std::size_t i = 0; i < result.data().size(); ++i) {
      result.view().data[i] = value.data()[read_place(graph, turned.id(), 0, i)];
    }
    return result;
  }

  const Source& source_;
  LegacyRandom& random_;
};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool is_npy_path(std::string_view text) {
  constexpr std::string_view kSuffix = ".npy";
  return text.size() > kSuffix.size() && text.substr(text.size() - kSuffix.size()) == kSuffix;
}

// NumPy would go on with the numbers as narrow as they are in the file: rounded, or wrapped.
InputValue from_file(const std::string& path) {
  TypedTensor array = read_typed_npy(path);
  InputValue value{std::move(array.numbers), NumberType::kFloat, true};
  if (array.type == "float64") return value;
  const std::optional<NumberType> type = number_type(array.type);
  if (!type) {
    throw Error(
        fmt::format("{}: has numbers of the type {}, with which NumPy would go on; numbers "
                    "are float64, int64 or bool here: save a.astype('float64')",
                    printable(path), array.type));
  }
  const auto is_exact = [](double number) { return std::fabs(number) < kIntegerLimit; };
  const ConstView numbers = value.numbers;
  if (!std::all_of(numbers.begin(), numbers.end(), is_exact)) {
    throw Error(
        fmt::format("{}: has integers of 2**53 or more, not each of which is a number here: "
                    "save a.astype('float64')",
                    printable(path)));
  }
  value.type = *type;
  return value;
}

}  // namespace

InputValue evaluate_input(const std::string& where, std::string_view text, LegacyRandom& random) {
  const std::string_view value = trimmed(text);
  if (is_npy_path(value)) return from_file(std::string(value));
  const Source source(where, std::string(value));
  const Expression expression = parse_expression(source);
  return {Evaluator(source, random).evaluate(expression)};
}

}  // namespace backstep::read
