// Calls: of functions of NumPy and Python, of methods, and of other functions of the text.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/read/imported_names.h"
#include "engine/read/interpreter.h"
#include "engine/read/operations.h"
#include "engine/read/python_builtins.h"
#include "engine/read/views.h"

namespace backstep::read {

CallArguments Interpreter::arguments_of(const Call& call) {
  CallArguments arguments;
  for (std::size_t i = 0; i < call.positional(); ++i) {
    arguments.positional.push_back(operand(call.arguments[i]));
  }
  for (const Keyword& keyword : call.keywords) {
    arguments.keywords.push_back(
        {keyword.name, keyword.byte, operand(call.arguments[keyword.argument])});
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
    refuse(expression.range, "only a function with a name can be called");
  }
  const Operand base = operand(*attribute->base);
  if (base.value.dictionary() != nullptr) {
    return call_dictionary(expression, base, attribute->name, arguments_of(call));
  }
  if (base.value.array() == nullptr) {
    refuse(expression.range,
           fmt::format("{} has no .{}()", described(base), shortened(attribute->name)));
  }
  CallArguments arguments = arguments_of(call);
  arguments.positional.insert(arguments.positional.begin(),
                              {current(base.value), base.source, base.range});
  const CallSite here = site(expression.range, "." + shortened(attribute->name));
  return of_method(attribute->name, call_method(here, attribute->name, arguments), base.value);
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
  if (scope_->names.count(name) > 0) {
    refuse(expression.range, fmt::format("{} is a value, not a function", quoted(name)));
  }
  check_bound(expression.range, name);
  if (const Function* function = scope_->module.find(name)) {
    const bool is_early = scope_->is_top_level && scope_->module.name(name)->times > 1;
    if (is_early) {
      refuse(expression.range,
             fmt::format("{} has several defs, and a default takes the one above it", quoted(name)),
             "a name of its own for each def");
    }
    return call_inline(expression, call, scope_->module, *function);
  }
  if (is_python_builtin(name)) {
    return as_new(call_builtin(site(expression.range, name), name, arguments_of(call)));
  }
  const Library::Entry builtin = library_.find(name);
  if (builtin.function == nullptr) refuse_function(expression.range, name);
  return call_inline(expression, call, *builtin.module, *builtin.function);
}

// A function of NumPy or of Python's math, or a built-in circuit by its module and name.
Value Interpreter::call_imported(const Expression& expression, const Call& call,
                                 const std::string& path) {
  const std::string name = name_in_numpy(path);
  if (name.empty()) {
    const std::size_t dot = path.find('.');
    const std::string module = path.substr(0, dot);
    const std::string function = dot == std::string::npos ? std::string() : path.substr(dot + 1);
    const Library::Entry circuit = library_.find_imported(source(), module, function);
    if (circuit.function == nullptr) refuse_import(expression.range, path);
    return call_inline(expression, call, *circuit.module, *circuit.function);
  }
  const CallSite here = site(expression.range, shown_path(path));
  if (!is_numpy_function(name)) call_numpy(here, name, {});
  if (has_prefix(path, "math.")) {
    const CallArguments arguments = arguments_of(call);
    for (const Operand& argument : arguments.positional) {
      const Array* array = argument.value.array();
      if (array == nullptr || array->var.shape().is_scalar()) continue;
      argument.refuse(fmt::format("{} takes one number, not an array", here.name), "np." + name);
    }
    return as_new(call_numpy(here, name, arguments));
  }
  const auto of_numpy = [](Value value) {
    if (Scalar* number = value.scalar()) number->is_numpy = true;
    return value;
  };
  if (name == "sqrt") return of_numpy(as_new(call_square_root(expression, call)));
  const CallArguments arguments = arguments_of(call);
  Value result = of_numpy(call_numpy(here, name, arguments));
  const bool is_array = makes_array_of_no_sides(name);
  if (is_array && result.scalar() != nullptr) {
    result = {as_array(draft_, {result, &source(), expression.range})};
  }
  const Value first = arguments.positional.empty() ? Value{} : arguments.positional.front().value;
  result = of_method(name, std::move(result), first);
  if (is_array && result.array() != nullptr) result.array()->memory->is_number = false;
  return result;
}

}  // namespace backstep::read
