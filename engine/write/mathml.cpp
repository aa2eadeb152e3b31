// MathML from the NumPy patterns of the primitives: a small parser of the pattern draws what it
// reads, so a new primitive has its MathML from the day it has its NumPy text.
#include "engine/write/mathml.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/reads.h"
#include "engine/write/dot_text.h"

namespace backstep::write {
namespace {

// A part of a formula, always one element, and how tightly it binds.
struct Piece {
  std::string xml;
  Precedence precedence = Precedence::kAtom;
  std::string one_over;  // of a fraction 1 / a: what stands below it
};

std::string tag(std::string_view name, std::string_view inner) {
  return fmt::format("<{0}>{1}</{0}>", name, inner);
}
std::string mo(std::string_view text) { return tag("mo", html_text(text)); }
std::string mi(std::string_view text) { return tag("mi", html_text(text)); }
std::string mn(std::string_view text) { return tag("mn", html_text(text)); }
std::string row(std::string_view inner) { return tag("mrow", inner); }
std::string in_brackets(std::string_view xml) { return row(mo("(") + std::string(xml) + mo(")")); }

std::string bracketed(const Piece& piece, Precedence least) {
  return piece.precedence < least ? in_brackets(piece.xml) : piece.xml;
}

// What a pattern's places are filled with.
struct Places {
  const Graph& graph;
  NodeId node;
  const std::set<NodeId>* inside;  // written out instead of named; may be null
  bool letters;                    // sizes are the letters of a specimen
};

Piece expression_of(const Places& places);

// A size: its number, or its letter where the graph is a specimen.
std::string side(const Places& places, int size) {
  if (places.letters && size == Specimen::kN) return mi("N");
  if (places.letters && size == Specimen::kD) return mi("D");
  if (places.letters && size == Specimen::kH) return mi("H");
  return mn(fmt::format("{}", size));
}

std::string count_of(const Places& places, double count) {
  if (places.letters && count == Specimen::kN * Specimen::kD) {
    return row(mi("N") + mo("·") + mi("D"));
  }
  return side(places, static_cast<int>(count));
}

Piece fraction(const std::string& above, const std::string& below) {
  return {tag("mfrac", above + below), Precedence::kAtom, {}};
}

// A number of the circuit: 1/50 as a fraction, 1e-06 as the text that the program has.
Piece number_piece(const Places& places, double value) {
  const double whole = value > 0 ? 1 / value : 0;
  const bool is_fraction = fraction_text(value).starts_with("1/");
  if (is_fraction) return fraction(mn("1"), count_of(places, static_cast<int>(whole + 0.5)));
  const std::string text = exact_number_text(value);
  if (text[0] == '-') return {row(mo("−") + mn(text.substr(1))), Precedence::kSign, {}};
  return {mn(text), Precedence::kAtom, {}};
}

NodeId argument_named(const Places& places, std::string_view name) {
  const Node& node = places.graph.node(places.node);
  std::size_t i = 0;
  while (i + 1 < node.primitive->arguments.size() && node.primitive->arguments[i].name != name) ++i;
  return places.graph.input(places.node, i);
}

Piece operand(const Places& places, NodeId id) {
  const Graph& graph = places.graph;
  const Node& node = graph.node(id);
  if (node.place.part == Part::kForward && node.place.folded) {
    return operand(places, graph.input(id, 0));  // as NumPy repeats it, unasked
  }
  const bool inside = places.inside != nullptr && places.inside->count(id) > 0;
  if (node.primitive != nullptr && (inside || is_written_out(graph, id))) {
    return expression_of({graph, id, places.inside, places.letters});
  }
  const std::string name = name_in_formula(graph, id);
  if (is_written_number(node)) return number_piece(places, node.attributes.number);
  return {mi(name), Precedence::kAtom, {}};
}

// Reads a pattern such as "np.sum({a}{axis})" by Python's grammar and draws it.
class PatternReader {
 public:
  PatternReader(std::string_view pattern, const Places& places) : left_(pattern), places_(places) {}

  Piece read() { return comparison(); }

 private:
  void skip_spaces() { left_.remove_prefix(std::min(left_.find_first_not_of(' '), left_.size())); }

  bool take(std::string_view token) {
    skip_spaces();
    if (!left_.starts_with(token)) return false;
    left_.remove_prefix(token.size());
    return true;
  }

  Piece comparison() {
    Piece left = sum();
    constexpr std::pair<std::string_view, std::string_view> kSigns[] = {
        {">=", "≥"}, {"<=", "≤"}, {"==", "="}, {"!=", "≠"}, {">", ">"}, {"<", "<"}, {"⇉", "⇉"}};
    for (const auto& [token, sign] : kSigns) {
      if (!take(token)) continue;
      const Piece right = sum();
      const std::string xml =
          bracketed(left, Precedence::kSum) + mo(sign) + bracketed(right, Precedence::kSum);
      return {row(xml), Precedence::kComparison, {}};
    }
    return left;
  }

  Piece sum() {
    Piece left = product();
    for (;;) {
      const bool plus = take("+");
      if (!plus && !take("-")) return left;
      const Piece right = product();
      const std::string xml = bracketed(left, Precedence::kSum) + mo(plus ? "+" : "−") +
                              bracketed(right, plus ? Precedence::kSum : Precedence::kProduct);
      left = {row(xml), Precedence::kSum, {}};
    }
  }

  Piece product() {
    Piece left = sign();
    for (;;) {
      if (take("@")) {
        const Piece right = sign();
        left = {row(bracketed(left, Precedence::kProduct) + mo("@") +
                    bracketed(right, Precedence::kSign)),
                Precedence::kProduct,
                {}};
      } else if (!left_.starts_with(" **") && take("*")) {
        left = times(left, sign());
      } else if (take("/")) {
        const Piece right = sign();
        const bool one = left.xml == mn("1");
        left = fraction(left.xml, right.xml);
        if (one) left.one_over = right.xml;
      } else {
        return left;
      }
    }
  }

  // a · (1 / b) is drawn as a / b.
  static Piece times(const Piece& left, const Piece& right) {
    if (!right.one_over.empty()) return fraction(left.xml, right.one_over);
    return {
        row(bracketed(left, Precedence::kProduct) + mo("·") + bracketed(right, Precedence::kSign)),
        Precedence::kProduct,
        {}};
  }

  Piece sign() {
    if (!take("-")) return power();
    const Piece inner = sign();
    return {row(mo("−") + bracketed(inner, Precedence::kProduct)), Precedence::kSign, {}};
  }

  Piece power() {
    const Piece base = atom();
    if (!take("**")) return base;
    const Piece exponent = sign();
    const bool plain = base.precedence == Precedence::kAtom && !base.xml.starts_with("<mfrac") &&
                       !base.xml.starts_with("<msup");
    return {tag("msup", (plain ? base.xml : in_brackets(base.xml)) + exponent.xml),
            Precedence::kPower,
            {}};
  }

  Piece atom() {
    Piece piece = primary();
    while (take("{turned}")) {
      piece = {tag("msup", bracketed(piece, Precedence::kAtom) + turned()), Precedence::kPower, {}};
    }
    return piece;
  }

  // T, or the order of the sides where that is not the reverse.
  std::string turned() const {
    if (sides_text(places_.graph, places_.node) == ".T") return mi("T");
    const Node& node = places_.graph.node(places_.node);
    std::string xml = mo("(");
    for (int at = 0; at < node.shape.ndim(); ++at) {
      const int side = node.attributes.order[static_cast<std::size_t>(at)];
      xml += (at > 0 ? mo(",") : "") + mn(std::to_string(side));
    }
    return row(xml + mo(")"));
  }

  Piece primary() {
    if (take("(")) {
      const Piece inner = comparison();
      take(")");
      return inner;
    }
    if (take("{")) return place();
    if (take("√")) return {tag("msqrt", primary().xml), Precedence::kAtom, {}};
    if (take("|")) {
      const Piece inner = comparison();
      take("|");
      return {row(mo("|") + inner.xml + mo("|")), Precedence::kAtom, {}};
    }
    take("np.");
    return name_or_number();
  }

  Piece name_or_number() {
    const auto is_part = [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.';
    };
    const auto end = std::find_if_not(left_.begin(), left_.end(), is_part);
    // What no pattern has is shown as it is.
    const auto size =
        end == left_.begin() ? left_.size() : static_cast<std::size_t>(end - left_.begin());
    const std::string_view text = left_.substr(0, size);
    left_.remove_prefix(size);
    if (take("(")) return function(text);
    const bool is_name = !text.empty() && std::isalpha(static_cast<unsigned char>(text[0])) != 0;
    return {is_name ? mi(text) : mn(text), Precedence::kAtom, {}};
  }

  std::string_view word(std::string_view end) {
    const std::size_t size = std::min(left_.find_first_of(end), left_.size());
    const std::string_view word = left_.substr(0, size);
    left_.remove_prefix(std::min(size + 1, left_.size()));
    return word;
  }

  Piece place() {
    const std::string_view name = word("}");
    const Node& node = places_.graph.node(places_.node);
    if (name == "number") return number_piece(places_, node.attributes.number);
    if (name == "shape") {
      return {row(shape_xml(node.shape)), Precedence::kAtom, {}};
    }
    return operand(places_, argument_named(places_, name));
  }

  Piece function(std::string_view name) {
    std::vector<Piece> arguments;
    while (!left_.empty() && !take(")")) {
      if (take(",") || take("{axis}")) continue;
      arguments.push_back(comparison());
    }
    return called(name, arguments);
  }

  Piece called(std::string_view name, const std::vector<Piece>& arguments) const {
    const Node& node = places_.graph.node(places_.node);
    const Primitive* reduction =
        node.primitive->reads == Reads::kReduce ? primitive_named(name) : nullptr;
    if (reduction != nullptr && reduction->reads == Reads::kReduce) {
      return reduced(reduction->joining, arguments[0]);
    }
    std::string xml = mi(name) + mo("(");
    for (std::size_t i = 0; i < arguments.size(); ++i)
      xml += (i > 0 ? mo(",") : "") + arguments[i].xml;
    return {row(xml + mo(")")), Precedence::kAtom, {}};
  }

  struct Runs {
    std::string index;  // n along the rows, d along the columns, others before them
    std::string last;
    double count;
  };

  // The index that runs along a side: the last two are n and d.
  static std::string letter(int at, int ndim) {
    constexpr std::array<std::string_view, Shape::kMostSides> kLetters = {"d", "n", "m",
                                                                          "l", "k", "j"};
    return mi(kLetters[static_cast<std::size_t>(ndim - 1 - at)]);
  }

  std::string shape_xml(const Shape& shape) const {
    std::string xml = mo("(");
    for (int at = 0; at < shape.ndim(); ++at) {
      xml += (at > 0 ? mo(",") : "") + side(places_, shape[at]);
    }
    return xml + (shape.ndim() == 1 ? mo(",") : "") + mo(")");
  }

  // What a reduction runs along.
  Runs runs() const {
    const Node& node = places_.graph.node(places_.node);
    const Shape shape = places_.graph.node(places_.graph.input(places_.node, 0)).shape;
    const double count = static_cast<double>(shape.size()) / static_cast<double>(node.shape.size());
    const Sides sides = node.attributes.sides;
    std::string letters;
    std::string last;
    for (int at = 0; at < shape.ndim(); ++at) {
      if (!sides.has(at)) continue;
      letters += (letters.empty() ? "" : mo(",")) + letter(at, shape.ndim());
      last = side(places_, shape[at]);
    }
    const bool is_one = letters.find(mo(",")) == std::string::npos;
    return {is_one ? letters : row(letters), is_one ? last : "", count};
  }

  // ∑ runs from 1 to a last one; max and its like run over an index.
  Piece reduced(const Joining& joining, const Piece& argument) const {
    const Runs along = runs();
    const bool is_word = std::isalpha(static_cast<unsigned char>(joining.sign[0])) != 0;
    const std::string sign = is_word ? mi(joining.sign) : mo(joining.sign);
    const std::string under =
        is_word || along.last.empty()
            ? tag("munder", sign + along.index)
            : tag("munderover", sign + row(along.index + mo("=") + mn("1")) + along.last);
    const std::string share =
        joining.is_mean ? fraction(mn("1"), count_of(places_, along.count)).xml : "";
    const bool adds_up = joining.next.plus == kAdded.plus;
    return {row(share + under +
                bracketed(argument, adds_up ? Precedence::kProduct : Precedence::kPower)),
            Precedence::kSum,
            {}};
  }

  std::string_view left_;
  const Places& places_;
};

Piece expression_of(const Places& places) {
  const Primitive& primitive = *places.graph.node(places.node).primitive;
  return PatternReader(primitive.formula.empty() ? primitive.numpy : primitive.formula, places)
      .read();
}

// One element without the <mrow> around it, where the row around is enough.
std::string without_row(const std::string& xml) {
  constexpr std::string_view kOpen = "<mrow>";
  if (!xml.starts_with(kOpen)) return xml;
  return xml.substr(kOpen.size(), xml.size() - 2 * kOpen.size() - 1);
}

std::string math(const Places& places) {
  const Graph& graph = places.graph;
  const std::string name = mi(name_in_formula(graph, places.node));
  if (graph.node(places.node).primitive == nullptr) return tag("math", name);
  return tag("math", name + mo("=") + without_row(expression_of(places).xml));
}

}  // namespace

std::string formula_mathml(const Graph& graph, NodeId node) {
  return math({graph, node, nullptr, false});
}

std::string local_mathml(const Graph& graph, NodeId node) {
  const Specimen rule = specimen(graph, node);
  return rule.node == kNoNode ? "" : math({rule.graph, rule.node, nullptr, true});
}

std::string group_mathml(const Graph& graph, NodeId node, const std::set<NodeId>& inside) {
  return math({graph, node, &inside, false});
}

}  // namespace backstep::write
