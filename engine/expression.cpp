// Formulas in NumPy, printed from the nodes that run.
#include "engine/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/differentiate.h"
#include "engine/number_text.h"
#include "engine/picks.h"
#include "engine/primitives/primitives.h"
#include "engine/reads.h"

namespace backstep {
namespace {

// ", axis=0", ", axis=(0, 2), keepdims=True"; nothing where all sides go.
std::string axis_text(const Shape& shape, const Attributes& is) {
  std::string text;
  if (is.sides != Sides::first(shape.ndim())) {
    std::vector<int> sides;
    for (int side = 0; side < shape.ndim(); ++side) {
      if (is.sides.has(side)) sides.push_back(side);
    }
    text = sides.size() == 1 ? fmt::format(", axis={}", sides[0])
                             : fmt::format(", axis=({})", fmt::join(sides, ", "));
  }
  return is.keepdims ? text + ", keepdims=True" : text;
}

// ".T", or ".transpose(0, 2, 1)".
std::string order_text(const Shape& shape, const SideOrder& order) {
  const int ndim = shape.ndim();
  bool is_reversed = true;
  std::vector<int> sides;
  for (int side = 0; side < ndim; ++side) {
    sides.push_back(order[static_cast<std::size_t>(side)]);
    is_reversed = is_reversed && sides.back() == ndim - 1 - side;
  }
  return is_reversed ? ".T" : fmt::format(".transpose({})", fmt::join(sides, ", "));
}

bool is(const Node& node, std::string_view primitive) {
  return node.primitive != nullptr && node.primitive->name == primitive;
}

struct Text {
  std::string text;
  Precedence precedence = Precedence::kAtom;
};

bool needs_brackets(const Primitive& outer, std::string_view pattern, std::string_view place,
                    Precedence inner) {
  const bool leftmost = pattern.starts_with(fmt::format("{{{}}}", place));
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
Text primitive_text(const Graph& graph, NodeId id, Lists lists, Operand operand) {
  const Node& node = graph.node(id);
  const Primitive& primitive = *node.primitive;
  const std::string pattern = numpy_pattern(graph, id, lists);
  const auto fill = [&](std::string_view place) -> std::string {
    if (place == "number") return attribute_number(node);
    if (place == "axis" || place == "turned") return sides_text(graph, id);
    if (place == "shape") return to_string(node.shape);
    std::size_t i = 0;
    while (primitive.arguments[i].name != place) ++i;
    const Text inner = operand(i);
    const bool in_brackets = needs_brackets(primitive, pattern, place, inner.precedence);
    return in_brackets ? "(" + inner.text + ")" : inner.text;
  };
  return {filled(pattern, fill), primitive.precedence};
}

// With names: "xmu * ivar".
class NamePrinter {
 public:
  explicit NamePrinter(const Graph& graph, Lists lists = Lists::kShort)
      : graph_(graph), lists_(lists) {}

  Text print(NodeId id) const {
    const Node& node = graph_.node(id);
    if (is(node, "copy")) return operand(graph_.input(id, 0));
    return primitive_text(graph_, id, lists_, [&](std::size_t i) {
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
  Lists lists_;
};

// One element with numbers: "0.2 * (0.5 - 0.1)".
class NumberPrinter {
 public:
  explicit NumberPrinter(const Trace& trace) : trace_(trace), graph_(trace.graph()) {}

  // Of element `at`, in row-major order.
  Text print(NodeId id, std::size_t at) const {
    const Node& node = graph_.node(id);
    if (is(node, "copy") || node.primitive->reads == Reads::kRepeat ||
        node.primitive->reads == Reads::kTurn || is(node, "reshape")) {
      return operand(id, 0, at);
    }
    if (node.primitive->reads == Reads::kGather) return picked(id, at);
    if (node.primitive->reads == Reads::kScatter) {
      return {terms(id, at, " + "), Precedence::kSum};
    }
    if (is(node, "matmul")) return product(id, at);
    if (is(node, "sum")) return {terms(id, at, " + "), Precedence::kSum};
    if (is(node, "max")) return {"max(" + terms(id, at, ", ") + ")"};
    if (is(node, "mean")) return mean(id, at);
    return primitive_text(graph_, id, Lists::kShort,
                          [&](std::size_t i) { return operand(id, i, at); });
  }

 private:
  static constexpr int kMostTerms = 5;

  Text operand(NodeId user, std::size_t argument, std::size_t at) const {
    const NodeId id = graph_.input(user, argument);
    const std::size_t from = read_place(graph_, user, argument, at);
    if (is_written_out(graph_, id)) return print(id, from);
    return signed_number(trace_.value(id).data[from]);
  }

  // The one element that a map names, whichever argument has it.
  Text picked(NodeId id, std::size_t at) const {
    for (std::size_t i = 0; i < graph_.arity(id); ++i) {
      if (read_count(graph_, id, i, at) > 0) return operand(id, i, at);
    }
    return {"0"};
  }

  static Text signed_number(double value) {
    std::string text = number_text(value);
    // Bound as loosely as a sum, so that no two signs meet: "1.4 + (-0.1)", "2 * (-0.5)".
    const Precedence precedence = text[0] == '-' ? Precedence::kSum : Precedence::kAtom;
    return {std::move(text), precedence};
  }

  Text mean(NodeId id, std::size_t at) const {
    return {fmt::format("({}) / {}", terms(id, at, " + "), read_count(graph_, id, 0)),
            Precedence::kProduct};
  }

  double read(NodeId id, std::size_t argument, std::size_t at, std::size_t k) const {
    return trace_.value(graph_.input(id, argument)).data[read_place(graph_, id, argument, at, k)];
  }

  // The elements that a reduction joins to its own element.
  std::string terms(NodeId id, std::size_t at, std::string_view separator) const {
    const std::size_t count = read_count(graph_, id, 0, at);
    if (count == 0) return "0";
    return joined(count, separator, [&](std::size_t k) { return number_text(read(id, 0, at, k)); });
  }

  static std::string factor(double value) {
    const Text text = signed_number(value);
    return text.precedence < Precedence::kProduct ? "(" + text.text + ")" : text.text;
  }

  Text product(NodeId id, std::size_t at) const {
    return {joined(read_count(graph_, id, 0), " + ",
                   [&](std::size_t k) {
                     return factor(read(id, 0, at, k)) + " * " + factor(read(id, 1, at, k));
                   }),
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
      const std::string next = term(static_cast<std::size_t>(k));
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
    const bool is_product = node.primitive->reads == Reads::kProduct;
    const bool keeps_lengths =
        is(node, "reshape") || attributes.map != nullptr || has_many_sides(graph, id);
    std::vector<Var> inputs;
    for (std::size_t i = 0; i < graph.arity(id); ++i) {
      const NodeId input = graph.input(id, i);
      Shape shape = graph.node(is_product ? input : unfolded(graph, input)).shape;
      if (!keeps_lengths) shape = is_product ? factor(shape, i) : symbolic(shape);
      inputs.push_back(graph_.leaf(Role::kInput, shape, node.primitive->arguments[i].name));
      leaves_.push_back(inputs.back().id());
    }
    if (!keeps_lengths) attributes.shape = symbolic(attributes.shape);
    if (!is_product && attributes.map == nullptr && inputs.size() > 1) fit_all(inputs);
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
  // Of matrices and vectors the sides are N and D.
  static Shape symbolic(Shape shape) {
    const int last = shape.ndim() - 1;
    if (last >= 0 && shape[last] > 1) shape[last] = Specimen::kD;
    if (last >= 1 && shape[last - 1] > 1) shape[last - 1] = Specimen::kN;
    return shape;
  }

  static bool has_many_sides(const Graph& graph, NodeId id) {
    bool many = graph.node(id).shape.ndim() > 2;
    for (std::size_t i = 0; i < graph.arity(id); ++i) {
      many = many || graph.node(graph.input(id, i)).shape.ndim() > 2;
    }
    return many;
  }

  static Shape factor(Shape shape, std::size_t argument) {
    const int last = shape.ndim() - 1;
    if (argument == 0) {
      shape[last] = Specimen::kD;
      if (last > 0) shape[last - 1] = Specimen::kN;
    } else {
      shape[last] = last > 0 ? Specimen::kH : Specimen::kD;
      if (last > 0) shape[last - 1] = Specimen::kD;
    }
    return shape;
  }

  static void fit_all(std::vector<Var>& inputs) {
    Shape common;
    for (const Var& input : inputs) common = common_shape(common, input.shape());
    for (Var& input : inputs) input = fit(input, common);
  }

  Graph graph_;
  std::vector<NodeId> leaves_;
  NodeId y_ = kNoNode;
};

std::string with_letters(std::string text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kLetters = {
      {{"(7, 11)", "(N, D)"},
       {"(11, 13)", "(D, H)"},
       {"(7, 13)", "(N, H)"},
       {"(11, 7)", "(D, N)"},
       {"(7, 1)", "(N, 1)"},
       {"(1, 11)", "(1, D)"},
       {"(11,)", "(D,)"},
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

std::string sides_text(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (node.primitive->reads == Reads::kTurn) return order_text(node.shape, node.attributes.order);
  return axis_text(graph.node(graph.input(id, 0)).shape, node.attributes);
}

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

std::string expression(const Graph& graph, NodeId node, Lists lists) {
  if (graph.node(node).primitive == nullptr) return graph.name(node);
  return NamePrinter(graph, lists).print(node).text;
}

std::string formula(const Graph& graph, NodeId node, Lists lists) {
  if (graph.node(node).primitive == nullptr) return graph.name(node);
  return graph.name(node) + " = " + expression(graph, node, lists);
}

std::string expression_with_numbers(const Trace& trace, NodeId node, int row, int col) {
  const int cols = trace.graph().node(node).shape.cols();
  const std::size_t at = static_cast<std::size_t>(row) * static_cast<std::size_t>(cols) +
                         static_cast<std::size_t>(col);
  if (trace.graph().node(node).primitive == nullptr) {
    return number_text(trace.value(node)(row, col));
  }
  return NumberPrinter(trace).print(node, at).text;
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
