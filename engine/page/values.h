// The numbers of a page's record: as the text that shows them, and exactly.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/trace.h"

namespace backstep::page {

// What hands on the numbers of its argument has none of its own in the record.
bool is_alias(const Graph& graph, NodeId id);

// The numbers of a run, in the order in which they are put in: of a large value a window, the first
// rows and columns and the last of each.
class Values {
 public:
  // A `window` of 0 holds everything.
  Values(const Trace& trace, int window) : trace_(trace), window_(window) {}

  bool is_cut(NodeId id) const;
  // The numbers of a node, row by row, with spaces between them.
  std::string texts(NodeId id) const;
  // Keeps its exact numbers; where they begin.
  std::size_t keep(NodeId id);
  // Least, most, mean and norm of all elements, held or not.
  nlohmann::ordered_json of_all(NodeId id) const;
  // How the elements are spread: bins with an edge at 0, so that none mixes signs.
  nlohmann::ordered_json spread(NodeId id) const;
  // The exact numbers that were kept, in base64.
  std::string exact() const;

 private:
  template <typename Visit>
  void for_each_held(NodeId id, Visit visit) const;

  const Trace& trace_;
  int window_;
  std::vector<double> numbers_;
};

}  // namespace backstep::page
