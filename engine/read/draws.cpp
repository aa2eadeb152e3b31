// Draws from np.random in the order in which a function asks for them.
#include "engine/read/draws.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "engine/read/bound_call.h"
#include "engine/read/operations.h"

namespace backstep::read {
namespace {

// The parameters of the functions that take a size; those of rand and randn are the sides.
struct Draw {
  std::string_view name;
  std::array<std::string_view, 3> parameters;
};
constexpr std::array kDraws = {
    Draw{"rand", {}},
    Draw{"randn", {}},
    Draw{"random", {"size"}},
    Draw{"random_sample", {"size"}},
    Draw{"ranf", {"size"}},
    Draw{"sample", {"size"}},
    Draw{"standard_normal", {"size"}},
    Draw{"normal", {"loc", "scale", "size"}},
    Draw{"uniform", {"low", "high", "size"}},
    Draw{"randint", {"low", "high", "size"}},
};

constexpr std::string_view kPrefix = "random.";

const Draw* find(std::string_view name) {
  if (!name.starts_with(kPrefix)) return nullptr;
  const auto found = std::find_if(kDraws.begin(), kDraws.end(), [name](const Draw& known) {
    return known.name == name.substr(kPrefix.size());
  });
  return found == kDraws.end() ? nullptr : &*found;
}

// The arguments in the order of the parameters; null where the text gives none.
std::array<const Operand*, 3> bound(const CallSite& site, const Draw& draw,
                                    const CallArguments& arguments) {
  std::array<const Operand*, 3> given = {};
  const auto refuse = [&] { site.refuse(fmt::format("{}() is not read so", site.name)); };
  if (arguments.positional.size() > draw.parameters.size()) refuse();
  for (std::size_t i = 0; i < arguments.positional.size(); ++i) {
    if (draw.parameters[i].empty()) refuse();
    given[i] = &arguments.positional[i];
  }
  for (const KeywordOperand& keyword : arguments.keywords) {
    const auto at = std::find(draw.parameters.begin(), draw.parameters.end(), keyword.name);
    if (at == draw.parameters.end() ||
        given[static_cast<std::size_t>(at - draw.parameters.begin())])
      refuse();
    given[static_cast<std::size_t>(at - draw.parameters.begin())] = &keyword.operand;
  }
  return given;
}

double number_or(const Operand* operand, double usual, std::string_view use) {
  return is_given(operand) ? number_of(*operand, use) : usual;
}

}  // namespace

bool is_draw(std::string_view name) { return find(name) != nullptr; }

Value draw(LegacyRandom& random, const CallSite& site, std::string_view name,
           const CallArguments& arguments) {
  const Draw& draw = *find(name);
  std::optional<Shape> shape;
  std::array<const Operand*, 3> given = {};
  if (draw.parameters[0].empty()) {
    if (!arguments.keywords.empty()) site.refuse(fmt::format("{}() takes sides alone", site.name));
    std::vector<std::int64_t> sides;
    for (const Operand& side : arguments.positional) sides.push_back(whole_side(side, side.value));
    if (!sides.empty()) shape = checked_shape(sides);
  } else {
    given = bound(site, draw, arguments);
    const std::size_t last = draw.parameters[2].empty() ? 0 : 2;
    if (is_given(given[last])) shape = written_shape(*given[last]);
  }
  NumberType type = NumberType::kFloat;
  std::function<double()> next = [&] { return random.rand(); };
  if (draw.name == "randn" || draw.name == "standard_normal") {
    next = [&] { return random.randn(); };
  } else if (draw.name == "normal") {
    const double loc = number_or(given[0], 0, "the mean of np.random.normal");
    const double scale = number_or(given[1], 1, "the deviation of np.random.normal");
    if (!(scale >= 0)) site.refuse("the deviation is below 0: NumPy raises ValueError");
    next = [&random, loc, scale] { return loc + scale * random.randn(); };
  } else if (draw.name == "uniform") {
    const double low = number_or(given[0], 0, "the least of np.random.uniform");
    const double high = number_or(given[1], 1, "the most of np.random.uniform");
    next = [&random, low, high] { return low + (high - low) * random.rand(); };
  } else if (draw.name == "randint") {
    const double first = number_or(given[0], 0, "a bound of np.random.randint");
    const bool has_high = is_given(given[1]);
    const double low = has_high ? first : 0;
    const double high = has_high ? number_of(*given[1], "a bound of np.random.randint") : first;
    if (!(low < high && high - low <= 4294967296.0 && std::fabs(low) < 1e9)) {
      site.refuse(fmt::format("np.random.randint from {} to {} is not read", low, high));
    }
    type = NumberType::kInteger;
    next = [&random, low, high] {
      return low + static_cast<double>(random.randint(static_cast<std::int64_t>(high - low)));
    };
  }
  if (!shape) return scalar(next(), type);
  std::vector<double> numbers(shape->size());
  for (double& number : numbers) number = next();
  Array array{{}, type};
  for (const double number : numbers) array.most = std::max(array.most, std::fabs(number));
  array.var = site.draft.graph.constant(*shape, std::move(numbers));
  site.draft.name_step(array.var.id(), draw.name);
  return {array};
}

}  // namespace backstep::read
