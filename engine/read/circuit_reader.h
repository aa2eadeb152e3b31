// Reads a NumPy function as a circuit: the graph of what it computes, for known shapes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/graph.h"
#include "engine/read/library.h"
#include "engine/read/value.h"

namespace backstep::read {

// What a user gives to a parameter, as far as the graph hangs on it.
struct Given {
  Shape shape;
  double number = 0;
  NumberType type = NumberType::kFloat;
  double most = 0;       // of whole numbers: no element is larger
  bool is_file = false;  // an array, even if it has no sides  // of a number
  // Of whole numbers that no random generator gave: they may be an index.
  std::shared_ptr<const Tensor> numbers = nullptr;
  // A word, a truth or None: no array at all. Of an entry of a dictionary, a number too.
  std::optional<Value> setting = std::nullopt;
};

struct CircuitParameter {
  std::string name;       // bn_param.running_mean of an entry of a dictionary
  NodeId node = kNoNode;  // kNoNode: known while reading, as an `axis=0` is, and no leaf
  Role role = Role::kInput;
  std::string default_text;  // as the def line has it, or ""
  // What gives its numbers where the user does not: "randn(4, 3)", "1e-06". Empty where he does.
  std::string fill;
  NumberType type = NumberType::kFloat;  // of a leaf
  // Of an array that an object has from its `__init__`: what NumPy has there.
  std::shared_ptr<const Tensor> numbers = nullptr;
};

// Lengths of sides by the symbols that docstrings give them: {"N", 7}.
using SideLengths = std::map<std::string, std::int32_t>;

struct Circuit;

// What is sought besides a function that fits its shapes.
struct Sought {
  SideLengths sides = {};  // in place of the usual ones
  // So many results count, and what they are not made of is left out; 0: all of it.
  std::size_t results = 0;
  // Whether a circuit with other shapes than are set will do; where none does, the first is taken.
  std::function<bool(const Circuit&)> accepts = {};
  // Of what the function draws itself.
  std::uint32_t seed = 50;
};

struct Circuit {
  std::string name;
  std::string file;
  Graph graph;
  std::vector<CircuitParameter> parameters;  // those of the function, then entries of dictionaries
  // What the parameters are that are no leaf: settings, and dictionaries of settings.
  std::map<std::string, Value> known;
  std::vector<NodeId> outputs;     // what it returns, in order
  std::vector<std::string> notes;  // what was passed over, and what was taken for granted
  std::uint32_t seed = 50;         // of what the function draws itself
};

// Throws Error, with the place in the file and the line. `given` may name parameters, and entries
// of those that are dictionaries: bn_param.mode.
Circuit read_circuit(const CircuitSource& source, const std::map<std::string, Given>& given);
// The same of a function that need not stand in the module's list.
Circuit read_circuit(const Module& module, const Function& function,
                     const std::map<std::string, Given>& given);
Circuit read_circuit(const Module& module, const std::string& function,
                     const std::map<std::string, Given>& given, const Sought& sought);

}  // namespace backstep::read
