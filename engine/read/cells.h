// The statements at the top level of a notebook or a script: which of them lead to a result, which
// are gradients that somebody wrote by hand, and the circuit that they are.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/read/library.h"
#include "engine/read/python_parser.h"
#include "engine/read/value.h"

namespace backstep::read {

// A statement, or one of the body of a loop that is read as one turn.
struct TopStatement {
  TopBlock block;
  std::string_view text;
  std::vector<std::string> used;
  std::set<std::string> bound;    // the names that it gives a value
  std::set<std::string> changed;  // ... and those whose array it changes in place
  bool may_share = true;          // what it sets may be another name for what it uses
};

// Forward lines up to a loss, and the gradients by hand that follow them; by their numbers.
struct Segment {
  std::vector<std::size_t> forward;    // what the loss hangs on
  std::vector<std::size_t> setup;      // ... and what the gradients need besides
  std::vector<std::size_t> gradients;  // of the lines behind the loss, those that a gradient needs
  std::string result;
  std::size_t last = 0;  // the statement that sets it
};

// What a name is that the lines find when they begin.
struct CellLeaf {
  std::string name;
  std::uint32_t byte = 0;  // where it is used first
  std::vector<std::int64_t> shape;
  std::string fill;
};

// A segment with a shape for each leaf, and a number for each count.
struct CellCircuit {
  std::vector<CellLeaf> leaves;
  std::map<std::string, Scalar> numbers;
  std::vector<std::size_t> setup;    // the statements whose values are known...
  std::vector<std::size_t> forward;  // ... and those that are steps of the circuit
};

class TopLevel {
 public:
  // `cell` is the number of the only cell that is looked at, or 0 for all.
  explicit TopLevel(Module module, std::size_t cell = 0);

  const Module& module() const { return *module_; }
  const std::vector<TopStatement>& statements() const { return statements_; }

  // Where gradients stand behind a loss.
  std::vector<Segment> segments() const;
  // The lines up to the loss, or to what is set last. Throws Error where there is none.
  Segment whole() const;

  // What a gradient's name stands for: x of dx, d_x, grad_x, x_grad, where x is a name of the text;
  // "" for other names.
  std::string value_of_gradient(const std::string& name) const;
  // The statement that holds this byte; the number of all where none does.
  std::size_t statement_at(std::uint32_t byte) const;

  // Throws Error for a line that cannot be read.
  CellCircuit resolve(const Segment& segment) const;
  // These statements, behind those that set something up, as a function of the leaves that gives
  // back the value of that name.
  Function function_of(const CellCircuit& circuit, const std::vector<std::size_t>& statements,
                       const std::string& result) const;
  // The whole as a circuit. The module goes along, and this is of no use any more.
  CircuitSource take_circuit(const std::string& result, const CellCircuit& circuit);
  // What was passed over of the file is no news to whoever reads its statements.
  void drop_notes() { module_->notes.clear(); }
  // Adds a function to those of the module, and gives its name.
  std::string add_function(Function function);

 private:
  void add(const TopBlock& block);
  bool is_known_elsewhere(const std::string& name) const;
  std::vector<std::size_t> slice(std::set<std::string> needed, std::size_t begin, std::size_t end,
                                 bool kills) const;
  std::string name_of_circuit() const;

  std::unique_ptr<Module> module_;
  std::size_t cell_;
  std::vector<TopStatement> statements_;
  std::set<std::string> names_;  // that any statement binds or uses
};

}  // namespace backstep::read
