// How each part of a circuit looks at one moment: the attributes that Graphviz is given for it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/draw/circuit_map.h"
#include "engine/write/circuit_dot.h"
#include "engine/write/circuit_label.h"
#include "engine/write/flow_scale.h"
#include "engine/write/moment.h"

namespace backstep::write {

// The fonts of all pictures; the second has the first one's measures, on other systems.
inline constexpr std::string_view kFonts = "DejaVu Sans,Verdana,NanumGothic,sans-serif";

class CircuitDrawing {
 public:
  CircuitDrawing(const Trace& trace, const DotOptions& options);
  CircuitDrawing(const CircuitDrawing&) = delete;
  CircuitDrawing& operator=(const CircuitDrawing&) = delete;

  const CircuitMap& map() const { return map_; }
  const DotOptions& options() const { return options_; }
  // So many stops that the picture is drawn in a plainer way, to be drawn at all.
  bool is_large() const { return map_.stops.size() > kLarge; }

  // Names in the DOT text, which are ids in an SVG.
  std::string stop_id(std::size_t stop) const;
  std::string forward_id(const Road& road) const;
  std::string backward_id(const Road& road) const;

  // "shape=circle, label=..., ..."
  std::string stop_attributes(std::size_t stop) const;
  std::string forward_attributes(const Road& road) const;
  std::string backward_attributes(const Road& road) const;
  // Of lanes at rest: the one of the event just done is drawn bolder.
  double forward_width() const;
  double backward_width(const Road& road) const;
  // Every arrow is so long, and is drawn with the pen of its lane, so that it ends sooner.
  static constexpr double kArrowLength = 7;
  static double arrow_excess(double width);
  // Between the labels of the two lanes, room for both.
  double road_height() const { return options_.flow ? 26 : 14; }

  // Rows of tables, empty if there is nothing to say.
  std::string forward_label(const Road& road) const { return labels_.forward(map_, road); }
  std::string backward_label(const Road& road) const { return labels_.backward(map_, road); }

  // What stands below the picture, as lines that fit the width. In every picture of a series there
  // are as many.
  struct Line {
    std::string html;
    double height;
  };
  std::vector<Line> caption(double width) const;

 private:
  static constexpr std::size_t kLarge = 250;

  bool is_marked(const Event* event, NodeId node) const;
  bool is_bold(NodeId node) const;
  std::string marked(NodeId node, std::string attributes) const;
  std::string box_attributes(const Stop& stop) const;
  std::string round_attributes(const Stop& stop) const;
  double flow_fraction(NodeId gradient) const;
  std::string flow_attributes(NodeId gradient) const;
  std::vector<std::string> event_lines(const Event& event, double width) const;
  void add_step(std::vector<Line>& lines, double width) const;
  void add_legend(std::vector<Line>& lines, double width) const;
  void add_flow_legend(std::vector<Line>& lines, double width) const;

  const Trace& trace_;
  const Graph& graph_;
  DotOptions options_;
  Ledger ledger_;
  Moment moment_;
  CircuitMap map_;
  CircuitLabels labels_;
  std::optional<FlowScale> flow_;
};

}  // namespace backstep::write
