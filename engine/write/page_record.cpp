// The record as JSON: nodes, events with their words and rules, groups, checks, and all the numbers.
#include "engine/write/page_record.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/walk/inside.h"
#include "engine/walk/phases.h"
#include "engine/write/mathml.h"
#include "engine/write/page_checks.h"

namespace backstep::write {
namespace {

using Json = nlohmann::ordered_json;

class Recorder {
 public:
  Recorder(const Trace& trace, const Ledger& ledger, const PageGroups& groups,
           const PageOptions& options)
      : trace_(trace),
        graph_(trace.graph()),
        ledger_(ledger),
        groups_(groups),
        options_(options) {}

  Json record() {
    Json json;
    json["circuit"] = options_.circuit;
    json["language"] = options_.language == Language::kEnglish ? "en" : "ko";
    json["notes"] = options_.notes;
    json["source"] = options_.source;
    json["outputs"] = options_.outputs;
    json["nodes"] = nodes();
    json["primitives"] = primitives_;
    json["events"] = events();
    json["rules"] = rules_;
    json["phases"] = phases();
    json["groups"] = groups();
    json["checks"] = checks();
    json["slopes"] = slopes();
    json["sections"] = sections();
    json["values"] = base64({numbers_.data(), {1, static_cast<std::int32_t>(numbers_.size())}});
    return json;
  }

 private:
  // What is 0 or nothing is left out; the script knows.
  static void put(Json& json, const char* key, std::uint32_t value) {
    if (value != 0) json[key] = value;
  }

  Json nodes() {
    Json nodes = Json::array();
    for (NodeId id = 0; id < graph_.size(); ++id) nodes.push_back(node(id));
    return nodes;
  }

  Json node(NodeId id) {
    const Node& is = graph_.node(id);
    const Place& place = is.place;
    Json json = {{"n", name_in_formula(graph_, id)}, {"s", {is.shape.rows, is.shape.cols}}};
    if (is.primitive == nullptr) {
      put(json, "r", static_cast<std::uint32_t>(is.role) + 1);
    } else {
      json["p"] = primitive(*is.primitive);
      Json inputs = Json::array();
      for (std::size_t i = 0; i < graph_.arity(id); ++i) inputs.push_back(graph_.input(id, i));
      json["i"] = std::move(inputs);
      if (is.attributes.number != 0) {
        // As it stands in a formula, 1/8 rather than 0.125; but not as an exponent.
        const bool exponent = is.primitive->precedence == Precedence::kPower;
        const double number = is.attributes.number;
        json["x"] = exponent ? exact_number_text(number) : fraction_text(number);
      }
      put(json, "a", static_cast<std::uint32_t>(is.attributes.axis));
      if (place.part == Part::kForward && !place.folded) {
        const std::string title = backstep::title(graph_, id);
        if (title != is.primitive->name) json["w"] = title;
      }
    }
    put(json, "t", static_cast<std::uint32_t>(place.part));
    if (place.part != Part::kForward) {
      put(json, "k", place.k);
      put(json, "m", place.n);
      json["of"] = place.of;
    }
    if (place.part == Part::kContribution) {
      const Use use = use_of(graph_, id);
      json["u"] = {use.user, use.argument};
    }
    put(json, "st", place.station);
    put(json, "l", place.line);
    put(json, "f", place.folded ? 1 : 0);
    if (place.part == Part::kForward) put(json, "g", static_cast<std::uint32_t>(groups_.of[id]));
    if (!is_alias(is)) json["v"] = keep(id);
    return json;
  }

  // What only repeats or hands on its argument is read from there.
  static bool is_alias(const Node& node) {
    return node.primitive != nullptr &&
           (node.primitive->name == "broadcast" || node.primitive->name == "copy");
  }

  std::size_t keep(NodeId id) {
    const ConstView value = trace_.value(id);
    const std::size_t offset = numbers_.size();
    numbers_.insert(numbers_.end(), value.begin(), value.end());
    return offset;
  }

  std::size_t primitive(const Primitive& primitive) {
    const auto [place, is_new] = primitive_.try_emplace(&primitive, primitives_.size());
    if (is_new) {
      Json arguments = Json::array();
      for (const Argument& argument : primitive.arguments) arguments.push_back(argument.name);
      primitives_.push_back({primitive.name, primitive.symbol, primitive.numpy,
                             static_cast<int>(primitive.precedence), std::move(arguments)});
    }
    return place->second;
  }

  // [node, sentence and reason in English, the same in Korean, rule, number of the local rule or
  // -1, line of NumPy, steps inside]
  Json events() {
    Json events = Json::array();
    for (const Event& event : trace_.events()) {
      events.push_back({event.node, sentence(graph_, event, Language::kEnglish),
                        why(graph_, event, Language::kEnglish),
                        sentence(graph_, event, Language::kKorean),
                        why(graph_, event, Language::kKorean), formula_mathml(graph_, event.node),
                        rule(local_mathml(graph_, event.node)), formula(graph_, event.node),
                        inside(event.node)});
    }
    return events;
  }

  // The steps within a rule of more than one: [node, line of NumPy].
  Json inside(NodeId node) const {
    Json inside = Json::array();
    const std::vector<NodeId> steps = walk::steps_inside(graph_, node);
    if (steps.size() < 2) return inside;
    for (const NodeId step : steps) inside.push_back({step, one_step(step)});
    return inside;
  }

  // Its operands by name, whether they have a line of their own or not.
  std::string one_step(NodeId id) const {
    const Node& node = graph_.node(id);
    const std::string right = filled(node.primitive->numpy, [&](std::string_view place) {
      if (place == "number") return fraction_text(node.attributes.number);
      if (place == "shape") return to_string(node.shape);
      if (place == "axis") return std::string(axis_text(node.attributes.axis));
      std::size_t i = 0;
      while (node.primitive->arguments[i].name != place) ++i;
      return name_in_formula(graph_, unfolded(graph_, graph_.input(id, i)));
    });
    return graph_.name(id) + " = " + right;
  }

  static std::string_view axis_text(Axis axis) {
    if (axis == Axis::kRows) return ", axis=0";
    return axis == Axis::kColumns ? ", axis=1, keepdims=True" : "";
  }

  // [kind, first event, event behind the last, title in English, in Korean]
  Json phases() const {
    Json phases = Json::array();
    for (const walk::Phase& phase : walk::phases(trace_)) {
      phases.push_back({static_cast<int>(phase.kind), phase.begin, phase.end,
                        walk::phase_title(trace_, phase, Language::kEnglish),
                        walk::phase_title(trace_, phase, Language::kKorean)});
    }
    return phases;
  }

  int rule(const std::string& mathml) {
    if (mathml.empty()) return -1;
    const auto [place, is_new] = rule_.try_emplace(mathml, static_cast<int>(rules_.size()));
    if (is_new) rules_.push_back(mathml);
    return place->second;
  }

  Json groups() const {
    Json groups = Json::array();
    for (const PageGroup& group : groups_.groups) {
      groups.push_back({{"en", group.name},
                        {"ko", group.name_ko},
                        {"parent", group.parent},
                        {"size", group.size},
                        {"own", group.own_picture ? 1 : 0}});
    }
    return groups;
  }

  Json checks() const {
    Json checks = Json::array();
    for (const PageCheck& check : page_checks(trace_, ledger_, options_.slopes)) {
      checks.push_back({check.passed, check.en, check.ko, check.numbers});
    }
    return checks;
  }

  Json slopes() const {
    Json slopes = Json::object();
    for (const auto& [node, measured] : options_.slopes) {
      slopes[std::to_string(node)] = base64(measured);
    }
    return slopes;
  }

  Json sections() const {
    Json sections = Json::array();
    for (const PageSection& section : options_.sections) {
      Json events = Json::array();
      for (const NodeId node : section.nodes) {
        if (ledger_.written_by(node) != Ledger::kNever) events.push_back(ledger_.written_by(node));
      }
      sections.push_back({section.title_en, section.title_ko, section.html_en, section.html_ko,
                          std::move(events)});
    }
    return sections;
  }

  const Trace& trace_;
  const Graph& graph_;
  const Ledger& ledger_;
  const PageGroups& groups_;
  const PageOptions& options_;
  std::map<const Primitive*, std::size_t> primitive_;
  std::map<std::string, int> rule_;
  Json primitives_ = Json::array();
  Json rules_ = Json::array();
  std::vector<double> numbers_;
};

}  // namespace

std::string base64(ConstView numbers) {
  static_assert(std::endian::native == std::endian::little);
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<unsigned char> bytes(numbers.size() * sizeof(double));
  if (!bytes.empty()) std::memcpy(bytes.data(), numbers.data, bytes.size());
  std::string text;
  text.reserve(bytes.size() * 4 / 3 + 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const unsigned left = static_cast<unsigned>(std::min<std::size_t>(3, bytes.size() - i));
    unsigned word = bytes[i] << 16;
    if (left > 1) word |= bytes[i + 1] << 8;
    if (left > 2) word |= bytes[i + 2];
    text += kDigits[word >> 18];
    text += kDigits[word >> 12 & 63];
    text += left > 1 ? kDigits[word >> 6 & 63] : '=';
    text += left > 2 ? kDigits[word & 63] : '=';
  }
  return text;
}

std::string safe_in_script(std::string_view json) {
  std::string safe;
  safe.reserve(json.size() + json.size() / 32);
  for (std::size_t i = 0; i < json.size(); ++i) {
    const bool comment = json.substr(i, 2) == "<!";
    const bool end = json.substr(i, 2) == "</";
    safe += comment ? "\\u003c" : std::string_view(&json[i], 1);
    if (end) safe += '\\';
  }
  return safe;
}

std::string page_record(const Trace& trace, const Ledger& ledger, const PageGroups& groups,
                        const PageOptions& options) {
  const Json json = Recorder(trace, ledger, groups, options).record();
  // A name may hold bytes that are no UTF-8; they are replaced rather than refused.
  return safe_in_script(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace backstep::write
