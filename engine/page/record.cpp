// The record as JSON: values, events with their words and formulas, groups, checks. What its fields
// mean is told by script/fields.d.ts.
#include "engine/page/record.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/page/checks.h"
#include "engine/page/places.h"
#include "engine/page/values.h"
#include "engine/page/words.h"
#include "engine/walk/inside.h"
#include "engine/walk/numbers.h"
#include "engine/walk/phases.h"
#include "engine/walk/question.h"
#include "engine/walk/sums.h"
#include "engine/write/json_text.h"
#include "engine/write/mathml.h"

namespace backstep::page {
namespace {

using Json = nlohmann::ordered_json;

// What a value is, as the record numbers it.
enum class Kind { kForward, kLeaf, kInside, kSeed, kContribution, kPartial, kFinal };

Kind kind_of(const Node& node) {
  switch (node.place.part) {
    case Part::kForward:
      break;
    case Part::kInside:
      return Kind::kInside;
    case Part::kSeed:
      return Kind::kSeed;
    case Part::kContribution:
      return Kind::kContribution;
    case Part::kPartial:
      return Kind::kPartial;
    case Part::kGradient:
      return Kind::kFinal;
  }
  if (node.place.folded) return Kind::kInside;
  return node.primitive == nullptr ? Kind::kLeaf : Kind::kForward;
}

// The ways in which a number stands in a formula, as the record numbers them: those of every
// formula, then those of reductions.
const std::vector<SignForm>& sign_forms() {
  static const std::vector<SignForm> forms = [] {
    std::vector<SignForm> all = {kPlain, kBracketed, kAdded, kSigned};
    for (const Primitive* primitive : all_primitives()) {
      for (const SignForm& form : {primitive->joining.first, primitive->joining.next}) {
        if (std::find(all.begin(), all.end(), form) == all.end()) all.push_back(form);
      }
    }
    return all;
  }();
  return forms;
}

std::size_t number_of(const SignForm& form) {
  const std::vector<SignForm>& forms = sign_forms();
  return static_cast<std::size_t>(std::find(forms.begin(), forms.end(), form) - forms.begin());
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
        window_(page_window(trace)),
        values_(trace, window_),
        sums_(walk::running_sums(trace, ledger)),
        ways_(graph_),
        asked_(find_asked()) {}

  Json record() {
    Json json;
    json["circuit"] = options_.circuit;
    json["language"] =
        std::find(languages().begin(), languages().end(), options_.language) - languages().begin();
    json["languages"] = language_names();
    json["words"] = page_words();
    json["keys"] = page_keys();
    json["forms"] = forms();
    if (window_ > 0) json["window"] = window_;
    json["values"] = values();
    json["events"] = events();
    json["rules"] = rules_;
    json["shapes"] = shapes_;
    json["ways"] = ways_.table();
    json["phases"] = phases();
    json["groups"] = groups();
    json["checks"] = checks();
    json["sections"] = sections();
    if (const NodeId odd = first_not_finite(trace_); odd != kNoNode) {
      json["notFinite"] = walk::event_of(trace_, odd) + 1;
    }
    json["numbers"] = values_.exact();
    return json;
  }

 private:
  // What is 0 or empty is left out.
  template <typename Value>
  static void put(Json& json, const char* key, const Value& value) {
    Json made = value;
    const bool nothing = made.is_number() ? made == 0 : made.empty() || made == "";
    if (!nothing) json[key] = std::move(made);
  }

  static Json forms() {
    Json forms = Json::array();
    for (const SignForm& form : sign_forms()) {
      forms.push_back({{"plus", form.plus},
                       {"zero", form.zero},
                       {"minus", form.minus},
                       {"behind", form.behind}});
    }
    return forms;
  }

  // Every node in its place; null for one that no part of the page shows.
  Json values() {
    std::set<NodeId> shown;
    for (NodeId id = 0; id < graph_.size(); ++id) {
      const Place& place = graph_.place(id);
      if (place.part == Part::kForward && !place.folded) shown.insert(id);
    }
    for (const Event& event : trace_.events()) {
      shown.insert(event.node);
      const std::vector<NodeId> steps = walk::steps_inside(graph_, event.node);
      shown.insert(steps.begin(), steps.end());
      if (steps.size() > 1) inside_.insert(steps.begin(), steps.end());
    }
    // What a value is read from, or its formula tells a number of.
    std::vector<NodeId> open(shown.begin(), shown.end());
    const auto add = [&](NodeId id) {
      if (shown.insert(id).second) open.push_back(id);
    };
    for (std::size_t i = 0; i < open.size(); ++i) {
      const NodeId id = open[i];
      if (is_alias(graph_, id)) add(graph_.input(id, 0));
      for (const FormulaTerm& term : number_terms(graph_, id)) {
        if (term.node != kNoNode) add(term.node);
      }
    }
    Json values = Json::array();
    for (NodeId id = 0; id < graph_.size(); ++id) {
      values.push_back(shown.count(id) > 0 ? value(id) : Json(nullptr));
    }
    return values;
  }

  Json value(NodeId id) {
    const Node& is = graph_.node(id);
    const Place& place = is.place;
    const Kind kind = kind_of(is);
    const bool is_gradient = kind >= Kind::kSeed;
    Json json = Json::object();
    if (!is_written_out(graph_, id)) json["name"] = name_in_formula(graph_, id);
    json["shape"] = std::vector<int>(is.shape.begin(), is.shape.end());
    put(json, "kind", static_cast<int>(kind));
    if (is_gradient) json["of"] = place.of;
    put(json, "group", group_of(id));
    if (is.primitive != nullptr) {
      put(json, "station", place.station);
      if (!is_gradient || inside_.count(id) > 0) {
        json["title"] = title(graph_, id);
        json["symbol"] = is.primitive->symbol;
      }
      json["formula"] = formula_of(id);
    } else if (is_written_number(graph_.node(id))) {
      json["plain"] = 1;
    }
    put_numbers(id, json);
    if (place.part == Part::kForward) put_gradient(id, json);
    return json;
  }

  // Of a gradient, the group of the station that it was sent back through.
  std::size_t group_of(NodeId id) const {
    const Place& place = graph_.place(id);
    if (place.part == Part::kForward) return groups_.of[id];
    if (place.of == kNoNode || is_written_out(graph_, id)) return 0;
    return groups_.of[place.part == Part::kContribution ? use_of(graph_, id).user : place.of];
  }

  // What one element is made of.
  Json formula_of(NodeId id) {
    Json json = Json::object();
    json["numpy"] = expression(graph_, id);
    if (is_written_out(graph_, id)) json["written"] = 1;
    Json terms = Json::array();
    const bool has_terms = has_number_terms(graph_, id);
    if (!has_terms) put(json, "made", made_of(id));
    for (const FormulaTerm& term :
         has_terms ? number_terms(graph_, id) : std::vector<FormulaTerm>()) {
      Json made = this->term(term);
      if (made.is_null()) return json;  // it would have to tell too many places
      terms.push_back(std::move(made));
    }
    Json reads = Json::array();
    for (const std::vector<Read>& path : walk::reads(graph_, id)) {
      Json way = ways_.all(path);
      if (way.is_null()) continue;
      const Read& last = path.back();
      Json read = {{"node", graph_.input(last.node, last.argument)}};
      put(read, "way", way);
      reads.push_back(std::move(read));
    }
    if (reads != numbers_among(terms)) json["reads"] = std::move(reads);
    if (has_terms) json["terms"] = std::move(terms);
    return json;
  }

  // Where each element is made of another number of them: the elements that are more than one
  // number handed on, each with its line.
  Json made_of(NodeId id) const {
    constexpr std::size_t kMost = 4096;
    Json made = Json::object();
    const ConstView value = trace_.value(id);
    const auto cols = static_cast<std::size_t>(graph_.node(id).shape.cols());
    for (std::size_t at = 0; at < value.size() && value.size() <= kMost; ++at) {
      std::string line = expression_with_numbers(trace_, id, static_cast<int>(at / cols),
                                                 static_cast<int>(at % cols));
      if (line != number_text(value.data[at])) made[std::to_string(at)] = std::move(line);
    }
    return made;
  }

  // What an element is made of, if its terms tell all of it.
  static Json numbers_among(const Json& terms) {
    Json numbers = Json::array();
    for (Json term : terms) {
      if (term.is_string()) continue;
      term.erase("form");
      numbers.push_back(std::move(term));
    }
    return numbers;
  }

  Json term(const FormulaTerm& term) {
    if (term.node == kNoNode) return term.text;
    Json way = ways_.one(term.path);
    if (way.is_null()) return nullptr;
    Json json = {{"node", term.node}};
    put(json, "way", way);
    put(json, "form", number_of(term.form));
    return json;
  }

  void put_numbers(NodeId id, Json& json) {
    constexpr int kRangeDigits = 3;
    constexpr std::size_t kFewest = 8;  // to tell how they are spread
    if (is_alias(graph_, id)) {
      json["as"] = {{"node", graph_.input(id, 0)}};
      put(json["as"], "way", ways_.one({{id, 0, 0}}));
    } else {
      json["texts"] = values_.texts(id);
      json["at"] = values_.keep(id);
      if (asked_.count(id) > 0) json["ranges"] = ranges(id);
    }
    if (values_.is_cut(id)) json["all"] = values_.of_all(id);
    if (kind_of(graph_.node(id)) == Kind::kInside && inside_.count(id) == 0) return;
    const double range = walk::shared_range(trace_, ledger_, sums_, id);
    put(json, "range", range == 0 ? "" : number_text(range, kRangeDigits));
    if (graph_.node(id).shape.size() >= kFewest) json["spread"] = values_.spread(id);
  }

  // The gradient of a value of the forward pass, as it grows.
  void put_gradient(NodeId id, Json& json) const {
    if (ledger_.gradient(id) == kNoNode) return;
    Json gradient = {{"whole", ledger_.gradient(id)}};
    const auto contributions = ledger_.contributions(id);
    if (contributions.size() > 1) {
      gradient["sums"] = sums_[id];
      Json parts = Json::array();
      for (const NodeId part : contributions) {
        parts.push_back({{"node", part}, {"user", use_of(graph_, part).user}});
      }
      gradient["parts"] = std::move(parts);
    }
    json["gradient"] = std::move(gradient);
    put(json, "slopes", slopes(id));
  }

  // Of each element how far the slope that was measured is from the gradient: the text of the slope
  // is told where it is another, and the element where that is too far. An empty text: not
  // measured.
  Json slopes(NodeId id) const {
    constexpr double kTolerance = 1e-6;
    constexpr double kLeast = 1e-3;
    const auto found = options_.slopes.find(id);
    if (found == options_.slopes.end() || values_.is_cut(id)) return Json::array();
    const NodeId whole = ledger_.gradient(id);
    const ConstView ours = trace_.value(whole);
    const double near =
        kTolerance * std::max(kLeast, walk::shared_range(trace_, ledger_, sums_, whole));
    Json json = {{"off", ""}};
    std::string all;
    for (std::size_t i = 0; i < ours.size(); ++i) {
      const double measured = found->second.data()[i];
      const double off = measured - ours.data[i];
      all += (i > 0 ? " " : "") + (std::isnan(off) ? "-" : number_text(off, 1));
      if (std::isnan(off)) continue;
      const std::string text = number_text(measured);
      if (text != number_text(ours.data[i])) json["measured"][std::to_string(i)] = text;
      if (std::abs(off) > near) json["wrong"].push_back(i);
    }
    json["off"] = all;
    return json;
  }

  Json events() {
    Json events = Json::array();
    for (std::size_t k = 0; k < trace_.events().size(); ++k) events.push_back(event(k));
    return events;
  }

  Json event(std::size_t k) {
    const Event& event = trace_.events()[k];
    Json json = {{"node", event.node}};
    json["said"] =
        in_each_language([&](Language language) { return sentence(graph_, event, language); });
    Json reason = in_each_language([&](Language language) { return why(graph_, event, language); });
    if (reason[0] != "") json["why"] = std::move(reason);
    json["math"] = write::formula_mathml(graph_, event.node);
    if (const int number = rule(event.node); number >= 0) json["rule"] = number;
    const std::vector<NodeId> steps = walk::steps_inside(graph_, event.node);
    if (steps.size() > 1) json["inside"] = steps;
    put_question(k, json);
    return json;
  }

  // What can be asked of an event, and the shapes to choose from.
  void put_question(std::size_t k, Json& json) {
    using About = walk::Question::About;
    const std::vector<About> asks = walk::what_to_ask(trace_, k);
    if (asks != std::vector{About::kSign, About::kValue, About::kShape}) json["asks"] = asks;
    for (const std::string& shape : walk::shape_choices(trace_, k)) {
      const auto found = std::find(shapes_.begin(), shapes_.end(), shape);
      json["shapes"].push_back(found - shapes_.begin());
      if (found == shapes_.end()) shapes_.push_back(shape);
    }
  }

  // The values whose numbers are asked for.
  std::set<NodeId> find_asked() const {
    std::set<NodeId> asked;
    for (const Event& event : trace_.events()) {
      NodeId id = event.node;
      if (event.kind == EventKind::kSeed) continue;
      while (is_alias(graph_, id)) id = graph_.input(id, 0);
      asked.insert(id);
    }
    return asked;
  }

  // Of the first elements the least and the greatest right answer.
  std::string ranges(NodeId id) const {
    constexpr std::size_t kMostAsked = 64;
    const ConstView value = trace_.value(id);
    std::string ranges;
    for (std::size_t i = 0; i < std::min(kMostAsked, value.size()); ++i) {
      const walk::Range range = walk::right_range(value.data[i]);
      ranges += (i > 0 ? " " : "") + range.least + " " + range.most;
    }
    return ranges;
  }

  Json phases() const {
    Json phases = Json::array();
    for (const walk::Phase& phase : walk::phases(trace_)) {
      phases.push_back({{"kind", static_cast<int>(phase.kind)},
                        {"begin", phase.begin},
                        {"end", phase.end},
                        {"title", in_each_language([&](Language language) {
                           return walk::phase_title(trace_, phase, language);
                         })}});
    }
    return phases;
  }

  // The number of the rule behind a node; -1 if there is none. That of a contribution stands behind
  // that of the use that it came through.
  int rule(NodeId node) {
    const std::string text = local_formula(graph_, node);
    if (text.empty()) return -1;
    const bool is_back = graph_.place(node).part == Part::kContribution;
    Json made = {{"numpy", text}, {"math", write::local_mathml(graph_, node)}};
    if (is_back) made["after"] = rule(use_of(graph_, node).user);
    const auto [place, is_new] = rule_.try_emplace(made.dump(), static_cast<int>(rules_.size()));
    if (is_new) rules_.push_back(std::move(made));
    return place->second;
  }

  Json groups() const {
    Json groups = Json::array();
    for (const PageGroup& group : groups_.groups) {
      groups.push_back(
          {{"name", in_each_language([&](Language language) { return group.name.in(language); })},
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
          {{"passed", check.passed},
           {"said", in_each_language([&](Language language) { return check.says.in(language); })},
           {"numbers",
            in_each_language([&](Language language) { return check.numbers.in(language); })}});
    }
    return checks;
  }

  // Runs without a gap: [first, last].
  static Json stretches(const std::set<std::size_t>& steps) {
    Json runs = Json::array();
    for (const std::size_t step : steps) {
      if (!runs.empty() && runs.back()[1] == step - 1) {
        runs.back()[1] = step;
      } else {
        runs.push_back({step, step});
      }
    }
    return runs;
  }

  Json sections() const {
    Json sections = Json::array();
    for (const PageSection& section : options_.sections) {
      std::set<std::size_t> steps;
      for (const NodeId node : section.nodes) {
        const std::size_t event = ledger_.written_by(node);
        if (event != Ledger::kNever) steps.insert(event + 1);
      }
      sections.push_back(
          {{"title", section.titles}, {"html", section.htmls}, {"stretches", stretches(steps)}});
    }
    return sections;
  }

  const Trace& trace_;
  const Graph& graph_;
  const Ledger& ledger_;
  const PageGroups& groups_;
  const PageOptions& options_;
  int window_;  // 0: every value stands in the record as a whole
  Values values_;
  std::vector<std::vector<NodeId>> sums_;
  Ways ways_;
  std::set<NodeId> asked_;
  std::vector<std::string> shapes_;
  std::set<NodeId> inside_;  // the steps of an event that has more than one
  std::map<std::string, int> rule_;
  Json rules_ = Json::array();
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

std::string base64(std::span<const double> numbers) { return base64_of(std::as_bytes(numbers)); }

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
  return safe_in_script(write::json_text(json, -1));
}

}  // namespace backstep::page
