// Where a wrong result comes from: a line above it, whose name says nothing of what it should be.
#pragma once

#include <functional>
#include <optional>
#include <set>

#include "engine/check/student.h"

namespace backstep::check {

struct Origin {
  std::size_t line = 0;
  NodeId expected = kNoNode;  // of the reference: with it, what hangs on the line is right
};

// The earliest line before `wrong` whose value is none of the reference's, and with a value of the
// reference in its place makes the wrong line right, more results than now, and none worse. Lines
// in `passed_over` are not asked. Values that only differ by a factor are left to where they are
// used, as nobody can tell at which of the two lines the factor was lost.
std::optional<Origin> origin_of(const Reading& reading, const Numbers& values,
                                const Reference& reference, std::size_t wrong, NodeId expected,
                                double relative, const std::set<std::size_t>& passed_over);

}  // namespace backstep::check
