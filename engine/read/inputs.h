// From a circuit's name and what the user sets to a circuit with a number for each of its leaves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/evaluate.h"
#include "engine/read/circuit_reader.h"

namespace backstep::read {

// As written: {"x", "rand(50,50)"}.
using Settings = std::vector<std::pair<std::string, std::string>>;

struct PreparedCircuit {
  Circuit circuit;
  Values values;
};

// Reads the circuit for the shapes that are set, and draws its values: in the order of the
// function's parameters, from one stream of NumPy's, as a script would that begins with
// np.random.seed(seed). Throws Error.
PreparedCircuit prepare_circuit(std::string_view circuit, const Settings& settings,
                                std::uint32_t seed);
PreparedCircuit prepare_circuit(const Module& module, const std::string& function,
                                const Settings& settings, std::uint32_t seed,
                                const Sought& sought = {});

// The values of a circuit that is read already.
Values draw_values(const Circuit& circuit, const Settings& settings, std::uint32_t seed);

}  // namespace backstep::read
