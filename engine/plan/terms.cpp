// A value as a sum of products: reading it from nodes, and building nodes from it.
#include "engine/plan/terms.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "engine/plan/rewrite.h"
#include "engine/primitives/primitives.h"

namespace backstep {
namespace {

int size_of(const Summand& term) {
  int size = 0;
  for (const Factor& factor : term.factors) size += std::abs(factor.power);
  return size;
}

// Whether `part` is contained in `whole`, with powers of the same sign.
bool divides(const Summand& part, const Summand& whole) {
  return std::all_of(part.factors.begin(), part.factors.end(), [&](const Factor& factor) {
    return std::any_of(whole.factors.begin(), whole.factors.end(), [&](const Factor& other) {
      return factor.node == other.node && (factor.power > 0) == (other.power > 0) &&
             std::abs(factor.power) <= std::abs(other.power);
    });
  });
}

Summand common_factor(const Terms& terms) {
  Summand common{terms[0].number, {}};
  for (const Factor& factor : terms[0].factors) {
    int power = factor.power;
    for (const Summand& term : terms) {
      const auto same = std::find_if(term.factors.begin(), term.factors.end(),
                                     [&](const Factor& f) { return f.node == factor.node; });
      const int other = same == term.factors.end() ? 0 : same->power;
      if ((other > 0) != (power > 0) || other == 0) {
        power = 0;
        break;
      }
      power = power > 0 ? std::min(power, other) : std::max(power, other);
    }
    if (power != 0) common.factors.push_back({factor.node, power});
  }
  // The smallest number comes out: 1/N * (N * dout - dbeta) has whole numbers within.
  for (const Summand& term : terms) {
    if (std::fabs(term.number) < std::fabs(common.number)) common.number = term.number;
  }
  common.number = std::fabs(common.number);
  return common;
}

}  // namespace

double tidy(double number) {
  constexpr double kClose = 1e-14;
  const double whole = std::round(number);
  if (whole != 0 && std::fabs(number - whole) <= kClose * std::fabs(whole)) return whole;
  const double parts = std::round(1 / number);
  if (std::fabs(parts) < 1e9 && std::fabs(number * parts - 1) <= kClose) return 1 / parts;
  return number;
}

Summand product(const Summand& a, const Summand& b) {
  Summand result{tidy(a.number * b.number), {}};
  auto left = a.factors.begin();
  auto right = b.factors.begin();
  while (left != a.factors.end() || right != b.factors.end()) {
    if (right == b.factors.end() || (left != a.factors.end() && left->node < right->node)) {
      result.factors.push_back(*left++);
    } else if (left == a.factors.end() || right->node < left->node) {
      result.factors.push_back(*right++);
    } else {
      const int power = left->power + right->power;
      if (power != 0) result.factors.push_back({left->node, power});
      ++left;
      ++right;
    }
  }
  return result;
}

Summand power(const Summand& a, int exponent) {
  Summand result{tidy(std::pow(a.number, exponent)), a.factors};
  for (Factor& factor : result.factors) factor.power *= exponent;
  return result;
}

Terms gathered(const Terms& terms) {
  Terms result;
  for (const Summand& term : terms) {
    const auto same = std::find_if(result.begin(), result.end(),
                                   [&](const Summand& t) { return t.factors == term.factors; });
    if (same == result.end()) {
      result.push_back(term);
    } else {
      same->number = tidy(same->number + term.number);
    }
  }
  std::erase_if(result, [](const Summand& term) { return term.number == 0; });
  return result;
}

bool leaves_sum(const Shape& factor, const Shape& summed, const Attributes& is) {
  const int missing = summed.ndim() - factor.ndim();
  for (int side = 0; side < factor.ndim(); ++side) {
    if (is.sides.has(side + missing) && factor[side] != 1) return false;
  }
  if (is.keepdims || factor.ndim() == 0) return true;
  // Without keepdims, what is left lines up with the factor only if the first sides went.
  const int left = reduced(summed, is.sides, false).ndim();
  return is.sides == Sides::first(summed.ndim() - left) && factor.ndim() <= left;
}

const Summand& TermReader::product_of(NodeId node) {
  if (products_.size() <= node) products_.resize(graph_.size());
  if (!products_[node]) {
    Summand term = compute_product(node);
    const bool too_long =
        term.factors.size() > kMostFactors ||
        std::any_of(term.factors.begin(), term.factors.end(),
                    [](const Factor& f) { return std::abs(f.power) > kMostPower; });
    if (too_long || !std::isfinite(term.number) || term.number == 0) term = {1, {{node, 1}}};
    products_[node] = std::move(term);
  }
  return *products_[node];
}

// Arguments stand before their node, so those of long chains are known already: see terms_of and
// the passes, which read nodes in their order.
Summand TermReader::compute_product(NodeId id) {
  const Node& node = graph_.node(id);
  if (node.primitive == nullptr || graph_.arity(id) == 0) return {1, {{id, 1}}};
  const NodeId first = graph_.input(id, 0);
  const auto argument = [&](std::size_t i) { return product_of(graph_.input(id, i)); };
  if (is(node, primitives::broadcast()) || is(node, primitives::copy())) return argument(0);
  if (is(node, primitives::negate())) return product({-1, {}}, argument(0));
  if (is(node, primitives::times())) return product({node.attributes.number, {}}, argument(0));
  if (is(node, primitives::divide_by()))
    return product({1 / node.attributes.number, {}}, argument(0));
  if (is(node, primitives::square())) return power(argument(0), 2);
  if (is(node, primitives::invert())) return power(argument(0), -1);
  if (is(node, primitives::multiply())) return product(argument(0), argument(1));
  if (is(node, primitives::divide())) return product(argument(0), power(argument(1), -1));
  if (is_number(graph_, id) && node.shape == graph_.node(first).shape) return argument(0);
  return {1, {{id, 1}}};
}

Terms TermReader::terms_of(NodeId node) {
  Terms terms;
  int budget = 4 * kMostTerms;
  open(node, {1, {}}, true, budget, terms);
  if (budget < 0 || terms.size() > kMostTerms) return {product_of(node)};
  return gathered(terms);
}

void TermReader::open(NodeId id, const Summand& times, bool at_root, int& budget, Terms& terms) {
  if (--budget < 0) return;
  const Node& node = graph_.node(id);
  const NodeId first = graph_.arity(id) > 0 ? graph_.input(id, 0) : kNoNode;
  const bool is_sum = is(node, primitives::add()) || is(node, primitives::subtract());
  const bool has_meaning = !at_root && node.place.part == Part::kForward && !node.name.empty();
  if (is_sum && !has_meaning) {
    const double sign = is(node, primitives::add()) ? 1 : -1;
    open(first, times, false, budget, terms);
    open(graph_.input(id, 1), product({sign, {}}, times), false, budget, terms);
  } else if (is(node, primitives::negate()) || is(node, primitives::copy()) ||
             is(node, primitives::times()) || is(node, primitives::divide_by())) {
    const double own = node.attributes.number;
    const double number = is(node, primitives::negate())      ? -1
                          : is(node, primitives::copy())      ? 1
                          : is(node, primitives::divide_by()) ? 1 / own
                                                              : own;
    if (number == 0) return;
    open(first, product({number, {}}, times), at_root, budget, terms);
  } else if (is(node, primitives::broadcast())) {
    open(first, times, false, budget, terms);
  } else {
    terms.push_back(product(times, product_of(id)));
  }
}

// Marks what was built for one formula as steps within it, but for the result itself.
Var TermReader::inside(Var made, NodeId first_new) {
  for (NodeId node = first_new; node < graph_.size(); ++node) {
    if (node != made.id() && !graph_.place(node).folded) graph_.place(node).part = Part::kInside;
  }
  return made;
}

void TermReader::find_known() {
  for (; searched_ < graph_.size(); ++searched_) {
    const NodeId id = static_cast<NodeId>(searched_);
    const Node& node = graph_.node(id);
    const bool forward = node.place.part == Part::kForward;
    // Of the backward pass what is one row: dgamma, say.
    const bool small_gradient = node.place.part != Part::kInside && node.shape.rows() == 1;
    if (node.primitive == nullptr || node.name.empty() || (!forward && !small_gradient)) continue;
    const Summand& term = product_of(id);
    const bool itself = term.factors.size() == 1 && term.factors[0] == Factor{id, 1};
    if (!itself && term.number == 1 && !term.factors.empty()) {
      known_[term.factors[0].node].push_back(id);
    }
  }
}

// The known node that holds the largest part of the product; of equals the first.
std::optional<NodeId> TermReader::largest_known(const Summand& term, const Shape& shape) {
  std::optional<NodeId> best;
  int best_size = 0;
  for (const Factor& factor : term.factors) {
    const auto known = known_.find(factor.node);
    if (known == known_.end()) continue;
    for (const NodeId id : known->second) {
      const Shape own = graph_.node(id).shape;
      if (!repeats_to(own, shape) || !divides(product_of(id), term)) continue;
      const int size = size_of(product_of(id));
      if (!best || size > best_size || (size == best_size && id < *best)) {
        best = id;
        best_size = size;
      }
    }
  }
  return best;
}

// The product of values that all have one shape, or are repeated to it.
Var TermReader::build_level(const Summand& term, const Shape& shape) {
  std::optional<Var> result;
  const double number = std::fabs(term.number);
  const auto times = [&](Var factor) {
    if (!result && number != 1) {
      result = number * factor;
    } else {
      result = result ? *result * factor : factor;
    }
  };
  const auto divide = [&](Var factor) {
    result = result ? *result / factor : number == 1 ? invert(factor) : number * invert(factor);
  };
  for (const Factor& factor : term.factors) {
    for (int i = 0; i < factor.power; ++i) times(graph_.var(factor.node));
  }
  for (const Factor& factor : term.factors) {
    for (int i = 0; i > factor.power; --i) divide(graph_.var(factor.node));
  }
  if (!result) return fit(graph_.leaf(Role::kConstant, {}, {}, number), shape);
  return *result;
}

// The product without its sign. Known parts first, then what is the same for every row or column,
// so that it is multiplied in the small shape.
Var TermReader::build_product(Summand term, const Shape& shape) {
  find_known();
  Summand small{std::fabs(term.number), {}};
  Summand large;
  std::vector<Factor> used;
  while (const std::optional<NodeId> known = largest_known(term, shape)) {
    const bool is_large = graph_.node(*known).shape == shape;
    (is_large ? large : small).factors.push_back({*known, 1});
    term = product(term, power(product_of(*known), -1));
  }
  for (const Factor& factor : term.factors) {
    const bool is_large = graph_.node(factor.node).shape == shape;
    (is_large ? large : small).factors.push_back(factor);
  }
  std::sort(small.factors.begin(), small.factors.end());
  std::sort(large.factors.begin(), large.factors.end());
  if (large.factors.empty()) return fit(build_level(small, shape), shape);
  if (small.factors.empty()) {
    large.number = small.number;
    return build_level(large, shape);
  }
  return build_level(large, shape) * build_level(small, shape);
}

Var TermReader::build(const Terms& terms, const Shape& shape) {
  const NodeId first_new = static_cast<NodeId>(graph_.size());
  if (terms.empty()) {
    return inside(fit(graph_.leaf(Role::kConstant, {}, {}, 0), shape), first_new);
  }
  // A positive term first, so that the others can be taken away from it.
  Terms ordered = terms;
  std::stable_partition(ordered.begin(), ordered.end(),
                        [](const Summand& t) { return t.number > 0; });
  std::optional<Var> result;
  for (const Summand& term : ordered) {
    const Var next = build_product(term, shape);
    if (!result) {
      result = term.number < 0 ? -next : next;
    } else {
      result = term.number < 0 ? *result - next : *result + next;
    }
  }
  return inside(fit(*result, shape), first_new);
}

Var TermReader::build_with_common_factor(const Terms& terms, const Shape& shape) {
  if (terms.size() < 2) return build(terms, shape);
  const NodeId first_new = static_cast<NodeId>(graph_.size());
  const Summand common = common_factor(terms);
  Terms within;
  for (const Summand& term : terms) within.push_back(product(term, power(common, -1)));
  const Var bracket = build(within, shape);
  if (common.factors.empty() && common.number == 1) return bracket;
  if (common.factors.empty()) return inside(common.number * bracket, first_new);
  return inside(build_product(common, shape) * bracket, first_new);
}

}  // namespace backstep
