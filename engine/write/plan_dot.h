// The picture of a plan as DOT text: the steps of a run in their order, and what goes from one to
// another through memory.
#pragma once

#include <string>

#include "engine/plan/schedule.h"
#include "engine/say.h"

namespace backstep::write {

// Each step is a frame: a fused loop with all that it computes, or a matrix product. Values in
// memory are boxes; those that live in a register alone are plain text.
std::string plan_dot(const Graph& graph, const Schedule& schedule, Language language = {});

}  // namespace backstep::write
