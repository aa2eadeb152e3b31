// A hand-written backward function, read line by line on the values of a recorded run.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/check/names.h"
#include "engine/check/pairs.h"
#include "engine/evaluate.h"
#include "engine/read/interpreter.h"
#include "engine/read/run.h"

namespace backstep::check {

// A recorded run of the circuit: what is right.
struct Reference {
  explicit Reference(read::Run of) : run(std::move(of)), ledger(run.trace), names(graph()) {}

  const Graph& graph() const { return run.trace.graph(); }
  ConstView value(NodeId node) const { return run.trace.value(node); }
  // The node that holds the gradient of a node of the forward pass; kNoNode if it has none.
  NodeId gradient(NodeId of) const { return of == run.output ? run.seed : ledger.gradient(of); }

  read::Run run;
  Ledger ledger;
  KnownNames names;
  mutable std::vector<double> rounding;  // see tolerance_of(); empty until it is asked for
};

// The file, and what its author says about its names.
struct Student {
  std::shared_ptr<const read::Module> module;
  const read::Function* backward = nullptr;
  const read::Function* forward = nullptr;  // null if the file has none
  // Whether the circuit is that forward function: its parameters are the circuit's, by their names.
  bool is_pair = false;
  // Whether the two are methods of a class: the forward one is the class as a circuit, and the
  // backward one runs on the object that it leaves.
  bool is_object() const { return forward != nullptr && forward->object.has_value(); }
  std::vector<UpstreamOf> upstreams;         // of a forward function with several results
  std::map<std::string, std::string> names;  // --name theirs=ours
  std::map<std::string, std::string> set;    // --set bn_param.mode=train, by "bn_param.mode"
};

// `file` is FILE.py or FILE.py:function; of several backward functions, that for `circuit` is
// taken, the name of a built-in one or of a forward function. Throws Error.
Student open_student(const std::string& file, const std::string& circuit);
Student parse_student(std::string name, std::string text, const std::string& function,
                      const std::string& circuit = {});

// The two functions of a file against each other.
Student student_of(std::shared_ptr<const read::Module> module, const Pair& pair);

// The epsilon that the file uses, as written; nothing if it names none.
std::optional<double> epsilon_of(const Student& student);

// One value that a line made.
struct Line {
  read::Binding binding;
  std::uint32_t number = 0;   // of the line in the file
  NodeId node = kNoNode;      // kNoNode if it could not be evaluated...
  std::string error;          // ... and why
  NodeId expected = kNoNode;  // of a result: the node of the reference
  bool in_forward = false;
  NodeId given = kNoNode;               // what it is taken to have made...
  std::shared_ptr<read::Memory> array;  // ... and the array that holds it
};

// Lines that are given the value of a node of the reference in place of their own.
using Corrections = std::map<std::size_t, NodeId>;

// The function as a graph. Its leaves take their values from nodes of the reference, so that one
// reading can be run on every run of the same shapes.
struct Reading {
  Graph graph;
  std::map<NodeId, NodeId> leaves;  // theirs to ours
  std::vector<Line> lines;
  std::vector<std::string> notes;
  bool takes_upstream = false;  // whether the function has an upstream gradient among its own
  std::vector<std::string> unmatched;  // results that are no gradient of the circuit, by name

  // Runs it on the values of a reference. The reading is to live as long.
  Numbers evaluate(const Reference& reference) const;
};

// The gradients that a backward pass is asked for, in the order of the circuit's parameters.
std::vector<NodeId> wanted_of(const Reference& reference);

// Which of those somebody calls `name`, as grad_gamma; bare, as in grads['gamma'], only if it may
// be. kNoNode if none.
NodeId result_by_name(const Reference& reference, const std::string& name, bool may_be_bare);

// Throws Error, with the place, for what cannot be read, and for a parameter that fits no value.
Reading read_student(const Student& student, const Reference& reference,
                     const Corrections& corrections);

}  // namespace backstep::check
