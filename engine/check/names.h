// What the names of somebody else's code mean: d_xhat, grad_xhat and dL_dxhat are one gradient.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/graph.h"

namespace backstep::check {

// Letters and digits alone, in lower case: "dL_dXhat" is "dldxhat".
std::string plain_name(std::string_view name);

// What a name may be the gradient of, the likeliest first, as plain names. Empty if the name is no
// gradient's.
std::vector<std::string> gradient_of_name(std::string_view name);

// Whether people call the gradient that comes in from outside so: dout, upstream, grad_output.
bool is_upstream_name(std::string_view name);

// The node of the forward pass with this plain name; kNoNode if there is none.
NodeId find_plain(const Graph& graph, std::string_view plain);

// The node of the forward pass that people call so, by its name, by a usual other name of it
// (x_norm for xhat, std for sqrtvar), or by the end of its name where that is one node's alone.
// kNoNode if there is none.
NodeId find_by_meaning(const Graph& graph, std::string_view name);

}  // namespace backstep::check
