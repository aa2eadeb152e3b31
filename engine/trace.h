// The record of a run: every value, and every event in its order. Views replay it; none of them
// computes.
#pragma once

#include <algorithm>
#include <memory>
#include <span>
#include <vector>

#include "engine/graph.h"

namespace backstep {

enum class EventKind : std::uint8_t {
  kForward,       // a node of the forward pass gets its value
  kSeed,          // the upstream gradient of the output enters
  kContribution,  // one use of a node sends its share of the gradient back to it
  kPartial,       // the first k of n contributions are added up
  kFinal,         // the last of n contributions is added: the gradient is complete
};

struct Event {
  EventKind kind;
  NodeId node;  // the node that the event wrote; its Place says the rest
};

// How far the gradient of one node has come.
struct GradientState {
  std::uint32_t arrived = 0;
  std::uint32_t expected = 0;  // 0: the output does not hang on the node, or nobody asked

  bool pending() const { return expected > 0 && arrived == 0; }
  bool partial() const { return arrived > 0 && arrived < expected; }
  bool final() const { return expected > 0 && arrived == expected; }
};

class Trace {
 public:
  // `values` holds the elements of every node, in the order of the nodes.
  Trace(Graph graph, std::unique_ptr<double[]> values, std::vector<std::size_t> offsets);

  const Graph& graph() const { return graph_; }
  ConstView value(NodeId node) const { return {&values_[offsets_[node]], graph_.node(node).shape}; }
  // Folded broadcasts and the steps inside a gradient rule have values but no event of their own.
  const std::vector<Event>& events() const { return events_; }

 private:
  Graph graph_;
  std::unique_ptr<double[]> values_;
  std::vector<std::size_t> offsets_;
  std::vector<Event> events_;
};

// The backward pass as a ledger: for each node what was sent to it, and when each value was
// written.
class Ledger {
 public:
  explicit Ledger(const Trace& trace);

  // The contributions to the gradient of `node`, in the order of their arrival.
  std::span<const NodeId> contributions(NodeId node) const;
  // The node that holds the whole gradient of `node`; kNoNode if it has none.
  NodeId gradient(NodeId node) const { return gradient_[node]; }
  // The number of the event (from 0) that wrote `node`; kNever if no event shows it.
  std::size_t written_by(NodeId node) const { return written_by_[node]; }
  // How far the gradient of `node` is once the first `events` events are done.
  GradientState state(NodeId node, std::size_t events) const;

  static constexpr std::size_t kNever = static_cast<std::size_t>(-1);

 private:
  std::vector<std::vector<NodeId>> contributions_;
  std::vector<NodeId> gradient_;
  std::vector<std::size_t> written_by_;
};

// A place in the record: so many events are done, and the next is still to come.
class Cursor {
 public:
  explicit Cursor(const Trace& trace) : events_(&trace.events()) {}

  std::size_t done() const { return done_; }
  bool at_start() const { return done_ == 0; }
  bool at_end() const { return done_ == events_->size(); }
  // The event just done; null at the start.
  const Event* just_done() const { return at_start() ? nullptr : &(*events_)[done_ - 1]; }
  // The event that comes next; null at the end.
  const Event* next() const { return at_end() ? nullptr : &(*events_)[done_]; }

  bool step_forward() { return !at_end() && (++done_, true); }
  bool step_back() { return !at_start() && (--done_, true); }
  // To just after the first `events` events; past the end means the end.
  void go_to(std::size_t events) { done_ = std::min(events, events_->size()); }
  // To just after the event that wrote `node`; false if no event did.
  bool go_to_writer(NodeId node, const Ledger& ledger);

 private:
  const std::vector<Event>* events_;
  std::size_t done_ = 0;
};

// The first node, in the order of the run, that is not finite although all its arguments are: where
// a NaN or an infinity arose. kNoNode if all is finite.
NodeId first_not_finite(const Trace& trace);

}  // namespace backstep
