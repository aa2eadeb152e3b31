// Chooses roles and shapes for the parameters of a function.
#include "engine/read/parameters.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/read/docstring.h"
#include "engine/read/nearest.h"

namespace backstep::read {
namespace {

using Sizes = std::map<std::string, std::int32_t>;

struct DefaultSize {
  std::string_view symbol;
  std::int32_t size;
};

// N differs from D, so that a transposed matrix does not go unseen.
constexpr std::array kSizes = {DefaultSize{"N", 4}, DefaultSize{"D", 3}, DefaultSize{"H", 5},
                               DefaultSize{"C", 3}};
constexpr std::int32_t kOtherSize = 3;

bool is_number(std::string_view side) {
  return !side.empty() && std::all_of(side.begin(), side.end(), [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
  });
}

std::int32_t default_size(const Sizes& sizes, std::string_view symbol) {
  const auto known = sizes.find(std::string(symbol));
  if (known != sizes.end()) return known->second;
  const auto found = std::find_if(kSizes.begin(), kSizes.end(), [symbol](const DefaultSize& size) {
    return size.symbol == symbol;
  });
  return found == kSizes.end() ? kOtherSize : found->size;
}

std::int64_t side_size(const Sizes& sizes, const std::string& side) {
  constexpr std::size_t kMostDigits = 12;
  if (!is_number(side)) return default_size(sizes, side);
  return std::atoll(side.substr(0, kMostDigits).c_str());
}

// Symbols that the user's arrays give a size to: N of `x: input (N, D)` and --set x=rand(50,50).
Sizes sizes_of(const std::map<std::string, ParameterLine>& lines,
               const std::map<std::string, Given>& given) {
  Sizes sizes;
  for (const auto& [name, line] : lines) {
    const auto value = given.find(name);
    if (value == given.end() || line.sides.empty()) continue;
    const Shape shape = value->second.shape;
    if (line.sides.size() != static_cast<std::size_t>(shape.ndim())) continue;
    for (int side = 0; side < shape.ndim(); ++side) {
      const std::string& letter = line.sides[static_cast<std::size_t>(side)];
      if (!is_number(letter)) sizes.emplace(letter, shape[side]);
    }
  }
  return sizes;
}

// Names that say what a parameter is.
constexpr std::array<std::string_view, 7> kWeights = {"w",     "W",  "weight", "weights",
                                                      "theta", "Wx", "Wh"};
constexpr std::array<std::string_view, 6> kScales = {"gamma", "beta", "bias", "b", "γ", "β"};
constexpr std::array<std::string_view, 3> kEpsilons = {"eps", "epsilon", "ε"};
constexpr std::array<std::string_view, 5> kPositive = {"var", "std", "sigma", "gamma", "γ"};

template <std::size_t kSize>
bool is_one_of(const std::array<std::string_view, kSize>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string_view without_number(std::string_view name) {
  while (!name.empty() &&
         (std::isdigit(static_cast<unsigned char>(name.back())) != 0 || name.back() == '_')) {
    name.remove_suffix(1);
  }
  return name;
}

bool is_weight(std::string_view name) {
  return is_one_of(kWeights, without_number(name)) || name.substr(0, 6) == "weight";
}

Role role_by_name(std::string_view name) {
  if (is_one_of(kEpsilons, name)) return Role::kConstant;
  const bool is_parameter = is_weight(name) || is_one_of(kScales, without_number(name));
  return is_parameter ? Role::kParameter : Role::kInput;
}

// Positive numbers where a root or a division awaits them.
std::string fill_by_name(std::string_view name) {
  const bool is_positive =
      std::any_of(kPositive.begin(), kPositive.end(),
                  [name](std::string_view part) { return name.find(part) != name.npos; });
  return is_positive ? "rand" : "randn";
}

// The shapes that a parameter may have where nothing tells, the likeliest first.
std::vector<Shape> shapes_by_name(std::string_view name, Role role, std::int32_t n,
                                  std::int32_t d) {
  if (role == Role::kConstant) return {{}};
  if (is_weight(name)) return {{d, d}, {d}, {1, d}, {d, 1}, {n, d}, {n, n}, {}};
  if (role == Role::kParameter) return {{d}, {1, d}, {d, d}, {n, d}, {n, 1}, {d, 1}, {}};
  return {{n, d}, {d}, {1, d}, {d, d}, {n, 1}, {d, n}, {n, n}, {d, 1}, {n}, {}};
}

class Planner {
 public:
  Planner(const Source& source, const Function& function, const std::map<std::string, Given>& given)
      : source_(source),
        given_(given),
        lines_(parameter_lines(function.docstring)),
        sizes_(sizes_of(lines_, given)),
        n_(default_size(sizes_, "N")),
        d_(default_size(sizes_, "D")) {
    if (sizes_.empty()) take_sizes_of_first_array(function);
  }

  ParameterPlan plan(const Parameter& parameter, const Value* default_value) const {
    ParameterPlan plan;
    plan.name = parameter.name;
    if (parameter.default_value) plan.default_text = default_text(*parameter.default_value);
    const Given* given = find_given(parameter.name);
    const ParameterLine* line = find_line(parameter.name);
    const bool has_role = line != nullptr && line->role;
    const bool is_value = default_value != nullptr && !is_float(*default_value) && !has_role;
    if (is_value && !(given != nullptr && given->shape.ndim() > 0)) {
      plan.value = given == nullptr ? *default_value : given_number(*given);
      return plan;
    }
    const bool is_setting = default_value != nullptr && is_float(*default_value);
    plan.role = has_role     ? *line->role
                : is_setting ? Role::kConstant
                             : role_by_name(parameter.name);
    if (is_setting) plan.number = default_value->scalar()->value;
    if (given != nullptr) {
      plan.shapes = {given->shape};
      plan.type = given->type;
      plan.most = given->most;
      plan.is_file = given->is_file;
      plan.numbers = given->numbers;
      if (given->shape.ndim() == 0) plan.number = given->number;
    } else {
      take_default(plan, parameter, is_setting, line);
    }
    return plan;
  }

 private:
  // Where no docstring names the sides, the first array that is set does.
  void take_sizes_of_first_array(const Function& function) {
    for (const Parameter& parameter : function.parameters) {
      const Given* given = find_given(parameter.name);
      if (given == nullptr || given->shape.ndim() == 0) continue;
      if (given->shape.rows() > 1) n_ = given->shape.rows();
      d_ = given->shape.cols();
      return;
    }
  }

  const Given* find_given(const std::string& name) const {
    const auto found = given_.find(name);
    return found == given_.end() ? nullptr : &found->second;
  }

  const ParameterLine* find_line(const std::string& name) const {
    const auto found = lines_.find(name);
    return found == lines_.end() ? nullptr : &found->second;
  }

  std::string default_text(const Expression& expression) const {
    const Range range = expression.range;
    return std::string(source_.text().substr(range.begin, range.end - range.begin));
  }

  static Value given_number(const Given& given) {
    const bool is_whole = given.number == std::floor(given.number);
    return scalar(given.number, is_whole ? NumberType::kInteger : NumberType::kFloat);
  }

  void take_default(ParameterPlan& plan, const Parameter& parameter, bool is_setting,
                    const ParameterLine* line) const {
    if (line != nullptr && (!line->sides.empty() || line->is_number)) {
      plan.shapes = {said_shape(parameter, *line)};
      if (!line->role) add_other_shapes(plan);
    } else if (is_setting) {
      plan.shapes = {Shape{}};
    } else {
      add_other_shapes(plan);
    }
    if (line != nullptr && !line->fill.empty()) {
      plan.fill = line->fill;
    } else if (is_setting) {
      plan.fill = fmt::format("{}", plan.number);
    } else if (plan.role == Role::kConstant && plan.shapes[0].ndim() == 0) {
      plan.number = 1e-6;
      plan.fill = "1e-06";
    } else {
      plan.fill = fill_by_name(plan.name);
    }
  }

  Shape said_shape(const Parameter& parameter, const ParameterLine& line) const {
    std::vector<std::int64_t> sides;
    for (const std::string& side : line.sides) sides.push_back(side_size(sizes_, side));
    try {
      return checked_shape(sides);
    } catch (const Error& error) {
      throw ReadError(
          source_, parameter.byte,
          fmt::format("the docstring gives {} a {}", quoted(parameter.name), error.what()));
    }
  }

  void add_other_shapes(ParameterPlan& plan) const {
    for (const Shape shape : shapes_by_name(plan.name, plan.role, n_, d_)) {
      if (std::find(plan.shapes.begin(), plan.shapes.end(), shape) == plan.shapes.end()) {
        plan.shapes.push_back(shape);
      }
    }
  }

  const Source& source_;
  const std::map<std::string, Given>& given_;
  std::map<std::string, ParameterLine> lines_;
  Sizes sizes_;
  std::int32_t n_;
  std::int32_t d_;
};

}  // namespace

bool names_a_parameter(std::string_view name) { return role_by_name(name) == Role::kParameter; }

std::vector<std::int32_t> lengths_by_name(std::string_view name) {
  std::string plain(name);
  std::transform(plain.begin(), plain.end(), plain.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto has = [&](std::initializer_list<std::string_view> parts) {
    return std::any_of(parts.begin(), parts.end(), [&](std::string_view part) {
      return plain.find(part) != std::string::npos;
    });
  };
  if (has({"batch"})) return {4, 3, 2};
  if (has({"stride", "dilation"})) return {1, 2};
  if (has({"pad"})) return {0, 1, 2};
  if (has({"kernel", "pool", "filter_size", "window"})) return {2, 3, 1};
  if (has({"head", "layers"})) return {2, 1, 3};
  if (has({"hid"})) return {5, 3, 4, 2};
  if (has({"out", "class"})) return {2, 3, 5, 4};
  return {3, 5, 4, 2, 1};
}

void refuse_parameter(const Function& function, const std::string& name,
                      std::vector<std::string> names) {
  for (const Parameter& parameter : function.parameters) names.push_back(parameter.name);
  const std::string near = nearest(name, names);
  constexpr std::size_t kMostListed = 20;
  if (names.size() > kMostListed) names.resize(kMostListed);
  throw Error(fmt::format("{} has no parameter {}{}; what can be set is {}", function.name,
                          quoted(name), near.empty() ? "" : fmt::format(": did you mean {}?", near),
                          fmt::join(names, ", ")));
}

std::vector<ParameterPlan> plan_parameters(const Source& source, const Function& function,
                                           const std::map<std::string, Value>& defaults,
                                           const std::map<std::string, Given>& given) {
  const Planner planner(source, function, given);
  std::vector<ParameterPlan> plans;
  for (const Parameter& parameter : function.parameters) {
    const auto found = defaults.find(parameter.name);
    plans.push_back(planner.plan(parameter, found == defaults.end() ? nullptr : &found->second));
  }
  for (const auto& [name, value] : given) {
    const bool is_parameter =
        std::any_of(plans.begin(), plans.end(),
                    [&name = name](const ParameterPlan& plan) { return plan.name == name; });
    if (!is_parameter && !function.object) refuse_parameter(function, name, {});
  }
  return plans;
}

std::string fill_text(const ParameterPlan& plan, const Shape& shape) {
  const bool is_word =
      !plan.fill.empty() && std::isalpha(static_cast<unsigned char>(plan.fill.front())) != 0 &&
      plan.fill.find('(') == std::string::npos && plan.fill != "inf" && plan.fill != "nan";
  if (!is_word) return plan.fill;
  return fmt::format("{}({})", plan.fill, fmt::join(shape, ", "));
}

}  // namespace backstep::read
