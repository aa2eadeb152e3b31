// Loops over what is known while a function is read: each turn is read anew, its nodes a group.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/read/interpreter.h"
#include "engine/read/python_walk.h"

namespace backstep::read {
namespace {

// What the loops of one function may come to: turns, and the nodes that they make.
constexpr double kMostSteps = 200'000;

// A letter of a text is a text.
std::optional<std::vector<Value>> letters_of(const std::string& text) {
  std::vector<Value> letters;
  for (const char letter : text) {
    if (static_cast<unsigned char>(letter) >= 0x80) return std::nullopt;
    letters.push_back({Word{std::string(1, letter)}});
  }
  return letters;
}

}  // namespace

// Counts the turns of one loop, gives each a group, and ends a loop that is too long.
class Interpreter::Turns {
 public:
  // `count` is how many turns there will be, 0 where that is not known.
  Turns(Interpreter& interpreter, Range range, double count)
      : interpreter_(interpreter),
        range_(range),
        count_(count),
        groups_(interpreter.draft_.open_groups()),
        first_node_(interpreter.draft_.graph.size()),
        first_turn_(interpreter.turns_),
        turn_begin_(static_cast<NodeId>(first_node_)) {}

  ~Turns() { interpreter_.draft_.close_groups(groups_); }
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;

  // Begins a turn, which is called so.
  void begin(const std::string& name) {
    check();
    ++interpreter_.turns_;
    ++done_;
    end();
    turn_begin_ = interpreter_.draft_.graph.size();
    if (interpreter_.draft_.graph.groups().size() > kMostGroups) return;
    interpreter_.draft_.open_group(name);
  }

  // What a turn made, as far as it has no group of its own, goes into that of the turn.
  void end() {
    Draft& draft = interpreter_.draft_;
    const NodeId now = static_cast<NodeId>(draft.graph.size());
    for (NodeId id = turn_begin_; id < now; ++id) {
      Place& place = draft.graph.place(id);
      if (place.group == 0) place.group = draft.group();
    }
    draft.close_groups(groups_);
    turn_begin_ = now;
  }

 private:
  // Half of what a graph may have: calls have groups, too.
  static constexpr std::size_t kMostGroups = 30'000;

  double steps() const {
    return static_cast<double>(interpreter_.draft_.graph.size() - first_node_) +
           static_cast<double>(interpreter_.turns_ - first_turn_);
  }

  void check() const {
    const double steps_in_all =
        static_cast<double>(interpreter_.draft_.graph.size() + interpreter_.turns_);
    const double turns_left = count_ > done_ ? count_ - done_ : 0;
    const double expected = done_ > 0 ? steps() / done_ * turns_left : turns_left;
    if (steps_in_all + expected <= kMostSteps) return;
    const double all = steps() + expected;
    const std::string what =
        count_ > 0 ? fmt::format("this loop makes about {:.0f} steps", all)
                   : fmt::format("this loop has made {:.0f} steps, and may not end", all);
    // A loop that may not end needs another condition, whatever the arrays are.
    const std::string smaller =
        count_ > 0 ? interpreter_.smaller_arguments() : "a condition that ends the loop";
    interpreter_.refuse(range_,
                        fmt::format("{}: {:.0f} are read in all, as each is a node to be looked at",
                                    what, kMostSteps),
                        smaller.empty() ? "a loop of fewer turns" : smaller);
  }

  Interpreter& interpreter_;
  Range range_;
  double count_;
  std::size_t groups_;
  std::size_t first_node_;
  std::size_t first_turn_;
  double done_ = 0;
  NodeId turn_begin_ = 0;
};

// `--set x='randn(2,3,5,5)'`: the largest array that was given, with less of what there is much of.
std::string Interpreter::smaller_arguments() const {
  const auto largest = std::max_element(
      sizes_.begin(), sizes_.end(),
      [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
  if (largest == sizes_.end() || largest->second.size() < 2) return {};
  constexpr std::int32_t kMostSamples = 2;
  constexpr std::int32_t kMostPixels = 5;
  const Shape& shape = largest->second;
  std::string sides;
  for (int side = 0; side < shape.ndim(); ++side) {
    const bool is_picture = shape.ndim() == 4 && side >= 2;
    const std::int32_t most = side == 0 ? kMostSamples : is_picture ? kMostPixels : shape[side];
    sides += fmt::format("{}{}", side == 0 ? "" : ",", std::min(shape[side], most));
  }
  return fmt::format("smaller arrays, as --set {}='randn({})' on the command line",
                     shortened(largest->first), sides);
}

// ---- statements ------------------------------------------------------------------------------

Outcome Interpreter::run_for(const For& loop, std::size_t byte) {
  Operand iterable;
  const std::string name = first_name(loop.target);
  begin_statement(
      [&] {
        scope_->target = name;
        iterable = operand(loop.iterable);
      },
      byte);
  const Iterator items = items_of(iterable);
  const Range here = {static_cast<std::uint32_t>(byte), static_cast<std::uint32_t>(byte)};
  bool is_broken = false;
  {
    Turns turns(*this, here, items.state->count);
    for (std::size_t turn = 0; !is_broken; ++turn) {
      std::optional<Value> item;
      // The place in a list is part of the name: `t = 3`, or `row 3`.
      turns.begin(fmt::format("{}_{}", name, turn));
      begin_statement(
          [&] {
            scope_->target = name;
            item = items.state->next();
            if (item) bind(loop.target, {*item, iterable.source, iterable.range}, byte);
          },
          byte);
      if (!item) break;
      Outcome outcome = run_block(loop.block);
      if (outcome.kind == Outcome::Kind::kReturn) return outcome;
      is_broken = outcome.kind == Outcome::Kind::kBreak;
    }
  }
  return is_broken ? Outcome{} : run_block(loop.otherwise);
}

Outcome Interpreter::run_while(const While& loop, std::size_t byte) {
  const Range here = {static_cast<std::uint32_t>(byte), static_cast<std::uint32_t>(byte)};
  {
    Turns turns(*this, here, 0);
    for (std::size_t turn = 0; holds(loop.condition, byte); ++turn) {
      turns.begin(fmt::format("while_{}", turn));
      Outcome outcome = run_block(loop.block);
      if (outcome.kind == Outcome::Kind::kReturn) return outcome;
      if (outcome.kind == Outcome::Kind::kBreak) return {};
    }
  }
  return run_block(loop.otherwise);
}

// ---- what they go over -----------------------------------------------------------------------

// As Python's iter(): of a list, what it holds when an item is asked for.
Iterator Interpreter::items_of(const Operand& operand) {
  if (const Iterator* iterator = operand.value.iterator()) return *iterator;
  auto state = std::make_shared<Iterator::State>();
  auto at = std::make_shared<std::size_t>(0);
  if (const Tuple* tuple = operand.value.tuple()) {
    state->count = static_cast<double>(tuple->items->size());
    state->next = [items = tuple->items, at]() -> std::optional<Value> {
      if (*at >= items->size()) return std::nullopt;
      return current((*items)[(*at)++]);
    };
    return {state};
  }
  if (const Dictionary* dictionary = operand.value.dictionary()) {
    state->count = static_cast<double>(dictionary->items->size());
    state->next = [operand, items = dictionary->items, size = dictionary->items->size(),
                   at]() -> std::optional<Value> {
      if (items->size() != size) {
        operand.refuse("a dictionary changes its size while a loop goes over it: Python raises");
      }
      if (*at >= size) return std::nullopt;
      return value_of_key((items->begin() + static_cast<std::ptrdiff_t>((*at)++))->first);
    };
    return {state};
  }
  const Array* array = operand.value.array();
  if (array != nullptr && array->shape().ndim() > 0) {
    state->count = array->shape()[0];
    state->next = [this, operand, rows = array->shape()[0], at]() -> std::optional<Value> {
      if (*at >= static_cast<std::size_t>(rows)) return std::nullopt;
      IndexPart place{.kind = IndexPart::Kind::kPlace, .range = operand.range};
      place.place = static_cast<std::int64_t>((*at)++);
      return part_of_array({current(operand.value), operand.source, operand.range}, {place});
    };
    return {state};
  }
  if (const std::string* text = operand.value.text()) {
    if (const std::optional<std::vector<Value>> letters = letters_of(*text)) {
      return items_of({tuple(*letters), operand.source, operand.range});
    }
  }
  operand.refuse(fmt::format("{} has no items to go over", described(operand)),
                 "range(N), a list, a tuple, or an array");
}

std::vector<Value> Interpreter::all_items(const Operand& operand) {
  std::vector<Value> items;
  const Iterator from = items_of(operand);
  while (std::optional<Value> item = from.state->next()) {
    items.push_back(std::move(*item));
    if (items.size() > kMostValues) {
      operand.refuse(fmt::format("a list of more than {} values", kMostValues));
    }
  }
  return items;
}

// ---- comprehensions --------------------------------------------------------------------------

// Its names are its own, and see those around it.
Value Interpreter::evaluate_comprehension(const Expression& expression,
                                          const Comprehension& comprehension) {
  std::vector<Value> items;
  Dictionary dictionary{scope_->target, std::make_shared<Entries>()};
  const std::shared_ptr<Environment> outer = scope_->env;
  auto inner = std::make_shared<Environment>();
  inner->outer = outer.get();
  inner->own_names = &inner->target_names;
  for (const Clause& clause : comprehension.clauses) {
    walk(clause.target, [&](const Expression& part) {
      const auto* name = std::get_if<Name>(&part.kind);
      if (name != nullptr) inner->target_names.emplace(name->id, part.range.begin);
    });
  }
  // The first list is one of the names around it.
  const Operand first = operand(comprehension.clauses.front().iterable);
  scope_->env = inner;
  try {
    run_clauses(comprehension, 0, first, [&] {
      if (comprehension.kind == Comprehension::Kind::kPairs) {
        const Operand key = operand(comprehension.element[0]);
        set_entry({{dictionary}, &source(), expression.range}, key,
                  evaluate(comprehension.element[1]));
      } else {
        items.push_back(evaluate(comprehension.element[0]));
      }
      if (items.size() > kMostValues) {
        refuse(expression.range, fmt::format("a list of more than {} values", kMostValues));
      }
    });
  } catch (...) {
    scope_->env = outer;
    throw;
  }
  scope_->env = outer;
  if (comprehension.kind == Comprehension::Kind::kPairs) return {dictionary};
  return tuple(std::move(items), true);
}

void Interpreter::run_clauses(const Comprehension& comprehension, std::size_t at,
                              const Operand& iterable, const std::function<void()>& visit) {
  const Clause& clause = comprehension.clauses[at];
  const Iterator items = items_of(iterable);
  Turns turns(*this, clause.target.range, items.state->count);
  for (std::size_t turn = 0;; ++turn) {
    turns.begin(fmt::format("{}_{}", first_name(clause.target), turn));
    const std::optional<Value> item = items.state->next();
    if (!item) break;
    bind(clause.target, {*item, iterable.source, iterable.range}, clause.target.range.begin);
    const bool is_taken =
        std::all_of(clause.conditions.begin(), clause.conditions.end(),
                    [&](const Expression& condition) { return truth_of(operand(condition)); });
    if (!is_taken) continue;
    if (at + 1 == comprehension.clauses.size()) {
      visit();
    } else {
      run_clauses(comprehension, at + 1, operand(comprehension.clauses[at + 1].iterable), visit);
    }
  }
  turns.end();
}

}  // namespace backstep::read
