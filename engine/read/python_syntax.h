// The syntax tree of a NumPy function: what the parser makes and the circuit reader walks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/read/name_bindings.h"
#include "engine/read/source.h"

namespace backstep::read {

struct Expression;
struct Function;

// The bytes of the source that something was written with: [begin, end).
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

struct Number {
  double value = 0;
  bool is_integer = false;
};

struct Text {
  std::string value;  // as Python knows it, without escapes
};

enum class Constant : std::uint8_t { kNone, kTrue, kFalse, kEllipsis };

struct Name {
  std::string id;  // in NFKC
};

struct Sequence {
  std::vector<Expression> items;
  bool is_list = false;
};

// `{'mode': 'train'}`: key, value, key, value.
struct Pairs {
  std::vector<Expression> items;
};

// `f'W{i}'`: text, and values between it.
struct FormatPart {
  std::string text;  // where there is no value
  std::unique_ptr<Expression> value;
  std::string style;  // `!r` and what stands behind the colon
};
struct Formatted {
  std::vector<FormatPart> parts;
};

// `*x.shape` among arguments or items; `**settings` has two stars.
struct Starred {
  std::unique_ptr<Expression> operand;
  int stars = 1;
};

// `a if test else b if test else c`: value, test, value, test, value.
struct Conditional {
  std::vector<Expression> parts;
};

// `a and b and c`, or the same with `or`.
struct Logic {
  bool is_and = true;
  std::vector<Expression> operands;
};

// `not x`, and `not not x`.
struct Negation {
  std::unique_ptr<Expression> operand;
  bool is_odd = true;
};

// `lambda x: x * 2`: a function of one return.
struct Lambda {
  std::shared_ptr<const Function> function;
};

// `for x in xs if x > 0`, within brackets.
struct Clause;
struct Comprehension {
  enum class Kind : std::uint8_t { kList, kGenerator, kPairs };

  Kind kind = Kind::kList;
  std::vector<Expression> element;  // of pairs: the key and the value
  std::vector<Clause> clauses;
};

struct Attribute {
  std::unique_ptr<Expression> base;
  std::string name;
};

struct Keyword {
  std::string name;
  std::uint32_t byte = 0;
  std::size_t argument = 0;  // its value's place in Call::arguments
};

struct Call {
  std::unique_ptr<Expression> function;
  std::vector<Expression> arguments;  // the positional ones, then those of the keywords
  std::vector<Keyword> keywords;

  std::size_t positional() const;
};

struct Subscript {
  std::unique_ptr<Expression> base;
  std::unique_ptr<Expression> index;
};

// `start:stop:step` within an index; what is left out is null.
struct Slicing {
  std::unique_ptr<Expression> start;
  std::unique_ptr<Expression> stop;
  std::unique_ptr<Expression> step;
};

// `- - +x` and `~x`, signs from the outermost.
struct Signs {
  std::string signs;
  std::unique_ptr<Expression> operand;
};

enum class Operator : std::uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kFloorDivide,
  kModulo,
  kMatmul,
  kPower,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kEqual,
  kNotEqual,
  kIn,
  kNotIn,
  kIs,
  kIsNot,
  kBitAnd,
  kBitXor,
  kBitOr,
};

bool is_comparison(Operator op);

struct Term;

// Operands of one precedence, as in `a - b + c`: flat, so that a line of a million terms needs no
// deep stack. Sums and products apply from the left, powers from the right; of comparisons, each
// compares its two neighbours.
struct Chain {
  std::unique_ptr<Expression> first;
  std::vector<Term> rest;
};

struct Expression {
  using Kind = std::variant<Number, Text, Constant, Name, Sequence, Pairs, Attribute, Call,
                            Subscript, Slicing, Signs, Chain, Formatted, Starred, Conditional,
                            Logic, Negation, Lambda, Comprehension>;

  // Defined where Term is complete.
  Expression(Range at, Kind of);
  Expression(Expression&& other) noexcept;
  Expression& operator=(Expression&& other) noexcept;
  ~Expression();

  Range range;
  std::uint16_t depth = 1;
  bool in_parentheses = false;
  Kind kind;
};

struct Term {
  Operator op = Operator::kAdd;
  std::uint32_t byte = 0;  // of the operator
  Expression operand;
};

struct Clause {
  Expression target;
  Expression iterable;
  std::vector<Expression> conditions;
};

inline bool is_comparison(Operator op) { return op >= Operator::kLess && op <= Operator::kIsNot; }

inline Expression::Expression(Range at, Kind of) : range(at), kind(std::move(of)) {}
inline Expression::Expression(Expression&& other) noexcept = default;
inline Expression& Expression::operator=(Expression&& other) noexcept = default;
inline Expression::~Expression() = default;

inline std::size_t Call::positional() const { return arguments.size() - keywords.size(); }

// `a = b = value`.
struct Assignment {
  std::vector<Expression> targets;
  Expression value;
};

// `target += value`.
struct Augmented {
  Expression target;
  Operator op = Operator::kAdd;
  Expression value;
};

struct Return {
  std::optional<Expression> value;
};

// An expression whose result is dropped.
struct Evaluation {
  Expression value;
};

// A line that changes no value: import, print, assert, pass.
struct Skipped {
  std::string text;
  std::vector<NameBinding> imports;
  std::optional<Expression> condition;  // of an assert, if it can be read
};

struct Statement;

// The lines below a header, or behind its colon.
struct Block {
  std::vector<Statement> body;
  // Why it cannot be read, for when it is to be.
  std::optional<ReadError> error;
};

// `if`, `elif` and `else`: the first arm whose condition holds is read, the others are not.
struct Arm;
struct Branch {
  std::vector<Arm> arms;
};

// `for target in iterable:`, and what its `else` holds.
struct For {
  Expression target;
  Expression iterable;
  Block block;
  Block otherwise;
};

struct While {
  Expression condition;
  Block block;
  Block otherwise;
};

struct Break {};
struct Continue {};

// `with context as target:`.
struct Context {
  Expression value;
  std::optional<Expression> target;
};
struct With {
  std::vector<Context> contexts;
  Block block;
};

// `try:` with its `else` and `finally`; what its handlers do is not read.
struct Try {
  Block block;
  Block otherwise;
  Block last;
};

// A def within a def.
struct Definition {
  std::shared_ptr<const Function> function;
};

struct Raise {
  std::string text;
};

struct Delete {
  std::vector<Expression> targets;
};

struct Statement {
  std::uint32_t byte = 0;
  std::variant<Assignment, Augmented, Return, Evaluation, Skipped, Branch, For, While, Break,
               Continue, With, Try, Definition, Raise, Delete>
      kind;
};

struct Arm : Block {
  std::optional<Expression> condition;  // none of `else`
};

struct Parameter {
  std::string name;
  std::uint32_t byte = 0;
  std::optional<Expression> default_value;
  bool may_have_name = true;  // its argument: not of one before `/`
  bool needs_name = false;    // ... of one behind `*`
  int stars = 0;              // 1 of *args, 2 of **settings
};

// A class as a circuit: an object is made, and one of its methods runs on it.
struct ObjectCall {
  std::string type;
  std::string method;
  // What the two methods call the parameters of the circuit: first those of the method that runs.
  std::vector<std::string> names;
  std::size_t of_method = 0;
};

struct Function {
  std::string name;
  std::uint32_t byte = 0;
  std::vector<Parameter> parameters;
  std::string docstring;
  std::vector<Statement> body;
  // Every name that its lines set, and where first: such a name is the function's own in all of it.
  std::map<std::string, std::uint32_t> own_names;
  bool is_held = false;  // @torch.no_grad(): no gradient goes back through what it gives
  // Every name that its lines use.
  std::set<std::string> mentioned;
  // Of a class as a circuit; its body is that of both methods, to be looked at, not to be run.
  std::optional<ObjectCall> object = std::nullopt;
  // Why it cannot be read. Kept until somebody asks for this function: a notebook's training loop
  // does not stand in the way of the function above it.
  std::optional<ReadError> error;
};

}  // namespace backstep::read
