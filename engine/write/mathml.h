// Formulas as MathML, made of the same nodes and patterns that print the NumPy text, so that the
// rule on a page, the line of NumPy and the numbers cannot differ.
#pragma once

#include <set>
#include <string>

#include "engine/graph.h"

namespace backstep::write {

// A whole <math> element: "dgamma = ∑ xhat · dout". Of a leaf its name alone.
std::string formula_mathml(const Graph& graph, NodeId node);

// The rule behind a node as it stands in every circuit, with letters for sizes; see local_formula.
// Empty where that is empty.
std::string local_mathml(const Graph& graph, NodeId node);

// The formula of `node` with the nodes of `inside` written out instead of named: what a group
// computes, as a textbook has it.
std::string group_mathml(const Graph& graph, NodeId node, const std::set<NodeId>& inside);

}  // namespace backstep::write
