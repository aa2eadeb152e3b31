// Every gradient against the definition of a slope: move one element, run forward again, look how
// far the output moved.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/graph.h"
#include "engine/say.h"
#include "engine/trace.h"

namespace backstep::check {

enum class Verdict : std::uint8_t {
  kRight,    // within the tolerance
  kWrong,    // further off than the tolerance, and than the differences themselves are uncertain
  kKink,     // the slopes to the left and to the right differ, as of abs at 0: there is no gradient
  kUnclear,  // no width gave a slope to judge by: the function is too rough there, or not finite
};

// One element of a gradient beside its finite differences.
struct Element {
  Verdict verdict = Verdict::kRight;
  int row = 0;
  int col = 0;
  double ours = 0;
  double numeric = 0;  // the slope by central differences...
  double width = 0;    // ... which were taken this far to either side; 0 if none could be
  double error = 0;    // |ours - numeric|, relative: see kSmallestShare
  double left = 0;     // the one-sided slopes next to the element
  double right = 0;
  NodeId kink = kNoNode;  // the first node on the way that has a kink there
};

// One gradient beside its finite differences.
struct GradientCheck {
  NodeId node = kNoNode;      // the gradient of this node was checked...
  NodeId gradient = kNoNode;  // ... which this node holds
  std::size_t elements = 0;   // how many it has
  std::size_t checked = 0;    // how many of them were looked at
  std::size_t wrong = 0;
  std::size_t kinks = 0;
  std::size_t unclear = 0;
  Element worst;          // of those right or wrong; its verdict is kUnclear if there are none
  Element first_kink;     // good if kinks > 0
  Element first_unclear;  // good if unclear > 0

  bool passed() const { return wrong == 0; }
};

struct CheckOptions {
  double tolerance = 1e-7;
  // Of a node that has more elements, so many are checked, spread over all of it.
  std::size_t most_elements = 1000;
  // Called by check_gradients() after each element: how many are done, and of how many.
  std::function<void(std::size_t, std::size_t)> on_checked = {};
};

// Errors are relative to the larger of the two numbers. Where a gradient is a sum whose terms
// cancel, as that of a bias before batch norm, no float64 is right to 1e-7 of what is left: then
// they are relative to this share of the largest term.
inline constexpr double kSmallestShare = 1e-3;

// Checks the gradient of sum(upstream * output) with respect to `node`, which `gradient` holds, at
// the values of the trace. `node` may be a leaf or any node before the output; the upstream keeps
// its value, even if it was made from the output.
GradientCheck check_gradient(const Trace& trace, NodeId output, NodeId upstream, NodeId node,
                             NodeId gradient, const CheckOptions& = {});

// The same for each leaf that has a gradient, with the upstream that the trace was made with. In a
// large run fewer elements are checked, so that it takes seconds, but at least one of each leaf.
std::vector<GradientCheck> check_gradients(const Trace& trace, NodeId output,
                                           const CheckOptions& = {});

// The slopes themselves, as check_gradient takes them: one for each element of `node`, NaN where
// none was taken or none can be told.
Tensor measured_slopes(const Trace& trace, NodeId output, NodeId upstream, NodeId node,
                       NodeId gradient, const CheckOptions& = {});

// Plain central differences of one element at widths 0.1, 0.01, ...: too wide, and the curve bends;
// too narrow, and rounding is all that is left.
struct WidthError {
  double width = 0;
  double slope = 0;
  double error = 0;  // relative to the larger of the slope and ours; infinite if not finite
};
// Empty where the run is so large that it would take long.
std::vector<WidthError> errors_by_width(const Trace& trace, NodeId output, NodeId upstream,
                                        const GradientCheck& check);

// Whether a gradient is 0 at every element, up to rounding: such a probe tells nothing from right.
bool is_degenerate(const Trace& trace, NodeId gradient);

// "dx: 12 of 12 elements agree; largest relative error 3.1e-12 at x[2, 0]."
std::string in_words(const Graph& graph, const GradientCheck& check, Language language = {});

}  // namespace backstep::check
