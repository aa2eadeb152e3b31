// What the tests of the reader share: reading a text as a circuit, and the text of its error.
#pragma once

#include <map>
#include <string>

#include "engine/read/circuit_reader.h"

namespace backstep::read {

// The last function of the text, in a file called my.py.
inline Circuit read_text(const std::string& text, const std::map<std::string, Given>& given = {}) {
  Module module = parse_module("my.py", text);
  std::string name = module.functions.back().name;
  return read_circuit({std::move(module), std::move(name)}, given);
}

// What is said of the text, or "" if nothing is wrong with it.
inline std::string error_of(const std::string& text,
                            const std::map<std::string, Given>& given = {}) {
  try {
    read_text(text, given);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

// "mean(x)": what a node is, with the names of its arguments. Broadcasts are left out.
inline std::string formula_of(const Graph& graph, const std::string& name) {
  const NodeId id = graph.find(name);
  if (id == kNoNode) return "no node " + name;
  const Node& node = graph.node(id);
  if (node.primitive == nullptr) return "leaf";
  std::string text = std::string(node.primitive->name) + "(";
  for (std::size_t i = 0; i < graph.arity(id); ++i) {
    NodeId input = graph.input(id, i);
    if (graph.place(input).folded) input = graph.input(input, 0);
    text += (i == 0 ? "" : ", ") + graph.name(input);
  }
  return text + ")";
}

}  // namespace backstep::read
