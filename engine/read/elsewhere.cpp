// Names that a file imports from another file beside it.
#include <fmt/core.h>

#include "engine/read/imported_names.h"
#include "engine/read/interpreter.h"

namespace backstep::read {
namespace {

constexpr int kMostImports = 20;

}  // namespace

// As the file has it: a def, a class, a number at its top level, or what it imports itself.
std::optional<Interpreter::Elsewhere> Interpreter::in_module(const Module& module,
                                                             const std::string& name, int depth) {
  if (depth > kMostImports) return std::nullopt;
  if (const ModuleName* bound = module.name(name)) {
    if (!bound->is_certain) return std::nullopt;
    switch (bound->binding.what) {
      case Binds::kFunction:
        return Elsewhere{.module = &module, .function = module.find(name)};
      case Binds::kClass:
        return Elsewhere{.module = &module, .of = module.find_class(name)};
      case Binds::kImport:
        return at_path(module, bound->binding.path, depth + 1);
      default:
        break;
    }
    const auto constant = module.constants.find(name);
    if (constant == module.constants.end() || bound->times > 1) return std::nullopt;
    return Elsewhere{.module = &module, .constant = &constant->second};
  }
  for (auto star = module.stars.rbegin(); star != module.stars.rend(); ++star) {
    const Module* other = library_.find_beside(*module.source, *star);
    // A file that is not there may bring the name, too.
    if (other == nullptr) return std::nullopt;
    if (auto found = in_module(*other, name, depth + 1)) return found;
    if (other->name(name) != nullptr) return std::nullopt;
  }
  return std::nullopt;
}

// "common.functions.softmax", as `module` imports it.
std::optional<Interpreter::Elsewhere> Interpreter::at_path(const Module& module,
                                                           const std::string& path, int depth) {
  if (!name_in_numpy(path).empty()) return Elsewhere{.path = path};
  const std::size_t dot = path.rfind('.');
  if (dot == std::string::npos || dot == 0) return std::nullopt;
  const Module* other = library_.find_beside(*module.source, path.substr(0, dot));
  if (other == nullptr) return std::nullopt;
  return in_module(*other, path.substr(dot + 1), depth + 1);
}

// A name that one of the imports of every name brings.
std::optional<Interpreter::Elsewhere> Interpreter::by_star(const std::string& name) {
  const bool is_bound = is_own_name(name) || scope_->module.name(name) != nullptr;
  if (is_bound || scope_->module.stars.empty()) return std::nullopt;
  return in_module(scope_->module, name, 0);
}

Value Interpreter::value_elsewhere(Range range, const Elsewhere& found) {
  if (found.function != nullptr) {
    return {Callable{.module = found.module, .function = found.function}};
  }
  if (found.of != nullptr) return {Type{found.of, found.module}};
  if (found.constant == nullptr) {
    const std::string constant = name_in_numpy(found.path);
    if (is_numpy_function(constant)) return {Callable{.path = found.path}};
    return numpy_constant(site(range, shown_path(found.path)), constant);
  }
  const Function nothing;
  Scope scope{*found.module, nothing};
  scope.is_top_level = true;
  Scope* const caller = std::exchange(scope_, &scope);
  Value value = evaluate(*found.constant);
  scope_ = caller;
  return value;
}

Value Interpreter::call_elsewhere(const Expression& expression, const Call& call,
                                  const Elsewhere& found) {
  if (found.function != nullptr) {
    return call_def(expression, call, *found.module, *found.function);
  }
  if (found.of != nullptr) {
    return call_type(expression.range, {found.of, found.module}, arguments_of(call));
  }
  if (!found.path.empty()) return call_imported(expression, call, found.path);
  refuse(expression.range, "a number is called like a function here");
}

}  // namespace backstep::read
