// clip: what stands between two bounds stays, the rest becomes the bound.
#include "engine/primitives/kernels.h"

namespace backstep {
namespace {

// NumPy's: a NaN on any side stays a NaN, and where the bounds are crossed the upper one wins.
double between(double a, double low, double high) {
  const double above = a > low || a != a ? a : low;
  return above < high || above != above ? above : high;
}

void cut(std::span<const ConstView> in, const Attributes&, View out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    out.data[i] = between(in[0].data[i], in[1].data[i], in[2].data[i]);
  }
}

const Primitive& kClip = declare({
    .name = "clip",
    .symbol = "clip",
    .numpy = "np.clip({a}, {low}, {high})",
    .precedence = Precedence::kAtom,
    .shape = kernels::same_shape,
    .forward = cut,
    .arguments = {{"a",
                   [](const RuleCall& call) {
                     const Var above = greater_equal(call[0], call[1]);
                     const Var below = less_equal(call[0], call[2]);
                     return call.dy * (above * below);
                   },
                   Words("What stands between {low} and {high}, or at one of them, passes the "
                         "gradient on; what "
                         "was cut sends back 0.")},
                  {"low",
                   [](const RuleCall& call) {
                     const Var raised = less(call[0], call[1]);
                     const Var stays = less_equal(call[1], call[2]);
                     return call.dy * (raised * stays);
                   },
                   Words("Only where {a} was below {low} does the result follow {low}.")},
                  {"high",
                   [](const RuleCall& call) {
                     const Var raised = maximum(call[0], call[1]);
                     return call.dy * greater(raised, call[2]);
                   },
                   Words("Only where {high} cut does the result follow it.")}},
    .says = Words("keeps {a} between {low} and {high}, element by element"),
    .rounding = Rounding::kNever,
    .has_kink = true,
});

}  // namespace

Var clip(Var a, Var low, Var high) {
  const Shape raised = common_shape(a, low, "clipped");
  const Shape shape = common_shape(a, raised, high, high.shape(), "clipped");
  const Var value = fit(a, shape);
  const Var from = fit(low, shape);
  const Var to = fit(high, shape);
  return apply(kClip, {value, from, to});
}

}  // namespace backstep
