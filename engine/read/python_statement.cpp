// The actions of the grammar: a stack of expressions that its rules push to and fold.
#include "engine/read/python_statement.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "engine/read/python_grammar.h"
#include "engine/read/python_numbers.h"
#include "engine/read/python_text.h"
#include "engine/read/refusals.h"

namespace backstep::read {
namespace {

namespace pegtl = tao::pegtl;

// The deepest tree that the recursive walks of the reader meet.
constexpr std::uint16_t kMostDepth = 200;
constexpr std::size_t kMostLambdas = 20;
constexpr std::size_t kMostDigits = 1000;
constexpr std::size_t kMostNameBytes = kLongestName;

bool is_constant(std::string_view word) {
  return word == "None" || word == "True" || word == "False";
}

struct OperatorText {
  std::string_view text;
  Operator op;
};

constexpr std::array kOperatorTexts = {
    OperatorText{"+", Operator::kAdd},          OperatorText{"-", Operator::kSubtract},
    OperatorText{"*", Operator::kMultiply},     OperatorText{"/", Operator::kDivide},
    OperatorText{"@", Operator::kMatmul},       OperatorText{"**", Operator::kPower},
    OperatorText{"<", Operator::kLess},         OperatorText{"<=", Operator::kLessEqual},
    OperatorText{">", Operator::kGreater},      OperatorText{">=", Operator::kGreaterEqual},
    OperatorText{"==", Operator::kEqual},       OperatorText{"!=", Operator::kNotEqual},
    OperatorText{"//", Operator::kFloorDivide}, OperatorText{"%", Operator::kModulo},
    OperatorText{"&", Operator::kBitAnd},       OperatorText{"^", Operator::kBitXor},
    OperatorText{"|", Operator::kBitOr},
};

Operator operator_of(std::string_view text) {
  return std::find_if(kOperatorTexts.begin(), kOperatorTexts.end(),
                      [text](const OperatorText& known) { return known.text == text; })
      ->op;
}

// `in`, `not in`, `is` and `is not`, with any blanks between two words.
Operator word_operator_of(std::string_view text) {
  if (text == "in") return Operator::kIn;
  if (text == "is") return Operator::kIs;
  return text.starts_with("not") ? Operator::kNotIn : Operator::kIsNot;
}

enum class Level { kSum, kProduct, kPower, kComparison, kBitAnd, kBitXor, kBitOr };

Level level_of(Operator op) {
  switch (op) {
    case Operator::kAdd:
    case Operator::kSubtract:
      return Level::kSum;
    case Operator::kMultiply:
    case Operator::kDivide:
    case Operator::kFloorDivide:
    case Operator::kModulo:
    case Operator::kMatmul:
      return Level::kProduct;
    case Operator::kPower:
      return Level::kPower;
    case Operator::kBitAnd:
      return Level::kBitAnd;
    case Operator::kBitXor:
      return Level::kBitXor;
    case Operator::kBitOr:
      return Level::kBitOr;
    default:
      return Level::kComparison;
  }
}

// What stands between two brackets, or between commas without brackets.
struct Frame {
  std::uint32_t byte = 0;
  std::size_t first = 0;  // of its items, on the stack
  bool has_comma = false;
  std::vector<Keyword> keywords = {};
  std::vector<Clause> clauses = {};  // of a comprehension
};

// What a def line or a lambda says so far.
struct Signature {
  Function function;
  std::unordered_set<std::string> names;  // of its parameters
  bool has_slash = false;
  bool is_name_needed = false;
  bool has_stars = false;  // of **settings, behind which nothing may stand
  std::uint32_t mark = 0;
  std::uint32_t byte = 0;
  int stars = 0;  // of the parameter that comes next
};

struct PendingSigns {
  std::string signs;
  std::uint32_t byte = 0;
};

struct PendingOperator {
  Operator op;
  std::uint32_t byte;
};

// x, self.x, self.params[0]: what leads to a value without a call.
bool is_place(const Expression& target) {
  const Expression* at = &target;
  for (;;) {
    if (const auto* field = std::get_if<Attribute>(&at->kind)) {
      at = field->base.get();
    } else if (const auto* part = std::get_if<Subscript>(&at->kind)) {
      at = part->base.get();
    } else {
      return std::holds_alternative<Name>(at->kind);
    }
  }
}

bool is_assignable(const Expression& target) {
  if (is_place(target)) return true;
  if (const auto* rest = std::get_if<Starred>(&target.kind)) return is_assignable(*rest->operand);
  const auto* sequence = std::get_if<Sequence>(&target.kind);
  return sequence != nullptr && !sequence->items.empty() &&
         std::all_of(sequence->items.begin(), sequence->items.end(), is_assignable);
}

// Where a value of an f-string ends, and where its braces do; npos where they do not.
struct FormatRange {
  std::size_t value_end = 0;
  std::size_t end = std::string_view::npos;
};

FormatRange format_range(std::string_view text, std::size_t open) {
  FormatRange range;
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '\'') {
      i = std::min(text.find(c, i + 1), text.size());
      continue;
    }
    if (c == '(' || c == '[' || c == '{') ++depth;
    const bool is_style = c == ':' || (c == '!' && text.substr(i, 2) != "!=");
    if (depth == 1 && is_style && range.value_end == 0) range.value_end = i;
    if ((c == ')' || c == ']' || c == '}') && --depth == 0) {
      if (c != '}') return {};
      if (range.value_end == 0) range.value_end = i;
      range.end = i;
      return range;
    }
  }
  return {};
}

// `p.grad = None`, `x.requires_grad = True`: what PyTorch alone looks at.
bool is_of_gradients(const Expression& target) {
  const auto* attribute = std::get_if<Attribute>(&target.kind);
  return attribute != nullptr && (attribute->name == "grad" || attribute->name == "requires_grad");
}

// Grows the tree. Each method is what one rule of the grammar does when it has matched.
class Builder {
 public:
  Builder(const Source& source, std::size_t* parts) : source_(source), parts_(parts) {}

  std::uint32_t byte(const char* at) const {
    return static_cast<std::uint32_t>(at - source_.text().data());
  }

  [[noreturn]] void refuse_operand(std::uint32_t at) const {
    refuse(source_, at, at == statement_byte_ ? Expected::kStatement : Expected::kOperand);
  }
  [[noreturn]] void refuse_operator(std::uint32_t at) const {
    refuse(source_, at, Expected::kOperator);
  }

  // Operands.
  void push(Range range, Expression::Kind kind, std::uint16_t depth = 1) {
    if (++*parts_ > kMostParts) {
      throw ReadError(
          source_, range.begin,
          fmt::format("more than {} names, numbers and operations are not read", kMostParts),
          "a sum over an array, such as np.sum(x, axis=0)");
    }
    if (depth > kMostDepth) {
      throw ReadError(source_, range.begin, "this expression is nested too deep",
                      "its inner part on a line of its own, under a name");
    }
    stack_.emplace_back(range, std::move(kind));
    stack_.back().depth = depth;
  }

  void number(std::uint32_t at, std::string_view written) {
    if (written.size() > kMostDigits) {
      throw ReadError(source_, at, fmt::format("a number of more than {} characters", kMostDigits));
    }
    std::string text(written);
    text.erase(std::remove(text.begin(), text.end(), '_'), text.end());
    const int base = base_of(text);
    Number number;
    number.is_integer = base != 10 || text.find_first_of(".eE") == std::string::npos;
    if (number.is_integer) {
      number.value = whole_number(at, text, base);
      return push(range_of(at, written), number);
    }
    std::istringstream digits(text);
    digits.imbue(std::locale::classic());
    if (!(digits >> number.value)) {
      throw ReadError(source_, at, "this number is larger than a double can be");
    }
    push(range_of(at, written), number);
  }

  bool name(std::uint32_t at, std::string_view text) {
    if (is_python_word(text) && !is_constant(text)) return false;
    const Range range = range_of(at, text);
    if (text == "None") {
      push(range, Constant::kNone);
    } else if (text == "True" || text == "False") {
      push(range, text == "True" ? Constant::kTrue : Constant::kFalse);
    } else {
      push(range, Name{new_name(at, text)});
    }
    return true;
  }

  void string_prefix(std::string_view prefix) {
    is_raw_ = prefix.find_first_of("rR") != std::string_view::npos;
    is_format_ = prefix.find_first_of("fF") != std::string_view::npos;
  }

  void string_part(std::uint32_t at, std::string_view text) {
    if (is_format_) return format_part(at, text);
    text_ += plain_text(at, text);
  }

  void string(std::uint32_t at, std::string_view written) {
    if (format_.parts.empty()) return push(range_of(at, written), Text{std::exchange(text_, {})});
    end_format_text();
    push(range_of(at, written), std::exchange(format_, {}));
  }

  // Brackets and commas.
  void open(std::uint32_t at) { frames_.push_back({at, stack_.size()}); }

  void star(std::uint32_t at) {
    Expression operand = pop();
    const std::uint16_t depth = above(operand.depth);
    const Range range = {at, operand.range.end};
    push(range, Starred{boxed(std::move(operand))}, depth);
  }

  // Comprehensions.
  void clause_target() {
    close_bare();
    Expression target = pop();
    if (!is_assignable(target)) refuse_target(target);
    const Range nothing = {target.range.end, target.range.end};
    frames_.back().clauses.push_back({std::move(target), {nothing, Constant::kNone}, {}});
  }
  void clause_iterable() { frames_.back().clauses.back().iterable = pop(); }
  void clause_condition() { frames_.back().clauses.back().conditions.push_back(pop()); }

  void comma() {
    if (!frames_.empty()) frames_.back().has_comma = true;
  }

  // (a) is a itself; (a,) and () are tuples.
  void close_parenthesis(std::uint32_t end) {
    Frame frame = close();
    if (!frame.clauses.empty()) return fold_clauses(frame, end, Comprehension::Kind::kGenerator);
    if (stack_.size() == frame.first + 1 && std::holds_alternative<Starred>(stack_.back().kind) &&
        !frame.has_comma) {
      refuse_operand(stack_.back().range.begin);
    }
    if (stack_.size() == frame.first + 1 && !frame.has_comma) {
      stack_.back().in_parentheses = true;
      stack_.back().range = {frame.byte, end};
    } else {
      fold_sequence(frame, end, false);
    }
  }

  void close_list(std::uint32_t end) {
    Frame frame = close();
    if (!frame.clauses.empty()) return fold_clauses(frame, end, Comprehension::Kind::kList);
    fold_sequence(frame, end, true);
  }

  void close_pairs(std::uint32_t end) {
    Frame frame = close();
    if (!frame.clauses.empty()) return fold_clauses(frame, end, Comprehension::Kind::kPairs);
    std::vector<Expression> items = pop_from(frame.first);
    const std::uint16_t depth = above(deepest(items));
    push({frame.byte, end}, Pairs{std::move(items)}, depth);
  }

  void close_bare() {
    const Frame frame = close();
    if (frame.has_comma) return fold_sequence(frame, stack_.back().range.end, false);
    if (std::holds_alternative<Starred>(stack_.back().kind)) {
      refuse_operand(stack_.back().range.begin);
    }
  }

  // A part of an index is an expression, or a slice of up to three bounds.
  void slice_begin() { slices_.push_back(stack_.size()); }

  void no_bound(std::uint32_t at) { push({at, at}, Constant::kNone); }

  void slice_end() {
    std::vector<Expression> bounds = pop_from(slices_.back());
    slices_.pop_back();
    if (bounds.size() == 1) {
      stack_.push_back(std::move(bounds.front()));
      return;
    }
    const std::uint16_t depth = above(deepest(bounds));
    const Range range = {bounds.front().range.begin, bounds.back().range.end};
    Slicing slicing;
    std::unique_ptr<Expression>* const parts[] = {&slicing.start, &slicing.stop, &slicing.step};
    for (std::size_t i = 0; i < bounds.size(); ++i) {
      const auto* constant = std::get_if<Constant>(&bounds[i].kind);
      const bool is_none = constant != nullptr && *constant == Constant::kNone;
      if (!is_none) *parts[i] = boxed(std::move(bounds[i]));
    }
    push(range, std::move(slicing), depth);
  }

  void ellipsis(std::uint32_t at) { push({at, at + 3}, Constant::kEllipsis); }

  void close_index(std::uint32_t end) {
    close_bare();
    Expression index = pop();
    Expression base = pop();
    const std::uint16_t depth = above(std::max(base.depth, index.depth));
    const Range range = {base.range.begin, end};
    push(range, Subscript{boxed(std::move(base)), boxed(std::move(index))}, depth);
  }

  void keyword_name(std::uint32_t at, std::string_view name) {
    frames_.back().keywords.push_back({new_name(at, name), at, 0});
  }

  void keyword_argument() {
    frames_.back().keywords.back().argument = stack_.size() - frames_.back().first - 1;
  }

  // `**settings`: a keyword without a name.
  void twice_starred(std::uint32_t at) {
    Frame& frame = frames_.back();
    frame.keywords.push_back({{}, at, stack_.size() - frame.first - 1});
  }

  void close_call(std::uint32_t end) {
    Frame frame = close();
    if (!frame.clauses.empty()) fold_clauses(frame, end - 1, Comprehension::Kind::kGenerator);
    std::vector<Expression> arguments = pop_from(frame.first);
    const std::size_t positional = arguments.size() - frame.keywords.size();
    for (const Keyword& keyword : frame.keywords) {
      if (keyword.argument < positional) {
        throw ReadError(source_, keyword.byte,
                        fmt::format("{}=... stands before an argument that has no name",
                                    shortened(keyword.name)),
                        "the arguments without a name first");
      }
    }
    Expression function = pop();
    const std::uint16_t depth = above(std::max(function.depth, deepest(arguments)));
    const Range range = {function.range.begin, end};
    push(range, Call{boxed(std::move(function)), std::move(arguments), std::move(frame.keywords)},
         depth);
  }

  void attribute(std::uint32_t at, std::string_view name) {
    std::string known_as = new_name(at, name);
    Expression base = pop();
    const std::uint16_t depth = above(base.depth);
    const Range range = {base.range.begin, range_of(at, name).end};
    push(range, Attribute{boxed(std::move(base)), std::move(known_as)}, depth);
  }

  // Operators.
  void sign(std::uint32_t at, char sign) {
    if (signs_now_.signs.empty()) signs_now_.byte = at;
    signs_now_.signs += sign;
  }

  void signs_end() { signs_.push_back(std::exchange(signs_now_, {})); }

  void apply_signs() {
    const PendingSigns pending = std::move(signs_.back());
    signs_.pop_back();
    if (!pending.signs.empty()) push_signed(pending, pop());
  }

  void power_begin() { powers_.push_back(stack_.size()); }

  // a ** b ** -c ** d is a ** (b ** (-(c ** d))): a flat chain up to where a sign stands.
  void power() {
    const std::size_t first = powers_.back();
    powers_.pop_back();
    std::vector<Term> rest;  // from the last
    while (stack_.size() > first + 1) {
      const PendingSigns pending = std::move(signs_.back());
      signs_.pop_back();
      if (!pending.signs.empty()) {
        push_powers(std::exchange(rest, {}));
        push_signed(pending, pop());
      }
      rest.push_back({operators_.back().op, operators_.back().byte, pop()});
      operators_.pop_back();
    }
    push_powers(std::move(rest));
  }

  void operation(std::uint32_t at, std::string_view text) {
    operators_.push_back({operator_of(text), at});
  }

  // `a - b` becomes a chain; `a - b + c` makes that chain longer.
  void chain() {
    const PendingOperator pending = operators_.back();
    operators_.pop_back();
    Expression operand = pop();
    if (!continues(stack_.back(), pending.op)) {
      Expression first = pop();
      const std::uint16_t depth = above(first.depth);
      const Range range = first.range;
      push(range, Chain{boxed(std::move(first)), {}}, depth);
    }
    Expression& whole = stack_.back();
    whole.range.end = operand.range.end;
    whole.depth = std::max(whole.depth, above(operand.depth));
    if (whole.depth > kMostDepth) {
      throw ReadError(source_, operand.range.begin, "this expression is nested too deep",
                      "its inner part on a line of its own, under a name");
    }
    std::get<Chain>(whole.kind).rest.push_back({pending.op, pending.byte, std::move(operand)});
  }

  void word_operation(std::uint32_t at, std::string_view text) {
    operators_.push_back({word_operator_of(text), at});
  }

  void negation_begin() { negations_.push_back({}); }
  void negate(std::uint32_t at) {
    PendingNegation& pending = negations_.back();
    if (pending.count++ == 0) pending.byte = at;
  }
  void negation() {
    const PendingNegation pending = negations_.back();
    negations_.pop_back();
    if (pending.count == 0) return;
    Expression operand = pop();
    const std::uint16_t depth = above(operand.depth);
    const Range range = {pending.byte, operand.range.end};
    push(range, Negation{boxed(std::move(operand)), pending.count % 2 != 0}, depth);
  }

  // Several operands of one level became one, from where the level began on the stack.
  void level_begin() { levels_.push_back(stack_.size()); }
  void conjunction() { fold_logic(true); }
  void disjunction() { fold_logic(false); }
  void conditional() {
    const std::size_t first = levels_.back();
    levels_.pop_back();
    if (stack_.size() == first + 1) return;
    std::vector<Expression> parts = pop_from(first);
    const std::uint16_t depth = above(deepest(parts));
    const Range range = {parts.front().range.begin, parts.back().range.end};
    push(range, Conditional{std::move(parts)}, depth);
  }

  void lambda_open(std::uint32_t at) {
    if (signatures_.size() > kMostLambdas) {
      throw ReadError(source_, at, "this expression is nested too deep",
                      "its inner part on a line of its own, under a name");
    }
    signatures_.emplace_back();
    signatures_.back().byte = at;
    open(at);  // for its commas
  }
  void lambda_parameters() {
    close();
    parameters();
  }

  void lambda() {
    auto function = std::make_shared<Function>(std::move(signatures_.back().function));
    const std::uint32_t byte = signatures_.back().byte;
    signatures_.pop_back();
    Expression value = pop();
    const std::uint16_t depth = above(value.depth);
    const Range range = {byte, value.range.end};
    function->name = "lambda";
    function->byte = byte;
    for (const Parameter& parameter : function->parameters) {
      function->own_names.emplace(parameter.name, parameter.byte);
    }
    function->body.push_back({value.range.begin, Return{std::move(value)}});
    push(range, Lambda{std::move(function)}, depth);
  }

  // Statements.
  void begin_statement(std::uint32_t at) { statement_byte_ = at; }

  void skip(std::uint32_t at, std::string_view text) {
    const bool is_import = text.starts_with("import") || text.starts_with("from");
    add(Skipped{std::string(text),
                is_import ? names_bound_by(text, at) : std::vector<NameBinding>(),
                text.starts_with("assert") ? read_condition(at, text) : std::nullopt});
  }

  void return_statement() {
    Return result;
    if (!stack_.empty()) result.value = pop();
    add(std::move(result));
  }

  void evaluation() { add(Evaluation{pop()}); }

  void augmented() {
    Expression value = pop();
    Expression target = pop();
    if (!is_place(target)) refuse_target(target);
    const PendingOperator pending = operators_.back();
    operators_.pop_back();
    add(Augmented{std::move(target), pending.op, std::move(value)});
  }

  void assignment() {
    Expression value = pop();
    std::vector<Expression> targets = pop_from(0);
    if (targets.size() == 1 && is_of_gradients(targets.front())) {
      return add(Skipped{"pass", {}, std::nullopt});
    }
    for (const Expression& target : targets) {
      if (!is_assignable(target)) refuse_target(target);
    }
    add(Assignment{std::move(targets), std::move(value)});
  }

  void break_statement() { add(Break{}); }
  void continue_statement() { add(Continue{}); }
  void raise_statement(std::uint32_t, std::string_view text) { add(Raise{std::string(text)}); }

  void delete_statement() {
    close_bare();
    Expression targets = pop();
    if (!is_assignable(targets)) refuse_target(targets);
    Delete deleted;
    auto* sequence = std::get_if<Sequence>(&targets.kind);
    if (sequence != nullptr) {
      deleted.targets = std::move(sequence->items);
    } else {
      deleted.targets.push_back(std::move(targets));
    }
    add(std::move(deleted));
  }

  // Headers.
  void condition() { header_.value = pop(); }
  void loop_target() {
    close_bare();
    header_.target = pop();
    if (!is_assignable(*header_.target)) refuse_target(*header_.target);
  }
  void context_value() { header_.contexts.push_back({pop(), std::nullopt}); }
  void context_target() {
    header_.contexts.back().target = pop();
    const Expression& target = *header_.contexts.back().target;
    if (!is_assignable(target)) refuse_target(target);
  }

  // Functions.
  void function_name(std::uint32_t at, std::string_view name) {
    signatures_.front().function.name = new_name(at, name);
    signatures_.front().function.byte = at;
  }

  void parameter_stars(std::uint32_t, std::string_view text) {
    signatures_.back().stars = text.starts_with("**") ? 2 : 1;
  }

  void parameter(std::uint32_t at, std::string_view name) {
    Signature& signature = signatures_.back();
    std::string known_as = new_name(at, name);
    if (!signature.names.insert(known_as).second) {
      throw ReadError(source_, at, fmt::format("there are two parameters {}", quoted(name)));
    }
    const int stars = std::exchange(signature.stars, 0);
    const bool is_second = stars == 1 && signature.is_name_needed;
    if (is_second || signature.has_stars) {
      throw ReadError(source_, at, "a parameter cannot stand here in a def line");
    }
    signature.function.parameters.push_back({std::move(known_as), at, std::nullopt, stars == 0,
                                             stars == 0 && signature.is_name_needed, stars});
    signature.is_name_needed = signature.is_name_needed || stars == 1;
    signature.has_stars = stars == 2;
  }

  void default_value() {
    Parameter& parameter = signatures_.back().function.parameters.back();
    parameter.default_value = pop();
    if (parameter.stars == 0) return;
    throw ReadError(source_, parameter.byte, "a parameter with a star has no default");
  }

  // They stand in one pair of parentheses, which makes a tuple of several.
  void class_bases(std::uint32_t end) {
    close_parenthesis(end);
    Expression bases = pop();
    auto* several = std::get_if<Sequence>(&bases.kind);
    if (several != nullptr && !bases.in_parentheses) {
      bases_ = std::move(several->items);
    } else {
      bases_.push_back(std::move(bases));
    }
  }

  // Before `/`, parameters take arguments without a name only; behind `*`, those with one.
  void parameter_mark(std::uint32_t at, std::string_view mark) {
    Signature& signature = signatures_.back();
    std::vector<Parameter>& parameters = signature.function.parameters;
    const bool is_slash = mark == "/";
    if (signature.is_name_needed || (is_slash && (signature.has_slash || parameters.empty()))) {
      throw ReadError(source_, at, fmt::format("a `{}` cannot stand here in a def line", mark));
    }
    signature.is_name_needed = !is_slash;
    signature.has_slash = signature.has_slash || is_slash;
    signature.mark = at;
    if (!is_slash) return;
    for (Parameter& parameter : parameters) parameter.may_have_name = false;
  }

  void parameters() const {
    const Signature& signature = signatures_.back();
    const std::vector<Parameter>& all = signature.function.parameters;
    const bool has_mark = signature.is_name_needed && signature.mark != 0;
    if (has_mark && (all.empty() || (!all.back().needs_name && all.back().stars != 1))) {
      throw ReadError(source_, signature.mark, "parameters are expected behind this `*`");
    }
    for (std::size_t i = 1; i < all.size(); ++i) {
      const bool is_free = all[i].needs_name || all[i].default_value || all[i].stars > 0;
      if (is_free || !all[i - 1].default_value) continue;
      throw ReadError(source_, all[i].byte,
                      fmt::format("{} has no default, and stands behind a parameter that has one",
                                  quoted(std::string_view(all[i].name))),
                      "the parameters without a default first");
    }
  }

  Function take_function() {
    Function function = std::move(signatures_.front().function);
    function.body = std::move(statements_);
    return function;
  }
  Class take_class() {
    Class made;
    made.name = signatures_.front().function.name;
    made.byte = signatures_.front().function.byte;
    made.bases = std::move(bases_);
    made.attributes = std::move(statements_);
    return made;
  }
  std::vector<Statement> take_statements() { return std::move(statements_); }
  Header take_header() {
    header_.body = std::move(statements_);
    return std::move(header_);
  }
  Expression take_expression() { return pop(); }

 private:
  static Range range_of(std::uint32_t at, std::string_view text) {
    return {at, at + static_cast<std::uint32_t>(text.size())};
  }

  void check_length(std::uint32_t at, std::string_view name) const {
    if (name.size() <= kMostNameBytes) return;
    throw ReadError(source_, at, fmt::format("a name of more than {} bytes", kMostNameBytes));
  }

  static std::unique_ptr<Expression> boxed(Expression expression) {
    return std::make_unique<Expression>(std::move(expression));
  }

  static std::uint16_t above(std::uint16_t depth) { return static_cast<std::uint16_t>(depth + 1); }

  static std::uint16_t deepest(const std::vector<Expression>& items) {
    std::uint16_t depth = 0;
    for (const Expression& item : items) depth = std::max(depth, item.depth);
    return depth;
  }

  static bool continues(const Expression& left, Operator op) {
    const Chain* chain = std::get_if<Chain>(&left.kind);
    return chain != nullptr && !left.in_parentheses && !chain->rest.empty() &&
           level_of(chain->rest.front().op) == level_of(op);
  }

  Expression pop() {
    Expression top = std::move(stack_.back());
    stack_.pop_back();
    return top;
  }

  std::vector<Expression> pop_from(std::size_t first) {
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(first);
    std::vector<Expression> items(std::make_move_iterator(begin),
                                  std::make_move_iterator(stack_.end()));
    stack_.erase(begin, stack_.end());
    return items;
  }

  Frame close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    return frame;
  }

  void fold_sequence(const Frame& frame, std::uint32_t end, bool is_list) {
    std::vector<Expression> items = pop_from(frame.first);
    const std::uint16_t depth = above(deepest(items));
    push({frame.byte, end}, Sequence{std::move(items), is_list}, depth);
  }

  void fold_clauses(Frame& frame, std::uint32_t end, Comprehension::Kind kind) {
    std::vector<Expression> element = pop_from(frame.first);
    if (std::holds_alternative<Starred>(element.front().kind)) {
      refuse_operand(element.front().range.begin);
    }
    std::uint16_t depth = deepest(element);
    for (const Clause& clause : frame.clauses) {
      depth = std::max({depth, clause.iterable.depth, deepest(clause.conditions)});
    }
    push({frame.byte, end}, Comprehension{kind, std::move(element), std::move(frame.clauses)},
         above(depth));
  }

  void fold_logic(bool is_and) {
    const std::size_t first = levels_.back();
    levels_.pop_back();
    if (stack_.size() == first + 1) return;
    std::vector<Expression> operands = pop_from(first);
    const std::uint16_t depth = above(deepest(operands));
    const Range range = {operands.front().range.begin, operands.back().range.end};
    push(range, Logic{is_and, std::move(operands)}, depth);
  }

  std::string plain_text(std::uint32_t at, std::string_view text) const {
    return is_raw_ ? raw_text(text) : unescaped(source_, at, text);
  }

  // The text of an f-string so far becomes a part.
  void end_format_text() {
    if (!text_.empty()) format_.parts.push_back({std::exchange(text_, {}), nullptr, {}});
  }

  void format_part(std::uint32_t at, std::string_view text);
  Expression inner_expression(std::uint32_t begin, std::uint32_t end) const;

  // Nothing for a condition that is not read: the line is passed over.
  std::optional<Expression> read_condition(std::uint32_t at, std::string_view text) const;

  // The name as Python knows it.
  std::string new_name(std::uint32_t at, std::string_view name) const {
    check_length(at, name);
    if (const char32_t foreign = foreign_character(name); foreign != 0) {
      throw ReadError(source_, at,
                      fmt::format("the character U+{:04X} has no place in a name of Python",
                                  static_cast<unsigned>(foreign)));
    }
    std::string known_as = normalised_name(name);
    if (is_python_word(known_as)) {
      throw ReadError(source_, at, fmt::format("{} is a word of Python, not a name", quoted(name)));
    }
    return known_as;
  }

  static int base_of(std::string_view number) {
    const char letter = number.size() > 1 && number[0] == '0' ? number[1] : '0';
    if (letter == 'x' || letter == 'X') return 16;
    if (letter == 'o' || letter == 'O') return 8;
    return letter == 'b' || letter == 'B' ? 2 : 10;
  }

  // Python's integers have no end; those here are doubles, and end where these have gaps.
  double whole_number(std::uint32_t at, const std::string& text, int base) const {
    const std::string digits = base == 10 ? text : text.substr(2);
    const bool is_zero = digits.find_first_not_of('0') == std::string::npos;
    if (base == 10 && digits.size() > 1 && digits[0] == '0' && !is_zero) {
      throw ReadError(source_, at, "a number does not begin with 0 in Python",
                      digits.substr(digits.find_first_not_of('0')));
    }
    std::uint64_t value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
    const bool is_too_large = error == std::errc::result_out_of_range;
    if (!is_too_large && stop != end) {
      throw ReadError(
          source_, at,
          fmt::format("{} is no digit of this number", quoted(std::string_view(stop, 1))));
    }
    if (is_too_large || static_cast<double>(value) >= kIntegerLimit) {
      throw ReadError(source_, at,
                      "an integer from 2**53 on is not read: not every one of them is a double",
                      base == 10 ? shortened(text) + ".0" : std::string());
    }
    return static_cast<double>(value);
  }

  void push_signed(const PendingSigns& pending, Expression operand) {
    const std::uint16_t depth = above(operand.depth);
    const Range range = {pending.byte, operand.range.end};
    push(range, Signs{pending.signs, boxed(std::move(operand))}, depth);
  }

  // Makes the top of the stack the first of these powers, which come from the last.
  void push_powers(std::vector<Term> rest) {
    if (rest.empty()) return;
    std::reverse(rest.begin(), rest.end());
    Expression first = pop();
    std::uint16_t depth = first.depth;
    for (const Term& term : rest) depth = std::max(depth, term.operand.depth);
    const Range range = {first.range.begin, rest.back().operand.range.end};
    push(range, Chain{boxed(std::move(first)), std::move(rest)}, above(depth));
  }

  [[noreturn]] void refuse_target(const Expression& target) const {
    if (std::holds_alternative<Subscript>(target.kind)) {
      throw ReadError(source_, target.range.begin,
                      "a part is set of what has a name: an array or a dictionary",
                      "a name for it on a line above: part = ..., and part[...] = value");
    }
    if (std::holds_alternative<Attribute>(target.kind)) {
      throw ReadError(source_, target.range.begin, "a field is set of what has a name: an object",
                      "a name for it on a line above: layer = ..., and layer.x = value");
    }
    throw ReadError(source_, target.range.begin, "only a name can be set",
                    "name = value, or a, b = values");
  }

  template <typename Kind>
  void add(Kind kind) {
    statements_.push_back({statement_byte_, std::move(kind)});
  }

  const Source& source_;
  std::size_t* parts_;
  std::uint32_t statement_byte_ = std::numeric_limits<std::uint32_t>::max();
  std::vector<Expression> stack_;
  std::vector<Frame> frames_;
  std::vector<PendingOperator> operators_;
  std::vector<PendingSigns> signs_;
  PendingSigns signs_now_;
  std::vector<std::size_t> powers_;  // where each begins on the stack
  std::vector<std::size_t> slices_;  // and where each part of an index does
  struct PendingNegation {
    std::uint32_t byte = 0;
    std::size_t count = 0;
  };
  std::vector<PendingNegation> negations_;
  std::vector<std::size_t> levels_;  // of `and`, `or` and `if`: where each begins on the stack
  std::string text_;
  Formatted format_;
  bool is_raw_ = false;
  bool is_format_ = false;
  std::vector<Statement> statements_;
  std::vector<Signature> signatures_ = std::vector<Signature>(1);  // that of the def, and lambdas
  Header header_;
  std::vector<Expression> bases_;
};

template <typename Rule>
struct Action : pegtl::nothing<Rule> {};

// What an action passes on of the text that matched.
template <auto kMethod>
struct WithText {
  template <typename Input>
  static auto apply(const Input& in, Builder& builder) {
    return (builder.*kMethod)(builder.byte(in.begin()), in.string_view());
  }
};
template <auto kMethod>
struct WithPlace {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    (builder.*kMethod)(builder.byte(in.begin()));
  }
};
template <auto kMethod>
struct WithTextOnly {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    (builder.*kMethod)(in.string_view());
  }
};
template <auto kMethod>
struct WithEnd {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    (builder.*kMethod)(builder.byte(in.end()));
  }
};
template <auto kMethod>
struct Plain {
  static void apply0(Builder& builder) { (builder.*kMethod)(); }
};

// clang-format off
template <> struct Action<grammar::missing_operand> : WithPlace<&Builder::refuse_operand> {};
template <> struct Action<grammar::missing_operator> : WithPlace<&Builder::refuse_operator> {};
template <> struct Action<grammar::number> : WithText<&Builder::number> {};
template <> struct Action<grammar::name> : WithText<&Builder::name> {};
template <char kQuote>
struct Action<grammar::long_text<kQuote>> : WithText<&Builder::string_part> {};
template <char kQuote>
struct Action<grammar::short_text<kQuote>> : WithText<&Builder::string_part> {};
template <> struct Action<grammar::string_prefix> : WithTextOnly<&Builder::string_prefix> {};
template <> struct Action<grammar::text> : WithText<&Builder::string> {};
template <> struct Action<grammar::comma> : Plain<&Builder::comma> {};
template <> struct Action<grammar::parenthesis_open> : WithPlace<&Builder::open> {};
template <> struct Action<grammar::parenthesis> : WithEnd<&Builder::close_parenthesis> {};
template <> struct Action<grammar::list_open> : WithPlace<&Builder::open> {};
template <> struct Action<grammar::list> : WithEnd<&Builder::close_list> {};
template <> struct Action<grammar::brace_open> : WithPlace<&Builder::open> {};
template <> struct Action<grammar::dictionary> : WithEnd<&Builder::close_pairs> {};
template <> struct Action<grammar::starred> : WithPlace<&Builder::star> {};
template <> struct Action<grammar::starred_target> : WithPlace<&Builder::star> {};
template <> struct Action<grammar::twice_starred> : WithPlace<&Builder::twice_starred> {};
template <> struct Action<grammar::targets_open> : WithPlace<&Builder::open> {};
template <> struct Action<grammar::clause_target> : Plain<&Builder::clause_target> {};
template <> struct Action<grammar::clause_iterable> : Plain<&Builder::clause_iterable> {};
template <> struct Action<grammar::clause_condition> : Plain<&Builder::clause_condition> {};
template <> struct Action<grammar::word_operator> : WithText<&Builder::word_operation> {};
template <> struct Action<grammar::and_operator> : WithText<&Builder::operation> {};
template <> struct Action<grammar::xor_operator> : WithText<&Builder::operation> {};
template <> struct Action<grammar::or_operator> : WithText<&Builder::operation> {};
template <> struct Action<grammar::bit_and_tail> : Plain<&Builder::chain> {};
template <> struct Action<grammar::bit_xor_tail> : Plain<&Builder::chain> {};
template <> struct Action<grammar::bit_or_tail> : Plain<&Builder::chain> {};
template <> struct Action<grammar::negation_begin> : Plain<&Builder::negation_begin> {};
template <> struct Action<grammar::negation_word> : WithPlace<&Builder::negate> {};
template <> struct Action<grammar::negation> : Plain<&Builder::negation> {};
template <> struct Action<grammar::logic_begin> : Plain<&Builder::level_begin> {};
template <> struct Action<grammar::conjunction> : Plain<&Builder::conjunction> {};
template <> struct Action<grammar::disjunction> : Plain<&Builder::disjunction> {};
template <> struct Action<grammar::conditional_begin> : Plain<&Builder::level_begin> {};
template <> struct Action<grammar::conditional_expression> : Plain<&Builder::conditional> {};
template <> struct Action<grammar::lambda_open> : WithPlace<&Builder::lambda_open> {};
template <> struct Action<grammar::lambda_parameters> : Plain<&Builder::lambda_parameters> {};
template <> struct Action<grammar::lambda> : Plain<&Builder::lambda> {};
template <> struct Action<grammar::break_statement> : Plain<&Builder::break_statement> {};
template <> struct Action<grammar::continue_statement> : Plain<&Builder::continue_statement> {};
template <> struct Action<grammar::raise_statement> : WithText<&Builder::raise_statement> {};
template <> struct Action<grammar::delete_statement> : Plain<&Builder::delete_statement> {};
template <> struct Action<grammar::condition> : Plain<&Builder::condition> {};
template <> struct Action<grammar::loop_target> : Plain<&Builder::loop_target> {};
template <> struct Action<grammar::for_header> : Plain<&Builder::condition> {};
template <> struct Action<grammar::context_value> : Plain<&Builder::context_value> {};
template <> struct Action<grammar::context_target> : Plain<&Builder::context_target> {};
template <> struct Action<grammar::parameter_stars> : WithText<&Builder::parameter_stars> {};
template <> struct Action<grammar::attribute_name> : WithText<&Builder::attribute> {};
template <> struct Action<grammar::keyword_name> : WithText<&Builder::keyword_name> {};
template <> struct Action<grammar::keyword_argument> : Plain<&Builder::keyword_argument> {};
template <> struct Action<grammar::call_open> : WithPlace<&Builder::open> {};
template <> struct Action<grammar::call> : WithEnd<&Builder::close_call> {};
template <> struct Action<grammar::slice_begin> : Plain<&Builder::slice_begin> {};
template <> struct Action<grammar::no_bound> : WithPlace<&Builder::no_bound> {};
template <> struct Action<grammar::slice_end> : Plain<&Builder::slice_end> {};
template <> struct Action<grammar::ellipsis> : WithPlace<&Builder::ellipsis> {};
template <> struct Action<grammar::index_open> : WithPlace<&Builder::open> {};
template <> struct Action<grammar::index> : WithEnd<&Builder::close_index> {};
template <> struct Action<grammar::power_operator> : WithText<&Builder::operation> {};
template <> struct Action<grammar::product_operator> : WithText<&Builder::operation> {};
template <> struct Action<grammar::sum_operator> : WithText<&Builder::operation> {};
template <> struct Action<grammar::comparison_operator> : WithText<&Builder::operation> {};
template <> struct Action<grammar::power_begin> : Plain<&Builder::power_begin> {};
template <> struct Action<grammar::power> : Plain<&Builder::power> {};
template <> struct Action<grammar::product_tail> : Plain<&Builder::chain> {};
template <> struct Action<grammar::sum_tail> : Plain<&Builder::chain> {};
template <> struct Action<grammar::comparison_tail> : Plain<&Builder::chain> {};
template <> struct Action<grammar::exponent_signs> : Plain<&Builder::signs_end> {};
template <> struct Action<grammar::factor_signs> : Plain<&Builder::signs_end> {};
template <> struct Action<grammar::factor> : Plain<&Builder::apply_signs> {};
template <> struct Action<grammar::bare_open> : WithPlace<&Builder::open> {};
template <> struct Action<grammar::bare_items> : Plain<&Builder::close_bare> {};
template <> struct Action<grammar::statement_begin> : WithPlace<&Builder::begin_statement> {};
template <> struct Action<grammar::skipped> : WithText<&Builder::skip> {};
template <> struct Action<grammar::pass> : WithText<&Builder::skip> {};
template <> struct Action<grammar::return_statement> : Plain<&Builder::return_statement> {};
template <> struct Action<grammar::evaluation> : Plain<&Builder::evaluation> {};
template <> struct Action<grammar::augmented> : Plain<&Builder::augmented> {};
template <> struct Action<grammar::assignment> : Plain<&Builder::assignment> {};
template <> struct Action<grammar::function_name> : WithText<&Builder::function_name> {};
template <> struct Action<grammar::parameter_name> : WithText<&Builder::parameter> {};
template <> struct Action<grammar::parameter_mark> : WithText<&Builder::parameter_mark> {};
template <> struct Action<grammar::class_bases> : WithEnd<&Builder::class_bases> {};
template <> struct Action<grammar::parameters> : Plain<&Builder::parameters> {};
template <> struct Action<grammar::default_value> : Plain<&Builder::default_value> {};
// clang-format on

template <>
struct Action<grammar::sign> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    builder.sign(builder.byte(in.begin()), *in.begin());
  }
};

template <>
struct Action<grammar::augmented_operator> {
  template <typename Input>
  static void apply(const Input& in, Builder& builder) {
    std::string_view text = in.string_view();
    text.remove_suffix(1);  // the `=`
    builder.operation(builder.byte(in.begin()), text);
  }
};

// Every rule of the grammar either matches or throws, so the result says nothing new; a line that
// still does not match is refused as a whole.
template <typename Rule>
void parse(const Source& source, std::size_t begin, std::size_t end, Builder& builder) {
  const char* text = source.text().data();
  pegtl::memory_input<pegtl::tracking_mode::lazy, pegtl::eol::lf, const char*> in(text + begin,
                                                                                  text + end, "");
  if (!pegtl::parse<Rule, Action>(in, builder)) {
    refuse(source, begin, Expected::kStatement);
  }
}

// One expression within a text that stands in this line.
Expression Builder::inner_expression(std::uint32_t begin, std::uint32_t end) const {
  Builder inner(source_, parts_);
  parse<grammar::lone_expression>(source_, begin, end, inner);
  return inner.take_expression();
}

std::optional<Expression> Builder::read_condition(std::uint32_t at, std::string_view text) const {
  const TextRange range = condition_of_assert(text);
  try {
    return inner_expression(at + static_cast<std::uint32_t>(range.begin),
                            at + static_cast<std::uint32_t>(range.end));
  } catch (const ReadError&) {
    return std::nullopt;
  }
}

// What stands between the quotes of an f-string: `{{` is a brace, `{x!r:5.2f}` a value in a style.
void Builder::format_part(std::uint32_t at, std::string_view text) {
  const auto add_text = [&](std::size_t begin, std::size_t end) {
    text_ += plain_text(at + static_cast<std::uint32_t>(begin), text.substr(begin, end - begin));
  };
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '{' && text[i] != '}') continue;
    add_text(begin, i);
    if (text.substr(i, 2) == "{{" || text.substr(i, 2) == "}}") {
      text_ += text[i++];
    } else {
      const FormatRange range = format_range(text, i);
      if (range.end == std::string_view::npos) {
        throw ReadError(source_, at + i, "a brace of this f-string has no partner");
      }
      end_format_text();
      Expression value = inner_expression(at + static_cast<std::uint32_t>(i + 1),
                                          at + static_cast<std::uint32_t>(range.value_end));
      format_.parts.push_back(
          {{},
           boxed(std::move(value)),
           std::string(text.substr(range.value_end, range.end - range.value_end))});
      i = range.end;
    }
    begin = i + 1;
  }
  add_text(begin, text.size());
  end_format_text();
  if (format_.parts.empty()) format_.parts.push_back({});
}

}  // namespace

std::vector<Statement> StatementParser::statements(const LogicalLine& line) {
  Builder builder(source_, &parts_);
  parse<grammar::statements>(source_, line.begin, line.end, builder);
  return builder.take_statements();
}

Header StatementParser::header(const LogicalLine& line) {
  Builder builder(source_, &parts_);
  parse<grammar::header>(source_, line.begin, line.end, builder);
  return builder.take_header();
}

Function StatementParser::definition(const LogicalLine& line) {
  Builder builder(source_, &parts_);
  parse<grammar::definition>(source_, line.begin, line.end, builder);
  return builder.take_function();
}

Class StatementParser::class_header(const LogicalLine& line) {
  Builder builder(source_, &parts_);
  parse<grammar::class_header>(source_, line.begin, line.end, builder);
  return builder.take_class();
}

Expression StatementParser::expression(const LogicalLine& line) {
  Builder builder(source_, &parts_);
  parse<grammar::lone_expression>(source_, line.begin, line.end, builder);
  return builder.take_expression();
}

}  // namespace backstep::read
