// Chooses shapes and values for a circuit by the letters of its docstring.
#include "engine/check/probes.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "engine/check/names.h"
#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/read/sides.h"

namespace backstep::check {
namespace {

bool is_set(const read::RunOptions& options, const std::string& name) {
  return std::any_of(options.set.begin(), options.set.end(),
                     [&](const auto& setting) { return setting.first == name; });
}

read::RunOptions with(read::RunOptions options, const std::string& name, const std::string& text) {
  auto& set = options.set;
  set.erase(std::remove_if(set.begin(), set.end(),
                           [&](const auto& setting) { return setting.first == name; }),
            set.end());
  set.emplace_back(name, text);
  return options;
}

// A (1, D) that a node of the forward pass multiplies by, or adds.
bool is_used_by(const Graph& graph, NodeId leaf, const Primitive& primitive) {
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    const bool is_it = is(node, primitive) && node.place.part == Part::kForward;
    for (std::size_t i = 0; is_it && i < graph.arity(id); ++i) {
      if (unfolded(graph, graph.input(id, i)) == leaf) return true;
    }
  }
  return false;
}

}  // namespace

Subject find_subject(const std::string& circuit) {
  read::CircuitSource source = read::find_circuit(circuit);
  return {std::make_shared<const read::Module>(std::move(source.module)),
          std::move(source.function)};
}

Probes::Probes(Subject subject, read::RunOptions options, std::optional<double> epsilon)
    : subject_(std::move(subject)), options_(std::move(options)) {
  const read::Function& function = subject_.function();
  for (const read::Parameter& parameter : function.parameters) {
    const bool is_epsilon = parameter.name == "eps" || parameter.name == "epsilon";
    if (epsilon && is_epsilon && !is_set(options_, parameter.name)) {
      options_.set.emplace_back(parameter.name, exact_number_text(*epsilon));
      epsilon_name_ = parameter.name;
    }
  }
  const bool shapes_given = std::any_of(
      options_.set.begin(), options_.set.end(),
      [](const auto& setting) { return setting.second.find_first_of("([") != std::string::npos; });
  if (shapes_given) {
    trusted_ = {{"random", options_}};
  } else if (is_pair()) {
    add_pair_probes();
  } else {
    for (const std::array<int, 5>& sides :
         {std::array{7, 5, 11, 3, 13}, std::array{6, 4, 9, 5, 10}}) {
      Probe probe{"random", options_};
      for (auto& setting : read::set_sides(function, sides).set) {
        if (!is_set(probe.options, setting.first)) probe.options.set.push_back(setting);
      }
      fill_with_random(probe);
      trusted_.push_back(std::move(probe));
    }
    trusted_[1].options.seed += 1;
  }
  add_traps(run(trusted_.front()));
  if (shapes_given) return;
  if (is_pair()) {
    Probe two = trusted_.front();
    two.name = "N=2";
    two.options.sides["N"] = 2;
    traps_.push_back(std::move(two));
    return;
  }
  Probe two{"N=2", options_};
  for (auto& setting : read::set_sides(function, std::array{2, 5, 11, 3, 13}).set) {
    if (!is_set(two.options, setting.first)) two.options.set.push_back(setting);
  }
  const auto of_first = read::set_sides(function, std::array{7, 5, 11, 3, 13});
  const bool has_batch = !of_first.letters.empty() && of_first.letters.front().second == "N";
  if (has_batch) traps_.push_back(std::move(two));
}

bool Probes::is_parameter(const std::string& name) const {
  const std::vector<read::Parameter>& parameters = subject_.function().parameters;
  return std::any_of(parameters.begin(), parameters.end(),
                     [&](const read::Parameter& one) { return one.name == name; });
}

// Sides that differ from each other, even ones where images are pooled by 2.
void Probes::add_pair_probes() {
  const read::SideLengths first = {{"N", 5},  {"D", 7},   {"H", 4},  {"C", 3}, {"M", 6},
                                   {"F", 2},  {"V", 8},   {"T", 3},  {"W", 6}, {"d_1", 2},
                                   {"d1", 2}, {"d_k", 3}, {"HH", 3}, {"WW", 3}};
  const read::SideLengths second = {{"N", 4},  {"D", 5},   {"H", 6},  {"C", 4}, {"M", 3},
                                    {"F", 3},  {"V", 5},   {"T", 2},  {"W", 4}, {"d_1", 3},
                                    {"d1", 3}, {"d_k", 2}, {"HH", 3}, {"WW", 3}};
  for (const read::SideLengths& sides : {first, second}) {
    Probe probe{"random", options_};
    probe.options.sides = sides;
    fill_with_random(probe);
    trusted_.push_back(std::move(probe));
  }
  trusted_[1].options.seed += 1;
}

// A leaf of zeros or ones, as docstrings ask for, hides what is multiplied by it or added to it.
void Probes::fill_with_random(Probe& probe) const {
  const read::Run run = this->run(probe);
  for (const NodeId leaf : run.parameters) {
    const Node& node = run.trace.graph().node(leaf);
    const ConstView value = run.trace.value(leaf);
    const bool is_flat = std::all_of(value.begin(), value.end(), [&](double v) {
      return v == *value.begin() && v == std::round(v);
    });
    if (node.role == Role::kConstant || !is_flat || is_set(probe.options, node.name)) continue;
    if (!is_parameter(node.name)) continue;  // an entry of a dictionary, which is drawn anyway
    probe.options.set.emplace_back(node.name, fmt::format("randn{}", to_string(node.shape)));
  }
}

// More numbers, and larger ones: inputs times 1, 8 and 64, with the upstream gradient 8 times that.
std::vector<Probe> Probes::wide() const {
  std::vector<Probe> wide;
  if (trusted_.size() < 2) return wide;  // whoever sets the numbers wants those alone
  const read::Function& function = subject_.function();
  for (const int scale : {1, 8, 64}) {
    Probe probe{fmt::format("inputs times {}", scale), options_};
    if (is_pair()) {
      constexpr int kRows = 12;
      probe.options.sides = trusted_.front().options.sides;
      probe.options.sides["N"] = kRows;
    } else {
      for (auto& setting : read::set_sides(function, std::array{60, 5, 11, 3, 13}).set) {
        if (!is_set(probe.options, setting.first)) probe.options.set.push_back(setting);
      }
    }
    fill_with_random(probe);
    const read::Run run = this->run(probe);
    const Graph& graph = run.trace.graph();
    for (const NodeId leaf : run.parameters) {
      const Node& node = graph.node(leaf);
      const ConstView value = run.trace.value(leaf);
      if (node.role != Role::kInput || is_set(options_, node.name)) continue;
      if (!is_parameter(node.name)) continue;
      const double least = *std::min_element(value.begin(), value.end());
      const bool is_label =
          std::all_of(value.begin(), value.end(), [](double v) { return v == 0 || v == 1; });
      if (is_label) continue;
      probe.options =
          with(probe.options, node.name,
               fmt::format("{}*{}{}", scale, least >= 0 ? "rand" : "randn", to_string(node.shape)));
    }
    const Shape shape = graph.node(run.output).shape;
    if (options_.upstream.empty() && !shape.is_scalar()) {
      probe.options.upstream = fmt::format("{}*randn{}", 8 * scale, to_string(shape));
    }
    wide.push_back(std::move(probe));
  }
  return wide;
}

void Probes::add_traps(const read::Run& run) {
  const Graph& graph = run.trace.graph();
  const read::RunOptions& options = trusted_.front().options;
  const bool is_scalar = graph.node(run.output).shape.is_scalar();
  if (!is_scalar) {
    Probe ones{"ones", options};
    ones.options.upstream = "1";
    traps_.push_back(std::move(ones));
  }
  for (const NodeId leaf : run.parameters) {
    const Node& node = graph.node(leaf);
    if (node.role != Role::kParameter || !is_used_by(graph, leaf, primitives::multiply())) continue;
    traps_.push_back(
        {node.name + "=1", with(options, node.name, fmt::format("ones{}", to_string(node.shape)))});
  }
  if (is_scalar) return;
  const std::string output = graph.name(run.output);
  Probe squares{fmt::format("sum({}**2)", output), options};
  squares.options.upstream = output;
  for (const NodeId leaf : run.parameters) {
    const Node& node = graph.node(leaf);
    if (node.role != Role::kParameter || !is_used_by(graph, leaf, primitives::add())) continue;
    squares.options =
        with(squares.options, node.name, fmt::format("zeros({})", to_string(node.shape)));
  }
  traps_.push_back(std::move(squares));
}

read::Run Probes::run_on(const read::NamedTensors& values) const {
  read::RunOptions options = options_;
  const read::Function& function = subject_.function();
  const auto text_of = [](const Tensor& tensor) {
    const Shape& shape = tensor.shape();
    if (shape.ndim() == 0) return exact_number_text(tensor(0, 0));
    std::string text;
    for (const double value : tensor.data()) {
      text += (text.empty() ? "[" : ", ") + exact_number_text(value);
    }
    text += "]";
    return shape.ndim() == 1 ? text : fmt::format("array({}).reshape{}", text, to_string(shape));
  };
  for (const read::Parameter& parameter : function.parameters) {
    const auto found = values.find(parameter.name);
    if (found == values.end() || is_set(options, parameter.name)) continue;
    options.set.emplace_back(parameter.name, text_of(found->second));
  }
  if (options.upstream.empty()) {
    const read::Run plain = run(options);
    const auto found = values.find(plain.trace.graph().name(plain.seed));
    if (found != values.end()) options.upstream = text_of(found->second);
  }
  return run(options);
}

bool hides(const Reading& reading, const Numbers& values, const Reference& reference) {
  constexpr double kCareful = 1e-5;
  for (const Line& line : reading.lines) {
    if (line.expected == kNoNode && line.node != kNoNode) continue;
    if (line.node == kNoNode) return false;
    const ConstView theirs = values.value(line.node);
    const ConstView ours = reference.value(line.expected);
    if (!(theirs.shape == ours.shape)) return false;
    double most = 1;
    for (const double value : ours) most = std::max(most, std::fabs(value));
    for (std::size_t i = 0; i < ours.size(); ++i) {
      if (!(std::fabs(theirs.data[i] - ours.data[i]) <= kCareful * most)) return false;
    }
  }
  return true;
}

}  // namespace backstep::check
