// The primitives as functions on graph nodes. Each adds one node to the graph of its arguments;
// where two shapes differ as NumPy allows, a broadcast node is added on the smaller argument first.
// Throws Error, with names and shapes, where the shapes do not fit.
#pragma once

#include "engine/graph.h"
#include "engine/primitive.h"

namespace backstep {

// What a gradient rule is given: `dy`, the gradient of the result `y`, and the arguments.
struct RuleCall {
  Var y;
  Var dy;
  const Attributes& attributes;
  std::size_t argument = 0;  // whose gradient is asked for

  Var operator[](std::size_t i) const { return {&y.graph(), y.graph().input(y.id(), i)}; }
};

// Elementwise, of two arguments.
Var operator+(Var a, Var b);
Var operator-(Var a, Var b);
Var operator*(Var a, Var b);
Var operator/(Var a, Var b);
Var maximum(Var a, Var b);
Var minimum(Var a, Var b);
// sqrt(a + e): the deviation of a variance `a`, with epsilon `e` under the root.
Var sqrt_eps(Var a, Var e);

// Elementwise, of one argument and a number that is known as the graph is built.
Var operator+(Var a, double number);
Var operator*(double number, Var a);
Var operator/(Var a, double number);
Var operator-(double number, Var a);
Var power(Var a, double exponent);
// number ** a, for a number above 0.
Var exponentiate(double number, Var a);

// Elementwise, of one argument.
Var operator-(Var a);
Var copy(Var a);
Var detach(Var a);
Var square(Var a);
Var sqrt(Var a);
Var invert(Var a);
Var exp(Var a);
Var log(Var a);
Var abs(Var a);
Var sign(Var a);
Var tanh(Var a);
Var relu(Var a);

// Masks: 1 where the comparison holds, 0 elsewhere. No gradient flows through them.
Var greater(Var a, Var b);
Var greater_equal(Var a, Var b);
Var less(Var a, Var b);
Var less_equal(Var a, Var b);
Var equal(Var a, Var b);
Var not_equal(Var a, Var b);
// `a` where the mask is not 0, `b` elsewhere.
Var where(Var mask, Var a, Var b);
// `a` between two bounds, which pass the gradient too.
Var clip(Var a, Var low, Var high);

// Reductions over some sides of `a`: (N, D) becomes (D,) over side 0, (1, D) with keepdims. Without
// sides, over all.
Var sum(Var a);
Var sum(Var a, Sides sides, bool keepdims = false);
Var mean(Var a);
Var mean(Var a, Sides sides, bool keepdims = false);
Var max(Var a);
Var max(Var a, Sides sides, bool keepdims = false);
// Any of them.
Var reduce(const Primitive& reduction, Var a, Sides sides, bool keepdims);
// The sides that are left once some are reduced.
Shape reduced(const Shape& shape, Sides sides, bool keepdims);

// Whether what is left without keepdims repeats to the shape again: the sides are the first ones.
bool repeats_back(const Shape& shape, Sides sides);

// What a reduction takes from the matrix that Shape::rows and cols describe.
enum class Along : std::uint8_t {
  kRows,     // the sum over the samples of a batch: (N, D) becomes (D,) or (1, D)
  kColumns,  // the sum over the features: (N, D) becomes (N,) or (N, 1)
  kAll,
  kOther,  // some sides of more than two
};
Along along(const Shape& shape, Sides sides);

// Repeats `a` to the shape, as NumPy does: sides are compared from the last, and one that is 1 or
// missing is repeated. The gradient is the sum over the copies.
Var broadcast(Var a, const Shape& shape);
// `a` itself if it has the shape already; otherwise a broadcast that is folded into its edge.
Var fit(Var a, const Shape& shape);
// Whether `broadcast` takes an array of the shape `small` to `large`.
bool repeats_to(const Shape& small, const Shape& large);
// The shape of two that fit, after broadcasting.
Shape common_shape(const Shape& a, const Shape& b);
// The first side, counted from 0 with 1 in front of the shorter, in which two shapes do not fit; -1
// if they do.
int misfit(const Shape& a, const Shape& b);
// That side of a shape that is filled up with 1 in front to `ndim` sides.
std::int32_t aligned(const Shape& shape, int side, int ndim);
// The same, of two that may not fit. `verb` is for the error text: "added".
Shape common_shape(Var a, Var b, std::string_view verb);
// The same, of two that are to be repeated to these shapes first.
Shape common_shape(Var a, const Shape& wide_a, Var b, const Shape& wide_b, std::string_view verb);

// NumPy's `@`: rows by columns of the last two sides, over any leading sides; a vector is a row on
// the left and a column on the right.
Var matmul(Var a, Var b);
// The sides in the reverse order, or in that order.
Var transpose(Var a);
Var transpose(Var a, const SideOrder& order);
// The same numbers in their order, in another shape of as many.
Var reshape(Var a, const Shape& shape);

// The elements of `a` at the places that the map names, in an array of this shape; 0 where it names
// none.
Var gather(Var a, SharedMap map, const Shape& shape);
// An array of this shape: each element of `a` is added in at the place that the map names.
Var scatter_add(Var a, SharedMap map, const Shape& shape);
// As gather, of the elements of `a` and behind them those of `b`.
Var join(Var a, Var b, SharedMap map, const Shape& shape);

// The records that others ask for: is(node, primitives::sum()), in look.h.
namespace primitives {
const Primitive& add();
const Primitive& subtract();
const Primitive& multiply();
const Primitive& divide();
const Primitive& times();
const Primitive& divide_by();
const Primitive& plus();
const Primitive& negate();
const Primitive& copy();
const Primitive& detach();
const Primitive& square();
const Primitive& sqrt();
const Primitive& sqrt_eps();
const Primitive& invert();
const Primitive& exp();
const Primitive& log();
const Primitive& greater();
const Primitive& greater_equal();
const Primitive& less();
const Primitive& less_equal();
const Primitive& matmul();
const Primitive& transpose();
const Primitive& reshape();
const Primitive& sum();
const Primitive& mean();
const Primitive& max();
const Primitive& broadcast();
}  // namespace primitives

// Any primitive, on arguments that fit already.
Var apply(const Primitive& primitive, std::initializer_list<Var> inputs, const Attributes& = {});
// Any elementwise primitive of two arguments, with broadcasting.
Var apply_elementwise(const Primitive& primitive, Var a, Var b, std::string_view verb);

}  // namespace backstep
