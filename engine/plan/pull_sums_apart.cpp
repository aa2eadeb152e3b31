// The pass that takes sums apart: factors leave them, sums of sums split, known sums return.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "engine/plan/linear_sums.h"
#include "engine/plan/terms.h"
#include "engine/primitives/primitives.h"

namespace backstep {
namespace {

// What a sum adds up over an axis: the product of these factors, all repeated to one shape.
struct Key {
  Sides sides;
  bool keepdims;
  Shape shape;
  Factors factors;

  friend auto operator<=>(const Key&, const Key&) = default;
};

// Over what a sum is taken.
struct Range {
  Attributes attributes;  // of the sum
  Shape shape;
  double count;  // how many elements go into one of the sum

  Key key(const Factors& factors) const {
    return {attributes.sides, attributes.keepdims, shape, factors};
  }
};

struct SplitTerm {
  Summand outside;  // the same along the axis, with the number
  Factors inside;
};

class SumPuller {
 public:
  SumPuller(const Graph& graph, int limit)
      : rebuild_(graph), reader_(rebuild_.graph()), limit_(limit) {}

  LinearResult run() {
    for (NodeId node = 0; node < rebuild_.old().size(); ++node) {
      const bool is_sum = is(rebuild_.old().node(node), primitives::sum()) ||
                          is(rebuild_.old().node(node), primitives::mean());
      if (!is_sum || !changed(node)) rebuild_.keep(node);
      if (is_sum) remember(node);
    }
    return {rebuild_.done(), std::move(changes_)};
  }

 private:
  Range range(NodeId sum) const {
    const Graph& old = rebuild_.old();
    const Shape shape = old.node(old.input(sum, 0)).shape;
    return {old.node(sum).attributes, shape,
            static_cast<double>(shape.size()) / static_cast<double>(old.node(sum).shape.size())};
  }

  // What the sum is multiplied by in the end: 1, or 1 / N for a mean.
  double weight(NodeId sum) const {
    return is(rebuild_.old().node(sum), primitives::mean()) ? 1 / range(sum).count : 1;
  }

  SplitTerm split(const Summand& term, const Range& range) const {
    SplitTerm result{{term.number, {}}, {}};
    for (const Factor& factor : term.factors) {
      const bool outside =
          leaves_sum(graph().node(factor.node).shape, range.shape, range.attributes);
      (outside ? result.outside.factors : result.inside).push_back(factor);
    }
    return result;
  }

  const Graph& graph() const { return const_cast<Rebuild&>(rebuild_).graph(); }

  // The sum of one product, if it takes no new pass over the data.
  std::optional<Terms> known_sum(const SplitTerm& term, const Range& range, bool may_open) {
    if (term.inside.empty()) return Terms{product({range.count, {}}, term.outside)};
    const auto known = sums_.find(range.key(term.inside));
    if (known != sums_.end()) return Terms{product(term.outside, known->second)};
    const bool single = term.inside.size() == 1 && term.inside[0].power == 1;
    if (!single || !may_open) return {};
    return known_sums(reader_.terms_of(term.inside[0].node), term.outside, range, false);
  }

  std::optional<Terms> known_sums(const Terms& terms, const Summand& times, const Range& range,
                                  bool may_open) {
    Terms result;
    for (const Summand& term : terms) {
      const std::optional<Terms> part = known_sum(split(term, range), range, may_open);
      if (!part) return {};
      for (const Summand& t : *part) result.push_back(product(times, t));
    }
    return gathered(result);
  }

  bool changed(NodeId sum) {
    const Node& node = rebuild_.old().node(sum);
    if (range(sum).count < 2 || limit_ <= 0) return false;
    const Terms terms = reader_.terms_of(rebuild_.now(rebuild_.old().input(sum, 0)).id());
    const Summand weighted{weight(sum), {}};
    if (const std::optional<Terms> known = known_sums(terms, weighted, range(sum), true)) {
      note(sum, reader_.build(*known, node.shape), why_known(terms, *known));
      return true;
    }
    return terms.size() == 1 && factor_left(sum, split(terms[0], range(sum)));
  }

  // r * sum(a) for sum(r * a). What divides is known as a product, and stays as it costs nothing;
  // but if it comes from a sum itself, this sum can be taken earlier without it.
  bool factor_left(NodeId sum, const SplitTerm& term) {
    const bool worth_it = term.outside.number != 1 ||
                          std::any_of(term.outside.factors.begin(), term.outside.factors.end(),
                                      [&](const Factor& factor) {
                                        return factor.power > 0 || hangs_on_sum(factor.node);
                                      });
    const Node& node = rebuild_.old().node(sum);
    // The shape that the factors inside have together must be the one that is summed.
    const NodeId argument = rebuild_.now(rebuild_.old().input(sum, 0)).id();
    const Shape shape = graph().node(argument).shape;
    const bool whole = std::any_of(term.inside.begin(), term.inside.end(), [&](const Factor& f) {
      return graph().node(f.node).shape == shape;
    });
    if (!worth_it || !whole) return false;
    const NodeId first_new = static_cast<NodeId>(graph().size());
    const Var inner = reader_.build({{1, term.inside}}, shape);
    const Var left = apply(*node.primitive, {inner}, node.attributes);
    for (NodeId made = first_new; made < graph().size(); ++made) {
      if (!graph().place(made).folded) rebuild_.graph().place(made).part = Part::kInside;
    }
    sums_[range(sum).key(term.inside)] = product({1 / weight(sum), {}}, {1, {{left.id(), 1}}});
    const Var result = reader_.build({product(term.outside, {1, {{left.id(), 1}}})}, node.shape);
    note(sum, result, Words("a factor that is the same for all that is summed leaves the sum"));
    return true;
  }

  // Whether a sum over elements is on the way from the leaves to the node.
  bool hangs_on_sum(NodeId node) {
    for (NodeId next = static_cast<NodeId>(hangs_on_sum_.size()); next <= node; ++next) {
      const Node& is_now = graph().node(next);
      bool hangs = is_now.primitive != nullptr && is_now.primitive->reads == Reads::kReduce;
      for (std::size_t i = 0; i < graph().arity(next); ++i) {
        hangs = hangs || hangs_on_sum_[graph().input(next, i)];
      }
      hangs_on_sum_.push_back(hangs);
    }
    return hangs_on_sum_[node];
  }

  static Words why_known(const Terms& terms, const Terms& known) {
    if (known.empty()) {
      return Words("what is left of a value without its mean sums to 0");
    }
    if (terms.size() > 1) {
      return Words("a sum of a sum is split; the parts are there already, or 0");
    }
    return Words("the sum is there already, but for a factor");
  }

  void note(NodeId sum, Var result, Words rule) {
    rebuild_.replace(sum, result);
    changes_.push_back({sum, result.id(), rule});
    --limit_;
  }

  // A later sum of the same product is this one, unless it would be divided by what may be 0.
  void remember(NodeId sum) {
    const NodeId argument = rebuild_.now(rebuild_.old().input(sum, 0)).id();
    const SplitTerm term = split(reader_.product_of(argument), range(sum));
    const bool safe = std::all_of(term.outside.factors.begin(), term.outside.factors.end(),
                                  [](const Factor& factor) { return factor.power < 0; });
    if (!safe || term.inside.empty() || term.outside.number == 0) return;
    const NodeId now = rebuild_.now(sum).id();
    const Summand inverse = power(term.outside, -1);
    sums_.try_emplace(range(sum).key(term.inside),
                      product(inverse, {tidy(1 / weight(sum)), {{now, 1}}}));
  }

  Rebuild rebuild_;
  TermReader reader_;
  int limit_;
  std::map<Key, Summand> sums_;  // sum of the key's product = the term
  std::vector<LinearChange> changes_;
  std::vector<bool> hangs_on_sum_;  // of the nodes so far
};

}  // namespace

LinearResult pull_sums_apart(const Graph& graph, int limit) {
  return SumPuller(graph, limit).run();
}

}  // namespace backstep
