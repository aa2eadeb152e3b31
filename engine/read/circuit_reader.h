// Reads a NumPy function as a circuit: the graph of what it computes, for known shapes.
#pragma once

#include <map>
#include <memory>
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
};

struct CircuitParameter {
  std::string name;
  NodeId node = kNoNode;  // kNoNode: known while reading, as an `axis=0` is, and no leaf
  Role role = Role::kInput;
  std::string default_text;  // as the def line has it, or ""
  // What gives its numbers where the user does not: "randn(4, 3)", "1e-06". Empty where he does.
  std::string fill;
  // Of an array that an object has from its `__init__`: what NumPy has there.
  std::shared_ptr<const Tensor> numbers = nullptr;
};

struct Circuit {
  std::string name;
  std::string file;
  Graph graph;
  std::vector<CircuitParameter> parameters;
  std::vector<NodeId> outputs;     // what it returns, in order
  std::vector<std::string> notes;  // what was passed over, and what was taken for granted
};

// Throws Error, with the place in the file and the line. `given` may name parameters only.
Circuit read_circuit(const CircuitSource& source, const std::map<std::string, Given>& given);

}  // namespace backstep::read
