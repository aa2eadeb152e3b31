// Objects: what their classes give them, what their methods do with them.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "engine/read/class_order.h"
#include "engine/read/interpreter.h"
#include "engine/read/nearest.h"

namespace backstep::read {
namespace {

// As often as this methods may be called in one reading, and objects made.
constexpr std::size_t kMostMethodCalls = 100'000;

}  // namespace

// self.__x is self._Class__x within the lines of a class.
std::string Interpreter::field_key(const std::string& written) const {
  return scope_->owner == nullptr ? written : mangled(*scope_->owner, written);
}

// ---- attributes ------------------------------------------------------------------------------

// What a class or a class above it has under this name: for an object, a method is bound to it.
std::optional<Value> Interpreter::in_class(const Type& type, const std::string& key,
                                           const std::shared_ptr<Instance>& self) {
  for (const Type& one : order_of(type).types) {
    for (auto at = one.of->methods.rbegin(); at != one.of->methods.rend(); ++at) {
      if (mangled(*one.of, at->function.name) != key) continue;
      const bool is_bound = at->kind == MethodKind::kPlain || at->kind == MethodKind::kProperty;
      return Value{BoundMethod{is_bound ? self : nullptr, one, &at->function,
                               at->kind == MethodKind::kClass}};
    }
    const std::map<std::string, Value>& fields = fields_of(one);
    const auto field = fields.find(key);
    if (field != fields.end()) return current(field->second);
    const std::optional<ReadError>& unread = classes_[one.of]->unread;
    if (unread && !key.starts_with("__")) throw *unread;
  }
  return std::nullopt;
}

Value Interpreter::attribute_of_object(Range range, const Operand& base,
                                       const std::string& written) {
  const std::shared_ptr<Instance>& instance = base.value.object()->instance;
  const std::string key = field_key(written);
  const bool is_property = is_property_of(instance->type, key);
  const auto field = instance->fields.find(key);
  if (field != instance->fields.end() && !is_property) {
    // What a list holds is looked up where it is asked for.
    if (field->second.tuple() != nullptr) return field->second;
    const std::size_t nodes = draft_.graph.size();
    Value value = current(field->second);
    // A view of an array that has changed.
    if (draft_.graph.size() > nodes) name_node(value, written);
    return value;
  }
  std::optional<Value> found = in_class(instance->type, key, instance);
  if (!found) refuse_attribute(range, base, instance->type, written);
  if (!is_property) return std::move(*found);
  return call_bound(range, *found->method(), {});
}

Value Interpreter::attribute_of_type(Range range, const Operand& base, const std::string& written) {
  const Type& type = *base.value.type();
  if (written == "__name__") return {Word{type.of->name}};
  std::optional<Value> found = in_class(type, field_key(written), nullptr);
  if (!found) refuse_attribute(range, base, type, written);
  return std::move(*found);
}

void Interpreter::refuse_attribute(Range range, const Operand& base, const Type& type,
                                   const std::string& written) {
  const ClassOrder order = order_of(type);
  if (!order.elsewhere.empty()) {
    refuse(range,
           fmt::format("{} has no .{} in this file, and {}, from which its class {} is made, is "
                       "not read",
                       described(base), shortened(written), quoted(order.elsewhere),
                       quoted(type.of->name)),
           fmt::format("class {} in this file, above this one", shortened(order.elsewhere)));
  }
  std::vector<std::string> known;
  if (const Object* object = base.value.object()) {
    for (const auto& [name, value] : object->instance->fields) known.push_back(name);
  }
  for (const Type& one : order.types) {
    for (const Method& method : one.of->methods) known.push_back(method.function.name);
  }
  refuse(range,
         fmt::format("{} has no .{} here: neither a line of {} that has run nor its class sets it",
                     described(base), shortened(written), quoted(type.of->name)),
         nearest(written, known));
}

// What the lines of a class set, in their order.
std::map<std::string, Value>& Interpreter::fields_of(const Type& type) {
  std::unique_ptr<ClassState>& state = classes_[type.of];
  if (state != nullptr) return state->fields;
  state = std::make_unique<ClassState>();
  state->body.name = type.of->name;
  state->body.byte = type.of->byte;
  Scope scope{*type.module, state->body};
  scope.is_top_level = true;
  scope.owner = type.of;
  Scope* const caller = std::exchange(scope_, &scope);
  const std::optional<Watch> watch = std::exchange(watch_, std::nullopt);
  state->unread = type.of->unread;
  const std::size_t depth = running_.size();
  for (const Statement& statement : type.of->attributes) {
    try {
      run_statement(statement);
    } catch (const ReadError& error) {
      if (!state->unread) state->unread = error;
      scope_ = &scope;
      running_.resize(depth);
    }
  }
  watch_ = watch;
  scope_ = caller;
  state->fields = std::move(scope.env->names);
  return state->fields;
}

void Interpreter::set_field(const Attribute& target, const Value& value) {
  const Operand base = operand(*target.base);
  const std::string key = field_key(target.name);
  if (const Type* type = base.value.type()) {
    fields_of(*type)[key] = as_object(value);
    return;
  }
  const Object* object = base.value.object();
  if (object == nullptr) {
    refuse(target.base->range,
           fmt::format("{} is no object of a class of this file: setting a field of it is not "
                       "read",
                       described(base)),
           "a name of its own, and return it with the result");
  }
  if (is_property_of(object->instance->type, key)) {
    refuse(target.base->range,
           fmt::format("{} is a property, and setting it is not read", quoted(target.name)),
           "a field of another name");
  }
  check_nesting(target.base->range, value, object->instance.get());
  if (const Object* held = value.object(); held != nullptr && held->instance->label.empty()) {
    held->instance->label = target.name;
  }
  object->instance->fields[key] = as_object(value);
}

// ---- calls -----------------------------------------------------------------------------------

// A class makes an object, an object is called by its __call__; nothing for other values.
std::optional<Value> Interpreter::call_object(Range range, const Operand& callee,
                                              CallArguments& arguments) {
  if (const Type* type = callee.value.type()) return call_type(range, *type, std::move(arguments));
  if (const BoundMethod* method = callee.value.method()) {
    return call_bound(range, *method, std::move(arguments));
  }
  const Object* object = callee.value.object();
  if (object == nullptr) return std::nullopt;
  const Type& type = object->instance->type;
  for (const char* const name : {"__call__", "forward"}) {
    const std::optional<Value> method = in_class(type, name, object->instance);
    const bool is_it = name == std::string_view("__call__") || is_torch_module(type);
    if (!method || method->method() == nullptr || !is_it) continue;
    return call_bound(range, *method->method(), std::move(arguments));
  }
  refuse(range,
         fmt::format("{} cannot be called: its class {} has no __call__", described(callee),
                     quoted(type.of->name)),
         fmt::format("{}.forward(...)", shortened(callee.text())));
}

Value Interpreter::call_type(Range range, const Type& type, CallArguments arguments) {
  if (type.of->error) throw *type.of->error;
  const ClassOrder order = order_of(type);
  const Object object{std::make_shared<Instance>(Instance{type, {}, {}})};
  const std::optional<Value> made = in_class(type, "__init__", object.instance);
  if (in_class(type, "__new__", object.instance)) {
    refuse(range, fmt::format("{} has a __new__, which is not read", quoted(type.of->name)));
  }
  if (made && made->method() != nullptr) {
    call_bound(range, *made->method(), std::move(arguments));
    return {object};
  }
  if (!order.elsewhere.empty() && !is_torch_module(type)) {
    refuse(range,
           fmt::format("{} is made from {}, which is not read: what its __init__ does is not known",
                       quoted(type.of->name), quoted(order.elsewhere)),
           fmt::format("class {} in this file, above this one", shortened(order.elsewhere)));
  }
  if (!arguments.positional.empty() || !arguments.keywords.empty()) {
    refuse(range,
           fmt::format("{}() takes no arguments: it has no __init__", shortened(type.of->name)));
  }
  return {object};
}

// Of the object itself, its lines are as those of the method that calls it; of another object they
// are a group.
Value Interpreter::call_bound(Range range, const BoundMethod& method, CallArguments arguments) {
  const Function& function = *method.function;
  check_call(range, function, true);
  if (++method_calls_ > kMostMethodCalls) {
    refuse(range, fmt::format("more than {} calls of methods are not read", kMostMethodCalls),
           "fewer layers, or fewer steps");
  }
  if (function.error) throw *function.error;
  Scope callee{*method.type.module, function};
  callee.env->own_names = &function.own_names;
  callee.owner = method.type.of;
  callee.prefix = scope_->prefix;
  const std::string& label = method.self != nullptr ? method.self->label : std::string();
  const bool is_own = !running_selves_.empty() && method.self != nullptr &&
                      running_selves_.back() == method.self.get();
  const std::size_t groups = draft_.open_groups();
  if (!is_own) {
    const std::string& target = scope_->target;
    callee.prefix += (!label.empty() ? label : target == "out" ? function.name : target) + "_";
    draft_.open_group(!label.empty() ? label : method.type.of->name);
    try {
      draft_.group();
    } catch (const Error& error) {
      refuse(range, error.what());
    }
  }
  if (method.type.module != &scope_->module || scope_->line != 0) {
    callee.line = scope_->line != 0 ? scope_->line : source().line(range.begin);
  }
  const auto bind_first = [&](Value first) {
    arguments.positional.insert(arguments.positional.begin(), {std::move(first), &source(), range});
  };
  if (method.self != nullptr) bind_first({Object{method.self}});
  if (method.takes_class) bind_first({method.type});
  running_selves_.push_back(method.self.get());
  if (is_own) ++own_calls_[&function];
  Value result = call_in(callee, range, std::move(arguments));
  running_selves_.pop_back();
  draft_.close_groups(groups);
  return result;
}

// super().method(...), super(Class, self).method(...).
std::optional<Value> Interpreter::call_super(Range range, const Call& call) {
  const auto* attribute = std::get_if<Attribute>(&call.function->kind);
  const auto* inner = std::get_if<Call>(&attribute->base->kind);
  const auto* name = inner == nullptr ? nullptr : std::get_if<Name>(&inner->function->kind);
  if (name == nullptr || name->id != "super" || value_of("super") != nullptr) {
    return std::nullopt;
  }
  const std::vector<Parameter>& parameters = scope_->function.parameters;
  const Value* self = parameters.empty() ? nullptr : value_of(parameters.front().name);
  const Object* object = self == nullptr ? nullptr : self->object();
  if (scope_->owner == nullptr || object == nullptr) {
    refuse(range, "super() stands in a method of a class alone");
  }
  const ClassOrder order = order_of(object->instance->type);
  bool is_behind = false;
  for (const Type& type : order.types) {
    if (is_behind) {
      for (auto at = type.of->methods.rbegin(); at != type.of->methods.rend(); ++at) {
        if (at->function.name != attribute->name) continue;
        return call_bound(range, {object->instance, type, &at->function, false},
                          arguments_of(call));
      }
    }
    is_behind = is_behind || type.of == scope_->owner;
  }
  const bool is_nothing = attribute->name == "__init__" &&
                          (order.elsewhere.empty() || is_torch_module(object->instance->type));
  if (is_nothing) return Value{};
  refuse(range, fmt::format("no class above {} has {}() in this file{}",
                            quoted(scope_->owner->name), shortened(attribute->name),
                            order.elsewhere.empty()
                                ? std::string()
                                : fmt::format(", and {} is not read", quoted(order.elsewhere))));
}

// ---- from outside ----------------------------------------------------------------------------

// A class as a circuit.
Value Interpreter::run_object(const Module& module, const Function& circuit,
                              std::map<std::string, Value> arguments) {
  const ObjectCall& call = *circuit.object;
  const Type type{module.find_class(call.type), &module};
  const ModuleName* bound = module.name(call.type);
  if (bound == nullptr || !bound->is_certain || bound->binding.what != Binds::kClass) {
    throw ReadError(*module.source, type.of->byte,
                    fmt::format("{} is bound anew in this file: this class is not what it is when "
                                "the file has run",
                                quoted(call.type)),
                    "another name for one of them");
  }
  std::map<std::string, Value> of_method, of_initialiser;
  for (std::size_t i = 0; i < circuit.parameters.size(); ++i) {
    const auto argument = arguments.find(circuit.parameters[i].name);
    if (argument == arguments.end()) continue;
    auto& of = i < call.of_method ? of_method : of_initialiser;
    of.emplace(call.names[i], std::move(argument->second));
  }
  object_ = make_object(type, std::move(of_initialiser));
  if (adopt_) adopt_fields(*object_.object()->instance);
  return run_method(object_, call.method, std::move(of_method));
}

Value Interpreter::make_object(const Type& type, std::map<std::string, Value> arguments) {
  if (type.of->error) throw *type.of->error;
  const Value object{Object{std::make_shared<Instance>(Instance{type, {}, {}})}};
  if (find_method(type, "__init__").function == nullptr) {
    const std::string elsewhere = order_of(type).elsewhere;
    if (elsewhere.empty() || is_torch_module(type)) return object;
    throw ReadError(*type.module->source, type.of->byte,
                    fmt::format("{} is made from {}, which is not read: what its __init__ does is "
                                "not known",
                                quoted(type.of->name), quoted(elsewhere)),
                    fmt::format("class {} in this file, above this one", shortened(elsewhere)));
  }
  run_method(object, "__init__", std::move(arguments));
  return object;
}

Value Interpreter::run_method(const Value& object, const std::string& method,
                              std::map<std::string, Value> arguments) {
  const std::shared_ptr<Instance>& self = object.object()->instance;
  const BoundMethod found = find_method(self->type, method);
  if (found.function->error) throw *found.function->error;
  Scope scope{*found.type.module, *found.function};
  scope.owner = found.type.of;
  scope.env->own_names = &found.function->own_names;
  Scope* const caller = std::exchange(scope_, &scope);
  const std::vector<Parameter>& parameters = found.function->parameters;
  if (!parameters.empty()) scope.env->names.emplace(parameters.front().name, object);
  for (auto& [name, value] : arguments) {
    if (const Array* array = value.array()) sizes_.emplace_back(name, array->shape());
    set_name(name, given(std::move(value)));
  }
  running_selves_.push_back(self.get());
  own_calls_.clear();
  Value result = current(run_body(scope));
  running_selves_.pop_back();
  scope_ = caller;
  return result;
}

}  // namespace backstep::read
