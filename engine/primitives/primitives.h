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
  Attributes attributes;

  Var operator[](std::size_t argument) const {
    return {&y.graph(), y.graph().input(y.id(), argument)};
  }
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
Var operator-(double number, Var a);
Var power(Var a, double exponent);

// Elementwise, of one argument.
Var operator-(Var a);
Var copy(Var a);
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

// Reductions keep both dimensions: along kRows (N, D) becomes (1, D).
Var sum(Var a, Axis axis = Axis::kAll);
Var mean(Var a, Axis axis = Axis::kAll);
Var max(Var a, Axis axis = Axis::kAll);

// Repeats a (1, D), an (N, 1) or a scalar to the shape; the gradient is the sum over the copies.
Var broadcast(Var a, Shape shape);
// `a` itself if it has the shape already; otherwise a broadcast that is folded into its edge.
Var fit(Var a, Shape shape);
// The shape that a and b have after broadcasting. `verb` is for the error text: "added".
Shape common_shape(Var a, Var b, std::string_view verb);

Var matmul(Var a, Var b);
Var transpose(Var a);

// Any primitive, on arguments that fit already.
Var apply(const Primitive& primitive, std::initializer_list<Var> inputs, const Attributes& = {});
// Any elementwise primitive of two arguments, with broadcasting.
Var apply_elementwise(const Primitive& primitive, Var a, Var b, std::string_view verb);

}  // namespace backstep
