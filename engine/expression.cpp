// Formulas in NumPy, printed from the nodes that run.
#include "engine/expression.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/differentiate.h"
#include "engine/number_text.h"
#include "engine/primitives/primitives.h"

namespace backstep {
namespace {

std::string_view axis_text(Axis axis) {
  switch (axis) {
    case Axis::kRows:
      return ", axis=0";
    case Axis::kColumns:
      return ", axis=1, keepdims=True";
    case Axis::kAll:
      break;
  }
  return "";
}

bool is(const Node& node, std::string_view primitive) {
  return node.primitive != nullptr && node.primitive->name == primitive;
}

struct Text {
  std::string text;
  Precedence precedence = Precedence::kAtom;
};

bool needs_brackets(const Primitive& outer, std::string_view place, Precedence inner) {
  const bool leftmost = outer.numpy.starts_with(fmt::format("{{{}}}", place));
  if (outer.precedence == Precedence::kAtom) return leftmost && inner < Precedence::kAtom;
  // Python chains comparisons, and a power takes its right side first.
  const bool equal_needs = !leftmost || outer.precedence == Precedence::kPower ||
                           outer.precedence == Precedence::kComparison;
  return inner < outer.precedence || (inner == outer.precedence && equal_needs);
}

// 1/4 where that is exact, but not as an exponent, where it would bind wrongly.
std::string attribute_number(const Node& node) {
  const bool exponent = node.primitive->precedence == Precedence::kPower;
  return exponent ? exact_number_text(node.attributes.number)
                  : fraction_text(node.attributes.number);
}

// Fills the NumPy text of a primitive; `operand(i)` prints its argument number i.
template <typename Operand>
Text primitive_text(const Node& node, Operand operand) {
  const Primitive& primitive = *node.primitive;
  const auto fill = [&](std::string_view place) -> std::string {
    if (place == "number") return attribute_number(node);
    if (place == "axis") return std::string(axis_text(node.attributes.axis));
    if (place == "shape") return to_string(node.shape);
    std::size_t i = 0;
    while (primitive.arguments[i].name != place) ++i;
    const Text inner = operand(i);
    return needs_brackets(primitive, place, inner.precedence) ? "(" + inner.text + ")" : inner.text;
  };
  return {filled(primitive.numpy, fill), primitive.precedence};
}

// With names: "xmu * ivar".
class NamePrinter {
 public:
  explicit NamePrinter(const Graph& graph) : graph_(graph) {}

  Text print(NodeId id) const {
    const Node& node = graph_.node(id);
    if (is(node, "copy")) return operand(graph_.input(id, 0));
    return primitive_text(node, [&](std::size_t i) {
      const NodeId input = graph_.input(id, i);
      return operand(numpy_broadcasts(node, input) ? graph_.input(input, 0) : input);
    });
  }

 private:
  Text operand(NodeId id) const {
    if (is_written_out(graph_, id)) return print(id);
    return {name_in_formula(graph_, id)};
  }

  // NumPy repeats the operand of an elementwise primitive unasked, so the text leaves it out.
  bool numpy_broadcasts(const Node& user, NodeId input) const {
    const Node& node = graph_.node(input);
    return is(node, "broadcast") && is_written_out(graph_, input) && !is(user, "matmul") &&
           user.shape == node.shape;
  }

  const Graph& graph_;
};

// One element with numbers: "0.2 * (0.5 - 0.1)".
class NumberPrinter {
 public:
  explicit NumberPrinter(const Trace& trace) : trace_(trace), graph_(trace.graph()) {}

  Text print(NodeId id, int row, int col) const {
    const Node& node = graph_.node(id);
    if (is(node, "copy")) return operand(graph_.input(id, 0), row, col);
    if (is(node, "transpose")) return operand(graph_.input(id, 0), col, row);
    if (is(node, "broadcast")) return operand(graph_.input(id, 0), row, col);
    if (is(node, "matmul")) return product(id, row, col);
    if (is(node, "sum")) return {terms(id, row, col, " + "), Precedence::kSum};
    if (is(node, "max")) return {"max(" + terms(id, row, col, ", ") + ")"};
    if (is(node, "mean")) return mean(id, row, col);
    return primitive_text(node,
                          [&](std::size_t i) { return operand(graph_.input(id, i), row, col); });
  }

 private:
  static constexpr int kMostTerms = 5;

  Text operand(NodeId id, int row, int col) const {
    const Shape shape = graph_.node(id).shape;
    const int r = std::min(row, shape.rows - 1);  // an operand that is repeated has one row
    const int c = std::min(col, shape.cols - 1);
    if (is_written_out(graph_, id)) return print(id, r, c);
    return signed_number(trace_.value(id)(r, c));
  }

  static Text signed_number(double value) {
    std::string text = number_text(value);
    // Bound as loosely as a sum, so that no two signs meet: "1.4 + (-0.1)", "2 * (-0.5)".
    const Precedence precedence = text[0] == '-' ? Precedence::kSum : Precedence::kAtom;
    return {std::move(text), precedence};
  }

  Text mean(NodeId id, int row, int col) const {
    const NodeId input = graph_.input(id, 0);
    const std::size_t n = graph_.node(input).shape.size() / graph_.node(id).shape.size();
    return {fmt::format("({}) / {}", terms(id, row, col, " + "), n), Precedence::kProduct};
  }

  // The elements that a reduction adds up for its own element (row, col).
  std::string terms(NodeId id, int row, int col, std::string_view separator) const {
    const ConstView a = trace_.value(graph_.input(id, 0));
    const Axis axis = graph_.node(id).attributes.axis;
    return joined(a.size() / graph_.node(id).shape.size(), separator, [&](int k) {
      const int r = axis == Axis::kRows ? k : axis == Axis::kColumns ? row : k / a.shape.cols;
      const int c = axis == Axis::kRows ? col : axis == Axis::kColumns ? k : k % a.shape.cols;
      return number_text(a(r, c));
    });
  }

  static std::string factor(double value) {
    const Text text = signed_number(value);
    return text.precedence < Precedence::kProduct ? "(" + text.text + ")" : text.text;
  }

  Text product(NodeId id, int row, int col) const {
    const ConstView a = trace_.value(graph_.input(id, 0));
    const ConstView b = trace_.value(graph_.input(id, 1));
    return {joined(static_cast<std::size_t>(a.shape.cols), " + ",
                   [&](int k) { return factor(a(row, k)) + " * " + factor(b(k, col)); }),
            Precedence::kSum};
  }

  // All of a few; of many the first ones and the last.
  template <typename Term>
  static std::string joined(std::size_t count, std::string_view separator, Term term) {
    const int n = static_cast<int>(count);
    std::string text;
    for (int k = 0; k < n; ++k) {
      if (n > kMostTerms && k == kMostTerms - 2) {
        text += fmt::format("{}...", separator);
        k = n - 2;
        continue;
      }
      const std::string next = term(k);
      const bool taken_away = k > 0 && separator == " + " && next[0] == '-';
      if (k > 0) text += taken_away ? " - " : separator;
      text += taken_away ? next.substr(1) : next;
    }
    return text;
  }

  const Trace& trace_;
  const Graph& graph_;
};

// The arguments of a specimen, and its result.
class SpecimenMaker {
 public:
  SpecimenMaker(const Graph& graph, NodeId id) {
    const Node& node = graph.node(id);
    Attributes attributes = node.attributes;
    attributes.shape = symbolic(attributes.shape);
    std::vector<Var> inputs;
    for (std::size_t i = 0; i < graph.arity(id); ++i) {
      Shape shape = symbolic(graph.node(unfolded(graph, graph.input(id, i))).shape);
      if (is(node, "matmul") && i == 1) shape = {Specimen::kD, Specimen::kH};
      if (is(node, "matmul") && i == 0) shape = {Specimen::kN, Specimen::kD};
      inputs.push_back(graph_.leaf(Role::kInput, shape, node.primitive->arguments[i].name));
      leaves_.push_back(inputs.back().id());
    }
    if (!is(node, "matmul") && inputs.size() > 1) fit_all(inputs);
    y_ = graph_.apply(*node.primitive, inputs, attributes).id();
    graph_.set_name(y_, "y");
  }

  Specimen forward() { return {std::move(graph_), y_}; }

  Specimen backward(std::size_t argument) {
    const NodeId wrt[] = {leaves_[argument]};
    const Var dy = upstream_leaf(graph_, y_);
    const NodeId gradient = differentiate(graph_, y_, dy, wrt).gradient[leaves_[argument]];
    return {std::move(graph_), gradient};
  }

 private:
  static Shape symbolic(Shape shape) {
    return {shape.rows > 1 ? Specimen::kN : 1, shape.cols > 1 ? Specimen::kD : 1};
  }

  static void fit_all(std::vector<Var>& inputs) {
    Shape common;
    for (const Var& input : inputs) {
      common.rows = std::max(common.rows, input.shape().rows);
      common.cols = std::max(common.cols, input.shape().cols);
    }
    for (Var& input : inputs) input = fit(input, common);
  }

  Graph graph_;
  std::vector<NodeId> leaves_;
  NodeId y_ = kNoNode;
};

std::string with_letters(std::string text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kLetters = {
      {{"(7, 11)", "(N, D)"},
       {"(11, 13)", "(D, H)"},
       {"(7, 13)", "(N, H)"},
       {"(11, 7)", "(D, N)"},
       {"(7, 1)", "(N, 1)"},
       {"(1, 11)", "(1, D)"},
       {"1/77 ", "1/(N*D) "},
       {"1/7 ", "1/N "},
       {"1/11 ", "1/D "}}};
  for (const auto& [number, letters] : kLetters) {
    for (std::size_t at = text.find(number); at != std::string::npos; at = text.find(number)) {
      text.replace(at, number.size(), letters);
    }
  }
  return text;
}

}  // namespace

bool is_written_out(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const Place& place = node.place;
  if (node.primitive == nullptr) return false;
  if (place.folded || place.part == Part::kInside) return true;
  return place.part == Part::kContribution && graph.place(place.of).folded;
}

std::string name_in_formula(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  // A number of the program's text, which nobody named.
  const bool number = node.primitive == nullptr && node.role == Role::kConstant &&
                      node.name.empty() && node.place.part != Part::kSeed;
  return number ? exact_number_text(node.attributes.number) : graph.name(id);
}

std::string expression(const Graph& graph, NodeId node) {
  if (graph.node(node).primitive == nullptr) return graph.name(node);
  return NamePrinter(graph).print(node).text;
}

std::string formula(const Graph& graph, NodeId node) {
  if (graph.node(node).primitive == nullptr) return graph.name(node);
  return graph.name(node) + " = " + expression(graph, node);
}

std::string expression_with_numbers(const Trace& trace, NodeId node, int row, int col) {
  if (trace.graph().node(node).primitive == nullptr) {
    return number_text(trace.value(node)(row, col));
  }
  return NumberPrinter(trace).print(node, row, col).text;
}

Specimen specimen(const Graph& graph, NodeId node) {
  const Place& place = graph.place(node);
  if (place.part == Part::kContribution) {
    const Use use = use_of(graph, node);
    return SpecimenMaker(graph, use.user).backward(use.argument);
  }
  const bool forward = place.part == Part::kForward && graph.node(node).primitive != nullptr;
  return forward ? SpecimenMaker(graph, node).forward() : Specimen{};
}

std::string local_formula(const Graph& graph, NodeId node) {
  const Specimen rule = specimen(graph, node);
  return rule.node == kNoNode ? "" : with_letters(formula(rule.graph, rule.node));
}

NodeId unfolded(const Graph& graph, NodeId node) {
  while (graph.place(node).folded) node = graph.input(node, 0);
  return node;
}

Use use_of(const Graph& graph, NodeId contribution) {
  const Place& place = graph.place(contribution);
  if (!graph.place(place.through).folded) return {place.through, place.argument};
  // A folded broadcast is made for one use, by the node that comes next or soon after.
  for (NodeId user = place.through + 1; user < graph.size(); ++user) {
    for (std::size_t i = 0; i < graph.arity(user); ++i) {
      if (graph.input(user, i) == place.through) return {user, i};
    }
  }
  return {};
}

}  // namespace backstep
