// From a circuit's name and a few settings to its recorded run.
#include "engine/read/run.h"

#include <fmt/core.h>

#include <optional>

#include "engine/differentiate.h"
#include "engine/evaluate.h"
#include "engine/primitives/primitives.h"
#include "engine/read/inputs.h"
#include "engine/read/probes.h"
#include "engine/read/values.h"

namespace backstep::read {
namespace {

// Of the upstream gradient alone, so that it does not change with what the inputs draw. It is never
// that of the inputs: dout would be the very numbers of x, and batch norm's dx 0.
std::uint32_t upstream_seed(std::uint32_t of_inputs) { return of_inputs == 1 ? 2 : 1; }

NodeId chosen_output(const Circuit& circuit, const std::string& of) {
  if (of.empty()) return circuit.outputs.front();
  std::string names;
  for (const NodeId output : circuit.outputs) {
    if (circuit.graph.name(output) == of) return output;
    names += (names.empty() ? "" : ", ") + circuit.graph.name(output);
  }
  throw Error(fmt::format("--of {}: {} has no such result; it returns {}", shortened(of),
                          circuit.name, names));
}

// Adds the upstream gradient to the graph, and its value where it is a leaf with one.
class Upstream {
 public:
  Upstream(PreparedCircuit& prepared, NodeId output, std::uint32_t seed)
      : prepared_(prepared), output_(output), seed_(seed) {}

  Var add(const std::string& text, std::vector<std::string>& notes) {
    Graph& graph = prepared_.circuit.graph;
    const NodeId named = graph.find(text);
    if (named != kNoNode) return copy(graph.var(named));
    const Var leaf = upstream_leaf(graph, output_);
    if (!text.empty()) {
      set(leaf, given(text));
    } else if (!leaf.shape().is_scalar()) {
      set(leaf, LegacyRandom(seed_).randn(leaf.shape()));
      notes.push_back(fmt::format("{} is not set: randn{} from seed {}", graph.name(leaf.id()),
                                  to_string(leaf.shape()), seed_));
    }
    return leaf;
  }

 private:
  void set(Var leaf, Tensor value) { prepared_.values.emplace(leaf.id(), std::move(value)); }

  Tensor given(const std::string& text) {
    LegacyRandom random(seed_);
    const Tensor value = evaluate_input("--upstream", text, random).numbers;
    const Shape shape = prepared_.circuit.graph.node(output_).shape;
    if (value.shape().ndim() == 0) return Tensor(shape, value.data()[0]);
    if (value.shape() == shape) return value;
    const std::string name = prepared_.circuit.graph.name(output_);
    throw Error(
        fmt::format("--upstream {}: its shape is {}, but {} has {}; the upstream gradient has "
                    "one number for each element of the output",
                    shortened(text), to_string(value.shape()), name, to_string(shape)));
  }

  PreparedCircuit& prepared_;
  NodeId output_;
  std::uint32_t seed_;
};

std::vector<NodeId> leaves_of(const Circuit& circuit) {
  std::vector<NodeId> leaves;
  for (const CircuitParameter& parameter : circuit.parameters) {
    if (parameter.node != kNoNode) leaves.push_back(parameter.node);
  }
  return leaves;
}

std::map<std::string, NodeId> entries_of(const Circuit& circuit) {
  std::map<std::string, NodeId> entries;
  for (const CircuitParameter& parameter : circuit.parameters) {
    const bool is_entry = parameter.name.find('.') != std::string::npos;
    if (is_entry) entries.emplace(parameter.name, parameter.node);
  }
  return entries;
}

std::map<NodeId, NumberType> types_of(const Circuit& circuit) {
  std::map<NodeId, NumberType> types;
  for (const CircuitParameter& parameter : circuit.parameters) {
    if (parameter.node != kNoNode && parameter.type != NumberType::kFloat) {
      types.emplace(parameter.node, parameter.type);
    }
  }
  return types;
}

// One number that hangs on each result as the upstream gradient of that result says.
NodeId joined(Graph& graph, const std::vector<NodeId>& outputs, Values& values,
              std::vector<NodeId>& seeds, std::uint32_t seed) {
  LegacyRandom random(seed);
  std::optional<Var> total;
  for (const NodeId output : outputs) {
    const Var leaf = upstream_leaf(graph, output);
    values.emplace(leaf.id(), random.randn(leaf.shape()));
    seeds.push_back(leaf.id());
    const Var product = graph.var(output) * leaf;
    const Var part =
        product.shape().is_scalar()
            ? product
            : reduce(primitives::sum(), product, Sides::first(product.shape().ndim()), false);
    total = total ? *total + part : part;
  }
  return total->id();
}

Run run_prepared(PreparedCircuit prepared, const RunOptions& options) {
  Circuit& circuit = prepared.circuit;
  std::vector<NodeId> seeds;
  const bool is_joined = options.results > 1 && circuit.outputs.size() > 1;
  const NodeId output = is_joined ? joined(circuit.graph, circuit.outputs, prepared.values, seeds,
                                           upstream_seed(options.seed))
                                  : chosen_output(circuit, options.of);
  std::vector<std::string> notes = std::move(circuit.notes);
  if (options.of.empty() && circuit.outputs.size() > 1 && !is_joined) {
    notes.push_back(fmt::format("the gradient is that of {}, the first result; --of takes another",
                                circuit.graph.name(output)));
  }
  const Var seed = Upstream(prepared, output, upstream_seed(options.seed))
                       .add(is_joined ? "" : options.upstream, notes);
  const std::vector<NodeId> wrt = differentiable_leaves(circuit.graph);
  differentiate(circuit.graph, output, seed, wrt);
  std::vector<NodeId> leaves = leaves_of(circuit);
  std::map<std::string, NodeId> entries = entries_of(circuit);
  std::map<NodeId, NumberType> types = types_of(circuit);
  Trace trace = evaluate(std::move(circuit.graph), prepared.values);
  const std::vector<std::string> probes = probe_notes(trace, output, seed.id());
  notes.insert(notes.end(), probes.begin(), probes.end());
  return {circuit.name,       std::move(trace),  output,           seed.id(),
          circuit.outputs,    std::move(leaves), std::move(notes), std::move(circuit.known),
          std::move(entries), std::move(types),  std::move(seeds), circuit.seed};
}

}  // namespace

Run run_circuit(std::string_view name, const RunOptions& options) {
  const CircuitSource source = find_circuit(name);
  return run_circuit(source.module, source.function, options);
}

Run run_circuit(const Module& module, const std::string& function, const RunOptions& options) {
  Sought sought{options.sides, options.results, {}, options.seed};
  if (options.accepts) {
    sought.accepts = [&](const Circuit& circuit) {
      try {
        return options.accepts(
            run_prepared({circuit, draw_values(circuit, options.set, options.seed)}, options));
      } catch (const Error&) {
        return false;
      }
    };
  }
  return run_prepared(prepare_circuit(module, function, options.set, options.seed, sought),
                      options);
}

}  // namespace backstep::read
