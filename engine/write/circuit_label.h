// The labels of a circuit's picture at one moment, as rows of Graphviz's HTML-like tables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/describe.h"
#include "engine/draw/circuit_map.h"
#include "engine/write/moment.h"

namespace backstep::write {

using draw::CircuitMap;
using draw::Road;
using draw::Stop;
using draw::StopKind;

// The colours of all pictures; each is told apart by shape or line as well.
namespace colour {
inline constexpr std::string_view kInk = "#1f2933";
inline constexpr std::string_view kRed = "#c8202d";
inline constexpr std::string_view kGrey = "#6b7785";
inline constexpr std::string_view kEmpty = "#9aa5b1";  // what is not there yet
inline constexpr std::string_view kCard = "#ffffff";
inline constexpr std::string_view kStation = "#f6f7f9";
inline constexpr std::string_view kInput = "#e3edfd";
inline constexpr std::string_view kParameter = "#fff0cc";
inline constexpr std::string_view kConstant = "#eceff2";
inline constexpr std::string_view kOutput = "#dff3e4";
inline constexpr std::string_view kJustDone = "#ffe27a";
inline constexpr std::string_view kNext = "#d9e8ff";
}  // namespace colour

// Text in one font, between the tags of an HTML-like label: `html` is escaped already.
std::string font(std::string_view html, double points, std::string_view colour);
// A row of one cell; `fill` colours its ground.
std::string row(std::string_view html, std::string_view fill = {});
// A table without lines around its rows, as the value of `label`.
std::string table(std::string_view rows);

// The first two numbers of a value: "0.494", "-1.23 …". One that is not finite is never left out.
std::vector<std::string> first_numbers(ConstView value);

class CircuitLabels {
 public:
  CircuitLabels(const Trace& trace, const Ledger& ledger, const Moment& moment, bool values,
                bool flow, bool marks)
      : trace_(trace),
        graph_(trace.graph()),
        ledger_(ledger),
        moment_(moment),
        values_(values),
        flow_(flow),
        marks_(marks) {}

  std::string stop(const Stop& stop) const;
  // Empty where nothing needs to be said: what leaves a box has its name on the box.
  std::string forward(const CircuitMap& map, const Road& road) const;
  std::string backward(const CircuitMap& map, const Road& road) const;

 private:
  std::string box(NodeId node, bool is_leaf) const;
  std::string station(NodeId node) const;
  std::string sum_of(NodeId node) const;
  std::string gradient_name(NodeId gradient) const;
  std::string_view gradient_ink(NodeId gradient) const;
  std::string_view mark(NodeId node) const;
  std::string numbers(NodeId node, std::string_view ink, std::string_view ground) const;

  const Trace& trace_;
  const Graph& graph_;
  const Ledger& ledger_;
  const Moment& moment_;
  bool values_;
  bool flow_;
  bool marks_;
};

}  // namespace backstep::write
