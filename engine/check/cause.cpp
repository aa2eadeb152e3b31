// Repairs are tried on the steps that lead to a wrong value: whichever makes it right is the cause.
#include "engine/check/cause.h"

#include <fmt/core.h>

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

Tensor summed(ConstView a, bool over_rows) {
  Tensor result(over_rows ? Shape{1, a.shape.cols()} : Shape{a.shape.rows(), 1});
  for (int row = 0; row < a.shape.rows(); ++row) {
    for (int col = 0; col < a.shape.cols(); ++col) {
      result(over_rows ? 0 : row, over_rows ? col : 0) += a(row, col);
    }
  }
  return result;
}

Tensor turned(ConstView a) {
  Tensor result(Shape{a.shape.cols(), a.shape.rows()});
  for (int row = 0; row < a.shape.rows(); ++row) {
    for (int col = 0; col < a.shape.cols(); ++col) result(col, row) = a(row, col);
  }
  return result;
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
  Doctor(const Reading& reading, const Trace& values, std::size_t line, const Reference& reference,
         NodeId expected, double tolerance)
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
    sizes();
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

  // N and D of what was broadcast or reduced: the sides of the values of the reference.
  void sizes() {
    const Shape shape = reference_.graph().node(reference_.run.parameters.front()).shape;
    n_ = shape.rows();
    d_ = shape.cols();
    const double n = n_;
    const double d = d_;
    const auto add = [this](double value, std::string text) {
      if (std::isfinite(value) && value != 1 && value != 0) factors_.push_back({value, text});
    };
    add(-1, "-1");
    for (const double sign : {1.0, -1.0}) {
      const std::string minus = sign < 0 ? "-" : "";
      add(sign * 0.5, minus + "1/2");
      add(sign * 2, minus + "2");
      add(sign / n, minus + "1/N");
      add(sign * n, minus + "N");
      add(sign / d, minus + "1/D");
      add(sign * d, minus + "D");
      add(sign / (n * d), minus + "1/(N D)");
      add(sign * n * d, minus + "N D");
      add(sign * (n - 1) / n, minus + "(N - 1)/N");
      add(sign * n / (n - 1), minus + "N/(N - 1)");
      add(sign * (d - 1) / d, minus + "(D - 1)/D");
      add(sign * d / (d - 1), minus + "D/(D - 1)");
      add(sign * n / d, minus + "N/D");
      add(sign * d / n, minus + "D/N");
      add(sign * 4, minus + "4");
      add(sign * 0.25, minus + "1/4");
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
    if (step != kNoNode && is(step, "mean") && factor.value > 1) {
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

  bool is(NodeId id, std::string_view primitive) const {
    const Node& node = graph_.node(id);
    return node.primitive != nullptr && node.primitive->name == primitive;
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
      std::array<ConstView, 3> inputs;
      bool moves = false;
      const std::size_t arity = graph_.arity(id);
      for (std::size_t i = 0; i < arity; ++i) {
        const auto found = moved.find(graph_.input(id, i));
        moves = moves || found != moved.end();
        inputs[i] = found == moved.end() ? ours(graph_.input(id, i)) : found->second.view();
      }
      if (!moves) continue;
      Tensor out(graph_.node(id).shape);
      graph_.node(id).primitive->forward(std::span(inputs).first(arity), graph_.node(id).attributes,
                                         out.view());
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
    for (const bool over_rows : {true, false}) {
      const Tensor sum = summed(value, over_rows);
      const bool shrinks = sum.shape().size() < value.size();
      if (shrinks && sum.shape().size() == right_.size() && agree(sum, right_)) {
        return found(
            Cause::kMissingSum,
            {over_rows ? Words("a sum over the batch is missing: {0} was repeated there in "
                               "the forward pass, so what comes back is added up")
                       : Words("a sum over the features is missing: {0} was repeated "
                               "there in the forward pass, so what comes back is added "
                               "up"),
             {forward_name()}});
      }
    }
    const Tensor turn = turned(value);
    if (value.size() > 1 && same_row(turn.shape(), right_.shape) && !agree(value, right_) &&
        agree(turn, right_)) {
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
      const bool is_mean = node.primitive != nullptr && node.primitive->name == "mean" &&
                           id != reference_.run.output;
      has_mean = has_mean || is_mean;
      if (node.primitive == nullptr || is_mean) {
        copy.leaf(is_mean ? Role::kConstant : node.role, node.shape, {}, node.attributes.number);
        values.emplace(id, Tensor(reference_.value(id)));
        continue;
      }
      std::vector<Var> inputs;
      for (std::size_t i = 0; i < graph.arity(id); ++i) {
        inputs.push_back(copy.var(graph.input(id, i)));
      }
      copy.apply(*node.primitive, inputs, node.attributes);
    }
    if (!has_mean) return std::nullopt;
    const Var seed = upstream_leaf(copy, reference_.run.output);
    values.emplace(seed.id(), Tensor(reference_.value(reference_.run.seed)));
    const NodeId wrt[] = {place.of};
    const NodeId gradient =
        differentiate(copy, reference_.run.output, seed, wrt).gradient[place.of];
    if (gradient == kNoNode) return std::nullopt;
    const Trace trace = backstep::evaluate(std::move(copy), values);
    const bool is_it = same_row(mine().shape, right_.shape) &&
                       agree(mine(), trace.value(gradient)) &&
                       !agree(trace.value(gradient), right_);
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

  // A named value on the way that this factor makes one of the reference's: the mistake is there.
  NodeId step_of_factor(const Factor& factor) {
    for (const NodeId id : steps_) {
      if (line_of_.count(id) == 0 || id == line_.node) continue;
      const Tensor value = scaled(ours(id), factor.value);
      if (matched(value) != nullptr && mends(id, value)) return id;
    }
    return kNoNode;
  }

  NodeId mean_behind(const Factor& factor) {
    for (const NodeId id : steps_) {
      if (is(id, "mean") && mends(id, scaled(ours(id), factor.value))) return id;
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
    if (largest(lacks) <= tolerance_ * largest(right_)) return std::nullopt;
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
    // Two branches at once.
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
           {std::to_string(line.number), line.binding.name, lacking.name, way_of(lacking.node)}});
    }
    return std::nullopt;
  }

  // ---- step by step ----

  std::optional<Diagnosis> step_by_step() {
    for (const NodeId id : steps_) {
      for (const Factor& factor : factors_) {
        if (mends(id, scaled(ours(id), factor.value))) return of_factor(factor, line_at(id), id);
      }
    }
    if (const auto result = of_inner_sums()) return result;
    if (const auto result = of_operands()) return result;
    for (const NodeId id : steps_) {
      if (const auto result = of_forgotten_factor(id)) return result;
    }
    for (const NodeId id : steps_) {
      for (const Known& known : known_) {
        if (!can_repeat(known.value.shape, ours(id).shape) || !known.is_gradient) continue;
        const Tensor more =
            combined(ours(id), known.value, [](double a, double b) { return a + b; });
        if (mends(id, more)) return of_branch(known.name, line_at(id));
      }
    }
    return std::nullopt;
  }

  std::optional<Diagnosis> of_inner_sums() {
    for (const NodeId id : steps_) {
      for (const bool over_rows : {true, false}) {
        const Tensor sum = summed(ours(id), over_rows);
        if (sum.shape().size() == ours(id).shape.size()) continue;
        const int count = over_rows ? ours(id).shape.rows() : ours(id).shape.cols();
        for (const double factor : {1.0, 1.0 / count}) {
          if (!mends(id, repeated(scaled(sum, factor), ours(id).shape))) continue;
          const bool is_mean = factor != 1;
          const Words mean = over_rows ? Words("a mean over the batch is missing in this line")
                                       : Words("a mean over the features is missing in this line");
          const Words of_sum = over_rows ? Words("a sum over the batch is missing in this line")
                                         : Words("a sum over the features is missing in this line");
          return found(Cause::kMissingSum, is_mean ? mean : of_sum, line_at(id));
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
    if (is(id, "matmul") && was.shape.rows() == was.shape.cols() && mends_with(turned(was))) {
      return found(Cause::kTransposed, Words("a factor of the product is to be transposed"),
                   line_at(id));
    }
    const std::string theirs = name_of_value(input);
    for (const bool over_rows : {true, false}) {
      const Tensor sum = summed(was, over_rows);
      if (sum.shape().size() == was.shape.size() || !mends_with(repeated(sum, was.shape))) continue;
      const Saying what = theirs.empty() ? Saying(Words("an operand")) : Saying(theirs);
      return found(Cause::kMissingSum,
                   {over_rows ? Words("a sum of {0} over the batch is missing in this line")
                              : Words("a sum of {0} over the features is missing in this line"),
                    {what}},
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
                    {theirs, std::to_string(line.number)}},
                   line_at(id));
    }
    for (const Known& known : known_) {
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
    std::array<ConstView, 3> inputs;
    const std::size_t arity = graph_.arity(id);
    for (std::size_t i = 0; i < arity; ++i) {
      inputs[i] = i == argument ? value.view() : ours(graph_.input(id, i));
    }
    Tensor out(graph_.node(id).shape);
    graph_.node(id).primitive->forward(std::span(inputs).first(arity), graph_.node(id).attributes,
                                       out.view());
    return out;
  }

  NodeId unrepeated(NodeId id) const {
    while (is(id, "broadcast") || is(id, "copy")) id = graph_.input(id, 0);
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
  const Trace& values_;
  std::size_t index_;
  const Line& line_;
  const Reference& reference_;
  NodeId expected_;
  ConstView right_;
  double tolerance_;
  std::vector<Known> known_;
  std::vector<Factor> factors_;
  std::vector<NodeId> steps_;              // in the order of the run
  std::map<NodeId, std::size_t> line_of_;  // of those that a line gives a name
  std::size_t trials_ = 0;
  int n_ = 1;
  int d_ = 1;
};

}  // namespace

std::string_view name_of(Cause cause) {
  constexpr std::array<std::string_view, 12> kNames = {
      "factor",    "missing-branch",      "sign",       "operand", "mean-for-sum", "missing-sum",
      "n-minus-1", "constant-statistics", "transposed", "stale",   "not-finite",   "unknown"};
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

bool agree(ConstView a, ConstView b, double tolerance) {
  if (!can_repeat(a.shape, b.shape)) return false;
  const double most = tolerance * std::max(largest(b), 1e-4);
  for (std::size_t i = 0; i < b.size(); ++i) {
    const double x = at(a, b.shape, i);
    const double y = b.data[i];
    if (std::isnan(x) && std::isnan(y)) continue;
    if (!(std::fabs(x - y) <= most) && x != y) return false;
  }
  return true;
}

Diagnosis diagnose(const Reading& reading, const Trace& values, std::size_t line,
                   const Reference& reference, NodeId expected, double tolerance) {
  return Doctor(reading, values, line, reference, expected, tolerance).diagnose();
}

}  // namespace backstep::check
