// What a primitive is: one record with its name, symbol, shape rule, forward kernel and one
// gradient rule per argument. A gradient rule computes no numbers: it builds nodes, so the backward
// pass is more of the same graph.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/number_text.h"
#include "engine/place_map.h"
#include "engine/say.h"
#include "engine/tensor.h"

namespace backstep {

class Var;
struct RuleCall;

// Some sides of an array, as NumPy's `axis` names them.
class Sides {
 public:
  constexpr Sides() = default;
  constexpr Sides(std::initializer_list<int> sides) {
    for (const int side : sides) add(side);
  }
  static constexpr Sides first(int count) {
    Sides sides;
    for (int side = 0; side < count; ++side) sides.add(side);
    return sides;
  }

  constexpr void add(int side) { bits_ = static_cast<std::uint8_t>(bits_ | 1u << side); }
  constexpr bool has(int side) const { return (bits_ >> side & 1u) != 0; }
  constexpr bool is_empty() const { return bits_ == 0; }

  friend constexpr bool operator==(Sides, Sides) = default;
  friend constexpr auto operator<=>(Sides, Sides) = default;

 private:
  std::uint8_t bits_ = 0;
};

// The order of the sides of a transposed array: side i of the result is side order[i].
using SideOrder = std::array<std::uint8_t, Shape::kMostSides>;

// The settings of one application: a number (2 in `2 * x`), a shape to repeat to, the sides that a
// reduction takes away, the places that are picked. A primitive uses those that it needs.
struct Attributes {
  double number = 0;
  Shape shape = {};
  Sides sides = {};
  bool keepdims = false;
  SideOrder order = {};
  SharedMap map = nullptr;
  std::shared_ptr<const std::vector<double>> numbers = nullptr;  // of a leaf: all its elements
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

// Which elements of its arguments one element of a result is made of.
enum class Reads : std::uint8_t {
  kElementwise,  // those that stand at the same number in row-major order
  kReduce,       // all along the sides that are reduced
  kRepeat,       // the one that was repeated to this place
  kProduct,      // a row of the one, a column of the other
  kTurn,         // the one that the order of the sides puts here
  kGather,       // the one that a map names, of all arguments laid end to end; or none
  kScatter,      // those that a map sends here
};

// How often a result is rounded.
enum class Rounding : std::uint8_t {
  kOnce,
  kTerms,  // once for each term that is added up
  kNever,  // it is a number that was there already, at most with the other sign
};

// How a reduction joins the elements that it reads, one after the other.
struct Joining {
  double (*join)(double total, double element) = nullptr;
  // The same in C: "{t} += {a}". Empty where the kernel alone can do it: a plan calls that then.
  std::string_view c = {};
  std::string_view start = {};  // the total of no element, in C
  bool is_mean = false;         // the total is divided by their count
  // With numbers: "({terms}) / {count}", where each term is such as "exp({a})".
  std::string_view numbers = "{terms}";
  std::string_view term = "{a}";
  SignForm first = kPlain;               // how the first number stands, where a term is a number...
  SignForm next = kAdded;                // ... and each that follows it
  Precedence binds = Precedence::kAtom;  // what `numbers` gives
  std::string_view sign = {};            // what stands before the argument in a formula: "∑"
};

struct Primitive {
  std::string_view name;    // the field's standard term: "multiply"
  std::string_view symbol;  // in the circle of a diagram: "×"
  std::string_view numpy;   // its text in NumPy: "{a} * {b}"
  Precedence precedence;
  ShapeRule shape;
  Kernel forward;
  std::vector<Argument> arguments;
  // One sentence: what it makes of its arguments. Places such as {a}, {y}, {number} are filled in.
  Words says;
  // Its text in C on one element, for the fused loops: "{a} * {b}". Empty if it is not elementwise.
  std::string_view c = {};
  Reads reads = Reads::kElementwise;
  Rounding rounding = Rounding::kOnce;
  // It turns where its argument is 0, or where the first of them passes another: |a|, a > b.
  bool has_kink = false;
  Joining joining = {};  // of a reduction
  // What a drawn formula shows where it is not `numpy`, in the same grammar, with "√(...)", "|...|"
  // and "⇉" besides.
  std::string_view formula = {};
};

// Adds a primitive to the list of all. Each file of engine/primitives/ declares its family so;
// a name that is there already is a mistake of ours and ends the program.
const Primitive& declare(Primitive primitive);

// Every primitive, by name.
std::vector<const Primitive*> all_primitives();
// The one of this name; null if there is none.
const Primitive* primitive_named(std::string_view name);

}  // namespace backstep
