// The logarithm of a sum of exponentials: a maximum with round corners, and what a softmax divides
// by.
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/primitives/reduction.h"

namespace backstep {
namespace {

// log(exp(a) + exp(b)), where no exponential is too large for a double: NumPy's logaddexp.
double log_add(double a, double b) {
  if (a == b) return a + std::log(2.0);  // infinities too
  return std::max(a, b) + std::log1p(std::exp(-std::fabs(a - b)));
}

void log_of_sum(std::span<const ConstView> in, const Attributes& is, View out) {
  reductions::fold<log_add>(in, is, out, -std::numeric_limits<double>::infinity());
}

const Primitive& kLogSumExp = declare({
    .name = "logsumexp",
    .symbol = "lnΣeˣ",
    .numpy = "np.logaddexp.reduce({a}{axes})",
    .precedence = Precedence::kAtom,
    .shape = reductions::reduced_shape,
    .forward = log_of_sum,
    .arguments =
        {{"a",
          [](const RuleCall& call) {
            const Var shares = exp(call[0] - reductions::unreduced(call, call.y));
            return shares * reductions::unreduced(call, call.dy);
          },
          Words("Each element of {a} moves the result by its share of the exponentials: their "
                "softmax.")}},
    .says = Words("takes the logarithm of the sum of the exponentials of {a} {over}"),
    .reads = Reads::kReduce,
    .joining = {.join = log_add, .numbers = "log({terms})", .term = "exp({a})", .sign = "∑"},
    .formula = "log(np.sum(e ** {a}{axis}))",
});

}  // namespace
}  // namespace backstep
