// A value as a sum of products: "gamma * xmu * sqrtvar**-1 + ...". In this form it is plain which
// factors several terms share, and which of them are the same for every row.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/graph.h"

namespace backstep {

struct Factor {
  NodeId node = kNoNode;
  int power = 1;

  friend bool operator==(const Factor&, const Factor&) = default;
  friend auto operator<=>(const Factor&, const Factor&) = default;
};

using Factors = std::vector<Factor>;  // by rising node, no power 0

// number * product of the factors.
struct Summand {
  double number = 1;
  Factors factors;
};

using Terms = std::vector<Summand>;

Summand product(const Summand& a, const Summand& b);
Summand power(const Summand& a, int exponent);
// Adds up the terms with the same factors, and leaves out those that vanish.
Terms gathered(const Terms& terms);
// 1/49 * 49 is 1, whatever the last bit of a double says.
double tidy(double number);

// Whether a factor of this shape is the same for all that a reduction of `summed` joins, and lines
// up with its result.
bool leaves_sum(const Shape& factor, const Shape& summed, const Attributes& is);

// Reads nodes of one graph as terms, and builds nodes from terms. The graph may grow meanwhile.
class TermReader {
 public:
  explicit TermReader(Graph& graph) : graph_(graph) {}

  // The node as one product. What is no product (a sum, a root, a leaf) is one factor.
  const Summand& product_of(NodeId node);
  // The node as a sum of products. Sums within it are opened, but not those that are a factor of a
  // product, nor, below the node itself, those of the forward pass: they have a meaning as a whole.
  Terms terms_of(NodeId node);

  // Builds the sum, with every node in it written out in the formula of the result. Nodes with a
  // name that hold a part of a product are used again (xhat for xmu * sqrtvar**-1).
  Var build(const Terms& terms, const Shape& shape);
  // The same, with the factors that all terms share in front of one bracket.
  Var build_with_common_factor(const Terms& terms, const Shape& shape);

 private:
  static constexpr int kMostTerms = 12;
  static constexpr std::size_t kMostFactors = 10;
  static constexpr int kMostPower = 8;

  Summand compute_product(NodeId node);
  void open(NodeId node, const Summand& times, bool at_root, int& budget, Terms& terms);
  Var build_product(Summand term, const Shape& shape);
  Var build_level(const Summand& term, const Shape& shape);
  std::optional<NodeId> largest_known(const Summand& term, const Shape& shape);
  Var inside(Var made, NodeId first_new);
  void find_known();

  Graph& graph_;
  std::vector<std::optional<Summand>> products_;
  // Nodes with a name that are products of others, by the first of their factors.
  std::unordered_map<NodeId, std::vector<NodeId>> known_;
  std::size_t searched_ = 0;  // nodes below this have been looked at for known_
};

}  // namespace backstep
