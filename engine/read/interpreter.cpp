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
  if (function.object) return run_object(module, function, std::move(arguments));
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
  scope.env->own_names = &function.own_names;
  scope_ = &scope;
  for (auto& [name, value] : arguments) {
    if (const Array* array = value.array()) sizes_.emplace_back(name, array->shape());
    set_name(name, given(std::move(value)));
  }
  return current(run_body(scope));
}

// An argument from outside. Its dictionaries and lists are filled as they are.
Value Interpreter::given(Value value) {
  if (auto* array = std::get_if<Array>(&value.kind); array != nullptr && array->memory == nullptr) {
    std::shared_ptr<Memory>& memory = given_[array->var.id()];
    if (memory == nullptr) memory = as_object(value).array()->memory;
    array->memory = memory;
  } else if (const Tuple* tuple = value.tuple()) {
    for (Value& item : *tuple->items) item = given(item);
  } else if (const Dictionary* dictionary = value.dictionary()) {
    for (auto& [key, item] : *dictionary->items) item = given(std::move(item));
  }
  return current(value);
}

Value Interpreter::run_body(Scope& scope) {
  Scope* const caller = std::exchange(scope_, &scope);
  running_.push_back(&scope.function);
  Outcome outcome = run_statements(scope.function.body);
  const bool is_loose =
      outcome.kind == Outcome::Kind::kBreak || outcome.kind == Outcome::Kind::kContinue;
  if (is_loose) {
    throw ReadError(source(), scope.function.byte,
                    fmt::format("a break or continue of {} stands outside of every loop",
                                quoted(scope.function.name)));
  }
  // A function that ends without a return gives None.
  if (outcome.kind == Outcome::Kind::kNext && running_.size() == 1 && scope.owner == nullptr) {
    throw ReadError(
        source(), scope.function.byte,
        fmt::format("{} has no return: nothing comes out of it", quoted(scope.function.name)),
        "return, with its results, as the last line of the function");
  }
  running_.pop_back();
  scope_ = caller;
  return std::move(outcome.value);
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

void Interpreter::bind_parameters(Scope& callee, Range range, CallArguments arguments) {
  const std::vector<Parameter>& parameters = callee.function.parameters;
  const std::string name = shortened(callee.function.name);
  const auto with_stars = [&](int stars) {
    const auto found =
        std::find_if(parameters.begin(), parameters.end(),
                     [stars](const Parameter& parameter) { return parameter.stars == stars; });
    return found == parameters.end() ? nullptr : &*found;
  };
  const auto places = static_cast<std::size_t>(
      std::find_if(parameters.begin(), parameters.end(),
                   [](const Parameter& parameter) { return parameter.stars > 0; }) -
      parameters.begin());
  const Parameter* const rest = with_stars(1);
  if (arguments.positional.size() > places && rest == nullptr) {
    refuse(range, fmt::format("{}() takes {} arguments, not {}", name, places,
                              arguments.positional.size()));
  }
  std::map<std::string, Value> given;
  std::vector<Value> more;
  for (std::size_t i = 0; i < arguments.positional.size(); ++i) {
    if (i >= places) {
      more.push_back(arguments.positional[i].value);
      continue;
    }
    if (parameters[i].needs_name) {
      refuse(arguments.positional[i].range,
             fmt::format("{}() takes {} by its name alone", name, quoted(parameters[i].name)),
             fmt::format("{}=...", shortened(parameters[i].name)));
    }
    given[parameters[i].name] = arguments.positional[i].value;
  }
  Dictionary settings{name, std::make_shared<Entries>()};
  const Parameter* const open = with_stars(2);
  for (const KeywordOperand& keyword : arguments.keywords) {
    const bool is_parameter =
        std::any_of(parameters.begin(), parameters.end(), [&](const Parameter& parameter) {
          return parameter.name == keyword.name && parameter.may_have_name;
        });
    if (!is_parameter && open != nullptr) {
      (*settings.items)[keyword.name] = keyword.operand.value;
      continue;
    }
    if (!is_parameter || !given.emplace(keyword.name, keyword.operand.value).second) {
      throw ReadError(source(), keyword.byte,
                      fmt::format("{}() {} {}", name,
                                  is_parameter ? "is given twice its argument" : "has no argument",
                                  quoted(keyword.name)));
    }
  }
  if (rest != nullptr) given[rest->name] = tuple(std::move(more));
  if (open != nullptr) given[open->name] = {settings};
  for (const Parameter& parameter : parameters) {
    const auto found = given.find(parameter.name);
    if (found != given.end()) {
      bind_parameter(callee, parameter, found->second);
    } else if (parameter.default_value) {
      bind_parameter(callee, parameter, default_in(callee, parameter));
    } else {
      refuse(range, fmt::format("{}() lacks its argument {}: it takes {}", name,
                                quoted(parameter.name), parameters.size()));
    }
  }
}

// The default of a def within a def was worked out with it.
Value Interpreter::default_in(const Scope& callee, const Parameter& parameter) {
  if (callee.defaults == nullptr) return default_of(callee.module, callee.function, parameter);
  return current(callee.defaults->at(&parameter));
}

// A setting such as eps=1e-6 is a leaf here as it is in a circuit of its own.
void Interpreter::bind_parameter(Scope& callee, const Parameter& parameter, const Value& value) {
  Value bound = value;
  const bool is_setting = parameter.default_value && value.scalar() != nullptr &&
                          value.scalar()->type != NumberType::kBool &&
                          is_float(default_in(callee, parameter));
  if (is_setting) {
    const Var leaf = draft_.graph.leaf(Role::kConstant, {}, {}, value.scalar()->value);
    draft_.name(leaf.id(), callee.prefix + parameter.name);
    draft_.graph.place(leaf.id()).group = draft_.group();
    bound = {Array{leaf}};
  }
  Scope* const caller = std::exchange(scope_, &callee);
  set_name(parameter.name, bound);
  scope_ = caller;
}

void Interpreter::check_call(Range range, const Function& function, bool may_repeat) {
  if (!may_repeat && std::find(running_.begin(), running_.end(), &function) != running_.end()) {
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

// A def or a lambda, with the arguments in its own names.
Value Interpreter::call_function(Range range, const Callable& callable, CallArguments arguments) {
  const Function& function = *callable.function;
  check_call(range, function);
  if (function.error) throw *function.error;
  Scope callee{*callable.module, function};
  callee.env->own_names = &function.own_names;
  callee.env->outer = callable.outer;
  callee.defaults = callable.defaults.get();
  const std::string& target = scope_->target;
  callee.prefix = scope_->prefix + (target == "out" ? function.name : target) + "_";
  if (callable.module != &scope_->module || scope_->line != 0) {
    callee.line = scope_->line != 0 ? scope_->line : source().line(range.begin);
  }
  const std::size_t groups = draft_.open_groups();
  draft_.open_group(function.name);
  try {
    draft_.group();
  } catch (const Error& error) {
    refuse(range, error.what());
  }
  Value result = call_in(callee, range, std::move(arguments));
  draft_.close_groups(groups);
  return result;
}

// Runs a function in the scope that is made for it.
Value Interpreter::call_in(Scope& callee, Range range, CallArguments arguments) {
  bind_parameters(callee, range, std::move(arguments));
  Scope* const caller = scope_;
  try {
    Value result = run_body(callee);
    if (callee.function.is_held) result = held(std::move(result));
    return result;
  } catch (const ReadError& error) {
    scope_ = caller;
    throw error.with_line(
        fmt::format("called from {}:{}", source().name(), source().line(range.begin)));
  }
}

}  // namespace backstep::read
