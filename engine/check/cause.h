// Why a value is not what it should be, found by trying what would make it right.
#pragma once

#include <cstdint>
#include <string>

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

// One shape, or the same but for sides of 1 in front: (1, D) and (D,), which learners take for one.
bool same_row(const Shape& a, const Shape& b);

// Whether two values are the same but for rounding, where `a` may be repeated to the shape of `b`.
// NaN agrees with NaN alone: whether such an element can be judged at all, the caller must say.
bool agree(ConstView a, ConstView b, double tolerance = kTolerance);

// Why line `line` of the reading does not give `expected`.
Diagnosis diagnose(const Reading& reading, const Trace& values, std::size_t line,
                   const Reference& reference, NodeId expected, double tolerance = kTolerance);

}  // namespace backstep::check
