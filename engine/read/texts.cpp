// Texts that are known while a function is read: keys such as f'W{i}', and what compares with them.
#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "engine/read/interpreter.h"
#include "engine/read/operations.h"

namespace backstep::read {
namespace {

Value open_text() { return {Word{{}, Word::Kind::kOpen}}; }

// What str() gives of a text, an integer, True, False or None; nothing for what Python prints by
// rules of its own.
std::optional<std::string> plain_text(const Value& value) {
  if (const std::string* text = value.text()) return *text;
  if (value.is_none()) return "None";
  const Scalar* number = value.scalar();
  if (number == nullptr || number->type == NumberType::kFloat) return std::nullopt;
  if (number->type == NumberType::kBool) return number->value != 0 ? "True" : "False";
  return fmt::format("{:.0f}", number->value);
}

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

}  // namespace

// f'W{i}': known where all of it is.
Value Interpreter::evaluate_formatted(const Formatted& formatted) {
  std::string text;
  bool is_known = true;
  for (const FormatPart& part : formatted.parts) {
    if (part.value == nullptr) {
      text += part.text;
      continue;
    }
    const std::optional<std::string> value = plain_text(evaluate(*part.value));
    is_known = is_known && part.style.empty() && value;
    if (is_known) text += *value;
  }
  return is_known ? Value{Word{text}} : open_text();
}

// 'W%d' % i: %d, %i and %s of texts and integers; other patterns stay open.
Value Interpreter::formatted(const Operand& pattern, const Operand& values) {
  std::vector<Value> given = {values.value};
  if (const Tuple* tuple = values.value.tuple(); tuple != nullptr && !tuple->is_list) {
    given = *tuple->items;
  }
  if (pattern.value.text() == nullptr) return open_text();
  const std::string& text = *pattern.value.text();
  std::string result;
  std::size_t next = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      result += text[i];
      continue;
    }
    const char kind = i + 1 < text.size() ? text[++i] : '\0';
    if (kind == '%') {
      result += kind;
      continue;
    }
    const std::optional<std::string> value =
        next < given.size() ? plain_text(given[next++]) : std::nullopt;
    const bool is_integer = value && given[next - 1].scalar() != nullptr &&
                            given[next - 1].scalar()->type == NumberType::kInteger;
    const bool is_read = value && (kind == 's' || ((kind == 'd' || kind == 'i') && is_integer));
    if (!is_read) return open_text();
    result += *value;
  }
  if (next < given.size()) pattern.refuse("more values than this text has places for");
  return {Word{result}};
}

Value Interpreter::call_text(const Expression& expression, const Operand& text,
                             const std::string& method, const CallArguments& arguments) {
  const std::vector<Operand>& given = arguments.positional;
  if (method == "format") return filled(text, arguments);
  if (text.value.text() == nullptr) return open_text();
  const std::string& known = *text.value.text();
  const auto mapped = [&](int (*letter)(int)) {
    std::string result = known;
    for (char& c : result) {
      if (static_cast<unsigned char>(c) < 0x80) c = static_cast<char>(letter(c));
    }
    return Value{Word{result}};
  };
  const bool is_plain = arguments.keywords.empty();
  if (is_plain && given.empty() && method == "lower") return mapped(std::tolower);
  if (is_plain && given.empty() && method == "upper") return mapped(std::toupper);
  const std::string* other = given.size() == 1 ? given[0].value.text() : nullptr;
  if (is_plain && other != nullptr && (method == "startswith" || method == "endswith")) {
    const bool holds = method == "endswith" ? known.ends_with(*other) : known.starts_with(*other);
    return scalar(holds ? 1 : 0, NumberType::kBool);
  }
  if (is_plain && given.size() == 1 && method == "join") {
    std::string joined;
    bool is_first = true;
    for (const Value& item : all_items(given[0])) {
      if (item.text() == nullptr) return open_text();
      joined += (is_first ? "" : known) + *item.text();
      is_first = false;
    }
    return {Word{joined}};
  }
  refuse(expression.range, fmt::format(".{}() of a text is not read", shortened(method)),
         "f'W{i}', 'W' + str(i), or .format(i)");
}

// 'W{}'.format(i), 'W{0}', 'W{name}'.
Value Interpreter::filled(const Operand& pattern, const CallArguments& arguments) {
  if (pattern.value.text() == nullptr) return open_text();
  const std::string& text = *pattern.value.text();
  std::string result;
  std::size_t next = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c != '{' && c != '}') {
      result += c;
    } else if (text.substr(i, 2) == std::string(2, c)) {
      result += c;
      ++i;
    } else {
      const std::size_t end = text.find('}', i);
      if (c == '}' || end == std::string::npos)
        pattern.refuse("a brace of this text has no partner");
      const std::string field = text.substr(i + 1, end - i - 1);
      const Value* value = nullptr;
      if (is_digits(field)) {
        const std::size_t place =
            field.empty()
                ? next++
                : std::min<std::size_t>(field.size() < 4 ? std::stoul(field) : 9999, 9999);
        if (place < arguments.positional.size()) value = &arguments.positional[place].value;
      }
      for (const KeywordOperand& keyword : arguments.keywords) {
        if (keyword.name == field) value = &keyword.operand.value;
      }
      const std::optional<std::string> known = value == nullptr ? std::nullopt : plain_text(*value);
      if (!known) return open_text();
      result += *known;
      i = end;
    }
  }
  return {Word{result}};
}

// str(x).
Value Interpreter::text_of(const Value& value) {
  const std::optional<std::string> text = plain_text(value);
  return text ? Value{Word{*text}} : open_text();
}

}  // namespace backstep::read
