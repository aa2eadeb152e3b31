// Follows the bases of classes through the file.
#include "engine/read/class_order.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace backstep::read {
namespace {

constexpr std::size_t kMostClasses = 100;

// Bases that give their classes nothing that is read.
bool is_bare(std::string_view path) {
  constexpr std::array<std::string_view, 5> kBare = {"object", "ABC", "abc.ABC", "Generic",
                                                     "Protocol"};
  return std::find(kBare.begin(), kBare.end(), path) != kBare.end();
}

bool is_torch(std::string_view path) {
  constexpr std::array<std::string_view, 3> kModules = {"nn.Module", "torch.nn.Module", "Module"};
  return std::find(kModules.begin(), kModules.end(), path) != kModules.end();
}

// "nn.Module", as it is written; "" for what is no name.
std::string path_of(const Expression& base) {
  if (const auto* name = std::get_if<Name>(&base.kind)) return name->id;
  const auto* attribute = std::get_if<Attribute>(&base.kind);
  const std::string before = attribute == nullptr ? std::string() : path_of(*attribute->base);
  return before.empty() ? before : before + "." + attribute->name;
}

void add(const Type& type, ClassOrder& order) {
  const Source& source = *type.module->source;
  const bool is_there = std::any_of(order.types.begin(), order.types.end(),
                                    [&](const Type& known) { return known.of == type.of; });
  if (is_there || order.types.size() >= kMostClasses) {
    throw ReadError(
        source, type.of->byte,
        fmt::format("{} stands above one class twice, which is not read", quoted(type.of->name)),
        "each class above another once");
  }
  order.types.push_back(type);
  if (type.of->error) throw *type.of->error;
  for (const Expression& base : type.of->bases) {
    const std::string path = path_of(base);
    const ModuleName* bound = type.module->name(path);
    const bool is_class = bound != nullptr && bound->binding.what == Binds::kClass;
    const Class* above = is_class && bound->is_certain ? type.module->find_class(path) : nullptr;
    if (above != nullptr && above->byte >= type.of->byte) {
      throw ReadError(source, base.range.begin,
                      fmt::format("{} is made below this line", quoted(path)),
                      "that class above this one");
    }
    if (above != nullptr) {
      add({above, type.module}, order);
    } else if (!is_bare(path)) {
      order.elsewhere = path.empty() ? "a class that is worked out" : path;
    }
  }
}

}  // namespace

ClassOrder order_of(const Type& type) {
  ClassOrder order;
  add(type, order);
  return order;
}

BoundMethod find_method(const Type& type, const std::string& name) {
  for (const Type& one : order_of(type).types) {
    if (const Method* method = one.of->find(name)) {
      return {nullptr, one, &method->function, method->kind == MethodKind::kClass};
    }
  }
  return {nullptr, type, nullptr, false};
}

bool is_torch_module(const Type& type) { return is_torch(order_of(type).elsewhere); }

bool is_property_of(const Type& type, const std::string& key) {
  for (const Type& one : order_of(type).types) {
    for (auto at = one.of->methods.rbegin(); at != one.of->methods.rend(); ++at) {
      if (mangled(*one.of, at->function.name) == key) return at->kind == MethodKind::kProperty;
    }
  }
  return false;
}

std::string mangled(const Class& owner, const std::string& name) {
  if (!name.starts_with("__") || name.ends_with("__")) return name;
  const std::size_t first = owner.name.find_first_not_of('_');
  return first == std::string::npos ? name : "_" + owner.name.substr(first) + name;
}

}  // namespace backstep::read
