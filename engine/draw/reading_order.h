// The order in which the boxes of a circuit are read.
#pragma once

#include <vector>

#include "engine/draw/layout.h"

namespace backstep::draw {

// What leads to a box comes before it, as far as that can be; else by turn. What has no turn comes
// right behind what leads to it; if nothing does, right before what it leads to.
std::vector<std::size_t> reading_order(const Parts& parts);

}  // namespace backstep::draw
