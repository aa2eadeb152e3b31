// Chooses the functions of the file, gives their parameters the recorded values, and reads them.
#include "engine/check/student.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <set>

#include "engine/check/names.h"
#include "engine/primitives/primitives.h"
#include "engine/read/python_walk.h"
#include "engine/read/settings.h"
#include "engine/read/uses.h"

namespace backstep::check {
namespace {

using read::Expression;
using read::Function;
using read::name_of;
using read::Uses;
using read::uses_of;
using read::Value;

// ---- the functions of the file ----------------------------------------------------------------

bool contains_any(std::string_view name, std::initializer_list<std::string_view> parts) {
  const std::string plain = plain_name(name);
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return plain.find(part) != std::string::npos; });
}

const Function* choose_backward(const read::Module& module) {
  const Function* chosen = nullptr;
  for (const Function& function : module.functions) {
    if (contains_any(function.name, {"back", "bprop", "grad", "bwd", "vjp"})) chosen = &function;
  }
  return chosen != nullptr ? chosen : &module.functions.back();
}

// Of a file with one forward and one backward function, whatever their names are.
const Function* only_forward(const read::Module& module, const Function* backward) {
  const Function* chosen = nullptr;
  for (const Function& function : module.functions) {
    if (&function == backward) continue;
    if (contains_any(function.name, {"back", "bprop", "grad", "bwd", "vjp"})) return nullptr;
    if (!contains_any(function.name, {"forward", "fwd", "fprop"})) continue;
    if (chosen != nullptr) return nullptr;
    chosen = &function;
  }
  return chosen;
}

// ---- one reading ------------------------------------------------------------------------------

// An array in an object: a field, or an entry of a list or of a dictionary that is a field.
struct FieldValue {
  Value value;
  std::string name;                  // "dW", "grads[0]", "W1" of grads['W1']
  std::optional<std::size_t> place;  // in a list of gradients
  bool may_be_bare = false;          // in a dictionary of gradients

  NodeId node() const { return value.array()->var.id(); }
};

std::vector<FieldValue> values_in(const read::Instance& instance) {
  std::vector<FieldValue> values;
  const auto add = [&](FieldValue field) {
    field.value = read::current(field.value);
    if (field.value.array() != nullptr) values.push_back(std::move(field));
  };
  for (const auto& [name, value] : instance.fields) {
    const bool is_of_gradients = contains_any(name, {"grad"});
    add({value, name, std::nullopt, false});
    if (const read::Tuple* tuple = value.tuple(); tuple != nullptr && is_of_gradients) {
      for (std::size_t i = 0; i < tuple->items->size(); ++i) {
        add({(*tuple->items)[i], fmt::format("{}[{}]", name, i), i, false});
      }
    }
    if (const read::Dictionary* entries = value.dictionary()) {
      for (const auto& [key, item] : *entries->items) {
        add({item, key.text, std::nullopt, is_of_gradients});
      }
    }
  }
  return values;
}

class Reader {
 public:
  Reader(const Student& student, const Reference& reference, const Corrections& corrections,
         const std::set<NodeId>& indices)
      : student_(student), reference_(reference), corrections_(corrections), indices_(indices) {}

  // The values of ours that the text takes as an index, and that are whole numbers.
  std::set<NodeId> wanted_indices() const {
    std::set<NodeId> wanted;
    for (const auto& [ours, value] : leaf_of_) {
      if (draft_.wanted.count(value.array()->var.id()) == 0) continue;
      const ConstView numbers = reference_.value(ours);
      const bool is_whole = std::all_of(numbers.begin(), numbers.end(), [](double number) {
        return number == std::floor(number) && std::fabs(number) < 1e9;
      });
      if (is_whole && indices_.count(ours) == 0) wanted.insert(ours);
    }
    return wanted;
  }

  Reading read() {
    read::Interpreter interpreter(draft_, library_);
    interpreter.draw_from(reference_.run.drawn_from);
    interpreter.watch(
        {[this](const read::Binding& binding, const Value& value) { return bound(binding, value); },
         [this](const read::Binding& binding, const read::ReadError& error) {
           return failed(binding, error);
         }});
    std::optional<Value> cache;
    if (student_.forward != nullptr && student_.forward->error && !student_.is_pair) {
      not_run(student_.forward->error->what());
    } else if (student_.forward != nullptr && !is_loss()) {
      cache = run_forward(interpreter);
    }
    in_forward_ = false;
    std::map<std::string, Value> arguments;
    const std::size_t first = student_.is_object() ? 1 : 0;  // behind self
    for (std::size_t i = first; i < student_.backward->parameters.size(); ++i) {
      const read::Parameter& parameter = student_.backward->parameters[i];
      arguments[parameter.name] = is_loss()
                                      ? own_argument(interpreter, *student_.backward, parameter)
                                      : argument(interpreter, *student_.backward, parameter, cache);
    }
    const Value result =
        student_.is_object()
            ? run_backward(interpreter, std::move(arguments))
            : interpreter.run(*student_.module, *student_.backward, std::move(arguments));
    check_unchanged();
    for (const std::string& note : interpreter.assumed()) reading_.notes.push_back(note);
    expect_results(result);
    reading_.graph = std::move(draft_.graph);
    return std::move(reading_);
  }

 private:
  bool is_loss() const { return student_.is_pair && student_.forward == student_.backward; }

  // The cache of the student's own forward function: what it returns beside its output.
  std::optional<Value> run_forward(read::Interpreter& interpreter) {
    const Function& forward = *student_.forward;
    in_forward_ = true;
    std::map<std::string, Value> arguments;
    for (const read::Parameter& parameter : forward.parameters) {
      const Uses uses = uses_of(forward, parameter.name);
      const bool fits = student_.is_pair || parameter.default_value || uses.is_dictionary() ||
                        find(parameter.name) != kNoNode || is_setting(parameter.name);
      if (!fits) {
        return not_run(fmt::format("its parameter {} fits no value of {}",
                                   read::quoted(parameter.name), reference_.run.circuit));
      }
      arguments[parameter.name] = student_.is_pair
                                      ? own_argument(interpreter, forward, parameter)
                                      : argument(interpreter, forward, parameter, std::nullopt);
    }
    Value result;
    interpreter.adopt([this](const read::Field& field) { return own_field(field); });
    try {
      result = interpreter.run(*student_.module, forward, std::move(arguments));
    } catch (const read::ReadError& error) {
      if (student_.is_pair || !corrections_.empty() || !student_.set.empty()) throw;
      reading_.lines.clear();
      stored_.clear();
      return not_run(error.what());
    }
    const read::Tuple* results = result.tuple();
    if (results == nullptr || results->items->size() < 2) return std::nullopt;
    const Value& last = results->items->back();
    const bool is_more = last.tuple() != nullptr || last.dictionary() != nullptr;
    // `return out, x`: one array may be all that is kept.
    const bool is_bare = results->items->size() == 2 || student_.is_pair;
    return is_more || is_bare ? std::optional<Value>(last) : std::nullopt;
  }

  // The backward method, on the object as the forward one left it. What it sets there are results.
  Value run_backward(read::Interpreter& interpreter, std::map<std::string, Value> arguments) {
    const read::Object* object = interpreter.object().object();
    if (object == nullptr) {
      throw Error(fmt::format("{}() has no object to run on: {}",
                              read::shortened(student_.backward->name),
                              reading_.notes.empty() ? "" : reading_.notes.back()));
    }
    const read::Instance& instance = *object->instance;
    const std::vector<FieldValue> before = values_in(instance);
    Value result =
        interpreter.run_method(interpreter.object(), student_.backward->name, std::move(arguments));
    for (const FieldValue& now : values_in(instance)) {
      const bool is_same = std::any_of(before.begin(), before.end(), [&](const FieldValue& one) {
        return one.name == now.name && one.node() == now.node();
      });
      if (is_same) continue;
      const NodeId expected = gradient_in(instance, now);
      if (expected != kNoNode) fields_.push_back({now.value, now.name, expected});
    }
    return result;
  }

  // Which gradient a field is to be: by its name, or by its place beside the parameters.
  NodeId gradient_in(const read::Instance& instance, const FieldValue& field) const {
    const auto params = instance.fields.find("params");
    const read::Tuple* list = params == instance.fields.end() ? nullptr : params->second.tuple();
    if (field.place && list != nullptr && *field.place < list->items->size()) {
      const read::Array* array = (*list->items)[*field.place].array();
      const auto ours =
          array == nullptr ? reading_.leaves.end() : reading_.leaves.find(array->memory->var.id());
      return ours == reading_.leaves.end() ? kNoNode : reference_.gradient(ours->second);
    }
    return result_by_name(reference_, field.name, field.may_be_bare);
  }

  std::optional<Value> not_run(const std::string& why) {
    reading_.notes.push_back(
        fmt::format("{}() was not run: {}", read::shortened(student_.forward->name), why));
    return std::nullopt;
  }

  // Of a function that the circuit itself is.
  Value own_argument(read::Interpreter& interpreter, const Function& function,
                     const read::Parameter& parameter) {
    const read::Run& run = reference_.run;
    const auto known = run.known.find(parameter.name);
    if (known != run.known.end()) return with_entries(parameter.name, known->second);
    for (const NodeId leaf : run.parameters) {
      if (reference_.graph().name(leaf) == parameter.name) return leaf_of(leaf);
    }
    if (parameter.default_value)
      return interpreter.default_of(*student_.module, function, parameter);
    refuse_name(parameter.byte, parameter.name);
  }

  // An array that the object is made with, where the circuit has it as a leaf.
  std::optional<Var> own_field(const read::Field& field) {
    for (const NodeId leaf : reference_.run.parameters) {
      const Node& node = reference_.graph().node(leaf);
      if (node.name == field.name && node.shape == field.numbers.shape()) {
        return leaf_of(leaf).array()->var;
      }
    }
    return std::nullopt;
  }

  // A dictionary of its own for each reading, with the arrays that are leaves.
  Value with_entries(const std::string& name, const Value& value) {
    const read::Dictionary* of = value.dictionary();
    if (of == nullptr) return value;
    read::Dictionary own{of->name, std::make_shared<read::Entries>(*of->items), of->is_given};
    for (const auto& [entry, leaf] : reference_.run.entries) {
      if (entry.starts_with(name + ".")) {
        (*own.items)[entry.substr(name.size() + 1)] = leaf_of(leaf);
      }
    }
    return {std::move(own)};
  }

  static bool is_setting(const std::string& name) {
    return contains_any(name, {"param", "config", "mode"});
  }

  // The node of the forward pass that the student calls so.
  NodeId find(const std::string& name) const {
    const auto given = student_.names.find(name);
    if (given == student_.names.end()) return reference_.names.find_by_meaning(name);
    const NodeId found = reference_.graph().find(given->second);
    if (found == kNoNode) {
      throw Error(fmt::format("--name {}={}: {} has no value {}", read::shortened(name),
                              read::shortened(given->second), reference_.run.circuit,
                              read::quoted(given->second)));
    }
    return found;
  }

  Value leaf_of(NodeId ours) {
    const auto known = leaf_of_.find(ours);
    if (known != leaf_of_.end()) return known->second;
    const Shape shape = reference_.graph().node(ours).shape;
    const Var var = leaf_with(ours, shape);
    read::Array array{var};
    if (const auto type = reference_.run.types.find(ours); type != reference_.run.types.end()) {
      array.type = type->second;
      for (const double number : reference_.value(ours)) {
        array.most = std::max(array.most, std::fabs(number));
      }
    }
    if (indices_.count(ours) > 0) {
      const Tensor numbers(reference_.value(ours));
      array.type = read::NumberType::kInteger;
      for (const double number : numbers.data()) {
        array.most = std::max(array.most, std::fabs(number));
      }
      draft_.known.emplace(var.id(), numbers);
    }
    const Value value{array};
    leaf_of_.emplace(ours, value);
    return value;
  }

  Var leaf_with(NodeId ours, const Shape& shape) {
    const Var var = draft_.graph.leaf(Role::kConstant, shape, {}, reference_.value(ours)(0, 0));
    draft_.outside.insert(var.id());
    reading_.leaves[var.id()] = ours;
    return var;
  }

  Value argument(read::Interpreter& interpreter, const Function& function,
                 const read::Parameter& parameter, const std::optional<Value>& cache) {
    const std::string& name = parameter.name;
    const Uses uses = uses_of(function, name);
    const bool is_cache = contains_any(name, {"cache", "ctx", "saved", "context", "memo"});
    if (cache && (is_cache || uses.is_tuple() || uses.is_dictionary())) {
      const bool fits = uses.is_dictionary() == (cache->dictionary() != nullptr) &&
                        uses.is_tuple() == (cache->tuple() != nullptr);
      if (fits || is_cache) return *cache;
    }
    if (&function == student_.backward) {
      for (const UpstreamOf& one : student_.upstreams) {
        if (one.parameter == name) return seed_of(one.result);
      }
    }
    if (uses.is_tuple()) return tuple_of(function, uses);
    if (uses.is_dictionary() || (is_setting(name) && !parameter.default_value)) {
      return dictionary_of(name, uses);
    }
    if (const std::optional<Value> number = number_named(name)) return *number;
    if (student_.names.count(name) > 0) return leaf_of(find(name));
    const bool in_backward = &function == student_.backward;
    if (in_backward && is_seed(name)) return seed_of(0);
    if (const auto set = student_.set.find(name); set != student_.set.end()) {
      return setting(set->second);
    }
    const NodeId found = find(name);
    if (found != kNoNode) return leaf_of(found);
    if (const std::optional<Value> probabilities = softmax_of(name)) return *probabilities;
    if (parameter.default_value) {
      return interpreter.default_of(*student_.module, function, parameter);
    }
    const std::size_t first = student_.is_object() ? 1 : 0;  // behind self
    if (in_backward && &parameter == &function.parameters[first]) return seed_of(0);
    if (cache && in_backward && student_.is_pair) return *cache;
    if (const std::optional<Value> count = count_named(name)) return *count;
    if (!read::is_asked_for(function, name)) return {};  // a cache in which nothing is kept
    refuse_name(parameter.byte, name);
  }

  // The upstream gradient of that result.
  Value seed_of(std::size_t result) {
    reading_.takes_upstream = true;
    const std::vector<NodeId>& seeds = reference_.run.seeds;
    return leaf_of(result < seeds.size() ? seeds[result] : reference_.run.seed);
  }

  bool is_seed(const std::string& name) const {
    if (is_upstream_name(name)) return true;
    for (const std::string& of : gradient_of_name(name)) {
      if (reference_.names.find_by_meaning(of) == reference_.run.output) return true;
    }
    return false;
  }

  static Value setting(const std::string& text) {
    return read::setting_of(text).value_or(Value{read::Word{text}});
  }

  Value dictionary_of(const std::string& name, const Uses& uses) {
    read::Dictionary dictionary{name, std::make_shared<read::Entries>()};
    for (const std::string& key : uses.keys) {
      const auto set = student_.set.find(name + "." + key);
      const NodeId found = find(key);
      if (set != student_.set.end()) {
        (*dictionary.items)[key] = setting(set->second);
      } else if (found != kNoNode) {
        (*dictionary.items)[key] = leaf_of(found);
      }
    }
    for (const auto& [key, text] : student_.set) {
      if (key.starts_with(name + ".")) {
        (*dictionary.items)[key.substr(name.size() + 1)] = setting(text);
      }
    }
    return {std::move(dictionary)};
  }

  Value tuple_of(const Function& function, const Uses& uses) {
    std::vector<Value> items;
    if (uses.unpacked != nullptr) {
      for (const Expression& target : uses.unpacked->items) {
        items.push_back(entry(function, target));
      }
    } else {
      const std::size_t count = uses.places.rbegin()->first + 1;
      for (std::size_t i = 0; i < count; ++i) {
        const auto place = uses.places.find(i);
        items.push_back(place == uses.places.end() ? Value{}
                                                   : by_name(function.byte, place->second));
      }
    }
    return read::tuple(std::move(items));
  }

  // One name of `xhat, gamma, (mu, var) = cache`.
  Value entry(const Function& function, const Expression& target) {
    if (const std::string* name = name_of(target)) return by_name(target.range.begin, *name);
    const auto* sequence = std::get_if<read::Sequence>(&target.kind);
    if (sequence == nullptr) return {};
    std::vector<Value> items;
    for (const Expression& item : sequence->items) items.push_back(entry(function, item));
    return read::tuple(std::move(items));
  }

  // --name batch_size=4
  std::optional<Value> number_named(const std::string& name) const {
    const auto given = student_.names.find(name);
    if (given == student_.names.end()) return std::nullopt;
    const std::optional<Value> value = read::setting_of(given->second);
    return value && value->scalar() != nullptr ? value : std::nullopt;
  }

  // N, batch_size: how many rows there are.
  std::optional<Value> count_named(const std::string& name) const {
    constexpr std::array<std::string_view, 11> kCounts = {
        "n",         "batchsize", "numtrain", "nsamples", "numsamples", "numexamples",
        "nexamples", "bs",        "samples",  "batch",    "batchn"};
    const std::string plain = plain_name(name);
    if (std::find(kCounts.begin(), kCounts.end(), plain) == kCounts.end()) return std::nullopt;
    const NodeId first = reference_.run.parameters.empty() ? reference_.run.output
                                                           : reference_.run.parameters.front();
    const Shape shape = reference_.graph().node(first).shape;
    if (shape.ndim() == 0) return std::nullopt;
    return read::scalar(shape[0], read::NumberType::kInteger);
  }

  Value by_name(std::uint32_t byte, const std::string& name) {
    if (name.starts_with("_")) return {};
    if (const std::optional<Value> number = number_named(name)) return *number;
    const NodeId found = find(name);
    if (found != kNoNode) return leaf_of(found);
    if (is_setting(name)) return dictionary_of(name, uses_of(*student_.backward, name));
    if (const std::optional<Value> probabilities = softmax_of(name)) return *probabilities;
    if (const std::optional<Value> count = count_named(name)) return *count;
    refuse_name(byte, name);
  }

  // What a softmax gives, where the circuit goes on to its logarithm at once.
  std::optional<Value> softmax_of(const std::string& name) {
    const std::string plain = plain_name(name);
    constexpr std::array<std::string_view, 8> kNames = {
        "p", "probs", "prob", "softmax", "probabilities", "yhat", "s", "a"};
    if (std::find(kNames.begin(), kNames.end(), plain) == kNames.end()) return std::nullopt;
    const NodeId power = reference_.names.find_by_meaning("power");
    const NodeId total = reference_.names.find_by_meaning("total");
    if (power == kNoNode || total == kNoNode) return std::nullopt;
    const Var a = leaf_of(power).array()->var;
    const Var b = leaf_of(total).array()->var;
    const Var quotient = a / b;
    return Value{read::Array{quotient}};
  }

  [[noreturn]] void refuse_name(std::uint32_t byte, const std::string& name) const {
    std::string known;
    int count = 0;
    for (NodeId id = 0; id < reference_.graph().size() && count < 30; ++id) {
      const Node& node = reference_.graph().node(id);
      if (node.place.part != Part::kForward || node.name.empty()) continue;
      known += (known.empty() ? "" : ", ") + node.name;
      ++count;
    }
    throw read::ReadError(*student_.module->source, byte,
                          fmt::format("{} fits no value of {}, which has {}", read::quoted(name),
                                      reference_.run.circuit, known),
                          fmt::format("--name {}=VALUE on the command line, to say which it is",
                                      read::shortened(name)));
  }

  // ---- what the lines make ----

  Value bound(const read::Binding& binding, const Value& value) {
    return add(binding, value.array()->var.id(), value, {});
  }

  std::optional<Value> failed(const read::Binding& binding, const read::ReadError& error) {
    const bool is_due = corrections_.count(reading_.lines.size()) > 0;
    if (!is_due && (!error.is_about_shapes() || binding.is_inner)) return std::nullopt;
    Value nothing = leaf_of(reference_.run.seed);
    return add(binding, kNoNode, nothing, error.what());
  }

  Value add(const read::Binding& binding, NodeId node, const Value& value, std::string error) {
    const std::size_t number = reading_.lines.size();
    Line line;
    line.binding = binding;
    line.number = static_cast<std::uint32_t>(binding.module->source->line(binding.byte));
    line.node = node;
    line.error = std::move(error);
    line.in_forward = in_forward_;
    const auto correction = corrections_.find(number);
    // What else a line that cannot be evaluated should give is not known yet.
    const Value given =
        correction == corrections_.end() ? value : read::as_object(corrected(correction->second));
    line.given = given.array()->var.id();
    line.array = given.array()->memory;
    stored_.push_back(line.given);
    reading_.lines.push_back(std::move(line));
    return given;
  }

  Value corrected(NodeId ours) {
    return {read::Array{leaf_with(ours, reference_.graph().node(ours).shape)}};
  }

  // What is returned is to be what its line made: a change in place behind it is not judged.
  void check_unchanged() const {
    for (const Line& line : reading_.lines) {
      const bool is_result = line.binding.is_result || !line.binding.key.empty();
      const bool is_judged = is_result && !line.in_forward && !line.binding.is_inner;
      if (!is_judged || line.array == nullptr) continue;
      if (line.array->var.id() == line.given) continue;
      throw read::ReadError(*line.binding.module->source, line.binding.byte,
                            "this array is changed in place by a line below, which is not judged",
                            "this line below that one");
    }
  }

  // ---- what the function returns ----

  // One of the things that it returns: a part of a tuple, or an entry of a dictionary.
  struct Result {
    Value value;
    std::string key;            // in a dictionary, or of a field
    NodeId expected = kNoNode;  // of a field
  };

  static void take_apart(const Value& value, const std::string& key, std::vector<Result>& results) {
    if (const read::Tuple* tuple = value.tuple()) {
      for (const Value& item : *tuple->items) take_apart(item, key, results);
    } else if (const read::Dictionary* dictionary = value.dictionary()) {
      for (const auto& [its, item] : *dictionary->items) take_apart(item, its.text, results);
    } else {
      results.push_back({value, key, kNoNode});
    }
  }

  // Which gradient each result is to be: by its name, else by its place.
  void expect_results(const Value& returned) {
    for (Line& line : reading_.lines) {
      if (student_.is_pair) break;
      if (!line.in_forward || !line.binding.is_result || line.binding.is_inner) continue;
      line.expected = reference_.run.output;
      break;
    }
    std::vector<Result> results;
    take_apart(returned, {}, results);
    results.insert(results.end(), fields_.begin(), fields_.end());
    if (is_loss() && !results.empty()) {
      expect_loss(results.front());
      results.erase(results.begin());
    }
    std::set<NodeId> taken;
    std::vector<std::size_t> unnamed;  // lines, and kNoLine for a result that is no number
    std::set<std::size_t> used;
    std::vector<NodeId> in_order;
    for (const Result& result : results) {
      const std::size_t at = line_of(result, used);
      if (at == kNoLine) {
        if (result.key.empty()) unnamed.push_back(kNoLine);
        continue;
      }
      used.insert(at);
      Line& line = reading_.lines[at];
      const bool is_entry = !result.key.empty();
      const std::string& name = is_entry ? result.key : line.binding.name;
      line.expected =
          result.expected != kNoNode ? result.expected : result_by_name(reference_, name, is_entry);
      if (line.expected != kNoNode) {
        taken.insert(line.expected);
        if (!is_entry) in_order.push_back(line.expected);
      } else if (is_entry) {
        reading_.unmatched.push_back(name);
      } else {
        unnamed.push_back(at);
      }
    }
    if (unnamed.empty()) note_order(in_order);
    expect_by_place(unnamed, taken);
  }

  // What the function returns first is the circuit's own output, and right: it is passed over.
  void expect_loss(const Result& loss) {
    const std::size_t at = line_of(loss, {});
    if (at != kNoLine) reading_.lines[at].binding.is_inner = true;
  }

  void expect_by_place(const std::vector<std::size_t>& unnamed, const std::set<NodeId>& taken) {
    const std::vector<NodeId> wanted = wanted_of(reference_);
    std::size_t next = 0;
    for (const std::size_t at : unnamed) {
      Line* line = at == kNoLine ? nullptr : &reading_.lines[at];
      if (line != nullptr && line->node == kNoNode) continue;
      const bool is_output = line != nullptr && reference_.names.find_by_meaning(
                                                    line->binding.name) == reference_.run.output;
      if (is_output) continue;
      while (next < wanted.size() && taken.count(wanted[next]) > 0) ++next;
      if (next == wanted.size()) {
        if (line != nullptr) reading_.unmatched.push_back(text_of_result(line->binding));
      } else {
        const NodeId expected = wanted[next++];  // that of None is passed over
        if (line != nullptr) line->expected = expected;
      }
    }
  }

  static std::string text_of_result(const read::Binding& binding) {
    if (!binding.name.empty()) return binding.name;
    const read::Range range = binding.value;
    return read::shortened(
        binding.module->source->text().substr(range.begin, range.end - range.begin));
  }

  // Whoever takes the results by their places must know.
  void note_order(const std::vector<NodeId>& in_order) {
    std::vector<std::string> names, wanted;
    for (const NodeId gradient : in_order) names.push_back(reference_.graph().name(gradient));
    for (const NodeId gradient : wanted_of(reference_)) {
      const bool is_there = std::find(in_order.begin(), in_order.end(), gradient) != in_order.end();
      if (is_there) wanted.push_back(reference_.graph().name(gradient));
    }
    if (names == wanted || std::set(names.begin(), names.end()).size() < names.size()) return;
    reading_.notes.push_back(
        fmt::format("the results were told apart by their names: {}() returns {}, where {} has its "
                    "parameters in the order {}",
                    read::shortened(student_.backward->name), fmt::join(names, ", "),
                    reference_.run.circuit, fmt::join(wanted, ", ")));
  }

  static constexpr std::size_t kNoLine = static_cast<std::size_t>(-1);

  // The line that a result is judged at; kNoLine for None and words.
  std::size_t line_of(const Result& result, const std::set<std::size_t>& used) {
    NodeId node = kNoNode;
    if (const read::Array* array = result.value.array()) node = array->var.id();
    if (const read::Scalar* number = result.value.scalar()) {
      node = draft_.graph.leaf(Role::kConstant, {}, {}, number->value).id();
    }
    if (node == kNoNode) return kNoLine;
    std::size_t made_by = kNoLine;
    for (std::size_t i = 0; i < reading_.lines.size(); ++i) {
      const read::Binding& binding = reading_.lines[i].binding;
      if (stored_[i] != node || binding.is_inner || reading_.lines[i].in_forward) continue;
      const bool is_place = result.key.empty() ? binding.is_result : binding.key == result.key;
      if (is_place && used.count(i) == 0) return i;
      made_by = i;
    }
    return add_result(result, node, made_by);
  }

  // A result that no line of its own returns, as in `grads = {'dx': dx}; return grads`.
  std::size_t add_result(const Result& result, NodeId node, std::size_t made_by) {
    Line line;
    if (made_by != kNoLine) {
      line = reading_.lines[made_by];
    } else {
      line.binding.module = student_.module.get();
      line.binding.byte = place_of(node);
      line.binding.value = {line.binding.byte, line.binding.byte};
      line.number = static_cast<std::uint32_t>(student_.module->source->line(line.binding.byte));
    }
    line.binding.is_result = true;
    line.binding.key = result.key;
    line.node = node;
    line.error.clear();
    reading_.lines.push_back(std::move(line));
    stored_.push_back(node);
    return reading_.lines.size() - 1;
  }

  // Of the line that made a node: a number of the text has none, and stands for the function.
  std::uint32_t place_of(NodeId node) const {
    const std::string_view text = student_.module->source->text();
    const std::uint32_t line = draft_.graph.place(node).line;
    if (line == 0) return student_.backward->byte;
    std::size_t byte = 0;
    for (std::uint32_t at = 1; at < line && byte < text.size(); ++at) {
      byte = std::min(text.find('\n', byte), text.size() - 1) + 1;
    }
    byte = std::min(text.find_first_not_of(" \t", byte), text.size());
    return static_cast<std::uint32_t>(byte);
  }

  const Student& student_;
  const Reference& reference_;
  const Corrections& corrections_;
  const std::set<NodeId>& indices_;  // the values of ours whose numbers are known, as an index is
  read::Draft draft_;
  read::Library library_;
  Reading reading_;
  std::map<NodeId, Value> leaf_of_;
  std::vector<Result> fields_;  // what the backward method sets in its object
  std::vector<NodeId> stored_;  // what each line gave its name: its own value, or a corrected one
  bool in_forward_ = false;
};

}  // namespace

Student parse_student(std::string name, std::string text, const std::string& function,
                      const std::string& circuit) {
  Student student;
  student.module =
      std::make_shared<const read::Module>(read::parse_module(std::move(name), std::move(text)));
  const read::Module& module = *student.module;
  const std::vector<Pair> classes = class_pairs_of(module);
  const read::Function* named = function.empty() ? nullptr : module.find(function);
  const Pair of_class = named != nullptr && named->object ? class_pair_of(module, *named)
                        : function.empty() && module.functions.empty() && !classes.empty()
                            ? classes.back()
                            : Pair{};
  if (of_class.backward != nullptr) {
    student.forward = of_class.forward;
    student.backward = of_class.backward;
    return student;
  }
  if (module.functions.empty()) {
    throw Error(
        fmt::format("{}: there is no def in this file: a backward function is expected, as "
                    "in\n  def backward(dout, cache):\n      xhat, gamma = cache",
                    read::printable(module.source->name())));
  }
  if (!function.empty()) {
    student.backward = module.find(function);
  } else {
    student.backward = backward_for(module, circuit);
    if (student.backward == nullptr) student.backward = choose_backward(module);
  }
  if (student.backward == nullptr) {
    throw Error(fmt::format("{}: there is no function {} in this file",
                            read::printable(module.source->name()), read::quoted(function)));
  }
  student.forward = forward_for(module, student.backward);
  if (student.forward == nullptr) student.forward = only_forward(module, student.backward);
  return student;
}

Student open_student(const std::string& file, const std::string& circuit) {
  read::CircuitSource source = read::find_circuit(file);
  const std::string name = source.module.source->name();
  const bool chosen = file.size() > name.size() && file.starts_with(name + ":");
  std::string text(source.module.source->text());
  if (chosen) return parse_student(name, std::move(text), source.function);
  return parse_student(name, std::move(text), {}, read::find_circuit(circuit).function);
}

Student student_of(std::shared_ptr<const read::Module> module, const Pair& pair) {
  Student student;
  student.module = std::move(module);
  student.forward = pair.forward;
  student.backward = pair.backward;
  student.is_pair = true;
  student.upstreams = upstreams_of(pair);
  return student;
}

std::optional<double> epsilon_of(const Student& student) {
  std::optional<double> epsilon;
  const auto look = [&](const Expression& expression) {
    const auto* number = std::get_if<read::Number>(&expression.kind);
    const bool is_small = number != nullptr && number->value > 0 && number->value <= 1e-2;
    if (is_small && !epsilon) epsilon = number->value;
  };
  const auto ignore = [](const read::Assignment&) {};
  for (const Function* function : {student.forward, student.backward}) {
    if (function == nullptr || function->error) continue;
    for (const read::Parameter& parameter : function->parameters) {
      if (parameter.default_value) walk(*parameter.default_value, look);
    }
    walk(function->body, look, ignore);
  }
  return epsilon;
}

Numbers Reading::evaluate(const Reference& reference) const {
  constexpr std::size_t kMostNumbers = std::size_t{1} << 24;
  std::size_t numbers = 0;
  for (NodeId id = 0; id < graph.size(); ++id) {
    numbers += graph.node(id).shape.size();
    if (numbers > kMostNumbers) {
      throw Error(
          fmt::format("line {} makes an array of {}: the values of this function would take "
                      "more than {} numbers; is a shape wrong?",
                      graph.place(id).line, to_string(graph.node(id).shape), kMostNumbers));
    }
  }
  Values values;
  for (const auto& [theirs, ours] : leaves) values.emplace(theirs, Tensor(reference.value(ours)));
  return Numbers(graph, values);
}

std::vector<NodeId> wanted_of(const Reference& reference) {
  std::vector<NodeId> wanted;
  for (const NodeId leaf : reference.run.parameters) {
    const NodeId gradient = reference.gradient(leaf);
    if (gradient != kNoNode) wanted.push_back(gradient);
  }
  return wanted;
}

NodeId result_by_name(const Reference& reference, const std::string& name, bool may_be_bare) {
  const std::vector<NodeId> wanted = wanted_of(reference);
  std::vector<std::string> bases = gradient_of_name(name);
  if (may_be_bare) bases.push_back(name);
  for (const std::string& base : bases) {
    const NodeId of = reference.names.find_by_meaning(base);
    if (of == kNoNode) continue;
    const NodeId gradient = reference.gradient(of);
    if (std::find(wanted.begin(), wanted.end(), gradient) != wanted.end()) return gradient;
  }
  return kNoNode;
}

Reading read_student(const Student& student, const Reference& reference,
                     const Corrections& corrections) {
  std::set<NodeId> indices;
  for (;;) {
    Reader reader(student, reference, corrections, indices);
    std::set<NodeId> wanted;
    try {
      Reading reading = reader.read();
      wanted = reader.wanted_indices();
      if (wanted.empty()) return reading;
    } catch (const read::ReadError&) {
      wanted = reader.wanted_indices();
      if (wanted.empty()) throw;
    }
    indices.merge(wanted);
  }
}

}  // namespace backstep::check
