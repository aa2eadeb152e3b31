// Why a value is not what it should be, found by trying what would make it right.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/check/rounding.h"
#include "engine/check/student.h"
#include "engine/say.h"

namespace backstep::check {

enum class Cause : std::uint8_t {
  kFactor,
  kMissingBranch,
  kSign,
  kOperand,
  kMeanForSum,
  kMissingSum,
  kNMinus1,
  kConstantStatistics,
  kTransposed,
  kStale,
  kNotFinite,
  kThreshold,
  kAxisMissing,
  kDiagonalOnly,
  kEpsCounted,
  kUnknown,
};

// "missing-branch", as --json prints it.
std::string_view name_of(Cause cause);

struct Diagnosis {
  Cause cause = Cause::kUnknown;
  Saying says;
  std::uint32_t line = 0;  // where the mistake stands; 0: on the line that was asked about
};

// How far apart two float64 numbers may be, relative to the largest of the array.
inline constexpr double kTolerance = 1e-9;

// How far apart two numbers may be: by a share of the largest of the array, and by so much besides.
struct Tolerance {
  double relative = kTolerance;
  double absolute = 0;
};

// One shape, or the same but for sides of 1 in front: (1, D) and (D,), which learners take for one.
bool same_row(const Shape& a, const Shape& b);

// Whether two values are the same within a tolerance, where `a` may be repeated to the shape of
// `b`. NaN agrees with NaN alone: whether such an element can be judged at all, the caller must
// say.
bool agree(ConstView a, ConstView b, const Tolerance& tolerance);

// For each node, how far apart two ways of computing it may be by rounding alone. This tells a
// gradient that is 0 but for rounding from one that is only small.
std::vector<double> rounding_of(const Graph& graph, const ValueOf& value);

// The same for a node of a reference, as part of what agrees with it.
Tolerance tolerance_of(const Reference& reference, NodeId node, double relative = kTolerance);
// Whether somebody's value is that of the node, but for rounding.
bool agrees(ConstView theirs, const Reference& reference, NodeId node,
            double relative = kTolerance);

// Why line `line` of the reading does not give `expected`.
Diagnosis diagnose(const Reading& reading, const Numbers& values, std::size_t line,
                   const Reference& reference, NodeId expected, const Tolerance& tolerance);

}  // namespace backstep::check
