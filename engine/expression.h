// Formulas in NumPy, printed from the nodes that run, so that no text can differ from the numbers.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/graph.h"
#include "engine/look.h"
#include "engine/number_text.h"
#include "engine/picks.h"
#include "engine/trace.h"

namespace backstep {

// What a node computes: "np.sum(dout, axis=0)". Steps inside a gradient rule and folded broadcasts
// have no line of their own: they are written out, up to the nearest nodes that have one.
std::string expression(const Graph& graph, NodeId node, Lists lists = Lists::kShort);

// "dbeta = np.sum(dout, axis=0)"; of a leaf its name alone.
std::string formula(const Graph& graph, NodeId node, Lists lists = Lists::kShort);

// One step down a formula: number `k` of the elements of its argument that a node is made of.
struct Read {
  NodeId node = kNoNode;
  std::size_t argument = 0;
  std::size_t k = 0;
};

// A piece of a formula with numbers: text, or the number of an element of a node. Which one follows
// from the element whose formula it is: `path` leads there, from the formula's node down.
struct FormulaTerm {
  std::string text = {};
  NodeId node = kNoNode;  // none: text alone
  std::vector<Read> path = {};
  SignForm form = kPlain;
};

// The formula of a node with numbers, the same for each of its elements: "0.2 * (0.5 - 0.1)". Of a
// long sum, the first terms and the last. Whoever prints such a line prints these terms.
// Where a map brings another number of elements to each, its text with names stands in their place.
std::vector<FormulaTerm> number_terms(const Graph& graph, NodeId node);
// Whether that says it: no map stands in the formula.
bool has_number_terms(const Graph& graph, NodeId node);
// The same of one element, which maps too are told for.
std::vector<FormulaTerm> element_terms(const Graph& graph, NodeId node, std::size_t at);

// Which element of its node the term shows in the formula of element `at`, in row-major order.
std::size_t place_of(const Graph& graph, const FormulaTerm& term, std::size_t at);

// The formula of one element: its terms, filled.
std::string expression_with_numbers(const Trace& trace, NodeId node, int row, int col);

// The rule behind a node, as it stands in every circuit: for a node of the forward pass
// "y = a + b", for a contribution the gradient rule "db = np.sum(dy, axis=0)". Sides that are not 1
// are called N and D. Empty for a leaf, a seed and a sum of contributions.
std::string local_formula(const Graph& graph, NodeId node);

// A graph of one primitive alone, which holds for every circuit: its arguments have the names of
// its record, its result is y, and a side that is not 1 has one of these lengths, to be written as
// a letter.
struct Specimen {
  static constexpr int kN = 7;   // N, the rows
  static constexpr int kD = 11;  // D, the columns
  static constexpr int kH = 13;  // H, the columns of the second factor of a product

  Graph graph;
  NodeId node = kNoNode;  // y, or what the gradient rule makes
};

// The specimen behind a node: what local_formula prints. Without a node where that is empty.
Specimen specimen(const Graph& graph, NodeId node);

// What its formula says of the sides of a reduction, ", axis=0, keepdims=True", or of a transpose,
// ".T".
std::string sides_text(const Graph& graph, NodeId node);

// A node that has no line of its own, a folded broadcast or a step inside a gradient rule: its
// expression stands in the formula of another.
bool is_written_out(const Graph& graph, NodeId node);

// What a node is called within a formula: its name, or its number if it is one that nobody named.
std::string name_in_formula(const Graph& graph, NodeId node);

// One use of a value: which node takes it as which argument.
struct Use {
  NodeId user = kNoNode;
  std::size_t argument = 0;
};

// The use that sent a contribution back. Of a value that is repeated by a folded broadcast, the use
// behind the broadcast.
Use use_of(const Graph& graph, NodeId contribution);

// Calls `on_text` for each piece of `text` between its {places}, `on_place` for the name of each.
template <typename OnText, typename OnPlace>
void for_each_piece(std::string_view text, OnText on_text, OnPlace on_place) {
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{')) {
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) break;
    on_text(text.substr(0, open));
    on_place(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
  on_text(text);
}

// Replaces each {place} of `text` by what `fill` makes of the place's name.
template <typename Fill>
std::string filled(std::string_view text, Fill fill) {
  std::string result;
  for_each_piece(
      text, [&](std::string_view piece) { result += piece; },
      [&](std::string_view place) { result += fill(place); });
  return result;
}

}  // namespace backstep
