// The list of all primitives, which the families of engine/primitives/ fill as the program starts.
#include "engine/primitive.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <utility>

namespace backstep {
namespace {

// A deque, so that the references that declare() gave stay good as it grows.
std::deque<Primitive>& registry() {
  static std::deque<Primitive> primitives;
  return primitives;
}

}  // namespace

const Primitive& declare(Primitive primitive) {
  if (primitive_named(primitive.name) != nullptr) std::abort();
  return registry().emplace_back(std::move(primitive));
}

std::vector<const Primitive*> all_primitives() {
  std::vector<const Primitive*> all;
  for (const Primitive& primitive : registry()) all.push_back(&primitive);
  std::sort(all.begin(), all.end(),
            [](const Primitive* a, const Primitive* b) { return a->name < b->name; });
  return all;
}

const Primitive* primitive_named(std::string_view name) {
  for (const Primitive& primitive : registry()) {
    if (primitive.name == name) return &primitive;
  }
  return nullptr;
}

}  // namespace backstep
