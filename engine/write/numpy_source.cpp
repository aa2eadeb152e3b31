// One line of NumPy for each event of a run, with the station that it belongs to.
#include "engine/write/numpy_source.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <map>
#include <unordered_set>

#include "engine/describe.h"
#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/structure/closed_form.h"

namespace backstep::write {
namespace {

struct Line {
  std::string code;
  std::string comment;
};

constexpr std::size_t kWidestCode = 60;

// Comments stand below each other behind lines of usual length.
std::string text_of(const std::vector<Line>& lines) {
  std::size_t width = 0;
  for (const Line& line : lines) {
    if (line.code.size() <= kWidestCode) width = std::max(width, line.code.size());
  }
  std::string text;
  for (const Line& line : lines) {
    text += line.comment.empty()
                ? fmt::format("    {}\n", line.code)
                : fmt::format("    {:<{}}  # {}\n", line.code, width, line.comment);
  }
  return text;
}

bool is_part_of_word(char c) {
  return c == '_' || c == '.' || std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The names that a text holds.
class Names {
 public:
  // A word of the text, and what stands before each dot in it: x of x.shape.
  void add(std::string_view text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      std::size_t end = at;
      for (; end < text.size() && is_part_of_word(text[end]); ++end) {
        if (text[end] == '.') names_.emplace(text.substr(at, end - at));
      }
      if (end > at) names_.emplace(text.substr(at, end - at));
      at = end;
    }
  }
  bool has(const std::string& name) const { return names_.count(name) > 0; }

 private:
  std::unordered_set<std::string> names_;
};

Names names_in(const std::vector<Line>& lines) {
  Names names;
  for (const Line& line : lines) names.add(line.code);
  return names;
}

class Module {
 public:
  explicit Module(const NumpySource& source)
      : source_(source),
        trace_(*source.trace),
        graph_(trace_.graph()),
        ledger_(trace_),
        forms_(source.closed_form ? structure::closed_forms(trace_)
                                  : std::map<NodeId, structure::ClosedForm>{}),
        is_parameter_(graph_.size()),
        cache_(free_name("cache")) {
    for (const NodeId leaf : source.parameters) is_parameter_[leaf] = true;
    for (const auto& [side, letter] : source.letters)
      letters_.emplace_back(side, free_name(letter));
  }

  std::string text() {
    std::vector<Line> forward = inner_settings();
    std::vector<Line> backward;
    for (const Event& event : trace_.events()) {
      if (event.kind == EventKind::kForward) forward.push_back(line_of(event));
    }
    for (const Event& event : trace_.events()) {
      const bool is_backward = event.kind != EventKind::kForward && event.kind != EventKind::kSeed;
      if (is_backward) add_backward(event, backward);
    }
    if (source_.closed_form) drop_unused(backward);
    const std::string upstream = graph_.name(source_.seed);
    const std::string results = gradients();
    const std::vector<std::string> cache = cached(backward, results);
    std::string text =
        fmt::format("\"\"\"{}, forward and backward. Written by backstep numpy{}.\n\n",
                    source_.circuit, source_.closed_form ? " --closed-form" : "");
    text += "The backward pass takes the gradient of the loss\n";
    text += fmt::format("with respect to {}.\n\"\"\"\nimport numpy as np\n\n\n",
                        graph_.name(source_.output));
    text += fmt::format("def {}({}):\n", source_.circuit, parameters());
    text += sizes(forward);
    text += text_of(forward);
    const std::string values =
        fmt::format("{}{}", fmt::join(cache, ", "), cache.size() == 1 ? "," : "");
    text += fmt::format("    {} = ({})\n", cache_, values);
    text += fmt::format("    return {}, {}\n\n\n", graph_.name(source_.output), cache_);
    const bool is_scalar = graph_.node(source_.output).shape.ndim() == 0;
    text +=
        fmt::format("def {}_backward({}{}{}):\n", source_.circuit, is_scalar ? "" : upstream + ", ",
                    cache_, is_scalar ? fmt::format(", {}=1.0", upstream) : "");
    if (!cache.empty()) text += fmt::format("    {} = {}\n", values, cache_);
    text += sizes(backward);
    text += text_of(backward);
    text += fmt::format("    return {}\n", results);
    return text;
  }

 private:
  // A name for what is no node: `name`, unless a node has it.
  std::string free_name(const std::string& name) const {
    std::string free = name;
    for (int i = 1; graph_.find(free) != kNoNode; ++i) free = fmt::format("{}_{}", name, i);
    return free;
  }

  Line line_of(const Event& event) {
    const Place& place = graph_.place(event.node);
    Line line{with_letters(formula(graph_, event.node)), {}};
    if (event.kind == EventKind::kForward) {
      line.comment = fmt::format("{} {}", place.station, title(graph_, event.node));
    } else if (event.kind == EventKind::kContribution) {
      line.comment =
          fmt::format("{} {}", place.station, title(graph_, use_of(graph_, event.node).user));
    } else {
      line.comment =
          fmt::format("{} of {} contributions to {}", place.k, place.n, graph_.name(place.of));
    }
    return line;
  }

  // Those of the functions that the circuit calls: "normed_eps = 1e-06".
  std::vector<Line> inner_settings() const {
    std::vector<Line> lines;
    for (NodeId id = 0; id < graph_.size(); ++id) {
      const Node& node = graph_.node(id);
      const bool is_setting = node.primitive == nullptr && node.place.part == Part::kForward &&
                              !node.name.empty() && !is_parameter_[id];
      if (!is_setting) continue;
      const std::string number = exact_number_text(node.attributes.number);
      const bool is_number = node.shape.ndim() == 0;
      lines.push_back({is_number ? fmt::format("{} = {}", node.name, number)
                                 : fmt::format("{} = np.full({}, {}, dtype=float)", node.name,
                                               to_string(node.shape), number),
                       {}});
    }
    return lines;
  }

  void add_backward(const Event& event, std::vector<Line>& lines) {
    const auto form = forms_.find(event.node);
    lines.push_back(form == forms_.end()
                        ? line_of(event)
                        : Line{with_letters(form->second.code), form->second.comment});
  }

  // With a closed form, lines that only fed what it replaces are not needed any more.
  void drop_unused(std::vector<Line>& lines) const {
    Names later;
    later.add(gradients());
    std::vector<Line> used;
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
      const std::string name = line->code.substr(0, line->code.find(" = "));
      if (!later.has(name)) continue;
      later.add(std::string_view(line->code).substr(name.size()));
      used.push_back(std::move(*line));
    }
    lines.assign(std::make_move_iterator(used.rbegin()), std::make_move_iterator(used.rend()));
  }

  std::string parameters() const {
    std::vector<std::string> names;
    for (const NodeId leaf : source_.parameters) {
      const Node& node = graph_.node(leaf);
      const bool is_setting = node.role == Role::kConstant && node.shape.ndim() == 0;
      const std::string value = exact_number_text(trace_.value(leaf)(0, 0));
      names.push_back(is_setting ? fmt::format("{}={}", node.name, value) : node.name);
    }
    return fmt::format("{}", fmt::join(names, ", "));
  }

  std::string gradients() const {
    std::vector<std::string> names;
    for (const NodeId leaf : source_.parameters) {
      const Role role = graph_.node(leaf).role;
      if (role != Role::kInput && role != Role::kParameter) continue;
      const NodeId gradient = ledger_.gradient(leaf);
      names.push_back(gradient == kNoNode ? fmt::format("np.zeros_like({})", graph_.name(leaf))
                                          : graph_.name(gradient));
    }
    return fmt::format("{}", fmt::join(names, ", "));
  }

  // The values of the forward pass that the backward pass names, in the order of the run; a leaf
  // that gives a letter its size too.
  std::vector<std::string> cached(const std::vector<Line>& backward, const std::string& results) {
    Names used = names_in(backward);
    used.add(results);
    std::vector<std::string> names;
    for (NodeId id = 0; id < graph_.size(); ++id) {
      const Node& node = graph_.node(id);
      const bool is_value =
          node.place.part == Part::kForward && !node.place.folded && !node.name.empty();
      if (is_value && (used.has(node.name) || gives_size(id, used))) names.push_back(node.name);
    }
    return names;
  }

  bool gives_size(NodeId id, const Names& used) const {
    if (!is_parameter_[id]) return false;
    for (const auto& [side, letter] : letters_) {
      if (used.has(letter) && size_from(side).first == id) return true;
    }
    return false;
  }

  // The first parameter that has this side, and which of its sides it is.
  std::pair<NodeId, int> size_from(int side) const {
    for (const NodeId leaf : source_.parameters) {
      const Shape& shape = graph_.node(leaf).shape;
      const auto found = std::find(shape.begin(), shape.end(), side);
      if (found != shape.end()) return {leaf, static_cast<int>(found - shape.begin())};
    }
    return {kNoNode, 0};
  }

  // "N, D = x.shape", of those letters that the lines need.
  std::string sizes(const std::vector<Line>& lines) const {
    const Names used = names_in(lines);
    std::string text;
    for (const auto& [side, letter] : letters_) {
      const auto [leaf, axis] = size_from(side);
      if (leaf == kNoNode || !used.has(letter)) continue;
      text += fmt::format("    {} = {}.shape[{}]\n", letter, graph_.name(leaf), axis);
    }
    return text;
  }

  // 101 as N, 10403 as (N * D): whole numbers of the text that are sides of this run, or products.
  std::string with_letters(const std::string& text) const {
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
      const bool starts = std::isdigit(static_cast<unsigned char>(text[at])) != 0 &&
                          (at == 0 || !is_part_of_word(text[at - 1]));
      if (!starts) {
        result += text[at++];
        continue;
      }
      std::size_t end = at;
      while (end < text.size() && is_part_of_word(text[end])) ++end;
      const std::string number = text.substr(at, end - at);
      result += letter_of(number);
      at = end;
    }
    return result;
  }

  std::string letter_of(const std::string& number) const {
    for (const auto& [a, first] : letters_) {
      if (number == fmt::format("{}", a)) return first;
      for (const auto& [b, second] : letters_) {
        if (number == fmt::format("{}", a * b)) return fmt::format("({} * {})", first, second);
      }
    }
    return number;
  }

  const NumpySource& source_;
  const Trace& trace_;
  const Graph& graph_;
  Ledger ledger_;
  std::map<NodeId, structure::ClosedForm> forms_;
  std::vector<bool> is_parameter_;
  std::string cache_;                                 // what the tuple of saved values is called
  std::vector<std::pair<int, std::string>> letters_;  // of the sides of this run
};

}  // namespace

std::string numpy_module(const NumpySource& source) { return Module(source).text(); }

}  // namespace backstep::write
