// Formulas in NumPy, printed from the nodes that run.
#include "engine/expression.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "engine/differentiate.h"
#include "engine/number_text.h"
#include "engine/picks.h"
#include "engine/primitives/primitives.h"
#include "engine/reads.h"

namespace backstep {
namespace {

// ", axis=0", ", axis=(0, 2), keepdims=True"; `of_all` where all sides go.
std::string axis_text(const Shape& shape, const Attributes& is, std::string_view of_all = "") {
  std::string text(of_all);
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

// What a place of the NumPy text of a node stands for that is not an argument.
std::string attribute_text(const Graph& graph, NodeId id, std::string_view place) {
  const Node& node = graph.node(id);
  if (place == "number") return attribute_number(node);
  // A ufunc's reduce() takes the first side alone if none is named.
  if (place == "axes") {
    return axis_text(graph.node(graph.input(id, 0)).shape, node.attributes, ", axis=None");
  }
  return place == "shape" ? to_string(node.shape) : sides_text(graph, id);
}

// The number of arguments if none is called so.
std::size_t argument_called(const Primitive& primitive, std::string_view place) {
  std::size_t i = 0;
  while (i < primitive.arguments.size() && primitive.arguments[i].name != place) ++i;
  return i;
}

// Fills the NumPy text of a primitive; `operand(i)` prints its argument number i.
template <typename Operand>
Text primitive_text(const Graph& graph, NodeId id, Lists lists, Operand operand) {
  const Primitive& primitive = *graph.node(id).primitive;
  const std::string pattern = numpy_pattern(graph, id, lists);
  const auto fill = [&](std::string_view place) -> std::string {
    const std::size_t i = argument_called(primitive, place);
    if (i == primitive.arguments.size()) return attribute_text(graph, id, place);
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
    if (is(node, primitives::copy())) return operand(graph_.input(id, 0));
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
    return is(node, primitives::broadcast()) && is_written_out(graph_, input) &&
           user.primitive->reads != Reads::kProduct && user.shape == node.shape;
  }

  const Graph& graph_;
  Lists lists_;
};

// One element with numbers, as terms.
class TermPrinter {
 public:
  // Of one element alone, where the terms differ from one to the next.
  explicit TermPrinter(const Graph& graph, std::optional<std::size_t> element = {})
      : graph_(graph), element_(element) {}

  std::vector<FormulaTerm> print(NodeId id) {
    write(id, {});
    return std::move(terms_);
  }

  bool met_map() const { return met_map_; }

 private:
  using Path = std::vector<Read>;

  static constexpr std::size_t kMostTerms = 5;

  // What stands in a formula for an argument: a number, or what is written out.
  struct Operand {
    NodeId node;
    Path path;
  };

  void write(std::string_view text) {
    if (text.empty()) return;
    if (terms_.empty() || terms_.back().node != kNoNode) terms_.push_back({});
    terms_.back().text += text;
  }

  void write_number(NodeId id, Path path, const SignForm& form) {
    terms_.push_back({{}, id, std::move(path), form});
  }

  void write(NodeId id, const Path& path) {
    const Node& node = graph_.node(id);
    if (!reads_alike(graph_, id)) return write_mapped(id, path);
    if (only_moves(id)) return write(operand(id, 0, path), kPlain);
    if (node.primitive->reads == Reads::kProduct) return write_products(id, path);
    if (node.primitive->reads == Reads::kReduce) return write_reduction(id, path);
    for_each_piece(
        numpy_pattern(graph_, id, Lists::kShort), [&](std::string_view text) { write(text); },
        [&](std::string_view place) { write_place(id, path, place); });
  }

  void write_place(NodeId id, const Path& path, std::string_view place) {
    const Primitive& primitive = *graph_.node(id).primitive;
    const std::string pattern = numpy_pattern(graph_, id, Lists::kShort);
    const std::size_t argument = argument_called(primitive, place);
    if (argument == primitive.arguments.size()) return write(attribute_text(graph_, id, place));
    const Operand inner = operand(id, argument, path);
    const auto bracketed = [&](Precedence binds) {
      return needs_brackets(primitive, pattern, place, binds);
    };
    // A negative number binds as loosely as a sum, so that no two signs meet: "1.4 + (-0.1)".
    if (!is_written_out(graph_, inner.node)) {
      return write(inner, bracketed(Precedence::kSum) ? kBracketed : kPlain);
    }
    const bool brackets = bracketed(precedence(inner.node));
    if (brackets) write("(");
    write(inner.node, inner.path);
    if (brackets) write(")");
  }

  void write(const Operand& operand, const SignForm& form) {
    if (is_written_out(graph_, operand.node)) return write(operand.node, operand.path);
    write_number(operand.node, operand.path, form);
  }

  // What hands on the numbers of its argument, in the order or in another.
  bool only_moves(NodeId id) const {
    const Node& node = graph_.node(id);
    return is(node, primitives::copy()) || node.primitive->reads == Reads::kRepeat ||
           node.primitive->reads == Reads::kTurn || is(node, primitives::reshape()) ||
           (node.primitive->reads == Reads::kGather && reads_alike(graph_, id));
  }

  // What a map brings to one element: none, one or several; of all elements at once, its text.
  void write_mapped(NodeId id, const Path& path) {
    if (!element_) {
      met_map_ = true;
      return write(expression(graph_, id));
    }
    std::size_t at = *element_;
    for (const Read& read : path) at = read_place(graph_, read.node, read.argument, at, read.k);
    bool is_first = true;
    for (std::size_t i = 0; i < graph_.arity(id); ++i) {
      const std::size_t count = read_count(graph_, id, i, at);
      for (std::size_t k = 0; k < count; ++k) {
        const bool is_left_out = count > kMostTerms && k + 2 >= kMostTerms && k + 1 < count;
        if (is_left_out) {
          if (k + 2 == kMostTerms) write(" + ...");
          continue;
        }
        write_element(id, i, k, path, is_first ? kPlain : kAdded);
        is_first = false;
      }
    }
    if (is_first) write("0");
  }

  Operand operand(NodeId user, std::size_t argument, Path path) const {
    path.push_back({user, argument, 0});
    NodeId id = graph_.input(user, argument);
    for (; is_written_out(graph_, id) && only_moves(id); id = graph_.input(id, 0)) {
      path.push_back({id, 0, 0});
    }
    return {id, std::move(path)};
  }

  Precedence precedence(NodeId id) const {
    const Primitive& primitive = *graph_.node(id).primitive;
    if (primitive.reads == Reads::kProduct) return Precedence::kSum;
    return primitive.reads == Reads::kReduce ? primitive.joining.binds : primitive.precedence;
  }

  void write_element(NodeId id, std::size_t argument, std::size_t k, Path path,
                     const SignForm& form) {
    path.push_back({id, argument, k});
    write_number(graph_.input(id, argument), std::move(path), form);
  }

  // The elements that a reduction joins to its own element.
  void write_reduction(NodeId id, const Path& path) {
    const Joining& joining = graph_.node(id).primitive->joining;
    for_each_piece(
        joining.numbers, [&](std::string_view text) { write(text); },
        [&](std::string_view place) {
          if (place == "count") return write(std::to_string(read_count(graph_, id, 0)));
          for_each_shown(id, joining.next.plus,
                         [&](std::size_t k) { write_term(id, k, path, joining); });
        });
  }

  void write_term(NodeId id, std::size_t k, const Path& path, const Joining& joining) {
    const bool is_bare = joining.term == "{a}";
    if (!is_bare && k > 0) write(joining.next.plus);
    for_each_piece(
        joining.term, [&](std::string_view text) { write(text); },
        [&](std::string_view) {
          write_element(id, 0, k, path, !is_bare ? kPlain : k == 0 ? joining.first : joining.next);
        });
  }

  void write_products(NodeId id, const Path& path) {
    for_each_shown(id, kAdded.plus, [&](std::size_t k) {
      if (k > 0) write(kAdded.plus);
      write_element(id, 0, k, path, kBracketed);
      write(" * ");
      write_element(id, 1, k, path, kBracketed);
    });
  }

  // All of a few; of many the first ones and the last.
  template <typename Show>
  void for_each_shown(NodeId id, std::string_view separator, Show show) {
    const std::size_t count = read_count(graph_, id, 0);
    const bool all = count <= kMostTerms;
    for (std::size_t k = 0; k < (all ? count : kMostTerms - 2); ++k) show(k);
    if (all) return;
    write(separator);
    write("...");
    show(count - 1);
  }

  const Graph& graph_;
  std::optional<std::size_t> element_;
  bool met_map_ = false;
  std::vector<FormulaTerm> terms_;
};

// The arguments of a specimen, and its result.
class SpecimenMaker {
 public:
  SpecimenMaker(const Graph& graph, NodeId id) {
    const Node& node = graph.node(id);
    Attributes attributes = node.attributes;
    const bool is_product = node.primitive->reads == Reads::kProduct;
    const bool keeps_lengths =
        is(node, primitives::reshape()) || attributes.map != nullptr || has_many_sides(graph, id);
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
  return is_written_number(node) ? exact_number_text(node.attributes.number) : graph.name(id);
}

std::string expression(const Graph& graph, NodeId node, Lists lists) {
  if (graph.node(node).primitive == nullptr) return graph.name(node);
  return NamePrinter(graph, lists).print(node).text;
}

std::string formula(const Graph& graph, NodeId node, Lists lists) {
  if (graph.node(node).primitive == nullptr) return graph.name(node);
  return graph.name(node) + " = " + expression(graph, node, lists);
}

std::vector<FormulaTerm> number_terms(const Graph& graph, NodeId node) {
  if (graph.node(node).primitive == nullptr) return {{{}, node, {}, kPlain}};
  return TermPrinter(graph).print(node);
}

bool has_number_terms(const Graph& graph, NodeId node) {
  if (graph.node(node).primitive == nullptr) return true;
  TermPrinter printer(graph);
  printer.print(node);
  return !printer.met_map();
}

std::vector<FormulaTerm> element_terms(const Graph& graph, NodeId node, std::size_t at) {
  if (graph.node(node).primitive == nullptr) return number_terms(graph, node);
  return TermPrinter(graph, at).print(node);
}

std::size_t place_of(const Graph& graph, const FormulaTerm& term, std::size_t at) {
  for (const Read& read : term.path) at = read_place(graph, read.node, read.argument, at, read.k);
  return at;
}

std::string expression_with_numbers(const Trace& trace, NodeId node, int row, int col) {
  const Graph& graph = trace.graph();
  const std::size_t at =
      static_cast<std::size_t>(row) * static_cast<std::size_t>(graph.node(node).shape.cols()) +
      static_cast<std::size_t>(col);
  std::string text;
  for (const FormulaTerm& term : element_terms(graph, node, at)) {
    text += term.text;
    if (term.node == kNoNode) continue;
    text +=
        signed_as(term.form, number_text(trace.value(term.node).data[place_of(graph, term, at)]));
  }
  return text;
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
