// What the names of somebody else's code mean: d_xhat, grad_xhat and dL_dxhat are one gradient.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/graph.h"

namespace backstep::check {

// Letters and digits alone, in lower case: "dL_dXhat" is "dldxhat".
std::string plain_name(std::string_view name);

// What a name may be the gradient of, the likeliest first, as it is written there: x_1 of dL_dx_1.
// Empty if the name is no gradient's.
std::vector<std::string> gradient_of_name(std::string_view name);

// Whether people call the gradient that comes in from outside so: dout, upstream, grad_output.
bool is_upstream_name(std::string_view name);

// The names of a circuit's forward pass, to be found by what others call them.
class KnownNames {
 public:
  explicit KnownNames(const Graph& graph);

  // The node with this name, or the only one with this plain name: of x_1 and x1, X1 is neither.
  // kNoNode if there is none.
  NodeId find(std::string_view name) const;
  // The same among the operations.
  NodeId find_step(std::string_view name) const;
  // The node that people call so, by its name, by a usual other name of it (x_norm for xhat, std
  // for sqrtvar), or by the end of its name where that is one node's alone. kNoNode if there is
  // none.
  NodeId find_by_meaning(std::string_view name) const;

 private:
  struct End {
    NodeId node = kNoNode;
    std::size_t size = 0;  // of its whole name: loss_total is nearer to total than loss_log_total
    bool is_alone = true;
  };

  // Names as they are written, and plain ones: kNoNode where several nodes share one.
  class Spellings {
   public:
    void add(NodeId node, const std::string& name);
    NodeId find(std::string_view name) const;

   private:
    std::unordered_map<std::string, NodeId> written_;
    std::unordered_map<std::string, NodeId> plain_;
  };

  void add_end(NodeId node, const std::string& name);
  NodeId find_by_end(const std::string& plain) const;

  Spellings nodes_;
  Spellings steps_;
  std::unordered_map<std::string, End> ends_;  // what stands behind the last underscore
};

}  // namespace backstep::check
