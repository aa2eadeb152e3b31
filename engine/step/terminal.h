// The thin driver of a real terminal: shows frames, reads keys, and leaves the terminal as it was.
#pragma once

#include "engine/step/model.h"

namespace backstep::step {

// Whether standard input and output are a terminal that can show a full screen.
bool has_full_screen();

// Walks until q. After a signal that ends the program the terminal is restored, and the signal
// does what it always does. Throws Error if the terminal cannot be used.
void walk_in_terminal(Model model);

}  // namespace backstep::step
