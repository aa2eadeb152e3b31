// Lists and tuples: what their methods and operators do, and Python's functions over items.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <utility>

#include "engine/read/interpreter.h"
#include "engine/read/operations.h"

namespace backstep::read {
namespace {

constexpr std::size_t kLongestText = 100'000;

bool is_changeable(const Value& value) {
  const Tuple* tuple = value.tuple();
  return tuple != nullptr && tuple->is_list && !tuple->is_range;
}

std::ptrdiff_t at(std::size_t place) { return static_cast<std::ptrdiff_t>(place); }

// What `op` makes of two texts, or of a text and a number; nothing for others.
std::optional<Value> of_texts(Operator op, const Value& a, const Value& b) {
  const bool has_open = (a.word() != nullptr && a.word()->kind == Word::Kind::kOpen) ||
                        (b.word() != nullptr && b.word()->kind == Word::Kind::kOpen);
  if (op == Operator::kAdd && a.word() != nullptr && b.word() != nullptr) {
    if (has_open) return Value{Word{{}, Word::Kind::kOpen}};
    if (a.text() == nullptr || b.text() == nullptr) return std::nullopt;
    if (a.text()->size() + b.text()->size() > kLongestText) return std::nullopt;
    return Value{Word{*a.text() + *b.text()}};
  }
  return std::nullopt;
}

}  // namespace

// `[a] + [b]`, `[0] * 3`, `'W' + '1'`, `'W%d' % 1`; nothing for what are numbers and arrays.
std::optional<Value> Interpreter::apply_to_items(Operator op, std::size_t byte, const Operand& left,
                                                 const Operand& right) {
  if (std::optional<Value> text = of_texts(op, left.value, right.value)) return text;
  if (op == Operator::kModulo && left.value.word() != nullptr) return formatted(left, right);
  const Tuple* a = left.value.tuple();
  const Tuple* b = right.value.tuple();
  const auto refuse_size = [&] {
    throw ReadError(source(), byte, fmt::format("a list of more than {} values", kMostValues));
  };
  if (op == Operator::kAdd && a != nullptr && b != nullptr) {
    if (a->is_list != b->is_list || a->is_range || b->is_range) {
      throw ReadError(source(), byte, "a list and a tuple cannot be added: Python raises TypeError",
                      "list(a) + list(b)");
    }
    if (count_values(left.value) + count_values(right.value) > kMostValues) refuse_size();
    std::vector<Value> items = *a->items;
    items.insert(items.end(), b->items->begin(), b->items->end());
    return tuple(std::move(items), a->is_list);
  }
  if (op != Operator::kMultiply) return std::nullopt;
  const Operand& list = a != nullptr ? left : right;
  const Scalar* times = (a != nullptr ? right : left).value.scalar();
  const Tuple* of = list.value.tuple();
  if (of == nullptr || of->is_range || times == nullptr || times->type == NumberType::kFloat ||
      times->is_numpy) {
    return std::nullopt;
  }
  if (static_cast<double>(count_values(list.value)) * times->value >
      static_cast<double>(kMostValues)) {
    refuse_size();
  }
  std::vector<Value> items;
  for (double i = 0; i < times->value; ++i) {
    items.insert(items.end(), of->items->begin(), of->items->end());
  }
  return tuple(std::move(items), of->is_list);
}

// `list += items`, `list *= 2`: the list itself changes.
void Interpreter::change_list(Operator op, std::size_t byte, const Operand& list,
                              const Operand& change) {
  std::vector<Value>& items = *list.value.tuple()->items;
  if (op == Operator::kAdd) {
    for (Value& item : all_items(change)) append(list, std::move(item));
    return;
  }
  const std::optional<Value> after = apply_to_items(op, byte, list, change);
  if (!after) throw ReadError(source(), byte, "a list is changed by + and * alone");
  items = *after->tuple()->items;
}

void Interpreter::append(const Operand& list, Value item) {
  std::vector<Value>& items = *list.value.tuple()->items;
  if (item.tuple() != nullptr || item.dictionary() != nullptr) {
    check_nesting(list.range, item, &items);
    if (count_values(list.value) + count_values(item) > kMostValues) {
      list.refuse(fmt::format("a list of more than {} values", kMostValues));
    }
  }
  if (items.size() >= kMostValues) {
    list.refuse(fmt::format("a list of more than {} values", kMostValues));
  }
  items.push_back(as_object(std::move(item)));
}

void Interpreter::set_item(const Operand& list, const Operand& place, const Value& value) {
  if (!is_changeable(list.value)) {
    list.refuse(fmt::format("{} cannot change: Python raises TypeError", described(list)),
                "a list: [a, b]");
  }
  check_nesting(list.range, value, list.value.tuple()->items.get());
  (*list.value.tuple()->items)[place_in(list, place)] = as_object(value);
}

Value Interpreter::call_list(const Expression& expression, const Operand& list,
                             const std::string& method, const CallArguments& arguments) {
  const std::vector<Operand>& given = arguments.positional;
  std::vector<Value>& items = *list.value.tuple()->items;
  const bool is_plain = arguments.keywords.empty();
  if (is_plain && method == "index" && given.size() == 1) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      const Value one = tuple({items[i]}, true);
      if (is_in(expression.range.begin, given[0], {one, list.source, list.range})) {
        return scalar(static_cast<double>(i), NumberType::kInteger);
      }
    }
    given[0].refuse(
        fmt::format("{} is not in {}", shortened(given[0].text()), shortened(list.text())));
  }
  if (is_plain && method == "count" && given.size() == 1) {
    double count = 0;
    for (const Value& item : items) {
      const Value one = tuple({item}, true);
      count += is_in(expression.range.begin, given[0], {one, list.source, list.range}) ? 1 : 0;
    }
    return scalar(count, NumberType::kInteger);
  }
  if (!is_changeable(list.value)) {
    refuse(expression.range, fmt::format("{} has no .{}()", described(list), shortened(method)));
  }
  if (is_plain && method == "append" && given.size() == 1) {
    append(list, given[0].value);
  } else if (is_plain && method == "extend" && given.size() == 1) {
    for (Value& item : all_items(given[0])) append(list, std::move(item));
  } else if (is_plain && method == "insert" && given.size() == 2) {
    const double size = static_cast<double>(items.size());
    const double place = number_of(given[0], "the place of insert()");
    const double from_front = std::clamp(place < 0 ? place + size : place, 0.0, size);
    append(list, given[1].value);
    std::rotate(items.begin() + at(static_cast<std::size_t>(from_front)), items.end() - 1,
                items.end());
  } else if (is_plain && method == "pop" && given.size() <= 1) {
    if (items.empty()) refuse(expression.range, "pop() of an empty list");
    const std::size_t place = given.empty() ? items.size() - 1 : place_in(list, given[0]);
    const Value item = current(items[place]);
    items.erase(items.begin() + at(place));
    return item;
  } else if (is_plain && method == "reverse" && given.empty()) {
    std::reverse(items.begin(), items.end());
  } else if (is_plain && method == "clear" && given.empty()) {
    items.clear();
  } else if (is_plain && method == "copy" && given.empty()) {
    return tuple(items, true);
  } else {
    refuse(expression.range, fmt::format(".{}() of a list is not read so", shortened(method)),
           ".append(x), .extend(xs), .insert(0, x), .pop(), .reverse(), .copy()");
  }
  return {};
}

// ---- Python's functions over items -----------------------------------------------------------

namespace {

Iterator counting(const std::vector<Iterator>& sources, double count,
                  std::function<Value(std::vector<Value>)> joined) {
  auto state = std::make_shared<Iterator::State>();
  state->count = count;
  state->next = [sources, joined = std::move(joined)]() -> std::optional<Value> {
    std::vector<Value> items;
    for (const Iterator& from : sources) {
      std::optional<Value> item = from.state->next();
      if (!item) return std::nullopt;
      items.push_back(std::move(*item));
    }
    return joined(std::move(items));
  };
  return {state};
}

}  // namespace

std::optional<Value> Interpreter::call_on_items(Range range, const std::string& name,
                                                const CallArguments& arguments) {
  const std::vector<Operand>& given = arguments.positional;
  const bool is_plain = arguments.keywords.empty();
  const std::size_t count = given.size();
  if (name == "zip" && is_plain) {
    if (given.empty()) return Value{items_of({tuple({}), &source(), range})};
    std::vector<Iterator> sources;
    double least = -1;
    for (const Operand& operand : given) {
      sources.push_back(items_of(operand));
      const double items = sources.back().state->count;
      least = least < 0 ? items : std::min(least, items);
    }
    return Value{
        counting(sources, least, [](std::vector<Value> items) { return tuple(std::move(items)); })};
  }
  if (name == "enumerate" && (count == 1 || count == 2)) return enumerated(range, arguments);
  if (name == "reversed" && is_plain && count == 1) return reversed(given[0]);
  if (name == "map" && is_plain && count >= 2) {
    std::vector<Iterator> sources;
    for (std::size_t i = 1; i < count; ++i) sources.push_back(items_of(given[i]));
    const Operand function = given[0];
    return Value{counting(sources, sources.front().state->count,
                          [this, range, function](std::vector<Value> items) {
                            CallArguments to;
                            for (Value& item : items) {
                              to.positional.push_back({std::move(item), function.source, range});
                            }
                            return call_operand(range, function, std::move(to));
                          })};
  }
  if (count > 1 || !is_plain) return std::nullopt;
  const bool is_made = name == "list" || name == "tuple";
  if (is_made && count == 0) return tuple({}, name == "list");
  if (is_made) return tuple(all_items(given[0]), name == "list");
  if (name == "dict" && count == 0) {
    return Value{Dictionary{scope_->target, std::make_shared<Entries>()}};
  }
  if (name == "dict" && given[0].value.dictionary() != nullptr) {
    const Dictionary& from = *given[0].value.dictionary();
    return Value{Dictionary{scope_->target, std::make_shared<Entries>(*from.items)}};
  }
  if (name == "str" && count == 1) return text_of(given[0].value);
  if (count == 1 && (name == "any" || name == "all")) {
    if (given[0].value.array() != nullptr) return std::nullopt;
    const Iterator items = items_of(given[0]);
    while (std::optional<Value> item = items.state->next()) {
      const bool is_true = truth_of({*item, given[0].source, given[0].range});
      if (is_true == (name == "any")) return scalar(is_true ? 1 : 0, NumberType::kBool);
    }
    return scalar(name == "all" ? 1 : 0, NumberType::kBool);
  }
  return std::nullopt;
}

Value Interpreter::enumerated(Range range, const CallArguments& arguments) {
  Value start = scalar(0, NumberType::kInteger);
  if (arguments.positional.size() == 2) start = arguments.positional[1].value;
  for (const KeywordOperand& keyword : arguments.keywords) {
    if (keyword.name != "start") refuse(range, "enumerate() takes start=... alone");
    start = keyword.operand.value;
  }
  if (start.scalar() == nullptr || start.scalar()->type == NumberType::kFloat) {
    refuse(range, "enumerate() begins with an integer");
  }
  const Iterator items = items_of(arguments.positional[0]);
  auto place = std::make_shared<double>(start.scalar()->value);
  return {counting({items}, items.state->count, [place](std::vector<Value> item) {
    return tuple({scalar((*place)++, NumberType::kInteger), std::move(item[0])});
  })};
}

Value Interpreter::reversed(const Operand& of) {
  if (of.value.iterator() != nullptr || of.value.dictionary() != nullptr) {
    of.refuse("reversed() takes a list, a tuple, a range or an array", "reversed(list(xs))");
  }
  if (of.value.array() != nullptr) {
    std::vector<Value> rows = all_items(of);
    std::reverse(rows.begin(), rows.end());
    return {items_of({tuple(std::move(rows)), of.source, of.range})};
  }
  const Tuple* list = of.value.tuple();
  if (list == nullptr) of.refuse(fmt::format("{} has no items to go over", described(of)));
  auto state = std::make_shared<Iterator::State>();
  state->count = static_cast<double>(list->items->size());
  state->next = [items = list->items,
                 left = list->items->size()]() mutable -> std::optional<Value> {
    if (left == 0 || left > items->size()) return std::nullopt;
    return current((*items)[--left]);
  };
  return {Iterator{state}};
}

}  // namespace backstep::read
