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
    .arguments =
        {{"a",
          [](const RuleCall& call) {
            const Var above = greater_equal(call[0], call[1]);
            const Var below = less_equal(call[0], call[2]);
            return call.dy * (above * below);
          },
          {"What stands between {low} and {high}, or at one of them, passes the gradient on; what "
           "was cut sends back 0.",
           "{low}와 {high} 사이이거나 그 경계에 있던 자리는 기울기를 그대로 넘기고, 잘린 자리는 "
           "0을 돌려보냅니다."}},
         {"low",
          [](const RuleCall& call) {
            const Var raised = less(call[0], call[1]);
            const Var stays = less_equal(call[1], call[2]);
            return call.dy * (raised * stays);
          },
          {"Only where {a} was below {low} does the result follow {low}.",
           "{a}의 값이 {low}보다 작던 자리에서만 결과가 {low}의 값을 따라갑니다."}},
         {"high",
          [](const RuleCall& call) {
            const Var raised = maximum(call[0], call[1]);
            return call.dy * greater(raised, call[2]);
          },
          {"Only where {high} cut does the result follow it.",
           "{high}에서 잘린 자리에서만 결과가 그 값을 따라갑니다."}}},
    .says = {"keeps {a} between {low} and {high}, element by element",
             "{a}의 각 원소를 {low}와 {high} 사이로 자릅니다"},
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
