// What a function draws from np.random: the numbers of NumPy's legacy generator.
#pragma once

#include <string_view>

#include "engine/read/numpy_functions.h"
#include "engine/read/numpy_random.h"

namespace backstep::read {

// Whether "random.NAME" is drawn here.
bool is_draw(std::string_view name);

// An array of numbers that are known, or one number.
Value draw(LegacyRandom& random, const CallSite& site, std::string_view name,
           const CallArguments& arguments);

}  // namespace backstep::read
