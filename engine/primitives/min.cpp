// The smallest of some elements.
#include <limits>

#include "engine/primitives/reduction.h"

namespace backstep {
namespace {

// A NaN stays a NaN, as in NumPy.
double smaller(double best, double element) {
  return element < best || element != element ? element : best;
}

void smallest(std::span<const ConstView> in, const Attributes& is, View out) {
  reductions::fold<smaller>(in, is, out, std::numeric_limits<double>::infinity());
}

const Primitive& kMin = declare({
    .name = "min",
    .symbol = "min",
    .numpy = "np.min({a}{axis})",
    .precedence = Precedence::kAtom,
    .shape = reductions::reduced_shape,
    .forward = smallest,
    .arguments =
        {{"a", reductions::shared_by_ties,
          Words("Only the smallest element of {a} moves the result; several that are equal share "
                "the gradient.")}},
    .says = Words("takes the smallest of {a} {over}"),
    .reads = Reads::kReduce,
    .rounding = Rounding::kNever,
    .joining = {.join = smaller,
                .c = "{t} = ({a} < {t}) | ({a} != {a}) ? {a} : {t}",
                .start = "INFINITY",
                .numbers = "min({terms})",
                .next = kListed,
                .sign = "min"},
});

}  // namespace
}  // namespace backstep
