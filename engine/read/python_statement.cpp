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
    OperatorText{"+", Operator::kAdd},      OperatorText{"-", Operator::kSubtract},
    OperatorText{"*", Operator::kMultiply}, OperatorText{"/", Operator::kDivide},
    OperatorText{"@", Operator::kMatmul},   OperatorText{"**", Operator::kPower},
    OperatorText{"<", Operator::kLess},     OperatorText{"<=", Operator::kLessEqual},
    OperatorText{">", Operator::kGreater},  OperatorText{">=", Operator::kGreaterEqual},
    OperatorText{"==", Operator::kEqual},   OperatorText{"!=", Operator::kNotEqual},
};

Operator operator_of(std::string_view text) {
  return std::find_if(kOperatorTexts.begin(), kOperatorTexts.end(),
                      [text](const OperatorText& known) { return known.text == text; })
      ->op;
}

enum class Level { kSum, kProduct, kPower, kComparison };

Level level_of(Operator op) {
  switch (op) {
    case Operator::kAdd:
    case Operator::kSubtract:
      return Level::kSum;
    case Operator::kMultiply:
    case Operator::kDivide:
    case Operator::kMatmul:
      return Level::kProduct;
    case Operator::kPower:
      return Level::kPower;
    default:
      return Level::kComparison;
  }
}

// What stands between two brackets, or between commas without brackets.
struct Frame {
  std::uint32_t byte = 0;
  std::size_t first = 0;  // of its items, on the stack
  bool has_comma = false;
  std::vector<Keyword> keywords;
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
  const auto* sequence = std::get_if<Sequence>(&target.kind);
  return sequence != nullptr && !sequence->items.empty() &&
         std::all_of(sequence->items.begin(), sequence->items.end(), is_assignable);
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
  }

  void string_part(std::uint32_t at, std::string_view text) {
    text_ += is_raw_ ? raw_text(text) : unescaped(source_, at, text);
  }

  void string(std::uint32_t at, std::string_view written) {
    push(range_of(at, written), Text{std::exchange(text_, {})});
  }

  // Brackets and commas.
  void open(std::uint32_t at) { frames_.push_back({at, stack_.size(), false, {}}); }

  void comma() {
    if (!frames_.empty()) frames_.back().has_comma = true;
  }

  // (a) is a itself; (a,) and () are tuples.
  void close_parenthesis(std::uint32_t end) {
    const Frame frame = close();
    if (stack_.size() == frame.first + 1 && !frame.has_comma) {
      stack_.back().in_parentheses = true;
      stack_.back().range = {frame.byte, end};
    } else {
      fold_sequence(frame, end, false);
    }
  }

  void close_list(std::uint32_t end) { fold_sequence(close(), end, true); }

  void close_pairs(std::uint32_t end) {
    const Frame frame = close();
    std::vector<Expression> items = pop_from(frame.first);
    const std::uint16_t depth = above(deepest(items));
    push({frame.byte, end}, Pairs{std::move(items)}, depth);
  }

  void close_bare() {
    const Frame frame = close();
    if (frame.has_comma) fold_sequence(frame, stack_.back().range.end, false);
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

  void close_call(std::uint32_t end) {
    Frame frame = close();
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
    for (const Expression& target : targets) {
      if (!is_assignable(target)) refuse_target(target);
    }
    add(Assignment{std::move(targets), std::move(value)});
  }

  void condition() { condition_ = pop(); }

  // Functions.
  void function_name(std::uint32_t at, std::string_view name) {
    function_.name = new_name(at, name);
    function_.byte = at;
  }

  void parameter(std::uint32_t at, std::string_view name) {
    std::string known_as = new_name(at, name);
    if (!parameter_names_.insert(known_as).second) {
      throw ReadError(source_, at, fmt::format("there are two parameters {}", quoted(name)));
    }
    function_.parameters.push_back({std::move(known_as), at, std::nullopt, true, is_name_needed_});
  }

  void default_value() { function_.parameters.back().default_value = pop(); }

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
    const bool is_slash = mark == "/";
    if (is_name_needed_ || (is_slash && (has_slash_ || function_.parameters.empty()))) {
      throw ReadError(source_, at, fmt::format("a `{}` cannot stand here in a def line", mark));
    }
    is_name_needed_ = !is_slash;
    has_slash_ = has_slash_ || is_slash;
    mark_ = at;
    if (!is_slash) return;
    for (Parameter& parameter : function_.parameters) parameter.may_have_name = false;
  }

  void parameters() const {
    const std::vector<Parameter>& all = function_.parameters;
    if (is_name_needed_ && (all.empty() || !all.back().needs_name)) {
      throw ReadError(source_, mark_, "parameters are expected behind this `*`");
    }
    for (std::size_t i = 1; i < all.size(); ++i) {
      if (all[i].needs_name || all[i].default_value || !all[i - 1].default_value) continue;
      throw ReadError(source_, all[i].byte,
                      fmt::format("{} has no default, and stands behind a parameter that has one",
                                  quoted(std::string_view(all[i].name))),
                      "the parameters without a default first");
    }
  }

  Function take_function() {
    function_.body = std::move(statements_);
    return std::move(function_);
  }
  Class take_class() {
    Class made;
    made.name = function_.name;
    made.byte = function_.byte;
    made.bases = std::move(bases_);
    made.attributes = std::move(statements_);
    return made;
  }
  std::vector<Statement> take_statements() { return std::move(statements_); }
  Arm take_arm() { return {std::move(condition_), std::move(statements_), std::nullopt}; }
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
  std::string text_;
  bool is_raw_ = false;
  std::vector<Statement> statements_;
  Function function_;
  std::vector<Expression> bases_;
  bool has_slash_ = false;
  bool is_name_needed_ = false;
  std::uint32_t mark_ = 0;
  std::unordered_set<std::string> parameter_names_;  // of function_
  std::optional<Expression> condition_;
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
template <> struct Action<grammar::conditional> : Plain<&Builder::condition> {};
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

std::optional<Expression> Builder::read_condition(std::uint32_t at, std::string_view text) const {
  const TextRange range = condition_of_assert(text);
  Builder inner(source_, parts_);
  try {
    parse<grammar::lone_expression>(source_, at + range.begin, at + range.end, inner);
    return inner.take_expression();
  } catch (const ReadError&) {
    return std::nullopt;
  }
}

}  // namespace

std::vector<Statement> StatementParser::statements(const LogicalLine& line) {
  Builder builder(source_, &parts_);
  parse<grammar::statements>(source_, line.begin, line.end, builder);
  return builder.take_statements();
}

Arm StatementParser::branch_header(const LogicalLine& line) {
  Builder builder(source_, &parts_);
  parse<grammar::branch_header>(source_, line.begin, line.end, builder);
  return builder.take_arm();
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
