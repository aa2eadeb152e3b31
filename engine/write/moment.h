// A moment of a run: what is there once so many events are done.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/trace.h"

namespace backstep::write {

class Moment {
 public:
  // `done` past the end means the end.
  Moment(const Trace& trace, const Ledger& ledger, std::size_t done);

  std::size_t done() const { return done_; }
  // Whether the value of a node, forward or gradient, is there. A leaf always is; what has no event
  // of its own comes with the event that it belongs to.
  bool has(NodeId node) const { return written_[node] <= done_; }
  GradientState gradient_of(NodeId node) const { return ledger_.state(node, done_); }

  // The event just done and the next one; null where there is none.
  const Event* just_done() const { return cursor_.just_done(); }
  const Event* next() const { return cursor_.next(); }

 private:
  const Ledger& ledger_;
  std::vector<std::size_t> written_;
  Cursor cursor_;
  std::size_t done_;
};

}  // namespace backstep::write
