// Reads a circuit and draws the values of its leaves.
#include "engine/read/inputs.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/read/python_text.h"
#include "engine/read/values.h"

namespace backstep::read {
namespace {

using Texts = std::map<std::string, std::string>;

Texts texts_by_name(const Settings& settings) {
  Texts texts;
  for (const auto& [name, text] : settings) {
    if (!texts.emplace(normalised_name(name), text).second) {
      throw Error(fmt::format("{} is set twice", quoted(name)));
    }
  }
  return texts;
}

std::string where(const std::string& name) { return "--set " + shortened(name); }

// The numbers of an array of whole ones that are the same whatever the seed.
std::shared_ptr<const Tensor> whole_numbers(const std::string& name, const std::string& text,
                                            const InputValue& value, std::uint32_t seed) {
  const auto is_whole = [](double number) {
    return std::fabs(number) <= 1e9 && number == std::floor(number);
  };
  const std::vector<double>& data = value.numbers.data();
  if (!std::all_of(data.begin(), data.end(), is_whole)) return nullptr;
  LegacyRandom other(seed + 1);
  if (evaluate_input(where(name), text, other).numbers.data() != data) return nullptr;
  return std::make_shared<const Tensor>(value.numbers);
}

// What the graph hangs on. The numbers themselves are drawn later, in the order of the parameters.
std::map<std::string, Given> given_shapes(const Texts& texts, std::uint32_t seed) {
  LegacyRandom random(seed);
  std::map<std::string, Given> given;
  for (const auto& [name, text] : texts) {
    const InputValue value = evaluate_input(where(name), text, random);
    const Tensor& numbers = value.numbers;
    double most = 0;
    for (const double number : numbers.data()) most = std::max(most, std::fabs(number));
    given[name] = {numbers.shape(), numbers.shape().ndim() == 0 ? numbers.data()[0] : 0,
                   value.type,      most,
                   value.is_file,   whole_numbers(name, text, value, seed)};
  }
  return given;
}

// A number fills the shape of its leaf.
Tensor in_shape(const Tensor& value, const Shape& shape, const CircuitParameter& parameter) {
  if (value.shape() == shape) return value;
  if (value.shape().ndim() == 0) return Tensor(shape, value.data()[0]);
  throw Error(fmt::format("{}: {} has the shape {}, not {}", quoted(parameter.name),
                          shortened(parameter.fill), to_string(value.shape()), to_string(shape)));
}

Values draw_values(const Circuit& circuit, const Texts& texts, std::uint32_t seed) {
  LegacyRandom random(seed);
  Values values;
  for (const CircuitParameter& parameter : circuit.parameters) {
    if (parameter.node == kNoNode) continue;
    const auto set = texts.find(parameter.name);
    if (set == texts.end() && parameter.numbers != nullptr) {
      values.emplace(parameter.node, *parameter.numbers);
      continue;
    }
    const std::string& text = set == texts.end() ? parameter.fill : set->second;
    const Tensor value = evaluate_input(where(parameter.name), text, random).numbers;
    const Shape shape = circuit.graph.node(parameter.node).shape;
    values.emplace(parameter.node, in_shape(value, shape, parameter));
  }
  return values;
}

}  // namespace

PreparedCircuit prepare_circuit(std::string_view circuit, const Settings& settings,
                                std::uint32_t seed) {
  const Texts texts = texts_by_name(settings);
  const CircuitSource source = find_circuit(circuit);
  PreparedCircuit prepared{read_circuit(source, given_shapes(texts, seed)), {}};
  prepared.values = draw_values(prepared.circuit, texts, seed);
  return prepared;
}

}  // namespace backstep::read
