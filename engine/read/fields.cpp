// The arrays that an object has from its `__init__`, as leaves of the circuit.
#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <deque>
#include <set>
#include <string_view>
#include <utility>

#include "engine/read/interpreter.h"
#include "engine/read/parameters.h"
#include "engine/text.h"

namespace backstep::read {
namespace {

struct Found {
  std::string name;
  std::shared_ptr<Memory> memory;
  Array array;
  bool is_listed = false;  // in a list or dictionary of parameters
};

bool is_letter(char c) { return c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0; }

// Whether the text has a name that ends so, as self.dLdW ends with dW.
bool has_name_with_end(std::string_view text, const std::string& end) {
  for (std::size_t at = text.find(end); at != text.npos; at = text.find(end, at + 1)) {
    const std::size_t behind = at + end.size();
    if (behind == text.size() || !is_letter(text[behind])) return true;
  }
  return false;
}

// The lines of a class, up to the next one.
std::string_view lines_of(const Type& type) {
  const std::string_view text = type.module->source->text();
  std::size_t end = text.size();
  for (const Class& other : type.module->classes) {
    if (other.byte > type.of->byte) end = std::min<std::size_t>(end, other.byte);
  }
  return text.substr(type.of->byte, end - type.of->byte);
}

// The arrays of an object, those with shorter ways to them first; each once.
class Collector {
 public:
  std::vector<Found> collect(const Instance& object) {
    add_fields(object, {});
    while (!open_.empty()) {
      const Open next = std::move(open_.front());
      open_.pop_front();
      visit(next);
    }
    return std::move(found_);
  }

 private:
  struct Open {
    Value value;
    std::string name;
    std::string inside;  // what the names of its parts begin with
    bool is_listed = false;
  };

  void add_fields(const Instance& object, const std::string& prefix) {
    for (const auto& [name, value] : object.fields) {
      const bool is_list = name.find("param") != std::string::npos || name == "weights";
      open_.push_back({value, prefix + name, prefix, is_list});
    }
  }

  void visit(const Open& open) {
    if (const Array* array = open.value.array()) {
      add(open, *array);
    } else if (const Tuple* tuple = open.value.tuple()) {
      std::size_t number = 0;
      for (const Value& item : *tuple->items) {
        const std::string name = open.name + "_" + std::to_string(number++);
        open_.push_back({item, name, open.inside, open.is_listed});
      }
    } else if (const Dictionary* dictionary = open.value.dictionary()) {
      if (!seen_.insert(dictionary->items.get()).second) return;
      for (const auto& [key, item] : *dictionary->items) {
        open_.push_back({item, open.inside + key.text, open.inside, open.is_listed});
      }
    } else if (const Object* object = open.value.object()) {
      if (seen_.insert(object->instance.get()).second) {
        add_fields(*object->instance, open.name + "_");
      }
    }
  }

  void add(const Open& open, const Array& array) {
    const std::shared_ptr<Memory>& memory = array.memory;
    if (memory == nullptr || memory->is_number || array.type != NumberType::kFloat) return;
    if (memory->var.shape().ndim() == 0 || !seen_.insert(memory.get()).second) return;
    found_.push_back({open.name, memory, array, open.is_listed});
  }

  std::deque<Open> open_;
  std::set<const void*> seen_;
  std::vector<Found> found_;
};

}  // namespace

// A weight that hangs on settings alone, as on weight_init_std=0.01, is known once those are.
void Interpreter::want_settings(const Type& type, Var var) const {
  const std::vector<NodeId> leaves = draft_.unknown_leaves(var.id());
  const bool are_settings =
      !leaves.empty() && std::all_of(leaves.begin(), leaves.end(), [&](NodeId leaf) {
        const Node& node = draft_.graph.node(leaf);
        return node.role == Role::kConstant && node.shape.ndim() == 0;
      });
  if (!are_settings) return;
  throw ReadError(
      *type.module->source, type.of->byte,
      fmt::format("{} makes an array of settings that are not known", quoted(type.of->name)))
      .wanting(var.id());
}

void Interpreter::adopt_fields(const Instance& object) {
  const std::vector<Found> found = Collector().collect(object);
  std::set<const Memory*> wholes;
  for (const Found& one : found) wholes.insert(one.memory.get());
  const std::string_view text = lines_of(object.type);
  std::set<std::string> names;
  for (const Found& one : found) {
    Memory& memory = *one.memory;
    memory.refresh();
    // What a view of another field shows is that field's.
    const bool is_view = memory.base != nullptr && wholes.count(memory.base.get()) > 0;
    want_settings(object.type, memory.var);
    if (is_view || memory.has_other_views() || !draft_.is_known(memory.var.id())) continue;
    std::string name = identifier(one.name);
    if (name.empty() || !names.insert(name).second) continue;
    const std::string last = name.substr(name.rfind('_') + 1);
    const bool is_parameter = one.is_listed || names_a_parameter(name) || names_a_parameter(last) ||
                              has_name_with_end(text, "d" + last);
    Field field{std::move(name), *draft_.numbers_of(memory.var.id()), is_parameter};
    const std::optional<Var> leaf = adopt_(field);
    if (!leaf) continue;
    memory.base = nullptr;
    memory.places = nullptr;
    memory.set(*leaf, 0);
  }
}

}  // namespace backstep::read
