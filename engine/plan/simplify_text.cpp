// The derivation as text.
#include <fmt/core.h>

#include "engine/number_text.h"
#include "engine/plan/simplify.h"

namespace backstep {
namespace {

constexpr auto kAtFirst = Words("at first: {0} operations, {1} passes over the batch\n");
constexpr auto kCost = Words("   {0} operations, {1} passes over the batch; ");
constexpr auto kEqual = Words("the numbers are equal within 1e-12\n");
constexpr auto kDiffers = Words("largest relative difference {0}\n");
constexpr auto kNothing = Words("no rule takes anything away\n");
constexpr const char* kFormulas = "   {}\n   → {}\n";

constexpr double kTolerance = 1e-12;

std::string operations(double count) { return number_text(count, 12); }

}  // namespace

std::string text(const Simplified& derivation, Language language) {
  std::string result = say(language, kAtFirst, operations(derivation.operations_at_first),
                           derivation.passes_at_first);
  int number = 0;
  for (const SimplifyStep& step : derivation.steps) {
    result += fmt::format("\n{}. {}\n", ++number, say(language, step.rule));
    for (const RewrittenFormula& formula : step.formulas) {
      result += fmt::format(fmt::runtime(kFormulas), formula.before, formula.after);
    }
    result += say(language, kCost, operations(step.operations), step.passes);
    // The last bits hang on the compiler; that they are equal does not.
    result += step.error <= kTolerance ? say(language, kEqual)
                                       : say(language, kDiffers, number_text(step.error, 2));
  }
  if (derivation.steps.empty()) result += say(language, kNothing);
  return result;
}

}  // namespace backstep
