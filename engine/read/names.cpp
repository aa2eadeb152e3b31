// What a name means at its place: a value, an import, a def, or nothing yet.
#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "engine/read/imported_names.h"
#include "engine/read/interpreter.h"
#include "engine/read/nearest.h"
#include "engine/read/python_builtins.h"

namespace backstep::read {

// As Python finds a name: in the function that sets it somewhere, then in those around it.
Environment* Interpreter::holder_of(const std::string& name) const {
  for (Environment* names = scope_->env.get(); names != nullptr; names = names->outer) {
    const bool is_here = names->names.count(name) > 0 || names->imports.count(name) > 0 ||
                         (names->own_names != nullptr && names->own_names->count(name) > 0);
    if (is_here) return names;
  }
  return nullptr;
}

const Value* Interpreter::value_of(const std::string& name) const {
  const Environment* holder = holder_of(name);
  if (holder == nullptr) return nullptr;
  const auto found = holder->names.find(name);
  return found == holder->names.end() ? nullptr : &found->second;
}

// Set somewhere in this function, and so by Python's rule not what the file calls so.
bool Interpreter::is_own_name(const std::string& name) const { return holder_of(name) != nullptr; }

// "numpy" of np, "math.pi" of pi; "" for a name that is not imported.
std::string Interpreter::imported_path(const std::string& name) const {
  if (const Environment* holder = holder_of(name)) {
    const auto here = holder->imports.find(name);
    return here == holder->imports.end() ? std::string() : here->second;
  }
  if (const ModuleName* bound = scope_->module.name(name)) {
    const bool is_import = bound->is_certain && bound->binding.what == Binds::kImport;
    return is_import ? bound->binding.path : std::string();
  }
  // Code is often pasted without its imports.
  if (name == "np") return "numpy";
  if (name == "torch") return "torch";
  return name == "F" ? "torch.nn.functional" : std::string();
}

// "numpy.sum" of np.sum; "" for what is no part of an import.
std::string Interpreter::path_of(const Expression& expression) const {
  if (const auto* name = std::get_if<Name>(&expression.kind)) return imported_path(name->id);
  const auto* attribute = std::get_if<Attribute>(&expression.kind);
  if (attribute == nullptr) return {};
  const std::string base = path_of(*attribute->base);
  return base.empty() ? base : base + "." + attribute->name;
}

// "sum" of np.sum, "linalg.norm" of np.linalg.norm; "" for what is no part of NumPy.
std::string Interpreter::numpy_path(const Expression& expression) const {
  return name_in_numpy(path_of(expression));
}

// The class of this file that a name stands for; null for another name.
const Class* Interpreter::class_named(const std::string& name) const {
  if (is_own_name(name)) return nullptr;
  const ModuleName* bound = scope_->module.name(name);
  const bool is_class =
      bound != nullptr && bound->is_certain && bound->binding.what == Binds::kClass;
  return is_class ? scope_->module.find_class(name) : nullptr;
}

// Refuses a name that has no value yet, and one that the file binds to something that is not read.
void Interpreter::check_bound(Range range, const std::string& name) {
  if (const Environment* holder = holder_of(name)) {
    const bool is_written = holder->own_names != nullptr && holder->own_names->count(name) > 0;
    if (!is_written) refuse_name(range, name);
    refuse(range,
           fmt::format("{} has no value yet: line {} sets it", quoted(name),
                       source().line(holder->own_names->at(name))),
           "that line above this one");
  }
  const ModuleName* bound = scope_->module.name(name);
  // Files that are read, and do not have the name, do not bring it.
  const std::function<bool(const Module&, int)> lacks = [&](const Module& module, int depth) {
    return depth < 20 &&
           std::all_of(module.stars.begin(), module.stars.end(), [&](const std::string& star) {
             const Module* other = library_.find_beside(*module.source, star);
             return other != nullptr && other->name(name) == nullptr && lacks(*other, depth + 1);
           });
  };
  const bool is_star =
      bound == nullptr && scope_->module.name("*") != nullptr && !lacks(scope_->module, 0);
  if (is_star) bound = scope_->module.name("*");
  if (bound == nullptr) return;
  const std::size_t line = source().line(bound->binding.byte);
  if (is_star) {
    refuse(range,
           fmt::format("{} may be one of the names that line {} imports from {}", quoted(name),
                       line, shortened(bound->binding.path)),
           fmt::format("from {} import {}, or no import of every name",
                       shortened(bound->binding.path), shortened(name)));
  }
  const bool is_function = bound->binding.what == Binds::kFunction;
  if (is_function && bound->is_certain) return;
  if (bound->binding.what == Binds::kNothing) {
    refuse(range, fmt::format("{} is deleted in line {}", quoted(name), line));
  }
  if (!bound->is_certain) {
    refuse(range,
           fmt::format("what {} is hangs on line {}, which may run or not", quoted(name), line),
           "one def or import at the top level of the file");
  }
  refuse(range,
         fmt::format("{} is set in line {}, at the top level of the file: of that, only defs and "
                     "imports are read",
                     quoted(name), line),
         "a parameter of the function, or a def");
}

void Interpreter::refuse_import(Range range, const std::string& path) {
  if (path.find('.') == std::string::npos) {
    refuse(range,
           fmt::format("{} is a module, and stands here without a name of it", quoted(path)));
  }
  refuse(range,
         fmt::format("{} is not read: of what is imported, NumPy, some of Python's math and the "
                     "built-in circuits are",
                     quoted(path)),
         "a def in this file");
}

void Interpreter::refuse_name(Range range, const std::string& name) {
  if (library_.find(name).function != nullptr) {
    refuse(range,
           fmt::format("{} is a function, and stands here without its (arguments)", quoted(name)),
           fmt::format("{}(x)", shortened(name)));
  }
  std::vector<std::string> known;
  for (const Environment* names = scope_->env.get(); names != nullptr; names = names->outer) {
    for (const auto& [other, value] : names->names) known.push_back(other);
  }
  refuse(range,
         fmt::format("there is no value {} here: a parameter or a line above is to set it",
                     quoted(name)),
         nearest(name, known));
}

void Interpreter::refuse_function(Range range, const std::string& name) {
  std::vector<std::string> known = builtin_names();
  for (const Function& function : scope_->module.functions) known.push_back(function.name);
  std::string instead = nearest(name, known);
  if (is_numpy_function(name)) instead = "np." + name;
  refuse(
      range,
      fmt::format("there is no function {}: neither in this file nor among the built-in circuits",
                  quoted(name)),
      instead);
}

}  // namespace backstep::read
