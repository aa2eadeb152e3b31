// Masks, 1 where a comparison holds and 0 elsewhere, and `where`, which chooses by one.
#include "engine/primitives/kernels.h"

namespace backstep {
namespace {

using kernels::map2;
using kernels::same_shape;

// A mask jumps between 0 and 1 and is flat elsewhere, so its arguments have no gradient rule. One
// that asks for equality has no two sides.
Primitive mask(std::string_view name, std::string_view symbol, std::string_view numpy,
               std::string_view c, Kernel forward, Words says) {
  return {.name = name,
          .symbol = symbol,
          .numpy = numpy,
          .precedence = Precedence::kComparison,
          .shape = same_shape,
          .forward = forward,
          .arguments = {{"a", nullptr, {}}, {"b", nullptr, {}}},
          .says = says,
          .c = c,
          .has_kink = symbol != "=?" && symbol != "≠"};
}

const Primitive& kGreater =
    declare(mask("greater", ">", "{a} > {b}", "{a} > {b} ? 1.0 : 0.0",
                 map2<[](double a, double b) { return (a > b) ? 1.0 : 0.0; }>,
                 Words("is 1 where {a} is above {b}, else 0")));
const Primitive& kGreaterEqual =
    declare(mask("greater equal", "≥", "{a} >= {b}", "{a} >= {b} ? 1.0 : 0.0",
                 map2<[](double a, double b) { return (a >= b) ? 1.0 : 0.0; }>,
                 Words("is 1 where {a} is at least {b}, else 0")));
const Primitive& kLess = declare(mask("less", "<", "{a} < {b}", "{a} < {b} ? 1.0 : 0.0",
                                      map2<[](double a, double b) { return (a < b) ? 1.0 : 0.0; }>,
                                      Words("is 1 where {a} is below {b}, else 0")));
const Primitive& kLessEqual =
    declare(mask("less equal", "≤", "{a} <= {b}", "{a} <= {b} ? 1.0 : 0.0",
                 map2<[](double a, double b) { return (a <= b) ? 1.0 : 0.0; }>,
                 Words("is 1 where {a} is at most {b}, else 0")));
const Primitive& kEqual =
    declare(mask("equal", "=?", "{a} == {b}", "{a} == {b} ? 1.0 : 0.0",
                 map2<[](double a, double b) { return (a == b) ? 1.0 : 0.0; }>,
                 Words("is 1 where {a} equals {b}, else 0")));
const Primitive& kNotEqual =
    declare(mask("not equal", "≠", "{a} != {b}", "{a} != {b} ? 1.0 : 0.0",
                 map2<[](double a, double b) { return (a != b) ? 1.0 : 0.0; }>,
                 Words("is 1 where {a} differs from {b}, else 0")));

void choose(std::span<const ConstView> in, const Attributes&, View out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    out.data[i] = in[0].data[i] != 0 ? in[1].data[i] : in[2].data[i];
  }
}

Var zero_like(Var a) { return fit(a.graph().leaf(Role::kConstant, {}), a.shape()); }

const Primitive& kWhere = declare({
    .name = "where",
    .symbol = "?:",
    .numpy = "np.where({mask}, {a}, {b})",
    .precedence = Precedence::kAtom,
    .shape = same_shape,
    .forward = choose,
    .arguments = {{"mask", nullptr, {}},
                  {"a",
                   [](const RuleCall& call) { return where(call[0], call.dy, zero_like(call.dy)); },
                   Words("Only where the mask chose {a} does the result follow it.")},
                  {"b",
                   [](const RuleCall& call) { return where(call[0], zero_like(call.dy), call.dy); },
                   Words("Only where the mask did not choose {a} does the result follow {b}.")}},
    .says = Words("takes {a} where {mask} is not 0, and {b} elsewhere"),
    .c = "pick({mask}, {a}, {b})",
    .rounding = Rounding::kNever,
});

}  // namespace

namespace primitives {
const Primitive& greater() { return kGreater; }
const Primitive& greater_equal() { return kGreaterEqual; }
const Primitive& less() { return kLess; }
const Primitive& less_equal() { return kLessEqual; }
}  // namespace primitives

Var greater(Var a, Var b) { return apply_elementwise(kGreater, a, b, "compared"); }
Var greater_equal(Var a, Var b) { return apply_elementwise(kGreaterEqual, a, b, "compared"); }
Var less(Var a, Var b) { return apply_elementwise(kLess, a, b, "compared"); }
Var less_equal(Var a, Var b) { return apply_elementwise(kLessEqual, a, b, "compared"); }
Var equal(Var a, Var b) { return apply_elementwise(kEqual, a, b, "compared"); }
Var not_equal(Var a, Var b) { return apply_elementwise(kNotEqual, a, b, "compared"); }

Var where(Var mask, Var a, Var b) {
  const Shape choices = common_shape(a, b, "chosen between");
  const Shape shape = common_shape(mask, mask.shape(), a, choices, "used as mask and choice");
  const Var chooser = fit(mask, shape);
  const Var first = fit(a, shape);
  const Var second = fit(b, shape);
  return apply(kWhere, {chooser, first, second});
}

}  // namespace backstep
