// A fixed run: the passes, the schedule and the layout once; then steps, one after the other.
#include "engine/plan/plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <thread>

#include "engine/plan/c_source.h"
#include "engine/plan/compiled.h"
#include "engine/plan/linear_sums.h"
#include "engine/plan/matmul.h"
#include "engine/plan/memory.h"
#include "engine/plan/passes.h"
#include "engine/plan/second_thread.h"

namespace backstep {
namespace {

// A graph of more nodes is not compiled: it would be many small steps, and much text.
constexpr std::size_t kMostCompiled = 4000;
// Loops over more elements are done in two blocks of rows, by one thread or by two.
constexpr std::size_t kTwoBlocks = 1 << 15;

using LoopFunction = void (*)(long first, long last, double* const* memory);

struct KernelStep {
  const Primitive* primitive = nullptr;
  std::array<ConstView, 3> inputs;
  View out;
  Attributes attributes;

  void run() const {
    primitive->forward(std::span(inputs).first(primitive->arguments.size()), attributes, out);
  }
};

struct ProductStep {
  MatmulFunction function = nullptr;
  long rows = 0;
  long inner = 0;
  long cols = 0;
  Strided a;
  Strided b;
  double* out = nullptr;
  double* space = nullptr;

  void run() const {
    function(rows, inner, cols, a.data, a.row_step, a.col_step, b.data, b.row_step, b.col_step, out,
             space);
  }
};

// The end of a sum over rows: the blocks are added, then the lanes, then a mean is divided.
struct FoldStep {
  double* out = nullptr;
  std::size_t size = 1;  // of the result
  std::size_t lanes = 1;
  double divisor = 1;
  double (*join)(double, double) = nullptr;
  double* first = nullptr;
  double* second = nullptr;  // null if there is one block

  void run() const {
    if (second != nullptr) {
      for (std::size_t i = 0; i < lanes; ++i) first[i] = join(first[i], second[i]);
    }
    if (size < lanes) {
      double total = first[0];
      for (std::size_t i = 1; i < lanes; ++i) total = join(total, first[i]);
      *out = total;
    } else if (out != first) {
      std::copy(first, first + size, out);
    }
    if (divisor != 1) {
      for (std::size_t i = 0; i < size; ++i) out[i] /= divisor;
    }
  }
};

struct LoopStep {
  LoopFunction function = nullptr;
  long rows = 0;
  long middle = 0;  // where the second block of rows begins; `rows` if there is one block
  std::vector<double*> memory;
  std::vector<double*> second_memory;  // the same, with partial sums of its own
  std::vector<FoldStep> folds;
};

struct Instruction {
  enum class Kind : std::uint8_t { kKernel, kProduct, kLoop } kind;
  std::uint32_t index;
};

}  // namespace

struct Plan::Body {
  Graph graph;  // after the passes
  std::vector<NodeId> now;
  std::vector<NodeId> outputs;  // of `graph`
  std::vector<Carry> carries;   // of `graph`
  Schedule schedule;
  Layout layout;
  PlanSummary summary;
  std::vector<PassSummary> passes;
  std::string c_source;

  Memory memory;
  Memory extra;  // the space of products, then partial sums
  double* extra_base = nullptr;

  std::vector<Instruction> instructions;
  std::vector<KernelStep> kernels;
  std::vector<ProductStep> products;
  std::vector<LoopStep> loops;
  std::vector<std::pair<View, ConstView>> copies;
  std::unique_ptr<Compiled> compiled_loops;
  std::unique_ptr<Compiled> compiled_matmul;
  std::unique_ptr<SecondThread> second;
  bool at_second_block = false;

  double* at(NodeId node) const { return memory.data() + layout.offset[node]; }
  View view(NodeId node) const { return {at(node), graph.node(node).shape}; }

  void apply(Words name, Rewritten next) { apply(name, graph, std::move(next)); }

  void apply(Words name, const Graph& before, Rewritten next) {
    passes.push_back({name, before.size(), next.graph.size(), count_operations(before),
                      count_operations(next.graph)});
    now = then(now, next.now);
    const auto moved = [&](NodeId& node) { node = next.now[node]; };
    for (NodeId& output : outputs) moved(output);
    for (Carry& carry : carries) {
      moved(carry.from);
      moved(carry.to);
    }
    graph = std::move(next.graph);
  }

  // All that must come out of a run.
  std::vector<NodeId> wanted() const {
    std::vector<NodeId> nodes = outputs;
    for (const Carry& carry : carries) {
      nodes.push_back(carry.from);
      nodes.push_back(carry.to);
    }
    return nodes;
  }

  void run_passes() {
    apply(Words("constants"), fold_constants(graph));
    apply(Words("equal"), merge_equal(graph));
    apply(Words("unused"), drop_unused(graph, wanted()));
    if (graph.size() > kMostCompiled) return;
    apply(Words("sums are linear"), pull_sums_apart(graph).rewritten);
    apply(Words("equal"), merge_equal(graph));
    GatherSearch search;
    apply(Words("common factor"), gather_factors(graph, wanted(), search).rewritten);
    apply(Words("constants"), fold_constants(graph));
    apply(Words("equal"), merge_equal(graph));
    apply(Words("unused"), drop_unused(graph, wanted()));
  }

  // ---- the steps ----

  std::vector<LoopSource> loop_sources() const {
    std::vector<LoopSource> sources;
    for (std::size_t i = 0; i < schedule.steps.size(); ++i) {
      if (schedule.steps[i].is_loop) {
        sources.push_back(loop_source(graph, schedule, layout, i));
      }
    }
    return sources;
  }

  bool make_compiled() {
    if (graph.size() > kMostCompiled) return false;
    schedule = schedule_loops(graph, wanted());
    layout = lay_out(graph, schedule, wanted(), carries);
    const std::vector<LoopSource> sources = loop_sources();
    c_source = c_file(sources);
    compiled_matmul = compile_c(matmul_source(), Contraction::kOn);
    compiled_loops = compiled_matmul ? compile_c(c_source, Contraction::kOff) : nullptr;
    if (!compiled_loops) return false;
    allocate(sources);
    std::size_t next_loop = 0;
    for (const Step& step : schedule.steps) {
      if (step.is_loop) {
        add_loop(sources[next_loop++], step);
      } else {
        add_node(step.nodes[0]);
      }
    }
    return true;
  }

  void make_plain() {
    schedule = schedule_nodes(graph);
    layout = lay_out(graph, schedule, wanted(), carries);
    allocate({});
    instructions.reserve(schedule.steps.size());
    kernels.reserve(schedule.steps.size());
    for (const Step& step : schedule.steps) add_node(step.nodes[0]);
  }

  static constexpr std::size_t kSlack = 8;

  std::size_t product_space() const {
    std::size_t most = 0;
    for (NodeId node = 0; node < graph.size(); ++node) {
      if (schedule.work[node] != Work::kMatmul) continue;
      const Shape a = graph.node(graph.input(node, 0)).shape;
      most = std::max(most, matmul_space(a.rows(), a.cols(), graph.node(node).shape.cols()));
    }
    return most;
  }

  void allocate(const std::vector<LoopSource>& sources) {
    memory = Memory(layout.size);
    std::size_t partial = 0;
    for (const LoopSource& source : sources) {
      for (const Fold& fold : source.folds) partial += 2 * (fold.lanes + kSlack);
    }
    extra = Memory(product_space() + partial + kSlack);
    extra_base = extra.data() + product_space();
    for (NodeId node = 0; node < graph.size(); ++node) {
      if (schedule.work[node] != Work::kLeaf) continue;
      fill_constant(graph.node(node), view(node));
    }
  }

  double* take_extra(std::size_t size) {
    double* taken = extra_base;
    extra_base += size + (kSlack - size % kSlack) % kSlack;
    return taken;
  }

  void add_loop(const LoopSource& source, const Step& step) {
    LoopStep loop;
    loop.function = reinterpret_cast<LoopFunction>(compiled_loops->function(source.name));
    loop.rows = step.rows;
    loop.middle = step.rows;
    std::size_t elements = 0;
    for (const NodeId node : step.nodes) {
      elements = std::max(elements, step.rows * std::size_t(loop_cols(graph, node)));
    }
    // A block of whole groups of rows, whatever the number of threads.
    if (elements >= kTwoBlocks && step.rows >= 4 * kRowsAtATime) {
      loop.middle = step.rows / 2 / kRowsAtATime * kRowsAtATime;
    }
    for (const NodeId node : source.pointers) loop.memory.push_back(at(node));
    for (const Fold& fold : source.folds) {
      if (fold.lanes > graph.node(fold.node).shape.size()) {
        loop.memory[fold.pointer] = take_extra(fold.lanes);
      }
    }
    loop.second_memory = loop.memory;
    for (const Fold& fold : source.folds) add_fold(fold, loop);
    instructions.push_back({Instruction::Kind::kLoop, static_cast<std::uint32_t>(loops.size())});
    loops.push_back(std::move(loop));
  }

  void add_fold(const Fold& fold, LoopStep& loop) {
    const Node& node = graph.node(fold.node);
    FoldStep step{at(fold.node),
                  node.shape.size(),
                  fold.lanes,
                  fold.divisor,
                  node.primitive->joining.join,
                  loop.memory[fold.pointer],
                  nullptr};
    if (loop.middle < loop.rows) {
      step.second = take_extra(fold.lanes);
      loop.second_memory[fold.pointer] = step.second;
    }
    loop.folds.push_back(step);
  }

  void add_node(NodeId node) {
    if (schedule.work[node] == Work::kMatmul && compiled_loops) {
      instructions.push_back(
          {Instruction::Kind::kProduct, static_cast<std::uint32_t>(products.size())});
      products.push_back(product_step(node));
      return;
    }
    KernelStep step{graph.node(node).primitive, {}, view(node), graph.node(node).attributes};
    for (std::size_t i = 0; i < graph.arity(node); ++i) {
      step.inputs[i] = view(graph.input(node, i));
    }
    instructions.push_back(
        {Instruction::Kind::kKernel, static_cast<std::uint32_t>(kernels.size())});
    kernels.push_back(step);
  }

  Strided strided(const Operand& operand) const {
    const long cols = graph.node(operand.node).shape.cols();
    if (operand.transposed) return {at(operand.node), 1, cols};
    return {at(operand.node), cols, 1};
  }

  ProductStep product_step(NodeId node) {
    ProductStep step;
    const Shape a = graph.node(graph.input(node, 0)).shape;
    step.rows = a.rows();
    step.inner = a.cols();
    step.cols = graph.node(node).shape.cols();
    step.function = reinterpret_cast<MatmulFunction>(compiled_matmul->function("matmul"));
    step.a = strided(operand(graph, schedule, node, 0));
    step.b = strided(operand(graph, schedule, node, 1));
    step.out = at(node);
    step.space = extra.data();
    return step;
  }

  void add_copies() {
    for (const Carry& carry : layout.copies) {
      copies.emplace_back(view(carry.to), view(carry.from));
    }
  }

  // ---- the run ----

  void run_loop(const LoopStep& loop) {
    if (loop.middle == loop.rows) {
      loop.function(0, loop.rows, loop.memory.data());
    } else if (second) {
      second->start(
          [](const void* what) {
            const LoopStep& part = *static_cast<const LoopStep*>(what);
            part.function(part.middle, part.rows, part.second_memory.data());
          },
          &loop);
      loop.function(0, loop.middle, loop.memory.data());
      second->wait();
    } else {
      // The block that the loop before ended with is still in the cache.
      for (const bool second_block : {at_second_block, !at_second_block}) {
        if (second_block) {
          loop.function(loop.middle, loop.rows, loop.second_memory.data());
        } else {
          loop.function(0, loop.middle, loop.memory.data());
        }
      }
      at_second_block = !at_second_block;
    }
    for (const FoldStep& fold : loop.folds) fold.run();
  }

  void run() {
    for (const Instruction instruction : instructions) {
      switch (instruction.kind) {
        case Instruction::Kind::kKernel:
          kernels[instruction.index].run();
          break;
        case Instruction::Kind::kProduct:
          products[instruction.index].run();
          break;
        case Instruction::Kind::kLoop:
          run_loop(loops[instruction.index]);
          break;
      }
    }
    for (const auto& [to, from] : copies) std::copy(from.begin(), from.end(), to.begin());
  }

  // ---- the summary ----

  double bytes_moved() const {
    double elements = 0;
    const auto size = [&](NodeId node) {
      return static_cast<double>(graph.node(node).shape.size());
    };
    if (!summary.compiled) {
      for (NodeId node = 0; node < graph.size(); ++node) {
        if (schedule.work[node] == Work::kLeaf) continue;
        elements += size(node);
        for (std::size_t i = 0; i < graph.arity(node); ++i) elements += size(graph.input(node, i));
      }
      return elements * sizeof(double);
    }
    for (std::size_t i = 0; i < schedule.steps.size(); ++i) {
      if (schedule.steps[i].is_loop) {
        for (const NodeId node : loop_source(graph, schedule, layout, i).pointers) {
          elements += size(node);
        }
        continue;
      }
      const NodeId node = schedule.steps[i].nodes[0];
      elements += size(node);
      for (std::size_t k = 0; k < graph.arity(node); ++k) elements += size(graph.input(node, k));
    }
    return elements * sizeof(double);
  }

  void summarise() {
    summary.nodes_after = graph.size();
    summary.steps = instructions.size();
    summary.loops = loops.size();
    summary.buffers = layout.buffers;
    summary.bytes = layout.size * sizeof(double);
    summary.compiled = compiled_loops != nullptr;
    for (NodeId node = 0; node < graph.size(); ++node) {
      if (schedule.work[node] != Work::kMatmul) continue;
      ++summary.products;
      summary.multiply_adds += static_cast<double>(graph.node(node).shape.size()) *
                               graph.node(graph.input(node, 0)).shape.cols();
    }
    summary.operations = count_operations(graph) - 2 * summary.multiply_adds;
    summary.bytes_moved = bytes_moved();
  }
};

Plan::Plan(const Graph& graph, std::span<const NodeId> outputs, const PlanOptions& options)
    : body_(std::make_unique<Body>()) {
  Body& body = *body_;
  body.summary.nodes_before = graph.size();
  body.outputs.assign(outputs.begin(), outputs.end());
  body.carries = options.carries;
  body.now.resize(graph.size());
  for (NodeId node = 0; node < graph.size(); ++node) body.now[node] = node;
  body.apply(Words("unused"), graph, drop_unused(graph, body.wanted()));
  if (options.rewrite) body.run_passes();
  if (!options.compile || !body.make_compiled()) body.make_plain();
  body.add_copies();
  if (options.threads > 1) body.second = std::make_unique<SecondThread>();
  body.summarise();
}

Plan::~Plan() = default;
Plan::Plan(Plan&&) noexcept = default;
Plan& Plan::operator=(Plan&&) noexcept = default;

View Plan::leaf(NodeId node) {
  const NodeId now = this->now(node);
  if (now == kNoNode) return {nullptr, {0, 0}};
  if (body_->graph.node(now).primitive != nullptr) {
    throw Error(fmt::format("{} is no leaf: a run computes it", body_->graph.name(now)));
  }
  return body_->view(now);
}

void Plan::set(NodeId node, ConstView value) {
  const View to = leaf(node);
  if (to.data == nullptr) return;
  if (!(to.shape == value.shape)) {
    throw Error(fmt::format("{} is {} in this plan, but its value is {}",
                            body_->graph.name(now(node)), to_string(to.shape),
                            to_string(value.shape)));
  }
  std::copy(value.begin(), value.end(), to.begin());
}

ConstView Plan::value(NodeId node) const {
  const NodeId now = this->now(node);
  const bool is_leaf = now != kNoNode && body_->graph.node(now).primitive == nullptr;
  const bool is_output =
      std::find(body_->outputs.begin(), body_->outputs.end(), now) != body_->outputs.end();
  if (now == kNoNode || (!is_leaf && !is_output)) {
    throw Error(fmt::format("node {} is no output of this plan", node));
  }
  return body_->view(now);
}

void Plan::run() { body_->run(); }
const PlanSummary& Plan::summary() const { return body_->summary; }
const std::vector<PassSummary>& Plan::passes() const { return body_->passes; }
const Graph& Plan::graph() const { return body_->graph; }
NodeId Plan::now(NodeId node) const {
  return node < body_->now.size() ? body_->now[node] : kNoNode;
}
const Schedule& Plan::schedule() const { return body_->schedule; }
const std::string& Plan::c_source() const { return body_->c_source; }

}  // namespace backstep
