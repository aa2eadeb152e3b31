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
#include <set>
#include <string_view>

#include "engine/read/docstring.h"
#include "engine/read/nearest.h"
#include "engine/read/settings.h"
#include "engine/read/uses.h"

namespace backstep::read {
namespace {

struct DefaultSize {
  std::string_view symbol;
  std::int32_t size;
  std::int32_t image = 0;  // where something has four sides, if that is another
};

// N differs from D, so that a transposed matrix does not go unseen.
constexpr std::array kSizes = {
    DefaultSize{"N", 4, 2}, DefaultSize{"D", 3}, DefaultSize{"H", 5, 4}, DefaultSize{"C", 3},
    DefaultSize{"W", 3, 6}, DefaultSize{"M", 5}, DefaultSize{"F", 2},    DefaultSize{"V", 6},
    DefaultSize{"d_1", 2},  DefaultSize{"d1", 2}};

// Lengths of sides, by the symbols that name them.
class Sizes {
 public:
  Sizes(const ParameterLines& lines, const std::map<std::string, Given>& given,
        const SideLengths& wished)
      : known_(wished) {
    take_given(lines, given);
    for (const auto& [name, line] : lines) {
      has_images_ = has_images_ || line.sides.size() == 4;
      if (line.is_open) take_product(line);
      // A whole number of groups, and a side that it divides.
      if (!line.divides.empty()) known_[line.divides] = kGroups * kGroupSize;
    }
  }

  bool is_given() const { return is_given_; }

  std::int32_t of(std::string_view symbol) const {
    const auto known = known_.find(std::string(symbol));
    if (known != known_.end()) return known->second;
    for (const DefaultSize& size : kSizes) {
      if (size.symbol == symbol) return has_images_ && size.image > 0 ? size.image : size.size;
    }
    return kOtherSize;
  }

  std::int64_t of_side(const std::string& side) const {
    const SideText text = taken_apart(side);
    return text.symbol.empty() ? text.times : text.times * of(text.symbol);
  }

  static constexpr std::int32_t kGroups = 3;

 private:
  static constexpr std::int32_t kOtherSize = 3;
  static constexpr std::int32_t kGroupSize = 2;

  // Symbols that the user's arrays give a size to: N of `x: input (N, D)` and --set
  // x=rand(50,50).
  void take_given(const ParameterLines& lines, const std::map<std::string, Given>& given) {
    for (const auto& [name, line] : lines) {
      const auto value = given.find(name);
      if (value == given.end() || line.sides.empty()) continue;
      const Shape shape = value->second.shape;
      if (line.sides.size() != static_cast<std::size_t>(shape.ndim())) continue;
      for (int side = 0; side < shape.ndim(); ++side) {
        const std::string& letter = line.sides[static_cast<std::size_t>(side)];
        if (!taken_apart(letter).symbol.empty() && taken_apart(letter).times == 1) {
          if (!is_given_) known_.clear();
          is_given_ = true;
          known_.emplace(letter, shape[side]);
        }
      }
    }
  }

  // (N, d_1, ..., d_k) is made rows of D = d_1 * ... * d_k.
  void take_product(const ParameterLine& line) {
    std::int32_t product = 1;
    for (std::size_t i = 1; i < line.sides.size(); ++i) {
      product *= static_cast<std::int32_t>(of_side(line.sides[i]));
    }
    known_.insert_or_assign("D", product);
  }

  SideLengths known_;
  bool is_given_ = false;
  bool has_images_ = false;
};

// Names that say what a parameter is.
constexpr std::array<std::string_view, 7> kWeights = {"w",     "W",  "weight", "weights",
                                                      "theta", "Wx", "Wh"};
constexpr std::array<std::string_view, 6> kScales = {"gamma", "beta", "bias", "b", "γ", "β"};
constexpr std::array<std::string_view, 3> kEpsilons = {"eps", "epsilon", "ε"};
constexpr std::array<std::string_view, 9> kCounts = {
    "N",         "batch_size",   "batchsize",  "num_train", "num_samples",
    "n_samples", "num_examples", "n_examples", "bs"};
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

// b, bh, by, biases, bngain, gamma2: what is added to rows, or multiplied with them.
bool is_scale(std::string_view name) {
  const std::string_view bare = without_number(name);
  const bool is_short = bare.size() == 2 && bare.front() == 'b' &&
                        std::islower(static_cast<unsigned char>(bare.back())) != 0;
  return is_one_of(kScales, bare) || is_short || bare.find("bias") != bare.npos ||
         bare.find("gain") != bare.npos || bare.starts_with("b_");
}

Role role_by_name(std::string_view name) {
  if (is_one_of(kEpsilons, name)) return Role::kConstant;
  const bool is_parameter = is_weight(name) || is_scale(name);
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
  Planner(const Source& source, const Function& function, const std::map<std::string, Given>& given,
          const SideLengths& sides)
      : source_(source),
        given_(given),
        function_(function),
        lines_(parameter_lines(function.docstring)),
        sizes_(lines_, given, sides),
        n_(sizes_.of("N")),
        d_(sizes_.of("D")) {
    if (!sizes_.is_given()) take_sizes_of_first_array(function);
    for (const Parameter& parameter : function.parameters) {
      const ParameterLine* line = find_line(parameter.name);
      if (line == nullptr) continue;
      for (const std::string& side : line->sides) symbols_.insert(taken_apart(side).symbol);
    }
  }

  ParameterPlan plan(const Parameter& parameter, const Value* default_value) const {
    ParameterPlan plan;
    plan.name = parameter.name;
    if (parameter.default_value) plan.default_text = default_text(*parameter.default_value);
    const Given* given = find_given(parameter.name);
    if (given != nullptr && parameter.stars > 0) {
      throw Error(fmt::format("{} takes what no other parameter does, and cannot be set",
                              quoted(parameter.name)));
    }
    const ParameterLine* line = find_line(parameter.name);
    const bool has_role = line != nullptr && line->role;
    if (default_value == nullptr && is_dictionary(parameter, line)) {
      if (given != nullptr) refuse_whole_dictionary(parameter.name);
      plan.is_dictionary = true;
      plan.value = Value{};
      return plan;
    }
    if (given != nullptr && given->setting && given->shape.ndim() == 0) {
      plan.value = *given->setting;
      return plan;
    }
    if (given == nullptr && default_value == nullptr && !has_role) {
      plan.value = known_value(parameter.name, line);
      if (plan.value) return plan;
    }
    const bool is_value = default_value != nullptr && !is_float(*default_value) && !has_role;
    if (is_value && !(given != nullptr && given->shape.ndim() > 0)) {
      plan.value = given == nullptr ? *default_value : given_number(*given);
      return plan;
    }
    const bool is_setting = default_value != nullptr && is_float(*default_value);
    const std::optional<Value> usual = has_role ? std::nullopt : usual_value(parameter.name);
    const bool is_number = line == nullptr || line->sides.empty();
    const bool is_usual = default_value == nullptr && usual && is_number;
    plan.role = has_role                 ? *line->role
                : is_setting || is_usual ? Role::kConstant
                                         : role_by_name(parameter.name);
    if (is_setting) plan.number = default_value->scalar()->value;
    if (is_usual) plan.number = usual->scalar()->value;
    if (given != nullptr) {
      take_given(plan, *given);
    } else {
      take_default(plan, parameter, is_setting || is_usual, line);
    }
    return plan;
  }

  // The arrays among the entries of a dictionary: those that are set, and weights that are needed.
  std::vector<ParameterPlan> entries_of(const std::string& dictionary) const {
    std::vector<ParameterPlan> plans;
    std::set<std::string> keys = uses_of(function_, dictionary).needed;
    for (const auto& [name, given] : given_) {
      const bool is_entry = name.starts_with(dictionary + ".") && !given.setting;
      if (is_entry) keys.insert(name.substr(dictionary.size() + 1));
    }
    for (const std::string& key : keys) {
      ParameterPlan plan;
      plan.name = dictionary + "." + key;
      plan.key = key;
      const Given* given = find_given(plan.name);
      if (given != nullptr && given->setting) continue;
      if (given != nullptr) {
        plan.role = Role::kConstant;
        take_given(plan, *given);
      } else {
        plan.role = role_by_name(key);
        if (plan.role != Role::kParameter) continue;
        plan.shapes = shapes_by_name(key, plan.role, n_, d_);
        plan.fill = fill_by_name(key);
      }
      if (role_by_name(key) == Role::kParameter) plan.role = Role::kParameter;
      plans.push_back(std::move(plan));
    }
    return plans;
  }

 private:
  static void take_given(ParameterPlan& plan, const Given& given) {
    plan.shapes = {given.shape};
    plan.type = given.type;
    plan.most = given.most;
    plan.is_file = given.is_file;
    plan.numbers = given.numbers;
    if (given.shape.ndim() == 0) plan.number = given.number;
  }

  [[noreturn]] void refuse_whole_dictionary(const std::string& name) const {
    const Uses uses = uses_of(function_, name);
    const std::string key = uses.keys.empty() ? "KEY" : *uses.keys.begin();
    throw Error(
        fmt::format("{} is a dictionary: what can be set are its entries, as --set {}.{}=VALUE",
                    quoted(name), name, key));
  }

  bool is_dictionary(const Parameter& parameter, const ParameterLine* line) const {
    if (line != nullptr && !line->sides.empty()) return false;
    const bool is_set = std::any_of(given_.begin(), given_.end(), [&](const auto& one) {
      return one.first.starts_with(parameter.name + ".");
    });
    return is_set || (line != nullptr && line->is_dictionary) ||
           is_name_of_settings(parameter.name) ||
           uses_of(function_, parameter.name).is_dictionary();
  }

  // Of a parameter that is a word, a count, or a side: batch_size, C, mode.
  std::optional<Value> known_value(const std::string& name, const ParameterLine* line) const {
    if (line != nullptr && !line->sides.empty()) return std::nullopt;
    const std::optional<Value> usual = usual_value(name);
    if (usual && usual->word() != nullptr) return usual;
    const auto whole = [](std::int32_t number) { return scalar(number, NumberType::kInteger); };
    if (line != nullptr && !line->divides.empty()) return whole(Sizes::kGroups);
    if (is_one_of(kCounts, name)) return whole(n_);
    const bool is_symbol = symbols_.count(name) > 0 && role_by_name(name) == Role::kInput;
    const bool is_side = is_symbol || (line != nullptr && line->is_integer);
    return is_side ? std::optional<Value>(whole(sizes_.of(name))) : std::nullopt;
  }

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
      plan.is_said = true;
      if (!line->role) add_other_shapes(plan);
    } else if (is_setting) {
      plan.shapes = {Shape{}};
    } else {
      add_other_shapes(plan);
    }
    if (line != nullptr && !line->fill.empty()) {
      plan.fill = line->fill;
      plan.is_fill_said = true;
    } else if (is_setting) {
      plan.fill = fmt::format("{}", plan.number);
    } else if (line != nullptr && line->is_boolean) {
      plan.fill = "bool";
      plan.role = Role::kConstant;
      plan.type = NumberType::kBool;
      plan.most = 1;
    } else if (plan.role == Role::kConstant && plan.shapes[0].ndim() == 0) {
      plan.number = 1e-6;
      plan.fill = "1e-06";
    } else if (is_target(parameter)) {
      plan.role = Role::kConstant;
      plan.fill = "one_hot";
    } else {
      plan.fill = fill_by_name(plan.name);
    }
  }

  // `forward(self, x, t)` of a loss: what is to come out, which is not learned.
  bool is_target(const Parameter& parameter) const {
    constexpr std::array<std::string_view, 16> kTargets = {
        "t",      "y",     "Y",      "T",  "target",       "targets",  "label",   "labels",
        "y_true", "ytrue", "Y_true", "gt", "ground_truth", "y_target", "one_hot", "t_true"};
    if (!function_.object || &parameter == function_.parameters.data()) return false;
    const auto place = static_cast<std::size_t>(&parameter - function_.parameters.data());
    return place < function_.object->of_method && is_one_of(kTargets, parameter.name);
  }

  Shape said_shape(const Parameter& parameter, const ParameterLine& line) const {
    std::vector<std::int64_t> sides;
    for (const std::string& side : line.sides) sides.push_back(sizes_.of_side(side));
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
  const Function& function_;
  ParameterLines lines_;
  Sizes sizes_;
  std::set<std::string> symbols_;  // of the sides of parameters
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
  if (has({"kernel", "pool", "filter_size", "window"})) return {2, 3};
  if (has({"head", "layers"})) return {2, 3};
  if (has({"hid"})) return {5, 3, 4, 2};
  if (has({"out", "class"})) return {2, 3, 5, 4};
  // A side of 1 would hide a sum that lacks its axis.
  return {3, 5, 4, 2};
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
                                           const std::map<std::string, Given>& given,
                                           const SideLengths& sides) {
  const Planner planner(source, function, given, sides);
  std::vector<ParameterPlan> plans;
  for (const Parameter& parameter : function.parameters) {
    const auto found = defaults.find(parameter.name);
    plans.push_back(planner.plan(parameter, found == defaults.end() ? nullptr : &found->second));
  }
  for (const auto& [name, value] : given) {
    const std::string parameter = name.substr(0, name.find('.'));
    const auto plan = std::find_if(plans.begin(), plans.end(),
                                   [&](const ParameterPlan& one) { return one.name == parameter; });
    if (plan == plans.end() && function.object) continue;
    if (plan == plans.end()) refuse_parameter(function, parameter, {});
    if (parameter == name || plan->is_dictionary) continue;
    throw Error(fmt::format("{} has an entry {} only if {} is a dictionary", function.name,
                            quoted(name), quoted(parameter)));
  }
  for (std::size_t i = 0; i < function.parameters.size(); ++i) {
    if (!plans[i].is_dictionary) continue;
    for (ParameterPlan& entry : planner.entries_of(plans[i].name)) {
      plans.push_back(std::move(entry));
    }
  }
  return plans;
}

namespace {

// Of a mask: true at most places, and false at some.
std::string mask_text(const Shape& shape) {
  std::string text;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", i % 4 == 2 ? 0 : 1);
  }
  return shape.ndim() == 1 ? "[" + text + "]"
                           : fmt::format("array([{}]).reshape{}", text, to_string(shape));
}

}  // namespace

bool has_certain_shape(const Function& function, const std::string& parameter) {
  const ParameterLines lines = parameter_lines(function.docstring);
  const auto line = lines.find(parameter);
  const bool is_parameter =
      std::any_of(function.parameters.begin(), function.parameters.end(),
                  [&](const Parameter& one) { return one.name == parameter; });
  // What `__init__` makes has the shape that it makes.
  if (function.object && !is_parameter) return true;
  return is_scale(parameter) || (line != lines.end() && !line->second.sides.empty());
}

std::string fill_text(const ParameterPlan& plan, const Shape& shape) {
  const bool is_flat_target = plan.fill == "one_hot" && (shape.ndim() != 2 || shape[1] == 1);
  if (plan.fill == "bool" || is_flat_target) return mask_text(shape);
  const bool is_word =
      !plan.fill.empty() && std::isalpha(static_cast<unsigned char>(plan.fill.front())) != 0 &&
      plan.fill.find('(') == std::string::npos && plan.fill != "inf" && plan.fill != "nan";
  if (!is_word) return plan.fill;
  return fmt::format("{}({})", plan.fill, fmt::join(shape, ", "));
}

}  // namespace backstep::read
