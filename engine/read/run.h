// From a circuit's name and a few settings to its recorded run: read, differentiate, evaluate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/read/circuit_reader.h"
#include "engine/read/python_parser.h"
#include "engine/trace.h"

namespace backstep::read {

struct Run;

struct RunOptions {
  // What the user set, as written: {"x", "rand(50,50)"}.
  std::vector<std::pair<std::string, std::string>> set;
  // For every random value, in the order of the function's parameters, as NumPy would draw them.
  std::uint32_t seed = 50;
  // The upstream gradient: the name of a node of the output's shape, or an expression. Empty: 1 for
  // a scalar output, random normal numbers from a fixed seed for a matrix.
  std::string upstream;
  // Which result is differentiated, by name; empty: the first.
  std::string of;
  // So many results count, each with an upstream gradient of its own: what is differentiated is the
  // sum of their products. 0: one result, and what it is not made of stays in the graph.
  std::size_t results = 0;
  // Lengths of sides, and whether a run with other shapes than are set will do.
  SideLengths sides = {};
  std::function<bool(Run)> accepts = {};
};

struct Run {
  std::string circuit;  // the function's name
  Trace trace;
  NodeId output = kNoNode;  // the result that is differentiated
  NodeId seed = kNoNode;    // its upstream gradient
  std::vector<NodeId> outputs;
  std::vector<NodeId> parameters;  // the leaves that the function's parameters became, in order
  // What the user should know: defaults that were taken, lines that were passed over, probes that
  // hide mistakes (an upstream of ones, gamma = 1, a batch of 1 or 2), where a NaN arose.
  std::vector<std::string> notes;
  // What parameters are that are no leaf; leaves that are entries of dictionaries ("params.W"); and
  // what kind of numbers leaves have that are whole.
  std::map<std::string, Value> known = {};
  std::map<std::string, NodeId> entries = {};
  std::map<NodeId, NumberType> types = {};
  // Of several results, the upstream gradient of each.
  std::vector<NodeId> seeds = {};
  // Of what the function draws itself.
  std::uint32_t drawn_from = 50;
};

// `circuit` is the name of a built-in one, FILE.py (its last function) or FILE.py:name. Throws
// Error.
Run run_circuit(std::string_view circuit, const RunOptions& options);
Run run_circuit(const Module& module, const std::string& function, const RunOptions& options);

}  // namespace backstep::read
