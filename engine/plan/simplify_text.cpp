// The derivation as text, in English or Korean.
#include <fmt/core.h>

#include "engine/number_text.h"
#include "engine/plan/simplify.h"

namespace backstep {
namespace {

struct Template {
  const char* en;
  const char* ko;
  const char* in(Language language) const { return language == Language::kKorean ? ko : en; }
};

constexpr Template kAtFirst = {"at first: {} operations, {} passes over the batch\n",
                               "처음: 연산 {}번, 배치를 {}번 훑음\n"};
constexpr Template kCost = {"   {} operations, {} passes over the batch; ",
                            "   연산 {}번, 배치를 {}번 훑음. "};
constexpr Template kEqual = {"the numbers are equal within 1e-12\n",
                             "결과의 수는 1e-12 안에서 같음\n"};
constexpr Template kDiffers = {"largest relative difference {}\n", "가장 큰 상대 차이 {}\n"};
constexpr Template kNothing = {"no rule takes anything away\n", "줄일 수 있는 규칙이 없습니다\n"};
constexpr const char* kFormulas = "   {}\n   → {}\n";

constexpr double kTolerance = 1e-12;

std::string operations(double count) { return number_text(count, 12); }

}  // namespace

std::string text(const Simplified& derivation, Language language) {
  std::string result =
      fmt::format(fmt::runtime(kAtFirst.in(language)), operations(derivation.operations_at_first),
                  derivation.passes_at_first);
  int number = 0;
  for (const SimplifyStep& step : derivation.steps) {
    const std::string_view rule = language == Language::kKorean ? step.rule.ko : step.rule.en;
    result += fmt::format("\n{}. {}\n", ++number, rule);
    for (const RewrittenFormula& formula : step.formulas) {
      result += fmt::format(fmt::runtime(kFormulas), formula.before, formula.after);
    }
    result +=
        fmt::format(fmt::runtime(kCost.in(language)), operations(step.operations), step.passes);
    // The last bits hang on the compiler; that they are equal does not.
    result += step.error <= kTolerance
                  ? kEqual.in(language)
                  : fmt::format(fmt::runtime(kDiffers.in(language)), number_text(step.error, 2));
  }
  if (derivation.steps.empty()) result += kNothing.in(language);
  return result;
}

}  // namespace backstep
