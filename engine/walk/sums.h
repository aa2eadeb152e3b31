// What a gradient is made of, as the ledgers of both steppers show it: a row for each contribution,
// then their sum as far as it has come.
#pragma once

#include <string>
#include <vector>

#include "engine/describe.h"
#include "engine/trace.h"

namespace backstep::walk {

// Of each node, the nodes that hold its gradient so far: the first contribution, each partial sum,
// the whole. Empty where no gradient arrives.
std::vector<std::vector<NodeId>> running_sums(const Trace& trace, const Ledger& ledger);

// The largest size of a finite number in what a gradient is made of, or in the value alone: one
// range per quantity, so that its parts can be compared by colour. `sums` as above.
double shared_range(const Trace& trace, const Ledger& ledger,
                    const std::vector<std::vector<NodeId>>& sums, NodeId node);

// "The gradient of x, from 2 uses:"
std::string ledger_title(const std::string& name, std::size_t uses, Language language);
// Where a contribution came from: "through 7, multiply".
std::string ledger_source(const Graph& graph, NodeId contribution, Language language);
// What the last row says once so many of the contributions are added up: "sum", "sum so far, 1 of
// 3". None are: "sum".
std::string ledger_sum(std::size_t added, std::size_t uses, Language language);

}  // namespace backstep::walk
