// A run as Markdown, station by station.
#include "lessons/walk.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/expression.h"
#include "engine/number_text.h"

namespace backstep::lessons {
namespace {

constexpr auto kRule = Words("rule");
// {0} is the station, {1} its primitive and {2} the primitive's formula.
constexpr auto kBackAt = Words("**Back at station {0}, {1}**, `{2}`");
constexpr auto kUpstream = Words("**The upstream gradient**");
constexpr auto kSum = Words("**Back at station {0}, {1}**, where {2} paths meet");

// "**Station 1, mean:** mu averages ..."
std::string with_bold_beginning(const std::string& sentence) {
  const std::size_t colon = sentence.find(':');
  if (colon == sentence.npos) return sentence;
  return "**" + sentence.substr(0, colon + 1) + "**" + sentence.substr(colon + 1);
}

// The formula with names, the rule behind it, the shape and the first numbers; `margin` is what
// Markdown wants before each line.
std::string figures(const Trace& trace, NodeId node, std::string_view margin, Language language) {
  const std::string rule = local_formula(trace.graph(), node);
  std::string text = fmt::format("{}`{}`", margin, formula(trace.graph(), node));
  if (!rule.empty()) text += fmt::format(" · {} `{}`", say(language, kRule), rule);
  return fmt::format("{}  \n{}{}", text, margin, first_numbers(trace.value(node)));
}

// What stands above the events of one station, or of one sum.
std::string heading(const Trace& trace, const Event& event, Language language) {
  const Graph& graph = trace.graph();
  const Place& place = graph.place(event.node);
  if (event.kind == EventKind::kSeed) return say(language, kUpstream);
  if (event.kind == EventKind::kContribution) {
    const NodeId user = use_of(graph, event.node).user;
    return say(language, kBackAt, place.station, title(graph, user), local_formula(graph, user));
  }
  return say(language, kSum, place.station, graph.name(place.of), place.n);
}

std::string item(const Trace& trace, const Event& event, Language language) {
  constexpr std::string_view kMargin = "    ";
  const bool is_rule = event.kind == EventKind::kContribution;
  const std::string says = is_rule ? "" : sentence(trace.graph(), event, language);
  const std::string reason = why(trace.graph(), event, language);
  const std::string gap = says.empty() || reason.empty() ? "" : " ";
  const std::string lines = figures(trace, event.node, kMargin, language);
  return fmt::format("  - {}  \n{}{}{}{}\n", lines.substr(kMargin.size()), kMargin, says, gap,
                     reason);
}

}  // namespace

std::string first_numbers(ConstView values) {
  constexpr std::size_t kShown = 4;
  std::string text = to_string(values.shape) + ": ";
  for (std::size_t i = 0; i < std::min(kShown, values.size()); ++i) {
    text += (i == 0 ? "" : ", ") + number_text(values.data[i]);
  }
  return values.size() > kShown ? text + ", ..." : text;
}

std::string forward_walk(const Trace& trace, Language language) {
  std::string text;
  for (const Event& event : trace.events()) {
    if (event.kind != EventKind::kForward) break;
    text +=
        fmt::format("- {}  \n{}\n", with_bold_beginning(sentence(trace.graph(), event, language)),
                    figures(trace, event.node, "  ", language));
  }
  return text;
}

std::string backward_walk(const Trace& trace, Language language) {
  std::string text, last;
  for (const Event& event : trace.events()) {
    if (event.kind == EventKind::kForward) continue;
    const std::string above = heading(trace, event, language);
    if (above != last) text += "- " + above + "\n";
    last = above;
    text += item(trace, event, language);
  }
  return text;
}

}  // namespace backstep::lessons
