// The product of some elements.
#include "engine/primitives/reduction.h"

namespace backstep {
namespace {

double times(double product, double element) { return product * element; }

void multiply_up(std::span<const ConstView> in, const Attributes& is, View out) {
  reductions::fold<times>(in, is, out, 1);
}

Var product_over(const RuleCall& call, Var a) {
  return reduce(*call.y.graph().node(call.y.id()).primitive, a, call.attributes.sides,
                call.attributes.keepdims);
}

// The product of the others, for each element. Dividing {y} by the element would be 0 / 0 at a 0,
// so zeros are left out of the product, and where there is one among the others, that makes it 0.
Var product_of_others(const RuleCall& call) {
  const Var zero = call.y.graph().leaf(Role::kConstant, {});
  const Var is_zero = equal(call[0], zero);
  const Var without_zeros = call[0] + is_zero;
  const Var product = reductions::unreduced(call, product_over(call, without_zeros));
  const Var zeros = sum(is_zero, call.attributes.sides, call.attributes.keepdims);
  const Var is_the_only_zero = equal(is_zero, reductions::unreduced(call, zeros));
  return product / without_zeros * is_the_only_zero;
}

const Primitive& kProd = declare({
    .name = "prod",
    .symbol = "Π",
    .numpy = "np.prod({a}{axis})",
    .precedence = Precedence::kAtom,
    .shape = reductions::reduced_shape,
    .forward = multiply_up,
    .arguments =
        {{"a",
          [](const RuleCall& call) {
            const Var others = product_of_others(call);
            return others * reductions::unreduced(call, call.dy);
          },
          Words("The product moves by the product of all other elements for each unit that one "
                "moves; zeros are counted apart, so that one among the others makes it 0.")}},
    .says = Words("multiplies all of {a} {over}"),
    .reads = Reads::kReduce,
    .joining = {.join = times,
                .c = "{t} *= {a}",
                .start = "1",
                .first = kBracketed,
                .next = {" * ", " * ", " * (-", ")"},
                .binds = Precedence::kProduct,
                .sign = "∏"},
});

}  // namespace
}  // namespace backstep
