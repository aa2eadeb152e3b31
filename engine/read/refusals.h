// What the reader says where Python goes on with something that it does not read.
#pragma once

#include <cstddef>

#include "engine/read/source.h"

namespace backstep::read {

// What the grammar expects at the place where it stops.
enum class Expected { kStatement, kOperand, kOperator };

// Throws the ReadError for what stands at `byte` where `expected` should be.
[[noreturn]] void refuse(const Source& source, std::size_t byte, Expected expected);

}  // namespace backstep::read
