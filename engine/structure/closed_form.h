// Stretches of a backward pass that have a compact formula, such as that of a normalisation.
#pragma once

#include <map>
#include <string>

#include "engine/trace.h"

namespace backstep::structure {

// One line of NumPy for a gradient, in place of all the steps that lead to it.
struct ClosedForm {
  std::string code;
  std::string comment;
};

// By the node that holds the gradient: those of normalisations (batch norm, layer norm, root mean
// square), of a log-softmax, and of the logistic function.
std::map<NodeId, ClosedForm> closed_forms(const Trace& trace);

}  // namespace backstep::structure
