// The picture of a state: a pure function of the model and the size of the terminal.
#pragma once

#include "engine/step/frame.h"
#include "engine/step/model.h"

namespace backstep::step {

// Any size gives a frame; what has no room is left out, the explanation last.
Frame draw(const Model& model, Size size);

}  // namespace backstep::step
