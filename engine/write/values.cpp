// The numbers of a run for other programs.
#include "engine/write/values.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/describe.h"
#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/write/json_text.h"
#include "engine/write/role_name.h"

namespace backstep::write {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) {
  if (std::isfinite(value)) return value;
  return number_text(value);
}

// Lists within lists, as deep as the array has sides; a number alone if it has none.
Json nested(const Shape& shape, int side, const double*& next) {
  if (side == shape.ndim()) return number(*next++);
  Json items = Json::array();
  for (std::int32_t i = 0; i < shape[side]; ++i) items.push_back(nested(shape, side + 1, next));
  return items;
}

Json values_of(ConstView view) {
  const double* next = view.data;
  return nested(view.shape, 0, next);
}

std::string_view role_text(const Node& node) {
  if (node.place.part == Part::kSeed) return "upstream";
  if (node.place.part == Part::kContribution && node.place.n > 1) return "contribution";
  if (node.place.part == Part::kPartial) return "partial sum";
  if (node.place.part != Part::kForward) return "gradient";
  return role_name(node.role, "value");
}

std::string_view kind_text(EventKind kind) {
  switch (kind) {
    case EventKind::kForward:
      return "forward";
    case EventKind::kSeed:
      return "seed";
    case EventKind::kContribution:
      return "contribution";
    case EventKind::kPartial:
      return "partial";
    case EventKind::kFinal:
      break;
  }
  return "final";
}

}  // namespace

std::vector<NamedTensor> named_values(const Trace& trace) {
  std::vector<NamedTensor> values;
  for (NodeId id = 0; id < trace.graph().size(); ++id) {
    const std::string& name = trace.graph().node(id).name;
    if (!name.empty()) values.push_back({name, trace.value(id)});
  }
  return values;
}

std::string run_json(const Trace& trace, std::string_view circuit) {
  const Graph& graph = trace.graph();
  Json nodes = Json::array();
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Node& node = graph.node(id);
    if (node.name.empty()) continue;
    nodes.push_back({{"name", node.name},
                     {"role", role_text(node)},
                     {"station", node.place.station},
                     {"shape", std::vector<int>(node.shape.begin(), node.shape.end())},
                     {"formula", formula(graph, id)},
                     {"values", values_of(trace.value(id))}});
  }
  Json events = Json::array();
  for (const Event& event : trace.events()) {
    events.push_back({{"kind", kind_text(event.kind)},
                      {"node", graph.name(event.node)},
                      {"sentence", sentence(graph, event, Language())},
                      {"why", why(graph, event, Language())}});
  }
  const Json run = {{"circuit", circuit}, {"nodes", nodes}, {"events", events}};
  return json_text(run, 1) + "\n";
}

}  // namespace backstep::write
