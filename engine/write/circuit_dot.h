// The picture of a circuit as DOT text: values run forward in dark lanes, gradients run back in red
// lanes beside them. It replays a record: nothing is computed here.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/describe.h"
#include "engine/trace.h"

namespace backstep::write {

struct DotOptions {
  static constexpr std::size_t kAll = static_cast<std::size_t>(-1);

  bool values = true;   // the first numbers of each value and gradient
  bool unfold = false;  // a broadcast is a circle of its own, not "(1, 3) → (4, 3)" on its edge
  bool flow = false;    // width and colour of each red lane by the size of what it carries
  bool step = false;    // one of a series: marks the event just done and the next, with a caption
  std::size_t done = kAll;      // so many events are done; what comes later is drawn as empty
  NodeId highlight = kNoNode;   // a node or gradient that is drawn bold
  Language language;            // of the caption and the legend
  std::string title;            // above the picture
  std::vector<NodeId> outputs;  // empty: what is differentiated, and what nothing uses
};

// Without positions: the text does not depend on fonts, and `dot` lays it out. Ids follow the order
// of the nodes, and in an SVG made of it the elements are found by them: n<node> is a leaf or a
// station, j<node> the place where a value divides and its gradient is summed, o<node> an output,
// v<node>_<user>_<argument> a dark lane, g<gradient node> a red lane.
std::string circuit_dot(const Trace& trace, const DotOptions& options = {});

struct CircuitPlaces;

// Where everything in the pictures of one circuit stands. Made once, so that from step to step only
// colours and numbers change and nothing moves.
class CircuitLayout {
 public:
  // `options`: values, unfold, flow, step, language, title and outputs as in the pictures to come.
  // Throws Error if Graphviz does.
  CircuitLayout(const Trace& trace, const DotOptions& options);

  const CircuitPlaces& places() const { return *places_; }

 private:
  std::shared_ptr<const CircuitPlaces> places_;
};

// With positions, which Graphviz then only draws: each pair of lanes runs side by side like a road.
std::string circuit_dot(const Trace& trace, const DotOptions& options, const CircuitLayout& layout);

// Two circuits in one picture, with positions: training and evaluation, say.
std::string side_by_side_dot(const Trace& first, const Trace& second, std::string_view first_title,
                             std::string_view second_title, const DotOptions& options = {});

}  // namespace backstep::write
