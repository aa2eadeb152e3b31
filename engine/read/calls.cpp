// Calls: of functions of NumPy and Python, of methods, and of other functions of the text.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/read/draws.h"
#include "engine/read/imported_names.h"
#include "engine/read/interpreter.h"
#include "engine/read/operations.h"
#include "engine/read/python_builtins.h"
#include "engine/read/torch_functions.h"
#include "engine/read/views.h"

namespace backstep::read {
namespace {

Value of_numpy(Value value) {
  if (Scalar* number = value.scalar()) number->is_numpy = true;
  return value;
}

// "range" of what `from builtins import range` and `from past.builtins import xrange` give, which
// are for older versions of Python; "" for others.
std::string name_of_builtin(std::string_view path) {
  for (const std::string_view module : {"builtins.", "past.builtins.", "six.moves."}) {
    if (!has_prefix(path, module)) continue;
    std::string name(path.substr(module.size()));
    if (name == "xrange") name = "range";
    if (is_python_builtin(name)) return name;
  }
  return {};
}

}  // namespace

CallArguments Interpreter::arguments_of(const Call& call) {
  CallArguments arguments;
  const std::size_t positional = call.positional();
  for (std::size_t i = 0; i < positional; ++i) {
    const Expression& written = call.arguments[i];
    const auto* star = std::get_if<Starred>(&written.kind);
    const auto* comprehension = std::get_if<Comprehension>(&written.kind);
    const bool is_generator = comprehension != nullptr && positional == 1 &&
                              call.keywords.empty() &&
                              comprehension->kind == Comprehension::Kind::kGenerator;
    if (is_generator) {
      // Whoever is called goes over it at once.
      arguments.positional.push_back(
          {evaluate_comprehension(written, *comprehension), &source(), written.range});
    } else if (star != nullptr) {
      const Operand items = operand(*star->operand);
      for (Value& item : all_items(items)) {
        arguments.positional.push_back({std::move(item), items.source, items.range});
      }
    } else {
      arguments.positional.push_back(operand(written));
    }
  }
  for (const Keyword& keyword : call.keywords) {
    const Operand value = operand(call.arguments[keyword.argument]);
    if (!keyword.name.empty()) {
      arguments.keywords.push_back({keyword.name, keyword.byte, value});
      continue;
    }
    const Dictionary* settings = value.value.dictionary();
    if (settings == nullptr) value.refuse(fmt::format("{} is no dictionary", described(value)));
    for (const auto& [key, item] : *settings->items) {
      if (key.is_number) value.refuse("the keys of arguments are texts");
      arguments.keywords.push_back({key.text, keyword.byte, {item, value.source, value.range}});
    }
  }
  // A later argument may have been a call that changed an earlier one in place.
  for (Operand& argument : arguments.positional) argument.value = current(argument.value);
  for (KeywordOperand& keyword : arguments.keywords) {
    keyword.operand.value = current(keyword.operand.value);
  }
  return arguments;
}

Value Interpreter::evaluate_call(const Expression& expression, const Call& call) {
  if (const std::string path = path_of(*call.function); !path.empty()) {
    return call_imported(expression, call, path);
  }
  if (const auto* name = std::get_if<Name>(&call.function->kind)) {
    return call_by_name(expression, call, name->id);
  }
  const auto* attribute = std::get_if<Attribute>(&call.function->kind);
  if (attribute == nullptr) {
    const Operand function = operand(*call.function);
    return call_operand(expression.range, function, arguments_of(call));
  }
  if (std::optional<Value> result = call_super(expression.range, call)) return std::move(*result);
  const Operand base = operand(*attribute->base);
  if (base.value.object() != nullptr || base.value.type() != nullptr) {
    const Range range = call.function->range;
    const Value method = base.value.object() != nullptr
                             ? attribute_of_object(range, base, attribute->name)
                             : attribute_of_type(range, base, attribute->name);
    return call_operand(expression.range, {method, &source(), range}, arguments_of(call));
  }
  if (base.value.dictionary() != nullptr) {
    return call_dictionary(expression, base, attribute->name, arguments_of(call));
  }
  if (base.value.tuple() != nullptr) {
    return call_list(expression, base, attribute->name, arguments_of(call));
  }
  const Word* word = base.value.word();
  if (word != nullptr && (word->kind == Word::Kind::kText || word->kind == Word::Kind::kOpen)) {
    return call_text(expression, base, attribute->name, arguments_of(call));
  }
  if (base.value.array() == nullptr) {
    refuse(expression.range,
           fmt::format("{} has no .{}()", described(base), shortened(attribute->name)));
  }
  return call_method_of(expression, *attribute, base, arguments_of(call));
}

Value Interpreter::call_method_of(const Expression& expression, const Attribute& method,
                                  const Operand& base, CallArguments arguments) {
  const bool is_of_torch = is_call_of_torch(expression, method.name, arguments);
  arguments.positional.insert(arguments.positional.begin(),
                              {current(base.value), base.source, base.range});
  if (is_of_torch) return call_torch_method_of(expression, method, arguments);
  const CallSite here = site(expression.range, "." + shortened(method.name));
  return of_method(method.name, call_method(here, method.name, arguments), base.value);
}

// A function that is a value: act(x), layers[0](x).
Value Interpreter::call_operand(Range range, const Operand& function, CallArguments arguments) {
  const Callable* callable = function.value.callable();
  if (callable == nullptr) {
    if (std::optional<Value> result = call_object(range, function, arguments)) return *result;
    const Word* type = function.value.word();
    if (type != nullptr && type->kind == Word::Kind::kType) {
      return call_builtin_with(range, type->text, arguments);
    }
    refuse(range, fmt::format("{} is a value, not a function", quoted(function.text())));
  }
  if (callable->function != nullptr) return call_function(range, *callable, std::move(arguments));
  const bool is_path = callable->path.find('.') != std::string::npos;
  return is_path ? call_path(range, callable->path, arguments)
                 : call_builtin_with(range, callable->path, arguments);
}

// One of Python's own functions.
Value Interpreter::call_builtin_with(Range range, const std::string& name,
                                     const CallArguments& arguments) {
  if (std::optional<Value> value = call_on_items(range, name, arguments)) return *value;
  CallArguments known = arguments;
  for (Operand& argument : known.positional) argument.value = plain(name, argument);
  if (name == "sum" && holds_arrays(known)) return sum_of(range, known);
  return as_new(call_builtin(site(range, name), name, known));
}

// What goes over items gets them as a list; a number that an array holds is that number.
Value Interpreter::plain(const std::string& name, const Operand& argument) {
  if (argument.value.iterator() != nullptr) return tuple(all_items(argument), true);
  const bool takes_numbers = name == "int" || name == "range" || name == "bool";
  if (takes_numbers && argument.value.array() != nullptr) {
    const std::optional<double> number = known_number(argument.value);
    if (number) return {Scalar{*number, argument.value.array()->type, true}};
  }
  return argument.value;
}

bool Interpreter::holds_arrays(const CallArguments& arguments) {
  if (arguments.positional.empty()) return false;
  const Tuple* items = arguments.positional[0].value.tuple();
  return items != nullptr && std::any_of(items->items->begin(), items->items->end(),
                                         [](const Value& item) { return item.array() != nullptr; });
}

// 0 + a + b, from the left, as Python adds.
Value Interpreter::sum_of(Range range, const CallArguments& arguments) {
  const Operand& list = arguments.positional[0];
  Operand sum{scalar(0, NumberType::kInteger), &source(), range};
  if (arguments.positional.size() == 2) sum.value = arguments.positional[1].value;
  for (const Value& item : *list.value.tuple()->items) {
    sum.value = apply(Operator::kAdd, range.begin, sum, {current(item), list.source, list.range});
  }
  return sum.value;
}

// np.sqrt(var + eps) is one step where eps is a number or a constant.
Value Interpreter::call_square_root(const Expression& expression, const Call& call) {
  const bool is_plain = call.arguments.size() == 1 && call.keywords.empty();
  const auto* chain = is_plain ? std::get_if<Chain>(&call.arguments[0].kind) : nullptr;
  CallArguments arguments;
  if (chain == nullptr || chain->rest.back().op != Operator::kAdd) {
    arguments = arguments_of(call);
  } else {
    const Term& last = chain->rest.back();
    Operand left = evaluate_terms(*chain, chain->rest.size() - 1);
    const Operand right = operand(last.operand);
    left.value = current(left.value);
    if (variance_of_deviation(left, right) != nullptr) {
      return deviation(draft_, last.byte, left, right);
    }
    if (variance_of_deviation(right, left) != nullptr) {
      return deviation(draft_, last.byte, right, left);
    }
    const Value sum = apply(Operator::kAdd, last.byte, left, right);
    arguments.positional.push_back({sum, &source(), call.arguments[0].range});
  }
  return call_numpy(site(expression.range, "np.sqrt"), "sqrt", arguments);
}

Value Interpreter::call_by_name(const Expression& expression, const Call& call,
                                const std::string& name) {
  if (const Value* value = value_of(name)) {
    const Operand function{*value, &source(), call.function->range};
    return call_operand(expression.range, function, arguments_of(call));
  }
  if (const Class* of = class_named(name)) {
    return call_type(expression.range, {of, &scope_->module}, arguments_of(call));
  }
  if (const std::optional<Elsewhere> found = by_star(name)) {
    return call_elsewhere(expression, call, *found);
  }
  check_bound(expression.range, name);
  if (const Function* function = scope_->module.find(name)) {
    const bool is_early = scope_->is_top_level && scope_->module.name(name)->times > 1;
    if (is_early) {
      refuse(expression.range,
             fmt::format("{} has several defs, and a default takes the one above it", quoted(name)),
             "a name of its own for each def");
    }
    return call_def(expression, call, scope_->module, *function);
  }
  if (is_python_builtin(name)) {
    return call_builtin_with(expression.range, name, arguments_of(call));
  }
  const Library::Entry builtin = library_.find(name);
  if (builtin.function == nullptr) refuse_function(expression.range, name);
  return call_def(expression, call, *builtin.module, *builtin.function);
}

Value Interpreter::call_def(const Expression& expression, const Call& call, const Module& module,
                            const Function& function) {
  check_call(expression.range, function);
  return call_function(expression.range, {.module = &module, .function = &function},
                       arguments_of(call));
}

// A function of NumPy or of Python's math, or a built-in circuit by its module and name.
Value Interpreter::call_imported(const Expression& expression, const Call& call,
                                 const std::string& path) {
  if (!name_in_torch(path).empty()) return call_of_torch(expression, call, path);
  if (const std::string own = name_of_builtin(path); !own.empty()) {
    return call_builtin_with(expression.range, own, arguments_of(call));
  }
  const std::string name = name_in_numpy(path);
  if (name.empty()) {
    if (const std::optional<Elsewhere> found = at_path(scope_->module, path, 0)) {
      return call_elsewhere(expression, call, *found);
    }
    if (path == "collections.OrderedDict" && call.arguments.empty()) {
      return {Dictionary{scope_->target, std::make_shared<Entries>()}};
    }
    const std::size_t dot = path.find('.');
    const std::string module = path.substr(0, dot);
    const std::string function = dot == std::string::npos ? std::string() : path.substr(dot + 1);
    const Library::Entry circuit = library_.find_imported(source(), module, function);
    if (circuit.function == nullptr) refuse_import(expression.range, path);
    return call_def(expression, call, *circuit.module, *circuit.function);
  }
  if (!is_numpy_function(name) && !is_draw(name)) {
    call_numpy(site(expression.range, shown_path(path)), name, {});
  }
  if (name == "sqrt" && !has_prefix(path, "math.")) {
    return of_numpy(as_new(call_square_root(expression, call)));
  }
  return call_path(expression.range, path, arguments_of(call));
}

// One of the functions of NumPy or of Python's math.
Value Interpreter::call_path(Range range, const std::string& path, const CallArguments& arguments) {
  const std::string name = name_in_numpy(path);
  const CallSite here = site(range, shown_path(path));
  if (is_draw(name)) return draw(random_, here, name, arguments);
  if (has_prefix(path, "math.")) {
    for (const Operand& argument : arguments.positional) {
      const Array* array = argument.value.array();
      if (array == nullptr || array->var.shape().is_scalar()) continue;
      argument.refuse(fmt::format("{} takes one number, not an array", here.name), "np." + name);
    }
    return as_new(call_numpy(here, name, arguments));
  }
  Value result = of_numpy(call_numpy(here, name, arguments));
  const bool is_array = makes_array_of_no_sides(name);
  if (is_array && result.scalar() != nullptr) {
    result = {as_array(draft_, {result, &source(), range})};
  }
  const Value first = arguments.positional.empty() ? Value{} : arguments.positional.front().value;
  result = of_method(name, std::move(result), first);
  if (is_array && result.array() != nullptr) result.array()->memory->is_number = false;
  return result;
}

}  // namespace backstep::read
