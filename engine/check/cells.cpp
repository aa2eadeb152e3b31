// Reads the forward lines as a circuit, and all lines together as its reader; the first wrong
// gradient is corrected, and the lines are read again.
#include "engine/check/cells.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "engine/expression.h"
#include "engine/primitives/primitives.h"
#include "engine/read/cells.h"
#include "engine/read/library.h"

namespace backstep::check {
namespace {

using read::CellCircuit;
using read::Segment;
using read::TopLevel;
using read::TopStatement;
using read::Value;

constexpr std::size_t kMostFindings = 12;

// `cmp('logits', dlogits, logits)`: whoever compares says which gradient belongs to which value.
struct Comparison {
  std::string gradient;
  std::string value;
  std::size_t statement = 0;
};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

bool is_name(std::string_view text) { return !identifier(text).empty(); }

std::optional<Comparison> comparison_in(std::string_view text, std::size_t statement) {
  text = trimmed(text.substr(0, text.find('#')));
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos || text.back() != ')' || !is_name(text.substr(0, open))) {
    return std::nullopt;
  }
  std::string_view rest = text.substr(open + 1, text.size() - open - 2);
  std::vector<std::string_view> parts;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    parts.push_back(trimmed(rest.substr(0, comma)));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  const bool has_text = parts.size() == 3 && !parts[0].empty() &&
                        (parts[0].front() == '\'' || parts[0].front() == '"');
  if (!has_text || !is_name(parts[1]) || !is_name(parts[2])) return std::nullopt;
  return Comparison{std::string(parts[1]), std::string(parts[2]), statement};
}

// The lines of one segment: what is right, and what somebody wrote.
class Cells {
 public:
  Cells(TopLevel& top, const Segment& segment, const read::RunOptions& options)
      : top_(top),
        segment_(segment),
        circuit_(top.resolve(segment)),
        reference_(run(options)),
        student_(student_function()) {
    for (std::size_t i = 0; i < top_.statements().size(); ++i) {
      if (auto found = comparison_in(top_.statements()[i].text, i)) {
        comparisons_.push_back(std::move(*found));
      }
    }
  }

  Judgement judge() {
    Judgement judgement;
    judgement.is_file = true;
    judgement.notes = reference_.run.notes;
    Corrections corrections;
    while (judgement.findings.size() < kMostFindings) {
      const Reading reading = Reader(*this, corrections).read();
      const Numbers values = reading.evaluate(reference_);
      if (corrections.empty()) count(reading, judgement);
      const std::vector<bool> complete = complete_lines(reading);
      std::optional<std::size_t> wrong;
      NodeId expected = kNoNode;
      for (std::size_t i = 0; i < reading.lines.size() && !wrong; ++i) {
        if (!complete[i] || corrections.count(i) > 0) continue;
        expected = wrong_for(reading, values, i);
        if (expected != kNoNode) wrong = i;
      }
      if (!wrong) break;
      judgement.findings.push_back(finding(reading, values, *wrong, expected));
      corrections[*wrong] = expected;
    }
    for (const auto& [name, why] : unread_) {
      judgement.unjudged.push_back(name);
      judgement.notes.push_back(fmt::format("{} was not judged: {}", name, why));
    }
    return judgement;
  }

 private:
  read::Run run(const read::RunOptions& options) {
    const std::string name =
        top_.add_function(top_.function_of(circuit_, circuit_.forward, segment_.result));
    return read::run_circuit(top_.module(), name, options);
  }

  read::Function student_function() const {
    std::vector<std::size_t> lines = circuit_.forward;
    lines.insert(lines.end(), segment_.gradients.begin(), segment_.gradients.end());
    return top_.function_of(circuit_, lines, segment_.result);
  }

  const TopStatement& statement(std::size_t i) const { return top_.statements()[i]; }

  bool is_gradient_line(std::uint32_t byte) const {
    const std::size_t at = top_.statement_at(byte);
    return std::find(segment_.gradients.begin(), segment_.gradients.end(), at) !=
           segment_.gradients.end();
  }

  // ---- one reading ----

  class Reader {
   public:
    Reader(Cells& cells, const Corrections& corrections)
        : cells_(cells), corrections_(corrections) {}

    Reading read() {
      read::Interpreter interpreter(draft_, library_);
      interpreter.watch({[this](const read::Binding& binding, const Value& value) {
                           return bound(binding, value);
                         },
                         [this](const read::Binding& binding, const read::ReadError& error) {
                           return failed(binding, error);
                         }});
      std::map<std::string, Value> arguments;
      for (const read::Parameter& parameter : cells_.student_.parameters) {
        arguments[parameter.name] = leaf_of(cells_.reference_.graph().find(parameter.name));
      }
      interpreter.run(cells_.top_.module(), cells_.student_, std::move(arguments));
      reading_.graph = std::move(draft_.graph);
      return std::move(reading_);
    }

   private:
    Var leaf_with(NodeId ours) {
      const Reference& reference = cells_.reference_;
      const Shape shape = reference.graph().node(ours).shape;
      const Var var = draft_.graph.leaf(Role::kConstant, shape, {}, *reference.value(ours).begin());
      draft_.outside.insert(var.id());
      reading_.leaves[var.id()] = ours;
      return var;
    }

    // Integers that the circuit takes as an index are known here as they are there.
    Value leaf_of(NodeId ours) {
      const Reference& reference = cells_.reference_;
      read::Array array{leaf_with(ours)};
      if (reference.graph().node(ours).role == Role::kConstant) {
        const Tensor numbers(reference.value(ours));
        array.type = read::NumberType::kInteger;
        for (const double number : numbers.data()) array.most = std::max(array.most, number);
        draft_.known.emplace(array.var.id(), numbers);
      }
      return {array};
    }

    Value bound(const read::Binding& binding, const Value& value) {
      return add(binding, value.array()->var.id(), value, {});
    }

    // A line whose shapes do not fit is wrong; one that is not read is left out, where what it
    // should give is known.
    std::optional<Value> failed(const read::Binding& binding, const read::ReadError& error) {
      if (binding.is_inner || !cells_.is_gradient_line(binding.byte)) return std::nullopt;
      const std::vector<NodeId> gradients = cells_.gradients_for(binding.name);
      if (gradients.empty()) return std::nullopt;
      const Value instead{read::Array{leaf_with(gradients.back())}};
      if (!error.is_about_shapes()) {
        cells_.unread_[binding.name] = error.what();
        return read::as_object(instead);
      }
      return add(binding, kNoNode, instead, error.what());
    }

    Value add(const read::Binding& binding, NodeId node, const Value& value, std::string error) {
      const std::size_t number = reading_.lines.size();
      Line line;
      line.binding = binding;
      line.number = static_cast<std::uint32_t>(binding.module->source->line(binding.byte));
      line.node = node;
      line.error = std::move(error);
      line.in_forward = binding.is_inner || !cells_.is_gradient_line(binding.byte);
      const auto correction = corrections_.find(number);
      Value given = value;
      if (correction != corrections_.end()) {
        given = read::as_object({read::Array{leaf_with(correction->second)}});
      }
      line.given = given.array()->var.id();
      line.array = given.array()->memory;
      reading_.lines.push_back(std::move(line));
      return given;
    }

    Cells& cells_;
    const Corrections& corrections_;
    read::Draft draft_;
    read::Library library_;
    Reading reading_;
  };

  // ---- what the lines should give ----

  // The value that a gradient belongs to: by what it is compared with, else by its name.
  std::string value_of(const std::string& gradient) const {
    for (const Comparison& comparison : comparisons_) {
      if (comparison.gradient == gradient) return comparison.value;
    }
    const std::string value = top_.value_of_gradient(gradient);
    for (const Comparison& comparison : comparisons_) {
      if (comparison.value == value) return {};  // another name is its gradient
    }
    return value;
  }

  // The gradients of all that the forward lines call so.
  std::vector<NodeId> gradients_for(const std::string& name) const {
    std::vector<NodeId> gradients;
    const std::string value = value_of(name);
    if (value.empty()) return gradients;
    for (const NodeId node : nodes_of(value)) {
      const NodeId gradient = reference_.gradient(node);
      if (gradient != kNoNode) gradients.push_back(gradient);
    }
    return gradients;
  }

  // The leaf of this name, and the last node of each line that sets the name.
  std::vector<NodeId> nodes_of(const std::string& value) const {
    const Graph& graph = reference_.graph();
    std::vector<NodeId> nodes;
    const NodeId first = graph.find(value);
    if (first == kNoNode) return nodes;
    if (graph.node(first).primitive == nullptr) nodes.push_back(first);
    for (const std::size_t i : circuit_.forward) {
      const TopStatement& line = statement(i);
      if (line.bound.count(value) == 0 && line.changed.count(value) == 0) continue;
      const std::size_t begin = top_.module().source->line(line.block.begin);
      const std::size_t end = top_.module().source->line(line.block.end - 1);
      NodeId last = kNoNode;
      for (NodeId node = first; node <= reference_.run.output; ++node) {
        const Node& is = graph.node(node);
        const bool is_there =
            is.primitive != nullptr && is.place.line >= begin && is.place.line <= end;
        const bool has_name = is.name == value || is_numbered(is.name, value);
        if (is_there && has_name) last = node;
      }
      // A line that only gives another name to a value makes no node.
      if (last != kNoNode) nodes.push_back(last);
    }
    if (nodes.empty()) nodes.push_back(first);
    return nodes;
  }

  // x_2 of x
  static bool is_numbered(const std::string& name, const std::string& value) {
    return name.size() > value.size() + 1 && name.starts_with(value + "_") &&
           name.find_first_not_of("0123456789", value.size() + 1) == std::string::npos;
  }

  bool fits(ConstView theirs, NodeId gradient) const {
    return same_row(theirs.shape, reference_.value(gradient).shape) &&
           agrees(theirs, reference_, gradient);
  }

  NodeId wrong_for(const Reading& reading, const Numbers& values, std::size_t i) const {
    const Line& line = reading.lines[i];
    const std::vector<NodeId> gradients = gradients_for(line.binding.name);
    if (gradients.empty()) return kNoNode;
    if (line.node == kNoNode) return gradients.back();
    const ConstView theirs = values.value(line.node);
    const bool is_right = std::any_of(gradients.begin(), gradients.end(),
                                      [&](NodeId gradient) { return fits(theirs, gradient); });
    return is_right ? kNoNode : gradients.back();
  }

  // The lines that leave their gradient as it is meant: the last of a name, and the last before it
  // is made anew where somebody has compared it by then, or goes on in another cell.
  std::vector<bool> complete_lines(const Reading& reading) const {
    std::vector<bool> complete(reading.lines.size());
    std::map<std::string, std::size_t> later;  // the line that sets the name next
    for (std::size_t i = reading.lines.size(); i-- > 0;) {
      const Line& line = reading.lines[i];
      if (line.in_forward || line.binding.is_result) continue;
      const auto next = later.find(line.binding.name);
      complete[i] = next == later.end() || begins_anew(line, reading.lines[next->second]);
      later[line.binding.name] = i;
    }
    return complete;
  }

  bool begins_anew(const Line& line, const Line& next) const {
    const std::size_t from = top_.statement_at(line.binding.byte);
    const std::size_t to = top_.statement_at(next.binding.byte);
    const TopStatement& again = statement(to);
    const std::string& name = line.binding.name;
    const bool goes_on = again.bound.count(name) == 0 ||
                         std::find(again.used.begin(), again.used.end(), name) != again.used.end();
    if (goes_on || from == to) return false;
    if (!comparisons_.empty()) {
      return std::any_of(comparisons_.begin(), comparisons_.end(), [&](const Comparison& one) {
        return one.gradient == name && from < one.statement && one.statement < to;
      });
    }
    const read::Source& source = *top_.module().source;
    return source.cell(line.binding.byte) != source.cell(next.binding.byte);
  }

  // ---- what is said ----

  void count(const Reading& reading, Judgement& judgement) const {
    std::set<std::string> given;
    for (const Line& line : reading.lines) {
      if (line.in_forward || line.binding.is_result) continue;
      if (!gradients_for(line.binding.name).empty()) given.insert(line.binding.name);
    }
    judgement.results = given.size();
    judgement.lines = given.size();
    std::set<std::string> values;
    for (const std::string& name : given) values.insert(value_of(name));
    for (const std::string& name : trained()) {
      if (values.count(name) == 0) judgement.absent.push_back("d" + name);
    }
  }

  // The names in `parameters = [C, W1, b1]`, of those that the loss hangs on.
  std::vector<std::string> trained() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < segment_.last; ++i) {
      const TopStatement& line = statement(i);
      const bool is_list = line.bound.count("parameters") > 0 || line.bound.count("params") > 0;
      if (!is_list) continue;
      names.clear();
      for (const std::string& name : line.used) {
        const NodeId leaf = reference_.graph().find(name);
        if (leaf != kNoNode && reference_.gradient(leaf) != kNoNode) names.push_back(name);
      }
    }
    return names;
  }

  Finding finding(const Reading& reading, const Numbers& values, std::size_t wrong,
                  NodeId expected) const {
    const Graph& graph = reference_.graph();
    const Line& line = reading.lines[wrong];
    Finding finding;
    finding.source = line.binding.module->source;
    finding.byte = line.binding.value.begin;
    finding.name = line.binding.name;
    finding.expected = graph.name(expected);
    finding.formula = formula(graph, expected);
    finding.station = graph.place(expected).station;
    finding.why =
        diagnose(reading, values, wrong, reference_, expected, tolerance_of(reference_, expected));
    if (finding.why.line != 0 && finding.why.line != line.number) {
      for (std::size_t i = 0; i < wrong; ++i) {
        const Line& other = reading.lines[i];
        if (other.number != finding.why.line || other.in_forward) continue;
        finding.byte = other.binding.value.begin;
        break;
      }
    }
    finding.line = static_cast<std::uint32_t>(finding.source->line_in_cell(finding.byte));
    if (line.node != kNoNode) {
      show_numbers(finding, values.value(line.node), reference_.value(expected));
    }
    return finding;
  }

  TopLevel& top_;
  const Segment& segment_;
  CellCircuit circuit_;
  Reference reference_;
  read::Function student_;
  std::vector<Comparison> comparisons_;
  std::map<std::string, std::string> unread_;  // gradients whose line is not read, and why
};

}  // namespace

bool has_cells(const std::string& file) {
  return !TopLevel(read::open_module(file)).segments().empty();
}

std::vector<CellsVerdict> judge_cells(const std::string& file, const read::RunOptions& options) {
  TopLevel top(read::open_module(file));
  top.drop_notes();
  std::vector<CellsVerdict> verdicts;
  for (const Segment& segment : top.segments()) {
    verdicts.push_back({segment.result, Cells(top, segment, options).judge()});
  }
  return verdicts;
}

}  // namespace backstep::check
