// The pictures of a circuit within its page: SVG whose parts the page finds again by their data, to
// change colours and numbers from step to step. Nothing moves: each is laid out once.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/page/groups.h"
#include "engine/trace.h"

namespace backstep::page {

struct PagePicture {
  std::size_t group = 0;  // whose stations it shows; 0 is the circuit itself
  std::string svg;
};

// The circuit, then each group that has a picture of its own. Throws Error if Graphviz does.
std::vector<PagePicture> page_pictures(const Trace& trace, const Ledger& ledger,
                                       const PageGroups& groups, std::span<const NodeId> outputs);

}  // namespace backstep::page
