// Where the words of PyTorch and of NumPy differ: which of the two a function speaks, and what its
// tensors share.
#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "engine/primitives/primitives.h"
#include "engine/read/interpreter.h"
#include "engine/read/operations.h"
#include "engine/read/torch_functions.h"
#include "engine/read/views.h"

namespace backstep::read {
namespace {

bool is_of(const std::string& path, std::string_view module) {
  return path == module || (path.starts_with(module) && path[module.size()] == '.');
}

// Methods that do another thing in each of the two.
bool differs(std::string_view method, const CallArguments& arguments) {
  if (method == "var" || method == "std") {
    return !std::any_of(arguments.keywords.begin(), arguments.keywords.end(),
                        [](const KeywordOperand& keyword) {
                          return keyword.name == "ddof" || keyword.name == "unbiased" ||
                                 keyword.name == "correction";
                        });
  }
  const bool is_extreme = method == "max" || method == "min";
  return (is_extreme && arguments.positional.size() > 1) || method == "repeat";
}

void note_float32(std::vector<std::string>& notes) {
  const std::string note =
      "PyTorch counts in float32 unless it is told otherwise; every number here is a float64";
  if (std::find(notes.begin(), notes.end(), note) == notes.end()) notes.push_back(note);
}

bool is_of_numpy(const CallArguments& arguments) {
  return std::any_of(arguments.keywords.begin(), arguments.keywords.end(),
                     [](const KeywordOperand& keyword) { return keyword.name == "ddof"; });
}

}  // namespace

// What the function itself asks for counts; where it asks for neither, what its file imports.
Interpreter::Dialect Interpreter::dialect() {
  if (scope_ == nullptr) return Dialect::kNumpy;
  const auto known = dialects_.find(&scope_->function);
  if (known != dialects_.end()) return known->second;
  bool torch = false;
  bool numpy = false;
  const auto see = [&](const std::string& path) {
    torch = torch || is_of(path, "torch");
    numpy = numpy || is_of(path, "numpy");
  };
  for (const std::string& name : scope_->function.mentioned) see(imported_path(name));
  if (!torch && !numpy) {
    for (const auto& [name, bound] : scope_->module.names) {
      if (bound.binding.what == Binds::kImport) see(bound.binding.path);
    }
  }
  const Dialect dialect = torch && numpy ? Dialect::kBoth
                          : torch        ? Dialect::kTorch
                          : numpy        ? Dialect::kNumpy
                                         : Dialect::kOpen;
  if (torch) note_float32(notes_);
  dialects_.emplace(&scope_->function, dialect);
  return dialect;
}

// A word of PyTorch alone tells of a function that imports nothing what its other words mean.
bool Interpreter::is_call_of_torch(const Expression& expression, const std::string& method,
                                   const CallArguments& arguments) {
  const Dialect speaks = dialect();
  if (speaks != Dialect::kOpen) return speaks != Dialect::kNumpy;
  if (!is_of_torch_alone(method) && !has_names_of_torch(arguments)) {
    if (differs(method, arguments)) speaks_numpy_.insert(&scope_->function);
    return false;
  }
  if (speaks_numpy_.count(&scope_->function) > 0) {
    refuse(expression.range,
           fmt::format(".{} is PyTorch's, and a line above was read as NumPy's", shortened(method)),
           "import torch, or import numpy as np, at the top of the file");
  }
  note_float32(notes_);
  dialects_[&scope_->function] = Dialect::kTorch;
  return true;
}

Value Interpreter::call_torch_method_of(const Expression& expression, const Attribute& method,
                                        const CallArguments& arguments) {
  const std::string& name = method.name;
  const CallSite here = site(expression.range, "." + shortened(name));
  const bool is_open = dialect() == Dialect::kBoth && !has_names_of_torch(arguments);
  if (is_open && differs(name, arguments)) {
    here.refuse(fmt::format("{} does one thing in NumPy and another in PyTorch, and this function "
                            "uses both",
                            here.name),
                name == "var" || name == "std" ? "ddof=0 of NumPy's, or unbiased=True of PyTorch's"
                                               : "np.max(x, axis=1), or .max(dim=1)");
  }
  const Value& of = arguments.positional.front().value;
  const bool is_known = is_torch_method(name);
  const bool is_in_place = name.size() > 1 && name.back() == '_' && !is_known;
  if (is_in_place) return call_torch_in_place(expression, method, arguments);
  if (is_of_numpy(arguments) || (!is_known && dialect() == Dialect::kBoth)) {
    return of_method(name, call_method(here, name, arguments), of);
  }
  Value result = call_torch_method(here, name, arguments);
  const Array* array = result.array();
  // The same tensor again, as of .float().
  const bool is_same = array != nullptr && of.array() != nullptr &&
                       array->var.id() == of.array()->var.id() && array->type == of.array()->type;
  const std::string_view shares = shares_like(name);
  if (is_same && !shares.empty()) return of;
  if (array == nullptr) return result;
  return shares.empty() ? as_new(std::move(result)) : of_method(shares, std::move(result), of);
}

Value Interpreter::call_of_torch(const Expression& expression, const Call& call,
                                 const std::string& path) {
  const std::string name = name_in_torch(path);
  const std::string last = name.substr(name.rfind('.') + 1);
  const CallSite here = site(expression.range, path);
  if (!is_torch_function(name)) return call_torch(here, name, {});
  const CallArguments arguments = arguments_of(call);
  Value result = call_torch(here, name, arguments);
  if (result.scalar() != nullptr && arguments.positional.size() > 0) {
    // torch.tensor(3.0), torch.exp(torch.tensor(0.0)): tensors without sides.
    const bool is_count = last == "numel";
    if (!is_count) result = {as_array(draft_, {result, &source(), expression.range})};
  }
  const std::string_view shares = shares_like(last);
  const bool is_view = !shares.empty() && !arguments.positional.empty() &&
                       arguments.positional.front().value.array() != nullptr;
  if (result.array() == nullptr) return result;
  result = is_view ? of_method(shares, std::move(result), arguments.positional.front().value)
                   : as_new(std::move(result));
  result.array()->memory->is_number = false;
  return result;
}

// x.add_(y), dC.index_add_(0, ix, d): what the method without the underscore gives goes into the
// tensor itself.
Value Interpreter::call_torch_in_place(const Expression& expression, const Attribute& method,
                                       const CallArguments& arguments) {
  const std::string name = method.name.substr(0, method.name.size() - 1);
  const CallSite here = site(expression.range, "." + shortened(method.name));
  const Operand& base = arguments.positional.front();
  const Array array = *base.value.array();
  Value after;
  if (name == "zero" || name == "fill") {
    const bool is_zero = name == "zero";
    if (arguments.positional.size() != (is_zero ? 1 : 2))
      here.refuse("other arguments are expected");
    CallArguments like{{base}, {}};
    if (!is_zero) like.positional.push_back(arguments.positional[1]);
    after = call_numpy(here, is_zero ? "zeros_like" : "full_like", like);
  } else {
    after = call_torch_method(here, name, arguments);
  }
  if (after.array() == nullptr) after = {as_array(draft_, {after, &source(), expression.range})};
  const std::string shown = first_name(*method.base);
  check_in_place(expression.range, shown, array, after);
  const Var now =
      after.array()->var.id() == array.var.id() ? copy(after.array()->var) : after.array()->var;
  write_whole(array.memory, now, after.array()->most);
  const bool has_name = std::holds_alternative<Name>(method.base->kind) ||
                        std::holds_alternative<Subscript>(method.base->kind);
  if (has_name) show_change(*method.base, base, expression.range, expression.range.begin);
  return current(base.value);
}

// .values and .indices of x.max(1), .data, .mT; None for what is none of these.
Value Interpreter::torch_attribute(const Expression& expression, const Attribute& attribute,
                                   const Operand& base) {
  const Tuple* tuple = base.value.tuple();
  if (tuple != nullptr && tuple->has_fields) {
    if (attribute.name == "values") return current((*tuple->items)[0]);
    if (attribute.name == "indices") return current((*tuple->items)[1]);
  }
  const bool is_tensor = base.value.array() != nullptr;
  if (is_tensor && attribute.name == "mT") {
    return call_torch_method_of(expression, attribute, {{base}, {}});
  }
  if (is_tensor && attribute.name == "data" &&
      (dialect() == Dialect::kTorch || dialect() == Dialect::kBoth)) {
    const CallSite here = site(expression.range, ".data");
    return of_method("broadcast_to", call_torch_method(here, "detach", {{base}, {}}), base.value);
  }
  if (is_tensor && attribute.name == "grad") {
    refuse(expression.range, "what PyTorch has worked out is not read: .grad has no value here",
           "the gradient by hand");
  }
  return {};
}

bool Interpreter::holds_constant(std::string_view path) {
  return path == "torch.no_grad" || path == "torch.inference_mode";
}

// What was made where PyTorch keeps nothing for a gradient.
Value Interpreter::held(Value value) {
  if (const Tuple* tuple = value.tuple()) {
    std::vector<Value> items;
    for (const Value& item : *tuple->items) items.push_back(held(current(item)));
    return read::tuple(std::move(items), tuple->is_list);
  }
  const Array* array = value.array();
  if (array == nullptr) return value;
  return as_new({Array{detach(array->var), array->type, array->most}});
}

// `with torch.no_grad():`: the values of its lines are constants behind it.
Outcome Interpreter::run_held(const With& with, std::size_t byte) {
  const auto begin = static_cast<NodeId>(draft_.graph.size());
  std::map<std::string, std::pair<const Memory*, NodeId>> before;
  for (const auto& [name, value] : scope_->env->names) {
    const Array* array = value.array();
    if (array != nullptr) before[name] = {array->memory.get(), array->memory->var.id()};
  }
  pass_over(byte, "with torch.no_grad()");
  Outcome outcome = run_block(with.block);
  std::set<const Memory*> done;
  for (auto& [name, value] : scope_->env->names) {
    const Array* array = value.array();
    if (array == nullptr || current(value).array()->var.id() < begin) continue;
    const auto known = before.find(name);
    if (known != before.end() && known->second.first == array->memory.get()) {
      const auto at = static_cast<std::uint32_t>(byte);
      refuse({at, at},
             fmt::format("{} is changed in place where PyTorch keeps nothing for a gradient",
                         quoted(name)),
             fmt::format("{0} = {0} + ..., which makes a new one", shortened(name)));
    }
    if (array->memory->base != nullptr) {
      value = held(current(value));
    } else if (done.insert(array->memory.get()).second) {
      array->memory->set(detach(array->memory->var), array->memory->most);
    }
    value = current(value);
    name_node(value, name);
  }
  if (outcome.kind == Outcome::Kind::kReturn) outcome.value = held(std::move(outcome.value));
  return outcome;
}

// PyTorch raises where NumPy takes True and False for numbers.
void Interpreter::check_masks_of_torch(Operator op, const Operand& a, const Operand& b) {
  if (op != Operator::kSubtract || dialect() != Dialect::kTorch) return;
  for (const Operand* operand : {&a, &b}) {
    const Array* array = operand->value.array();
    if (array == nullptr || !array->is_mask()) continue;
    operand->refuse("PyTorch takes no difference of True and False",
                    fmt::format("{}.float()", shortened(operand->text())));
  }
}

// x.retain_grad(), loss.backward(), torch.manual_seed(1)
bool Interpreter::is_setting_of_torch(const Expression& function) {
  const auto* attribute = std::get_if<Attribute>(&function.kind);
  return attribute != nullptr && is_torch_setting(attribute->name);
}

}  // namespace backstep::read
