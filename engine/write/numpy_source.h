// The forward and the backward pass of a run as a NumPy module, to take home.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/trace.h"

namespace backstep::write {

struct NumpySource {
  const Trace* trace = nullptr;
  std::string circuit;
  NodeId output = kNoNode;
  NodeId seed = kNoNode;
  std::vector<NodeId> parameters;  // the leaves, in the order of the function's parameters
  // Sides of this run that are to be written as letters: {101, "N"}. No two are the same.
  std::vector<std::pair<int, std::string>> letters;
  bool closed_form = false;
};

// A module with two functions: the circuit, which returns (out, cache), and its backward pass,
// which takes (dout, cache) and returns the gradients of the inputs and parameters.
std::string numpy_module(const NumpySource& source);

}  // namespace backstep::write
