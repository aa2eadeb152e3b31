// What a primitive is: one record with its name, symbol, shape rule, forward kernel and one
// gradient rule per argument. A gradient rule computes no numbers: it builds nodes, so the backward
// pass is more of the same graph.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/tensor.h"

namespace backstep {

class Var;
struct RuleCall;

// What a reduction takes away. kRows is NumPy's axis=0: the sum over the samples of a batch.
enum class Axis : std::uint8_t { kRows, kColumns, kAll };

// The settings of one application: a number (2 in `2 * x`), an axis, a shape to repeat to. A
// primitive uses those that it needs.
struct Attributes {
  double number = 0;
  Shape shape = {};
  Axis axis = Axis::kAll;
};

// The same words in each language of the lessons. Places such as {a}, {y}, {number} are filled in.
struct Words {
  std::string_view en;
  std::string_view ko;
};

using ShapeRule = Shape (*)(std::span<const Shape> inputs, const Attributes& attributes);
// Writes into `out`, which is there already and has the shape that the shape rule gave.
using Kernel = void (*)(std::span<const ConstView> inputs, const Attributes& attributes, View out);
// Builds what this argument receives from the gradient of the result.
using GradientRule = Var (*)(const RuleCall& call);

struct Argument {
  std::string_view name;            // its place in `numpy` and in the words: "a"
  GradientRule gradient = nullptr;  // null where no gradient flows, as through a comparison
  Words why = {};                   // one sentence: why the rule is what it is
};

// How tightly the NumPy text of a primitive binds, as in Python's grammar.
enum class Precedence : std::uint8_t { kComparison, kSum, kProduct, kSign, kPower, kAtom };

struct Primitive {
  std::string_view name;    // the field's standard term: "multiply"
  std::string_view symbol;  // in the circle of a diagram: "×"
  std::string_view numpy;   // its text in NumPy: "{a} * {b}"
  Precedence precedence;
  ShapeRule shape;
  Kernel forward;
  std::vector<Argument> arguments;
  Words says;  // one sentence: what it makes of its arguments
  // Its text in C on one element, for the fused loops: "{a} * {b}". Empty if it is not elementwise.
  std::string_view c = {};
};

// Adds a primitive to the list of all. Each file of engine/primitives/ declares its family so;
// a name that is there already is a mistake of ours and ends the program.
const Primitive& declare(Primitive primitive);

// Every primitive, by name.
std::vector<const Primitive*> all_primitives();

}  // namespace backstep
