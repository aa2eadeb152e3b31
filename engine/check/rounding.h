// How far rounding on the way may move the values of a run that was computed in float32 or float16.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "engine/graph.h"

namespace backstep::check {

// The values of a run, whoever holds them.
using ValueOf = std::function<ConstView(NodeId)>;

// Half the gap between 1 and the next number of the type; 0 for one that is judged as float64.
double unit_of(std::string_view type);

// For each node, how far its elements moved at most when every value of the run was moved by about
// as much as `unit` rounds it. A sum counts by the sums on the way to it, whatever it comes to.
std::vector<double> moved_by_rounding(const Graph& graph, const ValueOf& value, double unit);

}  // namespace backstep::check
