// Walks from some random numbers to others, finds where choices turn on the way, and compares the
// results close to both sides of each turn.
#include "engine/check/turns.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "engine/expression.h"
#include "engine/read/numpy_random.h"

namespace backstep::check {
namespace {

// So many nodes are run in all: a large circuit is tried at fewer places.
constexpr std::size_t kMostNodesRun = 1'000'000;
constexpr std::size_t kMostRuns = 2000;
constexpr std::size_t kMostTurnsOfNode = 2;

// What a node chooses by: the two of its arguments whose order decides; of one, its sign.
struct Choice {
  NodeId node = kNoNode;
  std::size_t other = 0;  // the argument that the first is compared with; 0: it is 0
  bool in_lines = false;  // of the student, not of the circuit
};

std::vector<Choice> choices_of(const Graph& graph, bool in_lines) {
  std::vector<Choice> choices;
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Primitive* primitive = graph.node(id).primitive;
    if (primitive == nullptr || !primitive->has_kink) continue;
    if (graph.arity(id) == 1) choices.push_back({id, 0, in_lines});
    for (std::size_t i = 1; i < graph.arity(id); ++i) choices.push_back({id, i, in_lines});
  }
  return choices;
}

// The circuit and the lines at some values of the circuit's leaves.
struct Both {
  Both(const Reference& reference, const Reading& reading, const Values& leaves)
      : circuit(reference.graph(), leaves), lines(reading.graph, theirs(reading, circuit)) {}

  static Values theirs(const Reading& reading, const Numbers& circuit) {
    Values values;
    for (const auto& [theirs, ours] : reading.leaves) {
      values.emplace(theirs, Tensor(circuit.value(ours)));
    }
    return values;
  }

  Numbers circuit;
  Numbers lines;
};

bool all_finite(ConstView view) {
  return std::all_of(view.begin(), view.end(), [](double value) { return std::isfinite(value); });
}

class Search {
 public:
  Search(const Reference& reference, const Reading& reading)
      : reference_(reference), reading_(reading), random_(1) {
    const Graph& graph = reference.graph();
    for (NodeId id = 0; id < graph.size(); ++id) {
      if (graph.node(id).primitive == nullptr) {
        start_.emplace(id, Tensor(reference.value(id)));
        if (can_move(id)) moving_.push_back(id);
      }
    }
    choices_ = choices_of(graph, false);
    const std::vector<Choice> of_lines = choices_of(reading.graph, true);
    choices_.insert(choices_.end(), of_lines.begin(), of_lines.end());
    const std::size_t nodes = graph.size() + reading.graph.size();
    runs_left_ = std::min(kMostRuns, kMostNodesRun / nodes);
  }

  std::optional<Place> find() {
    for (const double scale : {1e-2, 1e-4}) {
      for (const auto& leaves : {with_role(Role::kInput), with_role(Role::kParameter), moving_}) {
        const Values small = times(start_, leaves, scale);
        if (!differ(small)) continue;
        return Place{small,
                     {Words("in numbers of {0} times the size"), {fmt::format("{}", scale)}}};
      }
    }
    if (choices_.empty()) return std::nullopt;
    const Values other = drawn();
    const std::vector<std::pair<Values, Values>> ways = {
        {start_, other},
        {times(start_, moving_, 1e-4), times(other, moving_, 1e-4)},
        {start_, times(drawn(), moving_, 64)},
        {start_, times(drawn(), moving_, 1e4)},
        {start_, times(drawn(), moving_, 1e8)}};
    for (const auto& [from, to] : ways) {
      if (auto place = on_the_way(from, to)) return place;
    }
    return std::nullopt;
  }

 private:
  // The upstream gradient scales what comes out, and a one-hot matrix stays one.
  bool can_move(NodeId id) const {
    if (id == reference_.run.seed || reference_.graph().node(id).role == Role::kConstant) {
      return false;
    }
    const ConstView value = reference_.value(id);
    return !std::all_of(value.begin(), value.end(), [](double v) { return v == 0 || v == 1; });
  }

  std::vector<NodeId> with_role(Role role) const {
    std::vector<NodeId> leaves;
    for (const NodeId id : moving_) {
      if (reference_.graph().node(id).role == role) leaves.push_back(id);
    }
    return leaves;
  }

  static Values times(Values values, const std::vector<NodeId>& leaves, double scale) {
    for (const NodeId id : leaves) {
      for (double& number : values.at(id).view()) number *= scale;
    }
    return values;
  }

  // Other random numbers; of what is nowhere below 0, such again.
  Values drawn() {
    Values values = start_;
    for (const NodeId id : moving_) {
      const ConstView was = reference_.value(id);
      const bool is_signed = std::any_of(was.begin(), was.end(), [](double v) { return v < 0; });
      for (double& number : values.at(id).view()) {
        number = is_signed ? random_.randn() : random_.rand();
      }
    }
    return values;
  }

  Values between(const Values& from, const Values& to, double t) const {
    Values values = from;
    for (const NodeId id : moving_) {
      Tensor& value = values.at(id);
      const Tensor& end = to.at(id);
      for (std::size_t i = 0; i < value.data().size(); ++i) {
        value.view().data[i] += t * (end.data()[i] - value.data()[i]);
      }
    }
    return values;
  }

  std::optional<Both> run(const Values& leaves) {
    if (runs_left_ == 0) return std::nullopt;
    --runs_left_;
    return std::optional<Both>(std::in_place, reference_, reading_, leaves);
  }

  // Whether a result of the lines is not that of the circuit, at numbers that both can take.
  bool differ(const Values& leaves) {
    const std::optional<Both> both = run(leaves);
    if (!both) return false;
    for (const Line& line : reading_.lines) {
      if (line.expected == kNoNode || line.node == kNoNode) continue;
      const ConstView right = both->circuit.value(line.expected);
      const ConstView theirs = both->lines.value(line.node);
      if (!all_finite(right) || !all_finite(theirs)) return false;
    }
    std::vector<double> moved;
    return std::any_of(reading_.lines.begin(), reading_.lines.end(), [&](const Line& line) {
      if (line.expected == kNoNode || line.node == kNoNode) return false;
      const ConstView right = both->circuit.value(line.expected);
      const ConstView theirs = both->lines.value(line.node);
      if (agree(theirs, right, {kWideTolerance, 0})) return false;
      if (moved.empty()) {
        moved =
            rounding_of(reference_.graph(), [&](NodeId node) { return both->circuit.value(node); });
      }
      return !agree(theirs, right, {kWideTolerance, moved[line.expected]});
    });
  }

  // How far the first argument of a choice is above what it is compared with, at each element.
  static double margin(const Graph& graph, const Numbers& numbers, const Choice& choice,
                       std::size_t i) {
    const double first = numbers.value(graph.input(choice.node, 0)).data[i];
    if (choice.other == 0) return first;
    return first - numbers.value(graph.input(choice.node, choice.other)).data[i];
  }

  double margin(const Both& both, const Choice& choice, std::size_t i) const {
    return choice.in_lines ? margin(reading_.graph, both.lines, choice, i)
                           : margin(reference_.graph(), both.circuit, choice, i);
  }

  const Graph& graph_of(const Choice& choice) const {
    return choice.in_lines ? reading_.graph : reference_.graph();
  }

  // The size of what is compared at an element: rounding is a small share of it, or of what the
  // largest elements are made of.
  double size_of(const Both& both, const Choice& choice, std::size_t i) const {
    const Graph& graph = graph_of(choice);
    const Numbers& numbers = choice.in_lines ? both.lines : both.circuit;
    const ConstView first = numbers.value(graph.input(choice.node, 0));
    double largest = 0;
    for (const double value : first) {
      if (std::isfinite(value)) largest = std::max(largest, std::fabs(value));
    }
    return std::max(std::fabs(first.data[i]), 1e-4 * largest);
  }

  std::optional<Place> on_the_way(const Values& from, const Values& to) {
    const std::optional<Both> first = run(from);
    const std::optional<Both> last = run(to);
    if (!first || !last) return std::nullopt;
    for (const Choice& choice : choices_) {
      const std::size_t size = graph_of(choice).node(choice.node).shape.size();
      std::size_t turns = 0;
      for (std::size_t i = 0; i < size && turns < kMostTurnsOfNode; ++i) {
        const double before = margin(*first, choice, i);
        const double after = margin(*last, choice, i);
        if (!(before * after < 0)) continue;
        ++turns;
        if (auto place = at_turn(from, to, choice, i, before < 0)) return place;
      }
    }
    return std::nullopt;
  }

  // Halves the way until the turn is as close as doubles tell, and then looks to both sides of it.
  std::optional<Place> at_turn(const Values& from, const Values& to, const Choice& choice,
                               std::size_t i, bool rises) {
    double low = 0;
    double high = 1;
    for (int step = 0; step < 50; ++step) {
      const double middle = (low + high) / 2;
      const std::optional<Both> both = run(between(from, to, middle));
      if (!both) return std::nullopt;
      const double is = margin(*both, choice, i);
      if (std::isnan(is)) return std::nullopt;
      ((is < 0) == rises ? low : high) = middle;
    }
    for (const bool above : {false, true}) {
      if (auto place = beside(from, to, choice, i, above ? high : low, above)) return place;
    }
    return std::nullopt;
  }

  // So far from the turn that no rounding turns it.
  std::optional<Place> beside(const Values& from, const Values& to, const Choice& choice,
                              std::size_t i, double turn, bool above) {
    constexpr double kShare = 1e-8;
    for (double by = 1e-12; by < 1e-2; by *= 10) {
      const Values leaves = between(from, to, above ? turn + by : turn - by);
      const std::optional<Both> both = run(leaves);
      if (!both) return std::nullopt;
      if (std::fabs(margin(*both, choice, i)) < kShare * size_of(*both, choice, i)) continue;
      if (!differ(leaves)) return std::nullopt;
      const std::string turns = expression(graph_of(choice), choice.node);
      return Place{leaves, {Words("next to where {0} turns"), {turns}}};
    }
    return std::nullopt;
  }

  const Reference& reference_;
  const Reading& reading_;
  read::LegacyRandom random_;
  Values start_;
  std::vector<NodeId> moving_;
  std::vector<Choice> choices_;
  std::size_t runs_left_ = 0;
};

}  // namespace

std::optional<Place> place_of_difference(const Reference& reference, const Reading& reading) {
  return Search(reference, reading).find();
}

Reference moved_to(const Reference& reference, const Values& leaves) {
  const read::Run& run = reference.run;
  return Reference({run.circuit,
                    evaluate(run.trace.graph(), leaves),
                    run.output,
                    run.seed,
                    run.outputs,
                    run.parameters,
                    {}});
}

}  // namespace backstep::check
