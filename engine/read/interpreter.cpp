// Runs a function: its arguments, its lines, and what it gives back.
#include "engine/read/interpreter.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace backstep::read {
namespace {

constexpr std::size_t kMostCalls = 100;

}  // namespace

Value Interpreter::run(const Module& module, const Function& function,
                       std::map<std::string, Value> arguments) {
  if (function.error) throw *function.error;
  if (const ModuleName* bound = module.name(function.name)) {
    const bool is_it = bound->is_certain && bound->binding.what == Binds::kFunction;
    if (!is_it || module.find(function.name) != &function) {
      throw ReadError(*module.source, bound->binding.byte,
                      fmt::format("{} is bound anew here: the def in line {} is not what it is "
                                  "when the file has run",
                                  quoted(function.name), module.source->line(function.byte)),
                      "another name here");
    }
  }
  Scope scope{module, function};
  scope_ = &scope;
  for (auto& [name, value] : arguments) set_name(name, given(std::move(value)));
  return current(run_body(scope));
}

// An argument from outside. Its dictionaries are filled as they are, its tuples made anew.
Value Interpreter::given(Value value) {
  if (auto* array = std::get_if<Array>(&value.kind); array != nullptr && array->memory == nullptr) {
    std::shared_ptr<Memory>& memory = given_[array->var.id()];
    if (memory == nullptr) memory = as_object(value).array()->memory;
    array->memory = memory;
  } else if (const Tuple* tuple = value.tuple()) {
    std::vector<Value> items;
    for (const Value& item : *tuple->items) items.push_back(given(item));
    return {Tuple{std::make_shared<const std::vector<Value>>(std::move(items)), tuple->is_list}};
  } else if (const Dictionary* dictionary = value.dictionary()) {
    for (auto& [key, item] : *dictionary->items) item = given(std::move(item));
  }
  return current(value);
}

Value Interpreter::run_body(Scope& scope) {
  Scope* const caller = std::exchange(scope_, &scope);
  running_.push_back(&scope.function);
  if (std::optional<Value> result = run_statements(scope.function.body)) {
    running_.pop_back();
    scope_ = caller;
    return std::move(*result);
  }
  throw ReadError(
      source(), scope.function.byte,
      fmt::format("{} has no return: nothing comes out of it", quoted(scope.function.name)),
      "return, with its results, as the last line of the function");
}

void Interpreter::refuse(Range range, std::string_view message, std::string_view instead) {
  throw ReadError(source(), range.begin, message, instead);
}

Operand Interpreter::operand(const Expression& expression) {
  return {evaluate(expression), &source(), expression.range};
}

CallSite Interpreter::site(Range range, std::string name) {
  return {draft_, std::move(name), &source(), range};
}

Value Interpreter::default_of(const Module& module, const Function& function,
                              const Parameter& parameter) {
  const auto known = defaults_.find(&parameter);
  if (known != defaults_.end()) return known->second;
  Scope scope{module, function};
  scope.is_top_level = true;
  Scope* const caller = std::exchange(scope_, &scope);
  Value value = evaluate(*parameter.default_value);
  scope_ = caller;
  defaults_.emplace(&parameter, value);
  return value;
}

void Interpreter::bind_parameters(Scope& callee, const Expression& expression,
                                  CallArguments arguments) {
  const std::vector<Parameter>& parameters = callee.function.parameters;
  const std::string name = shortened(callee.function.name);
  if (arguments.positional.size() > parameters.size()) {
    refuse(expression.range, fmt::format("{}() takes {} arguments, not {}", name, parameters.size(),
                                         arguments.positional.size()));
  }
  for (std::size_t i = 0; i < arguments.positional.size(); ++i) {
    if (!parameters[i].needs_name) continue;
    refuse(arguments.positional[i].range,
           fmt::format("{}() takes {} by its name alone", name, quoted(parameters[i].name)),
           fmt::format("{}=...", shortened(parameters[i].name)));
  }
  std::map<std::string, Value> given;
  for (std::size_t i = 0; i < arguments.positional.size(); ++i) {
    given[parameters[i].name] = arguments.positional[i].value;
  }
  for (const KeywordOperand& keyword : arguments.keywords) {
    const bool is_parameter =
        std::any_of(parameters.begin(), parameters.end(), [&](const Parameter& parameter) {
          return parameter.name == keyword.name && parameter.may_have_name;
        });
    if (!is_parameter || !given.emplace(keyword.name, keyword.operand.value).second) {
      throw ReadError(source(), keyword.byte,
                      fmt::format("{}() {} {}", name,
                                  is_parameter ? "is given twice its argument" : "has no argument",
                                  quoted(keyword.name)));
    }
  }
  for (const Parameter& parameter : parameters) {
    const auto found = given.find(parameter.name);
    if (found != given.end()) {
      bind_parameter(callee, parameter, found->second);
    } else if (parameter.default_value) {
      bind_parameter(callee, parameter, default_of(callee.module, callee.function, parameter));
    } else {
      refuse(expression.range, fmt::format("{}() lacks its argument {}: it takes {}", name,
                                           quoted(parameter.name), parameters.size()));
    }
  }
}

// A setting such as eps=1e-6 is a leaf here as it is in a circuit of its own.
void Interpreter::bind_parameter(Scope& callee, const Parameter& parameter, const Value& value) {
  Value bound = value;
  const bool is_setting = parameter.default_value && value.scalar() != nullptr &&
                          value.scalar()->type != NumberType::kBool &&
                          is_float(default_of(callee.module, callee.function, parameter));
  if (is_setting) {
    const Var leaf = draft_.graph.leaf(Role::kConstant, {}, {}, value.scalar()->value);
    draft_.name(leaf.id(), callee.prefix + parameter.name);
    draft_.graph.place(leaf.id()).group = draft_.group;
    bound = {Array{leaf}};
  }
  Scope* const caller = std::exchange(scope_, &callee);
  set_name(parameter.name, bound);
  scope_ = caller;
}

void Interpreter::check_call(Range range, const Function& function) {
  if (std::find(running_.begin(), running_.end(), &function) != running_.end()) {
    const std::string by_way = running_.back() == &function
                                   ? ""
                                   : fmt::format(" by way of {}", quoted(running_.back()->name));
    refuse(range,
           fmt::format("{} calls itself{}: the reader takes straight-line NumPy",
                       quoted(function.name), by_way),
           "the steps one below the other, as often as they run");
  }
  if (running_.size() >= kMostCalls) refuse(range, "the functions call each other too deep");
}

Value Interpreter::call_inline(const Expression& expression, const Call& call, const Module& module,
                               const Function& function) {
  check_call(expression.range, function);
  CallArguments arguments = arguments_of(call);
  if (function.error) throw *function.error;
  Scope callee{module, function};
  const std::string& target = scope_->target;
  callee.prefix = scope_->prefix + (target == "out" ? function.name : target) + "_";
  if (&module != &scope_->module || scope_->line != 0) {
    callee.line = scope_->line != 0 ? scope_->line : source().line(expression.range.begin);
  }
  const std::uint16_t outer_group = draft_.group;
  try {
    draft_.group = draft_.graph.add_group(function.name, outer_group);
  } catch (const Error& error) {
    refuse(expression.range, error.what());
  }
  bind_parameters(callee, expression, std::move(arguments));
  Scope* const caller = scope_;
  try {
    Value result = run_body(callee);
    draft_.group = outer_group;
    return result;
  } catch (const ReadError& error) {
    scope_ = caller;
    throw error.with_line(
        fmt::format("called from {}:{}", source().name(), source().line(expression.range.begin)));
  }
}

}  // namespace backstep::read
