// Repairs are tried on the steps that lead to a wrong value: whichever makes it right is the cause.
#include "engine/check/cause.h"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>

#include "engine/differentiate.h"
#include "engine/evaluate.h"
#include "engine/expression.h"
#include "engine/number_text.h"
#include "engine/primitives/primitives.h"
#include "engine/reads.h"

namespace backstep::check {
namespace {

// So many steps, and so many trials, are looked at behind one wrong value.
constexpr std::size_t kMostSteps = 150;
constexpr std::size_t kMostTrials = 20'000;

// Of the finite ones.
double largest(ConstView view) {
  double most = 0;
  for (const double value : view) {
    if (std::isfinite(value)) most = std::max(most, std::fabs(value));
  }
  return most;
}

// As NumPy repeats it; a (1, D) stands for a (D,) besides.
bool can_repeat(const Shape& from, const Shape& to) {
  return same_row(from, to) || repeats_to(from, to);
}

// What stands at element `i` of the shape to which the value is repeated.
double at(ConstView view, const Shape& shape, std::size_t i) {
  return view.data[view.size() == shape.size() ? i : repeated_place(view.shape, shape, i)];
}

Tensor repeated(ConstView view, const Shape& shape) {
  Tensor result(shape);
  for (std::size_t i = 0; i < shape.size(); ++i) result.view().data[i] = at(view, shape, i);
  return result;
}

template <typename Combine>
Tensor combined(ConstView a, ConstView b, Combine combine) {
  Tensor result(a.shape);
  for (std::size_t i = 0; i < a.size(); ++i) {
    result.view().data[i] = combine(a.data[i], at(b, a.shape, i));
  }
  return result;
}

Tensor scaled(ConstView a, double factor) {
  return combined(a, a, [factor](double value, double) { return factor * value; });
}

// A sum over some sides, which stay as 1, and what these sides are called.
struct Total {
  Tensor value;
  std::size_t count;  // of the elements that each is made of
  Saying over;
};

Tensor summed(ConstView a, Sides sides) {
  Tensor result(reduced(a.shape, sides, true));
  for (std::size_t i = 0; i < a.size(); ++i) {
    result.view().data[repeated_place(result.shape(), a.shape, i)] += a.data[i];
  }
  return result;
}

std::vector<int> listed(Sides sides) {
  std::vector<int> all;
  for (int side = 0; side < Shape::kMostSides; ++side) {
    if (sides.has(side)) all.push_back(side);
  }
  return all;
}

// Every choice of sides that are not 1: of a matrix the rows, the columns, both.
std::vector<Sides> choices_of_sides(const Shape& shape) {
  std::vector<Sides> all = {Sides{}};
  for (int side = 0; side < shape.ndim(); ++side) {
    if (shape[side] == 1) continue;
    const std::size_t before = all.size();
    for (std::size_t i = 0; i < before; ++i) {
      all.push_back(all[i]);
      all.back().add(side);
    }
  }
  all.erase(all.begin());
  return all;
}

// "axis 1", "axes 0 and 2"
Saying axes_of(const std::vector<int>& over) {
  Saying listed(std::to_string(over.front()));
  for (std::size_t i = 1; i < over.size(); ++i) {
    listed = {Words("{0} and {1}"), {listed, std::to_string(over[i])}};
  }
  return {over.size() == 1 ? Words("axis {0}") : Words("axes {0}"), {listed}};
}

// The sides of a matrix are a batch and features, if the circuit has no more sides than that.
std::vector<Total> totals_of(ConstView a, bool in_words) {
  std::vector<Total> totals;
  for (const Sides sides : choices_of_sides(a.shape)) {
    const std::vector<int> over = listed(sides);
    const bool is_matrix = a.shape.ndim() == 2 && in_words;
    if (is_matrix && over.size() > 1) continue;
    Tensor value = summed(a, sides);
    const std::size_t count = a.size() / value.data().size();
    totals.push_back({std::move(value), count,
                      !is_matrix     ? axes_of(over)
                      : over[0] == 0 ? Saying(Words("the batch"))
                                     : Saying(Words("the features"))});
  }
  return totals;
}

// The same numbers in a shape that differs by sides of 1 alone; nothing if it differs by more.
std::optional<Tensor> in_shape(const Tensor& value, const Shape& shape) {
  const auto without_ones = [](const Shape& of) {
    Shape rest;
    for (const std::int32_t side : of) {
      if (side != 1) rest.add(side);
    }
    return rest;
  };
  if (!(without_ones(value.shape()) == without_ones(shape))) return std::nullopt;
  return Tensor(shape, value.data());
}

Tensor turned(ConstView a) {
  Tensor result(Shape{a.shape.cols(), a.shape.rows()});
  for (int row = 0; row < a.shape.rows(); ++row) {
    for (int col = 0; col < a.shape.cols(); ++col) result(col, row) = a(row, col);
  }
  return result;
}

// Its number in the file, or in its cell.
std::string line_words(const Line& line) {
  return std::to_string(line.binding.module->source->line_in_cell(line.binding.byte));
}

bool is_comparison(const Node& node) {
  return node.primitive != nullptr && node.primitive->precedence == Precedence::kComparison;
}

// A factor that people lose, and what it is called.
struct Factor {
  double value;
  std::string text;
};

struct Known {
  NodeId node;
  std::string name;
  ConstView value;
  bool is_gradient;
};

class Doctor {
 public:
  Doctor(const Reading& reading, const Numbers& values, std::size_t line,
         const Reference& reference, NodeId expected, const Tolerance& tolerance)
      : reading_(reading),
        graph_(reading.graph),
        values_(values),
        index_(line),
        line_(reading.lines[line]),
        reference_(reference),
        expected_(expected),
        right_(reference.value(expected)),
        tolerance_(tolerance) {
    for (NodeId id = 0; id < reference.graph().size(); ++id) {
      const Node& node = reference.graph().node(id);
      if (node.name.empty() || node.place.folded || node.place.part == Part::kInside) continue;
      known_.push_back({id, node.name, reference.value(id), node.place.part != Part::kForward});
    }
    add_factors();
  }

  Diagnosis diagnose() {
    if (line_.node == kNoNode) return of_failed_line();
    trace_back();
    if (const auto found = as_a_whole()) return *found;
    if (const auto found = step_by_step()) return *found;
    return unknown();
  }

 private:
  const std::string& name() const { return reference_.graph().node(expected_).name; }
  ConstView ours(NodeId id) const { return values_.value(id); }
  ConstView mine() const { return values_.value(line_.node); }

  void add_factor(double value, const std::string& text) {
    if (!std::isfinite(value) || value == 1 || value == 0) return;
    const bool is_known = std::any_of(factors_.begin(), factors_.end(),
                                      [&](const Factor& known) { return known.value == value; });
    if (!is_known) factors_.push_back({value, text});
  }

  // What people lose of a count, as N is.
  void add_count(double sign, double count, const std::string& name) {
    const std::string minus = sign < 0 ? "-" : "";
    add_factor(sign / count, minus + "1/" + name);
    add_factor(sign * count, minus + name);
    add_factor(sign * (count - 1) / count, fmt::format("{0}({1} - 1)/{1}", minus, name));
    add_factor(sign * count / (count - 1), fmt::format("{0}{1}/({1} - 1)", minus, name));
  }

  bool has_words() const {
    const NodeId first = reference_.run.parameters.front();
    return reference_.graph().node(first).shape.ndim() <= 2;
  }

  // By the sides of the first parameter: N and D of a matrix, x.shape[1] of more sides.
  void add_factors() {
    const NodeId first = reference_.run.parameters.front();
    const Shape shape = reference_.graph().node(first).shape;
    add_factor(-1, "-1");
    for (const double sign : {1.0, -1.0}) {
      const std::string minus = sign < 0 ? "-" : "";
      add_factor(sign * 0.5, minus + "1/2");
      add_factor(sign * 2, minus + "2");
      if (shape.ndim() > 2) {
        add_counts_of_sides(sign, shape, reference_.graph().name(first));
      } else {
        add_counts_of_matrix(sign, shape.rows(), shape.cols());
      }
      add_factor(sign * 4, minus + "4");
      add_factor(sign * 0.25, minus + "1/4");
    }
  }

  void add_counts_of_matrix(double sign, double n, double d) {
    const std::string minus = sign < 0 ? "-" : "";
    add_count(sign, n, "N");
    add_count(sign, d, "D");
    add_factor(sign / (n * d), minus + "1/(N D)");
    add_factor(sign * n * d, minus + "N D");
    add_factor(sign * n / d, minus + "N/D");
    add_factor(sign * d / n, minus + "D/N");
  }

  void add_counts_of_sides(double sign, const Shape& shape, const std::string& name) {
    for (const Sides sides : choices_of_sides(shape)) {
      double count = 1;
      std::string text;
      for (const int side : listed(sides)) {
        count *= shape[side];
        text += fmt::format("{}{}.shape[{}]", text.empty() ? "" : " ", name, side);
      }
      add_count(sign, count, listed(sides).size() == 1 ? text : "(" + text + ")");
    }
  }

  bool agree(ConstView a, ConstView b) const { return check::agree(a, b, tolerance_); }

  // ---- sentences ----

  static Diagnosis found(Cause cause, Saying says, std::uint32_t line = 0) {
    return {cause, std::move(says), line};
  }

  Diagnosis of_factor(const Factor& factor, std::uint32_t line, NodeId step) const {
    const std::string& text = factor.text;
    if (factor.value == -1) {
      return found(Cause::kSign, Words("the sign is wrong"), line);
    }
    const bool is_negative = text[0] == '-';
    const std::string bare = is_negative ? text.substr(1) : text;
    if (bare.find("- 1") != std::string::npos) {
      return found(Cause::kNMinus1,
                   {Words("it divides by one less than it should, as an estimate of a population "
                          "does: a factor {0} is missing; the forward pass divides by the whole "
                          "count"),
                    {text}},
                   line);
    }
    if (step != kNoNode && is(step, primitives::mean()) && factor.value > 1) {
      return found(Cause::kMeanForSum,
                   {Words("a mean stands where a sum belongs: it is {0} times too small"), {text}},
                   line);
    }
    if (bare.starts_with("1/")) {
      return found(
          Cause::kFactor,
          {is_negative
               ? Words("a factor {0} is missing: it is {1} times too large and the sign is wrong")
               : Words("a factor {0} is missing: it is {1} times too large"),
           {bare, bare.substr(2)}},
          line);
    }
    return found(Cause::kFactor,
                 {is_negative ? Words("a factor {0} is missing and the sign is wrong")
                              : Words("a factor {0} is missing"),
                  {bare}},
                 line);
  }

  Diagnosis of_branch(const std::string& contribution, std::uint32_t line) const {
    const NodeId id = reference_.graph().find(contribution);
    const std::string through = way_of(id);
    if (through.empty()) {
      return found(Cause::kMissingBranch,
                   {Words("a branch is missing: what lacks is {0}"), {contribution}}, line);
    }
    return found(Cause::kMissingBranch,
                 {Words("a branch is missing: what lacks is {0}, the path through {1}"),
                  {contribution, through}},
                 line);
  }

  // The node through which a contribution comes back.
  std::string way_of(NodeId id) const {
    const Graph& graph = reference_.graph();
    if (id == kNoNode || graph.place(id).part != Part::kContribution) return {};
    return graph.name(use_of(graph, id).user);
  }

  Diagnosis unknown() const {
    if (line_.node != kNoNode && same_row(mine().shape, right_.shape)) {
      std::size_t not_finite = 0;
      for (std::size_t i = 0; i < right_.size(); ++i) {
        if (std::isfinite(right_.data[i]) && !std::isfinite(mine().data[i])) ++not_finite;
      }
      if (not_finite > 0) {
        return found(
            Cause::kNotFinite,
            {Words("{0} of its {1} elements are nan or inf where the right ones are finite: look "
                   "for a division by 0, a log of 0 or an exp that is too large"),
             {std::to_string(not_finite), std::to_string(right_.size())}});
      }
    }
    return found(Cause::kUnknown,
                 Words("no single change of this line that was tried makes it right"));
  }

  // ---- the steps behind the value ----

  bool is(NodeId id, const Primitive& primitive) const {
    return backstep::is(graph_, id, primitive);
  }

  // Whether a value is one of the reference's: then what led to it is right.
  const Known* matched(ConstView value) const {
    for (const Known& known : known_) {
      const bool plain = largest(known.value) > 0 || largest(value) == 0;
      if (plain && can_repeat(value.shape, known.value.shape) && agree(value, known.value)) {
        return &known;
      }
    }
    return nullptr;
  }

  // From the wrong value back to values that are right.
  void trace_back() {
    std::map<NodeId, std::size_t> bound;
    for (std::size_t i = 0; i < index_; ++i) {
      const Line& line = reading_.lines[i];
      if (line.node != kNoNode && !line.binding.is_result) bound[line.node] = i;
    }
    std::set<NodeId> seen;
    std::vector<NodeId> open = {line_.node};
    while (!open.empty() && seen.size() < kMostSteps) {
      const NodeId id = open.back();
      open.pop_back();
      if (graph_.node(id).primitive == nullptr || !seen.insert(id).second) continue;
      const auto line = bound.find(id);
      if (line != bound.end()) {
        const bool is_right = matched(ours(id)) != nullptr;
        if (is_right && id != line_.node) {
          seen.erase(id);
          continue;
        }
        line_of_[id] = line->second;
      }
      for (std::size_t i = 0; i < graph_.arity(id); ++i) open.push_back(graph_.input(id, i));
    }
    steps_.assign(seen.begin(), seen.end());
    line_of_[line_.node] = index_;
  }

  // The value of the wrong line if `step` had another value.
  Tensor with(NodeId step, const Tensor& value) const {
    std::map<NodeId, Tensor> moved;
    moved.emplace(step, value);
    for (const NodeId id : steps_) {
      if (id <= step) continue;
      bool moves = false;
      for (std::size_t i = 0; i < graph_.arity(id); ++i) {
        moves = moves || moved.count(graph_.input(id, i)) > 0;
      }
      if (!moves) continue;
      Tensor out(graph_.node(id).shape);
      const auto input = [&](std::size_t i) -> ConstView {
        const auto found = moved.find(graph_.input(id, i));
        return found == moved.end() ? ours(graph_.input(id, i)) : found->second.view();
      };
      run_node(graph_, id, input, out.view());
      moved.insert_or_assign(id, std::move(out));
    }
    const auto end = moved.find(line_.node);
    return end == moved.end() ? Tensor(mine()) : end->second;
  }

  bool mends(NodeId step, const Tensor& value) {
    if (++trials_ > kMostTrials) return false;
    return agree(with(step, value), right_);
  }

  std::uint32_t line_at(NodeId step) const { return graph_.place(step).line; }

  // ---- the value as a whole ----

  std::optional<Diagnosis> as_a_whole() {
    if (const auto result = of_shape()) return result;
    if (const auto result = of_constant_statistics()) return result;
    if (const auto result = of_ratio()) return result;
    return of_difference();
  }

  std::optional<Diagnosis> of_shape() {
    const ConstView value = mine();
    for (const Total& total : totals_of(value, has_words())) {
      const std::optional<Tensor> sum = in_shape(total.value, right_.shape);
      if (!sum || !agree(*sum, right_)) continue;
      return found(Cause::kMissingSum,
                   {Words("a sum over {0} is missing: {1} was repeated there in the forward pass, "
                          "so what comes back is added up"),
                    {total.over, forward_name()}});
    }
    const Tensor turn = turned(value);
    if (value.size() > 1 && value.shape.ndim() <= 2 && same_row(turn.shape(), right_.shape) &&
        !agree(value, right_) && agree(turn, right_)) {
      return found(Cause::kTransposed, Words("it is transposed: rows and columns are exchanged"));
    }
    return std::nullopt;
  }

  std::string forward_name() const {
    const NodeId of = reference_.graph().place(expected_).of;
    return of == kNoNode ? name() : reference_.graph().name(of);
  }

  // The gradient that comes out if every mean of the forward pass is taken for a constant.
  std::optional<Diagnosis> of_constant_statistics() {
    const Graph& graph = reference_.graph();
    const Place& place = graph.place(expected_);
    const bool is_whole_of_leaf = place.of != kNoNode &&
                                  graph.node(place.of).primitive == nullptr &&
                                  reference_.gradient(place.of) == expected_;
    if (!is_whole_of_leaf) return std::nullopt;
    Graph copy;
    Values values;
    bool has_mean = false;
    for (NodeId id = 0; id <= reference_.run.output; ++id) {
      const Node& node = graph.node(id);
      const bool is_mean = backstep::is(node, primitives::mean()) && id != reference_.run.output;
      has_mean = has_mean || is_mean;
      if (node.primitive == nullptr || is_mean) values.emplace(id, Tensor(reference_.value(id)));
      if (is_mean) {
        copy.leaf(Role::kConstant, node.shape);
      } else {
        grow(copy, graph, id, [&](NodeId input) { return copy.var(input); });
      }
    }
    if (!has_mean) return std::nullopt;
    const Var seed = upstream_leaf(copy, reference_.run.output);
    values.emplace(seed.id(), Tensor(reference_.value(reference_.run.seed)));
    const NodeId wrt[] = {place.of};
    const NodeId gradient =
        differentiate(copy, reference_.run.output, seed, wrt).gradient[place.of];
    if (gradient == kNoNode) return std::nullopt;
    const Numbers numbers(copy, values);
    const bool is_it = same_row(mine().shape, right_.shape) &&
                       agree(mine(), numbers.value(gradient)) &&
                       !agree(numbers.value(gradient), right_);
    if (!is_it) return std::nullopt;
    return found(Cause::kConstantStatistics,
                 {Words("the mean and the variance are taken for constants: they are made of {0}, "
                        "so gradients flow back through them too"),
                  {graph.name(place.of)}});
  }

  std::optional<Diagnosis> of_ratio() {
    if (!can_repeat(mine().shape, right_.shape)) return std::nullopt;
    for (const Factor& factor : factors_) {
      if (!agree(scaled(mine(), factor.value), right_)) continue;
      const NodeId step = step_of_factor(factor);
      return of_factor(factor, step == kNoNode ? 0 : line_at(step),
                       step == kNoNode ? mean_behind(factor) : step);
    }
    if (is_masked()) {
      return found(Cause::kOperand,
                   Words("a mask is forgotten: the gradient is to stop at some elements, and "
                         "passes here"));
    }
    // A value of the forward pass that was not multiplied by, or not divided by.
    if (!(same_row(mine().shape, right_.shape))) return std::nullopt;
    for (const Known& known : known_) {
      if (const auto result = of_known_factor(known)) return result;
    }
    return std::nullopt;
  }

  // What is right is this value at some elements, and 0 at the others.
  bool is_masked() const {
    if (!(same_row(mine().shape, right_.shape))) return false;
    std::size_t stopped = 0;
    for (std::size_t i = 0; i < right_.size(); ++i) {
      const double value = mine().data[i];
      if (right_.data[i] == 0 && value != 0) {
        ++stopped;
      } else if (std::fabs(right_.data[i] - value) > kTolerance * largest(right_)) {
        return false;
      }
    }
    return stopped > 0 && stopped < right_.size();
  }

  bool is_named_gradient(std::size_t line) const {
    const std::vector<std::string> of = gradient_of_name(reading_.lines[line].binding.name);
    return std::any_of(of.begin(), of.end(), [&](const std::string& one) {
      return reference_.names.find_by_meaning(one) != kNoNode;
    });
  }

  // A named value on the way that this factor makes one of the reference's: the mistake is there.
  NodeId step_of_factor(const Factor& factor) {
    for (const NodeId id : steps_) {
      if (line_of_.count(id) == 0 || id == line_.node) continue;
      const Tensor value = scaled(ours(id), factor.value);
      // A sum may be added or subtracted: its sign is no mistake of the line that makes it.
      if (factor.value == -1 && !is_named_gradient(line_of_.at(id))) continue;
      if (matched(value) != nullptr && mends(id, value)) return id;
    }
    return kNoNode;
  }

  NodeId mean_behind(const Factor& factor) {
    for (const NodeId id : steps_) {
      if (is(id, primitives::mean()) && mends(id, scaled(ours(id), factor.value))) return id;
    }
    return kNoNode;
  }

  std::optional<Diagnosis> of_known_factor(const Known& known) {
    if (known.is_gradient || !can_repeat(known.value.shape, mine().shape)) return std::nullopt;
    if (is_flat(known.value)) return std::nullopt;
    const Tensor times = combined(mine(), known.value, [](double a, double b) { return a * b; });
    if (agree(times, right_)) {
      return found(Cause::kOperand, {Words("{0} is forgotten as a factor"), {known.name}});
    }
    const Tensor over = combined(mine(), known.value, [](double a, double b) { return a / b; });
    if (agree(over, right_)) {
      return found(
          Cause::kOperand,
          {Words("{0} is one factor too many, or a division by it is missing"), {known.name}});
    }
    return std::nullopt;
  }

  // All the same number: no factor with a name of its own.
  static bool is_flat(ConstView view) {
    return std::all_of(view.begin(), view.end(), [&](double v) { return v == *view.begin(); });
  }

  std::optional<Diagnosis> of_difference() {
    if (!can_repeat(mine().shape, right_.shape)) return std::nullopt;
    const Tensor value = repeated(mine(), right_.shape);
    const Tensor lacks = combined(right_, value, [](double a, double b) { return a - b; });
    if (largest(lacks) <= tolerance_.relative * largest(right_) + tolerance_.absolute)
      return std::nullopt;
    for (const Known& known : known_) {
      if (!known.is_gradient || !can_repeat(known.value.shape, lacks.shape())) continue;
      if (agree(known.value, lacks) && largest(known.value) > 0) {
        if (const auto result = overwritten(known)) return result;
        return of_branch(known.name, 0);
      }
      const Tensor negative = scaled(lacks, -1);
      if (agree(known.value, negative)) {
        return found(Cause::kOperand,
                     {Words("{0} is added here, and does not belong here, or is added twice"),
                      {known.name}});
      }
      const Tensor half = scaled(lacks, 0.5);
      if (agree(known.value, half)) {
        return found(Cause::kSign, {Words("{0} has the wrong sign here"), {known.name}});
      }
    }
    // Two branches at once, where there are few enough to pair.
    constexpr std::size_t kMostPaired = 500;
    if (known_.size() > kMostPaired) return std::nullopt;
    for (const Known& a : known_) {
      if (!is_contribution(a) || !(a.value.shape == lacks.shape())) continue;
      for (const Known& b : known_) {
        if (b.node <= a.node || !is_contribution(b) || !(b.value.shape == lacks.shape())) continue;
        const Tensor both = combined(a.value, b.value, [](double x, double y) { return x + y; });
        if (agree(both, lacks)) {
          Diagnosis diagnosis = of_branch(a.name, 0);
          diagnosis.says = {Words("{0}, and {1}, the path through {2}"),
                            {diagnosis.says, b.name, way_of(b.node)}};
          return diagnosis;
        }
      }
    }
    return std::nullopt;
  }

  bool is_contribution(const Known& known) const {
    return reference_.graph().place(known.node).part == Part::kContribution;
  }

  // `dxmu = ...` where `dxmu += ...` was meant: the name held what is missing before.
  std::optional<Diagnosis> overwritten(const Known& lacking) const {
    for (std::size_t i = 0; i < index_; ++i) {
      const Line& line = reading_.lines[i];
      const bool same = line.node != kNoNode && line.binding.name == line_.binding.name &&
                        !line.binding.is_result && !line_.binding.is_result;
      if (!same || !agree(ours(line.node), lacking.value)) continue;
      return found(
          Cause::kStale,
          {Words("it overwrites what line {0} put into {1}: {2}, the path through {3}, is lost; += "
                 "adds to it"),
           {line_words(line), line.binding.name, lacking.name, way_of(lacking.node)}});
    }
    return std::nullopt;
  }

  // ---- step by step ----

  std::optional<Diagnosis> step_by_step() {
    for (const NodeId id : steps_) {
      for (const Factor& factor : factors_) {
        if (!mends(id, scaled(ours(id), factor.value))) continue;
        return is_only_compared(id) ? of_threshold(id) : of_factor(factor, line_at(id), id);
      }
    }
    if (const auto result = of_numbers()) return result;
    if (const auto result = of_inner_sums()) return result;
    if (const auto result = of_operands()) return result;
    if (const auto result = of_forgotten_factors_of_operands()) return result;
    for (const NodeId id : steps_) {
      if (const auto result = of_forgotten_factor(id)) return result;
    }
    for (const NodeId id : steps_) {
      for (const Known& known : known_) {
        if (trials_ > kMostTrials) return std::nullopt;
        if (!can_repeat(known.value.shape, ours(id).shape) || !known.is_gradient) continue;
        const Tensor more =
            combined(ours(id), known.value, [](double a, double b) { return a + b; });
        if (mends(id, more)) return of_branch(known.name, line_at(id));
      }
    }
    return std::nullopt;
  }

  // Which number a threshold is to be, no trial tells: many let the mask be right.
  Diagnosis of_threshold(NodeId step) const {
    return found(Cause::kThreshold,
                 Words("a mask turns at another place than in the circuit: what it is compared "
                       "with is wrong"),
                 line_at(step));
  }

  bool is_only_compared(NodeId id) const {
    bool is_used = false;
    for (const NodeId user : steps_) {
      for (std::size_t i = 0; i < graph_.arity(user); ++i) {
        if (graph_.input(user, i) != id) continue;
        if (!is_comparison(graph_.node(user))) return false;
        is_used = true;
      }
    }
    return is_used;
  }

  std::optional<Diagnosis> of_inner_sums() {
    for (const NodeId id : steps_) {
      for (const Total& total : totals_of(ours(id), has_words())) {
        for (const double factor : {1.0, 1.0 / static_cast<double>(total.count)}) {
          if (!mends(id, repeated(scaled(total.value, factor), ours(id).shape))) continue;
          const bool is_mean = factor != 1;
          return found(Cause::kMissingSum,
                       {is_mean ? Words("a mean over {0} is missing in this line")
                                : Words("a sum over {0} is missing in this line"),
                        {total.over}},
                       line_at(id));
        }
      }
    }
    return std::nullopt;
  }

  // A number that stands in the text, as the 2 of `dx -= 2`: the same number a little off.
  std::optional<Diagnosis> of_numbers() {
    for (const NodeId id : steps_) {
      const Node& node = graph_.node(id);
      const bool has_number = graph_.arity(id) == 1 && node.attributes.number != 0;
      for (const double change : {0.5, 2.0, -1.0, -0.5, -2.0}) {
        if (!has_number || trials_ > kMostTrials) break;
        if (const auto result = of_number(id, node.attributes.number * change)) return result;
      }
      for (const double change : {-1.0, 1.0}) {
        if (!has_number || trials_ > kMostTrials) break;
        if (const auto result = of_number(id, node.attributes.number + change)) return result;
      }
    }
    return std::nullopt;
  }

  std::optional<Diagnosis> of_number(NodeId id, double number) {
    const std::array<ConstView, 1> inputs = {ours(graph_.input(id, 0))};
    Attributes attributes = graph_.node(id).attributes;
    const double was = attributes.number;
    attributes.number = number;
    Tensor out(graph_.node(id).shape);
    graph_.node(id).primitive->forward(inputs, attributes, out.view());
    if (!mends(id, out)) return std::nullopt;
    return found(Cause::kFactor,
                 {Words("a number is wrong: with {0} in place of {1} it is right"),
                  {number_text(number), number_text(was)}},
                 line_at(id));
  }

  // dout of `np.sum(dxhat)` for `np.sum(dxhat * xmu)`: forgotten before the step, not behind it.
  std::optional<Diagnosis> of_forgotten_factors_of_operands() {
    for (const NodeId id : steps_) {
      for (std::size_t i = 0; i < graph_.arity(id); ++i) {
        const ConstView was = ours(graph_.input(id, i));
        for (const Known& known : known_) {
          if (trials_ > kMostTrials) return std::nullopt;
          if (!can_repeat(known.value.shape, was.shape) || is_flat(known.value)) continue;
          const Tensor times = combined(was, known.value, [](double a, double b) { return a * b; });
          if (!mends(id, recomputed(id, i, times))) continue;
          return found(Cause::kOperand, {Words("{0} is forgotten as a factor"), {known.name}},
                       line_at(id));
        }
      }
    }
    return std::nullopt;
  }

  // Each argument of each step, replaced by other values.
  std::optional<Diagnosis> of_operands() {
    for (const NodeId id : steps_) {
      for (std::size_t i = 0; i < graph_.arity(id); ++i) {
        if (const auto result = of_operand(id, i)) return result;
      }
    }
    return std::nullopt;
  }

  std::optional<Diagnosis> of_operand(NodeId id, std::size_t argument) {
    const NodeId input = graph_.input(id, argument);
    const ConstView was = ours(input);
    const auto mends_with = [&](const Tensor& value) {
      return mends(id, recomputed(id, argument, value));
    };
    const bool is_square = was.shape.ndim() == 2 && was.shape[0] == was.shape[1];
    if (is(id, primitives::matmul()) && is_square && mends_with(turned(was))) {
      return found(Cause::kTransposed, Words("a factor of the product is to be transposed"),
                   line_at(id));
    }
    const std::string theirs = name_of_value(input);
    for (const Total& total : totals_of(was, has_words())) {
      if (!mends_with(repeated(total.value, was.shape))) continue;
      const Saying what = theirs.empty() ? Saying(Words("an operand")) : Saying(theirs);
      return found(Cause::kMissingSum,
                   {Words("a sum of {0} over {1} is missing in this line"), {what, total.over}},
                   line_at(id));
    }
    // An earlier or later value of the same name.
    for (const Line& line : reading_.lines) {
      const bool other = line.node != kNoNode && !theirs.empty() && line.binding.name == theirs &&
                         line.node != unrepeated(input) && !line.binding.is_result;
      if (!other || !can_repeat(ours(line.node).shape, was.shape)) continue;
      if (!mends_with(repeated(ours(line.node), was.shape))) continue;
      return found(Cause::kStale,
                   {Words("{0} has another value here than is meant: that of line {1}"),
                    {theirs, line_words(line)}},
                   line_at(id));
    }
    for (const Known& known : known_) {
      if (trials_ > kMostTrials) return std::nullopt;
      if (!can_repeat(known.value.shape, was.shape) || is_flat(known.value)) continue;
      if (!mends_with(repeated(known.value, was.shape))) continue;
      if (theirs.empty()) {
        return found(Cause::kOperand,
                     {Words("an operand is wrong: {0} belongs here"), {known.name}}, line_at(id));
      }
      return found(Cause::kOperand,
                   {Words("{0} is the wrong operand: {1} belongs here"), {theirs, known.name}},
                   line_at(id));
    }
    return std::nullopt;
  }

  std::optional<Diagnosis> of_forgotten_factor(NodeId id) {
    for (const Known& known : known_) {
      if (!can_repeat(known.value.shape, ours(id).shape) || is_flat(known.value)) continue;
      if (known.is_gradient) continue;
      if (trials_ > kMostTrials) return std::nullopt;
      const Tensor times =
          combined(ours(id), known.value, [](double a, double b) { return a * b; });
      if (mends(id, times)) {
        return found(Cause::kOperand, {Words("{0} is forgotten as a factor"), {known.name}},
                     line_at(id));
      }
      const Tensor over = combined(ours(id), known.value, [](double a, double b) { return a / b; });
      if (mends(id, over)) {
        return found(
            Cause::kOperand,
            {Words("{0} is one factor too many, or a division by it is missing"), {known.name}},
            line_at(id));
      }
    }
    return std::nullopt;
  }

  Tensor recomputed(NodeId id, std::size_t argument, const Tensor& value) const {
    Tensor out(graph_.node(id).shape);
    const auto input = [&](std::size_t i) -> ConstView {
      return i == argument ? value.view() : ours(graph_.input(id, i));
    };
    run_node(graph_, id, input, out.view());
    return out;
  }

  NodeId unrepeated(NodeId id) const {
    while (is(id, primitives::broadcast()) || is(id, primitives::copy())) id = graph_.input(id, 0);
    return id;
  }

  // What the student calls a value.
  std::string name_of_value(NodeId id) const {
    id = unrepeated(id);
    for (std::size_t i = index_; i-- > 0;) {
      const Line& line = reading_.lines[i];
      if (line.node == id && !line.binding.is_result) return line.binding.name;
    }
    const auto leaf = reading_.leaves.find(id);
    return leaf == reading_.leaves.end() ? "" : reference_.graph().name(leaf->second);
  }

  // A line that NumPy would stop at, because its shapes do not fit.
  Diagnosis of_failed_line() const {
    const bool is_product = line_.error.find('@') != std::string::npos;
    if (!is_product) return found(Cause::kUnknown, Words("the shapes do not fit"));
    return found(Cause::kTransposed,
                 Words("the shapes do not fit: a factor is to be transposed, or the two are to "
                       "change places"));
  }

  const Reading& reading_;
  const Graph& graph_;
  const Numbers& values_;
  std::size_t index_;
  const Line& line_;
  const Reference& reference_;
  NodeId expected_;
  ConstView right_;
  Tolerance tolerance_;
  std::vector<Known> known_;
  std::vector<Factor> factors_;
  std::vector<NodeId> steps_;              // in the order of the run
  std::map<NodeId, std::size_t> line_of_;  // of those that a line gives a name
  std::size_t trials_ = 0;
};

}  // namespace

std::string_view name_of(Cause cause) {
  constexpr std::array<std::string_view, 13> kNames = {
      "factor",    "missing-branch",      "sign",       "operand", "mean-for-sum", "missing-sum",
      "n-minus-1", "constant-statistics", "transposed", "stale",   "not-finite",   "threshold",
      "unknown"};
  return kNames[static_cast<std::size_t>(cause)];
}

bool same_row(const Shape& a, const Shape& b) {
  if (a == b) return true;
  const Shape& longer = a.ndim() > b.ndim() ? a : b;
  const Shape& shorter = a.ndim() > b.ndim() ? b : a;
  const int more = longer.ndim() - shorter.ndim();
  return std::all_of(longer.begin(), longer.begin() + more, [](auto side) { return side == 1; }) &&
         std::equal(longer.begin() + more, longer.end(), shorter.begin(), shorter.end());
}

bool agree(ConstView a, ConstView b, const Tolerance& tolerance) {
  if (!can_repeat(a.shape, b.shape)) return false;
  const double most = tolerance.relative * largest(b) + tolerance.absolute;
  for (std::size_t i = 0; i < b.size(); ++i) {
    const double x = at(a, b.shape, i);
    const double y = b.data[i];
    if (std::isnan(x) && std::isnan(y)) continue;
    if (!(std::fabs(x - y) <= most) && x != y) return false;
  }
  return true;
}

std::vector<double> rounding_of(const Graph& graph, const ValueOf& value) {
  // Another formula may take other sums on its way, and larger ones.
  constexpr double kMargin = 500;
  std::vector<double> moved = moved_by_rounding(graph, value, 0x1p-53);
  for (double& by : moved) by *= kMargin;
  return moved;
}

Tolerance tolerance_of(const Reference& reference, NodeId node, double relative) {
  if (reference.rounding.empty()) {
    reference.rounding =
        rounding_of(reference.graph(), [&](NodeId id) { return reference.value(id); });
  }
  return {relative, reference.rounding[node]};
}

// What rounding does is asked only where it could matter.
bool agrees(ConstView theirs, const Reference& reference, NodeId node, double relative) {
  const ConstView right = reference.value(node);
  return agree(theirs, right, {relative, 0}) ||
         agree(theirs, right, tolerance_of(reference, node, relative));
}

Diagnosis diagnose(const Reading& reading, const Numbers& values, std::size_t line,
                   const Reference& reference, NodeId expected, const Tolerance& tolerance) {
  return Doctor(reading, values, line, reference, expected, tolerance).diagnose();
}

}  // namespace backstep::check
