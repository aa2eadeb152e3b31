// Reads a circuit and draws the values of its leaves.
#include "engine/read/inputs.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/read/python_text.h"
#include "engine/read/settings.h"
#include "engine/read/uses.h"
#include "engine/read/values.h"

namespace backstep::read {
namespace {

using Texts = std::map<std::string, std::string>;

// bn_param.mode: the name of a parameter, and as it stands what the entry is called.
std::string normalised(const std::string& name) {
  const std::size_t dot = std::min(name.find('.'), name.size());
  return normalised_name(name.substr(0, dot)) + name.substr(dot);
}

Texts texts_by_name(const Settings& settings) {
  Texts texts;
  for (const auto& [name, text] : settings) {
    if (!texts.emplace(normalised(name), text).second) {
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

// Whether a parameter is to be a word, as a mode is: its default says so, or its name.
bool takes_word(const Function& function, const std::string& name) {
  const auto parameter = std::find_if(function.parameters.begin(), function.parameters.end(),
                                      [&](const Parameter& one) { return one.name == name; });
  if (parameter == function.parameters.end()) return false;
  const std::optional<Value> usual = usual_value(name);
  const auto& of = parameter->default_value;
  return (usual && usual->word() != nullptr) || (of && text_of(*of) != nullptr);
}

// What is set and is no array: an entry of a dictionary, a word, True, False, None.
std::optional<Value> setting(const Function& function, const std::string& name,
                             const std::string& text) {
  const std::optional<Value> value = setting_of(text);
  if (!value) return std::nullopt;
  if (name.find('.') != std::string::npos) return value;
  const bool is_word = value->word() != nullptr;
  const bool is_text = is_word && text.front() != value->word()->text.front();
  if (is_word && !is_text && !takes_word(function, name)) return std::nullopt;
  const bool is_number = value->scalar() != nullptr;
  if (is_number && value->scalar()->type != NumberType::kBool) return std::nullopt;
  return value;
}

// What the graph hangs on. The numbers themselves are drawn later, in the order of the parameters.
std::map<std::string, Given> given_shapes(const Function& function, const Texts& texts,
                                          std::uint32_t seed) {
  LegacyRandom random(seed);
  std::map<std::string, Given> given;
  for (const auto& [name, text] : texts) {
    if (std::optional<Value> value = setting(function, name, text)) {
      given[name].setting = std::move(value);
      continue;
    }
    const InputValue value = evaluate_input(where(name), text, random);
    const Tensor& numbers = value.numbers;
    double most = 0;
    for (const double number : numbers.data()) most = std::max(most, std::fabs(number));
    given[name] = {numbers.shape(), numbers.shape().ndim() == 0 ? numbers.data()[0] : 0,
                   value.type,      most,
                   value.is_file,   whole_numbers(name, text, value, seed),
                   std::nullopt};
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

Values values_of(const Circuit& circuit, const Texts& texts, std::uint32_t seed) {
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
  const CircuitSource source = find_circuit(circuit);
  return prepare_circuit(source.module, source.function, settings, seed, {});
}

PreparedCircuit prepare_circuit(const Module& module, const std::string& function,
                                const Settings& settings, std::uint32_t seed,
                                const Sought& sought) {
  const Texts texts = texts_by_name(settings);
  const auto given = given_shapes(*module.find(function), texts, seed);
  Sought seeded = sought;
  seeded.seed = seed;
  PreparedCircuit prepared{read_circuit(module, function, given, seeded), {}};
  prepared.values = values_of(prepared.circuit, texts, seed);
  return prepared;
}

Values draw_values(const Circuit& circuit, const Settings& settings, std::uint32_t seed) {
  return values_of(circuit, texts_by_name(settings), seed);
}

}  // namespace backstep::read
