// Reads a function as a circuit; where shapes are not given, finds some that fit.
#include "engine/read/circuit_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "engine/look.h"
#include "engine/primitives/primitives.h"
#include "engine/read/draft.h"
#include "engine/read/interpreter.h"
#include "engine/read/numpy_random.h"
#include "engine/read/parameters.h"

namespace backstep::read {
namespace {

// How many choices of shapes are tried, and how many nodes they may take in all.
constexpr int kMostAttempts = 500;
constexpr std::size_t kMostNodesTried = 300'000;
// How many that fit are shown to whoever may want others.
constexpr int kMostFits = 60;

// The first array that the value is or holds; nullptr if there is none.
const Array* first_array(const Value& value) {
  if (const Tuple* tuple = value.tuple()) {
    for (const Value& item : *tuple->items) {
      if (const Array* array = first_array(item)) return array;
    }
  }
  if (const Dictionary* dictionary = value.dictionary()) {
    for (const auto& [key, item] : *dictionary->items) {
      if (const Array* array = first_array(item)) return array;
    }
  }
  return value.array();
}

class Reading {
 public:
  Reading(const Module& module, const Function& function, const std::map<std::string, Given>& given,
          const Sought& sought)
      : module_(module), function_(function), given_(given), sought_(sought) {
    if (function_.error) throw *function_.error;
    plans_ =
        plan_parameters(*module_.source, function_, default_values(given), given, sought.sides);
  }

  Circuit read() {
    do {
      has_new_indices_ = false;
      if (std::optional<Circuit> circuit = search()) return std::move(*circuit);
    } while (has_new_indices_);
    if (first_fit_) return std::move(*first_fit_);
    throw most_sum_ == 0 ? *furthest_error_ : furthest_error_->with_line(shapes_text());
  }

 private:
  std::optional<Circuit> search() {
    std::vector<std::size_t> choice(plans_.size(), 0);
    std::size_t most_sum = 0;
    for (std::size_t i = 0; i < plans_.size(); ++i) most_sum += cost(i, last_choice(i));
    // The likeliest shapes first, then those that are one step less likely, and so on.
    for (std::size_t sum = 0; sum <= most_sum && may_try(); ++sum) {
      for (bool more = spend(choice, 0, sum); more && may_try(); more = next_choice(choice)) {
        if (first_fit_ && changes_certain(choice)) continue;
        std::optional<Circuit> circuit = try_shapes(choice);
        if (!circuit) continue;
        if (is_accepted(*circuit)) return circuit;
        if (first_fit_) continue;
        first_fit_ = std::move(circuit);
        first_choice_ = choice;
      }
    }
    most_sum_ = most_sum;
    return std::nullopt;
  }

  bool may_try() const {
    return !has_new_indices_ && attempts_ < kMostAttempts && nodes_tried_ < kMostNodesTried &&
           fits_ < kMostFits;
  }

  // A bias stays one row, whatever somebody's gradient of it is.
  bool changes_certain(const std::vector<std::size_t>& choice) const {
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      if (plans_[i].is_certain && choice[i] != first_choice_[i]) return true;
    }
    return false;
  }

  // Whether shapes with which the function can be read are those that are sought.
  bool is_accepted(const Circuit& circuit) {
    ++fits_;
    nodes_tried_ += circuit.graph.size();
    return !sought_.accepts || sought_.accepts(circuit);
  }

  // What tells how a parameter is planned. An array would be of a graph that ends here; one that is
  // set takes the place of its default.
  std::map<std::string, Value> default_values(const std::map<std::string, Given>& given) {
    Draft draft;
    Interpreter interpreter(draft, library_);
    std::map<std::string, Value> values;
    for (const Parameter& parameter : function_.parameters) {
      if (parameter.stars > 0) values[parameter.name] = empty_value(parameter);
      if (!parameter.default_value) continue;
      const Value value = interpreter.default_of(module_, function_, parameter);
      const Array* array = first_array(value);
      if (array == nullptr) {
        values[parameter.name] = value;
      } else if (given.count(parameter.name) == 0) {
        refuse_default(parameter, value, array->var.shape());
      }
    }
    return values;
  }

  // Of *args and **settings, which are given nothing.
  static Value empty_value(const Parameter& parameter) {
    if (parameter.stars == 1) return tuple({});
    return {Dictionary{parameter.name, std::make_shared<Entries>()}};
  }

  [[noreturn]] void refuse_default(const Parameter& parameter, const Value& value,
                                   Shape shape) const {
    const bool is_array = value.array() != nullptr;
    const std::string name = shortened(parameter.name);
    throw ReadError(
        *module_.source, parameter.default_value->range.begin,
        fmt::format("the default of {} {} an array {}; a default is a number, None, a text, or a "
                    "tuple or dictionary of them",
                    quoted(parameter.name), is_array ? "is" : "holds", to_string(shape)),
        is_array ? fmt::format("{0} without a default: make it inside the function, or give it "
                               "with --set {0}=...",
                               name)
                 : "a parameter for each array, or make them inside the function");
  }

  // Each reading has a dictionary of its own: it may hold what that reading put into it.
  Value value_of(std::size_t parameter, Interpreter& interpreter) const {
    const ParameterPlan& plan = plans_[parameter];
    if (function_.parameters[parameter].stars > 0) {
      return empty_value(function_.parameters[parameter]);
    }
    if (plan.is_dictionary) return dictionary_of(plan.name);
    const Value& value = *plan.value;
    if (value.scalar() != nullptr || !function_.parameters[parameter].default_value) return value;
    const auto given = given_.find(plan.name);
    if (given != given_.end() && given->second.setting) return value;
    return interpreter.default_of(module_, function_, function_.parameters[parameter]);
  }

  // With the settings that are given; its arrays are added as they become leaves.
  Value dictionary_of(const std::string& name) const {
    Dictionary dictionary{name, std::make_shared<Entries>(), true};
    for (const auto& [entry, given] : given_) {
      if (!given.setting || !entry.starts_with(name + ".")) continue;
      (*dictionary.items)[entry.substr(name.size() + 1)] = *given.setting;
    }
    return {std::move(dictionary)};
  }

  // The first parameter is nearly always the batch, (N, D).
  static std::size_t cost(std::size_t parameter, std::size_t choice) {
    return parameter == 0 ? 3 * choice : choice;
  }

  std::size_t last_choice(std::size_t parameter) const {
    const ParameterPlan& plan = plans_[parameter];
    return std::max<std::size_t>({plan.shapes.size(), plan.lengths.size(), 1}) - 1;
  }

  // Gives the parameters from `first` on the choices that cost `sum` together, the first of them in
  // the order of the alphabet; false if there are none.
  bool spend(std::vector<std::size_t>& choice, std::size_t first, std::size_t sum) const {
    if (first == 0 && !plans_.empty()) {
      std::size_t rest = 0;
      for (std::size_t i = 1; i < plans_.size(); ++i) rest += last_choice(i);
      for (choice[0] = 0; sum > rest; sum -= cost(0, 1)) {
        if (++choice[0] > last_choice(0) || cost(0, 1) > sum) return false;
      }
    }
    for (std::size_t i = plans_.size(); i-- > std::max<std::size_t>(first, 1);) {
      choice[i] = std::min(last_choice(i), sum);
      sum -= choice[i];
    }
    return true;
  }

  // The next choice that costs as much; false if there is none.
  bool next_choice(std::vector<std::size_t>& choice) const {
    std::size_t freed = 0;
    for (std::size_t i = plans_.size(); i-- > 0;) {
      if (choice[i] < last_choice(i) && freed >= cost(i, 1)) {
        ++choice[i];
        return spend(choice, i + 1, freed - cost(i, 1));
      }
      freed += cost(i, choice[i]);
    }
    return false;
  }

  static std::size_t count_steps(const Graph& graph) {
    std::size_t steps = 0;
    for (NodeId id = 0; id < graph.size(); ++id) {
      if (graph.node(id).primitive != nullptr && !graph.place(id).folded) ++steps;
    }
    return steps;
  }

  // Parameters that the text takes as an index, and whose integers can be told: the search that
  // finds one begins again with it.
  void plan_indices(const Draft& draft) {
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      ParameterPlan& plan = plans_[i];
      const auto wanted = draft.wanted.find(draft.graph.find(plan.name));
      if (wanted == draft.wanted.end() || plan.value || plan.is_index) continue;
      const bool is_given = plan.fill.empty();
      if (is_given && plan.numbers == nullptr) continue;
      if (!is_given) {
        // Of a label for each sample a vector is likeliest.
        if (!plan.is_said) {
          std::stable_partition(plan.shapes.begin(), plan.shapes.end(),
                                [](const Shape& shape) { return shape.ndim() == 1; });
        }
        plan.most = static_cast<double>(wanted->second - 1);
      }
      plan.is_index = true;
      has_new_indices_ = true;
      plan.role = Role::kConstant;
      if (plan.type == NumberType::kFloat) plan.type = NumberType::kInteger;
    }
  }

  // Whether this is worked out of its leaves element by element: what is summed, or is a part, is
  // of an array, and no length.
  static bool is_arithmetic(const Graph& graph, NodeId node) {
    std::vector<NodeId> open = {node};
    std::set<NodeId> seen = {node};
    while (!open.empty()) {
      const NodeId id = open.back();
      open.pop_back();
      const Primitive* primitive = graph.node(id).primitive;
      const bool is_one_by_one = primitive == nullptr || primitive->reads == Reads::kElementwise ||
                                 primitive->reads == Reads::kRepeat;
      if (!is_one_by_one) return false;
      for (std::size_t i = 0; i < graph.arity(id); ++i) {
        if (seen.insert(graph.input(id, i)).second) open.push_back(graph.input(id, i));
      }
    }
    return true;
  }

  // Parameters that were to be known numbers, as the sides of an array that the function makes.
  void plan_lengths(const Draft& draft, const ReadError& error) {
    if (!error.wanted() || *error.wanted() >= draft.graph.size()) return;
    if (error.wanted_sides() > 0) return plan_sides(draft, error);
    if (!is_arithmetic(draft.graph, *error.wanted())) return;
    const std::vector<NodeId> leaves = draft.unknown_leaves(*error.wanted());
    for (ParameterPlan& plan : plans_) {
      const NodeId leaf = draft.graph.find(plan.name);
      if (std::find(leaves.begin(), leaves.end(), leaf) == leaves.end() || plan.value) continue;
      const auto given = given_.find(plan.name);
      const bool is_given = given != given_.end();
      if (is_given && (given->second.is_file || given->second.shape.ndim() > 0)) continue;
      const bool is_default = !is_given && !plan.default_text.empty();
      if (is_given || is_default) {
        const bool is_whole = !is_default && plan.number == std::floor(plan.number);
        const NumberType type = is_whole ? NumberType::kInteger : NumberType::kFloat;
        plan.value = scalar(plan.number, type);
      } else {
        plan.lengths = lengths_for(plan);
        plan.value = scalar(plan.lengths.front(), NumberType::kInteger);
      }
      plan.shapes.clear();
      has_new_indices_ = true;
    }
  }

  // A parameter whose shape is taken apart to so many names.
  void plan_sides(const Draft& draft, const ReadError& error) {
    for (ParameterPlan& plan : plans_) {
      const bool is_it = draft.graph.find(plan.name) == *error.wanted();
      if (!is_it || plan.value || given_.count(plan.name) > 0 || has_sides_.count(plan.name) > 0) {
        continue;
      }
      std::vector<Shape> shapes = shapes_with_sides(plan, error.wanted_sides());
      if (shapes.empty()) continue;
      plan.shapes = std::move(shapes);
      has_sides_.insert(plan.name);
      has_new_indices_ = true;
    }
  }

  static Tensor drawn_places(const Shape& shape, std::int64_t below) {
    constexpr std::uint32_t kSeed = 1;
    LegacyRandom random(kSeed);
    Tensor places(shape);
    for (double& place : places.view()) {
      place = static_cast<double>(random.randint(below));
    }
    return places;
  }

  // "[0, 2, 1]", "[[0], [2]]": as it can be set.
  static std::string list_text(const Tensor& numbers) {
    std::size_t next = 0;
    return list_text(numbers, 0, next);
  }

  static std::string list_text(const Tensor& numbers, int side, std::size_t& next) {
    if (side == numbers.shape().ndim()) return fmt::format("{}", numbers.data()[next++]);
    std::string text;
    for (int i = 0; i < numbers.shape()[side]; ++i) {
      text += (i == 0 ? "" : ", ") + list_text(numbers, side + 1, next);
    }
    return "[" + text + "]";
  }

  // Nothing if shapes do not fit; other errors are thrown.
  std::optional<Circuit> try_shapes(const std::vector<std::size_t>& choice) {
    ++attempts_;
    Draft draft;
    try {
      Circuit circuit = read_with(choice, draft);
      if (has_new_indices_) return std::nullopt;
      return circuit;
    } catch (const ReadError& error) {
      plan_indices(draft);
      plan_lengths(draft, error);
      if (has_new_indices_) return std::nullopt;
      const std::size_t steps = count_steps(draft.graph);
      // What only shapes that do not fit lead to, as a number without .reshape(), says nothing.
      // Nor does what shapes lead to that the docstring does not say.
      bool is_unsaid = false;
      for (std::size_t i = 0; i < plans_.size(); ++i) {
        is_unsaid = is_unsaid || (plans_[i].is_said && choice[i] != 0);
      }
      const bool is_further = !furthest_error_ || (steps > furthest_steps_ && !is_unsaid);
      if (!error.is_about_shapes() && is_further) throw;
      if (is_further) {
        furthest_error_ = error;
        furthest_steps_ = steps;
        furthest_choice_ = choice;
      }
      nodes_tried_ += draft.graph.size();
      return std::nullopt;
    }
  }

  Circuit read_with(const std::vector<std::size_t>& choice, Draft& draft) {
    Circuit circuit;
    circuit.name = identifier(function_.name);
    if (circuit.name.empty()) circuit.name = "circuit";
    circuit.file = module_.source->name();
    circuit.notes = module_.notes;
    Interpreter interpreter(draft, library_);
    std::map<std::string, Value> arguments;
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      const ParameterPlan& plan = plans_[i];
      CircuitParameter parameter{plan.name, kNoNode, plan.role, plan.default_text, {}, plan.type};
      if (!plan.lengths.empty()) {
        arguments[plan.name] = scalar(plan.lengths[choice[i]], NumberType::kInteger);
        circuit.known[plan.name] = arguments[plan.name];
        parameter.fill = std::to_string(plan.lengths[choice[i]]);
      } else if (plan.value) {
        arguments[plan.name] = value_of(i, interpreter);
        circuit.known[plan.name] = plan.is_dictionary ? dictionary_of(plan.name) : *plan.value;
      } else {
        const Shape shape = plan.shapes[choice[i]];
        const Var leaf = draft.graph.leaf(plan.role, shape, leaf_name(plan, draft), plan.number);
        Value argument = as_object({Array{leaf, plan.type, plan.most}});
        if (plan.is_file) argument.array()->memory->is_number = false;
        give(plan, std::move(argument), arguments);
        parameter.node = leaf.id();
        draft.outside.insert(leaf.id());
        parameter.fill = fill_text(plan, shape);
        if (plan.is_index) take_indices(plan, shape, draft, parameter);
      }
      circuit.parameters.push_back(std::move(parameter));
    }
    circuit.seed = sought_.seed;
    interpreter.draw_from(sought_.seed);
    std::vector<CircuitParameter> fields;
    interpreter.adopt([&](const Field& field) { return leaf_of(field, draft, fields); });
    const Value result = interpreter.run(module_, function_, std::move(arguments));
    fill_with_positive(circuit, draft.graph);
    add_fill_notes(circuit);
    circuit.outputs = outputs_of(result, circuit.notes);
    take_fields(fields, draft, circuit);
    circuit.notes.insert(circuit.notes.end(), draft.notes.begin(), draft.notes.end());
    const std::vector<std::string>& notes = interpreter.notes();
    circuit.notes.insert(circuit.notes.end(), notes.begin(), notes.end());
    const std::vector<std::string>& assumed = interpreter.assumed();
    circuit.notes.insert(circuit.notes.end(), assumed.begin(), assumed.end());
    draft.give_names();
    if (function_.object) drop_unused(draft);
    drop_indices(circuit, draft);
    if (sought_.results > 0) keep_results(circuit, draft);
    draft.graph.number_stations();
    circuit.graph = std::move(draft.graph);
    return circuit;
  }

  // What an object has from its `__init__` for its backward pass, as zeros for gradients.
  static void drop_unused(Draft& draft) {
    std::vector<bool> is_used(draft.graph.size());
    for (NodeId id = 0; id < draft.graph.size(); ++id) {
      for (std::size_t i = 0; i < draft.graph.arity(id); ++i) {
        is_used[draft.graph.input(id, i)] = true;
      }
    }
    for (NodeId id = 0; id < draft.graph.size(); ++id) {
      const Node& node = draft.graph.node(id);
      const bool is_constant = node.primitive == nullptr && node.role == Role::kConstant;
      if (is_constant && !is_used[id]) draft.indices.push_back(id);
    }
  }

  // The key of an entry, unless another leaf has that name.
  static std::string leaf_name(const ParameterPlan& plan, const Draft& draft) {
    if (plan.key.empty()) return plan.name;
    const std::string key = identifier(plan.key);
    if (!key.empty() && draft.graph.find(key) == kNoNode) return key;
    std::string name = plan.name;
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
  }

  // An argument of the function, or an entry of a dictionary that is one.
  static void give(const ParameterPlan& plan, Value value,
                   std::map<std::string, Value>& arguments) {
    if (plan.key.empty()) {
      arguments[plan.name] = std::move(value);
      return;
    }
    const std::string dictionary = plan.name.substr(0, plan.name.size() - plan.key.size() - 1);
    (*arguments.at(dictionary).dictionary()->items)[plan.key] = std::move(value);
  }

  static void drop_indices(Circuit& circuit, Draft& draft) {
    std::vector<NodeId> kept = circuit.outputs;
    for (const CircuitParameter& parameter : circuit.parameters) {
      if (parameter.node != kNoNode) kept.push_back(parameter.node);
    }
    move(circuit, draft.drop_indices(kept));
  }

  void keep_results(Circuit& circuit, Draft& draft) const {
    circuit.outputs.resize(std::min(circuit.outputs.size(), sought_.results));
    std::vector<NodeId> kept = circuit.outputs;
    for (const CircuitParameter& parameter : circuit.parameters) {
      if (parameter.node != kNoNode) kept.push_back(parameter.node);
    }
    move(circuit, draft.keep_what_leads_to(kept));
  }

  static void move(Circuit& circuit, const std::vector<NodeId>& now) {
    for (NodeId& output : circuit.outputs) output = now[output];
    for (CircuitParameter& parameter : circuit.parameters) {
      if (parameter.node != kNoNode) parameter.node = now[parameter.node];
    }
  }

  // The integers of an index: those that are set, or some that fit.
  static void take_indices(const ParameterPlan& plan, const Shape& shape, Draft& draft,
                           CircuitParameter& parameter) {
    if (plan.fill.empty()) {
      draft.known.emplace(parameter.node, *plan.numbers);
      return;
    }
    const Tensor places = drawn_places(shape, static_cast<std::int64_t>(plan.most) + 1);
    parameter.fill = list_text(places);
    draft.known.emplace(parameter.node, places);
  }

  // Of what a logarithm or a root is taken, that is to be positive, unless somebody says what it
  // is.
  void fill_with_positive(Circuit& circuit, const Graph& graph) const {
    std::set<NodeId> positive;
    for (NodeId id = 0; id < graph.size(); ++id) {
      const bool is_root = is(graph, id, primitives::log()) || is(graph, id, primitives::sqrt()) ||
                           is(graph, id, primitives::sqrt_eps());
      if (is_root) positive.insert(origin(graph, graph.input(id, 0)));
    }
    for (std::size_t i = 0; i < circuit.parameters.size(); ++i) {
      CircuitParameter& parameter = circuit.parameters[i];
      const bool is_free = plans_[i].fill == "randn" && !plans_[i].is_fill_said &&
                           parameter.fill.starts_with(plans_[i].fill);
      if (!is_free || positive.count(parameter.node) == 0) continue;
      parameter.fill = "rand" + parameter.fill.substr(plans_[i].fill.size());
    }
  }

  // The leaf that a node is, but for its place, and a number added to it or multiplied with it.
  static NodeId origin(const Graph& graph, NodeId id) {
    for (;;) {
      const Node& node = graph.node(id);
      if (node.primitive == nullptr) return id;
      const bool is_same = is(node, primitives::copy()) || is(node, primitives::broadcast()) ||
                           is(node, primitives::reshape()) || is(node, primitives::transpose()) ||
                           is(node, primitives::plus()) || is(node, primitives::times()) ||
                           node.attributes.map != nullptr;
      const bool is_sum = is(node, primitives::add()) || is(node, primitives::multiply());
      if (!is_same && !is_sum) return kNoNode;
      std::size_t argument = 0;
      if (is_sum) {
        const auto is_constant = [&](std::size_t i) {
          return graph.node(graph.input(id, i)).role == Role::kConstant &&
                 graph.node(graph.input(id, i)).primitive == nullptr;
        };
        if (is_constant(0) == is_constant(1)) return kNoNode;
        argument = is_constant(0) ? 1 : 0;
      }
      id = graph.input(id, argument);
    }
  }

  // An array of an object as a leaf, unless the first reading found that no result is made of it.
  std::optional<Var> leaf_of(const Field& field, Draft& draft,
                             std::vector<CircuitParameter>& fields) const {
    if (unused_fields_.count(field.name) > 0) return std::nullopt;
    const Role role = field.is_parameter ? Role::kParameter : Role::kConstant;
    const Var leaf = draft.graph.leaf(role, field.numbers.shape(), field.name, 0);
    draft.outside.insert(leaf.id());
    fields.push_back({field.name,
                      leaf.id(),
                      role,
                      {},
                      "as __init__ makes it",
                      NumberType::kFloat,
                      std::make_shared<const Tensor>(field.numbers)});
    return leaf;
  }

  // The leaves that the results are made of become parameters of the circuit; where there are
  // others, it is read once more without them.
  void take_fields(std::vector<CircuitParameter>& fields, const Draft& draft, Circuit& circuit) {
    if (fields.empty()) return check_given({});
    std::set<NodeId> used(circuit.outputs.begin(), circuit.outputs.end());
    for (NodeId id = static_cast<NodeId>(draft.graph.size()); id-- > 0;) {
      if (used.count(id) == 0) continue;
      for (std::size_t i = 0; i < draft.graph.arity(id); ++i) used.insert(draft.graph.input(id, i));
    }
    std::vector<std::string> names;
    for (const CircuitParameter& field : fields) {
      names.push_back(field.name);
      if (used.count(field.node) > 0) continue;
      unused_fields_.insert(field.name);
      has_new_indices_ = true;
    }
    if (has_new_indices_) return;
    check_given(names);
    for (CircuitParameter& field : fields) {
      circuit.notes.push_back(fmt::format("{} is not set: {}", shortened(field.name), field.fill));
      circuit.parameters.push_back(std::move(field));
    }
  }

  // What is set is a parameter, or an array of the object.
  void check_given(const std::vector<std::string>& fields) const {
    if (!function_.object) return;
    for (const auto& [name, value] : given_) {
      const std::string parameter = name.substr(0, name.find('.'));
      const auto is_it = [&](const auto& known) { return known.name == parameter; };
      if (std::any_of(plans_.begin(), plans_.end(), is_it)) continue;
      if (std::find(fields.begin(), fields.end(), name) == fields.end()) {
        refuse_parameter(function_, name, fields);
      }
    }
  }

  // What a parameter is filled with, unless the def line says so itself.
  static void add_fill_notes(Circuit& circuit) {
    constexpr std::size_t kMostListed = 50;
    std::size_t filled = 0;
    for (const CircuitParameter& parameter : circuit.parameters) {
      if (parameter.fill.empty() || !parameter.default_text.empty()) continue;
      if (++filled > kMostListed) continue;
      circuit.notes.push_back(
          fmt::format("{} is not set: {}", shortened(parameter.name), shortened(parameter.fill)));
    }
    if (filled > kMostListed) {
      circuit.notes.push_back(fmt::format("{} more are not set", filled - kMostListed));
    }
  }

  // The arrays among the results; a tuple within them is a cache.
  std::vector<NodeId> outputs_of(const Value& result, std::vector<std::string>& notes) const {
    std::vector<NodeId> outputs;
    if (const Array* array = result.array()) outputs.push_back(array->var.id());
    if (const Tuple* tuple = result.tuple()) {
      int number = 0;
      for (const Value& item : *tuple->items) {
        ++number;
        if (const Array* array = item.array()) {
          outputs.push_back(array->var.id());
        } else {
          notes.push_back(fmt::format("result {} is no array: it has no gradient", number));
        }
      }
    }
    if (outputs.empty()) {
      throw ReadError(*module_.source, function_.byte,
                      fmt::format("{} returns no array, so nothing in it has a gradient",
                                  quoted(function_.name)),
                      "return, with an array that is made of the parameters");
    }
    return outputs;
  }

  std::string shapes_text() const {
    constexpr std::size_t kMostListed = 8;
    std::string shapes;
    std::size_t listed = 0;
    for (std::size_t i = 0; i < plans_.size(); ++i) {
      const std::vector<Shape>& candidates = plans_[i].shapes;
      if (candidates.size() < 2 || ++listed > kMostListed) continue;
      shapes += fmt::format("{}{} {}", listed == 1 ? "" : ", ", shortened(plans_[i].name),
                            to_string(candidates[furthest_choice_[i]]));
    }
    return fmt::format("tried {}, and others; give yours with --set NAME='randn(4, 3)'", shapes);
  }

  const Module& module_;
  const Function& function_;
  const std::map<std::string, Given>& given_;
  std::set<std::string> unused_fields_;
  std::set<std::string> has_sides_;  // parameters whose number of sides the text tells
  const Sought& sought_;
  Library library_;
  std::vector<ParameterPlan> plans_;
  bool has_new_indices_ = false;
  std::size_t most_sum_ = 0;  // of the costs: 0 if there was one choice alone
  int attempts_ = 0;
  std::size_t nodes_tried_ = 0;
  int fits_ = 0;
  std::vector<std::size_t> first_choice_;
  std::optional<Circuit> first_fit_;  // of those that did not do
  // Of the attempt that came furthest, which says the most.
  std::optional<ReadError> furthest_error_;
  std::size_t furthest_steps_ = 0;
  std::vector<std::size_t> furthest_choice_;
};

}  // namespace

Circuit read_circuit(const CircuitSource& source, const std::map<std::string, Given>& given) {
  return read_circuit(source.module, source.function, given, {});
}

Circuit read_circuit(const Module& module, const Function& function,
                     const std::map<std::string, Given>& given) {
  return Reading(module, function, given, {}).read();
}

Circuit read_circuit(const Module& module, const std::string& function,
                     const std::map<std::string, Given>& given, const Sought& sought) {
  return Reading(module, *module.find(function), given, sought).read();
}

}  // namespace backstep::read
