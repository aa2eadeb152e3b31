// The record as JSON: nodes, events with their words and rules, groups, checks, and all the
// numbers.
#include "engine/write/page_record.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/reads.h"
#include "engine/text.h"
#include "engine/walk/inside.h"
#include "engine/walk/phases.h"
#include "engine/write/json_text.h"
#include "engine/write/mathml.h"
#include "engine/write/page_checks.h"

namespace backstep::write {
namespace {

using Json = nlohmann::ordered_json;

// The text of a file, so that what turns or hides a part of it is seen; tabs as four spaces.
std::string shown_source(std::string_view source) {
  std::string text;
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source[i] == '\t') {
      text += "    ";
    } else if (source[i] != '\r') {
      text += source[i];
    } else if (i + 1 == source.size() || source[i + 1] != '\n') {
      text += '\n';
    }
  }
  return printable_lines(text);
}

// The numbers that a page holds: some megabytes, which a browser opens in a moment.
constexpr std::size_t kMostNumbers = 600'000;
// No window is smaller, so that what the page shows of a matrix is in it.
constexpr int kSmallestWindow = 16;

// Whether rows and columns of an argument stand opposite those of the result.
bool stands_opposite(const Graph& graph, NodeId id) {
  const Node& is = graph.node(id);
  const Shape& from = graph.node(graph.input(id, 0)).shape;
  switch (is.primitive->reads) {
    case Reads::kElementwise:
      return from.rows() == is.shape.rows() && from.cols() == is.shape.cols();
    case Reads::kRepeat:
      return from.rows() == 1 || (from.ndim() == is.shape.ndim() &&
                                  std::equal(from.begin(), from.end() - 1, is.shape.begin()));
    case Reads::kReduce:
      return along(graph, id) != Along::kOther;
    case Reads::kProduct:
      return from.ndim() == 2 && graph.node(graph.input(id, 1)).shape.ndim() == 2;
    case Reads::kTurn:
      return from.ndim() == 2 && is.attributes.order[0] == 1;
  }
  return false;
}

// What only repeats or hands on its argument is read from there.
bool is_alias(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (node.primitive == nullptr || node.primitive->name == "copy") return node.primitive != nullptr;
  return node.primitive->reads == Reads::kRepeat && stands_opposite(graph, id);
}

std::size_t numbers_within(const Trace& trace, int window) {
  std::size_t numbers = 0;
  for (NodeId id = 0; id < trace.graph().size(); ++id) {
    const Node& node = trace.graph().node(id);
    if (is_alias(trace.graph(), id)) continue;
    numbers += static_cast<std::size_t>(std::min(node.shape.rows(), window)) *
               static_cast<std::size_t>(std::min(node.shape.cols(), window));
  }
  return numbers;
}

class Recorder {
 public:
  Recorder(const Trace& trace, const Ledger& ledger, const PageGroups& groups,
           const PageOptions& options)
      : trace_(trace),
        graph_(trace.graph()),
        ledger_(ledger),
        groups_(groups),
        options_(options),
        window_(page_window(trace)) {}

  Json record() {
    Json json;
    json["circuit"] = options_.circuit;
    json["language"] = options_.language.code();
    json["notes"] = notes();
    json["source"] = shown_source(options_.source);
    json["outputs"] = options_.outputs;
    if (window_ > 0) json["window"] = window_;
    json["nodes"] = nodes();
    json["primitives"] = primitives_;
    json["events"] = events();
    json["rules"] = rules_;
    json["phases"] = phases();
    json["groups"] = groups();
    json["checks"] = checks();
    json["slopes"] = slopes();
    json["sections"] = sections();
    json["values"] = base64(std::span<const double>(numbers_));
    return json;
  }

 private:
  // What is 0 or nothing is left out, and so are a name that is only a number and a shape that is
  // the first argument's; the script knows.
  static void put(Json& json, const char* key, std::uint32_t value) {
    if (value != 0) json[key] = value;
  }

  Json notes() const {
    Json notes = Json::array();
    for (const std::string& note : options_.notes) notes.push_back(printable(note));
    return notes;
  }

  Json nodes() {
    Json nodes = Json::array();
    for (NodeId id = 0; id < graph_.size(); ++id) nodes.push_back(node(id));
    return nodes;
  }

  Json node(NodeId id) {
    const Node& is = graph_.node(id);
    const Place& place = is.place;
    Json json = Json::object();
    const std::string name = name_in_formula(graph_, id);
    if (name != "_" + std::to_string(id)) json["n"] = name;
    const bool as_first =
        is.primitive != nullptr && is.shape == graph_.node(graph_.input(id, 0)).shape;
    if (!as_first) json["s"] = std::vector<int>(is.shape.begin(), is.shape.end());
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
      put_places(id, json);
      if (place.part == Part::kForward && !place.folded) {
        const std::string title = backstep::title(graph_, id);
        if (title != is.primitive->name) json["w"] = title;
      }
    }
    put(json, "t", static_cast<std::uint32_t>(place.part));
    if (place.part != Part::kForward) {
      put(json, "m", place.n);
      json["of"] = place.of;
    }
    if (place.part == Part::kContribution) {
      const Use use = use_of(graph_, id);
      json["u"] = {use.user, use.argument};
    }
    put(json, "f", place.folded ? 1 : 0);
    if (place.part == Part::kForward) put(json, "st", place.station);
    if (place.part == Part::kForward) put(json, "g", static_cast<std::uint32_t>(groups_.of[id]));
    if (!is_alias(graph_, id)) json["v"] = keep(id);
    if (!is_alias(graph_, id) && is_cut(is.shape)) json["all"] = of_all(trace_.value(id));
    return json;
  }

  // What the text of a node says of sides, and which elements it reads. The script knows rows and
  // columns that stand opposite each other; of all else it is given the places one by one.
  void put_places(NodeId id, Json& json) {
    const Node& is = graph_.node(id);
    if (is.primitive->reads == Reads::kReduce || is.primitive->reads == Reads::kTurn) {
      json["ax"] = sides_text(graph_, id);
    }
    if (is.primitive->reads == Reads::kReduce) {
      put(json, "a", static_cast<std::uint32_t>(along(graph_, id)));
    }
    if (!stands_opposite(graph_, id)) json["map"] = places(id);
  }

  // For each argument the elements that it gives to the first element, to the second, and so on;
  // null if they are very many.
  Json places(NodeId id) {
    const std::size_t size = graph_.node(id).shape.size();
    Json all = Json::array();
    for (std::size_t i = 0; i < graph_.arity(id); ++i) {
      const std::size_t count = read_count(graph_, id, i);
      if (count * size > places_left_) return nullptr;
      places_left_ -= count * size;
      Json of_argument = Json::array();
      for (std::size_t at = 0; at < size; ++at) {
        for (std::size_t k = 0; k < count; ++k) {
          of_argument.push_back(read_place(graph_, id, i, at, k));
        }
      }
      all.push_back(std::move(of_argument));
    }
    return all;
  }

  bool is_cut(const Shape& shape) const {
    return window_ > 0 && (shape.rows() > window_ || shape.cols() > window_);
  }

  // The first rows and columns of the window, and the last of each.
  std::size_t keep(NodeId id) {
    const ConstView value = trace_.value(id);
    const std::size_t offset = numbers_.size();
    if (!is_cut(value.shape)) {
      numbers_.insert(numbers_.end(), value.begin(), value.end());
      return offset;
    }
    const std::vector<int> cols = kept(value.shape.cols());
    for (const int row : kept(value.shape.rows())) {
      for (const int col : cols) numbers_.push_back(value(row, col));
    }
    return offset;
  }

  std::vector<int> kept(int count) const {
    std::vector<int> places(static_cast<std::size_t>(std::min(count, window_)));
    std::iota(places.begin(), places.end(), 0);
    places.back() = count - 1;
    return places;
  }

  static Json of_all(ConstView value) {
    double least = value.data[0], most = value.data[0];
    double sum = 0, squares = 0, largest = 0;
    bool finite = true;
    for (const double x : value) {
      least = std::min(least, x);
      most = std::max(most, x);
      sum += x;
      squares += x * x;
      finite = finite && std::isfinite(x);
      if (std::isfinite(x)) largest = std::max(largest, std::fabs(x));
    }
    return {{"least", number_text(least)},
            {"most", number_text(most)},
            {"mean", number_text(sum / static_cast<double>(value.size()))},
            {"norm", number_text(std::sqrt(squares))},
            {"largest", largest},
            {"finite", finite}};
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
      events.push_back({event.node, sentence(graph_, event, kFirst), why(graph_, event, kFirst),
                        sentence(graph_, event, second_), why(graph_, event, second_),
                        formula_mathml(graph_, event.node), rule(local_mathml(graph_, event.node)),
                        formula(graph_, event.node), inside(event.node)});
    }
    return events;
  }

  // The steps within a rule of more than one; their lines of NumPy follow from the patterns.
  Json inside(NodeId node) const {
    const std::vector<NodeId> steps = walk::steps_inside(graph_, node);
    return steps.size() < 2 ? Json::array() : Json(steps);
  }

  // [kind, first event, event behind the last, title in English, in Korean]
  Json phases() const {
    Json phases = Json::array();
    for (const walk::Phase& phase : walk::phases(trace_)) {
      phases.push_back({static_cast<int>(phase.kind), phase.begin, phase.end,
                        walk::phase_title(trace_, phase, kFirst),
                        walk::phase_title(trace_, phase, second_)});
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
      groups.push_back({{"en", group.name.in(kFirst)},
                        {"ko", group.name.in(second_)},
                        {"parent", group.parent},
                        {"size", group.size},
                        {"own", group.own_picture ? 1 : 0}});
    }
    return groups;
  }

  Json checks() const {
    Json checks = Json::array();
    for (const PageCheck& check : page_checks(trace_, ledger_, options_.slopes)) {
      checks.push_back(
          {check.passed, check.says.in(kFirst), check.says.in(second_), check.numbers.in(kFirst)});
    }
    return checks;
  }

  // How far the measured slopes are from the gradient: so small that a float32 tells them well.
  Json slopes() const {
    Json slopes = Json::object();
    for (const auto& [node, measured] : options_.slopes) {
      if (ledger_.gradient(node) == kNoNode || is_cut(graph_.node(node).shape)) continue;
      const ConstView ours = trace_.value(ledger_.gradient(node));
      std::vector<float> off;
      for (std::size_t i = 0; i < ours.size(); ++i) {
        off.push_back(static_cast<float>(measured.data()[i] - ours.data[i]));
      }
      slopes[std::to_string(node)] = base64(std::span<const float>(off));
    }
    return slopes;
  }

  // Where the second language of the page stands in languages().
  std::size_t second_number() const {
    const auto& all = languages();
    const auto chosen = std::find(all.begin() + 1, all.end(), options_.language);
    return chosen != all.end() ? static_cast<std::size_t>(chosen - all.begin())
                               : std::min<std::size_t>(1, all.size() - 1);
  }

  Json sections() const {
    Json sections = Json::array();
    for (const PageSection& section : options_.sections) {
      Json events = Json::array();
      for (const NodeId node : section.nodes) {
        if (ledger_.written_by(node) != Ledger::kNever) events.push_back(ledger_.written_by(node));
      }
      sections.push_back({section.titles.front(), section.titles[second_number()],
                          section.htmls.front(), section.htmls[second_number()],
                          std::move(events)});
    }
    return sections;
  }

  const Trace& trace_;
  const Graph& graph_;
  const Ledger& ledger_;
  const PageGroups& groups_;
  const PageOptions& options_;
  // A page holds two languages: English, and the one that it opens in or else the first of others.
  static constexpr Language kFirst = Language();
  Language second_ = languages()[second_number()];
  int window_;  // 0: every value stands in the record as a whole
  std::map<const Primitive*, std::size_t> primitive_;
  std::map<std::string, int> rule_;
  Json primitives_ = Json::array();
  Json rules_ = Json::array();
  std::vector<double> numbers_;
  std::size_t places_left_ = 200'000;  // so many are given one by one
};

std::string base64_of(std::span<const std::byte> bytes) {
  static_assert(std::endian::native == std::endian::little);
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const auto at = [&](std::size_t i) {
    return i < bytes.size() ? std::to_integer<unsigned>(bytes[i]) : 0u;
  };
  std::string text;
  text.reserve(bytes.size() * 4 / 3 + 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const unsigned word = at(i) << 16 | at(i + 1) << 8 | at(i + 2);
    text += kDigits[word >> 18];
    text += kDigits[word >> 12 & 63];
    text += i + 1 < bytes.size() ? kDigits[word >> 6 & 63] : '=';
    text += i + 2 < bytes.size() ? kDigits[word & 63] : '=';
  }
  return text;
}

}  // namespace

int page_window(const Trace& trace) {
  if (numbers_within(trace, std::numeric_limits<int>::max()) <= kMostNumbers) return 0;
  int fits = kSmallestWindow;
  for (int step = 1 << 20; step > 0; step /= 2) {
    if (numbers_within(trace, fits + step) <= kMostNumbers) fits += step;
  }
  return fits;
}

std::string base64(std::span<const double> numbers) { return base64_of(std::as_bytes(numbers)); }
std::string base64(std::span<const float> numbers) { return base64_of(std::as_bytes(numbers)); }

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
  return safe_in_script(json_text(json, -1));
}

}  // namespace backstep::write
