// The same graph as a fixed run: an order, buffers and kernels for one set of outputs. A run
// allocates nothing, and gives the recorded run's numbers to rounding.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/graph.h"
#include "engine/plan/layout.h"
#include "engine/say.h"

namespace backstep {

struct PlanOptions {
  bool rewrite = true;  // the passes of passes.h and linear_sums.h
  bool compile = true;  // loops in C, if there is a compiler; otherwise the plain kernels
  int threads = 1;      // 1 or 2; the numbers are the same
  std::vector<Carry> carries = {};  // what each run hands on to the next: see carry()
};

// What a plan does, to be shown.
struct PlanSummary {
  std::size_t nodes_before = 0;
  std::size_t nodes_after = 0;
  std::size_t steps = 0;
  std::size_t loops = 0;
  std::size_t products = 0;  // of matrices
  std::size_t buffers = 0;
  std::size_t bytes = 0;     // of all buffers
  double bytes_moved = 0;    // read and written by a run, if nothing stayed in a cache
  double multiply_adds = 0;  // of the matrix products
  double operations = 0;     // of all else
  bool compiled = false;
};

struct PassSummary {
  Words name;
  std::size_t nodes_before = 0;
  std::size_t nodes_after = 0;
  double operations_before = 0;
  double operations_after = 0;
};

class Plan {
 public:
  // For the values of `outputs`; nodes are those of `graph` throughout. With a carry, the run ends
  // with the value of its `from` in the leaf `to`: a training step keeps its parameters so.
  Plan(const Graph& graph, std::span<const NodeId> outputs, const PlanOptions& options = {});
  ~Plan();
  Plan(Plan&&) noexcept;
  Plan& operator=(Plan&&) noexcept;

  // Where the value of a leaf is to be written before a run. Constants hold their own number from
  // the start. Throws Error for a node that is no leaf; of one that no output hangs on, an empty
  // view.
  View leaf(NodeId node);
  // Copies a value to a leaf; one that no output hangs on is left out.
  void set(NodeId node, ConstView value);
  // The value of an output or a leaf. Throws Error for a node that was not asked for.
  ConstView value(NodeId node) const;

  void run();

  const PlanSummary& summary() const;
  const std::vector<PassSummary>& passes() const;
  // The graph that runs, after the passes, and where a node of the original is in it.
  const Graph& graph() const;
  NodeId now(NodeId node) const;
  const Schedule& schedule() const;
  // The fused loops as C, whether or not there was a compiler for them. Empty for a graph that is
  // too large for it.
  const std::string& c_source() const;

 private:
  struct Body;
  std::unique_ptr<Body> body_;
};

}  // namespace backstep
